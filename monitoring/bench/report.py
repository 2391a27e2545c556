"""One report, from the empty draft to its approval."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from indicators.models import Report
from monitoring.bench.chain import with_and_without
from monitoring.bench.data import Bench, approve_it, save_it, series_of, submit_it, values_for
from monitoring.bench.measuring import Measured, measured_change, measured_page

RESULTS = "SELECT * FROM indicators_result WHERE report_id = %s"


def measured_report(bench: Bench) -> Iterator[Measured]:
    """The pages of a report of 50 results with their parts, and its steps."""
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
    yield from _chain(bench, submitted)


def _chain(bench: Bench, submitted: Report) -> Iterator[Measured]:
    chained, unchained = with_and_without(lambda: approve_it(bench, _fresh(submitted)))
    limit = unchained.ms * 1.3
    yield Measured("approval with the hash chain", chained.ms, limit=limit, cpu_ms=chained.cpu_ms)
    yield Measured("approval without it", unchained.ms, cpu_ms=unchained.cpu_ms)


def _fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)
