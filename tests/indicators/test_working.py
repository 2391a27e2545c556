"""What a score is said to be made of makes it again, whatever the rules and whatever is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.addresses import LIFE, Links, Part, slug_of, span_named
from indicators.books import IndicatorBook
from indicators.combining import Missing, Row, over_sites, over_time
from indicators.periods import Frequency, Span, half, life, month, other, quarter, year
from indicators.planning import Recorded, plan_rows
from indicators.series import SiteDays
from indicators.values import (
    Absence,
    Accumulation,
    Figure,
    Meaning,
    Measure,
    OverSites,
    OverTime,
    derive,
)
from indicators.working import Way, Working, working_of_actual, working_of_baseline, working_of_target

TODAY = date(2026, 11, 22)
SPANS = [quarter(2026, 1), half(2026, 1), year(2025), year(2026), life(date(2025, 1, 1), date(2026, 12, 31))]
QUARTERS = [quarter(at, number) for at in (2025, 2026) for number in (1, 2, 3, 4)]
HUNDRED = Decimal(100)
NUMBERS = [
    Meaning(over_sites=over, over_time=time, accumulation=kind)
    for kind, times in (
        (Accumulation.FLOW, (OverTime.SUM, OverTime.AVERAGE, OverTime.MAXIMUM, OverTime.NONE)),
        (Accumulation.STOCK, (OverTime.LATEST, OverTime.AVERAGE, OverTime.MAXIMUM, OverTime.NONE)),
    )
    for time in times
    for over in (OverSites.SUM, OverSites.AVERAGE, OverSites.NONE)
]
RATIOS = [
    Meaning(
        measure=Measure.RATIO,
        accumulation=Accumulation.STOCK,
        over_sites=over,
        over_time=time,
        denominator_over_time=below,
        factor=HUNDRED,
    )
    for over in (OverSites.POOLED, OverSites.NONE)
    for time in (OverTime.POOLED, OverTime.LATEST, OverTime.NONE)
    for below in (OverTime.SUM, OverTime.LATEST)
]
MILESTONES = [
    Meaning(Measure.MILESTONE, Accumulation.STOCK, over_sites=over, over_time=OverTime.ONCE)
    for over in (OverSites.ALL, OverSites.NONE)
]


def figures(meaning: Meaning) -> st.SearchStrategy[Figure]:
    """Values and absences that fit the meaning."""
    if meaning.measure is Measure.MILESTONE:
        done = st.sampled_from(["2025-02", "2025-11-30", "2026"]).map(lambda day: Figure(Decimal(1), day=day))
        value = done | st.just(Figure(Decimal(0)))
    elif meaning.measure is Measure.RATIO:
        parts = st.tuples(st.integers(0, 50).map(Decimal), st.integers(0, 50).map(Decimal))
        value = parts.map(lambda it: Figure(derive(*it, HUNDRED), *it))
    else:
        value = st.integers(0, 1000).map(lambda number: Figure(Decimal(number)))
    absences = [Absence.NOT_APPLICABLE, Absence.NOT_YET_AVAILABLE, Absence.NO_ACTIVITY]
    return value | st.sampled_from([Figure(absence=it) for it in absences])


@st.composite
def books(draw: Any) -> IndicatorBook:
    """Up to three sites and two years of quarters, with gaps, closed sites, and years reported as such."""
    meaning = draw(st.sampled_from(NUMBERS + RATIOS + MILESTONES))
    sites = [SiteDays(1), SiteDays(2, to_on=date(2026, 5, 1)), SiteDays(3, from_on=date(2025, 8, 1))]
    places: list[int | None] = [1, 2, 3, None]
    key = st.tuples(st.sampled_from(places[:3]), st.sampled_from(QUARTERS))
    odd = st.tuples(st.sampled_from(places), st.sampled_from([year(2025), quarter(2026, 1), QUARTERS[5]]))
    some = figures(meaning)
    aims = some.filter(lambda it: it.absence is None)
    actuals = draw(st.dictionaries(key, some, max_size=24)) | draw(st.dictionaries(odd, some, max_size=1))
    planned = draw(st.dictionaries(key | odd, aims, max_size=24))
    starts = draw(st.dictionaries(st.tuples(st.sampled_from(places), st.just(year(2024))), aims, max_size=3))
    numbered = {at: it._replace(sources=(number,)) for number, (at, it) in enumerate(starts.items(), 1)}
    return IndicatorBook(
        meaning=meaning,
        frequency=Frequency.QUARTER,
        today=TODAY,
        sites=sites[: draw(st.integers(1, 3))],
        life=(date(2025, 1, 1), date(2026, 12, 31)),
        actuals=actuals,
        targets={at: [Recorded(it, date(2024, 12, 1))] for at, it in planned.items()},
        baselines=numbered,
    )


def made(meaning: Meaning, working: Working) -> Figure | None:
    """What the parts make, by the rules alone."""
    parts = [it.combined for it in working.parts if it.combined.want or it.combined.figure]
    if not parts:
        return None
    if working.way is Way.EXACTLY:
        return parts[0].figure
    if working.way is Way.OVER_TIME:
        return over_time(meaning, parts).figure
    if any(it.reason in (Missing.NOT_ADDED, Missing.PARTS, Missing.DIFFERENT) for it in parts):
        return None  # one that cannot be combined stops the whole
    return over_sites(meaning, [it.figure for it in parts]).figure


def planned(meaning: Meaning, working: Working) -> Figure | None:
    """The same of targets, of which each one has to be there."""
    parts = [it for it in working.parts if it.combined.want or it.combined.figure]
    if working.way is Way.EXACTLY:
        return parts[0].combined.figure if parts else None
    rows = [Row(it.site, (it.span,), (it.combined.figure,)) for it in parts]
    if working.way is Way.OVER_TIME:
        rows = [Row(None, [it.span for it in parts], [it.combined.figure for it in parts])]
    return plan_rows(meaning, rows).figure


def shown(figure: Figure | None) -> object:
    """What a reader sees of it."""
    return figure and (figure.value, figure.numerator, figure.denominator, figure.day, figure.absence)


@settings(max_examples=150, deadline=None)
@given(books(), st.sampled_from(SPANS), st.sampled_from([None, {1}, {2}, {1, 2}]))
def test_the_parts_of_an_actual_make_it(book: IndicatorBook, span: Span, sites: set[int] | None) -> None:
    whole = book.score(span, sites).actual.figure
    assert shown(made(book.meaning, working_of_actual(book, span, sites))) == shown(whole)


@settings(max_examples=150, deadline=None)
@given(books(), st.sampled_from(SPANS), st.sampled_from([None, {1}, {2}, {1, 2}]))
def test_the_parts_of_a_target_make_it(book: IndicatorBook, span: Span, sites: set[int] | None) -> None:
    whole = book.score(span, sites).targets.counting
    if whole is not None:
        assert shown(planned(book.meaning, working_of_target(book, span, sites))) == shown(whole)


@settings(max_examples=150, deadline=None)
@given(books(), st.sampled_from(SPANS), st.sampled_from([None, {1}, {2}, {1, 2}]))
def test_a_combined_part_is_the_figure_of_its_own_address(
    book: IndicatorBook, span: Span, sites: set[int] | None
) -> None:
    for part in working_of_actual(book, span, sites).parts:
        if not part.entered:
            of = (set(part.sites) or sites) if part.whole else {part.site}
            assert shown(book.score(part.span, of).actual.figure) == shown(part.combined.figure)
    for part in working_of_target(book, span, sites).parts:
        of = (set(part.sites) or sites) if part.whole else {part.site}
        # a site's own target for the span stands on its page, also where other sites have none
        overridden = (part.site, part.span) in book.targets and not part.whole
        if not part.entered and part.combined.figure is not None and not overridden:
            assert shown(book.score(part.span, of).targets.counting) == shown(part.combined.figure)


@settings(max_examples=150, deadline=None)
@given(books(), st.sampled_from(SPANS))
def test_a_baseline_lists_every_entry_that_it_rests_on(book: IndicatorBook, span: Span) -> None:
    baseline = book.score(span).baseline
    if baseline is not None:
        parts = working_of_baseline(book, baseline.figure, baseline.periods).parts
        assert {key for it in parts if it.figure for key in it.figure.sources} == set(baseline.figure.sources)
        assert parts


LIFE_OF = life(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("span", "slug"),
    [
        (quarter(2026, 3), "2026-Q3"),
        (half(2026, 1), "2026-H1"),
        (year(2026), "2026"),
        (month(2026, 7), "2026-07"),
        (LIFE_OF, LIFE),
    ],
)
def test_a_span_has_a_plain_name_in_an_address(span: Span, slug: str) -> None:
    assert slug_of(span, LIFE_OF.label) == slug
    assert span_named(slug, LIFE_OF, []) == span


def test_both_calendars_name_a_quarter_in_an_address() -> None:
    assert span_named("FY2027-Q1", LIFE_OF, []) == quarter(2026, 4)


def test_labels_of_others_are_told_apart() -> None:
    one, two = other("at publication (2013)"), other("at publication 2013")
    slugs = {slug_of(it): it for it in (one, two)}
    assert len(slugs) == 2
    assert all(slug.startswith("at-publication-2013~") for slug in slugs)
    assert all(span_named(slug, LIFE_OF, [one, two]) == it for slug, it in slugs.items())
    assert span_named(slug_of(one), LIFE_OF, []) is None


@pytest.mark.parametrize("slug", ["", "soon", "2026-Q5", "0001", "2026-Q3-x", "…–…", "9999-Q1", "a~b"])
def test_a_word_that_names_no_span_names_none(slug: str) -> None:
    assert span_named(slug, LIFE_OF, []) is None


def test_addresses_keep_site_category_and_day() -> None:
    links = Links("../", LIFE_OF.label, ("NORTH", "SOUTH"), "2026-06-30")
    asked = "dimension=SEX&category=W&site=NORTH&site=SOUTH&as_of=2026-06-30"
    address = links.figure("I", quarter(2026, 1), kind="target", part=Part("SEX", "W"))
    assert address == f"../indicators/I/figures/2026-Q1/?kind=target&{asked}"
    assert links.place("I", LIFE_OF).judged == (
        "../indicators/I/figures/life/?site=NORTH&amp;site=SOUTH&amp;as_of=2026-06-30#judged"
    )
    assert links.entry(7) == "../ledger/7/?as_of=2026-06-30"
    assert Links("").figure("I", None, kind="baseline") == "indicators/I/figures/latest/?kind=baseline"
