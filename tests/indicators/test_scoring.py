from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods
from indicators.books import IndicatorBook
from indicators.cautions import Caution
from indicators.combining import Missing, Site, combine
from indicators.judging import Judgement, Status
from indicators.periods import Calendar, Frequency, Span
from indicators.planning import Recorded, Targets
from indicators.scoring import Score
from indicators.series import ReportStanding, SiteDays
from indicators.values import Certainty, Change, Direction, Figure, Meaning, Measure, OverSites, OverTime
from tests.indicators.planned import combine_plan
from tests.indicators.test_combining import (
    FLOW,
    HOMICIDES,
    MILESTONE,
    NO_ACTIVITY,
    NOT_APPLICABLE,
    RATIO,
    STOCK,
    UNIQUE,
    WITHDRAWN,
    WITHHELD,
    Said,
    figure,
)

TODAY = date(2026, 11, 22)
BEFORE = date(2024, 12, 1)
COMPLAINTS = replace(FLOW, direction=Direction.DECREASE)
COCA = replace(STOCK, direction=Direction.DECREASE)
Table = dict[Site, dict[str, Said]]
Chains = dict[tuple[Site, str], list[Recorded]]


def make_book(
    meaning: Meaning = FLOW,
    actuals: Table | None = None,
    targets: Table | None = None,
    *,
    baselines: Table | None = None,
    sites: tuple[SiteDays | int | None, ...] = (1, 2),
    chains: Chains | None = None,
    **overrides: Any,
) -> IndicatorBook:
    """Tables are by site and label; targets were recorded before 2025 began, chains as they say."""
    histories = {key: [Recorded(it, BEFORE)] for key, it in keyed(targets).items()}
    histories |= {(site, span(label)): chain for (site, label), chain in (chains or {}).items()}
    defaults: dict[str, Any] = {"frequency": Frequency.QUARTER, "today": TODAY}
    return IndicatorBook(
        meaning=meaning,
        sites=[it if isinstance(it, SiteDays) else SiteDays(it) for it in sites],
        actuals=keyed(actuals),
        targets=histories,
        baselines=keyed(baselines),
        **defaults | overrides,
    )


def span(label: str) -> Span:
    try:
        return periods.parse_label(label)
    except ValueError:
        return periods.other(label)


def keyed(table: Table | None) -> dict[tuple[Site, Span], Figure]:
    rows = (table or {}).items()
    return {
        (site, span(label)): it for site, row in rows for label, said in row.items() if (it := figure(said))
    }


def quarters(year: int, *said: Said) -> dict[str, Said]:
    return {f"{year} Q{number}": it for number, it in enumerate(said, 1)}


def actual(score: Score) -> str | None:
    value = score.actual.figure.value if score.actual.figure else None
    return None if value is None else f"{value.normalize():f}"


def told(score: Score) -> tuple[str | None, str, str | None, str | None]:
    """The actual, its completeness, the achievement in percent and the status."""
    achievement = score.judgement.achievement
    share = None if achievement is None else f"{achievement * 100:.1f}"
    return actual(score), score.complete, share, score.judgement.status


YEAR_OF_TWO: dict[str, Any] = {
    "actuals": {1: quarters(2025, 1, 2, 3, 4), 2: quarters(2025, 10, 20, 30, 40)},
    "targets": {1: quarters(2025, 2, 2, 2, 4), 2: quarters(2025, 10, 20, 30, 30)},
}


def test_a_past_quarter_and_year() -> None:
    book = make_book(**YEAR_OF_TWO)
    assert told(book.score(span("2025 Q1"))) == ("11", "2/2", "91.7", "near")
    score = book.score(span("2025"))
    assert told(score) == ("110", "8/8", "110.0", "met")
    assert score.against == score.targets.counting == score.targets.original == score.targets.latest
    assert score.certainty is Certainty.EXACT
    assert (score.reason, score.cautions, score.pace) == (None, (), None)
    assert book.score(span("2025")) == score
    assert told(book.score(span("FY2026"))) == ("44", "2/8", "129.4", "incomplete")


