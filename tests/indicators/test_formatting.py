"""Numbers, days and figures read the same in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from time import process_time

import pytest
from django.utils.translation import override

from indicators import formatting, words
from indicators.judging import Status
from indicators.models.report import State
from indicators.periods import Calendar, Frequency, Kind, other, quarter
from indicators.values import (
    Absence,
    Accumulation,
    Additivity,
    Certainty,
    Change,
    Direction,
    EntryKind,
    Figure,
    Meaning,
    Measure,
    OverSites,
    OverTime,
)

D = Decimal
TODAY = date(2026, 11, 22)
PERCENT = Meaning(measure=Measure.RATIO, factor=D(100))
RATE = Meaning(measure=Measure.RATIO, factor=D(100_000))
MILESTONE = Meaning(measure=Measure.MILESTONE)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D("1926.50"), "1,926.50"),
        (D("0"), "0"),
        (D("-0.0"), "0.0"),
        (D("-39"), "−39"),
        (D("1E+6"), "1,000,000"),
        (D("0.000001"), "0.000001"),
        (D(10) / 3, "3.33"),
        (D(-10) / 3, "−3.33"),
    ],
)
def test_a_number_keeps_the_decimals_given(value: D, text: str, language: str) -> None:
    with override(language):
        assert formatting.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (D("1.112"), "111.2 %"),
        (D("1"), "100 %"),
        (D("0.905"), "90.5 %"),
        (D("0.9050") + D("0.0005"), "90.6 %"),
        (D("0.99999"), "99.99 %"),
        (D("1.00001"), "100.01 %"),
        (D("0.8996"), "89.96 %"),
        (D("1.1004"), "110.04 %"),
        (D("-0.10001"), "−10.01 %"),
        (D("0.9"), "90 %"),
        (D("0.6298"), "63 %"),  # no border
        (D("-0.39"), "−39 %"),
        (D("0.00001"), "0.001 %"),
        (D("0"), "0 %"),
        (None, ""),
    ],
)
def test_percent(share: D | None, text: str) -> None:
    assert formatting.percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(D("0.52"), "+52 %"), (D("-0.047"), "−4.7 %"), (D("0"), "0 %"), (None, "")],
)
def test_signed_percent(share: D | None, text: str) -> None:
    assert formatting.signed_percent(share) == text


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("2017", "2017", "2017"),
        ("2018-03", "March 2018", "marzo de 2018"),
        ("2018-03-15", "15 Mar 2018", "15/03/2018"),
        (date(2027, 1, 5), "5 Jan 2027", "05/01/2027"),
        (None, "", ""),
        ("", "", ""),
    ],
)
def test_a_day_known_to_the_day_the_month_or_the_year(
    text: str | date | None, english: str, spanish: str
) -> None:
    assert formatting.day(text) == english
    with override("es"):
        assert formatting.day(text) == spanish


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2026, 12, 4), "due 4 Dec 2026 (in 12 days)"),
        (date(2026, 11, 23), "due 23 Nov 2026 (in 1 day)"),
        (TODAY, "due 22 Nov 2026 (today)"),
        (date(2026, 11, 21), "due 21 Nov 2026 (1 day ago)"),
        (date(2026, 10, 15), "due 15 Oct 2026 (38 days ago)"),
        (None, ""),
    ],
)
def test_due(on: date | None, text: str) -> None:
    assert formatting.due(on, TODAY) == text


def test_a_span_is_called_by_the_calendar() -> None:
    assert formatting.span_label(quarter(2026, 4)) == "2026 Q4"
    assert formatting.span_label(quarter(2026, 4), Calendar.FISCAL) == "FY2027 Q1"
    assert formatting.span_label(other("by publication"), "fiscal") == "by publication"


@pytest.mark.parametrize(
    ("figure", "meaning", "text"),
    [
        (None, Meaning(), ""),
        (Figure(), Meaning(), "no value"),
        (Figure(D("1926.50")), Meaning(), "1,926.50"),
        (Figure(D("73000"), certainty=Certainty.MORE_THAN), Meaning(), "> 73,000"),
        (Figure(D("1000"), certainty=Certainty.ABOUT), Meaning(), "≈ 1,000"),
        (Figure(D("49800"), certainty=Certainty.ESTIMATE), Meaning(), "est. 49,800"),
        (Figure(D("39"), expected=True), Meaning(), "39 expected"),
        (Figure(absence=Absence.NOT_YET_AVAILABLE), Meaning(), "not yet available"),
        (Figure(D(81200) / 1090, D(812), D(1090)), PERCENT, "74.5"),
        (Figure(D(75), D(3), D(4)), PERCENT, "75"),
        (Figure(D("12.3456"), D(1), D(3)), RATE, "12.35"),
        (Figure(D("39.00")), PERCENT, "39.00"),
        (Figure(None, D(0), D(0)), PERCENT, "no value"),
        (Figure(D(1), day="2018-03"), MILESTONE, "done March 2018"),
        (Figure(D(1)), MILESTONE, "done"),
        (Figure(D(0)), MILESTONE, "not done"),
        (Figure(None, D(3), D(5)), MILESTONE, "3 of 5"),
    ],
)
def test_a_figure_in_plain_text(figure: Figure | None, meaning: Meaning, text: str) -> None:
    assert formatting.figure_text(figure, meaning) == text


def test_a_figure_on_a_page_says_its_certainty_to_everyone() -> None:
    html = formatting.figure_html(Figure(D("73000"), certainty=Certainty.MORE_THAN))
    assert 'aria-hidden="true">&gt;</span>' in html
    assert ">more than</span> 73,000" in html


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        (None, "no value"),
        (Figure(), "no value"),
        (Figure(absence=Absence.WITHHELD), "withheld"),
        (Figure(D(39), expected=True), "expected"),
    ],
)
def test_what_is_no_number_is_a_grey_word(figure: Figure | None, word: str) -> None:
    assert f'<span class="absent">{word}</span>' in formatting.figure_html(figure)


def test_milestones_on_a_page() -> None:
    assert formatting.figure_html(Figure(None, D(3), D(5)), MILESTONE) == "3 of 5"
    assert "no value" in formatting.figure_html(Figure(None, D(0), D(0)), PERCENT)


def test_a_status_is_glyph_word_and_hue() -> None:
    html = formatting.status_html("behind")
    assert "status--bad" in html
    assert 'aria-hidden="true">▼</span>behind' in html
    assert formatting.status_html(None) == ""
    assert formatting.status_html(None, "62 %") == "62 %"


def test_the_text_beside_a_status_is_escaped_and_its_word_is_heard() -> None:
    html = formatting.status_html("near", "<b>")
    assert "&lt;b&gt;" in html
    assert '<span class="usa-sr-only">near</span>' in html


@pytest.mark.parametrize(
    ("choices", "named"),
    [
        (Measure, words.MEASURES),
        (Accumulation, words.ACCUMULATIONS),
        (Direction, words.DIRECTIONS),
        (OverSites, words.OVER_SITES),
        (OverTime, words.OVER_TIME),
        (Absence, words.ABSENCES),
        (Certainty, words.CERTAINTIES),
        (Certainty, words.CERTAINTY_MARKS),
        (Additivity, words.ADDITIVITIES),
        (EntryKind, words.ENTRY_KINDS),
        (Change, words.CHANGES),
        (Kind, words.KINDS),
        (Frequency, words.FREQUENCIES),
        (Calendar, words.CALENDARS),
        (State, words.STATES),
        (Status, words.STATUSES),
        (Status, words.STATUS_GLYPHS),
        (State, words.STATUSES),
        (State, words.STATUS_GLYPHS),
    ],
)
def test_every_choice_has_its_word(choices: type[StrEnum], named: dict[str, object]) -> None:
    assert {choice.value for choice in choices} <= set(named)


def test_a_table_of_three_thousand_numbers_is_formatted_in_no_time() -> None:
    figures = [Figure(D("1926.50")), Figure(D("31039")), Figure(D(-39))] * 1000
    started = process_time()
    for figure in figures:
        formatting.figure_html(figure)
    assert process_time() - started < 0.1  # measured 0.008 s: what others do on the machine does not count
