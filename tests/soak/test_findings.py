"""What the soak would say of losses; the soak itself is `make soak`."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from indicators.models import Step
from tests.indicators.stage import Stage, make_stage, sql
from tests.soak import findings
from tests.soak.browser import Answer
from tests.soak.findings import explains
from tests.soak.writer import Outcome, Write

KEPT, LOST = Outcome.KEPT, Outcome.LOST


def steps(kinds: str) -> list[Step]:
    return [Step(kind=kind, digest="d" if kind == "approved" else "") for kind in kinds.split()]


def attempts(kinds: Iterable[str]) -> list[Write]:
    """Kinds of steps; with a question mark those that got no answer."""
    return [
        Write(
            kind.rstrip("?"),
            report=1,
            digest="d" if kind.startswith("approved") else "",
            outcome=LOST if kind.endswith("?") else KEPT,
        )
        for kind in kinds
    ]


@pytest.mark.parametrize(
    ("tried", "there", "is_explained"),
    [
        ("submitted approved", "submitted approved", True),
        ("submitted approved", "submitted", False),
        ("submitted approved?", "submitted", True),
        ("submitted approved?", "submitted approved", True),
        ("submitted? submitted", "submitted", True),
        ("submitted? submitted", "submitted submitted", True),
        ("submitted? submitted", "", False),
        ("submitted", "submitted approved", False),
        ("submitted returned", "submitted approved", False),
        ("", "", True),
    ],
)
def test_steps_are_explained_by_what_was_answered(tried: str, there: str, is_explained: bool) -> None:
    assert explains(attempts(tried.split()), steps(there)) is is_explained


def test_an_approval_of_other_figures_explains_nothing() -> None:
    assert not explains([Write("approved", 1, digest="other", outcome=KEPT)], steps("approved"))


def saved(stage: Stage, value: str, outcome: Outcome) -> Write:
    return Write("saved", stage.report.pk, {stage.series.pk: value}, outcome=outcome)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcomes", "lost"),
    [
        ([("12", KEPT)], 0),
        ([("11", KEPT), ("12", KEPT)], 0),
        ([("11", KEPT), ("12", LOST)], 0),
        ([("12", KEPT), ("13", LOST)], 0),
        ([("12", KEPT), ("13", KEPT)], 1),
        ([("12", LOST), ("13", KEPT)], 1),
        ([("14", KEPT)], 1),
    ],
)
def test_a_save_is_there_or_under_a_later_one(outcomes: list[tuple[str, Outcome]], lost: int) -> None:
    stage = make_stage()
    stage.submit("12")

    assert len(list(findings.lost_saves([saved(stage, *one) for one in outcomes]))) == lost


@pytest.mark.django_db
def test_what_is_whole_is_not_complained_of() -> None:
    stage = make_stage()
    stage.approve("12")

    assert not [*findings.halves(), *findings.broken_chain(), *findings.wrong_totals()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE indicators_report SET state = 'submitted'", "is submitted (1) after approved"),
        ("UPDATE indicators_result SET value = 13", "has another figure in the ledger"),
        ("UPDATE indicators_step SET digest = repeat('0', 64)", "did not enter all that it approved"),
        ("DELETE FROM indicators_reportauthor", "is not held for it"),
        ("UPDATE indicators_entry SET value = 13", "does not fit"),
    ],
)
def test_what_is_half_there_is_named(statement: str, said: str) -> None:
    stage = make_stage()
    stage.approve("12")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    table = next(word for word in statement.split() if word.startswith("indicators_"))
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    sql(statement)

    assert said in " ".join([*findings.halves(), *findings.broken_chain()])


@pytest.mark.django_db
def test_a_total_that_is_not_the_sum_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    make_stage().approve("12")
    monkeypatch.setattr(findings, "TOTALS", findings.TOTALS.replace("sum(e.value)", "sum(e.value) + 1"))

    assert "is 12 on the page, 13 in the ledger" in " ".join(findings.wrong_totals())


def test_a_form_is_read_as_it_stands() -> None:
    page = """
        <form id="report" action="/reports/1/"><input name="version" value="3"><textarea name="reason">
a &lt; b</textarea></form>
        <select name="kind" form="report"><option value="">-<option value="b" selected>B</select>
        <input name="value-7" form="report">
        <form action="/reports/1/reopen/"><input name="x" value="y"></form>
    """
    answer = Answer(200, "", page)

    form, other = answer.form("report"), answer.form("/reopen/")
    assert form is not None
    assert other is not None
    assert form.fields == {"version": "3", "reason": "a < b", "kind": "b", "value-7": ""}
    assert (other.action, other.fields) == ("/reports/1/reopen/", {"x": "y"})
    assert answer.form("review") is None