def test_one_site_alone_and_what_a_reader_may_not_see() -> None:
    book = make_book(
        UNIQUE,
        actuals={1: quarters(2025, 5), 2: quarters(2025, 6), None: {"2025 Q1": 9, "2025": 20}},
        targets={1: quarters(2025, 5), None: {"2025 Q1": 10}},
        baselines={None: {"2024": 7}, 1: {"2024": 3}, 2: {"2024": 3}},
    )
    everything = book.score(span("2025 Q1"))
    assert told(everything) == ("9", "1/1", "90.0", "near")
    assert everything.baseline
    assert everything.baseline.figure.value == 7
    alone = book.score(span("2025 Q1"), sites={1})
    assert told(alone) == ("5", "1/1", "100.0", "met")
    assert alone.baseline
    assert alone.baseline.figure.value == 3
    assert told(book.score(span("2025 Q1"), sites={2})) == ("6", "1/1", None, "no_target")
    both = book.score(span("2025 Q1"), sites={1, 2})
    assert (actual(both), both.reason) == (None, Missing.NOT_ADDED)
    assert actual(book.score(span("2025"))) == "20"
    assert book.score(span("2025"), sites={1}).reason is Missing.NOT_ADDED


def test_an_indicator_reported_by_the_program() -> None:
    book = make_book(
        sites=(None,),
        actuals={None: quarters(2025, 1, 2, 3, 4)},
        targets={None: quarters(2025, 2, 2, 2, 2) | {"2025": 9}},
    )
    assert told(book.score(span("2025 Q1"))) == ("1", "1/1", "50.0", "behind")
    score = book.score(span("2025"))
    assert told(score) == ("10", "4/4", "111.1", "exceeded")
    assert score.cautions == (Caution.TARGETS_DISAGREE,)
    hidden = book.score(span("2025"), sites={1})
    assert told(hidden) == (None, "0/0", None, None)
    assert hidden.targets == Targets()


@pytest.mark.parametrize(
    ("meaning", "said", "value"),
    [
        (replace(FLOW, over_sites=OverSites.AVERAGE), [[2, 4], [4, 8]], "9"),
        (replace(FLOW, over_time=OverTime.MAXIMUM), [[2, 4], [4, 1]], "6"),
        (STOCK, [[2, 4], [4, 8]], "12"),
        (RATIO, [["1/2", "1/2"], ["2/2", "0/2"]], "50"),
        (HOMICIDES, [["1/1000", "2/1000"], ["0/3000", "1/4000"]], "80"),
        (MILESTONE, [["not done", "done"], ["done", "done"]], "1"),
    ],
)
def test_every_measure_combines(meaning: Meaning, said: list[list[Said]], value: str) -> None:
    days = SiteDays(1, None, date(2025, 6, 30)), SiteDays(2, None, date(2025, 6, 30))
    table: Table = {1: quarters(2025, *said[0]), 2: quarters(2025, *said[1])}
    book = make_book(meaning, actuals=table, sites=days, life=(date(2025, 1, 1), date(2025, 6, 30)))
    assert told(book.score(span("2025")))[:2] == (value, "4/4")
    one_by_one = [book.score(span(f"2025 Q{number}")).actual for number in (1, 2)]
    assert all(it.figure and it.complete == "2/2" for it in one_by_one)


def test_sites_are_expected_in_their_days_and_the_programs() -> None:
    sites = (
        SiteDays(1, date(2025, 2, 1), date(2025, 8, 1)),
        SiteDays(2, date(2020, 1, 1), date(2020, 12, 31)),
        SiteDays(3),
    )
    book = make_book(sites=sites, life=(date(2025, 4, 1), date(2025, 12, 31)))
    assert [book.score(span(f"2025 Q{n}")).complete for n in range(1, 5)] == ["0/0", "0/2", "0/2", "0/1"]
    assert book.score(span("2025")).complete == "0/5"
    assert book.score(span("2024")).judgement.status is None


def test_what_was_reported_nevertheless_was_expected() -> None:
    sites = (SiteDays(1, date(2025, 4, 1)),)
    book = make_book(sites=sites, actuals={1: quarters(2025, 5, 6, 7, 8), 7: quarters(2025, 1)})
    assert told(book.score(span("2025 Q1")))[:2] == ("6", "2/2")
    assert told(book.score(span("2025")))[:2] == ("27", "5/5")


