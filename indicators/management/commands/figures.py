from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.exports import FIGURE_FIELDS, figures, written
from indicators.moments import parse_as_of
from programs.models import Program


class Command(BaseCommand):
    """Writes one row for each entry in force."""

    help = (
        "The ledger in force as CSV or JSON, one row for each figure. Ratios with parts have their derived "
        "value (39 means 39 percent), rounded to 6 decimals; all else has the decimals that were given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--program", metavar="CODE", help="only the figures of this program")
        add_as_of(parser)
        add_format(parser)

    def handle(self, *, program: str | None, as_of: str | None, format: str, **options: Any) -> None:  # noqa: A002  # the option's name
        found = None if program is None else program_of(program)
        rows = figures(program=found, as_of=moment_of(as_of))
        for line in written(format, FIGURE_FIELDS, rows):
            self.stdout.write(line, ending="")


def add_as_of(parser: ArgumentParser) -> None:
    """The option that looks back to a day or a moment."""
    parser.add_argument(
        "--as-of",
        metavar="DAY",
        help="what was in force at the end of a day in Lima (2026-11-22) or at a moment (2026-11-22T10:00)",
    )


def add_format(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("csv", "json"), default="csv", help="csv unless given")


def program_of(code: str) -> Program:
    """The program of this code; CommandError if there is none."""
    found = Program.objects.filter(code=code).first()
    if found is None:
        codes = ", ".join(Program.objects.order_by("code").values_list("code", flat=True)) or "none at all"
        raise CommandError(f"There is no program with the code {code!r}. There are: {codes}.")
    return found


def moment_of(text: str | None) -> datetime | None:
    """The moment that --as-of names; CommandError for what is none."""
    if text is None:
        return None
    try:
        return parse_as_of(text)
    except ValueError as wrong:
        raise CommandError(
            f"--as-of {text!r} is no day and no moment. Write it as 2026-11-22 or 2026-11-22T10:00."
        ) from wrong
