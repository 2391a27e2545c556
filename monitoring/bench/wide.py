"""What is wide: a portfolio of many programs, and a performance table of many indicators and periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from monitoring.bench.data import Bench
from monitoring.bench.measuring import Measured, measured_page
from monitoring.bench.pages import ENTRIES, series_without_categories, table_of


def measured_portfolio(benches: Sequence[Bench]) -> Iterator[Measured]:
    """The portfolio as the person sees it who manages all of these programs."""
    indicators = sum(len(bench.indicators) for bench in benches)
    series = [pk for bench in benches for pk in series_without_categories(bench)]
    yield measured_page(
        f"portfolio, {len(benches)} programs, {indicators} indicators",
        benches[0].manager,
        reverse("portfolio"),
        limit=120,
        statement=(ENTRIES, [series]),
    )


def measured_table(bench: Bench) -> Iterator[Measured]:
    """A long performance table as a page and as a workbook."""
    name, address = table_of(bench)
    rows = f"{len(bench.indicators)} indicators, {len({it.period_id for it in bench.reports})} periods"
    whole = (ENTRIES, [series_without_categories(bench)])
    yield measured_page(
        f"{name.partition(',')[0]}, {rows}", bench.manager, address, limit=500, statement=whole
    )
    yield measured_page("its workbook", bench.manager, f"{address}&format=xlsx", limit=2_000)