def test_the_latest_is_of_sites_still_open() -> None:
    sites = (SiteDays(1, None, date(2025, 11, 30)), SiteDays(2))
    table: Table = {1: quarters(2025, 1, 2, 3, 4), 2: quarters(2025, 10, 20, 30, 40)}
    book = make_book(STOCK, sites=sites, actuals=table, targets=table, baselines={2: {"2024": 5}})
    for label, complete in (("2025", "4/4"), ("2025 Q4", "1/1")):
        score = book.score(span(label))
        assert told(score) == ("40", complete, "100.0", "met")
        assert score.baseline
        assert score.baseline.figure.value == 5
    assert told(book.score(span("2025 Q3")))[:2] == ("33", "2/2")


def test_what_was_reported_for_exactly_the_span_wins() -> None:
    actuals: Table = {1: quarters(2025, 1, 2, 3, 4) | {"2025": 20}, 2: quarters(2025, 1, 1, 1, 1)}
    book = make_book(actuals=actuals, targets={None: {"2025": 24}})
    assert told(book.score(span("2025"))) == ("24", "5/5", "100.0", "met")
    by_program = make_book(actuals={None: {"2025": 12}, 1: quarters(2025, 1)}, targets={None: {"2025": 24}})
    assert told(by_program.score(span("2025"))) == ("12", "1/1", "50.0", "behind")
    partly = make_book(actuals={1: {"2025": 12}}, targets={None: {"2025": 24}})
    assert told(partly.score(span("2025"))) == ("12", "1/5", None, "incomplete")


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        ({}, "overdue"),
        ({1: "submitted"}, "overdue"),
        ({1: "submitted", 2: "submitted"}, "in_review"),
        ({1: "draft", 2: "returned"}, "due"),
        ({1: "approved", 2: "approved"}, "incomplete"),
    ],
)
def test_without_a_figure_the_reports_tell_the_status(reports: dict[int, str], status: str) -> None:
    due_on = date(2026, 11, 30)
    standings = {(site, span("2026 Q3")): ReportStanding(state, due_on) for site, state in reports.items()}
    book = make_book(reports=standings)
    assert told(book.score(span("2026 Q3"))) == (None, "0/2", None, status)


def test_a_year_that_has_only_begun_is_not_due() -> None:
    assert told(make_book(today=date(2026, 2, 1)).score(span("2026"))) == (None, "0/0", None, "not_due")
    score = make_book(STOCK, today=date(2026, 2, 1), baselines={1: {"2025": 1}, 2: {"2025": 2}}).score(
        span("2026")
    )
    assert score.baseline
    assert score.baseline.figure.value == 3


def test_what_was_reported_but_has_no_value() -> None:
    withheld = make_book(actuals={1: quarters(2025, WITHHELD)}, sites=(1,)).score(span("2025 Q1"))
    assert told(withheld) == (None, "0/1", None, "incomplete")
    assert withheld.reason is Missing.WITHHELD
    assert withheld.certainty is None
    left = make_book(actuals={1: quarters(2025, NOT_APPLICABLE)}, sites=(1,)).score(span("2025 Q1"))
    assert told(left) == (None, "0/0", None, None)
    nothing = make_book(RATIO, actuals={1: quarters(2025, "0/0")}, sites=(1,)).score(span("2025 Q1"))
    assert told(nothing) == (None, "1/1", None, None)
    zero = make_book(actuals={1: quarters(2025, NO_ACTIVITY)}, targets={1: quarters(2025, 5)}, sites=(1,))
    assert told(zero.score(span("2025 Q1"))) == ("0", "1/1", "0.0", "behind")


@pytest.mark.parametrize("meaning", [FLOW, STOCK])
def test_where_it_is_not_applicable_a_target_is_not_expected_either(meaning: Meaning) -> None:
    actuals: Table = {1: quarters(2025, 5), 2: quarters(2025, NOT_APPLICABLE)}
    book = make_book(meaning, actuals=actuals, targets={1: quarters(2025, 5)})
    assert told(book.score(span("2025 Q1"))) == ("5", "1/1", "100.0", "met")
    year = make_book(meaning, actuals={1: quarters(2025, 5, *[NOT_APPLICABLE] * 3)}, sites=(1,))
    year = replace(year, targets={(1, span("2025 Q1")): [Recorded(Figure(value=Decimal(5)), BEFORE)]})
    assert told(year.score(span("2025"))) == ("5", "1/1", "100.0", "met")


