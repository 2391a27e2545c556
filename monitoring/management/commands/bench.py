from __future__ import annotations

import gc
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from monitoring.bench.data import Size
from monitoring.bench.run import in_words, measured, scratch_database

HEAD: tuple[str, ...] = ("page or operation", "ms", "queries", "bytes", "ratio", "limit", "")


class Command(BaseCommand):
    """Measures pages, state changes and the ledger on data of the size that the limits are for."""

    help = (
        "Makes 1 program with 50 indicators, 5 sites, 16 quarters and 2 categories each in a database of its "
        "own, and prints the median server time of 20, SQL queries, bytes, and the ratio to psycopg fetching "
        "the same rows with one hand-written statement."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default in (("indicators", 50), ("sites", 5), ("quarters", 16), ("categories", 2)):
            parser.add_argument(f"--{name}", type=int, default=default)

    def handle(self, *, indicators: int, sites: int, quarters: int, categories: int, **options: Any) -> None:
        size = Size(indicators, sites, quarters, categories)
        gc.freeze()  # as the server does
        self.stdout.write("Making the data (about a minute) ...")
        with scratch_database():
            found = [in_words(row) for row in measured(size, timezone.localdate(), self.stdout.write)]
        rows = [HEAD, *found]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
        for row in rows:
            cells = [row[0].ljust(widths[0]), *(it.rjust(widths[at]) for at, it in enumerate(row[1:], 1))]
            self.stdout.write("  ".join(cells).rstrip())
