"""Every named constraint of every model: what it says to a person, and what PostgreSQL refuses by it.

Each case is an instance that breaks one rule; where it can't help breaking another, that one is off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.utils import timezone

from indicators.models import (
    Category,
    Dimension,
    Entry,
    Evidence,
    Period,
    Remark,
    ReportAuthor,
    Result,
    Series,
    Step,
)
from programs.models import Assignment, Organization, Place, Program, SignIn, Site
from tests.builders import (
    assign,
    break_down,
    make_dimension,
    make_indicator,
    make_objective,
    make_organization,
    make_place,
    make_program,
    make_report,
    make_series,
    make_site,
    make_user,
)
from tests.indicators.stage import MEASURED, MILESTONE, RATIO, make_stage, refused_by, sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("never_committed")]
Broken = Callable[[], models.Model]
SHA = "0" * 64
FREE = RATIO | {"counted": False, "may_exceed": True}
UNPREPARED = Value("Rosa@x.pe", models.TextField())  # the field makes small letters of a plain text


def _set(instance: models.Model, **values: Any) -> models.Model:
    for name, value in values.items():
        setattr(instance, name, value)
    return instance


def _program(**values: Any) -> models.Model:
    return _set(make_program(), **values)


def _indicator(**values: Any) -> models.Model:
    return _set(make_indicator(), **values)


def _objective(**values: Any) -> models.Model:
    return _set(make_objective(), **values)


def _entry(meaning: dict[str, Any] | None = None, **values: Any) -> models.Model:
    stage = make_stage(**meaning or {})
    common = {
        "kind": "target",
        "series": stage.series,
        "period": stage.report.period,
        "program": stage.program,
    }
    return Entry(**common | {"approved_by": stage.manager, "value": 10} | values)


def _result(meaning: dict[str, Any] | None = None, **values: Any) -> models.Model:
    stage = make_stage(**meaning or {})
    common = {"report": stage.report, "series": stage.series, "typed_by": stage.reporter}
    return Result(**common | {"typed_at": timezone.now(), "value": 10} | values)


def _stored_twice() -> models.Model:
    """The file of one evidence as that of another."""
    file = {"kind": "file", "stored": "ab/" + "ab" * 16, "size": 1, "content_type": "text/plain"}
    _evidence(**file).save()
    return _evidence(**file, sha256="1" * 64)


def _evidence(**values: Any) -> models.Model:
    program = make_program()
    common = {"program": program, "kind": "citation", "text": "A report", "sha256": SHA}
    return Evidence(**common | {"created_by": make_user()} | values)


def _step(state: str = "draft", **values: Any) -> models.Model:
    stage = make_stage()
    if state != "draft":
        getattr(stage, state)()
    submission = stage.report.submission + (state == "draft")
    return Step(
        **{"report": stage.report, "submission": submission, "by": make_user(), "digest": SHA} | values
    )


def _period(kind: str, first: str | None, last: str | None, label: str, **values: Any) -> models.Model:
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    return Period(kind=kind, first_on=days[0], last_on=days[1], label=label, **values)


def _twice(instance: models.Model, **values: Any) -> models.Model:
    """A copy of what is there already, with other values where they don't matter."""
    if instance.pk is None:
        instance.save()
    copy = type(instance).objects.get(pk=instance.pk)  # type: ignore[attr-defined]  # every model has objects
    copy.pk, copy._state.adding = None, True
    return _set(copy, **values)


def _remark(**values: Any) -> Remark:
    stage = make_stage()
    stage.submit()
    step = Step.objects.create(report=stage.report, submission=1, by=stage.manager, kind="returned")
    return Remark(**{"step": step, "series": stage.series, "text": "Counted twice?"} | values)


def _series_with_part(**values: Any) -> models.Model:
    indicator, dimension = make_indicator(), make_dimension()
    break_down(indicator, dimension)
    own = {"program": indicator.program, "indicator": indicator, "dimension": dimension}
    return Series(**own | {"category": dimension.categories.first()} | values)


def _author() -> ReportAuthor:
    stage = make_stage()
    return ReportAuthor(report=stage.report, user=stage.reporter)


def _unbroken_series() -> models.Model:
    return _series_with_part(indicator=(other := make_indicator()), program=other.program)


