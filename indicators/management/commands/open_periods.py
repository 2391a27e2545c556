"""`manage.py open_periods`: open what is due, from a timer or by hand."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from django.utils import timezone

from indicators.actions import open_periods
from indicators.models import Period, Report
from programs.models import Program


def day(text: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day, such as 2026-11-22") from error


class Command(BaseCommand):
    help = "Makes the running periods and every report that is due. Running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day, metavar="DAY", help="as if today were this day (2026-11-22)")
        parser.add_argument("--program", metavar="CODE", help="only the reports of this program")

    def handle(self, *, on: date | None, program: str | None, **options: object) -> None:
        last_period = Period.objects.aggregate(last=Max("pk"))["last"] or 0
        last_report = Report.objects.aggregate(last=Max("pk"))["last"] or 0
        today = on or timezone.localdate()
        opened = open_periods(today=today, program_ids=None if program is None else [_program(program)])
        for label in Period.objects.filter(pk__gt=last_period).order_by("pk").values_list("label", flat=True):
            self.stdout.write(f"period {label}")
        new = Report.objects.filter(pk__gt=last_report).select_related("program", "site", "period")
        for report in new.order_by("pk"):
            self.stdout.write(f"report {report.program.code} {report}")
        self.stdout.write(f"{today}: opened {opened.periods} periods and {opened.reports} reports")


def _program(code: str) -> int:
    found = Program.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no program {code!r}")
    return found
