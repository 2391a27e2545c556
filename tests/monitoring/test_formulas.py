"""How a figure was made, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.combining import Combined
from indicators.periods import parse_label
from indicators.values import Figure, Meaning, OverTime
from indicators.working import Part, Way, Working
from monitoring.figure.formulas import in_words, judged_in_numbers
from tests.indicators.test_combining import RATIO
from tests.indicators.test_scoring import make_book

NOTHING = Combined(None, 0, 1)


def combined(*parts: tuple[int, str]) -> Working:
    """Figures of these sites and periods, combined over time."""
    one = Combined(Figure(Decimal(1)), 1, 1)
    return Working(Way.OVER_TIME, tuple(Part(site, parse_label(label), one) for site, label in parts))


TWO = ((1, "2026 Q1"), (1, "2026 Q2"))
OF_SITES = tuple((site, f"2026 Q{number}") for number in (1, 2, 3) for site in range(6))


@pytest.mark.parametrize(
    ("rule", "parts", "said"),
    [
        (OverTime.SUM, TWO[:1], "Sum of 1 period."),
        (OverTime.SUM, TWO, "Sum of 2 periods."),
        (OverTime.SUM, OF_SITES, "Sum of 18 figures."),  # as a baseline is: of each site in each quarter
        (OverTime.AVERAGE, OF_SITES, "Average of the periods that were reported: 3."),
        (OverTime.MAXIMUM, OF_SITES, "The highest of 3 periods."),
    ],
)
def test_periods_are_counted_as_periods(
    rule: OverTime, parts: tuple[tuple[int, str], ...], said: str
) -> None:
    assert in_words(Meaning(over_time=rule), combined(*parts)) == [said]


def test_what_is_missing_is_not_counted() -> None:
    working = combined(*TWO)
    missing = Part(1, parse_label("2026 Q3"), NOTHING)
    assert in_words(Meaning(), working._replace(parts=(*working.parts, missing))) == ["Sum of 2 periods."]


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        ("4/7", "(66.6667 − 57.1429) / (66.4 − 57.1429) = 102.9 %"),
        (None, "66.6667 / 66.4 = 100.4 %"),
    ],
)
def test_who_reckons_along_comes_to_the_same_share(baseline: str | None, said: str) -> None:
    quarter, before = "2025 Q1", "2024 Q4"
    book = make_book(
        RATIO, {1: {quarter: "2/3"}}, {1: {quarter: "66.4"}}, baselines={1: {before: baseline}}, sites=(1,)
    )
    assert judged_in_numbers(RATIO, book.score(parse_label(quarter))) == said