def test_targets_of_ratios_make_one_only_when_they_are_equal() -> None:
    actuals: Table = {site: quarters(2025, "6/10", "6/10", "6/10", "6/10") for site in (1, 2)}
    same = make_book(RATIO, actuals, {site: quarters(2025, 60, 60, 60, 60) for site in (1, 2)})
    assert told(same.score(span("2025"))) == ("60", "8/8", "100.0", "met")
    over_sites = make_book(RATIO, actuals, {1: quarters(2025, *[60] * 4), 2: quarters(2025, *[61] * 4)})
    assert told(over_sites.score(span("2025"))) == ("60", "8/8", None, "no_target")
    over_time = make_book(RATIO, actuals, {site: quarters(2025, 60, 60, 60, 61) for site in (1, 2)})
    assert told(over_time.score(span("2025"))) == ("60", "8/8", None, "no_target")
    for differing in (over_sites, over_time):
        assert differing.score(span("2025")).cautions == (Caution.TARGETS_DIFFER,)


def test_targets_of_ratios_with_parts_make_one_only_when_they_are_equal() -> None:
    actuals: Table = {site: quarters(2025, "6/10", "6/10", "6/10", "6/10") for site in (1, 2)}
    same = make_book(RATIO, actuals, {1: quarters(2025, *["6/10"] * 4), 2: quarters(2025, *["3/5"] * 4)})
    assert told(same.score(span("2025"))) == ("60", "8/8", "100.0", "met")
    assert same.score(span("2025")).cautions == ()
    tables: list[Table] = [
        {1: quarters(2025, *["6/10"] * 4), 2: quarters(2025, *["9/10"] * 4)},
        {site: quarters(2025, "6/10", "6/10", "6/10", "9/10") for site in (1, 2)},
    ]
    for table in tables:
        score = make_book(RATIO, actuals, table).score(span("2025"))
        assert told(score) == ("60", "8/8", None, "no_target")
        assert score.cautions == (Caution.TARGETS_DIFFER,)
        own = make_book(RATIO, actuals, table | {None: {"2025": 75}}).score(span("2025"))
        assert told(own) == ("60", "8/8", "80.0", "behind")
        assert own.cautions == ()
    (over_sites, over_time) = tables
    assert make_book(RATIO, actuals, over_sites).score(span("2025 Q1")).cautions == (Caution.TARGETS_DIFFER,)
    assert told(make_book(RATIO, actuals, over_time).score(span("2025 Q4"))) == (
        "60",
        "2/2",
        "66.7",
        "behind",
    )
    alone = make_book(RATIO, actuals, over_time).score(span("2025"), {1})
    assert (told(alone)[3], alone.cautions) == ("no_target", (Caution.TARGETS_DIFFER,))


def chain(*links: tuple[int, int, Change | None]) -> list[Recorded]:
    return [Recorded(Figure(value=Decimal(value)), date(year, 6, 1), change) for value, year, change in links]


def test_original_counting_and_latest_are_told_where_they_differ() -> None:
    revised = chain((10, 2024, None), (20, 2025, Change.REVISES), (40, 2026, Change.REVISES))
    chains: Chains = {(1, "2025 Q4"): revised}
    score = make_book(actuals={1: quarters(2025, 0, 0, 0, 20)}, sites=(1,), chains=chains).score(
        span("2025 Q4")
    )
    assert score.targets == Targets(figure(20), figure(10), figure(40))
    assert told(score) == ("20", "1/1", "100.0", "met")
    assert (score.against_original, score.against_latest) == (Decimal(2), Decimal("0.5"))
    year = make_book(
        actuals={1: quarters(2025, 0, 0, 0, 20)},
        targets={1: quarters(2025, 1, 1, 1)},
        sites=(1,),
        chains=chains,
    ).score(span("2025"))
    assert year.targets == Targets(figure(23), figure(13), figure(43))


def test_a_target_set_later_is_said_to_be() -> None:
    late = chain((10, 2026, None))
    book = make_book(actuals={1: quarters(2025, 5, 5, 5, 5)}, sites=(1,), chains={(1, "2025 Q1"): late})
    assert book.score(span("2025 Q1")).targets == Targets(figure(10), figure(10), figure(10), set_later=True)
    assert not book.score(span("2025 Q2")).targets.set_later
    annual = make_book(sites=(None,), chains={(None, "2025"): late})
    assert annual.score(span("2025")).targets.set_later
    withdrawn = [*chain((10, 2024, None)), Recorded(WITHDRAWN, date(2025, 1, 2), Change.REVISES)]
    gone = make_book(actuals={1: quarters(2025, 5)}, sites=(1,), chains={(1, "2025 Q1"): withdrawn})
    assert gone.score(span("2025 Q1")).targets == Targets(None, figure(10), None)
    assert gone.score(span("2025 Q1")).against_original == Decimal("0.5")


