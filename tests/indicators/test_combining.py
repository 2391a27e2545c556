from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods
from indicators.breakdowns import Part, breakdown_gap
from indicators.combining import Combined, Missing, Site, combine, over_time
from indicators.periods import Span
from indicators.values import (
    Absence,
    Accumulation,
    Additivity,
    Certainty,
    Figure,
    Meaning,
    Measure,
    OverSites,
    OverTime,
)

Q1, Q2, Q3, Q4 = (periods.quarter(2025, number) for number in range(1, 5))
YEAR = periods.year(2025)
QUARTERS = (Q1, Q2, Q3, Q4)

FLOW = Meaning()
STOCK = Meaning(accumulation=Accumulation.STOCK, over_time=OverTime.LATEST)
UNIQUE = Meaning(over_sites=OverSites.NONE, over_time=OverTime.NONE)
RATIO = Meaning(
    measure=Measure.RATIO,
    accumulation=Accumulation.STOCK,
    over_sites=OverSites.POOLED,
    over_time=OverTime.POOLED,
    factor=Decimal(100),
)
HOMICIDES = replace(RATIO, denominator_over_time=OverTime.LATEST, factor=Decimal(100_000))
MILESTONE = Meaning(
    measure=Measure.MILESTONE,
    accumulation=Accumulation.STOCK,
    over_sites=OverSites.ALL,
    over_time=OverTime.ONCE,
)

NO_ACTIVITY = Figure(absence=Absence.NO_ACTIVITY)
NOT_APPLICABLE = Figure(absence=Absence.NOT_APPLICABLE)
NOT_YET = Figure(absence=Absence.NOT_YET_AVAILABLE)
WITHHELD = Figure(absence=Absence.WITHHELD)
WITHDRAWN = Figure(absence=Absence.WITHDRAWN)

Said = Figure | str | int | None


def figure(said: Said) -> Figure | None:
    """Reads "1/2" as a ratio with parts, "done 2018-03" and "not done" as milestones, else a number."""
    if said is None or isinstance(said, Figure):
        return said
    text = str(said)
    if text.startswith("done"):
        return Figure(value=Decimal(1), day=text[5:] or None)
    if text == "not done":
        return Figure(value=Decimal(0))
    if "/" in text:
        above, below = map(Decimal, text.split("/"))
        return Figure(numerator=above, denominator=below)
    return Figure(value=Decimal(text))


def combined(
    meaning: Meaning,
    span: Span,
    table: dict[Site, list[Said]],
    *,
    exact: dict[Site, Said] | None = None,
    open_at_end: set[Site] | None = None,
    expected: dict[Site, tuple[Span, ...]] | None = None,
) -> Combined:
    """The table holds a row of quarters for each site; an Ellipsis-free row is expected as long as it is."""
    figures = {
        (site, quarter): found
        for site, row in table.items()
        for quarter, said in zip(QUARTERS, row, strict=False)
        if (found := figure(said))
    }
    for site, said in (exact or {}).items():
        if found := figure(said):
            figures[site, span] = found
    wanted = {site: QUARTERS[: len(row)] for site, row in table.items()} | (expected or {})
    return combine(meaning, span, figures, wanted, set(table) if open_at_end is None else open_at_end)


def told(result: Combined) -> tuple[str | None, str, Missing | None]:
    value = result.figure.value if result.figure else None
    return (None if value is None else f"{value.normalize():f}", result.complete, result.reason)


AVERAGED = replace(FLOW, over_sites=OverSites.AVERAGE, over_time=OverTime.AVERAGE)
PEAK = replace(FLOW, over_time=OverTime.MAXIMUM)


