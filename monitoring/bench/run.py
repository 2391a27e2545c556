"""What is measured, on which data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter

from django.db import connection
from django.urls import reverse

from indicators.exports import FIGURE_FIELDS, figures
from indicators.models import Entry, Report, Series
from monitoring.bench.chain import with_and_without
from monitoring.bench.data import (
    Bench,
    Size,
    approve_it,
    build,
    save_it,
    series_of,
    submit_it,
    values_for,
)
from monitoring.bench.measuring import MS, Measured, hand_written, measured_change, measured_page, median_ms
from monitoring.bench.verifying import verifying
from programs.taking import csv_lines

COLUMNS = "kind, series_id, period_id, value, numerator, denominator, day, absence, certainty, expected, id"
ENTRIES = f"""
SELECT {COLUMNS} FROM indicators_entry e
WHERE series_id = ANY(%s) AND NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id)
"""  # noqa: S608  # our own columns
ANALYZED = (5, 20)  # PostgreSQL looks at the data after so many reports, as it would by itself in a while
RESULTS = "SELECT * FROM indicators_result WHERE report_id = %s"
ALL = """
SELECT e.kind, p.code, s.code, i.code, c.code, d.label, e.value, e.numerator, e.denominator, e.absence,
    e.certainty, e.expected, i.unit, p.illustrative, u.username, v.username, e.recorded_at, o.number,
    e.number, e.hash
FROM indicators_entry e JOIN indicators_series x ON x.id = e.series_id
JOIN indicators_indicator i ON i.id = x.indicator_id
JOIN programs_program p ON p.id = e.program_id JOIN indicators_period d ON d.id = e.period_id
JOIN programs_user v ON v.id = e.approved_by_id LEFT JOIN programs_user u ON u.id = e.submitted_by_id
LEFT JOIN programs_site s ON s.id = x.site_id LEFT JOIN indicators_category c ON c.id = x.category_id
LEFT JOIN indicators_entry o ON o.id = e.supersedes_id
WHERE NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id) AND e.absence <> 'withdrawn'
ORDER BY p.code, e.number
"""


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own beside the configured one, gone afterwards."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measured(size: Size, today: date, say: Callable[[str], None]) -> Iterator[Measured]:
    """Make the data, then each row of the table as it is measured."""
    begun = perf_counter()
    bench = build(size, today=today, drafts=True, after=lambda done: analyze() if done in ANALYZED else None)
    analyze()
    say(f"{_size(bench)}, made through the actions in {perf_counter() - begun:.0f} s.")
    yield from _pages(bench)
    yield from _report(bench)
    yield _export()
    yield from _chain(bench)
    yield verifying(bench.program)


def analyze() -> None:
    """Let PostgreSQL look at the data, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _size(bench: Bench) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('indicators_entry'))")
        (ledger,) = cursor.fetchone() or ("",)
    actuals = Entry.objects.filter(kind="actual")
    whole = actuals.filter(series__category=None).count()
    return (
        f"{len(bench.indicators)} indicators, {len(bench.sites)} sites, {len(bench.reports)} reports; "
        f"{Entry.objects.count():,} entries ({whole:,} figures, {actuals.count() - whole:,} parts), {ledger}"
    )


def _pages(bench: Bench) -> Iterator[Measured]:
    code, manager = bench.program.code, bench.manager
    whole = list(Series.objects.filter(program=bench.program, category=None).values_list("pk", flat=True))
    indicator = bench.indicators[1]
    own = list(Series.objects.filter(indicator=indicator).values_list("pk", flat=True))
    entries, of_one = (ENTRIES, [whole]), (ENTRIES, [own])
    yield measured_page("program page", manager, reverse("program", args=[code]), limit=60, statement=entries)
    page = reverse("indicator", args=[code, indicator.code])
    yield measured_page("indicator page", manager, page, statement=of_one)
    first, last = bench.quarters[0], bench.quarters[len(bench.reports) // len(bench.sites) - 1]
    table = reverse("performance", args=[code])
    span = f"{table}?from={first.label}&to={last.label}".replace(" ", "+")
    name = f"performance table, {first.label} to {last.label}"
    yield measured_page(name, manager, span, limit=150, statement=entries)
    yield measured_page("the same with 2 categories each", manager, f"{span}&categories=on")
    yield measured_page("portfolio", manager, reverse("portfolio"), statement=entries)


def _report(bench: Bench) -> Iterator[Measured]:
    """One report of 50 results with their parts, from the empty draft to its approval."""
    draft, filled, submitted = bench.drafts[:3]
    count = len(bench.indicators)
    values = values_for(series_of(draft), draft)
    save_it(bench, filled, values_for(series_of(filled), filled))
    save_it(bench, submitted, values_for(series_of(submitted), submitted))
    submit_it(bench, submitted)
    results = (RESULTS, [filled.pk])
    entry, review = (
        reverse(name, args=[pk])
        for name, pk in (("report-entry", filled.pk), ("report-review", submitted.pk))
    )
    yield measured_page("report entry", bench.reporter, entry, limit=60, statement=results)
    yield measured_page("review", bench.manager, review, limit=60, statement=results)
    yield measured_change(
        f"save {count} results and {len(values) - count} parts", lambda: save_it(bench, _fresh(draft), values)
    )
    yield measured_change(f"submit of {count}", lambda: submit_it(bench, _fresh(filled)), limit=150)
    yield measured_change(f"approve of {count}", lambda: approve_it(bench, _fresh(submitted)), limit=150)


def _fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def _export() -> Measured:
    def export() -> int:
        return sum(len(line) for line in csv_lines(FIGURE_FIELDS, figures()))

    name = f"ledger export, {sum(1 for _ in figures()):,} rows"
    return Measured(name, median_ms(export), 2, export(), hand_written(ALL, None), 500)


def _chain(bench: Bench) -> Iterator[Measured]:
    submitted = bench.drafts[2]
    chained, unchained = with_and_without(lambda: approve_it(bench, _fresh(submitted)))
    yield Measured("approval with the hash chain", chained, limit=unchained * 1.3)
    yield Measured("approval without it", unchained)


def in_words(row: Measured) -> tuple[str, ...]:
    """The cells of a row of the table."""
    within = "" if row.limit is None else "ok" if row.ms <= row.limit else "OVER"
    return (
        row.name,
        f"{row.ms:.1f}" if row.ms < MS else f"{row.ms:,.0f}",
        "" if row.queries is None else str(row.queries),
        "" if row.size is None else f"{row.size:,}",
        "" if row.ratio is None else f"{row.ratio:.1f} ×",
        "" if row.limit is None else f"{row.limit:.0f}",
        within,
    )