def test_milestones() -> None:
    book = make_book(
        MILESTONE,
        actuals={
            1: quarters(2026, "done 2026-02", None, None),
            2: quarters(2026, "not done", "not done", "not done"),
        },
        targets={1: quarters(2026, "done 2026-03"), 2: {"2026": "done 2026-12"}},
    )
    year = book.score(span("2026"))
    assert told(year) == ("0", "6/6", None, "not_due")
    assert year.actual.figure
    assert year.actual.figure.numerator == 1
    assert told(book.score(span("2026"), sites={1})) == ("1", "3/3", None, "met")
    assert told(book.score(span("2026 Q1"), sites={1})) == ("1", "1/1", None, "met")
    assert told(book.score(span("2026 Q1"))) == ("0", "2/2", None, "no_target")
    revised = [
        Recorded(it, date(year, 1, 1), Change.REVISES) for it, year in _days(("2025", 2024), ("2027", 2026))
    ]
    moved = make_book(MILESTONE, {1: {"2025": "not done"}}, sites=(1,), chains={(1, "2025"): revised})
    score = replace(moved, frequency=Frequency.YEAR).score(span("2025"))
    assert told(score) == ("0", "1/1", None, "behind")
    assert score.against_latest is None


def _days(*days: tuple[str, int]) -> list[tuple[Figure, int]]:
    return [(Figure(value=Decimal(1), day=day), year) for day, year in days]


def test_periods_without_days_are_shown_and_never_combined_or_judged() -> None:
    label = "2015 to publication"
    book = make_book(
        COCA,
        sites=(1,),
        actuals={1: {label: Figure(value=Decimal(-39), certainty=Certainty.ABOUT)}},
        targets={1: {label: -30}},
        baselines={1: {"2014": 0}},
    )
    score = book.score(span(label))
    assert told(score) == ("-39", "1/1", None, None)
    assert (score.targets.counting, score.baseline, score.judgement) == (figure(-30), None, Judgement())
    assert score.certainty is Certainty.ABOUT
    two = replace(book, actuals=keyed({1: {label: 1}, 2: {label: 2}}))
    assert (actual(two.score(span(label))), two.score(span(label)).reason) == (None, Missing.NOT_ADDED)
    assert actual(two.score(span(label), sites={2})) == "2"
    own = replace(two, actuals={**two.actuals, **keyed({None: {label: 3}})})
    assert actual(own.score(span(label))) == "3"
    assert own.score(span("never")).reason is Missing.NOT_EXPECTED
    program = make_book(sites=(None,), actuals={None: {label: 5}}, targets={None: {label: 6}})
    assert (actual(program.score(span(label))), program.score(span(label)).targets.counting) == (
        "5",
        figure(6),
    )


def test_a_published_span_with_days_is_shown_and_judged() -> None:
    published = periods.other("2002 to 2013", date(2002, 1, 1), date(2013, 12, 31))
    book = make_book(
        sites=(None,), frequency=Frequency.IRREGULAR, life=(date(2002, 1, 1), None), actuals={}, targets={}
    )
    book = replace(
        book,
        actuals={(None, published): Figure(value=Decimal(73000), certainty=Certainty.MORE_THAN)},
        targets={(None, published): chain((70000, 2026, None))},
    )
    score = book.score(published)
    assert told(score) == ("73000", "1/1", "104.3", "met")
    assert score.targets.set_later
    assert book.score(span("2018")).judgement == Judgement()


def test_seizures_as_published() -> None:
    book = make_book(
        sites=(None,),
        frequency=Frequency.YEAR,
        actuals={None: {"2018": "55.6"}},
        chains={(None, "2018"): chain((50, 2026, None))},
    )
    assert told(book.score(span("2018"))) == ("55.6", "1/1", "111.2", "exceeded")


def test_irregular_figures_of_sites_for_the_same_span_are_combined_over_sites() -> None:
    book = make_book(
        frequency=Frequency.IRREGULAR,
        actuals={1: {"2018": 5}, 2: {"2018": 7}},
        targets={1: {"2018": 5}, 2: {"2018": 5}},
    )
    assert told(book.score(span("2018"))) == ("12", "2/2", "120.0", "exceeded")