@pytest.mark.parametrize(
    ("meaning", "table", "value", "complete"),
    [
        # numbers that flow
        (FLOW, {1: [1, 2, 3, 4], 2: [10, 20, 30, 40]}, "110", "8/8"),
        (FLOW, {1: [1, 2, 3, None]}, "6", "3/4"),
        (FLOW, {1: [1, NO_ACTIVITY]}, "1", "2/2"),
        (FLOW, {1: [0, NO_ACTIVITY]}, "0", "2/2"),
        (FLOW, {1: [1], 2: [NOT_APPLICABLE], 3: [4]}, "5", "2/2"),
        (FLOW, {1: [1], 2: [NOT_YET], 3: [WITHHELD], 4: [WITHDRAWN], 5: [None]}, "1", "1/5"),
        (FLOW, {1: ["24.50"], 2: ["7.5"]}, "32", "2/2"),
        (FLOW, {None: [1, 2, 3, 4]}, "10", "4/4"),
        (replace(FLOW, over_sites=OverSites.AVERAGE), {1: [1, 2], 2: [3, 4]}, "5", "4/4"),
        (replace(FLOW, over_sites=OverSites.AVERAGE), {1: [1], 2: [None], 3: [3]}, "2", "2/3"),
        (replace(FLOW, over_sites=OverSites.AVERAGE), {1: [4], 2: [NO_ACTIVITY]}, "2", "2/2"),
        (AVERAGED, {1: [1, 3], 2: [None, 5]}, "2.5", "3/4"),  # over sites first: 1 and 4
        (PEAK, {1: [1, 9], 2: [9, 2]}, "11", "4/4"),  # over sites first: 10 and 11
        (PEAK, {1: [-5, -3]}, "-3", "2/2"),
        # numbers that stand
        (STOCK, {1: [1, 2], 2: [10, 20]}, "22", "4/4"),
        (STOCK, {1: [1, 2], 2: [10, None]}, "12", "3/4"),
        (STOCK, {1: [1, NOT_APPLICABLE]}, "1", "1/1"),
        (STOCK, {1: [1, NO_ACTIVITY]}, "1", "1/2"),  # only a flow has no activity
        (replace(STOCK, over_sites=OverSites.AVERAGE), {1: [1, 2], 2: [10, 20]}, "11", "4/4"),
        (replace(STOCK, over_time=OverTime.AVERAGE), {1: [1, 3], 2: [10, 20]}, "17", "4/4"),
        # ratios
        (RATIO, {1: ["1/2", "1/4"], 2: ["0/4", "2/2"]}, "33.33333333333333333333333333", "4/4"),
        (RATIO, {1: ["1/2"], 2: ["0/0"]}, "50", "2/2"),
        (RATIO, {1: ["1/2"], 2: [None]}, "50", "1/2"),
        (HOMICIDES, {1: ["1/1000", "2/1000"], 2: ["0/3000", "1/4000"]}, "80", "4/4"),
        (replace(RATIO, over_time=OverTime.LATEST), {1: ["1/2", "3/4"], 2: ["1/2", "0/4"]}, "37.5", "4/4"),
        (replace(RATIO, over_time=OverTime.LATEST), {1: ["67", "31"]}, "31", "2/2"),
        # milestones
        (MILESTONE, {1: ["done"], 2: ["not done"], 3: ["done"]}, "0", "3/3"),
        (MILESTONE, {1: ["done"], 2: ["done"]}, "1", "2/2"),
        (MILESTONE, {1: ["done"], 2: [None]}, "0", "1/2"),
        (MILESTONE, {1: ["not done", "done", None, None]}, "1", "4/4"),  # done stays done
        (MILESTONE, {1: ["not done", None]}, "0", "1/2"),
        (MILESTONE, {1: ["done", None], 2: ["not done", "done"]}, "1", "4/4"),
    ],
)
def test_a_year_is_combined_from_its_quarters(
    meaning: Meaning, table: dict[Site, list[Said]], value: str, complete: str
) -> None:
    assert told(combined(meaning, YEAR, table)) == (value, complete, None)


