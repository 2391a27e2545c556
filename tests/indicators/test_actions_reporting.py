"""Saving a draft and submitting it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions import Changed, NotAllowed, Refused, save, send_back, set_plans, submit
from indicators.actions.planning import Plan
from indicators.actions.reporting import digest_of_results
from indicators.models import Entry, Evidence, Report, ReportAuthor, Result, Series
from indicators.moments import LIMA
from indicators.periods import parse_label
from indicators.rows import FIELDS, Typed
from programs.models import User
from tests.builders import (
    assign,
    break_down,
    make_administrator,
    make_dimension,
    make_series,
    make_site,
    make_user,
    typed,
)
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage

pytestmark = pytest.mark.django_db


def _save(stage: Stage, *rows: str | Typed, by: User | None = None, version: int | None = None) -> Report:
    """The report with these texts in its rows, the stage's own first."""
    series = [
        stage.series,
        *Series.objects.exclude(pk=stage.series.pk).filter(program=stage.program).order_by("pk"),
    ]
    stage.report = save(
        report_id=stage.report.pk,
        by=by or stage.reporter,
        typed=typed(dict(zip(series, rows, strict=False))),
        version=stage.report.version if version is None else version,
    )
    return stage.report


def _submit(stage: Stage, **more: Any) -> Report:
    return submit(report_id=stage.report.pk, by=stage.reporter, version=stage.report.version, **more)


# --- who ---


@pytest.mark.parametrize("role", ["manager", "reporter"])
def test_whoever_reports_for_the_site_may_save(role: str) -> None:
    stage, user = make_stage(), make_user()
    assign(user, stage.program, role)
    assert _save(stage, "5", by=user).saved_by == user
    assert set(ReportAuthor.objects.values_list("user", flat=True)) == {user.pk}


def _outsiders(stage: Stage) -> dict[str, User]:
    people = {
        name: make_user() for name in ("viewer", "reporter of another site", "manager elsewhere", "nobody")
    }
    assign(people["viewer"], stage.program, "viewer")
    assign(people["reporter of another site"], stage.program, "reporter", make_site(stage.program))
    assign(people["manager elsewhere"], make_stage().program, "manager")
    return people | {"administrator": make_administrator()}


@pytest.mark.parametrize(
    "who", ["viewer", "reporter of another site", "manager elsewhere", "nobody", "administrator"]
)
def test_nobody_else_saves_or_submits(who: str) -> None:
    stage = make_stage()
    user = _outsiders(stage)[who]
    with pytest.raises(NotAllowed):
        _save(stage, "5", by=user)
    _save(stage, "5")
    with pytest.raises(NotAllowed):
        submit(report_id=stage.report.pk, by=user, version=1)
    assert Report.objects.get(pk=stage.report.pk).state == "draft"


# --- a draft keeps everything ---


@pytest.mark.parametrize(
    "value", ["12 or so", "1,926.5", "-3", "NaN", "1e999", "9" * 30, "=HYPERLINK(1)", "½"]
)
def test_what_was_typed_is_kept_readable_or_not(value: str) -> None:
    stage = make_stage()
    _save(stage, Typed(value=value, explanation="So", evidence="javascript:x", published="soon"))
    result = Result.objects.get()
    assert (result.typed, result.explanation) == (value, "So")
    assert (result.evidence_typed, result.published_typed) == ("javascript:x", "soon")
    assert (result.value, result.evidence) == (None, None)
    assert result.as_typed.value == value


SIGNS = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])


@given(st.lists(st.text(alphabet=SIGNS, max_size=40), min_size=7, max_size=7))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("db")
def test_any_text_is_kept_as_it_is(texts: list[str]) -> None:
    stage = make_stage(**MILESTONE)
    free = [name for name in FIELDS if name not in ("absence", "certainty")]
    row = Typed(**dict(zip(free, texts, strict=True)))
    _save(stage, row)
    if row.is_blank:
        assert not Result.objects.filter(report=stage.report).exists()
    else:
        assert Result.objects.get(report=stage.report).as_typed == row


@pytest.mark.parametrize("field", ["value", "explanation", "evidence", "day"])
@pytest.mark.parametrize("text", ["a\x00b", "x" * 2_001])
def test_what_the_database_can_not_hold_is_refused_at_its_field(field: str, text: str) -> None:
    stage = make_stage()
    _save(stage, "5")
    with pytest.raises(Refused) as caught:
        _save(stage, Typed(**{field: text}))
    [complaint] = caught.value.complaints
    assert (complaint.series_id, complaint.field) == (stage.series.pk, field)
    assert Result.objects.get().typed == "5"


