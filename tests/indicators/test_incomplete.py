"""Scores of what is still running, or lacks something: to date, provisional, and what is said beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators import periods
from indicators.cautions import Caution
from indicators.judging import Pace, Status
from indicators.values import Direction, Meaning, Measure, OverSites
from tests.indicators.test_combining import (
    FLOW,
    HOMICIDES,
    STOCK,
    WITHDRAWN,
    WITHHELD,
    Said,
    figure,
)
from tests.indicators.test_scoring import (
    COCA,
    COMPLAINTS,
    Table,
    keyed,
    make_book,
    quarters,
    span,
    told,
)


def test_an_incomplete_one_has_a_provisional_achievement_over_the_sites_that_reported() -> None:
    book = make_book(
        actuals={1: quarters(2025, 9, 9, 9, 9), 2: quarters(2025, None, WITHHELD, WITHDRAWN)},
        targets={1: quarters(2025, 10, 10, 10, 10), 2: quarters(2025, 1, 1, 1, 1)},
    )
    score = book.score(span("2025"))
    assert told(score) == ("36", "4/8", "90.0", "incomplete")
    assert score.targets.counting == figure(44)
    assert score.against == figure(40)
    annual = make_book(actuals={1: quarters(2025, 9, 9, 9, 9)}, targets={1: {"2025": 40}, 2: {"2025": 5}})
    assert told(annual.score(span("2025"))) == ("36", "4/8", "90.0", "incomplete")
    part = make_book(actuals={1: quarters(2025, 9, 9, 9)}, targets={1: {"2025": 40}, 2: {"2025": 5}})
    assert told(part.score(span("2025"))) == ("27", "3/8", None, "incomplete")
    by_program = make_book(actuals={1: quarters(2025, 9)}, targets={None: {"2025 Q1": 20}})
    assert told(by_program.score(span("2025 Q1"))) == ("9", "1/2", None, "incomplete")


@pytest.mark.parametrize(
    ("meaning", "baselines", "said", "achievement"),
    [
        (COCA, {1: {"2024": 100}, 2: {"2024": 50}}, (60,), "80.0"),
        (COCA, {None: {"2024": 150}}, (60,), None),
        (COCA, {}, (60,), None),
        (COMPLAINTS, {1: {"2024 Q4": 100}, 2: {"2024 Q4": 50}}, (60,), "80.0"),
        (COMPLAINTS, {1: {"2024": 100}, 2: {"2024 Q4": 50}}, (60,), None),
        # of the site that did not report none is needed
        (COMPLAINTS, {1: {"2024 Q4": 100}, 2: {"2024 Q1": 50}}, (60,), "80.0"),
        (COCA, {1: {"2024": 100}}, (60,), "80.0"),
        (STOCK, {1: {"2024": 20}}, (60,), "133.3"),
        (STOCK, {2: {"2024": 20}}, (60,), "120.0"),
    ],
)
def test_a_provisional_achievement_needs_baselines_by_site(
    meaning: Meaning, baselines: Table, said: tuple[Said, ...], achievement: str | None
) -> None:
    targets: Table = {1: quarters(2025, 50), 2: quarters(2025, 40)}
    book = make_book(meaning, actuals={1: quarters(2025, *said)}, targets=targets, baselines=baselines)
    assert told(book.score(span("2025 Q1"))) == ("60", "1/2", achievement, "incomplete")


def test_a_provisional_achievement_of_an_increasing_flow_needs_no_baseline() -> None:
    targets: Table = {1: quarters(2025, 50), 2: quarters(2025, 40)}
    book = make_book(actuals={1: quarters(2025, 20)}, targets=targets, baselines={None: {"2024": 70}})
    assert told(book.score(span("2025 Q1"))) == ("20", "1/2", "40.0", "incomplete")


def test_to_date_is_not_held_against_the_targets_of_sites_for_the_whole_year() -> None:
    targets: Table = {1: {"2026": 100}, 2: {"2026": 100}}
    book = make_book(actuals={1: quarters(2026, 20)}, targets=targets, today=date(2026, 5, 1))
    score = book.score(span("2026"))
    assert told(score) == ("20", "1/2", None, "running")
    assert score.pace
    assert score.pace.of_target == Decimal("0.1")


@pytest.mark.parametrize(("meaning", "said"), [(COMPLAINTS, "20"), (HOMICIDES, "20/100000")])
def test_what_is_missing_to_date_is_not_taken_for_a_decrease(meaning: Meaning, said: Said) -> None:
    meaning = replace(meaning, direction=Direction.DECREASE)
    several: Table = {1: quarters(2026, said, said), 2: quarters(2026, said, said)}
    targets: Table = {None: {"2026": 100}}
    book = make_book(meaning, several, targets, today=date(2026, 7, 2))
    whole, part = book.score(span("2026")), replace(book, today=date(2026, 10, 2)).score(span("2026"))
    assert (whole.complete, part.complete) == ("4/4", "4/6")
    assert whole.pace
    assert whole.pace.of_target == (Decimal("0.8") if meaning.measure is Measure.NUMBER else Decimal("0.4"))
    assert part.pace is None
    rate = meaning.measure is Measure.RATIO
    assert (whole.cautions, part.cautions) == ((), (Caution.RATE_TOO_LOW,) if rate else ())


def test_a_site_that_said_nothing_takes_its_people_out_of_the_rate() -> None:
    four: Said = "2/100000"
    book = make_book(HOMICIDES, {1: quarters(2025, four, four, four, four)}, sites=(1, 2))
    score = book.score(span("2025"))
    assert (score.complete, score.cautions) == ("4/8", ())
    assert score.actual.figure
    assert score.actual.figure.value == 8


def test_a_rate_over_years_says_that_it_is_not_of_one() -> None:
    four: Said = "2/100000"
    actuals = quarters(2024, four, four, four, four) | quarters(2025, four, four, four, four)
    book = make_book(HOMICIDES, {1: actuals}, life=(date(2024, 1, 1), date(2025, 12, 31)))
    whole, leap = book.score(periods.life(*book.life)), book.score(span("2024"))
    assert (told(whole)[0], whole.cautions) == ("16", (Caution.RATE_OF_YEARS,))
    assert leap.cautions == ()
    assert make_book(FLOW, {1: quarters(2025, 1, 1, 1, 1)}).score(span("2025")).cautions == ()


def test_some_sites_are_not_held_against_the_start_and_the_target_of_all() -> None:
    several: Table = {1: quarters(2026, 60, 60), 2: quarters(2026, 30)}
    set_ones: dict[str, Any] = {"targets": {None: {"2026": 50}}, "baselines": {None: {"2025": 100}}}
    book = make_book(COCA, several, **set_ones, sites=(1, 2, 3), today=date(2026, 7, 2))
    assert told(book.score(span("2026"))) == ("90", "3/6", None, "running")
    assert book.score(span("2026")).pace is None
    filled = replace(book, actuals=keyed({site: quarters(2026, 30, 30) for site in (1, 2, 3)}))
    assert filled.score(span("2026")).pace == Pace(Decimal("0.2"), Decimal(182) / 365)


def test_a_decrease_is_not_held_against_a_baseline_of_more_months() -> None:
    book = make_book(
        COMPLAINTS,
        sites=(None,),
        actuals={None: quarters(2025, 90, 90, 90)},
        targets={None: quarters(2025, 75, 75, 75, 75)},
        baselines={None: {"2024": 400}},
    )
    assert told(book.score(span("2025"))) == ("270", "3/4", None, "incomplete")
    quarter = book.score(span("2025 Q1"))
    assert told(quarter) == ("90", "1/1", None, "behind")
    assert quarter.cautions == (Caution.BASELINE_NOT_COMPARABLE,)
    actuals = book.actuals | keyed({None: {"2025 Q4": 80}})  # type: ignore[operator]  # a dict here
    whole = replace(book, actuals=actuals).score(span("2025"))
    assert told(whole) == ("350", "4/4", "50.0", "behind")


def test_a_third_three_times_is_a_whole() -> None:
    none = quarters(2025, 0, 0, 0, 0)
    three: Table = {1: quarters(2025, 1, 1, 1, 0), 2: none, 3: none}
    meaning = replace(FLOW, over_sites=OverSites.AVERAGE)
    score = make_book(meaning, three, three | {None: {"2025": 1}}, sites=(1, 2, 3)).score(span("2025"))
    assert score.judgement.status is Status.MET
    assert score.cautions == ()


RUNNING: Table = {1: quarters(2026, 5, 5, 5), 2: quarters(2026, 5, 5, 5)}


def test_a_running_year_is_held_against_the_targets_of_the_ended_periods() -> None:
    targets: Table = {1: quarters(2026, 4, 4, 4, 9), 2: quarters(2026, 4, 4, 4, 9)}
    for meaning, value, aim in ((FLOW, "30", 24), (STOCK, "10", 8)):
        score = make_book(meaning, actuals=RUNNING, targets=targets).score(span("2026"))
        assert told(score) == (value, "6/6", "125.0", "running")
        assert (score.against, score.pace) == (figure(aim), None)
        assert score.targets.counting == figure(42 if meaning is FLOW else 18)
    assert told(make_book(actuals=RUNNING, targets=targets).score(span("2026 Q4"))) == (
        None,
        "0/2",
        None,
        "not_due",
    )


def test_a_running_year_with_an_annual_target_only() -> None:
    score = make_book(actuals=RUNNING, targets={None: {"2026": 40}}).score(span("2026"))
    assert told(score) == ("30", "6/6", None, "running")
    assert score.pace == Pace(Decimal("0.75"), Decimal(325) / 365)
    unreported = make_book(targets={None: {"2026": 40}}).score(span("2026"))
    assert (unreported.pace, unreported.judgement.status) == (None, Status.OVERDUE)
    assert make_book(actuals=RUNNING).score(span("2026")).pace is None


def test_a_running_decrease_is_held_against_a_baseline_of_the_months_to_date() -> None:
    book = make_book(
        COMPLAINTS,
        sites=(None,),
        actuals={None: quarters(2026, 70, 70, 70)},
        targets={None: quarters(2026, 60, 60, 60, 60)},
        baselines={None: quarters(2025, 100, 90, 90, 90)},
    )
    score = book.score(span("2026"))
    assert told(score) == ("210", "3/3", "66.7", "running")
    assert score.baseline
    assert len(score.baseline.periods) == 3