CASES: dict[str, Broken] = {
    "user_email_is_unique": lambda: _twice(make_user(email="rosa@x.pe"), username="another"),
    "user_email_is_in_small_letters": lambda: _set(make_user(), email=UNPREPARED),
    "user_language_is_known": lambda: _set(make_user(), language="qu"),
    "signin_how_is_known": lambda: SignIn(how="guess", succeeded=False),
    "signin_factor_is_known": lambda: SignIn(how="password", factor="sms", succeeded=False),
    "signin_success_has_a_person": lambda: SignIn(how="password", succeeded=True),
    "program_code_is_plain": lambda: _program(code="a b"),
    "program_component_is_known": lambda: _program(component="x"),
    "program_ends_after_it_starts": lambda: _program(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31)),
    "program_tolerance_is_0_to_50": lambda: _program(tolerance=Decimal("50.1")),
    "site_code_is_plain": lambda: _set(make_site(), code="-a"),
    "site_code_is_unique": lambda: _twice(make_site()),
    "site_closes_after_it_opens": lambda: _set(
        make_site(), opened_on=date(2026, 2, 1), closed_on=date(2026, 1, 31)
    ),
    "place_kind_is_known": lambda: _set(make_place(), kind="sea"),
    "place_ubigeo_has_2_4_or_6_digits": lambda: _set(make_place(), ubigeo="123"),
    "place_ubigeo_is_unique": lambda: _twice(make_place(ubigeo="150101"), name="Another"),
    "place_name_is_unique": lambda: _twice(make_place()),
    "assignment_role_is_known": lambda: Assignment(user=make_user(), program=make_program(), role="king"),
    "assignment_site_is_for_reporters": lambda: Assignment(
        user=make_user(), program=(site := make_site()).program, site=site, role="viewer"
    ),
    "assignment_is_unique": lambda: _twice(assign(make_user(), make_program(), "viewer")),
    "assignment_site_is_of_its_program": lambda: Assignment(
        user=make_user(), program=make_program(), site=make_site(), role="reporter"
    ),
    "objective_code_is_plain": lambda: _objective(code=""),
    "objective_level_is_known": lambda: _objective(level="top"),
    "objective_is_not_its_own_parent": lambda: _set(one := make_objective(), parent=one),
    "objective_code_is_unique": lambda: _twice(make_objective()),
    "objective_parent_is_of_its_program": lambda: _objective(parent=make_objective()),
    "dimension_code_is_plain": lambda: _set(make_dimension(), code="ñ"),
    "dimension_additivity_is_known": lambda: _set(make_dimension(), additivity="always"),
    "category_code_is_plain": lambda: Category(dimension=make_dimension(), code="a/b", name="A"),
    "category_code_is_unique": lambda: _twice(Category(dimension=make_dimension(), code="a", name="A")),
    "breakdown_is_unique": lambda: _twice(break_down(make_indicator(), make_dimension())),
    "indicator_code_is_plain": lambda: _indicator(code="a,b"),
    "indicator_measure_is_known": lambda: _indicator(measure="x"),
    "indicator_accumulation_is_known": lambda: _indicator(accumulation="x"),
    "indicator_direction_is_known": lambda: _indicator(direction="x"),
    "indicator_over_sites_is_known": lambda: _indicator(over_sites="x"),
    "indicator_over_time_is_known": lambda: _indicator(over_time="x"),
    "indicator_reported_by_is_known": lambda: _indicator(reported_by="x"),
    "indicator_frequency_is_known": lambda: _indicator(frequency="x"),
    "indicator_calendar_is_known": lambda: _indicator(calendar="x"),
    "indicator_parts_over_time_are_known": lambda: _indicator(numerator_over_time="x"),
    "indicator_combines_as_its_measure_allows": lambda: _indicator(over_time="latest"),
    "indicator_factor_is_1_100_or_100000": lambda: _indicator(factor=100),
    "indicator_closes_after_it_starts": lambda: _indicator(
        starts_on=date(2026, 2, 1), closed_on=date(2026, 1, 31)
    ),
    "indicator_standard_code_has_a_vocabulary": lambda: _indicator(standard_code="PS.1"),
    "indicator_code_is_unique": lambda: _twice(make_indicator()),
    "indicator_objective_is_of_its_program": lambda: _indicator(objective=make_objective()),
    "indicator_predecessor_is_of_its_program": lambda: _indicator(predecessor=make_indicator()),
    "series_key_is_unique": lambda: _twice(make_series()),
    "series_dimension_is_of_its_category": lambda: _series_with_part(category=None),
    "series_ends_after_it_begins": lambda: _set(
        make_series(), from_on=date(2026, 2, 1), to_on=date(2026, 1, 31)
    ),
    "series_indicator_is_of_its_program": lambda: Series(program=make_program(), indicator=make_indicator()),
    "series_site_is_of_its_program": lambda: Series(
        program=(one := make_indicator()).program, indicator=one, site=make_site()
    ),
    "series_category_is_of_its_dimension": lambda: _series_with_part(
        category=make_dimension().categories.first()
    ),
    "series_dimension_is_of_its_indicator": _unbroken_series,
    "period_kind_is_known": lambda: _period("week", "2026-01-05", "2026-01-11", "A"),
    "period_has_both_days_unless_other": lambda: _period("life", "2026-01-01", None, "2026–…"),
    "period_ends_after_it_begins": lambda: _period("other", "2026-02-01", "2026-01-31", "A"),
    "period_is_due_after_it_ends": lambda: _period(
        "year", "2026-01-01", "2026-12-31", "2026", due_on=date(2026, 12, 30)
    ),
    "period_other_is_never_due": lambda: _period(
        "other", "2026-01-01", "2026-12-31", "A", due_on=date(2027, 1, 1)
    ),
    "period_days_are_unique": lambda: _twice(_period("year", "2031-01-01", "2031-12-31", "2031"), label="X"),
    "period_is_regular": lambda: _period("quarter", "2026-02-01", "2026-04-30", "2026 Q1"),
    "period_label_says_its_days": lambda: _period("quarter", "2026-01-01", "2026-03-31", "2026 Q2"),
    "report_state_is_known": lambda: _set(make_report(), state="lost"),
    "report_is_unique": lambda: _twice(make_report()),
    "report_site_is_of_its_program": lambda: _twice(make_report(), site=make_site()),
    "report_author_is_unique": lambda: _twice(_author()),
    "result_value_is_finite": lambda: _result(MEASURED, value=Decimal(10) ** 15),
    "result_numerator_is_finite": lambda: _result(
        FREE, value=None, numerator=Decimal(10) ** 15, denominator=1
    ),
    "result_denominator_is_finite": lambda: _result(
        FREE, value=None, numerator=1, denominator=Decimal(10) ** 15
    ),
    "result_certainty_is_known": lambda: _result(certainty="sure"),
    "result_absence_is_known": lambda: _result(value=None, absence="withdrawn"),
    "result_has_a_value_or_an_absence": lambda: _result(absence="withheld"),
    "result_day_is_iso": lambda: _result(MILESTONE, value=1, day="2026-13"),
    "result_stands_once": lambda: _twice(_result()),
    "step_kind_is_known": lambda: _step("submit", kind="lost"),
    "step_digest_is_sha256": lambda: _step(kind="submitted", digest="ABC"),
    "step_reopening_has_a_reason": lambda: _step("approve", kind="reopened"),
    "step_stands_once": lambda: _twice(_step(kind="submitted")),
    "remark_says_something": lambda: _remark(text=""),
    "remark_stands_once": lambda: _twice(_remark()),
    "evidence_kind_is_known": lambda: _evidence(kind="film"),
    "evidence_says_something": lambda: _evidence(text=""),
    "evidence_link_is_http": lambda: _evidence(kind="link", text="javascript:alert(1)"),
    "evidence_digest_is_sha256": lambda: _evidence(sha256="0" * 63),
    "evidence_published_is_iso": lambda: _evidence(published="soon"),
    "evidence_stands_once": lambda: _twice(_evidence()),
    "evidence_file_is_stored": lambda: _evidence(kind="file"),
    "evidence_is_stored_once": _stored_twice,
    "entry_value_is_finite": lambda: _entry(MEASURED, value=Decimal(10) ** 15),
    "entry_numerator_is_finite": lambda: _entry(FREE, value=None, numerator=Decimal(10) ** 15, denominator=1),
    "entry_denominator_is_finite": lambda: _entry(
        FREE, value=None, numerator=1, denominator=Decimal(10) ** 15
    ),
    "entry_kind_is_known": lambda: _entry(kind="wish"),
    "entry_absence_is_known": lambda: _entry(value=None, absence="lost"),
    "entry_certainty_is_known": lambda: _entry(certainty="sure"),
    "entry_change_is_known": lambda: _entry(change="hides"),
    "entry_day_is_iso": lambda: _entry(MILESTONE, value=1, day="2026-00"),
    "entry_published_is_iso": lambda: _entry(published="May 2018", recorded_at=timezone.now()),
    "entry_has_a_value_or_an_absence": lambda: _entry(value=None),
    "entry_withdrawn_supersedes": lambda: _entry(value=None, absence="withdrawn"),
    "entry_says_who_and_why": lambda: _entry(change="revises", reason="So"),
    "entry_approved_by_another": lambda: _entry(approved_by=(one := make_user()), submitted_by=one),
    "entry_first_stands_once": lambda: _twice(_entry()),
    "entry_number_stands_once": lambda: _twice(_entry(), kind="baseline"),
    "entry_hash_is_sha256": lambda: _entry(number=1, hash=b"x", recorded_at=timezone.now()),
}
CHAIN_OFF = "ALTER TABLE indicators_entry DISABLE TRIGGER entry_chain"
COMBINING_OFF = "ALTER TABLE indicators_indicator DROP CONSTRAINT indicator_combines_as_its_measure_allows"
OFF = {
    "period_kind_is_known": "ALTER TABLE indicators_period DROP CONSTRAINT period_is_regular",
    "entry_published_is_iso": "ALTER TABLE indicators_entry DISABLE TRIGGER entry_admit",
    "indicator_measure_is_known": COMBINING_OFF,
    "indicator_over_sites_is_known": COMBINING_OFF,
    "indicator_over_time_is_known": COMBINING_OFF,
    "period_days_are_unique": "ALTER TABLE indicators_period DROP CONSTRAINT period_label_says_its_days",
    "report_state_is_known": "ALTER TABLE indicators_report DISABLE TRIGGER report_check",
    "entry_number_stands_once": CHAIN_OFF,
    "entry_hash_is_sha256": CHAIN_OFF,
}
# the primary key alone would refuse it: only there so that other tables can refer to two columns
ALWAYS_TRUE = {
    "site_with_program",
    "objective_with_program",
    "category_with_dimension",
    "indicator_with_program",
}


