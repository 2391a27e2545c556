"""The site as it is looked at: the demo, and beside it what is empty, long, wrong or in two minds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from indicators.actions import Plan, lay_series, open_periods, reopen, send_back, set_plans
from indicators.models import Entry, Report, Series, State
from indicators.periods import parse_label
from indicators.rows import Typed
from monitoring.demo.illustrative import SEED, load_program
from monitoring.demo.loading import load_demo
from monitoring.demo.people import open_accounts
from monitoring.demo.tables import read_sheets
from programs.actions.people import invite
from programs.models import Program, User
from tests import builders as make
from tests.indicators.desk import MILESTONE, RATIO

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from pytest_django import DjangoDbBlocker

STATIONS = "MPS-ILL"  # the illustrative program that the demo's reporter reports for
LANGUAGES = ("en", "es")
ROLES = ("admin", "manager", "reporter", "viewer", "newcomer", "typist", "colleague")
LONG = "Strengthening of the investigative and preventive capacities of the specialised units of the "


@dataclass(slots=True)
class Scene:
    """Where the site is, the session of each person, and what the addresses of stops name."""

    url: str
    sessions: dict[str, str]
    known: dict[str, Any]

    def path(self, address: str) -> str:
        return address.format(**self.known)

    def context(self, browser: Browser, role: str, language: str, **options: Any) -> BrowserContext:
        """A browser in this language, signed in as this person, as nobody for "nobody"."""
        context = browser.new_context(
            base_url=self.url,
            locale="es-PE" if language == "es" else "en-US",
            timezone_id="America/Lima",
            **options,
        )
        cookies = {"django_language": language}
        if role in self.sessions:
            cookies["sessionid"] = self.sessions[role]
        context.add_cookies([{"name": name, "value": it, "url": self.url} for name, it in cookies.items()])
        return context


@contextmanager
def set_scene(blocker: DjangoDbBlocker, *, whole: bool = False) -> Iterator[Scene]:
    """The scene on a running site; the database is empty again when it is over.

    What a test itself writes is in a transaction that the site does not see: people write in their browsers.
    """
    with blocker.unblock():
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            _load(whole)
            yield Scene(server.url, _sessions(), _known() | _newest())
        finally:
            server.stop()
            server._live_server_modified_settings.disable()
            call_command("flush", interactive=False, verbosity=0, allow_cascade=False)


def _load(whole: bool) -> None:
    """The demo with all its programs, or with one of the illustrative ones; then the odd ones."""
    today = timezone.localdate()
    if whole:
        load_demo(today=today, say=lambda _said: None)
    else:
        sheet = next(it for it in read_sheets() if it["program"]["code"] == STATIONS)
        load_program(sheet, today, SEED)
        open_accounts()
        open_periods(today=today)
    _make_long()
    _make_empty()


def _sessions() -> dict[str, str]:
    """Everybody is signed in, each in a browser of their own."""
    found: dict[str, str] = {}
    for role in ROLES:
        client = Client()
        client.force_login(User.objects.get(username=role))
        found[role] = client.cookies["sessionid"].value
    return found


def _newest() -> dict[str, Any]:
    """The last one of each model of the administration, as `admin_indicator` and so on."""
    models = admin.site._registry
    return {f"admin_{it._meta.model_name}": it._base_manager.latest("pk").pk for it in models}


def _make_empty() -> None:
    """A program in which nothing is measured yet, and a person who may see nothing."""
    program = make.make_program(code="EMPTY", name="Program without indicators", illustrative=True)
    make.assign(User.objects.get(username="manager"), program, "manager")
    make.make_user(username="newcomer", first_name="Pilar", last_name="Ramos")


def _make_long() -> None:
    """A program whose every name is as long as names get, with reports in each state."""
    program = make.make_program(
        code="LONG", name=f"{LONG} National Police, second phase", summary=LONG * 3, illustrative=True
    )
    sites = [make.make_site(program, name=f"{LONG} station of Villa María del Triunfo {n}") for n in (1, 2)]
    objective = make.make_objective(program, name=f"{LONG} Directorate against Drugs and of its partners")
    shapes: tuple[dict[str, Any], ...] = ({"unit": "kilograms of cocaine base"}, RATIO, MILESTONE)
    indicators = [
        make.make_indicator(objective=objective, code=f"LONG-{n}", name=f"{LONG} indicator {n}", **shape)
        for n, shape in enumerate(shapes)
    ]
    kinds = make.make_dimension(*(f"{LONG} kind {n}" for n in range(3)), name=f"{LONG} by kind")
    make.break_down(indicators[0], kinds)
    lay_series(indicators=indicators)
    manager = User.objects.get(username="manager")
    typist = make.make_user(username="typist", first_name="María de los Ángeles", last_name="Quispe Huamán")
    make.assign(manager, program, "manager")
    for person in (typist, make.make_user(username="colleague", first_name="Jorge", last_name="Salas")):
        make.assign(person, program, "reporter")
    plan = Plan(indicators[0].pk, parse_label("2026 Q1"), Typed(value="1234567"))
    set_plans(program_id=program.pk, by=manager, plans=[plan], reason=LONG)
    for label in ("2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2"):
        _long_report(program, label, typist, manager)
    make.make_report(program, sites[1], make.make_period("2026 Q2"))


def _long_report(program: Program, label: str, typist: User, manager: User) -> None:
    """One report: of 2025 Q3 reopened, 2025 Q4 returned, 2026 Q1 submitted, 2026 Q2 a draft with files."""
    site = program.sites.order_by("pk")[0]
    report = make.make_report(program, site, make.make_period(label))
    whole = Series.objects.filter(program=program, site=site, category=None)
    if label == "2026 Q2":
        make.hand_in(report, whole[0], typist)
        return
    rows = _rows(report)
    if label == "2025 Q3":
        report = make.approved(report, rows, typist, manager)
        reopen(report_id=report.pk, by=manager, reason=LONG)
        return
    report = make.submitted(report, rows, typist)
    if label == "2025 Q4":
        remarks = {whole[0].pk: LONG}
        send_back(report_id=report.pk, by=manager, submission=1, remarks=remarks, reason=LONG)


def _rows(report: Report) -> dict[Series, str | Typed]:
    """A value for each row of a site, the parts adding up to the whole."""
    note = {"explanation": LONG * 4, "evidence": "https://example.org/" + "register/" * 12}
    rows: dict[Series, str | Typed] = {}
    for series in Series.objects.filter(site=report.site).select_related("indicator", "category"):
        if series.indicator.measure == "ratio":
            rows[series] = Typed(numerator="1234567", denominator="2345678", **note)
        elif series.indicator.measure == "milestone":
            rows[series] = Typed(value="yes", day="2025-01", **note)
        else:
            rows[series] = Typed(value="3,703,701" if series.category is None else "1,234,567", **note)
    return rows


def _known() -> dict[str, Any]:
    """The parts of addresses: reports by state, an indicator, a figure, an entry, a file, an invitation."""
    reports = Report.objects.filter(program__code=STATIONS)
    own = reports.filter(site__code="BEL").annotate(rows=Count("results")).order_by("rows", "pk")
    long = Report.objects.filter(program__code="LONG").order_by("period__first_on", "pk")
    entries = Entry.objects.filter(program__code=STATIONS, kind="actual", series__site__code="BEL")
    newcomer, admin = (User.objects.get(username=it) for it in ("newcomer", "admin"))
    typed = long.filter(period__label="2026 Q2")
    return {
        "program": STATIONS,
        "year": timezone.localdate().year,
        "draft": own.filter(state=State.DRAFT)[::-1][0].pk,
        "approved": own.filter(state=State.APPROVED)[::-1][0].pk,
        "submitted": long.get(period__label="2026 Q1").pk,
        "returned": long.get(period__label="2025 Q4").pk,
        "reopened": long.get(period__label="2025 Q3").pk,
        "long": typed[0].pk,
        "blank": typed[1].pk,
        "entry": entries.latest("number").number,
        "secret": invite(user=newcomer, by=admin),
        "newcomer": newcomer.pk,
    }