@pytest.mark.parametrize(
    "row", [Typed(absence="withdrawn"), Typed(absence="lost"), Typed(value="1", certainty="sure")]
)
def test_a_choice_that_is_not_offered_is_refused(row: Typed) -> None:
    stage = make_stage()
    with pytest.raises(Refused):
        _save(stage, row)
    assert not Result.objects.exists()


def test_evidence_is_kept_once() -> None:
    stage = make_stage()
    other = stage.another()
    row = Typed(value="1", evidence="INCSR 2014", published="2014")
    _save(stage, row, row)
    _save(stage, Typed(value="2", evidence="INCSR 2014", published="2014"))
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.published) == ("citation", "2014")
    assert set(Result.objects.values_list("series", "evidence")) == {
        (stage.series.pk, evidence.pk),
        (other.pk, evidence.pk),
    }


@pytest.mark.parametrize("which", ["elsewhere", "another site", "no series"])
def test_a_foreign_row_is_refused_and_nothing_is_saved(which: str) -> None:
    stage = make_stage()
    foreign = {
        "elsewhere": make_stage().series.pk,
        "another site": make_series(stage.indicator, make_site(stage.program)).pk,
        "no series": 10**30,
    }[which]
    with pytest.raises(Refused, match="no such row"):
        save(
            report_id=stage.report.pk,
            by=stage.reporter,
            typed={stage.series.pk: Typed(value="1"), foreign: Typed(value="2")},
            version=0,
        )
    assert not Result.objects.exists()


# --- two people, and one form twice ---


def test_the_same_form_sent_twice_saves_once() -> None:
    stage = make_stage()
    first = _save(stage, "5", version=0)
    again = _save(stage, "5", version=0)
    assert (first.version, again.version) == (1, 1)
    assert first.saved_at == again.saved_at
    assert Result.objects.count() == 1


def test_a_second_save_with_an_old_version_is_refused_and_shows_both() -> None:
    stage = make_stage()
    second = make_user(first_name="Rosa", last_name="Quispe")
    assign(second, stage.program, "reporter")
    _save(stage, "5", by=second, version=0)
    with pytest.raises(Changed) as caught:
        _save(stage, "6", version=0)
    assert caught.value.saved == {stage.series.pk: Typed(value="5")}
    assert caught.value.by == "Rosa Quispe"
    assert Result.objects.get().typed == "5"


def test_rows_that_are_not_named_stay() -> None:
    stage = make_stage()
    other = stage.another()
    _save(stage, "5", "6")
    _save(stage, "7")
    assert dict(Result.objects.values_list("series", "typed")) == {stage.series.pk: "7", other.pk: "6"}


def test_a_blank_takes_back_what_was_typed() -> None:
    stage = make_stage()
    _save(stage, "5")
    _save(stage, "")
    assert Result.objects.get().value is None
    with pytest.raises(Refused):
        _submit(stage)


# --- closed ---


def test_a_submitted_report_is_closed() -> None:
    stage = make_stage()
    stage.submit()
    with pytest.raises(Refused, match="can't be changed"):
        _save(stage, "13")
    with pytest.raises(Refused):
        _submit(stage)


def test_a_locked_period_is_closed() -> None:
    stage = make_stage()
    _save(stage, "5")
    period = stage.report.period
    period.locked = True
    period.save()
    with pytest.raises(Refused, match="locked"):
        _save(stage, "6")
    with pytest.raises(Refused, match="locked"):
        _submit(stage)


# --- submitting ---


def test_submitting_needs_a_value_or_an_absence_in_every_expected_row() -> None:
    stage = make_stage()
    other = stage.another()
    _save(stage, "5")
    with pytest.raises(Refused) as caught:
        _submit(stage)
    assert [(one.series_id, one.field) for one in caught.value.complaints] == [(other.pk, "value")]
    _save(stage, "5", Typed(absence="not_yet_available"))
    report = _submit(stage)
    assert (report.state, report.submission) == ("submitted", 1)
    step = report.steps.get()
    assert (step.kind, step.by, step.digest) == ("submitted", stage.reporter, digest_of_results(report))