def _constraints() -> dict[str, models.BaseConstraint]:
    own = [model for label in ("programs", "indicators") for model in apps.get_app_config(label).get_models()]
    return {one.name: one for model in own for one in model._meta.constraints}


SPOKEN = {
    name: str(one.violation_error_message)
    for name, one in _constraints().items()
    if one.violation_error_message != one.default_violation_error_message
}


@pytest.mark.parametrize("name", list(CASES))
def test_postgresql_refuses_it(name: str) -> None:
    instance = CASES[name]()
    if name in OFF:
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql(OFF[name])
    with refused_by(name):
        instance.save()


@pytest.mark.parametrize("name", list(SPOKEN))
def test_a_person_is_told_what_is_wrong(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CASES[name]().validate_constraints()
    assert SPOKEN[name] in caught.value.messages


@pytest.mark.parametrize(
    ("twice", "field", "message"),
    [
        (lambda: Program(code=make_program().code), "code", "Another program has this code."),
        (lambda: Dimension(code=make_dimension().code), "code", "Another dimension has this code."),
        (
            lambda: Organization(name=make_organization().name),
            "name",
            "An organization of this name is there already.",
        ),
        (lambda: _twice(_period("other", None, None, "A")), "label", "Another period has this label."),
    ],
)
def test_what_is_unique_says_so(twice: Broken, field: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        twice().validate_unique()
    assert caught.value.message_dict == {field: [message]}


def test_every_constraint_has_its_case() -> None:
    assert set(_constraints()) - ALWAYS_TRUE <= set(CASES)


def test_every_name_in_the_migrations_is_tested() -> None:
    root = Path(__file__).parents[2]
    tests = [*root.glob("tests/indicators/test_*.py"), *root.glob("tests/programs/test_*.py")]
    told = "".join(path.read_text() for path in tests)
    named = set()
    for path in [*root.glob("indicators/migrations/0*.py"), *root.glob("programs/migrations/0*.py")]:
        text = path.read_text()
        named |= set(re.findall(r"\bCONSTRAINT (?:= ')?(\w+_\w+)", text))
        named |= set(re.findall(r'^    \("\w+", "(\w+)", "\w+, \w+"', text, re.MULTILINE))
    assert len(named) > 30
    assert {name for name in named if f'"{name}"' not in told} == set()


@pytest.mark.parametrize(
    ("kind", "first", "last", "label"),
    [
        ("month", "2026-09-01", "2026-09-30", "2026-09"),
        ("quarter", "2026-10-01", "2026-12-31", "2026 Q4"),
        ("half", "2026-07-01", "2026-12-31", "2026 H2"),
        ("half", "2026-10-01", "2027-03-31", "FY2027 H1"),
        ("half", "2027-04-01", "2027-09-30", "FY2027 H2"),
        ("half", "0999-01-01", "0999-06-30", "0999 H1"),
        ("year", "2026-01-01", "2026-12-31", "2026"),
        ("year", "2026-10-01", "2027-09-30", "FY2027"),
        ("life", "2018-01-01", "2022-12-31", "2018–2022"),
        ("life", "2018-01-01", "2022-12-30", "2018-01-01 – 2022-12-30"),
        ("life", "2018-03-05", "2022-12-31", "2018-03-05 – 2022-12-31"),
        ("other", "2002-01-01", "2013-12-31", "2002 to 2013"),
        ("other", None, None, "by publication"),
    ],
)
def test_a_period_with_its_label_is_taken(kind: str, first: str | None, last: str | None, label: str) -> None:
    _period(kind, first, last, label).save()


def test_a_site_of_no_place_is_a_site() -> None:
    assert Site.objects.filter(pk=make_site().pk, place=None).exists()
    assert Place.objects.count() == 0
