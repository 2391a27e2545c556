"""`manage.py restore FILE`: what `manage.py backup` wrote, into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from monitoring.backup import state
from monitoring.backup.programs import BackupError
from monitoring.backup.restoring import is_older, restore_backup


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
        heads = state.heads()
        for head in heads:
            self.stdout.write(head)
        if heads != restored.heads:
            raise CommandError("It is restored, but the ledger does not end as the backup says.")
        files = len(restored.parts) - 1
        self.stdout.write(f"Restored as of {restored.made_at}, with {files:,} evidence files.")
        if restored.lost:
            self.stdout.write(f"The backup was made without this evidence: {', '.join(restored.lost)}")
        if is_older(restored):
            self.stdout.write(
                "It is of an older version: run `manage.py migrate`, then `manage.py verify_ledger`."
            )
        else:
            call_command("verify_ledger", stdout=self.stdout)