def test_everything_in_the_way_is_said_at_once() -> None:
    stage = make_stage()
    stage.another(**RATIO)
    _save(stage, "many", Typed(numerator="3", denominator="2"))
    with pytest.raises(Refused) as caught:
        _submit(stage)
    assert {one.field for one in caught.value.complaints} == {"value", "numerator"}
    assert Report.objects.get(pk=stage.report.pk).state == "draft"


def test_a_breakdown_has_to_add_up() -> None:
    stage = make_stage()
    dimension = make_dimension()
    break_down(stage.indicator, dimension)
    parts = [make_series(stage.indicator, stage.site, category) for category in dimension.categories.all()]
    _save(stage, "10", "4", "5")
    with pytest.raises(Refused, match="add up to 9, the whole is 10"):
        _submit(stage)
    assert len(parts) == 2
    _save(stage, "10", "4", "6")
    assert _submit(stage).state == "submitted"


@pytest.mark.parametrize(("value", "stands"), [("50", "behind"), ("150", "exceeds")])
def test_what_is_far_off_its_target_needs_an_explanation(value: str, stands: str) -> None:
    stage = make_stage()
    plan = Plan(stage.indicator.pk, parse_label("2026 Q3"), Typed(value="100"), site_id=stage.site.pk)
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="First plan")
    _save(stage, value)
    with pytest.raises(Refused, match=stands) as caught:
        _submit(stage)
    assert [one.field for one in caught.value.complaints] == ["explanation"]
    _save(stage, Typed(value=value, explanation="Floods"))
    assert _submit(stage).state == "submitted"


def test_on_the_last_day_of_its_period_what_is_far_off_needs_an_explanation_too() -> None:
    stage = make_stage(program={"illustrative": True})
    plan = Plan(stage.indicator.pk, parse_label("2026 Q3"), Typed(value="100"), site_id=stage.site.pk)
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="First plan")
    _save(stage, "20")
    with pytest.raises(Refused, match="is behind its target"):
        _submit(stage, at=datetime(2026, 9, 30, 12, tzinfo=LIMA))


def test_nothing_is_submitted_that_was_saved_since() -> None:
    stage = make_stage()
    _save(stage, "5")
    with pytest.raises(Changed):
        submit(report_id=stage.report.pk, by=stage.reporter, version=0)


def test_a_running_period_is_not_submitted() -> None:
    last = timezone.localdate() + timedelta(days=500)
    stage = make_stage(period=f"{last.year} Q4")
    _save(stage, "5")
    with pytest.raises(Refused, match="has not ended"):
        _submit(stage)
    with pytest.raises(Refused, match="has not ended"):
        _submit(stage, at=datetime(last.year + 1, 2, 1, tzinfo=UTC))  # only an illustrative clock is played


def test_what_the_site_no_longer_has_is_not_expected() -> None:
    stage = make_stage()
    closed = stage.another()
    closed.indicator.closed_on = date(2026, 6, 30)
    closed.indicator.save()
    _save(stage, "5")
    assert _submit(stage).state == "submitted"


def test_no_result_and_no_entry_comes_of_a_blank() -> None:
    stage = make_stage()
    optional = stage.another(frequency="irregular")
    stage.approve("5")
    assert not Result.objects.filter(series=optional).exists()
    assert [entry.value for entry in stage.entries()] == [Decimal(5)]


def test_what_was_sent_back_is_mended_and_submitted_again() -> None:
    stage = make_stage()
    stage.submit("5")
    send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="Twice?")
    stage.report.refresh_from_db()
    _save(stage, "4")
    assert _submit(stage).submission == 2
    assert not Entry.objects.exists()


# --- speed and atomicity ---


def _queries(rows: int) -> tuple[int, int]:
    """How many queries it takes to save and to submit so many rows."""
    stage = make_stage()
    for _ in range(rows - 1):
        stage.another()
    row = Typed(value="5", evidence="A report", explanation="So")
    with CaptureQueriesContext(connection) as saving:
        _save(stage, *[row] * rows)
    with CaptureQueriesContext(connection) as submitting:
        _submit(stage)
    assert Result.objects.filter(report=stage.report).count() == rows
    return len(saving), len(submitting)


def test_fifty_rows_take_no_more_queries_than_five() -> None:
    few, many = _queries(5), _queries(50)
    assert few == many
    assert max(many) <= 25


def test_an_error_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage()
    monkeypatch.setattr(Report, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _save(stage, Typed(value="5", evidence="A report"))
    assert not Result.objects.exists()
    assert not Evidence.objects.exists()
