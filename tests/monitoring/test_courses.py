"""The charts of an indicator: the numbers of the table, drawn; its forecast; many small ones of one scale."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.books import IndicatorBook
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Frequency, Span, parse_label
from indicators.planning import Recorded
from indicators.series import SiteDays
from indicators.values import Accumulation, Change, Figure, Meaning, Measure, OverSites, OverTime
from monitoring.indicator.courses import Look, chart_of, multiples_of, years_of
from monitoring.indicator.history import History, history_of, is_apart
from monitoring.indicator.milestones import milestones_of
from monitoring.indicator.outlook import Outlook, lack_of, outlook_of
from programs.models import Program, Site

FLOW = Meaning(counted=True)
STOCK = Meaning(accumulation=Accumulation.STOCK, over_time=OverTime.LATEST)
MILESTONE = Meaning(measure=Measure.MILESTONE, accumulation=Accumulation.STOCK, over_time=OverTime.ONCE)
TODAY = date(2026, 11, 22)
YEAR_AND_MORE = "2025 Q3=480 2025 Q4=500 2026 Q1=510 2026 Q2=560 2026 Q3=490"


def figures(text: str, site: int | None = None) -> dict[tuple[int | None, Span], Figure]:
    """What was said of each period: "2026 Q3=490"."""
    pairs = re.findall(r"(\S+(?: Q\d)?)=(\S+)", text)
    return {(site, parse_label(period)): Figure(Decimal(value)) for period, value in pairs}


def history(
    actuals: str, targets: str = "", *, meaning: Meaning = FLOW, today: date = TODAY, **more: Any
) -> History:
    """The history of one indicator that the program reports."""
    plans = {key: [Recorded(it, date(2024, 12, 1))] for key, it in figures(targets).items()}
    book = IndicatorBook(
        meaning=meaning,
        frequency=Frequency.QUARTER,
        today=today,
        sites=[SiteDays(None)],
        actuals=figures(actuals),
        targets=more.pop("plans", plans),
        **more,
    )
    one = Indicator(pk=1, code="ONE", frequency="quarter", calendar="calendar", reported_by="program")
    return history_of(ProgramBook(Program(), today, indicators=[one], books={1: book}), one)


def look(meaning: Meaning = FLOW, **more: Any) -> Look:
    return Look(meaning, "people", "quarter", **more)


def address(span: Span) -> str:
    return f"figures/{span.label.replace(' ', '-')}/"


def outlook(found: History, meaning: Meaning = FLOW, today: date = TODAY) -> Outlook | None:
    return outlook_of(found.moments, meaning, today)


def wide(found: History, meaning: Meaning = FLOW, **more: Any) -> str:
    chart = chart_of(found, look(meaning, **more), address, outlook(found, meaning))
    assert chart is not None
    return str(chart.wide)


def titles(svg: str) -> list[str]:
    return re.findall("<title>(.*?)</title>", svg)


def test_each_period_is_a_link_with_the_words_and_numbers_of_the_table() -> None:
    found = history("2026 Q1=1200 2026 Q3=490", "2026 Q1=1250 2026 Q3=400", today=date(2026, 10, 5))
    svg = wide(found)
    assert (
        titles(svg)
        == [
            "2026 Q1: 1,200 people, target 1,250, near 96 %",
            "2026 Q2: due",
            "2026 Q3: 490 people, target 400, exceeded 122.5 %",
            "2026 Q4: not due",
        ]
        or titles(svg)[1] == "2026 Q2: overdue"
    )
    assert '<a href="figures/2026-Q1/" aria-label="2026 Q1: 1,200 people' in svg
    assert len(re.findall(r'<rect [^>]*fill="#005ea2"/>', svg)) == 2  # what is missing is a gap
    assert 'aria-label="From 1,200 in 2026 Q1 to 490 in 2026 Q3"' in svg


def test_a_line_is_of_states_and_has_its_baseline() -> None:
    start = {(None, parse_label("2025 Q2")): Figure(Decimal(700))}
    found = history(YEAR_AND_MORE, meaning=STOCK, baselines=start)
    svg = wide(found, STOCK)
    assert svg.count("<circle") == 6  # of five quarters, and the forecast
    assert svg.count("<polyline") == 1
    chart = chart_of(found, look(STOCK), address, None)
    assert chart is not None
    assert ("baseline", "baseline") in chart.signs


def test_a_target_that_was_changed_is_drawn_beside_the_first() -> None:
    quarter = parse_label("2026 Q3")
    first, then = Recorded(Figure(Decimal(400)), date(2025, 12, 1)), Figure(Decimal(600))
    plans = {(None, quarter): [first, Recorded(then, date(2026, 7, 9), Change.REVISES)]}
    found = history(YEAR_AND_MORE, plans=plans)
    svg = wide(found)
    assert "2026 Q3: 490 people, target 600, original target 400, behind 81.7 %" in titles(svg)
    assert 'stroke-width="1.5" stroke-dasharray="3 2"' in svg


def test_what_is_incomplete_is_paler() -> None:
    book = IndicatorBook(
        meaning=FLOW,
        frequency=Frequency.QUARTER,
        today=TODAY,
        sites=[SiteDays(1), SiteDays(2)],
        actuals=figures("2026 Q2=5", 1) | figures("2026 Q2=7 2026 Q3=8", 2),
    )
    one = Indicator(pk=1, code="ONE", frequency="quarter", calendar="calendar", reported_by="sites")
    found = history_of(ProgramBook(Program(), TODAY, indicators=[one], books={1: book}), one)
    svg = wide(found)
    assert svg.count('fill="#73b3e7"') == 1
    assert any(it.startswith("2026 Q3: 8 people (1/2)") for it in titles(svg))
    assert outlook(found) is None  # nor can be said where its year ends


@pytest.mark.parametrize(("starts", "ends", "lines"), [(True, False, 1), (True, True, 2), (False, False, 0)])
def test_a_break_is_marked_at_its_edge(starts: bool, ends: bool, lines: int) -> None:
    svg = wide(history(YEAR_AND_MORE), starts_with_break=starts, ends_with_break=ends)
    edges = [it for it in re.findall("<line [^>]*>", svg) if "stroke-dasharray" in it]
    assert len(edges) == lines


def test_there_is_room_for_the_longest_number_of_the_scale() -> None:
    chart = chart_of(history("2025 Q3=38700000 2025 Q4=9000000"), look(), address, None)
    assert chart is not None
    for drawn in (chart.wide, chart.narrow):
        (ends_at,) = re.findall(r'<text x="(\d+)" [^>]*>40,000,000</text>', drawn)
        assert int(ends_at) >= 60  # ten digits and commas


def test_text_is_escaped() -> None:
    chart = chart_of(history(YEAR_AND_MORE), Look(FLOW, '<b>"', "quarter"), address, None)
    assert chart is not None
    assert "<b>" not in chart.wide
    assert "&lt;b&gt;&quot;" in chart.wide


# the forecast ----------------------------------------------------------------------------------------------


def test_the_forecast_says_the_end_of_the_year_its_range_and_how_it_is_made() -> None:
    made = outlook(history(YEAR_AND_MORE, "2026=2000"))
    assert made is not None
    end, how = made.sentences
    assert end.startswith(
        "At the pace of its last 4 quarters, 2026 would end at 2,075 (between 2,050 and 2,120)"
    )
    assert end.endswith("; its target is 2,000.")
    assert how == "Each period to come is taken as 515, the mean of the last 4 (490 to 560)."


def test_the_forecast_of_a_state_goes_by_its_changes() -> None:
    made = outlook(history(YEAR_AND_MORE, meaning=STOCK), STOCK)
    assert made is not None
    assert made.sentences == [
        "At the pace of its last 4 quarters, 2026 would end at 493 (between 420 and 540).",
        "Each period to come is taken to change it by +3, the mean of the last 4 changes (−70 to +50).",
    ]


def test_periods_to_come_are_ghosts_with_a_range() -> None:
    found = history(YEAR_AND_MORE, "2026 Q4=600")
    svg = wide(found)
    assert "2026 Q4: forecast 515 (between 490 and 560), target 600" in titles(svg)
    assert svg.count('fill="#eff6fb"') == 1
    assert svg.count("<path") == 1


@pytest.mark.parametrize(
    ("values", "meaning", "today"),
    [
        (YEAR_AND_MORE.replace(" 2026 Q3=490", ""), FLOW, TODAY),  # the last quarter is missing
        (YEAR_AND_MORE.replace("2026 Q2=560 ", ""), FLOW, TODAY),  # one in between
        (YEAR_AND_MORE, FLOW, date(2027, 2, 1)),  # nothing of the running year has ended
        (YEAR_AND_MORE + " 2026 Q4=500", FLOW, date(2027, 1, 2)),  # the year is over
        (YEAR_AND_MORE, Meaning(over_time=OverTime.AVERAGE), TODAY),
        (YEAR_AND_MORE + " 2026=2000", FLOW, TODAY),  # reported for the year itself, ahead of its end
    ],
)
def test_without_all_that_has_ended_there_is_no_forecast(values: str, meaning: Meaning, today: date) -> None:
    assert outlook(history(values, meaning=meaning, today=today), meaning, today) is None


@pytest.mark.parametrize(
    ("values", "meaning", "today", "said"),
    [
        (YEAR_AND_MORE, FLOW, TODAY, ""),  # there is one
        (YEAR_AND_MORE.replace(" 2026 Q3=490", ""), FLOW, TODAY, "1 of the last 4 quarters is incomplete."),
        ("2025 Q4=500 2026 Q2=560", FLOW, TODAY, "2 of the last 4 quarters are incomplete."),
        (YEAR_AND_MORE, FLOW, date(2027, 2, 1), "No forecast yet: no period of 2027 has ended."),
        ("2026 Q1=500", FLOW, date(2026, 5, 1), "it takes at least 2 quarters."),
        ("2025 Q4=480 2026 Q1=500", STOCK, date(2026, 5, 1), "it takes at least 3 quarters."),
        (YEAR_AND_MORE, Meaning(over_time=OverTime.AVERAGE), TODAY, "numbers that add up over time"),
        (YEAR_AND_MORE + " 2026=2000", FLOW, TODAY, "the value of 2026 was reported as a whole."),
        ("2024=5", FLOW, TODAY, ""),  # no year runs
    ],
)
def test_why_there_is_no_forecast(values: str, meaning: Meaning, today: date, said: str) -> None:
    found = lack_of(history(values, meaning=meaning, today=today).moments, meaning, today)
    assert (said in found) if said else not found


def test_a_gap_before_the_year_shortens_the_pace() -> None:
    made = outlook(history(YEAR_AND_MORE.replace("2025 Q4=500 ", "")))
    assert made is not None
    assert made.made.lately == 3


# years, sites and categories -------------------------------------------------------------------------------


def test_years_are_drawn_where_only_they_have_targets() -> None:
    years = years_of(history(YEAR_AND_MORE, "2025=1000 2026=2000"), look(), address)
    assert years is not None
    assert titles(str(years.wide))[0].startswith("2025: 980 people (2/4), target 1,000")
    assert years_of(history(YEAR_AND_MORE, "2026=2000 2026 Q3=500"), look(), address) is None
    assert years_of(history(YEAR_AND_MORE), look(), address) is None


def sited(count: int, quarters: str = "2026 Q2 2026 Q3", meaning: Meaning = FLOW) -> History:
    """As many sites, of which each reports ten times its number."""
    sites = {pk: Site(pk=pk, code=f"S{pk:02}", name=f"Site {pk:02}") for pk in range(1, count + 1)}
    actuals = {
        key: it
        for pk in sites
        for label in re.findall(r"\S+ Q\d", quarters)
        for key, it in figures(f"{label}={pk * 10}", pk).items()
    }
    book = IndicatorBook(meaning, Frequency.QUARTER, TODAY, [SiteDays(pk) for pk in sites], actuals=actuals)
    one = Indicator(pk=1, code="ONE", frequency="quarter", calendar="calendar", reported_by="sites")
    return history_of(ProgramBook(Program(), TODAY, indicators=[one], sites=sites, books={1: book}), one)


def test_sites_side_by_side_share_one_scale_which_is_said() -> None:
    found = sited(24)
    many = multiples_of(
        found.sites, found.columns, look(), lambda part: lambda _span: f"?site={part.site_code}"
    )
    assert many is not None
    assert many.scale == "All on one scale, from 0 to 240 people."
    assert [it.name for it in many.charts] == [f"Site {pk:02}" for pk in range(1, 25)]
    assert many.charts[23].last == '<a href="?site=S24">240</a>'
    assert "2026 Q3: 240 people" in str(many.charts[23].svg)

    def height(svg: str) -> float:
        return max(float(it) for it in re.findall(r'height="([\d.]+)" fill="#005ea2"', svg))

    first, last = height(str(many.charts[0].svg)), height(str(many.charts[23].svg))
    assert last == pytest.approx(24 * first, rel=0.05)


def test_one_period_is_no_course() -> None:
    found = sited(3, "2026 Q3")
    assert multiples_of(found.sites, found.columns, look(), lambda _part: address) is None


@pytest.mark.parametrize(("over_sites", "apart"), [(OverSites.NONE, True), (OverSites.SUM, False)])
def test_what_cannot_be_combined_is_drawn_by_site_alone(over_sites: OverSites, apart: bool) -> None:
    found = sited(3, meaning=Meaning(over_sites=over_sites, over_time=OverTime.MAXIMUM))
    assert is_apart(found) == apart
    assert (chart_of(found, look(), address, None) is None) == apart
    many = multiples_of(found.sites, found.columns, look(), lambda _part: address)
    assert many is not None
    assert [str(it.last) for it in many.charts] == [
        f'<a href="figures/2026-Q3/">{pk}0</a>' for pk in (1, 2, 3)
    ]


def test_a_milestone_stands_on_an_axis_of_time() -> None:
    life = parse_label("2026")
    own = IndicatorBook(
        MILESTONE,
        Frequency.QUARTER,
        TODAY,
        [SiteDays(1), SiteDays(2)],
        actuals={
            (1, parse_label("2026 Q2")): Figure(Decimal(1), day="2026-05-31"),
            (2, parse_label("2026 Q2")): Figure(Decimal(0)),
        },
        targets={
            (site, parse_label("2026 Q2")): [Recorded(Figure(Decimal(1), day="2026-06"), date(2025, 12, 1))]
            for site in (1, 2)
        },
    )
    sites = [Site(pk=pk, code=f"S{pk}", name=f"Site {pk}") for pk in (1, 2)]
    found = milestones_of(own, life, sites, "All", lambda span, code: f"{span.label}?{code}")
    assert found is not None
    assert (found.first, found.last) == ("31 May 2026", "22 Nov 2026")
    one, two = found.lines
    assert (one.name, one.target, one.done, one.href) == (
        "Site 1",
        "June 2026",
        "done 31 May 2026",
        "2026?S1",
    )
    assert one.svg.count("<circle") == 1
    assert "Site 2: not done, to be done by June 2026" in two.svg
    assert "#b50909" in two.svg  # since then
    assert "#b50909" not in one.svg
    assert chart_of(history(""), look(MILESTONE), address, None) is None