@pytest.mark.parametrize(
    ("meaning", "table", "complete", "reason"),
    [
        (FLOW, {}, "0/0", "not_expected"),
        (FLOW, {1: []}, "0/0", "not_expected"),
        (FLOW, {1: [None, None]}, "0/2", "not_reported"),
        (FLOW, {1: [WITHDRAWN]}, "0/1", "not_reported"),
        (FLOW, {1: [Figure()]}, "0/1", "not_reported"),
        (FLOW, {1: [NOT_APPLICABLE]}, "0/0", "not_applicable"),
        (FLOW, {1: [NOT_APPLICABLE, WITHHELD]}, "0/1", "withheld"),
        (FLOW, {1: [NOT_YET, WITHHELD]}, "0/2", "not_yet_available"),
        (STOCK, {1: [NO_ACTIVITY]}, "0/1", "not_reported"),
        (replace(FLOW, over_sites=OverSites.NONE), {1: [1], 2: [2]}, "2/2", "not_added"),
        (replace(FLOW, over_sites=OverSites.NONE), {1: [1], 2: [None]}, "1/2", "not_added"),
        (replace(FLOW, over_time=OverTime.NONE), {1: [1, 2]}, "2/2", "not_added"),
        (UNIQUE, {1: [1, 2], 2: [1, 2]}, "4/4", "not_added"),
        (RATIO, {1: ["67"], 2: ["31"]}, "2/2", "parts"),
        (RATIO, {1: ["67"], 2: ["1/2"]}, "2/2", "parts"),
        (RATIO, {1: ["67"], 2: [None]}, "1/2", "parts"),
        (RATIO, {1: [Figure(value=Decimal(5), numerator=Decimal(1))], 2: ["1/2"]}, "2/2", "parts"),
        (replace(RATIO, over_time=OverTime.LATEST), {1: ["67"], 2: ["31"]}, "2/2", "parts"),
        (RATIO, {1: ["0/0"]}, "1/1", "no_denominator"),
        (RATIO, {1: ["0/0"], 2: ["0/0"]}, "2/2", "no_denominator"),
    ],
)
def test_why_there_is_no_value(
    meaning: Meaning, table: dict[Site, list[Said]], complete: str, reason: str
) -> None:
    assert told(combined(meaning, YEAR, table)) == (None, complete, Missing(reason))


@pytest.mark.parametrize(
    ("meaning", "table"),
    [
        (UNIQUE, {1: [7]}),
        (UNIQUE, {1: [7], 2: [NOT_APPLICABLE]}),
        (RATIO, {1: ["7"]}),
        (RATIO, {1: ["7"], 2: [NOT_APPLICABLE, NOT_APPLICABLE]}),
        (MILESTONE, {1: [7]}),
    ],
)
def test_where_only_one_value_is_expected_it_is_the_combined_value(
    meaning: Meaning, table: dict[Site, list[Said]]
) -> None:
    result = combined(meaning, YEAR, table)
    assert result.figure == figure(7)
    assert result.complete == "1/1"


def test_none_over_sites_stays_none_where_the_sites_were_open_one_after_the_other() -> None:
    result = combined(
        replace(UNIQUE, over_time=OverTime.SUM), YEAR, {1: [5], 2: [None, 6]}, expected={1: (Q1,), 2: (Q2,)}
    )
    assert told(result) == (None, "2/2", Missing.NOT_ADDED)


def test_what_was_reported_for_exactly_the_span_wins() -> None:
    table: dict[Site, list[Said]] = {1: [1, 2, 3, 4], 2: [1, 2, 3, 4]}
    assert told(combined(UNIQUE, YEAR, table, exact={None: 17})) == ("17", "1/1", None)
    assert told(combined(FLOW, YEAR, table, exact={None: WITHHELD})) == (None, "0/1", Missing.WITHHELD)
    assert told(combined(FLOW, YEAR, table, exact={None: WITHDRAWN})) == ("20", "8/8", None)
    assert told(combined(FLOW, YEAR, table, exact={1: 17})) == ("27", "5/5", None)
    assert told(combined(PEAK, YEAR, table, exact={1: 17})) == ("21", "5/5", None)
    assert told(combined(STOCK, YEAR, table, exact={1: 17}, open_at_end={2})) == ("21", "5/5", None)
    assert told(combined(UNIQUE, YEAR, {1: [1, 2]}, exact={1: 2})) == ("2", "1/1", None)
    assert told(combined(UNIQUE, YEAR, table, exact={1: 2})) == (None, "5/5", Missing.NOT_ADDED)
    assert told(combined(FLOW, YEAR, {}, exact={1: 2, 2: 3})) == ("5", "2/2", None)
    assert told(combined(replace(FLOW, over_time=OverTime.NONE), YEAR, table, exact={1: 2, 2: 3})) == (
        "5",
        "2/2",
        None,
    )


def test_a_value_that_is_there_for_the_period_itself() -> None:
    figures: dict[tuple[Site, Span], Figure] = {
        (1, Q1): Figure(value=Decimal(3)),
        (2, Q1): Figure(value=Decimal(4)),
        (1, Q2): Figure(),
    }
    result = combine(STOCK, Q1, figures, {1: (Q1,), 2: (Q1,)}, {1, 2})
    assert told(result) == ("7", "2/2", None)


