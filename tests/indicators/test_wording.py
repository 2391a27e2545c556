"""How the pages of a report say where a row stands."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from indicators.actions import lay_series, save, set_plans
from indicators.actions.planning import Plan
from indicators.forms import wording
from indicators.judging import Flag, Flagged
from indicators.models import Period, Report, Series
from indicators.periods import quarter, year
from indicators.rows import Typed
from indicators.sheets import IndicatorRow, Sheet, load_sheet
from indicators.values import Figure, Meaning, Measure
from tests import builders as make
from tests.indicators.desk import RATIO, Desk, make_desk

TODAY = date(2026, 11, 22)


def words(html: str) -> str:
    """The text of a piece of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize(
    ("deviation", "text"),
    [(None, None), ("0", "on target"), ("0.047", "4.7 % over"), ("-0.34", "34 % under")],
)
def test_how_far_from_the_target(deviation: str | None, text: str | None) -> None:
    assert wording.against_target(None if deviation is None else Decimal(deviation)) == text


def test_the_target_of_a_milestone_is_a_day() -> None:
    milestone = Meaning(measure=Measure.MILESTONE)
    assert wording.target_html(Figure(Decimal(1), day="2026-08"), milestone) == "by August 2026"
    assert words(wording.target_html(None, milestone)) == "–"


def test_a_ratio_without_parts_has_none_to_show() -> None:
    assert words(wording.ratio_html(Figure(Decimal("74.5")), Meaning(measure=Measure.RATIO))) == "74.5"


def test_a_period_that_lacks_a_day() -> None:
    period = Period(kind="other", label="by publication")
    assert (wording.days_text(period), wording.label_before(period)) == ("", "")
    assert wording.not_ended(period, TODAY) == ""


@pytest.mark.parametrize("chosen", ["", "withheld", '"><script>', "x" * 1_000])
def test_what_was_chosen_stands_in_the_list_even_if_it_was_never_offered(chosen: str) -> None:
    for html in (
        wording.absence_options(Meaning(), chosen),
        wording.certainty_options(chosen),
        wording.answer_options(chosen),
    ):
        assert html.count(" selected") == 1
        assert "<script>" not in html
        assert len(html) < 1_000


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def sheet_of(desk: Desk, typed: dict[Series, str | Typed]) -> Sheet:
    report = Report.objects.select_related("program", "site", "period").get(pk=desk.report.pk)
    return load_sheet(report, today=TODAY, typed=make.typed(typed))


def row_of(desk: Desk, series: Series, typed: dict[Series, str | Typed]) -> IndicatorRow:
    return next(row for row in sheet_of(desk, typed).rows if row.line.series == series)


def test_where_a_row_stands(desk: Desk) -> None:
    meaning = desk.counted.indicator.meaning

    def state(typed: str | Typed) -> str:
        return words(wording.state_html(row_of(desk, desk.counted, {desk.counted: typed}), meaning))

    assert state("") == ""
    assert state("x") == ""
    assert state(Typed(absence="withheld")) == "withheld"
    assert "no target" in state("12")
    ratio = row_of(desk, desk.ratio, {desk.ratio: Typed(numerator="30", denominator="40")})
    assert words(wording.state_html(ratio, desk.ratio.indicator.meaning)).startswith("= 75")


def test_the_year_so_far(desk: Desk) -> None:
    meaning = desk.counted.indicator.meaning

    def so_far() -> str:
        return words(wording.so_far_html(row_of(desk, desk.counted, {desk.counted: "12"}), meaning))

    assert so_far() == "12"
    about = Typed(value="90", certainty="about")
    plan = Plan(desk.counted.indicator_id, year(2026), about, site_id=desk.site.pk)
    set_plans(program_id=desk.program.pk, by=desk.manager, plans=[plan], reason="the plan")
    assert so_far() == "12 of ≈ 90 by the end of the year"
    row = row_of(desk, desk.milestone, {desk.milestone: "yes"})
    assert words(wording.so_far_html(row, desk.milestone.indicator.meaning)) == "done"
    blank = row_of(desk, desk.ratio, {})
    assert words(wording.so_far_html(blank, desk.ratio.indicator.meaning)) == "–"


def test_the_year_so_far_is_a_link_until_anything_of_it_is_but_typed(desk: Desk) -> None:
    meaning = desk.counted.indicator.meaning
    earlier = make.make_report(desk.program, desk.site, make.make_period("2026 Q2"))
    before = desk.typed() | {desk.counted: "5", desk.women: "3", desk.men: "2", desk.milestone: "no"}
    make.approved(earlier, before, desk.reporter, desk.manager)
    blank = wording.so_far_html(row_of(desk, desk.counted, {}), meaning)
    assert words(blank) == "5"
    assert f"/indicators/{desk.counted.indicator.code}/figures/2026/?site={desk.site.code}" in blank
    typed = wording.so_far_html(row_of(desk, desk.counted, {desk.counted: "12"}), meaning)
    assert words(typed) == "17"
    assert "href" not in typed


