from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods
from indicators.periods import Calendar, Frequency, Kind, Span, parse_label

FISCAL = Calendar.FISCAL
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("span", "label", "fiscal_label", "first", "last"),
    [
        (periods.month(2026, 5), "2026-05", "2026-05", "2026-05-01", "2026-05-31"),
        (periods.month(2024, 2), "2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        (periods.quarter(2026, 4), "2026 Q4", "FY2027 Q1", "2026-10-01", "2026-12-31"),
        (periods.quarter(2027, 1, FISCAL), "2026 Q4", "FY2027 Q1", "2026-10-01", "2026-12-31"),
        (periods.quarter(2026, 1), "2026 Q1", "FY2026 Q2", "2026-01-01", "2026-03-31"),
        (periods.quarter(2026, 3), "2026 Q3", "FY2026 Q4", "2026-07-01", "2026-09-30"),
        (periods.half(2026, 1), "2026 H1", "2026 H1", "2026-01-01", "2026-06-30"),
        (periods.half(2026, 2), "2026 H2", "2026 H2", "2026-07-01", "2026-12-31"),
        (periods.half(2027, 1, FISCAL), "FY2027 H1", "FY2027 H1", "2026-10-01", "2027-03-31"),
        (periods.half(2027, 2, FISCAL), "FY2027 H2", "FY2027 H2", "2027-04-01", "2027-09-30"),
        (periods.year(2026), "2026", "2026", "2026-01-01", "2026-12-31"),
        (periods.year(2027, FISCAL), "FY2027", "FY2027", "2026-10-01", "2027-09-30"),
        (
            periods.life(date(2025, 1, 1), date(2027, 12, 31)),
            "2025–2027",
            "2025–2027",
            "2025-01-01",
            "2027-12-31",
        ),
        (
            periods.life(date(2025, 3, 15), date(2027, 6, 30)),
            "2025-03-15 – 2027-06-30",
            "2025-03-15 – 2027-06-30",
            "2025-03-15",
            "2027-06-30",
        ),
        (periods.life(date(2025, 1, 1), None), "2025–…", "2025–…", "2025-01-01", None),
        (periods.life(None, date(2025, 6, 30)), "… – 2025-06-30", "… – 2025-06-30", None, "2025-06-30"),
        (periods.life(None, None), "…–…", "…–…", None, None),
    ],
)
def test_labels_and_days(
    span: Span, label: str, fiscal_label: str, first: str | None, last: str | None
) -> None:
    assert span.label == label == periods.label(span, Calendar.CALENDAR)
    assert periods.label(span, FISCAL) == fiscal_label
    assert [str(day) if day else None for day in (span.first, span.last)] == [first, last]
    assert parse_label(label) == parse_label(fiscal_label) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026 Q5",
        "2026 H3",
        "2026 Q",
        "2026-13",
        "2026-00",
        "FY2026-05",
        "26 Q1",
        "2026q1",
        "by publication",
        "2027–2025",
        "0000",
        "FY0001",
        "0001 Q1",
        "1899",
        "2101",
        "9999 Q4",
        "1000–2026",
        "2025-02-30 – 2026-01-01",
        "２０２６",
        "2026 Q1 Q2",
    ],
)
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_label(text)


def regular_spans() -> st.SearchStrategy[Span]:
    kinds = st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR])
    return st.builds(periods.span_at, kinds, DAYS, st.sampled_from(Calendar))


@given(regular_spans(), st.sampled_from(Calendar))
def test_parsing_a_label_in_either_calendar_gives_the_span(span: Span, calendar: Calendar) -> None:
    assert parse_label(periods.label(span, calendar)) == span
    assert span.first
    assert periods.span_of(span.kind, span.first) == span
    assert periods.is_regular(span.kind, span.first, span.last)
    assert periods.months_in(span) == periods.MONTHS[span.kind]


@given(st.none() | DAYS, st.none() | DAYS)
def test_parsing_the_label_of_a_life_gives_the_life(one: date | None, other: date | None) -> None:
    first, last = (min(one, other), max(one, other)) if one and other else (one, other)
    assert parse_label(periods.life(first, last).label) == periods.life(first, last)


@given(regular_spans(), DAYS)
def test_spans_of_a_kind_do_not_overlap(span: Span, day: date) -> None:
    other = periods.span_at(span.kind, day, FISCAL if span.label.startswith("FY") else Calendar.CALENDAR)
    assert other == span or not periods.overlaps(other, span.first, span.last)


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (Kind.QUARTER, date(2026, 2, 1)),
        (Kind.MONTH, date(2026, 2, 2)),
        (Kind.HALF, date(2026, 3, 1)),
        (Kind.YEAR, date(2026, 4, 1)),
        (Kind.LIFE, date(2026, 1, 1)),
        (Kind.OTHER, date(2026, 1, 1)),
    ],
)
def test_no_period_begins_there(kind: Kind, first: date) -> None:
    with pytest.raises(ValueError, match="begins"):
        periods.span_of(kind, first)