def test_overlapping_periods_are_never_added() -> None:
    month = periods.month(2025, 1)
    figures: dict[tuple[Site, Span], Figure] = {
        (1, Q1): Figure(value=Decimal(3)),
        (1, month): Figure(value=Decimal(1)),
    }
    assert told(combine(FLOW, YEAR, figures, {1: (Q1,)}, {1})) == ("3", "1/1", None)


@pytest.mark.parametrize("meaning", [STOCK, HOMICIDES, replace(RATIO, over_time=OverTime.LATEST)])
def test_the_latest_is_of_the_sites_still_open_at_the_end(meaning: Meaning) -> None:
    said: list[Said] = [1, 2] if meaning is STOCK else ["1/1", "2/2"]
    result = combined(meaning, YEAR, {1: [*said], 2: [*said]}, open_at_end={1})
    assert result == combined(meaning, YEAR, {1: [*said]})
    assert combined(meaning, YEAR, {1: [*said]}, open_at_end=set()).reason is Missing.NOT_EXPECTED
    one_left = replace(meaning, over_sites=OverSites.NONE)
    assert combined(one_left, YEAR, {1: [*said], 2: [*said]}, open_at_end={1}).figure


def test_milestones_count_n_of_m_and_are_done_on_the_latest_day() -> None:
    done = combined(MILESTONE, YEAR, {1: ["done 2025-03"], 2: ["done 2025-03-15"]}).figure
    assert done == Figure(value=Decimal(1), numerator=Decimal(2), denominator=Decimal(2), day="2025-03")
    partly = combined(MILESTONE, YEAR, {1: ["done 2025"], 2: ["not done"], 3: [None]}).figure
    assert partly == Figure(value=Decimal(0), numerator=Decimal(1), denominator=Decimal(3))
    unknown = combined(MILESTONE, YEAR, {1: ["done 2025"], 2: ["done"]}).figure
    assert unknown
    assert unknown.value
    assert unknown.day is None


def test_a_milestone_keeps_the_day_it_was_first_done() -> None:
    result = combined(MILESTONE, YEAR, {1: ["not done", "done 2025-05", "done 2025-06"]}).figure
    assert result
    assert result.day == "2025-05"
    result = combined(MILESTONE, YEAR, {1: ["done", "done 2025-06"]}).figure
    assert result
    assert result.day == "2025-06"


def test_a_combined_value_has_the_weakest_certainty_and_all_sources() -> None:
    parts: list[Said] = [
        Figure(value=Decimal(1), sources=(3, 1), certainty=Certainty.ABOUT),
        Figure(value=Decimal(2), sources=(2,), expected=True, certainty=Certainty.MORE_THAN),
    ]
    assert combined(FLOW, YEAR, {1: parts}).figure == Figure(
        value=Decimal(3), certainty=Certainty.ABOUT, expected=True, sources=(1, 2, 3)
    )


def test_a_period_that_cannot_be_combined_stops_the_whole() -> None:
    good, bad = Combined(figure(1), 1, 1), Combined(None, 2, 2, Missing.PARTS)
    assert over_time(FLOW, [good, bad]) == Combined(None, 3, 3, Missing.PARTS)


SAID = st.one_of(
    st.integers(0, 10**6).map(lambda n: Figure(value=Decimal(n).scaleb(-2), sources=(n,))),
    st.sampled_from([None, NO_ACTIVITY, NOT_APPLICABLE, NOT_YET, WITHHELD, WITHDRAWN]),
)
TABLES = st.dictionaries(st.integers(1, 6), st.lists(SAID, min_size=1, max_size=4), max_size=5)
MEANINGS = st.sampled_from([FLOW, AVERAGED, PEAK, STOCK, UNIQUE, replace(STOCK, over_time=OverTime.AVERAGE)])


@given(MEANINGS, TABLES, st.randoms())
def test_the_order_of_reports_does_not_matter(
    meaning: Meaning, table: dict[Site, list[Said]], chance: random.Random
) -> None:
    items = [((site, q), f) for site, row in table.items() for q, s in zip(QUARTERS, row, strict=False)
             if (f := figure(s))]  # fmt: skip
    expected = {site: QUARTERS[: len(row)] for site, row in table.items()}
    straight = combine(meaning, YEAR, dict(items), expected, set(table))
    chance.shuffle(items)
    shuffled = {
        site: tuple(chance.sample(expected[site], len(expected[site]))) for site in reversed(expected)
    }
    assert combine(meaning, YEAR, dict(items), shuffled, set(table)) == straight
    assert straight.have <= straight.want
    assert bool(straight.figure) != bool(straight.reason)


