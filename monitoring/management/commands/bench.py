from __future__ import annotations

import gc
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from monitoring.bench.data import Size
from monitoring.bench.run import PARTS, Sizes, in_words, measured, scratch_database

HEAD: tuple[str, ...] = ("page or operation", "ms", "CPU ms", "queries", "bytes", "ratio", "limit", "")


class Command(BaseCommand):
    """Measures pages, state changes and the ledger on data of the sizes that the limits are for."""

    help = (
        "Makes 1 program with 50 indicators, 5 sites, 16 quarters and 2 categories each, 13 programs with "
        "500 indicators, and 1 with 200 indicators and 24 quarters in a database of its own, and prints the "
        "median server time of 20 (CPU: of this process alone), SQL queries, bytes, and the ratio to psycopg "
        "fetching the same rows with one hand-written statement. OVER is what takes longer than its limit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}: all if none")
        for name, default in (("indicators", 50), ("sites", 5), ("quarters", 16), ("categories", 2)):
            parser.add_argument(f"--{name}", type=int, default=default, help="of the one program")

    def handle(self, *, parts: list[str], **options: Any) -> None:
        if unknown := set(parts).difference(PARTS):
            raise CommandError(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
        one = Size(*(options[name] for name in ("indicators", "sites", "quarters", "categories")))
        gc.freeze()  # as the server does
        self.stdout.write("Making the data (some minutes for all parts) ...")
        with scratch_database():
            rows = measured(
                replace(Sizes(), program=one), timezone.localdate(), self.stdout.write, parts or PARTS
            )
            found = [in_words(row) for row in rows]
        self._print([HEAD, *found])

    def _print(self, rows: list[tuple[str, ...]]) -> None:
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
        for row in rows:
            cells = [row[0].ljust(widths[0]), *(it.rjust(widths[at]) for at, it in enumerate(row[1:], 1))]
            self.stdout.write("  ".join(cells).rstrip())
