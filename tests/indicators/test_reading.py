from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.reading import (
    YEARS,
    DayProblem,
    DayReading,
    EvidenceKind,
    EvidenceProblem,
    EvidenceReading,
    Problem,
    Reading,
    last_day,
    read_day,
    read_evidence,
    read_number,
)

MEASURED = [
    ("1926.5", "1926.5"),
    ("1,926.5", "1926.5"),
    ("1 926.5", "1926.5"),
    ("1\u00a0926.5", "1926.5"),
    ("1\u202f926.5", "1926.5"),
    ("1\u2009926\u2009000", "1926000"),
    ("1 926", "1926"),
    ("1,053,000", "1053000"),
    ("-39", "-39"),
    ("\u221239", "-39"),
    ("+5", "5"),
    ("\u00a0 7\t", "7"),
    ("24.50", "24.50"),
    ("0.125", "0.125"),
    ("1926.125", "1926.125"),
    ("1,926.125", "1926.125"),
    (".5", "0.5"),
    ("-0", "0"),
    ("007", "7"),
    ("00.926", "0.926"),
    ("999999999999999.999999", "999999999999999.999999"),
]


@pytest.mark.parametrize(("text", "digits"), MEASURED)
def test_a_measured_number_is_read_with_its_decimals(text: str, digits: str) -> None:
    number = read_number(text, counted=False).number
    assert str(number) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [("1,926", "1926"), ("1 926", "1926"), ("1926", "1926"), ("3.0", "3"), ("1,926.00", "1926"), ("-0", "0")],
)
def test_a_counted_number_is_whole(text: str, digits: str) -> None:
    assert str(read_number(text, counted=True).number) == digits


@pytest.mark.parametrize(
    ("text", "counted", "problem", "alternatives"),
    [
        ("1,926", False, "ambiguous", ("1926", "1.9260")),
        ("1.926", False, "ambiguous", ("1926", "1.9260")),
        ("-1.926", False, "ambiguous", ("-1926", "-1.9260")),
        ("926.125", False, "ambiguous", ("926125", "926.1250")),
        ("1.926", True, "ambiguous", ("1926",)),
        ("1.000", True, "ambiguous", ("1000", "1")),
        ("-1.926", True, "negative", ()),
        ("1.926,5", False, "notation", ("1926.5",)),
        ("1 926,5", False, "notation", ("1926.5",)),
        ("1,5", False, "notation", ("1.5",)),
        ("1,92", False, "notation", ("1.92",)),
        (",5", False, "notation", ("0.5",)),
        ("0,125", False, "notation", ("0.125",)),
        ("1926,125", False, "notation", ("1926.125",)),
        ("0001,926", False, "notation", ("1.9260",)),
        ("1.053.000", False, "notation", ("1053000",)),
        ("1'053,000.5", False, "notation", ("1053000.5",)),
        ("1\u2019926", True, "notation", ("1926",)),
        ("1926.", False, "notation", ("1926",)),
        ("1,5", True, "not_whole", ()),
        ("1.926,5", True, "not_whole", ()),
        ("39%", False, "percent", ("39",)),
        ("\u221239.5 %", False, "percent", ("-39.5",)),
        ("1,926%", False, "percent", ("1926", "1.9260")),
        ("1,5%", False, "percent", ("1.5",)),
        ("%", False, "not_a_number", ()),
        ("abc%", False, "not_a_number", ()),
        ("5e1%", False, "not_a_number", ()),
        ("-5", True, "negative", ()),
        ("3.5", True, "not_whole", ()),
        ("1234567890123456", False, "too_long", ()),
        ("0" * 30 + "1." + "0" * 7, False, "too_long", ()),
        ("9" * 30, True, "too_long", ()),
        ("0.1234567", False, "too_long", ()),
        ("9" * 20 + ",5", False, "too_long", ()),
    ]
    + [
        (text, False, "not_a_number", ())
        for text in (
            "about 7",
            "NaN",
            "Infinity",
            "-inf",
            "1e999",
            "1e5",
            "0x1F",
            "٣",
            "１２",
            "5\x00",
            "\u202e5",
            "--5",
            "-",
            "+",
            ".",
            ",",
            "1,92,6",
            "0,926,500",
            "1,926 000",
            "12 34",
            "5-",
            "(5)",
            "- 5",
            "1..5",
            "1.9.2",
        )
    ],
)
def test_what_cannot_be_read_one_way_is_asked_back(
    text: str, counted: bool, problem: str, alternatives: tuple[str, ...]
) -> None:
    assert read_number(text, counted=counted) == Reading(None, Problem(problem), alternatives)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0\n"])
