"""Lays out an illustrative program as its sheet describes it: mandate, people, indicators, series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from indicators.actions import lay_series
from indicators.models import Breakdown, Category, Dimension, Indicator, Objective, Series
from indicators.periods import Frequency
from indicators.values import Additivity, Meaning
from monitoring.demo.course import Course
from monitoring.demo.mandate import load_places, organization
from monitoring.demo.people import NAMES, assign, demo_person, person
from programs.models import Assignment, Program, Site, User

MEANING = (
    "measure", "unit", "factor", "counted", "accumulation", "direction", "over_sites", "over_time",
    "numerator_over_time", "denominator_over_time", "reported_by", "frequency", "calendar",
)  # fmt: skip
DEFAULTS = {"measure": "number", "accumulation": "flow", "over_sites": "sum", "over_time": "sum"}
WORDS = ("definition", "source", "method", "limitations", "responsible", "vocabulary", "standard_code")
YEARS = 3  # of an illustrative program's life


@dataclass(frozen=True, slots=True)
class Parted:
    """A breakdown: how it adds up, and the series of its categories with their usual share in percent."""

    additivity: Additivity
    parts: list[tuple[int, Decimal]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its plan, what is said when it is off target, and its series."""

    indicator: Indicator
    meaning: Meaning
    course: Course
    ahead: str
    behind: str
    series: dict[str, int]  # by site's code, empty for the program
    parts: dict[str, dict[str, Parted]]  # by site's code and dimension's code