@given(MEANINGS, st.dictionaries(st.integers(1, 6), st.integers(1, 4), max_size=5))
def test_no_result_from_a_blank(meaning: Meaning, lengths: dict[int, int]) -> None:
    result = combined(meaning, YEAR, {site: [None] * length for site, length in lengths.items()})
    assert (result.figure, result.have, result.want) == (None, 0, sum(lengths.values()))


@given(MEANINGS, TABLES)
def test_what_is_withdrawn_was_never_there_and_what_is_reported_again_changes_nothing(
    meaning: Meaning, table: dict[Site, list[Said]]
) -> None:
    first = combined(meaning, YEAR, table)
    withdrawn = {site: [None if it == WITHDRAWN else it for it in row] for site, row in table.items()}
    assert combined(meaning, YEAR, withdrawn) == first
    again = {
        site: [it._replace() if isinstance(it, Figure) else it for it in row] for site, row in table.items()
    }
    assert combined(meaning, YEAR, again) == first


COUNTED = replace(FLOW, counted=True)
SEIZURES = "55.6"


@pytest.mark.parametrize(
    ("meaning", "additivity", "whole", "categories", "differences"),
    [
        (FLOW, "exhaustive", SEIZURES, ["14.1", "19.5", "21.9"], []),
        (FLOW, "exhaustive", SEIZURES, ["14.1", "19.5", "20.9"], ["-1.1"]),
        (FLOW, "partial", SEIZURES, ["14.1", "19.5", "21.9"], []),
        (FLOW, "partial", SEIZURES, ["14.1", "19.5"], []),
        (FLOW, "partial", SEIZURES, ["14.1", "19.5", "22.9"], ["0.9"]),
        (FLOW, "overlapping", SEIZURES, ["50", "50"], []),
        (FLOW, "exhaustive", "10", ["4", "5"], []),  # half a unit of whole numbers each
        (FLOW, "exhaustive", "10", ["4.0", "5"], ["-1.0"]),
        (FLOW, "exhaustive", "1E+3", ["1E+3", "1"], []),
        (COUNTED, "exhaustive", "10", ["4", "6"], []),
        (COUNTED, "exhaustive", "10", ["4", "5"], ["-1"]),
        (COUNTED, "exhaustive", "10", ["4", "7"], ["1"]),
        (COUNTED, "exhaustive", "10", ["4", None], []),  # while one is missing: no more than the whole
        (COUNTED, "exhaustive", "10", ["11", NOT_YET], ["1"]),
        (COUNTED, "exhaustive", "10", ["9", NOT_APPLICABLE], ["-1"]),
        (COUNTED, "exhaustive", "10", ["10", NO_ACTIVITY], []),
        (COUNTED, "exhaustive", NO_ACTIVITY, ["1", "0"], ["1"]),
        (COUNTED, "exhaustive", "10", [None, None], []),
        (COUNTED, "exhaustive", None, ["1"], []),
        (COUNTED, "exhaustive", WITHHELD, ["1"], []),
        (COUNTED, "exhaustive", WITHDRAWN, ["1"], []),
        (STOCK, "exhaustive", "1", [NO_ACTIVITY], []),
        (COUNTED, "partial", "10", ["4", "5"], []),
        (COUNTED, "partial", "10", ["4", "7"], ["1"]),
        (replace(RATIO, counted=True), "exhaustive", "3/4", ["1/2", "2/2"], []),
        (replace(RATIO, counted=True), "exhaustive", "3/4", ["1/2", "1/3"], ["-1", "1"]),
        (RATIO, "exhaustive", "50", ["40", "40"], []),
        (MILESTONE, "exhaustive", "done", ["done", "done"], []),
    ],
)
def test_breakdowns_add_up(
    meaning: Meaning, additivity: str, whole: Said, categories: list[Said], differences: list[str]
) -> None:
    gaps = breakdown_gap(meaning, Additivity(additivity), figure(whole), [figure(it) for it in categories])
    assert [str(gap.difference) for gap in gaps] == differences
    if len(gaps) == 2:
        assert [gap.part for gap in gaps] == [Part.NUMERATOR, Part.DENOMINATOR]
