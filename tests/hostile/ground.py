"""The ground that is attacked: two programs of one shape, reports in every state, a person for each role.

Each part carries a word and a figure of its own, so that whatever is seen where it should not be is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import URLPattern, reverse

from indicators.actions import Plan, lay_series, send_back, set_plans
from indicators.models import Category, Entry, Evidence, Indicator, Report, Series, Step
from indicators.periods import parse_label
from indicators.rows import Typed
from programs.models import Program, Site, User
from tests import builders as make
from tests.hostile.pages import BORN
from tests.indicators.desk import MILESTONE, RATIO
from tests.test_addresses import ours

HERE, BESIDE, ELSEWHERE = "Condor", "Llama", "Zorro"  # our site, the other site of ours, all of theirs
FIGURES = {HERE: "4040404", BESIDE: "5150515", ELSEWHERE: "6260626"}
STATES = {"2026 Q2": "draft", "2026 Q1": "submitted", "2025 Q4": "returned", "2025 Q3": "approved"}
YEAR = 2025
MARKED = f"<{BORN} {BORN}=1>\"' {BORN}='1"  # at the end of every text that people have typed


@dataclass(slots=True)
class Side:
    """One of the two programs."""

    program: Program
    sites: list[Site]
    indicators: list[Indicator]
    category: Category
    reporter: User
    manager: User
    file: Evidence
    reports: dict[str, Report] = field(default_factory=dict)  # of the first site, by state
    beside: Report | None = None  # a draft of the second site

    def known(self) -> dict[str, object]:
        """What a form could name of this program, by the names that fields have."""
        first = self.sites[0]
        series = Series.objects.filter(indicator=self.indicators[0], site=first, category=None)[0]
        return {
            "code": self.program.code,
            "program": self.program.pk,
            "site": first.pk,
            "site_code": first.code,
            "indicator": self.indicators[0].pk,
            "indicator_code": self.indicators[0].code,
            "category": self.category.pk,
            "series": series.pk,
            "report": self.reports["draft"].pk,
            "entry": Entry.objects.filter(program=self.program).latest("number").pk,
            "step": Step.objects.filter(report__program=self.program).latest("pk").pk,
            "person": self.manager.pk,
            "number": Entry.objects.filter(series__site=first).latest("number").number,
            "evidence": self.file.pk,
            "period": "2025-Q3",
            "provider_id": "none",
            "token": "none",
            "uidb36": "1",
            "key": "none",
        }

    def arguments(self, pattern: URLPattern, state: str = "draft") -> dict[str, object]:
        """Values for the parts of an address; a part that is new here has to be named here."""
        parts: dict[str, object] = {**self.known(), "year": YEAR, "pk": self.reports[state].pk}
        names = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
        if missing := names - set(parts):
            raise KeyError(f"Say which of its own things {missing} of {pattern.name} names for a program.")
        return {name: parts[name] for name in sorted(names)}

    def address(self, pattern: URLPattern, state: str = "draft") -> str:
        return reverse(str(pattern.name), kwargs=self.arguments(pattern, state))


@dataclass(slots=True)
class Ground:
    """Both sides, and the people by role as the table of addresses names them."""

    ours: Side
    theirs: Side
    people: dict[str, User | None]

    def client(self, role: str, **more: Any) -> Client:
        """A browser of a person with that role in our program."""
        client = Client(**more)
        person = self.people[role]
        if person is not None:
            client.force_login(person)
        return client


def walked() -> list[URLPattern]:
    """Every address of the site, those of signing in and of the own account too; not the administration's."""
    return ours()


def unseen_by(role: str) -> tuple[str, ...]:
    """The words and figures that a person of this role must never see."""
    words = {
        "anonymous": (HERE, BESIDE, ELSEWHERE),
        "outsider": (HERE, BESIDE, ELSEWHERE),
        "viewer": (ELSEWHERE,),
        "other_site": (HERE, ELSEWHERE),
        "reporter": (BESIDE, ELSEWHERE),
        "manager": (ELSEWHERE,),
        "administrator": (),
    }[role]
    return tuple(sign for word in words for sign in (word, FIGURES[word]))


def seen_in(text: str, role: str) -> list[str]:
    """What stands in a text that this role must not see."""
    plain = text.replace(",", "")
    return [sign for sign in unseen_by(role) if sign in plain]


