"""`manage.py restore FILE`: what `manage.py backup` wrote, into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.backup import state
from monitoring.backup.programs import BackupError
from monitoring.backup.restoring import restore_backup


class Command(BaseCommand):
    help = "Restores a backup into an empty database, whole or not at all, and verifies the ledger."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `manage.py backup` wrote")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            restored = restore_backup(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        misfits, heads = state.misfits(), state.heads()
        for head in heads:
            self.stdout.write(str(head))
        if misfits:
            where = ", ".join(f"{code} entry {number}" for code, number in misfits)
            raise CommandError(f"It is restored as it was, but the ledger does not fit from {where} on.")
        if heads != restored.heads:
            raise CommandError("It is restored, but the ledger does not end as the backup says.")
        files = len(restored.parts) - 1
        self.stdout.write(
            f"Restored as of {restored.made_at}: {files:,} evidence files, and the ledger fits."
        )
        if restored.lost:
            self.stdout.write(f"Evidence that the backup was made without: {', '.join(restored.lost)}")
        self.stdout.write("Now run `manage.py migrate`: it changes nothing where the versions are the same.")
