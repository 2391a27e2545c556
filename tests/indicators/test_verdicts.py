"""What lists of many tell of an indicator is what its own page says: the part of a score is the whole's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indicators.books import IndicatorBook
from indicators.values import Direction, Meaning
from tests.indicators.test_combining import (
    FLOW,
    HOMICIDES,
    MILESTONE,
    NO_ACTIVITY,
    NOT_APPLICABLE,
    RATIO,
    STOCK,
    UNIQUE,
)
from tests.indicators.test_scoring import COCA, COMPLAINTS, Table, make_book, span

MEANINGS = (FLOW, STOCK, UNIQUE, COMPLAINTS, COCA, replace(UNIQUE, direction=Direction.DECREASE))
SPANS = ("2025 Q2", "2025 Q4", "2025", "2026 Q3", "2026", "2025–2027", "to publication")
SITES = st.sampled_from((1, 2, None))
SAID = st.one_of(st.integers(0, 9), st.just(NO_ACTIVITY), st.just(NOT_APPLICABLE))


def tables(*labels: str) -> st.SearchStrategy[Table]:
    """Figures of both sites and the program in some of these periods."""
    return st.dictionaries(SITES, st.dictionaries(st.sampled_from(labels), SAID, max_size=6), max_size=3)


@given(
    st.sampled_from(MEANINGS),
    tables("2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q3", "2025", "to publication"),
    tables("2025 Q2", "2025 Q4", "2026 Q3", "2025", "2026", "2025–2027"),
    tables("2024", "2024 Q3", "2024 Q4"),
)
def test_a_verdict_and_a_value_are_those_of_the_score(
    meaning: Meaning, actuals: Table, targets: Table, baselines: Table
) -> None:
    def book() -> IndicatorBook:
        return make_book(meaning, actuals, targets, baselines=baselines, sites=(1, 2, None))

    for label in SPANS:
        asked, score = span(label), book().score(span(label))
        assert book().verdict(asked) == (score.span, score.actual, score.against, score.judgement)
        assert book().actual(asked) == score.actual


def test_so_are_those_of_ratios_and_milestones() -> None:
    for meaning, said in ((RATIO, "30/60"), (HOMICIDES, "2/1000"), (MILESTONE, "done 2025-05")):
        book = make_book(meaning, {1: {"2025 Q2": said}}, {1: {"2025 Q2": said}})
        score = book.score(span("2025 Q2"))
        assert score.actual.figure is not None
        assert book.verdict(span("2025 Q2")) == score.verdict


def test_what_is_judged_from_its_baseline_is_so_in_a_verdict_too() -> None:
    actuals: Table = {1: {"2025 Q1": 8}}
    book = make_book(COCA, actuals, {1: {"2025 Q1": 6}}, baselines={1: {"2024 Q4": 10}}, sites=(1,))
    score = book.score(span("2025 Q1"))
    assert score.judgement.achievement == Decimal("0.5")
    assert book.verdict(span("2025 Q1")) == score.verdict
