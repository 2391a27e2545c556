"""A step that is committed has its state, and an approval its entries, whoever asks."""

from __future__ import annotations

import pytest

from indicators.actions import reopen, send_back
from indicators.models import Entry, Series
from indicators.rows import Typed
from tests.builders import submitted
from tests.indicators.stage import (
    Stage,
    insert_actual,
    insert_step,
    make_stage,
    refused_by,
    sql,
)

pytestmark = pytest.mark.django_db


def _put(stage: Stage, state: str) -> None:
    sql("UPDATE indicators_report SET state = %s WHERE id = %s", state, stage.report.pk)


def _reopened(stage: Stage) -> None:
    stage.approve()
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    stage.report.refresh_from_db()


@pytest.mark.parametrize("kind", ["submitted", "returned", "approved", "reopened"])
def test_a_step_alone_does_not_stand(kind: str) -> None:
    stage = make_stage()
    if kind in ("returned", "approved"):
        stage.submit()
    if kind == "reopened":
        stage.approve()
    with refused_by("step_is_followed"):
        insert_step(stage, kind, stage.reporter if kind == "submitted" else stage.manager, reason="So")


def test_a_step_with_an_id_of_its_own_choice_does_not_escape() -> None:
    stage = make_stage()
    stage.submit()
    with refused_by("step_is_followed"):
        insert_step(stage, "approved", stage.manager, id=-7)


def test_every_step_of_the_actions_is_followed() -> None:
    stage = make_stage()
    stage.submit()
    send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="Why?")
    stage.report.refresh_from_db()
    _reopened(stage)
    stage.approve("13")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert stage.report.submission == 3


def test_no_approval_without_its_entries() -> None:
    stage = make_stage()
    stage.submit()
    with refused_by("report_approved_is_entered"):
        insert_step(stage, "approved", stage.manager)
        _put(stage, "approved")


def test_no_approval_with_some_of_its_entries() -> None:
    stage = make_stage()
    rows: dict[Series, str | Typed] = {stage.series: "12", stage.another(): "12"}
    stage.report = submitted(stage.report, rows, stage.reporter)
    with refused_by("report_approved_is_entered"):
        insert_step(stage, "approved", stage.manager)
        insert_actual(stage)
        _put(stage, "approved")


def test_a_figure_that_stayed_needs_no_new_entry() -> None:
    stage = make_stage()
    _reopened(stage)
    stage.submit("12")
    insert_step(stage, "approved", stage.manager)
    _put(stage, "approved")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert Entry.objects.count() == 1


def test_a_figure_that_changed_needs_one() -> None:
    stage = make_stage()
    _reopened(stage)
    stage.submit("13")
    with refused_by("report_approved_is_entered"):
        insert_step(stage, "approved", stage.manager)
        _put(stage, "approved")


def test_a_figure_that_is_gone_is_withdrawn() -> None:
    stage = make_stage()
    _reopened(stage)
    sql("UPDATE indicators_result SET value = NULL WHERE report_id = %s", stage.report.pk)
    insert_step(stage, "submitted", stage.reporter)
    sql("UPDATE indicators_report SET state = 'submitted', submission = 2 WHERE id = %s", stage.report.pk)
    stage.report.refresh_from_db()
    first = stage.entries()[0].pk
    with refused_by("report_approved_is_entered"):
        insert_step(stage, "approved", stage.manager)
        _put(stage, "approved")
    insert_step(stage, "approved", stage.manager)
    insert_actual(stage, value=None, absence="withdrawn", supersedes_id=first)
    _put(stage, "approved")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert [entry.absence for entry in stage.entries()] == ["", "withdrawn"]
