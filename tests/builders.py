"""Plain builders: each makes one thing, with a code of its own, and whatever it cannot be without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from indicators import periods
from indicators.actions import approve, open_period, open_report, save, submit
from indicators.actions.attaching import attach
from indicators.actions.reporting import digest_of_results
from indicators.models import (
    Breakdown,
    Category,
    Dimension,
    Evidence,
    Indicator,
    Objective,
    Period,
    Report,
    Result,
    Series,
)
from indicators.reading import typed_file
from indicators.rows import Typed
from programs.models import Assignment, Organization, Place, Program, Site, User

PASSWORD = "a long enough password"
QUARTER = "2026 Q3"
_numbers = count(100_001)  # all of one length: codes sort in the order in which they were made


def _code(prefix: str) -> str:
    return f"{prefix}{next(_numbers)}"


def make_user(**overrides: Any) -> User:
    """A person without any role, whose password is `PASSWORD`."""
    values: dict[str, Any] = {"username": _code("person"), "password": PASSWORD}
    return User.objects.create_user(**values | overrides)


def make_administrator(**overrides: Any) -> User:
    """A person who keeps the definitions in the admin."""
    return make_user(**{"is_staff": True, "is_superuser": True} | overrides)


def make_organization(**overrides: Any) -> Organization:
    return Organization.objects.create(**{"name": _code("Organization ")} | overrides)


def make_place(**overrides: Any) -> Place:
    return Place.objects.create(**{"name": _code("Place "), "kind": "area"} | overrides)


def make_program(**overrides: Any) -> Program:
    """A program whose days are not known."""
    code = _code("P")
    values = {"code": code, "name": f"Program {code}", "component": "counternarcotics"}
    return Program.objects.create(**values | overrides)


def make_site(program: Program | None = None, **overrides: Any) -> Site:
    code = _code("S")
    return Site.objects.create(
        program=program or make_program(), **{"code": code, "name": f"Site {code}"} | overrides
    )


def assign(user: User, program: Program, role: str, site: Site | None = None) -> Assignment:
    """Give a person a role in a program; a reporter perhaps for one site only."""
    return Assignment.objects.create(user=user, program=program, role=role, site=site)


def make_objective(program: Program | None = None, **overrides: Any) -> Objective:
    code = _code("O")
    values = {"code": code, "name": f"Objective {code}", "level": "outcome"}
    return Objective.objects.create(program=program or make_program(), **values | overrides)


def make_indicator(program: Program | None = None, **overrides: Any) -> Indicator:
    """A counted flow, summed over sites and time, reported by sites every quarter; without any series."""
    objective = overrides.pop("objective", None) or make_objective(program)
    code = _code("I")
    values = {
        "code": code,
        "name": f"Indicator {code}",
        "measure": "number",
        "unit": "people",
        "accumulation": "flow",
        "direction": "increase",
        "over_sites": "sum",
        "over_time": "sum",
    }
    return Indicator.objects.create(
        program=program or objective.program, objective=objective, **values | overrides
    )


def make_dimension(*names: str, **overrides: Any) -> Dimension:
    """A dimension with categories of these names, in this order ("women" and "men" when none are given)."""
    code = _code("D")
    dimension = Dimension.objects.create(**{"code": code, "name": f"Dimension {code}"} | overrides)
    for position, name in enumerate(names or ("women", "men")):
        Category.objects.create(dimension=dimension, code=_code("C"), name=name, position=position)
    return dimension


def break_down(indicator: Indicator, dimension: Dimension) -> Breakdown:
    """Say that an indicator is broken down by a dimension; its series are made by `make_series`."""
    return Breakdown.objects.create(indicator=indicator, dimension=dimension)


def make_period(label: str = QUARTER, due_on: date | None = None) -> Period:
    """The period of a label such as "2026 Q3", "FY2027" or "2018–2022"; made once."""
    return open_period(span=periods.parse_label(label), due_on=due_on)


def make_series(
    indicator: Indicator | None = None,
    site: Site | None = None,
    category: Category | None = None,
    **overrides: Any,
) -> Series:
    """The whole (or one category) of an indicator at a site, or for the program without one."""
    indicator = indicator or make_indicator(reported_by="program" if site is None else "sites")
    return Series.objects.create(
        program_id=indicator.program_id,
        indicator=indicator,
        site=site,
        category=category,
        dimension_id=category.dimension_id if category else None,
        **overrides,
    )


def make_report(
    program: Program | None = None, site: Site | None = None, period: Period | None = None
) -> Report:
    """The draft of a site, or of the program itself, for a period (2026 Q3 unless given)."""
    if program is None:
        program = site.program if site else make_program()
    return open_report(
        program_id=program.pk, site_id=site.pk if site else None, period=period or make_period()
    )


def typed(values: Mapping[Series, str | Typed]) -> dict[int, Typed]:
    """What an action takes, from the values of each series; a text is typed in the box of the value."""
    return {
        series.pk: value if isinstance(value, Typed) else Typed(value=value)
        for series, value in values.items()
    }


def hand_in(report: Report, series: Series, by: User, content: bytes = b"The register says 12.") -> Evidence:
    """A file, kept and saved as the evidence of a row."""
    kept = attach(report_id=report.pk, by=by, series_id=series.pk, name="register.txt", content=content)
    saved = Result.objects.filter(report=report, series=series).first()
    row = replace(saved.as_typed if saved else Typed(), evidence=typed_file(kept.sha256))
    report.refresh_from_db()
    save(report_id=report.pk, by=by, typed={series.pk: row}, version=report.version)
    report.refresh_from_db()
    return kept


def submitted(report: Report, values: Mapping[Series, str | Typed], reporter: User) -> Report:
    """The report with these values, saved and submitted by a person who has the role to do so."""
    report = save(report_id=report.pk, by=reporter, typed=typed(values), version=report.version)
    return submit(report_id=report.pk, by=reporter, version=report.version)


def approved(report: Report, values: Mapping[Series, str | Typed], reporter: User, manager: User) -> Report:
    """The report with these values, submitted by the one person and approved by the other."""
    report = submitted(report, values, reporter)
    return approve(
        report_id=report.pk, by=manager, submission=report.submission, digest=digest_of_results(report)
    )
