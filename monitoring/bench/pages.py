"""The pages of one program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from indicators.addresses import slug_of
from indicators.models import Entry, Series
from indicators.periods import Calendar, Kind, span_at
from monitoring.bench.data import Bench
from monitoring.bench.measuring import Measured, measured_page

COLUMNS = "kind, series_id, period_id, value, numerator, denominator, day, absence, certainty, expected, id"
ENTRIES = f"""
SELECT {COLUMNS} FROM indicators_entry e
WHERE series_id = ANY(%s) AND NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id)
"""  # noqa: S608  # our own columns


def measured_pages(bench: Bench) -> Iterator[Measured]:
    """The program's own page, its performance table, and what a figure of these leads to."""
    code, manager = bench.program.code, bench.manager
    whole = (ENTRIES, [series_without_categories(bench)])
    yield measured_page("program page", manager, reverse("program", args=[code]), limit=60, statement=whole)
    yield from _of_an_indicator(bench)
    name, span = table_of(bench)
    yield measured_page(name, manager, span, limit=150, statement=whole)
    yield measured_page("the same with 2 categories each", manager, f"{span}&categories=on")


def _of_an_indicator(bench: Bench) -> Iterator[Measured]:
    """The page of one indicator, of a year's figure of it, and of an entry of that."""
    code, indicator = bench.program.code, bench.indicators[1]
    own = (ENTRIES, [list(Series.objects.filter(indicator=indicator).values_list("pk", flat=True))])
    page = reverse("indicator", args=[code, indicator.code])
    yield measured_page("indicator page", bench.manager, page, limit=80, statement=own)
    year = span_at(Kind.YEAR, bench.reports[-1].period.last_on or date.max, Calendar.CALENDAR)
    figure = reverse("figure", args=[code, indicator.code, slug_of(year)])
    yield measured_page("figure page, of a year", bench.manager, figure, limit=60, statement=own)
    last = Entry.objects.filter(series__indicator=indicator, kind="actual").latest("number")
    entry = reverse("entry", args=[code, last.number])
    yield measured_page("entry page", bench.manager, entry, limit=60)


def series_without_categories(bench: Bench) -> list[int]:
    """What the statement is asked for that fetches a program's rows by hand."""
    return list(Series.objects.filter(program=bench.program, category=None).values_list("pk", flat=True))


def table_of(bench: Bench) -> tuple[str, str]:
    """A name for the performance table of all reported quarters, and its address."""
    first, last = bench.quarters[0], bench.reports[-1].period.span
    address = f"{reverse('performance', args=[bench.program.code])}?from={first.label}&to={last.label}"
    return f"performance table, {first.label} to {last.label}", address.replace(" ", "+")
