"""A small program to read: two sites, figures approved and planned, people who see all or some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import Plan, reopen, set_plans
from indicators.models import Entry, Indicator, Period, Report, Series
from indicators.periods import Span
from indicators.rows import Typed
from indicators.values import EntryKind
from monitoring.bench.data import quarters_before
from programs.models import Program, Site, User
from tests import builders as make


@dataclass(slots=True)
class Scene:
    """Site North reported 12 and site South 30 people for the last quarter; the program planned 40."""

    program: Program
    north: Site
    south: Site
    reporter: User
    manager: User
    of_north: User
    indicator: Indicator
    period: Period
    reports: dict[int, Report]

    @property
    def quarter(self) -> Span:
        return self.period.span

    def series(self, site: Site) -> Series:
        return Series.objects.get(indicator=self.indicator, site=site, category=None)

    def correct(self, site: Site, value: str) -> None:
        """Reopen the report of a site and approve another value."""
        self.correct_with(site, {self.series(site): Typed(value=value, explanation="Counted anew")})

    def correct_with(self, site: Site, values: Mapping[Series, str | Typed]) -> None:
        """The same with any values."""
        report = self.reports[site.pk]
        report = reopen(report_id=report.pk, by=self.manager, reason="Counted twice")
        self.reports[site.pk] = make.approved(report, values, self.reporter, self.manager)

    def plan(self, value: str, span: Span, kind: EntryKind = EntryKind.TARGET, **more: Any) -> list[Entry]:
        """Set a target or baseline of the program, or of a site."""
        plan = Plan(self.indicator.pk, span, Typed(value=value), kind=kind, **more)
        return set_plans(program_id=self.program.pk, by=self.manager, plans=[plan], reason="The work plan")


def make_scene(code: str = "READ", **indicator: Any) -> Scene:
    """The program, its figures approved through the actions; they came in late, whatever day it is."""
    program = make.make_program(code=code, name=f"Program {code}")
    north, south = (make.make_site(program, code=name.upper(), name=name) for name in ("North", "South"))
    reporter, manager, of_north = make.make_user(), make.make_user(), make.make_user()
    make.assign(reporter, program, "reporter")
    make.assign(manager, program, "manager")
    make.assign(of_north, program, "reporter", north)
    counted = make.make_indicator(program, code="PEOPLE", name="People trained", **indicator)
    (quarter,) = quarters_before(timezone.localdate(), 1)
    period = make.make_period(quarter.label, due_on=quarter.last)
    scene = Scene(program, north, south, reporter, manager, of_north, counted, period, {})
    for site, value in ((north, "12"), (south, "30")):
        series = make.make_series(counted, site)
        report = make.make_report(program, site, period)
        row = Typed(value=value, explanation="As counted")
        scene.reports[site.pk] = make.approved(report, {series: row}, reporter, manager)
    scene.plan("40", quarter)
    return scene


def get(user: User, address: str, **query: str | list[str]) -> Any:
    """What a person gets from an address."""
    client = Client()
    client.force_login(user)
    return client.get(address, query)


def text_of(response: Any) -> str:
    """The page, with all white space as one blank."""
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return " ".join(content.decode().split())


def queries_of(user: User, address: str, **query: str) -> int:
    """How many queries a page takes, session and header included."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, query)
        text_of(response)
    return len(captured)
