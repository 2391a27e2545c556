from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from indicators import periods
from indicators.combining import Missing
from indicators.periods import Calendar, Frequency
from indicators.series import SiteDays
from indicators.values import Meaning
from indicators.working import working_of_actual, working_of_target
from tests.indicators.test_combining import (
    FLOW,
    MILESTONE,
    RATIO,
    STOCK,
    UNIQUE,
    WITHDRAWN,
    WITHHELD,
    Said,
    figure,
)
from tests.indicators.test_scoring import Table, actual, make_book, span, told

HALVES: dict[str, Said] = {f"{year} H{number}": 5 for year in (2024, 2025, 2026) for number in (1, 2)}
FISCAL_HALVES: dict[str, Said] = {f"FY{year} H{number}": 5 for year in (2024, 2025) for number in (1, 2)}
YEARS: dict[str, Said] = {str(year): 10 for year in (2024, 2025)}
QUARTERS: dict[str, Said] = {f"{year} Q{number}": 2 for year in (2024, 2025) for number in (1, 2, 3, 4)}
MONTHS: dict[str, Said] = {f"{year}-{number:02}": 1 for year in (2024, 2025) for number in range(1, 13)}
MISFIT = (None, "0/0", None, None)


@pytest.mark.parametrize(
    ("frequency", "calendar", "row", "label", "value"),
    [
        ("half", "calendar", HALVES, "2025", "10"),
        ("half", "calendar", HALVES, "FY2025", None),  # only one half lies in it
        ("half", "calendar", HALVES, "FY2025 H2", None),  # of as many months, but other ones
        ("half", "calendar", HALVES, "2025 H2", "5"),
        ("half", "fiscal", FISCAL_HALVES, "FY2025", "10"),
        ("half", "fiscal", FISCAL_HALVES, "2024", None),
        ("year", "calendar", YEARS, "2025", "10"),
        ("year", "calendar", YEARS, "FY2025", None),
        ("year", "fiscal", {"FY2024": 10, "FY2025": 10}, "2024", None),
        ("quarter", "calendar", QUARTERS, "FY2025", "8"),
        ("quarter", "fiscal", QUARTERS, "2025", "8"),
        ("quarter", "calendar", QUARTERS, "FY2025 H1", "4"),
        ("month", "calendar", MONTHS, "FY2025", "12"),
        ("month", "fiscal", MONTHS, "2025 Q2", "3"),
    ],
)
@pytest.mark.parametrize("meaning", [FLOW, replace(FLOW, counted=False)])
def test_a_year_is_made_of_periods_only_where_they_fill_it(
    *, meaning: Meaning, frequency: str, calendar: str, row: dict[str, Said], label: str, value: str | None
) -> None:
    book = make_book(
        meaning,
        {1: row},
        {1: row},
        sites=(1,),
        frequency=Frequency(frequency),
        calendar=Calendar(calendar),
    )
    score = book.score(span(label))
    assert actual(score) == value
    assert score.targets.counting == (None if value is None else figure(value))
    if value is None:
        assert told(score) == MISFIT
        assert score.reason is Missing.MISFIT
        assert working_of_actual(book, span(label)).parts == ()
        assert working_of_target(book, span(label)).parts == ()


@pytest.mark.parametrize("meaning", [FLOW, STOCK, UNIQUE, RATIO, MILESTONE])
def test_no_rule_makes_a_value_of_what_does_not_fit(meaning: Meaning) -> None:
    said: dict[str, Said] = dict.fromkeys(HALVES, "done 2025-02" if meaning is MILESTONE else "1/2")
    table: Table = {1: said, 2: said}
    book = make_book(meaning, table, table, frequency=Frequency.HALF)
    score = book.score(span("FY2025"))
    assert told(score) == MISFIT
    assert (score.reason, score.targets.counting, score.cautions) == (Missing.MISFIT, None, ())


def test_shorter_than_its_period_it_is_not_expected() -> None:
    book = make_book(actuals={1: YEARS}, sites=(1,), frequency=Frequency.YEAR)
    for label in ("2025 Q1", "2025 H2", "2025-03"):
        assert book.score(span(label)).reason is Missing.NOT_EXPECTED


def test_a_published_stretch_of_days_is_made_of_periods_only_where_they_fill_it() -> None:
    book = make_book(actuals={1: QUARTERS}, sites=(1,))
    cut = periods.other("January to May", date(2025, 1, 1), date(2025, 5, 31))
    whole = periods.other("January to June", date(2025, 1, 1), date(2025, 6, 30))
    short = periods.other("May", date(2025, 5, 1), date(2025, 5, 31))
    assert [actual(book.score(it)) for it in (cut, whole, short)] == [None, "4", None]
    reasons = [book.score(it).reason for it in (cut, whole, short)]
    assert reasons == [Missing.MISFIT, None, Missing.NOT_EXPECTED]


