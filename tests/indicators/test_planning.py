from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods
from indicators.combining import Missing, Site
from indicators.periods import Span
from indicators.planning import Baseline, Recorded, Targets, baseline_before, counting_target
from indicators.values import Change, Direction, Figure, Meaning, OverSites, OverTime
from tests.indicators.planned import combine_plan
from tests.indicators.test_combining import (
    FLOW,
    HOMICIDES,
    MILESTONE,
    NOT_APPLICABLE,
    QUARTERS,
    RATIO,
    STOCK,
    UNIQUE,
    WITHDRAWN,
    WITHHELD,
    YEAR,
    Said,
    figure,
)

ENDED_ON = date(2025, 12, 31)
COMPLAINTS = replace(FLOW, direction=Direction.DECREASE)


@pytest.mark.parametrize(
    ("chain", "counting", "original", "latest", "set_later"),
    [
        # each link: + revises or = corrects, the value (W for withdrawn), @ the year it was recorded
        ("", None, None, None, False),
        ("10@2024", 10, 10, 10, False),
        ("10@2026", 10, 10, 10, True),
        ("W@2024", None, None, None, False),
        ("10@2024 +20@2025", 20, 10, 20, False),
        ("10@2024 +20@2026", 10, 10, 20, False),
        ("10@2024 =20@2026", 20, 20, 20, False),
        ("10@2024 =20@2026 =30@2027", 30, 30, 30, False),
        ("10@2024 +20@2026 =30@2027", 10, 10, 30, False),  # corrects a revision that does not count
        ("10@2024 +20@2025 =30@2026", 30, 10, 30, False),
        ("10@2024 +20@2025 =30@2026 +40@2026 =50@2026", 30, 10, 50, False),
        ("10@2024 =15@2025 +20@2026", 15, 15, 20, False),
        ("10@2026 =20@2026 +30@2027", 20, 20, 30, True),
        ("10@2026 +20@2027", 10, 10, 20, True),
        ("10@2024 +W@2025", None, 10, None, False),
        ("10@2024 =W@2026", None, None, None, False),
        ("10@2024 +W@2026", 10, 10, None, False),
        ("10@2024 +W@2025 +20@2026", 20, 10, 20, True),
        ("10@2024 +W@2025 =20@2026", 20, 10, 20, False),
        ("10@2024 =W@2026 +20@2026", 20, 20, 20, True),
        ("10@2026 =W@2026 +20@2027", 20, 20, 20, True),
    ],
)
def test_the_target_that_counts(
    chain: str, counting: int | None, original: int | None, latest: int | None, set_later: bool
) -> None:
    result = counting_target(_history(chain), ENDED_ON)
    assert result == Targets(figure(counting), figure(original), figure(latest), set_later)


def _history(chain: str) -> list[Recorded]:
    history = []
    for link in chain.split():
        value, year = link.strip("+=").split("@")
        change = {"+": Change.REVISES, "=": Change.CORRECTS}.get(link[0])
        said = WITHDRAWN if value == "W" else figure(value)
        assert said
        history.append(Recorded(said, date(int(year), 6, 1), change))
    return history


def test_a_day_means_its_end() -> None:
    ten = Figure(value=Decimal(10))
    assert not counting_target([Recorded(ten, ENDED_ON)], ENDED_ON).set_later
    assert counting_target([Recorded(ten, date(2026, 1, 1))], ENDED_ON).set_later


@pytest.mark.parametrize("chain", ["10@2024", "10@2024 +20@2026"])
def test_of_a_period_without_a_last_day_the_latest_counts(chain: str) -> None:
    result = counting_target(_history(chain), None)
    assert result.counting == result.latest
    assert not result.set_later


LINKS = st.tuples(st.sampled_from("+="), st.sampled_from(["W", "1", "2", "3"]), st.integers(2024, 2027))


@given(st.lists(LINKS, max_size=6))
def test_revisions_after_the_end_never_change_what_counts(links: list[tuple[str, str, int]]) -> None:
    links.sort(key=lambda link: link[2])
    history = _history(" ".join(f"{mark}{value}@{year}" for mark, value, year in links))
    result = counting_target(history, ENDED_ON)
    revision = Recorded(Figure(value=Decimal(99)), date(2028, 1, 1), Change.REVISES)
    if result.counting is not None:
        assert counting_target([*history, revision], ENDED_ON)._replace(latest=result.latest) == result