def test_a_blank_is_no_number_and_no_problem(text: str) -> None:
    assert read_number(text, counted=True) == Reading()


NUMBERISH = st.text("0123456789.,'%+-\u2212 \u00a0e", max_size=14)


@given(st.text() | NUMBERISH, st.booleans())
@example("1,926", False)
def test_reading_never_raises_and_never_guesses(text: str, counted: bool) -> None:
    reading = read_number(text, counted=counted)
    assert not (reading.problem and reading.number is not None)
    if reading.number is not None:
        kept = "".join(sign for sign in text.replace("\u2212", "-") if sign in "0123456789.-")
        assert reading.number == Decimal(kept)
        assert reading.number >= 0 or not counted
    for alternative in reading.alternatives:
        assert read_number(alternative, counted=counted).number == Decimal(alternative)


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=2))
def test_our_own_notation_is_read_back_exactly(number: Decimal) -> None:
    assert read_number(f"{number:,}", counted=False).number == number


def test_a_long_text_is_read_in_linear_time() -> None:
    for text in ("1," * 100_000, "9" * 300_000, "1" + ",111" * 100_000, " " * 300_000 + "x", "%" * 300_000):
        assert read_number(text, counted=False).problem


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018", "2018"),
        ("2018-03", "2018-03"),
        (" 2018-03-15 ", "2018-03-15"),
        ("2018-3-5", "2018-03-05"),
        ("03/2018", "2018-03"),
        ("15/03/2018", "2018-03-15"),
        ("15.3.2018", "2018-03-15"),
        ("3/3/2018", "2018-03-03"),
        ("13/04/2018", "2018-04-13"),
        ("04/13/2018", "2018-04-13"),
        ("29/02/2016", "2016-02-29"),
        ("May 2018", "2018-05"),
        ("mayo 2018", "2018-05"),
        ("Mayo de 2018", "2018-05"),
        ("setiembre del 2018", "2018-09"),
        ("Set. 2018", "2018-09"),
        ("15 March 2018", "2018-03-15"),
        ("15th march, 2018", "2018-03-15"),
        ("March 15, 2018", "2018-03-15"),
        ("15 de marzo de 2018", "2018-03-15"),
        ("1 ene 2018", "2018-01-01"),
    ],
)
def test_a_day_is_read_as_far_as_it_is_known(text: str, day: str) -> None:
    assert read_day(text) == DayReading(day)


@pytest.mark.parametrize(
    ("text", "problem", "alternatives"),
    [
        ("3/4/2018", "ambiguous", ("2018-04-03", "2018-03-04")),
        ("31/02/2018", "no_such_day", ()),
        ("13/13/2018", "no_such_day", ()),
        ("13/2018", "no_such_day", ()),
        ("2018-13", "no_such_day", ()),
        ("2018-02-29", "no_such_day", ()),
        ("0018", "no_such_day", ()),
        ("0000", "no_such_day", ()),
        ("2101", "no_such_day", ()),
        ("31 de junio de 2018", "no_such_day", ()),
        ("foo 2018", "not_a_day", ()),
        ("foo 15, 2018", "not_a_day", ()),
        ("15/03/18", "not_a_day", ()),
        ("3/4-2018", "not_a_day", ()),
        ("by publication", "not_a_day", ()),
        ("2018 " + "x" * 50, "not_a_day", ()),
        ("٢٠١٨", "not_a_day", ()),
    ],
)
def test_a_day_that_cannot_be_read_one_way_is_asked_back(
    text: str, problem: str, alternatives: tuple[str, ...]
) -> None:
    assert read_day(text) == DayReading(None, DayProblem(problem), alternatives)


