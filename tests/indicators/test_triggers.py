"""What PostgreSQL refuses of drafts, steps and definitions, whoever asks: everything here is plain SQL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from indicators.actions import reopen, send_back
from indicators.models import ReportAuthor, Series
from tests.builders import (
    assign,
    make_period,
    make_program,
    make_series,
    make_site,
    make_user,
)
from tests.indicators.stage import (
    MEASURED,
    MILESTONE,
    RATIO,
    Stage,
    diagnosis,
    insert,
    insert_entry,
    insert_result,
    insert_step,
    make_stage,
    refused_by,
    sql,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("never_committed")]


# --- only ever added to ---

ONLY_ADDED_TO = ("entry", "step", "remark", "evidence", "reportauthor")


def _with_one_of_each() -> Stage:
    """A report that was returned with a remark, mended and approved with evidence."""
    stage = make_stage()
    stage.submit()
    send_back(
        report_id=stage.report.pk,
        by=stage.manager,
        submission=1,
        remarks={stage.series.pk: "Counted twice?"},
    )
    insert_evidence(stage)
    stage.report.refresh_from_db()
    stage.approve("11")
    return stage


def insert_evidence(stage: Stage) -> int:
    return insert(
        "indicators_evidence",
        program_id=stage.program.pk,
        kind="citation",
        text="A report",
        published="",
        sha256="0" * 64,
        created_by_id=stage.reporter.pk,
        created_at="2026-10-01T00:00:00Z",
    )


@pytest.mark.parametrize("table", ONLY_ADDED_TO)
@pytest.mark.parametrize("statement", ["UPDATE indicators_{} SET id = id", "DELETE FROM indicators_{}"])
def test_a_row_is_neither_changed_nor_deleted(table: str, statement: str) -> None:
    _with_one_of_each()
    before = sql(f"SELECT * FROM indicators_{table} ORDER BY id")
    assert before
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        sql(statement.format(table))
    said = diagnosis(caught.value)
    assert said.sqlstate == "23001"
    assert said.message_primary == (
        f"indicators_{table} is only ever added to: {statement.split(maxsplit=1)[0]} is refused"
    )
    assert sql(f"SELECT * FROM indicators_{table} ORDER BY id") == before


@pytest.mark.parametrize("table", ONLY_ADDED_TO)
def test_a_table_is_not_emptied(table: str) -> None:
    """The test database has these triggers switched off; here one is on again."""
    sql(f"ALTER TABLE indicators_{table} ENABLE TRIGGER {table}_no_truncate")
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        sql(f"TRUNCATE indicators_{table} CASCADE")
    assert diagnosis(caught.value).message_primary == (
        f"indicators_{table} is only ever added to: TRUNCATE is refused"
    )


# --- what a value may be: the same for results and for entries ---

PUBLISHED: dict[str, Any] = {**RATIO, "counted": False}
STOCK = {"accumulation": "stock", "over_time": "latest"}
VALUES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("value_has_6_decimals", MEASURED, {"value": Decimal("1.1234567")}),
    ("value_has_6_decimals", PUBLISHED, {"value": None, "numerator": Decimal("0.1234567"), "denominator": 1}),
    ("value_has_6_decimals", PUBLISHED, {"value": None, "numerator": 0, "denominator": Decimal("0.1234567")}),
    ("value_counted_is_whole", {}, {"value": -1}),
    ("value_counted_is_whole", {}, {"value": Decimal("1.5")}),
    ("value_parts_are_of_ratios", {}, {"numerator": 1, "denominator": 2}),
    ("value_parts_are_of_ratios", MILESTONE, {"value": 1, "day": "2026", "numerator": 1}),
    ("value_parts_fit", RATIO, {"value": None, "numerator": 3, "denominator": 2}),
    ("value_parts_fit", RATIO, {"value": None, "numerator": -1, "denominator": 2}),
    ("value_parts_fit", RATIO, {"value": None, "numerator": Decimal("1.5"), "denominator": 2}),
    ("value_parts_fit", RATIO, {"value": None, "numerator": 1, "denominator": Decimal("2.5")}),
    ("value_parts_fit", PUBLISHED | {"may_exceed": True}, {"value": None, "numerator": 1, "denominator": -2}),
    ("value_parts_fit", RATIO, {"value": 50, "numerator": 1, "denominator": 2}),
    ("value_milestone_is_done_or_not", MILESTONE, {"value": 2, "day": "2026"}),
    ("value_day_is_of_milestones", {}, {"day": "2026"}),
    ("value_day_is_of_milestones", MILESTONE, {"value": 0, "day": "2026"}),
    ("value_no_activity_is_of_flows", STOCK, {"value": None, "absence": "no_activity"}),
]  # fmt: skip
FINITE = [
    (meaning, column, number)
    for meaning, column in ((MEASURED, "value"), ({**PUBLISHED, "may_exceed": True}, "numerator"),
                            ({**PUBLISHED, "may_exceed": True}, "denominator"))
    for number in ("NaN", "Infinity", "-Infinity", "1e15", "-1e15", "1e999")
    if (column, number) not in {("denominator", "-Infinity"), ("denominator", "-1e15")}
]  # fmt: skip


@pytest.mark.parametrize("write", [insert_result, insert_entry], ids=["result", "entry"])
@pytest.mark.parametrize(("constraint", "meaning", "columns"), VALUES)
def test_a_value_fits_its_indicator(
    constraint: str, meaning: dict[str, Any], columns: dict[str, Any], write: Callable[..., int]
) -> None:
    stage = make_stage(**meaning)
    with refused_by(constraint):
        write(stage, **columns)


@pytest.mark.parametrize("table", ["result", "entry"])
@pytest.mark.parametrize(("meaning", "column", "number"), FINITE)
def test_numbers_are_finite_and_of_15_digits(
    meaning: dict[str, Any], column: str, number: str, table: str
) -> None:
    stage = make_stage(**meaning)
    parts = {} if column == "value" else {"value": None, "numerator": 1, "denominator": 1}
    with refused_by(f"{table}_{column}_is_finite"):
        (insert_result if table == "result" else insert_entry)(stage, **parts | {column: Decimal(number)})


@pytest.mark.parametrize("write", [insert_result, insert_entry], ids=["result", "entry"])
@pytest.mark.parametrize(
    ("meaning", "columns"),
    [
        ({}, {"value": 0}),
        (MEASURED, {"value": Decimal("-999999999999999.999999")}),
        (RATIO, {"value": None, "numerator": 0, "denominator": 0}),
        (RATIO, {"value": Decimal("39.5")}),
        (RATIO | {"may_exceed": True}, {"value": None, "numerator": 3, "denominator": 2}),
        (MILESTONE, {"value": 1, "day": "2026-03"}),
        ({}, {"value": None, "absence": "no_activity"}),
    ],
)
def test_a_sound_value_is_taken(
    meaning: dict[str, Any], columns: dict[str, Any], write: Callable[..., int]
) -> None:
    write(make_stage(**meaning), **columns)


# --- drafts ---


def _foreign_series(stage: Stage) -> dict[str, Series]:
    elsewhere = make_stage()
    return {
        "another program": elsewhere.series,
        "another site": make_series(stage.indicator, make_site(stage.program)),
        "the program": stage.another(reported_by="program"),
        "no site": make_series(stage.indicator, None),
    }


@pytest.mark.parametrize("which", ["another program", "another site", "the program", "no site"])
def test_a_result_is_of_a_series_of_its_report(which: str) -> None:
    stage = make_stage()
    with refused_by("result_series_is_of_its_report"):
        insert_result(stage, series_id=_foreign_series(stage)[which].pk)


def test_a_program_s_report_takes_no_total_of_what_its_sites_report() -> None:
    stage = make_stage(reported_by="program")
    total = make_series(stage.another().indicator, None)
    with refused_by("result_series_is_of_its_report"):
        insert_result(stage, series_id=total.pk)


@pytest.mark.parametrize("write", [insert_result, insert_entry], ids=["result", "entry"])
def test_evidence_is_of_its_program(write: Callable[..., int]) -> None:
    stage = make_stage()
    with refused_by("evidence_is_of_its_program"):
        write(stage, evidence_id=insert_evidence(make_stage()))
    write(stage, evidence_id=insert_evidence(stage))


def test_the_key_of_a_result_stays() -> None:
    stage = make_stage()
    result, other = insert_result(stage), stage.another()
    with refused_by("result_key_stays"):
        sql("UPDATE indicators_result SET series_id = %s WHERE id = %s", other.pk, result)


CHANGES = [
    "UPDATE indicators_result SET value = 13 WHERE report_id = %s",
    "DELETE FROM indicators_result WHERE report_id = %s",
]


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("state", ["submit", "approve"])
def test_a_report_that_is_not_open_keeps_its_results(statement: str, state: str) -> None:
    stage = make_stage()
    other = stage.another()
    sql("UPDATE indicators_series SET from_on = '2030-01-01' WHERE id = %s", other.pk)
    getattr(stage, state)()
    with refused_by("result_report_is_open"):
        sql(statement, stage.report.pk)
    with refused_by("result_report_is_open"):
        insert_result(stage, series_id=other.pk)


def _lock(stage: Stage) -> None:
    sql("UPDATE indicators_period SET locked = true WHERE id = %s", stage.report.period_id)


def test_a_locked_period_keeps_results_reports_and_steps() -> None:
    stage = make_stage()
    insert_result(stage)
    _lock(stage)
    for statement in CHANGES:
        with refused_by("period_is_locked"):
            sql(statement, stage.report.pk)
    with refused_by("period_is_locked"):
        insert_result(stage, series_id=stage.another().pk)
    with refused_by("period_is_locked"):
        insert_step(stage, "submitted", stage.reporter)
    with refused_by("period_is_locked"):
        sql("UPDATE indicators_report SET version = 1 WHERE id = %s", stage.report.pk)


def test_a_locked_period_takes_targets() -> None:
    stage = make_stage()
    _lock(stage)
    first = insert_entry(stage)
    insert_entry(stage, value=11, supersedes_id=first, change="revises", reason="Less money")


# --- steps and states ---


def test_who_typed_or_submitted_is_an_author_for_good() -> None:
    stage = make_stage()
    second = make_user()
    assign(second, stage.program, "reporter")
    result = insert_result(stage)
    sql("UPDATE indicators_result SET typed_by_id = %s WHERE id = %s", second.pk, result)
    insert_step(stage, "submitted", stage.manager)
    authors = ReportAuthor.objects.filter(report=stage.report).values_list("user", flat=True)
    assert set(authors) == {stage.reporter.pk, second.pk, stage.manager.pk}


@pytest.mark.parametrize("how", ["typed", "submitted", "typed earlier"])
def test_nobody_approves_what_they_typed_or_submitted(how: str) -> None:
    stage = make_stage()
    result = insert_result(stage, typed_by_id=(stage.manager if how != "submitted" else stage.reporter).pk)
    if how == "typed earlier":
        sql("UPDATE indicators_result SET typed_by_id = %s WHERE id = %s", stage.reporter.pk, result)
    insert_step(stage, "submitted", stage.manager if how == "submitted" else stage.reporter)
    _put(stage, "submitted", 1)
    stage.report.refresh_from_db()
    with refused_by("step_approved_by_another"):
        insert_step(stage, "approved", stage.manager)
    insert_step(stage, "approved", make_user())


def _put(stage: Stage, state: str, submission: int) -> None:
    sql(
        "UPDATE indicators_report SET state = %s, submission = %s WHERE id = %s",
        state,
        submission,
        stage.report.pk,
    )


def _returned(stage: Stage) -> None:
    stage.submit()
    send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="Why?")


PREPARE: dict[str, Callable[[Stage], object]] = {
    "draft": lambda stage: None,
    "submitted": Stage.submit,
    "returned": _returned,
    "approved": Stage.approve,
}
STEPS = {"submitted", "returned", "approved", "reopened"}
ALLOWED = {
    "draft": {"submitted"},
    "submitted": {"returned", "approved"},
    "returned": {"submitted"},
    "approved": {"reopened"},
}


@pytest.mark.parametrize(("state", "kind"), [(s, k) for s in ALLOWED for k in sorted(STEPS - ALLOWED[s])])
def test_a_step_fits_the_state(state: str, kind: str) -> None:
    stage = make_stage()
    PREPARE[state](stage)
    stage.report.refresh_from_db()
    with refused_by("step_fits_the_state"):
        insert_step(stage, kind, make_user(), reason="So")


@pytest.mark.parametrize(("state", "kind"), [(s, k) for s in ALLOWED for k in sorted(ALLOWED[s])])
def test_a_step_counts_the_right_submission(state: str, kind: str) -> None:
    stage = make_stage()
    PREPARE[state](stage)
    stage.report.refresh_from_db()
    right = stage.report.submission + (kind == "submitted")
    with refused_by("step_fits_the_state"):
        insert_step(stage, kind, make_user(), reason="So", submission=right + 1)
    insert_step(stage, kind, make_user(), reason="So", submission=right)


@pytest.mark.parametrize("state", list(ALLOWED))
@pytest.mark.parametrize("to", ["draft", "submitted", "returned", "approved"])
@pytest.mark.parametrize("more", [0, 1])
def test_no_state_without_its_step(state: str, to: str, more: int) -> None:
    stage = make_stage()
    PREPARE[state](stage)
    stage.report.refresh_from_db()
    if state == to and not more:
        _put(stage, to, stage.report.submission)
        return
    with refused_by("report_state_follows_a_step"):
        _put(stage, to, stage.report.submission + more)


def test_a_step_of_an_earlier_submission_moves_nothing() -> None:
    stage = make_stage()
    stage.approve()
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    stage.report.refresh_from_db()
    with refused_by("report_state_follows_a_step"):
        _put(stage, "approved", 1)
    with refused_by("report_state_follows_a_step"):
        _put(stage, "submitted", 1)


@pytest.mark.parametrize("columns", [{"state": "approved"}, {"submission": 1}])
def test_a_report_begins_as_a_draft(columns: dict[str, Any]) -> None:
    stage = make_stage()
    values: dict[str, Any] = {"state": "draft", "submission": 0, "version": 0}
    period = make_period("2026 Q2")
    with refused_by("report_begins_as_draft"):
        insert(
            "indicators_report", program_id=stage.program.pk, period_id=period.pk, site_id=stage.site.pk,
            **values | columns,
        )  # fmt: skip


@pytest.mark.parametrize("column", ["program_id", "site_id", "period_id"])
def test_the_key_of_a_report_stays(column: str) -> None:
    stage = make_stage()
    other = {
        "program_id": make_program().pk,
        "site_id": make_site(stage.program).pk,
        "period_id": make_period("2026 Q2").pk,
    }
    with refused_by("report_key_stays"):
        sql(f"UPDATE indicators_report SET {column} = %s WHERE id = %s", other[column], stage.report.pk)


def test_a_remark_is_on_a_row_of_the_report_that_is_sent_back() -> None:
    stage = make_stage()
    stage.submit()
    submitted = stage.report.steps.get()
    with refused_by("remark_is_on_a_row_of_its_report"):
        insert("indicators_remark", step_id=submitted.pk, series_id=stage.series.pk, text="No")
    step = insert_step(stage, "returned", stage.manager)
    for series in _foreign_series(stage).values():
        with refused_by("remark_is_on_a_row_of_its_report"):
            insert("indicators_remark", step_id=step, series_id=series.pk, text="No")
    insert("indicators_remark", step_id=step, series_id=stage.series.pk, text="Yes")