def planned(
    meaning: Meaning, table: dict[Site, list[Said]], exact: dict[Site, Said] | None = None, **rest: set[Site]
) -> tuple[str | None, bool, Missing | None]:
    figures = {
        (site, quarter): found
        for site, row in table.items()
        for quarter, said in zip(QUARTERS, row, strict=False)
        if (found := figure(said))
    }
    figures |= {(site, YEAR): found for site, said in (exact or {}).items() if (found := figure(said))}
    expected = {site: QUARTERS[: len(row)] for site, row in table.items()}
    plan = combine_plan(meaning, YEAR, figures, expected, rest.get("open_at_end", set(table)))
    value = plan.figure and (plan.figure.day or plan.figure.value)
    return (None if value is None else str(value), plan.disagrees, plan.reason)


@pytest.mark.parametrize(
    ("meaning", "table", "exact", "value", "disagrees", "reason"),
    [
        (FLOW, {1: [1, 2], 2: [3, 4]}, {}, "10", False, None),
        (FLOW, {1: [1, None]}, {}, None, False, "not_reported"),
        (FLOW, {1: [1, WITHHELD]}, {}, None, False, "not_reported"),
        (FLOW, {1: [1, NOT_APPLICABLE]}, {}, "1", False, None),
        (FLOW, {}, {}, None, False, "not_expected"),
        (FLOW, {1: [None, None]}, {None: 40}, "40", False, None),
        (FLOW, {1: [None, None]}, {1: 40}, "40", False, None),
        (FLOW, {1: [None], 2: [None]}, {1: 40, 2: 2}, "42", False, None),
        (FLOW, {1: [None], 2: [7]}, {1: 40}, "47", False, None),
        (FLOW, {1: [None], 2: [None]}, {1: 40}, None, False, "not_reported"),
        (FLOW, {1: [1, 2]}, {None: 3}, "3", False, None),
        (FLOW, {1: [1, 2]}, {None: "3.0"}, "3.0", False, None),
        (FLOW, {1: [1, 2]}, {None: 4}, "4", True, None),
        (FLOW, {1: [1, 2]}, {1: 4}, "4", True, None),
        (FLOW, {1: [1, 2]}, {None: 4, 1: 4}, "4", True, None),
        (FLOW, {1: [1, 2]}, {None: WITHDRAWN}, "3", False, None),
        (FLOW, {1: [1, 2]}, {None: WITHHELD}, "3", False, None),
        (FLOW, {None: [1, 2]}, {None: 4}, "4", True, None),
        (UNIQUE, {1: [1], 2: [2]}, {}, None, False, "not_added"),
        (UNIQUE, {1: [1], 2: [2]}, {None: 2}, "2", False, None),
        (STOCK, {1: [1, 2], 2: [10, 20]}, {}, "22", False, None),
        (STOCK, {1: [None, 2]}, {}, "2", False, None),  # only the last is needed
        (STOCK, {1: [1, None]}, {}, None, False, "not_reported"),
        (RATIO, {1: ["60", "60"], 2: ["60", "60.0"]}, {}, "60", False, None),
        (RATIO, {1: ["60", "61"]}, {}, None, False, "different"),
        (RATIO, {1: ["1/2", "1/4"]}, {}, None, False, "different"),  # with their parts too
        (RATIO, {1: ["1/2", "2/4"], 2: ["50", "3/6"]}, {}, "50", False, None),
        (RATIO, {1: ["1/2", "2/4"], 2: ["5/10", "3/6"]}, {}, "50", False, None),
        (RATIO, {1: ["1/2"], 2: ["1/4"]}, {}, None, False, "different"),
        (RATIO, {1: ["1/2"], 2: ["1/4"]}, {None: "40"}, "40", False, None),
        (RATIO, {1: ["1/2", "1/4"]}, {1: "40"}, "40", False, None),
        (RATIO, {1: ["1/2", NOT_APPLICABLE]}, {}, "50", False, None),
        (RATIO, {1: ["0/0", "0/0"]}, {}, None, False, None),
        (HOMICIDES, {1: ["2/100000", "2/100000"]}, {}, "4", False, None),  # summed over the same people
        (HOMICIDES, {1: ["2/100000", "3/100000"]}, {}, None, False, "different"),
        (HOMICIDES, {1: ["2", "2"]}, {}, None, False, "different"),  # 2 in each quarter is not 2 in the year
        (HOMICIDES, {1: ["2"], 2: ["2"]}, {}, "2", False, None),
        (HOMICIDES, {1: [None, "2"]}, {}, None, False, "not_reported"),
        (replace(HOMICIDES, numerator_over_time=OverTime.LATEST), {1: ["2", "3"]}, {}, "3", False, None),
        (
            replace(RATIO, over_time=OverTime.LATEST),
            {1: ["60", "75"], 2: ["50", "75"]},
            {},
            "75",
            False,
            None,
        ),
        (replace(RATIO, over_time=OverTime.NONE), {1: ["60", "60"]}, {}, None, False, "not_added"),
        (replace(RATIO, over_time=OverTime.NONE), {1: ["60"], 2: ["60"]}, {}, "60", False, None),
        (replace(RATIO, over_sites=OverSites.NONE), {1: ["60"], 2: ["60"]}, {}, None, False, "not_added"),
        (MILESTONE, {1: ["done 2025-03"], 2: ["done 2025-06-30"]}, {}, "2025-06-30", False, None),
        (MILESTONE, {1: ["done 2025-03", None], 2: [None, "done 2025-02"]}, {}, "2025-03", False, None),
        (MILESTONE, {1: ["done 2025-03", "done 2025-09"]}, {}, "2025-09", False, None),
        (MILESTONE, {1: ["done 2025-03"], 2: ["done"]}, {}, "1", False, None),  # of unknown day
        (MILESTONE, {1: ["done 2025-03"], 2: [None]}, {}, None, False, "not_reported"),
        (MILESTONE, {1: ["done 2025-03"], 2: [NOT_APPLICABLE]}, {}, "2025-03", False, None),
        (MILESTONE, {1: ["done 2025-03"]}, {None: "done 2025-04"}, "2025-04", True, None),
        (MILESTONE, {}, {}, None, False, "not_reported"),
    ],
)
def test_targets_combine_by_the_rules_if_every_one_is_there(
    *,
    meaning: Meaning,
    table: dict[Site, list[Said]],
    exact: dict[Site, Said],
    value: str | None,
    disagrees: bool,
    reason: str | None,
) -> None:
    assert planned(meaning, table, exact) == (value, disagrees, Missing(reason) if reason else None)