def test_the_life_of_a_program() -> None:
    book = make_book(
        **YEAR_OF_TWO, life=(date(2025, 1, 1), date(2025, 12, 31)), baselines={1: {"2024": 1}, 2: {"2024": 1}}
    )
    assert told(book.score(periods.life(*book.life))) == ("110", "8/8", "110.0", "met")
    unknown = periods.life(None, None)
    score = make_book(**YEAR_OF_TWO, today=date(2026, 2, 1)).score(unknown)
    assert told(score) == ("110", "8/8", "110.0", "running")
    assert score.pace is None
    assert told(make_book().score(unknown)) == (None, "0/0", None, None)
    annual_only = make_book(
        actuals={1: quarters(2025, 1), 2: quarters(2025, 1)},
        targets={None: {"…–…": 9}},
        today=date(2025, 5, 1),
    )
    assert (annual_only.score(unknown).pace, annual_only.score(unknown).judgement.status) == (None, "running")
    ended = make_book(**YEAR_OF_TWO).score(periods.life(None, date(2025, 12, 31)))
    assert told(ended) == ("110", "8/8", "110.0", "met")


def test_periods_that_the_life_of_a_program_cuts_count_in_it() -> None:
    life = (date(2025, 2, 15), date(2025, 11, 15))
    book = make_book(**YEAR_OF_TWO, life=life)
    assert told(book.score(periods.life(*life))) == ("110", "8/8", "110.0", "met")
    before_its_last_quarter = replace(book, today=date(2025, 12, 1))
    assert told(before_its_last_quarter.score(periods.life(*life))) == ("66", "6/6", "100.0", "running")
    yearly = replace(book, frequency=Frequency.YEAR, actuals=keyed({1: {"2025": 5}, 2: {"2025": 6}}))
    assert told(yearly.score(periods.life(*life))) == ("11", "2/2", None, "no_target")


def test_fiscal_halves() -> None:
    book = make_book(
        sites=(1,),
        frequency=Frequency.HALF,
        calendar=Calendar.FISCAL,
        actuals={1: {"FY2025 H1": 1, "FY2025 H2": 2}},
    )
    assert told(book.score(span("FY2025")))[:2] == ("3", "2/2")
    assert told(book.score(span("2025")))[:2] == (None, "0/0")


def test_a_target_that_was_revised_is_combined_with_the_others_of_its_version() -> None:
    chains: Chains = {(1, "2025 Q1"): chain((10, 2024, None), (20, 2026, Change.REVISES))}
    book = make_book(
        actuals={1: quarters(2025, 9), 2: quarters(2025, 1)}, targets={2: quarters(2025, 1)}, chains=chains
    )
    assert book.score(span("2025 Q1")).targets == Targets(figure(11), figure(11), figure(21))


SAID = st.one_of(
    st.integers(0, 1000).map(lambda n: Figure(value=Decimal(n).scaleb(-1), sources=(n,))),
    st.sampled_from([None, NO_ACTIVITY, NOT_APPLICABLE, WITHHELD, WITHDRAWN]),
)
ROWS = st.lists(SAID, min_size=4, max_size=4)
MEANINGS = [FLOW, COMPLAINTS, STOCK, COCA, UNIQUE, replace(FLOW, over_time=OverTime.AVERAGE)]


LABELS = st.sampled_from(["2025", "2025 Q1", "2025 H2"])


@given(meaning=st.sampled_from(MEANINGS), one=ROWS, two=ROWS, three=ROWS, four=ROWS, label=LABELS)
def test_neither_order_nor_approving_the_same_again_changes_a_score(
    *, meaning: Meaning, one: list[Said], two: list[Said], three: list[Said], four: list[Said], label: str
) -> None:
    actuals: Table = {1: quarters(2025, *one), 2: quarters(2025, *two)}
    targets: Table = {1: quarters(2025, *three), 2: quarters(2025, *four)}
    score = make_book(meaning, actuals, targets).score(span(label))
    again = {site: {key: it._replace() if isinstance(it, Figure) else it for key, it in reversed(row.items())}
             for site, row in reversed(actuals.items())}  # fmt: skip
    assert make_book(meaning, again, targets, sites=(2, 1)).score(span(label)) == score
    if all(it is None or it == WITHDRAWN for it in (*one, *two)):
        assert score.actual.figure is None
    if score.judgement.achievement is not None:
        assert score.against is not None
    assert meaning.measure is Measure.NUMBER