def test_a_life_does_not_end_first() -> None:
    with pytest.raises(ValueError, match="ends before"):
        periods.life(date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("frequency", "calendar", "first", "last", "labels"),
    [
        ("quarter", "calendar", "2026-01-01", "2026-12-31", "2026 Q1,2026 Q2,2026 Q3,2026 Q4"),
        ("quarter", "fiscal", "2026-01-02", "2026-12-30", "2026 Q2,2026 Q3"),
        ("month", "fiscal", "2026-01-15", "2026-03-31", "2026-02,2026-03"),
        ("half", "calendar", "2026-01-01", "2027-03-31", "2026 H1,2026 H2"),
        ("half", "fiscal", "2026-01-01", "2027-03-31", "FY2026 H2,FY2027 H1"),
        ("year", "calendar", "2025-01-01", "2027-12-31", "2025,2026,2027"),
        ("year", "fiscal", "2025-01-01", "2027-12-31", "FY2026,FY2027"),
        ("year", "fiscal", "2025-01-01", "2025-12-31", ""),
        ("irregular", "calendar", "2025-01-01", "2025-12-31", ""),
        ("month", "calendar", "2025-12-31", "2025-01-01", ""),
    ],
)
def test_spans_within(frequency: str, calendar: str, first: str, last: str, labels: str) -> None:
    stretch = date.fromisoformat(first), date.fromisoformat(last)
    found = periods.spans_within(Frequency(frequency), Calendar(calendar), *stretch)
    assert ",".join(span.label for span in found) == labels


@pytest.mark.parametrize(
    ("kind", "first", "last", "regular"),
    [
        (Kind.MONTH, date(2026, 2, 1), date(2026, 2, 28), True),
        (Kind.MONTH, date(2026, 2, 1), date(2026, 3, 1), False),
        (Kind.QUARTER, date(2026, 2, 1), date(2026, 4, 30), False),
        (Kind.HALF, date(2026, 10, 1), date(2027, 3, 31), True),
        (Kind.YEAR, date(2026, 10, 1), date(2027, 9, 30), True),
        (Kind.YEAR, None, date(2027, 9, 30), False),
        (Kind.OTHER, None, date(2027, 9, 30), True),
        (Kind.OTHER, None, None, True),
        (Kind.LIFE, date(2026, 1, 2), date(2026, 1, 2), True),
        (Kind.LIFE, date(2026, 1, 2), date(2026, 1, 1), False),
    ],
)
def test_is_regular(kind: Kind, first: date | None, last: date | None, regular: bool) -> None:
    assert periods.is_regular(kind, first, last) is regular


def test_a_report_is_due_fifteen_days_after_the_last_day() -> None:
    assert periods.default_due_on(periods.quarter(2026, 4)) == date(2027, 1, 15)
    assert periods.default_due_on(periods.other("by publication")) is None


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2002, 1, 1), date(2013, 12, 31), 144),
        (date(2026, 1, 2), date(2026, 12, 31), None),
        (date(2026, 1, 1), date(2026, 12, 30), None),
        (None, date(2026, 12, 31), None),
        (date(2026, 1, 1), None, None),
    ],
)
def test_months_in(first: date | None, last: date | None, months: int | None) -> None:
    assert periods.months_in(periods.other("published", first, last)) == months


def test_year_of() -> None:
    assert periods.year_of(date(2026, 9, 30), FISCAL).label == "FY2026"
    assert periods.year_of(date(2026, 10, 1), FISCAL).label == "FY2027"
    assert periods.year_of(date(2026, 10, 1), Calendar.CALENDAR).label == "2026"


def test_shifted() -> None:
    assert periods.shifted(periods.quarter(2026, 1), -12) == periods.quarter(2025, 1)
    assert periods.shifted(periods.month(2026, 12), 1) == periods.month(2027, 1)
    with pytest.raises(ValueError, match="no first day"):
        periods.shifted(periods.other("by publication"), 3)


@pytest.mark.parametrize(
    ("from_on", "to_on", "overlap"),
    [
        (None, None, True),
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (None, date(2026, 10, 1), True),
        (None, date(2026, 9, 30), False),
    ],
)
def test_overlaps(from_on: date | None, to_on: date | None, overlap: bool) -> None:
    assert periods.overlaps(periods.quarter(2026, 4), from_on, to_on) is overlap


def test_what_lacks_a_day_overlaps_nothing() -> None:
    assert not periods.overlaps(periods.other("by publication"), None, None)
    assert not periods.overlaps(periods.other("to 2013", None, date(2013, 12, 31)), None, None)


def test_spans_sort_by_their_days_and_hash() -> None:
    undated = periods.other("by publication")
    quarter, year = periods.quarter(2026, 1), periods.year(2026)
    assert sorted([undated, year, quarter]) == [quarter, year, undated]
    assert year >= quarter
    assert len({quarter, parse_label("FY2026 Q2"), year}) == 2
    assert periods.quarter(2026, 2).first == (quarter.last or date.min) + timedelta(days=1)


def test_every_frequency_but_irregular_has_a_kind() -> None:
    assert set(Frequency) - set(periods.KIND_OF) == {Frequency.IRREGULAR}
