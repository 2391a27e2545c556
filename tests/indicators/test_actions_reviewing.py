"""Sending back, approving and reopening: what enters the ledger, and what does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions import Changed, NotAllowed, Refused, approve, reopen, save, send_back
from indicators.actions.reporting import digest_of_results
from indicators.ledger import load_books
from indicators.models import Entry, Remark, Report, Result, Step
from indicators.periods import parse_label
from indicators.rows import Typed
from programs.models import Program, User
from tests.builders import (
    approved,
    assign,
    make_administrator,
    make_indicator,
    make_period,
    make_report,
    make_series,
    make_site,
    make_user,
    submitted,
)
from tests.indicators.stage import RATIO, Stage, make_stage

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def _approve(stage: Stage, by: User | None = None, submission: int | None = None, digest: str = "") -> Report:
    stage.report.refresh_from_db()
    return approve(
        report_id=stage.report.pk,
        by=by or stage.manager,
        submission=stage.report.submission if submission is None else submission,
        digest=digest or digest_of_results(stage.report),
    )


def _reopened(stage: Stage, value: str | Typed) -> None:
    """The approved report reopened, corrected to this value, and approved again."""
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    stage.report.refresh_from_db()
    stage.approve(value)


def _values(stage: Stage) -> list[Decimal | None]:
    return [
        entry.value for entry in Entry.objects.standing().filter(program=stage.program).order_by("number")
    ]


# --- who ---


def test_only_another_manager_approves() -> None:
    stage = make_stage()
    stage.submit()
    people = {role: make_user() for role in ("viewer", "reporter")}
    for role, user in people.items():
        assign(user, stage.program, role)
    for user in (*people.values(), stage.reporter, make_administrator(), make_user()):
        with pytest.raises(NotAllowed):
            _approve(stage, user)
        with pytest.raises(NotAllowed):
            send_back(report_id=stage.report.pk, by=user, submission=1, remarks={}, reason="No")
    assert _approve(stage).state == "approved"
    for user in (*people.values(), make_administrator()):
        with pytest.raises(NotAllowed):
            reopen(report_id=stage.report.pk, by=user, reason="No")


@pytest.mark.parametrize("when", ["typed now", "typed before it was sent back", "submitted"])
def test_nobody_reviews_their_own(when: str) -> None:
    stage = make_stage()
    second = make_user()
    assign(second, stage.program, "manager")
    typist = second if when != "submitted" else stage.reporter
    save(report_id=stage.report.pk, by=typist, typed={stage.series.pk: Typed(value="4")}, version=0)
    stage.report.refresh_from_db()
    if when == "typed before it was sent back":
        stage.submit("5")
        send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="No")
        stage.report.refresh_from_db()
        stage.submit("6")
    elif when == "typed now":
        stage.submit("4")
    else:
        stage.report = submitted(stage.report, {stage.series: "4"}, second)
    with pytest.raises(NotAllowed, match="Another manager"):
        _approve(stage, second)
    with pytest.raises(NotAllowed, match="Another manager"):
        send_back(report_id=stage.report.pk, by=second, submission=1, remarks={}, reason="No")
    assert not Entry.objects.exists()
    assert _approve(stage).state == "approved"
    with pytest.raises(NotAllowed, match="Another manager"):
        reopen(report_id=stage.report.pk, by=second, reason="A mistake")


# --- sending back ---


def test_sending_back_leaves_remarks_on_rows() -> None:
    stage = make_stage()
    stage.submit()
    send_back(
        report_id=stage.report.pk, by=stage.manager, submission=1, remarks={stage.series.pk: " Twice? "}
    )
    assert Report.objects.get(pk=stage.report.pk).state == "returned"
    remark = Remark.objects.get()
    assert (remark.text, remark.step.kind, remark.step.by) == ("Twice?", "returned", stage.manager)


@pytest.mark.parametrize(("remark", "reason"), [("", " "), (" ", ""), ("a\x00", ""), ("", "a\x00")])
def test_sending_back_needs_words_that_can_be_kept(remark: str, reason: str) -> None:
    stage = make_stage()
    stage.submit()
    said = {stage.series.pk: remark}
    with pytest.raises(Refused):
        send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks=said, reason=reason)
    assert Report.objects.get(pk=stage.report.pk).state == "submitted"


def test_no_remark_on_a_row_of_another_report() -> None:
    stage = make_stage()
    stage.submit()
    for foreign in (make_stage().series, make_series(stage.indicator, make_site(stage.program))):
        with pytest.raises(Refused, match="no such row"):
            send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={foreign.pk: "No"})
    assert not Remark.objects.exists()


# --- approving ---


def test_an_approval_enters_what_was_submitted_and_who_did_it() -> None:
    stage = make_stage()
    stage.another(**RATIO)
    other = stage.program.series.exclude(pk=stage.series.pk).get()
    report = stage.report
    row = Typed(value="12", certainty="about", explanation="Floods", evidence="A report", published="2026")
    rows: dict[object, str | Typed] = {stage.series: row, other: Typed(numerator="1", denominator="4")}
    approved(report, rows, stage.reporter, stage.manager)  # type: ignore[arg-type]  # keys are series
    one, two = stage.entries()
    assert (one.value, one.certainty, one.explanation, one.published) == (12, "about", "Floods", "2026")
    assert (two.value, two.numerator, two.denominator) == (None, 1, 4)
    step = Step.objects.get(kind="approved")
    assert {(e.kind, e.approval, e.submitted_by, e.approved_by) for e in (one, two)} == {
        ("actual", step, stage.reporter, stage.manager)
    }
    assert step.digest == digest_of_results(report)


def test_what_changed_since_the_page_was_opened_is_not_approved() -> None:
    stage = make_stage()
    stage.submit("5")
    digest = digest_of_results(stage.report)
    send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="No")
    stage.report.refresh_from_db()
    stage.submit("6")
    with pytest.raises(Changed, match="anew"):
        _approve(stage, submission=1)
    with pytest.raises(Changed, match="changed"):
        _approve(stage, digest=digest)
    assert not Entry.objects.exists()
    assert not Step.objects.filter(kind="approved").exists()


@pytest.mark.parametrize("state", ["draft", "approved", "returned"])
def test_only_what_is_submitted_is_approved_or_sent_back(state: str) -> None:
    stage = make_stage()
    if state != "draft":
        stage.approve()
    if state == "returned":
        reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    before = Entry.objects.count()
    with pytest.raises(Refused):
        _approve(stage)
    with pytest.raises(Refused):
        send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks={}, reason="No")
    assert Entry.objects.count() == before


def test_a_locked_period_takes_no_review() -> None:
    approved_one, waiting = make_stage(), make_stage()
    approved_one.approve()
    waiting.submit()
    period = waiting.report.period
    period.locked = True
    period.save()
    actions: list[Callable[[], object]] = [
        lambda: _approve(waiting),
        lambda: send_back(
            report_id=waiting.report.pk, by=waiting.manager, submission=1, remarks={}, reason="No"
        ),
        lambda: reopen(report_id=approved_one.report.pk, by=approved_one.manager, reason="No"),
    ]
    for action in actions:
        with pytest.raises(Refused, match="locked"):
            action()


# --- reopening and correcting ---


@pytest.mark.parametrize("reason", ["", "  ", "a\x00"])
def test_reopening_needs_a_reason(reason: str) -> None:
    stage = make_stage()
    stage.approve()
    with pytest.raises(Refused):
        reopen(report_id=stage.report.pk, by=stage.manager, reason=reason)
    assert Report.objects.get(pk=stage.report.pk).state == "approved"


def test_figures_stay_in_force_until_the_correction_is_approved() -> None:
    stage = make_stage()
    stage.approve("12")
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
    assert _values(stage) == [12]
    stage.report.refresh_from_db()
    stage.submit("13")
    assert _values(stage) == [12]
    stage.sign()
    assert _values(stage) == [13]
    first, second = stage.entries()
    assert second.supersedes == first
    assert [step.kind for step in stage.report.steps.all()] == [
        "submitted", "approved", "reopened", "submitted", "approved",
    ]  # fmt: skip


DIFFERENT = [
    Typed(value="13"),
    Typed(value="12.0"),
    Typed(value="12", certainty="about"),
    Typed(value="12", explanation="Floods"),
    Typed(value="12", evidence="A report"),
    Typed(absence="withheld"),
]


@pytest.mark.parametrize("row", DIFFERENT)
def test_a_correction_supersedes_what_differs_in_anything(row: Typed) -> None:
    stage = make_stage(counted=False)
    other = stage.another()
    both: dict[object, str | Typed] = {stage.series: "12", other: "7"}
    approved(stage.report, both, stage.reporter, stage.manager)  # type: ignore[arg-type]  # keys are series
    stage.report.refresh_from_db()
    _reopened(stage, row)
    *_before, last = stage.entries()
    assert len(stage.entries()) == 3
    assert last.supersedes is not None
    assert last.supersedes.series == last.series == stage.series


@pytest.mark.parametrize("spelling", ["12", " 12 ", "+12"])
def test_approving_the_same_again_adds_nothing(spelling: str) -> None:
    stage = make_stage()
    stage.approve("12")
    _reopened(stage, spelling)
    assert len(stage.entries()) == 1


def test_what_is_gone_is_withdrawn_and_may_come_back() -> None:
    stage = make_stage()
    optional = stage.another(frequency="irregular")
    for values in ({stage.series: "1", optional: "2"}, {optional: ""}, {stage.series: "1"}, {optional: "2"}):
        if stage.report.state == "approved":
            reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake")
            stage.report.refresh_from_db()
        approved(stage.report, values, stage.reporter, stage.manager)
        stage.report.refresh_from_db()
    ledger = Entry.objects.filter(series=optional).order_by("number")
    assert list(ledger.values_list("value", "absence")) == [(2, ""), (None, "withdrawn"), (2, "")]
    assert ledger[2].supersedes == ledger[1]
    assert len(stage.entries()) == 4


VALUES = st.sampled_from(["0", "5", "1,200", "withheld", "no_activity"])


def _row(text: str) -> Typed:
    return Typed(absence=text) if text.isidentifier() else Typed(value=text)


def _total(program: Program) -> Decimal | None:
    book = load_books([program], today=TODAY)[program.pk]
    figure = book.score(book.indicators[0], parse_label("2026 Q3")).actual.figure
    return figure.value if figure else None


@given(st.lists(VALUES, min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("db")
def test_approve_reopen_approve_the_same_changes_no_total(texts: list[str]) -> None:
    stage = make_stage()
    stage.approve(_row(texts[0]))
    for text in texts[1:]:
        _reopened(stage, _row(text))
    ledger, total = Entry.objects.filter(program=stage.program).count(), _total(stage.program)
    _reopened(stage, _row(texts[-1]))
    assert Entry.objects.filter(program=stage.program).count() == ledger
    assert _total(stage.program) == total
    assert ledger == 1 + sum(one != other for one, other in pairwise(texts))


@given(st.lists(VALUES, min_size=3, max_size=3), st.permutations(range(3)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("db")
def test_the_order_of_reports_does_not_matter(texts: list[str], order: list[int]) -> None:
    totals = []
    for sequence in (range(3), order):
        stage = make_stage()
        sites = [stage.site, make_site(stage.program), make_site(stage.program)]
        series = [stage.series, *(make_series(stage.indicator, site) for site in sites[1:])]
        for n in sequence:
            report = make_report(stage.program, sites[n], make_period("2026 Q3"))
            approved(report, {series[n]: _row(texts[n])}, stage.reporter, stage.manager)
        totals.append(_total(stage.program))
    assert totals[0] == totals[1]
    if "withheld" not in texts:
        assert totals[0] == sum(Decimal(text.replace(",", "")) for text in texts if text != "no_activity")


# --- speed, atomicity, two at once ---


def _queries(rows: int) -> int:
    stage = make_stage()
    series = [
        stage.series,
        *(make_series(make_indicator(stage.program), stage.site) for _ in range(rows - 1)),
    ]
    row = Typed(value="5", evidence="A report")
    submitted(stage.report, dict.fromkeys(series, row), stage.reporter)
    with CaptureQueriesContext(connection) as queries:
        _approve(stage)
    assert len(stage.entries()) == rows
    return len(queries)


def test_fifty_figures_take_no_more_queries_than_five() -> None:
    assert _queries(5) == _queries(50) <= 25


def test_an_error_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage()
    stage.submit()
    monkeypatch.setattr(Report, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        _approve(stage)
    assert not Entry.objects.exists()
    assert not Step.objects.filter(kind="approved").exists()
    assert Report.objects.get(pk=stage.report.pk).state == "submitted"


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_wins() -> None:
    stage = make_stage()
    second = make_user()
    assign(second, stage.program, "manager")
    stage.submit()
    digest, start = digest_of_results(stage.report), threading.Barrier(2)
    done: list[object] = []

    def sign(user: User) -> None:
        try:
            start.wait(30)
            done.append(approve(report_id=stage.report.pk, by=user, submission=1, digest=digest))
        except Refused as refused:
            done.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(user,)) for user in (stage.manager, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(type(one).__name__ for one in done) == ["Refused", "Report"]
    assert len(stage.entries()) == 1
    assert Step.objects.filter(kind="approved").count() == 1
    assert Result.objects.count() == 1
