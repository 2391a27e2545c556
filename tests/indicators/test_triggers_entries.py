"""What PostgreSQL lets into the ledger, and how it numbers and chains it: everything here is plain SQL."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from indicators.actions import reopen
from indicators.models import Entry, Step
from tests.builders import make_period, make_series, make_site, make_user
from tests.indicators.at_once import at_once
from tests.indicators.stage import (
    MILESTONE,
    Stage,
    insert,
    insert_actual,
    insert_entry,
    insert_step,
    make_stage,
    refused_by,
    sql,
    without_trigger,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("never_committed")]
PLAYED = timezone.now().replace(year=2026, month=1, day=5)
WITHDRAWN = {"value": None, "absence": "withdrawn"}


def _signed(value: str = "12") -> Stage:
    """A stage whose submitted report has its approval, but no entry yet."""
    stage = make_stage()
    stage.submit(value)
    insert_step(stage, "approved", stage.manager)
    return stage


# --- an actual figure is what was submitted and approved ---


def test_an_actual_is_taken_with_its_approval() -> None:
    stage = _signed()
    entry = Entry.objects.get(pk=insert_actual(stage))
    assert (entry.value, entry.program_id) == (12, stage.program.pk)


@pytest.mark.parametrize(
    "columns",
    [
        {"value": 13},
        {"value": Decimal("12.0")},
        {"value": None, "absence": "withheld"},
        {"certainty": "about"},
        {"explanation": "Because"},
    ],
)
def test_an_actual_is_what_was_submitted(columns: dict[str, Any]) -> None:
    with refused_by("entry_is_what_was_submitted"):
        insert_actual(_signed(), **columns)


def test_an_actual_was_observed() -> None:
    with refused_by("entry_actual_is_observed"):
        insert_actual(_signed(), expected=True)


def test_only_what_is_gone_is_withdrawn() -> None:
    stage = make_stage()
    stage.approve()
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    stage.report.refresh_from_db()
    stage.submit("13")
    insert_step(stage, "approved", stage.manager)
    with refused_by("entry_is_what_was_submitted"):
        insert_actual(stage, supersedes_id=stage.entries()[0].pk, **WITHDRAWN)


def test_an_actual_is_of_a_series_that_was_submitted() -> None:
    stage = make_stage()
    other = stage.another()
    sql("UPDATE indicators_series SET from_on = '2030-01-01' WHERE id = %s", other.pk)
    stage.submit()
    insert_step(stage, "approved", stage.manager)
    with refused_by("entry_is_what_was_submitted"):
        insert_actual(stage, series_id=other.pk)


def test_an_actual_comes_of_its_own_report() -> None:
    stage, elsewhere = _signed(), _signed()
    for foreign in (elsewhere.series, make_series(stage.indicator, make_site(stage.program))):
        with refused_by("entry_approval_is_its_own"):
            insert_actual(stage, series_id=foreign.pk)
    with refused_by("entry_approval_is_its_own"):
        insert_actual(stage, period_id=make_period("2026 Q2").pk)
    with refused_by("entry_approval_is_its_own"):
        insert_actual(stage, approval_id=Step.objects.get(report=stage.report, kind="submitted").pk)


def test_an_actual_is_signed_by_who_approved_and_who_submitted() -> None:
    stage = _signed()
    with refused_by("entry_approval_is_its_own"):
        insert_actual(stage, approved_by_id=stage.reporter.pk)
    with refused_by("entry_submitted_by_its_submitter"):
        insert_actual(stage, submitted_by_id=make_user().pk)
    with refused_by("entry_submitted_by_its_submitter"):
        insert_actual(stage, submitted_by_id=stage.manager.pk)


def test_an_actual_is_reported_by_its_reporter() -> None:
    stage = _signed()
    with refused_by("entry_is_reported_by_its_reporter"):
        insert_actual(stage, series_id=make_series(stage.indicator, None).pk)
    with refused_by("entry_is_reported_by_its_reporter"):
        by_program = make_series(stage.another(reported_by="program").indicator, stage.site)
        insert_actual(stage, series_id=by_program.pk)


def test_an_actual_needs_its_approval_while_it_is_given() -> None:
    stage = _signed()
    insert_actual(stage)
    sql("UPDATE indicators_report SET state = 'approved' WHERE id = %s", stage.report.pk)
    first = stage.entries()[0]
    with refused_by("entry_approval_is_its_own"):
        insert_actual(stage, supersedes_id=first.pk, **WITHDRAWN)


def test_a_locked_period_takes_no_actual() -> None:
    stage = _signed()
    sql("UPDATE indicators_period SET locked = true WHERE id = %s", stage.report.period_id)
    with refused_by("period_is_locked"):
        insert_actual(stage)


def test_the_published_day_is_that_of_the_evidence() -> None:
    stage = make_stage()
    row = {"program_id": stage.program.pk, "kind": "citation", "text": "A", "sha256": "2" * 64}
    paper = insert(
        "indicators_evidence", **row, published="2018-05", created_by_id=stage.manager.pk, created_at=PLAYED
    )
    insert_entry(stage, published="1999", evidence_id=paper)
    insert_entry(stage, published="1999", kind="baseline")
    assert [entry.published for entry in stage.entries()] == ["2018-05", ""]


# --- superseding ---


def _other_key(stage: Stage, key: str) -> dict[str, Any]:
    if key == "series":
        return {"series_id": stage.another().pk}
    return {"period_id": make_period("2026 Q2").pk} if key == "period" else {"kind": "baseline"}


REVISED = {"change": "revises", "reason": "Less money"}


@pytest.mark.parametrize("key", ["series", "period", "kind"])
def test_an_entry_supersedes_its_like(key: str) -> None:
    stage = make_stage()
    first = insert_entry(stage)
    with refused_by("entry_supersedes_its_like"):
        insert_entry(stage, supersedes_id=first, **REVISED | _other_key(stage, key))


def test_an_entry_is_superseded_once() -> None:
    stage = make_stage()
    first = insert_entry(stage)
    second = insert_entry(stage, value=11, supersedes_id=first, **REVISED)
    with refused_by("indicators_entry_supersedes_id_key"):
        insert_entry(stage, value=12, supersedes_id=first, **REVISED)
    insert_entry(stage, value=12, supersedes_id=second, **REVISED)


def test_there_is_one_first_entry() -> None:
    stage = make_stage()
    insert_entry(stage)
    with refused_by("entry_first_stands_once"):
        insert_entry(stage, value=11)
    insert_entry(stage, kind="baseline")


def test_the_target_of_a_milestone_is_a_day() -> None:
    stage = make_stage(**MILESTONE)
    with refused_by("value_milestone_target_is_a_day"):
        insert_entry(stage, value=1)
    insert_entry(stage, value=0, kind="baseline")


# --- the clock ---


def test_only_an_illustrative_program_plays_the_clock() -> None:
    real, illustrative = make_stage(), make_stage(program={"illustrative": True})
    for stage in (real, illustrative):
        insert_entry(stage, recorded_at=PLAYED)
        insert_step(stage, "submitted", stage.reporter, at=PLAYED)
    assert illustrative.entries()[0].recorded_at == PLAYED == illustrative.report.steps.get().at
    before = timezone.now() - timedelta(minutes=10)
    assert before < real.entries()[0].recorded_at <= timezone.now()  # type: ignore[operator]  # set by the trigger
    assert before < real.report.steps.get().at <= timezone.now()  # type: ignore[operator]  # set by the trigger


@pytest.mark.parametrize("moment", [PLAYED - timedelta(microseconds=1), timezone.now() + timedelta(days=2)])
def test_the_clock_is_not_played_back_or_ahead(moment: object) -> None:
    stage = make_stage(program={"illustrative": True})
    insert_entry(stage, recorded_at=PLAYED)
    insert_step(stage, "submitted", stage.reporter, at=PLAYED)
    sql("UPDATE indicators_report SET state = 'submitted', submission = 1 WHERE id = %s", stage.report.pk)
    stage.report.refresh_from_db()
    with refused_by("clock_goes_on"):
        insert_entry(stage, recorded_at=moment, kind="baseline")
    with refused_by("clock_goes_on"):
        insert_step(stage, "returned", stage.manager, at=moment)
    insert_entry(stage, recorded_at=PLAYED, kind="baseline")


# --- numbers and hashes ---


def assert_unbroken(program_id: int) -> int:
    """The numbers have no gap and every hash follows from the one before; how many entries there are."""
    previous = b""
    rows = sql(
        "SELECT e.number, ledger_content(e), e.hash FROM indicators_entry e"
        " WHERE e.program_id = %s ORDER BY e.number",
        program_id,
    )
    for expected, (number, content, digest) in enumerate(rows, 1):
        assert number == expected
        assert bytes(digest) == hashlib.sha256(previous + content.encode()).digest()
        previous = bytes(digest)
    return len(rows)


def test_each_program_has_its_own_unbroken_chain() -> None:
    one, two = make_stage(), make_stage()
    one.approve()
    two.approve()
    for stage in (one, two, one, two, one):
        insert_entry(stage, series_id=stage.another().pk)
    assert (assert_unbroken(one.program.pk), assert_unbroken(two.program.pk)) == (4, 3)


def test_number_hash_and_program_are_the_trigger_s() -> None:
    stage, elsewhere = make_stage(), make_stage()
    insert_entry(stage, number=7, hash=b"x" * 32, program_id=elsewhere.program.pk)
    assert assert_unbroken(stage.program.pk) == 1
    assert elsewhere.entries() == []


def test_a_refused_entry_leaves_no_gap() -> None:
    stage = make_stage()
    insert_entry(stage)
    with refused_by("entry_first_stands_once"):
        insert_entry(stage)
    insert_entry(stage, kind="baseline")
    assert assert_unbroken(stage.program.pk) == 2


def test_one_statement_may_add_what_supersedes_its_own() -> None:
    stage = make_stage()
    first = insert_entry(stage)
    values = (stage.series.pk, stage.report.period_id, stage.manager.pk)
    sql(
        "INSERT INTO indicators_entry (id, series_id, period_id, approved_by_id, kind, value, supersedes_id,"
        " change, reason, day, absence, certainty, expected, explanation, published)"
        " SELECT n, %s, %s, %s, 'target', n, n - 1, 'revises', 'More', '', '', 'exact', false, '', ''"
        " FROM generate_series(%s::bigint + 1, %s::bigint + 3) n",
        *values,
        first,
        first,
    )
    assert assert_unbroken(stage.program.pk) == 4


@pytest.mark.parametrize(
    "column", ["value = 99", "explanation = 'Because'", "recorded_at = now()", "certainty = 'about'"]
)
def test_a_changed_entry_no_longer_fits_the_chain(column: str) -> None:
    stage = make_stage()
    insert_entry(stage, recorded_at=PLAYED)
    insert_entry(stage, kind="baseline")
    with without_trigger("indicators_entry", "entry_no_change"):
        sql(f"UPDATE indicators_entry SET {column} WHERE number = 1 AND program_id = %s", stage.program.pk)
    with pytest.raises(AssertionError):
        assert_unbroken(stage.program.pk)


def test_the_decimals_that_were_given_are_part_of_the_content() -> None:
    stage = make_stage(counted=False)
    insert_entry(stage, value="10.50")
    content = sql("SELECT ledger_content(e) FROM indicators_entry e WHERE series_id = %s", stage.series.pk)
    assert '"10.50"' in content[0][0]


SETTINGS = [
    "DateStyle = 'German'",
    "DateStyle = 'SQL, MDY'",
    "TimeZone = 'Asia/Tokyo'",
    "IntervalStyle = 'iso_8601'",
    "extra_float_digits = -5",
    "bytea_output = 'escape'",
    "lc_numeric = 'C'",
    "standard_conforming_strings = off",
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_content_is_the_same_under_every_setting(setting: str) -> None:
    stage = make_stage()
    stage.approve()
    insert_entry(stage, explanation="Huánuco \\ “quoted”")
    contents = "SELECT ledger_content(e) FROM indicators_entry e WHERE program_id = %s ORDER BY number"
    before = sql(contents, stage.program.pk)
    sql(f"SET LOCAL {setting}")
    assert sql(contents, stage.program.pk) == before
    insert_entry(stage, kind="baseline")
    assert assert_unbroken(stage.program.pk) == 3


def test_what_is_withdrawn_keeps_the_chain() -> None:
    stage = make_stage()
    stage.approve()
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    sql("UPDATE indicators_result SET value = NULL WHERE report_id = %s", stage.report.pk)
    stage.report.refresh_from_db()
    insert_step(stage, "submitted", stage.reporter)
    sql("UPDATE indicators_report SET state = 'submitted', submission = 2 WHERE id = %s", stage.report.pk)
    stage.report.refresh_from_db()
    insert_step(stage, "approved", stage.manager)
    insert_actual(stage, supersedes_id=stage.entries()[0].pk, **WITHDRAWN)
    assert assert_unbroken(stage.program.pk) == 2


# --- two at once ---


@pytest.mark.django_db(transaction=True)
def test_two_transactions_at_once_make_one_chain() -> None:
    stage = make_stage()
    series = [stage.another().pk for _ in range(20)]
    start = threading.Barrier(2)

    def add(mine: list[int]) -> None:
        with transaction.atomic():
            start.wait(30)
            for key in mine:
                insert_entry(stage, series_id=key)

    assert not at_once(lambda: add(series[::2]), lambda: add(series[1::2]))
    assert assert_unbroken(stage.program.pk) == 20
    moments = [entry.recorded_at for entry in stage.entries()]
    assert moments == sorted(moments, key=str)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_gap() -> None:
    stage = make_stage()

    def fail() -> None:
        with transaction.atomic():
            insert_entry(stage)
            raise ZeroDivisionError

    def add() -> None:
        insert_entry(stage, kind="baseline")
        insert("indicators_evidence", program_id=stage.program.pk, kind="citation", text="A", published="",
               sha256="1" * 64, created_by_id=stage.manager.pk, created_at=timezone.now())  # fmt: skip

    raised = at_once(fail, add)
    assert [type(error) for error in raised] == [ZeroDivisionError]
    assert assert_unbroken(stage.program.pk) == 1
