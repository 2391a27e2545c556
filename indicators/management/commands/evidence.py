"""`manage.py evidence`: whether all files are there, as they were handed in."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators import keeping
from indicators.models import Evidence


class Command(BaseCommand):
    """Every file that is evidence, held against its SHA-256; ends with 1 where one is missing or changed."""

    help = "Checks every file that is evidence, and finds files that no evidence names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove-orphans", action="store_true", help="remove files older than a day that no row names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = Evidence.objects.filter(kind=Evidence.Kind.FILE).order_by("pk")
        wrong = [one for one in files.iterator() if not self._stands(one)]
        self._orphans(remove=options["remove_orphans"])
        count = files.count()
        if wrong:
            self.stdout.write(f"{len(wrong)} of {count} files are missing or changed.")
            sys.exit(1)
        self.stdout.write(f"{count} {'file' if count == 1 else 'files'}, each as it was handed in.")

    def _stands(self, one: Evidence) -> bool:
        if keeping.content_of(one.stored, one.sha256) is not None:
            return True
        word = "changed" if keeping.path_of(one.stored).exists() else "missing"
        self.stdout.write(f"{word}: {one.stored} ({one.text}, SHA-256 {one.sha256})")
        return False

    def _orphans(self, *, remove: bool) -> None:
        known = Evidence.objects.filter(kind=Evidence.Kind.FILE).values_list("stored", flat=True)
        for stored in keeping.orphans(known.iterator()):
            self.stdout.write(f"no row names: {stored}" + (", removed" if remove else ""))
            if remove:
                keeping.discard(stored)