def test_a_blank_is_no_day() -> None:
    assert read_day(" \t") == DayReading()


@given(st.text() | st.text("0123456789/-. dejunio", max_size=20))
def test_reading_a_day_never_raises(text: str) -> None:
    reading = read_day(text)
    for day in (reading.day, *reading.alternatives):
        assert day is None or (last_day(day).year in YEARS and read_day(day) == DayReading(day))


@pytest.mark.parametrize(
    ("iso", "day"),
    [
        ("2018", date(2018, 12, 31)),
        ("2018-03", date(2018, 3, 31)),
        ("2016-02", date(2016, 2, 29)),
        ("2018-03-15", date(2018, 3, 15)),
    ],
)
def test_a_day_known_to_the_month_counts_as_its_last(iso: str, day: date) -> None:
    assert last_day(iso) == day


@pytest.mark.parametrize("iso", ["", "18", "2018-13", "2018-02-30", "May 2018"])
def test_what_is_not_iso_has_no_last_day(iso: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        last_day(iso)


@pytest.mark.parametrize(
    "text",
    ["https://a.b/c?d=1#e", "HTTP://a.b", "http://[::1]/x", "https://a.b:8080/ñ", "https://a.b/x@y"],
)
def test_a_link_is_http_or_https(text: str) -> None:
    assert read_evidence(f" {text}\n") == EvidenceReading(EvidenceKind.LINK, text)


@pytest.mark.parametrize(
    "text",
    [
        "UNODC: Monitoreo de Cultivos de Coca, 2018",
        "INL fact sheet (2013), p. 2",
        "INEI 2018, https://inei.gob.pe",
        "www.unodc.org/report.pdf",
        "//a.b/c",
        "line one\nline two",
    ],
)
def test_any_other_text_is_a_citation(text: str) -> None:
    assert read_evidence(text) == EvidenceReading(EvidenceKind.CITATION, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("javascript:alert(1)", "scheme"),
        (" jaVa\tscript:alert(1)", "scheme"),
        ("java\nscript: alert(1)", "scheme"),
        ("\x01javascript:alert(1)", "scheme"),
        ("\u200bjavascript:alert(1)", "scheme"),
        ("\uff4aavascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("DATA: text/html,x", "scheme"),
        ("vbscript:x", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("mailto:a@b.c", "scheme"),
        ("ftp://a.b/c d", "scheme"),
        ("https://user:pw@a.b/", "credentials"),
        ("https://user@a.b/", "credentials"),
        ("https:a.b", "bad_link"),
        ("https://", "bad_link"),
        ("http://[::1", "bad_link"),
        ("https://a.b:99999/", "bad_link"),
        ("https://a.b/c d", "bad_link"),
        ("https://a.b\\c", "bad_link"),
        ("a\0b", "unreadable"),
        ("Report \u202e2018", "unreadable"),
        ("a\ud800", "unreadable"),
        ("x" * 2001, "too_long"),
    ],
)
def test_evidence_that_is_refused(text: str, problem: str) -> None:
    reading = read_evidence(text)
    assert (reading.kind, reading.problem) == (None, EvidenceProblem(problem))
    assert reading.text == text.strip()


def test_a_blank_is_no_evidence() -> None:
    assert read_evidence(" \n") == EvidenceReading()


@given(st.text())
def test_reading_evidence_never_raises(text: str) -> None:
    reading = read_evidence(text)
    assert (reading.kind is None) == (reading.problem is not None or not text.strip())