def make_ground() -> Ground:
    """Everything, made through the builders and the actions."""
    ours, theirs = make_side("OURS", HERE, BESIDE), make_side("THEIRS", ELSEWHERE, ELSEWHERE)
    people = {role: make.make_user(username=role) for role in ("outsider", "viewer", "other_site")}
    make.assign(people["outsider"], make.make_program(code="LAST"), "manager")
    make.assign(people["viewer"], ours.program, "viewer")
    make.assign(people["other_site"], ours.program, "reporter", ours.sites[1])
    everybody = {"anonymous": None, "administrator": make.make_administrator(), **people}
    return Ground(ours, theirs, {**everybody, "reporter": ours.reporter, "manager": ours.manager})


def make_side(code: str, *words: str) -> Side:
    """A program with two sites that bear these words, its plans, and reports in every state."""
    about = words[0] if words[0] == words[1] else "Common"
    program = make.make_program(
        code=code, name=f"{about} program {MARKED}", starts_on="2018-01-01", ends_on="2029-12-31"
    )
    sites = [
        make.make_site(program, code=f"{code[:3]}{n}", name=f"{it} {n} {MARKED}")
        for n, it in enumerate(words)
    ]
    objective = make.make_objective(program, name=f"{about} objective {MARKED}")
    shapes: tuple[dict[str, Any], ...] = ({}, RATIO, MILESTONE)
    indicators = [
        make.make_indicator(
            objective=objective, code=f"{code}-{n}", name=f"{about} indicator {n} {MARKED}", **shape
        )
        for n, shape in enumerate(shapes)
    ]
    dimension = make.make_dimension(f"{about} women", f"{about} men", name=f"{about} dimension")
    make.break_down(indicators[0], dimension)
    lay_series(indicators=indicators)
    reporter, manager = (make.make_user(username=f"{about}-{it}") for it in ("reporter", "manager"))
    make.assign(reporter, program, "reporter", sites[0])
    make.assign(manager, program, "manager")
    beside = make.make_user(username=f"{words[1]}-{code}-typist")
    make.assign(beside, program, "reporter", sites[1])
    category, file = dimension.categories.all()[0], Evidence()
    side = Side(program, sites, indicators, category, reporter, manager, file)
    for site, word, typist in zip(sites, words, (reporter, beside), strict=True):
        _report(side, site, word, typist)
    _plan(side, words)
    whole = Series.objects.filter(site=sites[0], indicator=indicators[0], category=None)[0]
    side.file = make.hand_in(side.reports["draft"], whole, reporter, f"{words[0]} says".encode())
    return side


def filled(site: Site, word: str) -> dict[Series, str | Typed]:
    """A value for every series of a site, each with the word of the site."""
    rows: dict[Series, str | Typed] = {}
    figure = FIGURES[word]
    for series in Series.objects.filter(site=site).select_related("indicator", "category"):
        note = {"explanation": f"{word} explains {MARKED}", "evidence": f"{word} register, 2026 {MARKED}"}
        if series.indicator.measure == "ratio":
            rows[series] = Typed(numerator=figure, denominator=f"{figure}0", **note)
        elif series.indicator.measure == "milestone":
            rows[series] = Typed(value="yes", day="2025-01", **note)
        elif series.category is None:
            rows[series] = Typed(value=figure, **note)
        else:
            rows[series] = Typed(value="4" if series.category.position else str(int(figure) - 4), **note)
    return rows


def _report(side: Side, site: Site, word: str, typist: User) -> None:
    for label, state in STATES.items():
        report = make.make_report(side.program, site, make.make_period(label))
        if state == "draft":
            side.beside = report
        elif state == "approved":
            report = make.approved(report, filled(site, word), typist, side.manager)
        else:
            report = make.submitted(report, filled(site, word), typist)
        if state == "returned":
            reason = f"{word} is to look again {MARKED}"
            report = send_back(report_id=report.pk, by=side.manager, submission=1, remarks={}, reason=reason)
        if site == side.sites[0]:
            side.reports[state] = report


def _plan(side: Side, words: tuple[str, ...]) -> None:
    first = side.indicators[0].pk
    quarter = parse_label("2025 Q3")
    plans = [
        Plan(first, quarter, Typed(value=FIGURES[word]), site_id=site.pk)
        for site, word in zip(side.sites, words, strict=True)
    ]
    set_plans(program_id=side.program.pk, by=side.manager, plans=plans, reason=f"The work plan {MARKED}")