CLOSING = st.sampled_from([None, date(2025, 5, 15), date(2025, 9, 30), date(2026, 3, 1)])
EVERY_MEANING = [*MEANINGS, RATIO, HOMICIDES, replace(STOCK, over_sites=OverSites.NONE)]


@given(
    meaning=st.sampled_from(EVERY_MEANING),
    table=st.dictionaries(st.integers(1, 3), st.tuples(CLOSING, ROWS, SAID), min_size=1),
    label=LABELS,
)
def test_a_score_is_what_combining_gives(
    meaning: Meaning, table: dict[int, tuple[date | None, list[Said], Said]], label: str
) -> None:
    actuals: Table = {site: {**quarters(2025, *row), "2025": year} for site, (_, row, year) in table.items()}
    sites = tuple(SiteDays(site, None, closing) for site, (closing, *_) in table.items())
    book = make_book(meaning, actuals, targets=actuals, sites=sites)
    wanted = span(label)
    assert wanted.first
    assert wanted.last
    within = periods.spans_within(Frequency.QUARTER, Calendar.CALENDAR, wanted.first, wanted.last)
    standing = {key: it for key, it in book.actuals.items() if it != WITHDRAWN}
    expected: dict[Site, tuple[Span, ...]] = {
        it.site: tuple(q for q in within if periods.overlaps(q, None, it.to_on) or (it.site, q) in standing)
        for it in sites
    }
    still_open = {it.site for it in sites if it.to_on is None or it.to_on >= wanted.last}
    score = book.score(wanted)
    assert score.actual == combine(meaning, wanted, book.actuals, expected, still_open)
    plan = combine_plan(meaning, wanted, book.actuals, expected, still_open)
    assert score.targets.counting == plan.figure
    assert (Caution.TARGETS_DISAGREE in score.cautions) == plan.disagrees


# the program's own targets, period by period, while its sites report ---

QUARTERS_OF_2025: dict[str, Said] = {f"2025 Q{number}": 10 for number in (1, 2, 3, 4)}
REPORTED_IN_2025: dict[str, Said] = {f"2025 Q{number}": 6 for number in (1, 2, 3, 4)}


def test_the_programs_own_quarters_make_its_year() -> None:
    book = make_book(FLOW, {1: REPORTED_IN_2025, 2: REPORTED_IN_2025}, {None: QUARTERS_OF_2025})
    score = book.score(span("2025"))
    assert score.targets.counting == figure(40)
    assert score.judgement.achievement == Decimal("1.2")
    assert book.score(span("2025 H1")).targets.counting == figure(20)


def test_one_set_for_the_year_wins_over_its_quarters_and_says_that_they_differ() -> None:
    book = make_book(FLOW, {1: REPORTED_IN_2025}, {None: QUARTERS_OF_2025 | {"2025": 50}}, sites=(1,))
    score = book.score(span("2025"))
    assert score.targets.counting == figure(50)
    assert Caution.TARGETS_DISAGREE in score.cautions


def test_without_one_of_its_quarters_the_year_has_no_target() -> None:
    three: dict[str, Said] = {label: said for label, said in QUARTERS_OF_2025.items() if label != "2025 Q3"}
    book = make_book(FLOW, {1: REPORTED_IN_2025}, {None: three}, sites=(1,))
    assert book.score(span("2025")).targets.counting is None


def test_a_running_year_is_held_against_the_programs_own_quarters_that_ended() -> None:
    targets: dict[str, Said] = {f"2026 Q{number}": 10 for number in (1, 2, 3, 4)}
    book = make_book(FLOW, {1: quarters(2026, 8, 8, 8)}, {None: targets}, sites=(1,))
    score = book.score(span("2026"))
    assert score.targets.counting == figure(40)
    assert score.against == figure(30)
    assert score.judgement == Judgement(Decimal("0.8"), Decimal("-0.2"), Status.RUNNING, Decimal(0))


def test_the_programs_own_quarters_for_sites_whose_latest_counts() -> None:
    stock: dict[str, Said] = {f"2025 Q{number}": number for number in (1, 2, 3, 4)}
    book = make_book(STOCK, {1: stock, 2: stock}, {None: {"2025 Q4": 10}})
    assert book.score(span("2025")).targets.counting == figure(10)