def test_against_the_targets_of_the_ended_quarters(desk: Desk) -> None:
    plans = [
        Plan(desk.counted.indicator_id, quarter(2026, number), Typed(value="5"), site_id=desk.site.pk)
        for number in (1, 2, 3, 4)
    ]
    set_plans(program_id=desk.program.pk, by=desk.manager, plans=plans, reason="the plan")
    for label in ("2026 Q1", "2026 Q2"):
        report = make.make_report(desk.program, desk.site, make.make_period(label))
        said = desk.typed() | {desk.counted: Typed(value="12", explanation="more"), desk.milestone: "no"}
        make.approved(report, said, desk.reporter, desk.manager)
    row = row_of(desk, desk.counted, {desk.counted: "12"})
    assert words(wording.so_far_html(row, desk.counted.indicator.meaning)) == "36 of 15"


def test_the_sum_of_the_parts(desk: Desk) -> None:
    def total(counted: str | Typed, women: str, men: str) -> str:
        typed: dict[Series, str | Typed] = {desk.counted: counted, desk.women: women, desk.men: men}
        row = row_of(desk, desk.counted, typed)
        return words(wording.sum_html(row, row.breakdowns[0]))

    assert total("12", "", "") == ""
    assert total("12", "7", "") == "= 7 …"
    assert total("12", "7", "6") == "= 13 ≠"
    assert total("12", "7", "5") == "= 12 ✓adds up"
    assert total(Typed(absence="withheld"), "7", "5") == "= 12 …"


def broken_down(desk: Desk, additivity: str) -> tuple[Series, Series, Series]:
    """A ratio in two parts: its whole, the one and the other."""
    indicator = make.make_indicator(desk.program, code=f"R{additivity[:1]}", **RATIO)
    make.break_down(indicator, make.make_dimension("urban", "rural", additivity=additivity))
    lay_series(indicators=[indicator])
    one, two, whole = Series.objects.filter(indicator=indicator, site=desk.site).order_by(
        "category__position"
    )
    return whole, one, two


@pytest.mark.parametrize(("additivity", "text"), [("exhaustive", "= 3 / 8 ✓adds up"), ("overlapping", "")])
def test_the_sum_of_the_parts_of_ratios(desk: Desk, additivity: str, text: str) -> None:
    whole, one, two = broken_down(desk, additivity)
    typed: dict[Series, str | Typed] = {
        whole: Typed(numerator="3", denominator="8"),
        one: Typed(numerator="1", denominator="4"),
        two: Typed(numerator="2", denominator="4"),
    }
    row = row_of(desk, whole, typed)
    assert words(wording.sum_html(row, row.breakdowns[0])) == text
    blank = row_of(desk, whole, {})
    assert wording.sum_html(blank, blank.breakdowns[0]) == ""


@pytest.mark.parametrize(
    ("flagged", "text"),
    [
        (Flagged(Flag.UNUSUAL, Decimal("2.41")), "2.4 × its usual"),
        (Flagged(Flag.UNUSUAL, Decimal("0.012")), "0.01 × its usual"),
        (Flagged(Flag.UNUSUAL), "its usual is 0"),
        (Flagged(Flag.BREAKDOWN, Decimal(-3)), "parts differ by 3"),
        (Flagged(Flag.NO_EVIDENCE), "no evidence"),
    ],
)
def test_flags_in_words(desk: Desk, flagged: Flagged, text: str) -> None:
    assert wording.flag_words(flagged, row_of(desk, desk.counted, {desk.counted: "12"})) == text


def test_when_it_was_saved(desk: Desk) -> None:
    sheet = sheet_of(desk, {})
    assert wording.saved_text(desk.report, sheet) == "0 of 3 filled"
    report = save(
        report_id=desk.report.pk, by=desk.reporter, typed=make.typed({desk.counted: "1"}), version=0
    )
    assert re.fullmatch(r"saved \d\d:\d\d · 0 of 3 filled", wording.saved_text(report, sheet))
    report.saved_at = datetime(2026, 3, 1, 15, 42, tzinfo=UTC)
    assert wording.saved_text(report, sheet) == "saved 1 Mar 2026, 10:42 · 0 of 3 filled"
