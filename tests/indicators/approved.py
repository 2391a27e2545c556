"""A report that went all the way, for pages that show what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.actions import reopen, send_back
from indicators.models import Dimension, Indicator, Report, Series
from indicators.rows import Typed
from programs.models import Site, User
from tests import builders


@dataclass
class Approved:
    """An indicator by sex at one site, with a report that was reopened and approved figures."""

    site: Site
    indicator: Indicator
    dimension: Dimension
    series: Series
    report: Report
    reporter: User
    manager: User


def make_approved(number: int = 0) -> Approved:
    site = builders.make_site(place=builders.make_place(), organization=builders.make_organization())
    dimension = builders.make_dimension("women", "men")
    goal = builders.make_objective(site.program, level="goal")
    indicator = builders.make_indicator(
        site.program, objective=builders.make_objective(site.program, parent=goal), direction="increase"
    )
    builders.break_down(indicator, dimension)
    series = builders.make_series(indicator, site)
    parts = [builders.make_series(indicator, site, category) for category in dimension.categories.all()]
    reporter, manager = builders.make_user(), builders.make_user()
    builders.assign(reporter, site.program, "reporter", site)
    builders.assign(manager, site.program, "manager")
    period = builders.make_period(f"{2026 - number} Q3")
    report = builders.submitted(
        builders.make_report(site=site, period=period), _values(series, parts, "8"), reporter
    )
    report = send_back(
        report_id=report.pk, by=manager, submission=report.submission, remarks={series.pk: "Really?"}
    )
    builders.approved(report, _values(series, parts, "12"), reporter, manager)
    reopen(report_id=report.pk, by=manager, reason="counted twice")
    return Approved(site, indicator, dimension, series, report, reporter, manager)


def _values(series: Series, parts: list[Series], whole: str) -> dict[Series, str | Typed]:
    half = str(int(whole) // 2)
    said = Typed(value=whole, evidence=f"Register, page {whole}")
    return {series: said} | dict.fromkeys(parts, half)