@pytest.mark.parametrize(
    ("meaning", "table", "value"),
    [
        (STOCK, {1: [1, 2], 2: [10, 20]}, "2"),
        (replace(RATIO, over_time=OverTime.LATEST), {1: ["1/2"], 2: ["1/4"]}, "50"),  # need not be equal
        (HOMICIDES, {1: ["2/100000"], 2: ["3/100000"]}, "2"),
        (HOMICIDES, {1: ["2"], 2: ["3", "3"]}, "2"),
    ],
)
def test_the_latest_targets_are_of_the_sites_still_open(
    meaning: Meaning, table: dict[Site, list[Said]], value: str
) -> None:
    assert planned(meaning, table, open_at_end={1}) == (value, False, None)


SPAN = periods.year(2026)


def year(number: int) -> Span:
    return periods.year(number)


def quarter(year: int, number: int) -> Span:
    return periods.quarter(year, number)


@pytest.mark.parametrize(
    ("meaning", "set_ones", "value", "of"),
    [
        (STOCK, {}, None, None),
        (STOCK, {(None, year(2024)): 5, (None, year(2025)): 6, (None, year(2026)): 7}, "6", "2025"),
        (STOCK, {(None, year(2024)): 5, (None, year(2025)): WITHDRAWN}, "5", "2024"),
        (STOCK, {(None, year(2025)): 5, (None, quarter(2025, 4)): 6}, "5", "2025"),
        (STOCK, {(None, periods.other("by publication")): 5}, None, None),
        (STOCK, {(None, periods.other("to 2013", None, date(2013, 12, 31))): 5}, None, None),
        (STOCK, {(1, year(2024)): 5, (2, year(2024)): 6}, "11", "2024"),
        (STOCK, {(1, year(2024)): 5}, None, None),  # one of the two sites has none
        (STOCK, {(1, year(2024)): 5, (2, year(2023)): 6}, "11", "2023,2024"),
        (STOCK, {(1, year(2025)): 9, (1, year(2024)): 5, (2, year(2024)): 6}, "11", "2024"),
        (STOCK, {(None, year(2024)): 9, (1, year(2024)): 5, (2, year(2024)): 6}, "9", "2024"),
        (STOCK, {(None, year(2023)): 9, (1, year(2024)): 5, (2, year(2024)): 6}, "11", "2024"),
        (COMPLAINTS, {(None, year(2025)): 400}, "400", "2025"),
        (COMPLAINTS, {(None, year(2024)): 400, (None, quarter(2025, 4)): 90}, "400", "2024"),
        (
            COMPLAINTS,
            {(None, quarter(2025, n)): n for n in range(1, 5)},
            "10",
            "2025 Q1,2025 Q2,2025 Q3,2025 Q4",
        ),
        (
            COMPLAINTS,
            {(None, quarter(2024, n)): n for n in range(1, 5)} | {(None, quarter(2025, 1)): 5},
            "14",
            "2024 Q2,2024 Q3,2024 Q4,2025 Q1",
        ),
        (
            COMPLAINTS,
            {(site, half): 7 for site in (1, 2) for half in (periods.half(2025, 1), periods.half(2025, 2))},
            "28",
            "2025 H1,2025 H2",
        ),
        (
            HOMICIDES,
            {(None, quarter(2025, n)): f"{n}/100000" for n in range(1, 5)},
            "10",
            "2025 Q1,2025 Q2,2025 Q3,2025 Q4",
        ),
        (FLOW, {(None, quarter(2025, 4)): 90}, "90", "2025 Q4"),
        # ratios with their parts are pooled, as they were observed; without, they have to be equal
        (RATIO, {(1, year(2025)): "1/2", (2, year(2025)): "1/3"}, "40", "2025"),
        (RATIO, {(1, year(2025)): "1/2", (2, year(2024)): "1/3"}, "40", "2024,2025"),
        (RATIO, {(1, year(2025)): "60", (2, year(2025)): "60"}, "60", "2025"),
        (RATIO, {(1, year(2025)): "60", (2, year(2025)): "61"}, None, None),
    ],
)
def test_the_baseline_is_the_latest_before_the_span(
    meaning: Meaning, set_ones: dict[tuple[Site, Span], Said], value: str | None, of: str | None
) -> None:
    result = _baseline(meaning, set_ones)
    if value is None:
        assert result is None
    else:
        assert result
        assert result.comparable
        assert str(result.figure.value) == value
        assert ",".join(period.label for period in result.periods) == of


