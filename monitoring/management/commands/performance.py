from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from indicators.addresses import Links
from indicators.exports import in_order, written
from indicators.ledger import head_of, load_books
from indicators.management.commands.figures import add_as_of, add_format, moment_of, program_of
from indicators.moments import LIMA
from indicators.periods import Calendar, Span, life, parse_label
from monitoring.performance.table import FIELDS, assemble, choose_columns, plain_rows, reach_between


class Command(BaseCommand):
    """Writes the performance table of a program, one row for each indicator and stretch of time."""

    help = (
        "The performance table (IPTT) as CSV or JSON: one row for each indicator (and category) and period, "
        "half-year, year and life of program. Shares are 1 for 100 %. With --as-of that day is today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--program", metavar="CODE", required=True)
        parser.add_argument("--from", dest="first", metavar="LABEL", help="the first period, such as 2025 Q1")
        parser.add_argument("--to", dest="last", metavar="LABEL", help="the last period, such as FY2026")
        parser.add_argument(
            "--calendar", choices=[str(it) for it in Calendar], default=str(Calendar.CALENDAR)
        )
        add_as_of(parser)
        add_format(parser)

    def handle(self, *, program: str, as_of: str | None, format: str, **options: Any) -> None:  # noqa: A002  # the option's name
        found, moment = program_of(program), moment_of(as_of)
        reach = reach_between(_span("--from", options["first"]), _span("--to", options["last"]))
        if reach.first_on and reach.last_on and reach.last_on < reach.first_on:
            raise CommandError("--to is before --from.")
        today: date = moment.astimezone(LIMA).date() if moment else timezone.localdate()
        book = load_books([found], today=today, as_of=moment, categories=True)[found.pk]
        columns = choose_columns(book, Calendar(options["calendar"]), reach, full=True)
        links = Links(
            reverse("program", args=[found.code]),
            life(found.starts_on, found.ends_on).label,
            as_of=as_of or "",
        )
        table = assemble(book, columns, categories=True)
        rows = plain_rows(book, table, links, head=head_of(found, moment))
        for line in written(format, FIELDS, in_order(FIELDS, rows)):
            self.stdout.write(line, ending="")


def _span(option: str, label: str | None) -> Span | None:
    if label is None:
        return None
    try:
        return parse_label(label)
    except ValueError as wrong:
        raise CommandError(
            f"{option} {label!r} is not the label of a period. Labels are 2026, 2026 H1, 2026 Q3, 2026-07, "
            "FY2027, FY2027 Q1."
        ) from wrong