@pytest.mark.parametrize(
    ("sites", "life", "value"),
    [
        ((SiteDays(1, date(2025, 1, 1), date(2025, 6, 30)),), (None, None), "5"),
        ((SiteDays(1, date(2025, 1, 1)),), (None, None), None),  # July to September are left out
        ((SiteDays(1, None, date(2025, 6, 30)),), (None, None), None),  # October to December are
        ((1,), (date(2025, 1, 1), date(2025, 6, 30)), "5"),
        ((1,), (date(2025, 1, 1), date(2025, 7, 1)), None),
        ((SiteDays(1, date(2025, 1, 1), date(2025, 6, 30)), 2), (None, None), None),
        (
            (SiteDays(1, date(2025, 1, 1), date(2025, 6, 30)), SiteDays(2, date(2025, 11, 1))),
            (None, None),
            "5",
        ),
        ((SiteDays(1, date(2030, 1, 1)),), (None, None), "5"),
    ],
)
def test_only_days_that_are_expected_have_to_be_filled(
    sites: tuple[SiteDays | int, ...], life: tuple[date | None, date | None], value: str | None
) -> None:
    book = make_book(actuals={1: {"2025 H1": 5}}, sites=sites, life=life, frequency=Frequency.HALF)
    assert actual(book.score(span("FY2025"))) == value


def test_what_a_reader_may_not_see_need_not_fit() -> None:
    days = (SiteDays(1, date(2025, 1, 1), date(2025, 6, 30)), 2)
    book = make_book(actuals={1: {"2025 H1": 5}}, sites=days, frequency=Frequency.HALF)
    assert actual(book.score(span("FY2025"), {1})) == "5"
    assert book.score(span("FY2025"), {2}).reason is Missing.MISFIT
    assert book.score(span("FY2025"), {3}).reason is Missing.NOT_EXPECTED


def test_what_was_reported_for_exactly_the_span_wins_over_what_does_not_fit() -> None:
    rest: dict[str, Any] = {"frequency": Frequency.HALF, "targets": {None: {"FY2025": 20}}}
    own = make_book(actuals={None: {"FY2025": 18}, 1: HALVES}, **rest).score(span("FY2025"))
    assert told(own) == ("18", "1/1", "90.0", "near")
    both = make_book(actuals={1: HALVES | {"FY2025": 15}, 2: HALVES | {"FY2025": 7}}, **rest)
    assert told(both.score(span("FY2025"))) == ("22", "2/2", "110.0", "met")
    one = make_book(actuals={1: HALVES | {"FY2025": 15}, 2: HALVES}, **rest).score(span("FY2025"))
    assert told(one) == ("15", "1/2", None, "incomplete")
    gone = make_book(actuals={1: HALVES | {"FY2025": WITHDRAWN}}, **rest).score(span("FY2025"))
    assert (told(gone), gone.reason) == (MISFIT, Missing.MISFIT)
    withheld = make_book(actuals={1: HALVES | {"FY2025": WITHHELD}}, sites=(1,), **rest).score(span("FY2025"))
    assert (told(withheld), withheld.reason) == ((None, "0/1", None, "incomplete"), Missing.WITHHELD)


def test_targets_set_for_exactly_the_span_win_and_disagree_with_nothing_that_does_not_fit() -> None:
    rest: dict[str, Any] = {"frequency": Frequency.HALF, "actuals": {None: {"FY2025": 18}}}
    by_program = make_book(targets={None: HALVES | {"FY2025": 20}, 1: HALVES, 2: HALVES}, **rest)
    score = by_program.score(span("FY2025"))
    assert (score.targets.counting, score.cautions) == (figure(20), ())
    by_sites = make_book(targets={1: HALVES | {"FY2025": 11}, 2: HALVES | {"FY2025": 9}}, **rest)
    assert told(by_sites.score(span("FY2025"))) == ("18", "1/1", "90.0", "near")
    neither = make_book(targets={None: HALVES, 1: HALVES, 2: HALVES}, **rest).score(span("FY2025"))
    assert told(neither) == ("18", "1/1", None, "no_target")


@pytest.mark.parametrize("today", [date(2025, 2, 1), date(2025, 8, 1), date(2025, 12, 1)])
def test_nothing_is_awaited_of_a_running_year_that_does_not_fit(today: date) -> None:
    book = make_book(actuals={}, targets={None: {"FY2025": 20}}, frequency=Frequency.HALF, today=today)
    score = book.score(span("FY2025"))
    assert (told(score), score.pace, score.targets.counting) == (MISFIT, None, figure(20))


def test_the_life_of_a_program_may_cut_its_periods() -> None:
    life = (date(2025, 2, 15), date(2025, 11, 15))
    book = make_book(actuals={1: HALVES}, sites=(1,), life=life, frequency=Frequency.HALF)
    assert actual(book.score(periods.life(*life))) == "10"
