"""`manage.py backup FILE`: the database and the evidence files in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.backup.making import make_backup
from monitoring.backup.programs import BackupError


class Command(BaseCommand):
    help = (
        "Writes the database and all evidence files to one file, checked by hash; prints the ledger's heads."
    )
    requires_system_checks = []  # a site in trouble has to be backed up too

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to; never written over")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            made = make_backup(file.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from error
        for head in made.heads:
            self.stdout.write(head)
        files = len(made.parts) - 1
        self.stdout.write(
            f"{file}: {file.stat().st_size:,} bytes, the database and {files:,} evidence files."
        )
        if made.lost:
            raise CommandError(
                "The backup is made, without evidence that is missing or not what its digest says: "
                + ", ".join(made.lost)
            )