@dataclass(frozen=True, slots=True)
class Unit:
    """A site that reports, or the program itself (code empty), and who reports for it."""

    code: str
    name: str
    id: int | None
    size: Decimal
    reporter: User
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A program ready to be reported on."""

    program: Program
    begins: date
    units: dict[str, Unit]
    measured: dict[str, Measured]
    managers: tuple[User, ...]
    evidence: tuple[str, ...]
    story: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)


def lay_program(sheet: Mapping[str, Any], begins: date) -> Laid:
    """Make the program of a sheet, with everything that is needed before the first target is set."""
    program = _program(sheet["program"], begins)
    objectives = _objectives(program, sheet["objective"])
    units = _units(program, sheet, begins)
    dimensions = {line["code"]: _dimension(line) for line in sheet["dimension"]}
    indicators = {line["code"]: _indicator(program, objectives, line, begins) for line in sheet["indicator"]}
    for line in sheet["indicator"]:
        for code in line.get("dimensions", ()):
            Breakdown.objects.create(indicator=indicators[line["code"]], dimension=dimensions[code])
    lay_series(indicators=indicators.values())
    return Laid(
        program=program,
        begins=begins,
        units=units,
        measured=_measured(program, sheet, indicators),
        managers=_managers(program, sheet["program"]),
        evidence=tuple(sheet["program"]["evidence"]),
        story=sheet["story"],
    )


def _program(line: Mapping[str, Any], begins: date) -> Program:
    program = Program.objects.create(
        code=line["code"],
        name=line["name"],
        component=line["component"],
        summary=line["summary"],
        source="Made up to show the system at work.",
        starts_on=begins,
        ends_on=date(begins.year + YEARS - 1, 12, 31),
        illustrative=True,
    )
    places = load_places()
    program.leads.set([organization(name) for name in line["leads"]])
    program.partners.set([organization(name) for name in line["partners"]])
    program.places.set([places[name] for name in line["places"]])
    return program


def _objectives(program: Program, lines: list[dict[str, str]]) -> dict[str, Objective]:
    found: dict[str, Objective] = {}
    for line in lines:
        parent = found.get(line.get("parent", ""))
        found[line["code"]] = Objective.objects.create(
            program=program, level=line["level"], code=line["code"], name=line["name"], parent=parent
        )
    return found


def _account(named: list[str]) -> User:
    return demo_person(named[0]) if named[0] in NAMES else person(*named)


def _units(program: Program, sheet: Mapping[str, Any], begins: date) -> dict[str, Unit]:
    """The sites with their reporters, and (without a code) the program with its own."""
    places = load_places()
    chief = _account(sheet["program"]["reporter"])
    assign(chief, program, Assignment.Role.REPORTER)
    units = {}
    for line in sheet["site"]:
        site = Site.objects.create(
            program=program,
            code=line["code"],
            name=line["name"],
            place=places[line["place"]],
            opened_on=_months_after(begins, line.get("opens_after")),
            closed_on=_day_before(_months_after(begins, line.get("closes_after"))),
        )
        reporter = _account(line["reporter"])
        assign(reporter, program, Assignment.Role.REPORTER, site)
        size = Decimal(str(line["size"]))
        units[site.code] = Unit(site.code, site.name, site.pk, size, reporter, site.opened_on, site.closed_on)
    return {"": Unit("", program.name, None, Decimal(1), chief), **units}


def _months_after(day: date, months: int | None) -> date | None:
    if months is None:
        return None
    return date(day.year + months // 12, day.month + months % 12, 1)


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _managers(program: Program, line: Mapping[str, Any]) -> tuple[User, ...]:
    """Two, so that there is always another one to approve."""
    managers = (demo_person("manager"), person(*line["manager"]))
    for manager in managers:
        assign(manager, program, Assignment.Role.MANAGER)
    return managers


def _dimension(line: Mapping[str, Any]) -> Dimension:
    """Dimensions belong to no program: what is there already is used."""
    dimension, _new = Dimension.objects.get_or_create(
        code=line["code"], defaults={"name": line["name"], "additivity": line["additivity"]}
    )
    for position, (code, name, _weight) in enumerate(line["categories"], 1):
        Category.objects.get_or_create(
            dimension=dimension, code=code, defaults={"name": name, "position": position}
        )
    return dimension


def _indicator(
    program: Program, objectives: Mapping[str, Objective], line: Mapping[str, Any], begins: date
) -> Indicator:
    given = {name: line[name] for name in (*MEANING, *WORDS) if name in line}
    first_whole_half = line.get("frequency") == Frequency.HALF
    return Indicator.objects.create(
        program=program,
        objective=objectives[line["objective"]],
        code=line["code"],
        name=line["name"],
        numerator_label=line.get("numerator", ""),
        denominator_label=line.get("denominator", ""),
        starts_on=begins.replace(month=4) if first_whole_half else None,
        **{**DEFAULTS, **given},
    )


def _measured(
    program: Program, sheet: Mapping[str, Any], indicators: Mapping[str, Indicator]
) -> dict[str, Measured]:
    weights = {
        (line["code"], category): Decimal(str(weight))
        for line in sheet["dimension"]
        for category, _name, weight in line["categories"]
    }
    lines: dict[str, dict[str, int]] = defaultdict(dict)
    parts: dict[str, dict[str, dict[str, Parted]]] = defaultdict(dict)
    series = Series.objects.filter(program=program).select_related(
        "indicator", "site", "category", "dimension"
    )
    for one in series.order_by("dimension__code", "category__position"):
        code, site = one.indicator.code, one.site.code if one.site else ""
        if one.dimension is None or one.category is None:
            lines[code][site] = one.pk
            continue
        weight = weights[one.dimension.code, one.category.code]
        of_site = parts[code].setdefault(site, {})
        parted = of_site.setdefault(one.dimension.code, Parted(Additivity(one.dimension.additivity)))
        parted.parts.append((one.pk, weight))
    return {
        line["code"]: Measured(
            indicator=indicators[line["code"]],
            meaning=Indicator.objects.get(pk=indicators[line["code"]].pk).meaning,
            course=Course.of(line["plan"]),
            ahead=line.get("ahead", "More was reached than planned."),
            behind=line.get("behind", "Not yet: what is still open stands in the field report."),
            series=lines[line["code"]],
            parts=parts[line["code"]],
        )
        for line in sheet["indicator"]
    }
