"""What is measured, on which data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

from django.db import connection

from indicators.models import Entry
from monitoring.bench.data import Bench, Size, build
from monitoring.bench.export import measured_export
from monitoring.bench.measuring import MS, Measured
from monitoring.bench.pages import measured_pages
from monitoring.bench.report import measured_report
from monitoring.bench.verifying import verifying
from monitoring.bench.wide import measured_portfolio, measured_table
from programs.models import Assignment

ANALYZED = (5, 20)  # PostgreSQL looks at the data after so many reports, as it would by itself in a while
OF_A_PROGRAM = {"pages": measured_pages, "report": measured_report, "export": measured_export}
PARTS = (*OF_A_PROGRAM, "portfolio", "table", "verify")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of everything in each of the parts."""

    program: Size = field(default_factory=Size)
    table: Size = field(default_factory=lambda: Size(indicators=200, sites=2, quarters=24, categories=0))
    of_portfolio: Size = field(default_factory=lambda: Size(sites=2, quarters=8, categories=0))
    programs: int = 13
    indicators: int = 500  # of all programs of the portfolio


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own beside the configured one, gone afterwards."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measured(sizes: Sizes, today: date, say: Say, parts: Collection[str] = PARTS) -> Iterator[Measured]:
    """Make the data of each part, then each row of its table as it is measured."""
    bench = None
    if not {*OF_A_PROGRAM, "verify"}.isdisjoint(parts):
        bench = _made(sizes.program, today, say, drafts=True)
        for name, part in OF_A_PROGRAM.items():
            yield from part(bench) if name in parts else ()
    if "portfolio" in parts:
        yield from measured_portfolio(_portfolio(sizes, today, say))
    if "table" in parts:
        yield from measured_table(_made(sizes.table, today, say, code="LONG"))
    if bench is not None and "verify" in parts:
        yield verifying(bench.program)  # the last, since what it takes back stays in the way of the others


def _made(size: Size, today: date, say: Say, *, code: str = "BENCH", drafts: bool = False) -> Bench:
    begun, already = perf_counter(), Entry.objects.count()
    bench = build(size, today=today, code=code, drafts=drafts, after=_analyze_sometimes)
    analyze()
    say(f"{_size(bench, already)}, made through the actions in {perf_counter() - begun:.0f} s.")
    return bench


def _portfolio(sizes: Sizes, today: date, say: Say) -> list[Bench]:
    """Programs that share the indicators out, all managed by one person."""
    of_one, rest = divmod(sizes.indicators, sizes.programs)
    size = sizes.of_portfolio
    benches = [
        _made(
            Size(of_one + (number < rest), size.sites, size.quarters, size.categories),
            today,
            say,
            code=f"P{number:02}",
        )
        for number in range(sizes.programs)
    ]
    Assignment.objects.bulk_create(
        Assignment(user=benches[0].manager, program=bench.program, role="manager") for bench in benches[1:]
    )
    return benches


def _analyze_sometimes(done: int) -> None:
    if done in ANALYZED:
        analyze()


def analyze() -> None:
    """Let PostgreSQL look at the data, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _size(bench: Bench, already: int) -> str:
    """What was made, in words; the entries are those besides what there was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('indicators_entry'))")
        (ledger,) = cursor.fetchone() or ("",)
    actuals = bench.program.entries.filter(kind="actual")
    whole = actuals.filter(series__category=None).count()
    return (
        f"{bench.program.code}: {len(bench.indicators)} indicators, {len(bench.sites)} sites, "
        f"{len(bench.reports)} reports; {Entry.objects.count() - already:,} entries "
        f"({whole:,} figures, {actuals.count() - whole:,} parts), the ledger is {ledger}"
    )


def in_words(row: Measured) -> tuple[str, ...]:
    """The cells of a row of the table."""
    within = "" if row.limit is None else "ok" if row.ms <= row.limit else "OVER"
    return (
        row.name,
        _ms(row.ms),
        "" if row.cpu_ms is None else _ms(row.cpu_ms),
        "" if row.queries is None else str(row.queries),
        "" if row.size is None else f"{row.size:,}",
        "" if row.ratio is None else f"{row.ratio:.1f} ×",
        "" if row.limit is None else f"{row.limit:,.0f}",
        within,
    )


def _ms(ms: float) -> str:
    return f"{ms:.1f}" if ms < MS else f"{ms:,.0f}"
