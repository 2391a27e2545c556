"""A program of any size, made through the actions that people use, to measure pages and the ledger with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.actions import approve, lay_series, open_period, open_report, save, submit
from indicators.actions.planning import Plan, set_plans
from indicators.actions.reporting import digest_of_results
from indicators.models import Breakdown, Category, Dimension, Indicator, Objective, Period, Report, Series
from indicators.periods import Calendar, Kind, Span, shifted, span_at
from indicators.rows import Typed
from indicators.values import EntryKind
from programs.models import Assignment, Program, Site, User

FLOW = {"measure": "number", "accumulation": "flow", "over_sites": "sum", "over_time": "sum"}
STOCK = {"measure": "number", "accumulation": "stock", "over_sites": "sum", "over_time": "latest"}
RATIO = {
    "measure": "ratio",
    "accumulation": "stock",
    "over_sites": "pooled",
    "over_time": "pooled",
    "factor": 100,
}
# what every ten indicators are: most are counted flows
KINDS: tuple[dict[str, Any], ...] = (FLOW, FLOW, RATIO, FLOW, STOCK, FLOW, RATIO, FLOW, FLOW, STOCK)
INDICATORS_OF_AN_OBJECTIVE = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    indicators: int = 50
    sites: int = 5
    quarters: int = 16
    categories: int = 2


@dataclass(slots=True)
class Bench:
    """What was made: the program, its people, its reports of ended quarters, oldest first."""

    program: Program
    reporter: User
    manager: User
    sites: list[Site]
    indicators: list[Indicator]
    quarters: list[Span]
    reports: list[Report]
    drafts: list[Report]  # of the last quarter that has ended, nothing typed yet


def build(
    size: Size,
    *,
    today: date,
    code: str = "BENCH",
    drafts: bool = False,
    after: Callable[[int], None] | None = None,
) -> Bench:
    """Make the program, with so many quarters up to the last that has ended planned for and approved.

    With `drafts` the last that has ended stays open besides them. `after` hears how many reports are done.
    """
    program = Program.objects.create(
        code=code, name=f"Measured program {code}", component="citizen_security", illustrative=True
    )
    reporter, manager = _person(program, "reporter"), _person(program, "manager")
    sites = Site.objects.bulk_create(
        Site(program=program, code=f"S{i:02}", name=f"Station {i:02}") for i in range(size.sites)
    )
    indicators = _indicators(program, size)
    lay_series(indicators=indicators)
    quarters = quarters_before(today, size.quarters + drafts)
    bench = Bench(program, reporter, manager, sites, indicators, quarters, [], [])
    _plan(bench)
    periods = [open_period(span=span) for span in quarters]
    reports = [report_of(bench, site, period) for period in periods for site in sites]
    bench.reports = reports[: size.quarters * size.sites]
    bench.drafts = reports[len(bench.reports) :]
    for done, report in enumerate(bench.reports, 1):
        carry_through(bench, report)
        if after is not None:
            after(done)
    return bench


def quarters_before(today: date, count: int) -> list[Span]:
    """The last quarters that have ended, oldest first."""
    running = span_at(Kind.QUARTER, today, Calendar.CALENDAR)
    return [shifted(running, -3 * back) for back in range(count, 0, -1)]


def _person(program: Program, role: str) -> User:
    user = User.objects.create_user(username=f"{role}-{program.code}".lower())
    Assignment.objects.create(user=user, program=program, role=role)
    return user


def _indicators(program: Program, size: Size) -> list[Indicator]:
    """Indicators by objective, each broken down by one dimension that adds up to the whole."""
    dimension = Dimension.objects.create(code=f"{program.code}-SEX", name="Sex")
    Category.objects.bulk_create(
        Category(dimension=dimension, code=f"C{i}", name=f"Group {i + 1}", position=i)
        for i in range(size.categories)
    )
    count = -(-size.indicators // INDICATORS_OF_AN_OBJECTIVE)
    objectives = Objective.objects.bulk_create(
        Objective(program=program, level="outcome", code=f"{i + 1}", name=f"Outcome {i + 1}: less harm done")
        for i in range(count)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            program=program,
            objective=objectives[i // INDICATORS_OF_AN_OBJECTIVE],
            code=f"I{i:02}",
            name=f"People who took part in activity {i:02}",
            unit="%" if KINDS[i % len(KINDS)] is RATIO else "people",
            direction="decrease" if i % 7 == 0 else "increase",
            **KINDS[i % len(KINDS)],
        )
        for i in range(size.indicators)
    )
    if size.categories:
        Breakdown.objects.bulk_create(Breakdown(indicator=one, dimension=dimension) for one in indicators)
    return indicators


def _plan(bench: Bench) -> None:
    """A baseline in the quarter before the first, and a target of the program for every quarter."""
    spans = [shifted(bench.quarters[0], -3), *bench.quarters] if bench.quarters else []
    plans = [
        Plan(
            one.pk,
            span,
            Typed(value=str(_target(one, number, len(bench.sites)))),
            kind=EntryKind.TARGET if number else EntryKind.BASELINE,
        )
        for one in bench.indicators
        for number, span in enumerate(spans)
    ]
    set_plans(program_id=bench.program.pk, by=bench.manager, plans=plans, reason="The plan of the program")


def _target(indicator: Indicator, number: int, sites: int) -> int:
    return 40 + number if indicator.measure == "ratio" else (200 + 4 * number) * sites


def report_of(bench: Bench, site: Site, period: Period) -> Report:
    """The report of a site for a period, as a draft."""
    return open_report(program_id=bench.program.pk, site_id=site.pk, period=period)


def carry_through(bench: Bench, report: Report) -> None:
    """Save, submit and approve a report with a value for every series."""
    series = series_of(report)
    save_it(bench, report, values_for(series, report))
    submit_it(bench, report)
    approve_it(bench, report)


def save_it(bench: Bench, report: Report, typed: dict[int, Typed]) -> None:
    """Keep these values in a draft."""
    save(report_id=report.pk, by=bench.reporter, typed=typed, version=report.version)
    report.refresh_from_db()


def submit_it(bench: Bench, report: Report) -> None:
    """Hand a filled draft in."""
    submit(report_id=report.pk, by=bench.reporter, version=report.version)
    report.refresh_from_db()


def approve_it(bench: Bench, report: Report) -> None:
    """Approve a submitted report as it stands."""
    approve(
        report_id=report.pk,
        by=bench.manager,
        submission=report.submission,
        digest=digest_of_results(report),
    )


def series_of(report: Report) -> Iterable[Series]:
    """The series of a report, with their indicators."""
    own = Series.objects.of_report_to(report.program_id, report.site_id)
    return own.select_related("indicator").order_by("indicator__code", "category__position")


def values_for(series: Iterable[Series], report: Report, more: int = 0) -> dict[int, Typed]:
    """Values that add up over the categories; `more` is added to each whole and to its first category."""
    typed = {}
    by_indicator: dict[int, list[Series]] = {}
    for one in series:
        by_indicator.setdefault(one.indicator_id, []).append(one)
    for lines in by_indicator.values():
        parts = [one for one in lines if one.category_id]
        base = 40 + (lines[0].indicator_id * 7 + report.period_id * 3 + (report.site_id or 0)) % 60
        amounts = [base + 5 * place for place in range(len(parts))] or [2 * base]
        amounts[0] += more
        whole = next(one for one in lines if not one.category_id)
        typed[whole.pk] = _typed(whole.indicator, sum(amounts), len(amounts))
        typed |= {one.pk: _typed(one.indicator, it) for one, it in zip(parts, amounts, strict=False)}
    return typed


def _typed(indicator: Indicator, amount: int, parts: int = 1) -> Typed:
    why = "Counted twice a week by the station, and checked by its chief."
    if indicator.measure == "ratio":
        return Typed(numerator=str(amount), denominator=str(2 * amount + 11 * parts), explanation=why)
    return Typed(value=str(amount), explanation=why)