def _baseline(
    meaning: Meaning,
    set_ones: dict[tuple[Site, Span], Said],
    span: Span = SPAN,
    sites: tuple[Site, ...] = (1, 2),
) -> Baseline | None:
    figures = {key: found for key, said in set_ones.items() if (found := figure(said))}
    return baseline_before(meaning, span, figures, sites)


@pytest.mark.parametrize(
    ("meaning", "set_ones"),
    [
        (COMPLAINTS, {(None, quarter(2025, 4)): 90}),
        (COMPLAINTS, {(None, quarter(2025, n)): 90 for n in (1, 2, 4)}),
        (COMPLAINTS, {(1, year(2025)): 90, (2, quarter(2025, 4)): 9}),
        (
            COMPLAINTS,
            {(None, periods.other("since 2020", date(2020, 1, 1), date(2025, 12, 31))): 90},
        ),
        (COMPLAINTS, {(None, periods.other("in May", date(2025, 5, 1), date(2025, 5, 31))): 90}),
        (HOMICIDES, {(None, quarter(2025, 4)): "2/100000"}),  # of a quarter, summed over the year
    ],
)
def test_what_grows_with_time_is_only_compared_with_as_many_months(
    meaning: Meaning, set_ones: dict[tuple[Site, Span], Said]
) -> None:
    result = _baseline(meaning, set_ones)
    assert result
    assert not result.comparable


def test_a_span_of_broken_months_or_without_a_first_day_has_no_comparable_baseline() -> None:
    broken = periods.other("spring", date(2026, 3, 5), date(2026, 6, 5))
    result = _baseline(COMPLAINTS, {(None, year(2025)): 90}, broken)
    assert result
    assert not result.comparable
    assert _baseline(STOCK, {(None, year(2025)): 90}, periods.other("by publication")) is None


def test_nobody_has_a_baseline_for_no_sites() -> None:
    assert _baseline(STOCK, {(1, year(2025)): 90}, sites=()) is None
