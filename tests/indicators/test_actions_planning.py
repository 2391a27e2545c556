"""Setting, correcting and revising targets and baselines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import periods
from indicators.actions import Changed, NotAllowed, Plan, Refused, set_plans
from indicators.models import Category, Entry, Evidence, Indicator, Period, Series
from indicators.periods import Span, parse_label
from indicators.rows import Typed
from indicators.values import Change, EntryKind
from programs.models import User
from tests.builders import (
    assign,
    break_down,
    make_administrator,
    make_dimension,
    make_indicator,
    make_period,
    make_site,
    make_user,
)
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage, sql

pytestmark = pytest.mark.django_db
QUARTER = parse_label("2026 Q3")


def plan(indicator: Indicator, value: str | Typed = "10", span: Span = QUARTER, **more: Any) -> Plan:
    return Plan(indicator.pk, span, value if isinstance(value, Typed) else Typed(value=value), **more)


def put(stage: Stage, *plans: Plan, by: User | None = None, **more: Any) -> list[Entry]:
    told = {"reason": "The work plan", "change": Change.REVISES} | more
    return set_plans(program_id=stage.program.pk, by=by or stage.manager, plans=plans, **told)


def values(stage: Stage) -> list[Decimal | None]:
    return [entry.value for entry in stage.entries()]


# --- who ---


@pytest.mark.parametrize("role", ["viewer", "reporter", "manager elsewhere", "nobody"])
def test_only_managers_and_administrators_plan(role: str) -> None:
    stage, user = make_stage(), make_user()
    if role in ("viewer", "reporter"):
        assign(user, stage.program, role)
    elif role != "nobody":
        assign(user, make_stage().program, "manager")
    with pytest.raises(NotAllowed):
        put(stage, plan(stage.indicator), by=user)
    assert stage.entries() == []


@pytest.mark.parametrize("administrator", [False, True])
def test_a_target_says_who_set_it_and_why(administrator: bool) -> None:
    stage = make_stage()
    by = make_administrator() if administrator else stage.manager
    [entry] = put(stage, plan(stage.indicator, site_id=stage.site.pk), by=by, reason=" The work plan ")
    stored = stage.entries()[0]
    assert entry == stored
    assert (stored.kind, stored.value, stored.reason, stored.change) == ("target", 10, "The work plan", "")
    assert (stored.approved_by, stored.submitted_by, stored.series) == (by, None, stage.series)


# --- what is set ---


def test_targets_of_every_kind() -> None:
    stage = make_stage()
    ratio, done = make_indicator(stage.program, **RATIO), make_indicator(stage.program, **MILESTONE)
    put(
        stage,
        plan(ratio, Typed(numerator="1", denominator="2"), site_id=stage.site.pk),
        plan(ratio, "39.5"),
        plan(done, Typed(day="March 2027"), parse_label("2027")),
        plan(done, "no", kind=EntryKind.BASELINE),
        plan(stage.indicator, Typed(value="1,200", certainty="about"), expected=True),
        plan(stage.indicator, Typed(absence="not_applicable"), parse_label("2026")),
    )
    found = {(e.series.indicator_id, e.kind, e.period.label, e.series.site_id): e for e in stage.entries()}
    assert len(found) == 6
    parts = found[ratio.pk, "target", "2026 Q3", stage.site.pk]
    assert (parts.value, parts.numerator, parts.denominator) == (None, 1, 2)
    day = found[done.pk, "target", "2027", None]
    assert (day.value, day.day) == (1, "2027-03")
    about = found[stage.indicator.pk, "target", "2026 Q3", None]
    assert (about.value, about.certainty, about.expected) == (1200, "about", True)
    assert found[stage.indicator.pk, "target", "2026", None].absence == "not_applicable"


def test_a_category_has_its_own_target() -> None:
    stage = make_stage()
    dimension = make_dimension()
    break_down(stage.indicator, dimension)
    part = dimension.categories.order_by("position")[0]
    put(stage, plan(stage.indicator, category_id=part.pk), plan(stage.indicator, "20"))
    assert {(e.series.category, e.value) for e in stage.entries()} == {(part, 10), (None, 20)}


def test_periods_and_series_are_made_once() -> None:
    stage = make_stage()
    odd = periods.other("2002 to 2013")
    put(stage, plan(stage.indicator, span=odd), plan(stage.indicator, "11", parse_label("2031")))
    put(stage, plan(stage.indicator, "12", odd), plan(stage.indicator, "13", parse_label("2031")))
    assert Period.objects.filter(label__in=["2002 to 2013", "2031"]).count() == 2
    assert Period.objects.get(label="2002 to 2013").due_on is None
    assert Series.objects.filter(indicator=stage.indicator, site=None).count() == 1
    assert values(stage) == [10, 11, 12, 13]


def test_evidence_is_kept_with_its_day() -> None:
    stage = make_stage()
    row = Typed(value="10", evidence="https://example.org/plan", published="2018-05")
    put(stage, plan(stage.indicator, row), plan(stage.indicator, row, site_id=stage.site.pk))
    evidence = Evidence.objects.get()
    assert {(e.evidence, e.published) for e in stage.entries()} == {(evidence, "2018-05")}


# --- correcting and revising ---


@pytest.mark.parametrize("change", list(Change))
def test_what_is_set_anew_supersedes(change: Change) -> None:
    stage = make_stage()
    put(stage, plan(stage.indicator, "10"), change=None)
    put(stage, plan(stage.indicator, "12"), change=change)
    first, second = stage.entries()
    assert (second.supersedes, second.change) == (first, change)


def test_what_is_set_anew_says_whether_it_corrects_and_why() -> None:
    stage = make_stage()
    put(stage, plan(stage.indicator, "10"))
    with pytest.raises(Refused) as caught:
        put(stage, plan(stage.indicator, "12"), change=None, reason="  ")
    assert {complaint.field for complaint in caught.value.complaints} == {"reason", "change"}
    assert values(stage) == [10]


@pytest.mark.parametrize("reason", ["", " ", "a\x00", "x" * 2_001])
def test_the_first_target_needs_a_reason_that_can_be_kept(reason: str) -> None:
    stage = make_stage()
    with pytest.raises(Refused) as caught:
        put(stage, plan(stage.indicator), reason=reason)
    assert [complaint.field for complaint in caught.value.complaints] == ["reason"]


SAME = Typed(value="10", explanation="As agreed", evidence="A plan", published="2018")


def test_what_equals_the_one_in_force_is_left_alone() -> None:
    stage = make_stage()
    put(stage, plan(stage.indicator, SAME))
    assert put(stage, plan(stage.indicator, replace(SAME, value=" 10 ")), reason="", change=None) == []
    assert len(stage.entries()) == 1


@pytest.mark.parametrize(
    "row",
    [
        replace(SAME, value="10.0"),
        replace(SAME, certainty="about"),
        replace(SAME, explanation="Agreed"),
        replace(SAME, evidence="Another plan"),
        replace(SAME, published="2019"),
        replace(SAME, value="", absence="withheld"),
    ],
)
def test_whatever_differs_is_set_anew(row: Typed) -> None:
    stage = make_stage(counted=False)
    put(stage, plan(stage.indicator, SAME))
    assert len(put(stage, plan(stage.indicator, row))) == 1
    assert len(put(stage, plan(stage.indicator, row, expected=True))) == 1


def test_a_blank_takes_back_what_stands_and_nothing_else() -> None:
    stage = make_stage()
    assert put(stage, plan(stage.indicator, "")) == []
    put(stage, plan(stage.indicator))
    put(stage, plan(stage.indicator, ""))
    assert put(stage, plan(stage.indicator, "")) == []
    put(stage, plan(stage.indicator, "11"))
    assert [(e.value, e.absence) for e in stage.entries()] == [(10, ""), (None, "withdrawn"), (11, "")]


def test_somebody_else_s_target_is_not_overwritten_unseen() -> None:
    stage = make_stage()
    [first] = put(stage, plan(stage.indicator, "10", seen=None))
    put(stage, plan(stage.indicator, "11", seen=first.pk))
    for seen in (None, first.pk):
        with pytest.raises(Changed, match="2026 Q3"):
            put(stage, plan(stage.indicator, "12", seen=seen))
    assert values(stage) == [10, 11]


def test_the_same_form_sent_twice_sets_once() -> None:
    stage = make_stage()
    form = [plan(stage.indicator, "10", seen=None)]
    put(stage, *form)
    assert put(stage, *form) == []


# --- refused as a whole ---


def _foreign(stage: Stage) -> dict[str, Plan]:
    elsewhere = make_stage()
    break_down(elsewhere.indicator, make_dimension())
    category = Category.objects.get(dimension__breakdowns__indicator=elsewhere.indicator, position=0)
    by_program = make_indicator(stage.program, reported_by="program")
    return {
        "indicator": plan(elsewhere.indicator),
        "no indicator": Plan(10**30, QUARTER, Typed(value="1")),
        "site": plan(stage.indicator, site_id=elsewhere.site.pk),
        "no site": plan(stage.indicator, site_id=10**30),
        "category": plan(stage.indicator, category_id=category.pk),
        "site of what the program reports": plan(by_program, site_id=stage.site.pk),
        "actual": plan(stage.indicator, kind=EntryKind.ACTUAL),
        "twice": plan(stage.indicator, "11", periods.parse_label("2026")),
        "days": plan(stage.indicator, span=Span(QUARTER.kind, QUARTER.first, QUARTER.first, "2026 Q3")),
        "label": plan(stage.indicator, span=periods.other("x" * 81)),
        "taken label": plan(stage.indicator, span=periods.other("2026 Q2")),
        "endless life": plan(stage.indicator, span=parse_label("2018–…")),
        "number": plan(stage.indicator, "-1"),
        "text": plan(stage.indicator, Typed(value="1", explanation="a\x00")),
        "link": plan(stage.indicator, Typed(value="1", evidence="javascript:alert(1)")),
    }


UNFIT = [
    "indicator", "no indicator", "site", "no site", "category", "site of what the program reports", "actual",
    "twice", "days", "label", "taken label", "endless life", "number", "text", "link",
]  # fmt: skip


@pytest.mark.parametrize("which", UNFIT)
def test_one_that_does_not_fit_refuses_all(which: str) -> None:
    stage = make_stage()
    make_period("2026 Q2")
    sound = plan(stage.indicator, "12", parse_label("2026"))
    with pytest.raises(Refused):
        put(stage, sound, _foreign(stage)[which])
    assert not Entry.objects.exists()
    assert not Evidence.objects.exists()
    assert not Period.objects.filter(label__in=["2026", "2018–…"]).exists()


def test_complaints_name_the_field_of_the_page() -> None:
    stage = make_stage()
    named = plan(stage.indicator, "many", name="target-1-2026")
    with pytest.raises(Refused) as caught:
        put(stage, named, plan(stage.indicator, "x", parse_label("2026")))
    assert [complaint.field for complaint in caught.value.complaints] == ["target-1-2026", "value"]


def test_the_day_of_a_milestone_has_to_be_one() -> None:
    stage = make_stage(**MILESTONE)
    with pytest.raises(Refused):
        put(stage, plan(stage.indicator, Typed(day="soon")))
    put(stage, plan(stage.indicator, Typed(day="2026-09")))
    put(stage, plan(stage.indicator, Typed()))
    assert [(e.day, e.absence) for e in stage.entries()] == [("2026-09", ""), ("", "withdrawn")]


def test_a_locked_period_takes_targets() -> None:
    stage = make_stage()
    Period.objects.update(locked=True)
    assert len(put(stage, plan(stage.indicator))) == 1


def test_only_an_illustrative_program_plays_the_clock() -> None:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    for illustrative in (True, False):
        stage = make_stage(program={"illustrative": illustrative})
        put(stage, plan(stage.indicator), at=moment)
        recorded = stage.entries()[0].recorded_at
        assert recorded
        assert (recorded == moment) is illustrative
        assert recorded <= timezone.now()


# --- speed and atomicity ---


def _queries(rows: int) -> int:
    stage = make_stage()
    indicators = [make_indicator(stage.program) for _ in range(rows)]
    spans = [parse_label(f"2026-{month:02}") for month in range(1, 13)]
    row = Typed(value="10", evidence="A plan")
    for span in spans:
        make_period(span.label)
    put(stage, *(plan(one, "9", span) for one in indicators for span in spans))
    with CaptureQueriesContext(connection) as queries:
        put(stage, *(plan(one, row, span) for one in indicators for span in spans))
    assert len(stage.entries()) == rows * 24
    return len(queries)


def test_fifty_indicators_take_no_more_queries_than_five() -> None:
    assert _queries(5) == _queries(50) <= 25


def test_an_error_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage()
    monkeypatch.setattr("indicators.actions.planning._entry", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put(stage, plan(stage.indicator, Typed(value="1", evidence="A plan"), parse_label("2031")))
    assert not Evidence.objects.exists()
    assert not Period.objects.filter(label="2031").exists()


def test_a_site_s_target_is_not_the_program_s() -> None:
    stage = make_stage()
    other = make_site(stage.program)
    sites = (None, stage.site.pk, other.pk)
    put(stage, *(plan(stage.indicator, str(n), site_id=site) for n, site in enumerate(sites)))
    put(stage, plan(stage.indicator, "7", site_id=other.pk))
    standing = Entry.objects.standing().values_list("series__site", "value")
    assert dict(standing) == {None: 0, stage.site.pk: 1, other.pk: 7}


@pytest.mark.django_db(transaction=True)
def test_planning_and_approving_at_once_do_not_stop_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage()
    stage.submit()
    locked, entered = threading.Event(), threading.Event()
    raised: list[Exception] = []

    def wait(*args: object) -> dict[str, int]:
        """What comes just before the targets are entered: wait until the figures are."""
        locked.set()
        entered.wait(30)
        return {}

    def work(action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - shown by the test
            raised.append(error)
        finally:
            connection.close()

    def sign() -> None:
        locked.wait(30)
        with transaction.atomic():
            stage.sign()
            entered.set()
            sql("SELECT pg_sleep(0.5)")  # until the targets wait for their place in the ledger

    monkeypatch.setattr("indicators.actions.planning.keep_evidence", wait)
    works = [lambda: put(stage, plan(stage.indicator)), sign]
    threads = [threading.Thread(target=work, args=(one,)) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []
    assert [entry.kind for entry in stage.entries()] == ["actual", "target"]
