"""A desk for tests of the pages of a report: a program with its people, and one row of every measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse

from indicators.actions import lay_series
from indicators.models import Indicator, Report, Result, Series
from indicators.rows import Typed
from programs.models import Program, Site, User
from tests import builders as make

RATIO: dict[str, Any] = {
    "measure": "ratio",
    "unit": "%",
    "factor": 100,
    "accumulation": "stock",
    "over_sites": "pooled",
    "over_time": "pooled",
}
MILESTONE: dict[str, Any] = {
    "measure": "milestone",
    "accumulation": "stock",
    "over_sites": "all",
    "over_time": "once",
    "counted": False,
}


@dataclass(slots=True)
class Desk:
    """A draft of one site for 2026 Q3, with a counted row in two parts, a ratio and a milestone."""

    program: Program
    site: Site
    other_site: Site
    reporter: User
    colleague: User
    manager: User
    other_manager: User
    viewer: User
    outsider: User
    report: Report
    counted: Series
    women: Series
    men: Series
    ratio: Series
    milestone: Series

    def url(self, name: str = "report-entry") -> str:
        return reverse(name, args=[self.report.pk])

    def full(self) -> dict[str, str]:
        """What a reporter types in every row, as the page sends it."""
        return {
            f"value-{self.counted.pk}": "12",
            f"value-{self.women.pk}": "7",
            f"value-{self.men.pk}": "5",
            f"numerator-{self.ratio.pk}": "30",
            f"denominator-{self.ratio.pk}": "40",
            f"value-{self.milestone.pk}": "yes",
            f"day-{self.milestone.pk}": "2026-08",
            "version": str(self.now().version),
        }

    def typed(self) -> dict[Series, str | Typed]:
        """The same for an action."""
        return {
            self.counted: "12",
            self.women: "7",
            self.men: "5",
            self.ratio: Typed(numerator="30", denominator="40"),
            self.milestone: Typed(value="yes", day="2026-08"),
        }

    def now(self) -> Report:
        """The report as it stands in the database."""
        return Report.objects.get(pk=self.report.pk)

    def text(self, series: Series, column: str = "typed") -> str:
        """What is saved in a box, "" for a blank row."""
        return str(
            Result.objects.filter(report=self.report, series=series).values_list(column, flat=True).first()
            or ""
        )

    def submitted(self) -> Report:
        """The report with every row filled, handed in by the reporter."""
        return make.submitted(self.now(), self.typed(), self.reporter)

    def approved(self) -> Report:
        """The same, approved by the manager."""
        return make.approved(self.now(), self.typed(), self.reporter, self.manager)


def make_desk(**of_program: Any) -> Desk:
    """A desk with everybody who has to do with it, and nothing typed."""
    program = make.make_program(code="OURS", name="Our program", **of_program)
    site, other_site = make.make_site(program, name="First site"), make.make_site(program)
    people = {
        name: make.make_user(username=name) for name in ("reporter", "colleague", "manager", "other_manager")
    }
    viewer, outsider = make.make_user(username="viewer"), make.make_user(username="outsider")
    make.assign(people["reporter"], program, "reporter", site)
    make.assign(people["colleague"], program, "reporter")
    make.assign(people["manager"], program, "manager")
    make.assign(people["other_manager"], program, "manager")
    make.assign(viewer, program, "viewer")
    make.assign(outsider, make.make_program(code="THEIRS"), "manager")
    objective = make.make_objective(program)
    counted = make.make_indicator(objective=objective, code="A", name="Officers trained")
    ratio = make.make_indicator(objective=objective, code="B", name="Calls answered", **RATIO)
    milestone = make.make_indicator(objective=objective, code="C", name="Plan adopted", **MILESTONE)
    make.break_down(counted, make.make_dimension("women", "men", name="by sex"))
    lay_series(indicators=[counted, ratio, milestone])

    def one(indicator: Indicator, category: str | None = None) -> Series:
        return Series.objects.get(indicator=indicator, site=site, category__name=category)

    return Desk(
        program=program,
        site=site,
        other_site=other_site,
        **people,
        viewer=viewer,
        outsider=outsider,
        report=make.make_report(program, site),
        counted=Series.objects.get(indicator=counted, site=site, category=None),
        women=one(counted, "women"),
        men=one(counted, "men"),
        ratio=one(ratio),
        milestone=one(milestone),
    )


def page_of(response: HttpResponseBase) -> str:
    """The text of a page."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def signed_in(user: User) -> Client:
    """A browser of that person."""
    client = Client()
    client.force_login(user)
    return client
