"""The calendar: kinds of periods, their labels, and which of them lie in a span. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering
from typing import TypeAlias

from indicators.reading import YEARS


class Kind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    LIFE = "life"
    OTHER = "other"


class Frequency(StrEnum):
    """How often an indicator is reported; `irregular` is never expected."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    IRREGULAR = "irregular"


class Calendar(StrEnum):
    """Calendars only label and group: 2026 Q4 of the one is FY2027 Q1 of the other."""

    CALENDAR = "calendar"
    FISCAL = "fiscal"  # U.S. fiscal year, October to September


@total_ordering
@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time a value is wanted for. A published one may lack a day (kind `other`).

    Spans sort by first and last day; one that lacks a day comes after those that have it.
    """

    kind: Kind
    first: date | None
    last: date | None
    label: str

    def __hash__(self) -> int:
        return hash(self.label)

    def __lt__(self, other: Span) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[date, date, str, str]:
        return (self.first or date.max, self.last or date.max, self.kind, self.label)


Days: TypeAlias = tuple[date | None, date | None]  # the first and the last, open where one is None
DUE_AFTER = timedelta(days=15)
OPEN = "…"  # stands in the label of a life of program for a day that is not known
KIND_OF = {
    Frequency.MONTH: Kind.MONTH,
    Frequency.QUARTER: Kind.QUARTER,
    Frequency.HALF: Kind.HALF,
    Frequency.YEAR: Kind.YEAR,
}
MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}
FISCAL_MONTH = 10  # October begins the U.S. fiscal year
ONE_DAY = timedelta(days=1)


def _after(day: date, months: int) -> date:
    """The first of the month that many months after the month of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _end(first: date, months: int) -> date:
    last = _after(first, months - 1)
    return last.replace(day=monthrange(last.year, last.month)[1])


def _year_label(first: date) -> str:
    return f"{first.year:04}" if first.month == 1 else f"FY{first.year + 1:04}"


def _label(kind: Kind, first: date, fiscal: bool) -> str:
    """The label of a regular period; `fiscal` only matters for a quarter."""
    if kind is Kind.MONTH:
        return f"{first.year:04}-{first.month:02}"
    if kind is Kind.YEAR:
        return _year_label(first)
    months = MONTHS[kind]
    year_on = _year_on(first, fiscal if kind is Kind.QUARTER else first.month in (4, 10))
    number = (first.year - year_on.year) * 12 + first.month - year_on.month
    return f"{_year_label(year_on)} {'Q' if kind is Kind.QUARTER else 'H'}{number // months + 1}"


def _year_on(day: date, fiscal: bool) -> date:
    """The first day of the year that `day` lies in."""
    if not fiscal:
        return date(day.year, 1, 1)
    return date(day.year if day.month >= FISCAL_MONTH else day.year - 1, FISCAL_MONTH, 1)


@lru_cache(maxsize=4096)
def span_of(kind: Kind, first: date) -> Span:
    """The month, quarter, half or year that begins on `first`; ValueError if none does.

    A half or year that begins in October or April is one of the fiscal calendar.
    """
    starts = {Kind.MONTH: range(1, 13), Kind.QUARTER: (1, 4, 7, 10)}
    starts |= {Kind.HALF: (1, 4, 7, 10), Kind.YEAR: (1, 10)}
    if kind not in starts or first.day != 1 or first.month not in starts[kind]:
        raise ValueError(f"No {kind} begins on {first}")
    return Span(kind, first, _end(first, MONTHS[kind]), _label(kind, first, fiscal=False))


def month(year: int, number: int) -> Span:
    """A calendar month; ValueError if there is none such."""
    return span_of(Kind.MONTH, date(year, number, 1))


def quarter(year: int, number: int, calendar: Calendar = Calendar.CALENDAR) -> Span:
    """The quarter 1 to 4 of that year of the calendar; ValueError if there is none such."""
    return _part(Kind.QUARTER, year, number, calendar)


def half(year: int, number: int, calendar: Calendar = Calendar.CALENDAR) -> Span:
    """The half 1 or 2 of that year of the calendar; ValueError if there is none such."""
    return _part(Kind.HALF, year, number, calendar)


def year(number: int, calendar: Calendar = Calendar.CALENDAR) -> Span:
    """That calendar or fiscal year; ValueError if there is none such."""
    return _part(Kind.YEAR, number, 1, calendar)


def _part(kind: Kind, year: int, number: int, calendar: Calendar) -> Span:
    months = MONTHS[kind]
    if not 1 <= number <= 12 // months:
        raise ValueError(f"A year has no {kind} {number}")
    year_on = date(year - 1, 10, 1) if calendar is Calendar.FISCAL else date(year, 1, 1)
    return span_of(kind, _after(year_on, (number - 1) * months))


def life(first: date | None, last: date | None) -> Span:
    """The life of a program, of which either day may be unknown; ValueError if it ends first."""
    if first and last and first > last:
        raise ValueError("The life of a program ends before it begins")
    if (not first or first.timetuple()[1:3] == (1, 1)) and (not last or last.timetuple()[1:3] == (12, 31)):
        years = (f"{day.year:04}" if day else OPEN for day in (first, last))
        return Span(Kind.LIFE, first, last, "–".join(years))
    return Span(Kind.LIFE, first, last, f"{first or OPEN} – {last or OPEN}")


def other(label: str, first: date | None = None, last: date | None = None) -> Span:
    """A published stretch of time under its own label; either day may be unknown."""
    return Span(Kind.OTHER, first, last, label)


def span_at(kind: Kind, day: date, calendar: Calendar = Calendar.CALENDAR) -> Span:
    """The month, quarter, half or year of the calendar that `day` lies in."""
    year_on = _year_on(day, calendar is Calendar.FISCAL)
    months = (day.year - year_on.year) * 12 + day.month - year_on.month
    return span_of(kind, _after(year_on, months // MONTHS[kind] * MONTHS[kind]))


def year_of(day: date, calendar: Calendar) -> Span:
    """The year of the calendar that `day` lies in."""
    return span_at(Kind.YEAR, day, calendar)


def shifted(span: Span, months: int) -> Span:
    """The month, quarter, half or year so many months later; ValueError if none begins then."""
    if not span.first:
        raise ValueError(f"{span.label} has no first day")
    return span_of(span.kind, _after(span.first, months))


def label(span: Span, calendar: Calendar) -> str:
    """The span's label in that calendar: only a quarter's differs between the two."""
    if span.kind is Kind.QUARTER and span.first:
        return _label(span.kind, span.first, calendar is Calendar.FISCAL)
    return span.label


_REGULAR = re.compile(
    r"(?P<fiscal>FY)?(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})| (?P<part>[QH])(?P<number>[1-4]))?"
)
_DAY = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{OPEN}"
_LIFE = re.compile(rf"([0-9]{{4}}|{OPEN})–([0-9]{{4}}|{OPEN})|({_DAY}) – ({_DAY})")


def parse_label(text: str) -> Span:
    """The span of a label in either calendar (`other` has none to parse); ValueError if none.

    Its years are 1900 to 2100.
    """
    text = text.strip()
    span = _parse(text)
    if span is None or any(day and day.year not in YEARS for day in (span.first, span.last)):
        raise ValueError(f"Not the label of a period: {text[:40]!r}")
    return span


def _parse(text: str) -> Span | None:
    if found := _REGULAR.fullmatch(text):
        return _parse_regular(found)
    if found := _LIFE.fullmatch(text):
        years_from, years_to, first, last = found.groups()
        if years_from:
            first = years_from if years_from == OPEN else f"{years_from}-01-01"
            last = years_to if years_to == OPEN else f"{years_to}-12-31"
        return life(_day(first), _day(last))
    return None


def _day(text: str) -> date | None:
    return None if text == OPEN else date.fromisoformat(text)


def _parse_regular(found: re.Match[str]) -> Span:
    number, calendar = int(found["year"]), Calendar.CALENDAR
    if found["fiscal"]:
        calendar = Calendar.FISCAL
    if found["month"]:
        if calendar is Calendar.FISCAL:
            raise ValueError("A month has no fiscal label")
        return month(number, int(found["month"]))
    if found["part"] == "Q":
        return quarter(number, int(found["number"]), calendar)
    if found["part"] == "H":
        return half(number, int(found["number"]), calendar)
    return year(number, calendar)


@lru_cache(maxsize=1024)
def spans_within(frequency: Frequency, calendar: Calendar, first: date, last: date) -> tuple[Span, ...]:
    """All periods of the frequency that lie wholly within the two days, in order.

    Months and quarters are those of both calendars, halves and years those of the one given.
    """
    if frequency is Frequency.IRREGULAR:
        return ()
    return tuple(_spans(KIND_OF[frequency], calendar, first, last))


def _spans(kind: Kind, calendar: Calendar, first: date, last: date) -> Iterator[Span]:
    span = span_at(kind, first, calendar)
    if span.first != first:
        span = shifted(span, MONTHS[kind])
    while span.last and span.last <= last:
        yield span
        span = shifted(span, MONTHS[kind])


def is_regular(kind: Kind, first: date | None, last: date | None) -> bool:
    """Whether the two days have the exact shape of the kind, in either calendar.

    Life of program and `other` have no shape: it is enough that they do not end first.
    """
    if kind in (Kind.LIFE, Kind.OTHER):
        return not (first and last) or first <= last
    try:
        return bool(first) and span_of(kind, first).last == last
    except ValueError:
        return False


def default_due_on(span: Span) -> date | None:
    """The day a report is due unless a person says otherwise: 15 days after the last day."""
    return span.last + DUE_AFTER if span.last else None


def months_in(span: Span) -> int | None:
    """The number of whole months of the span; None if a day is unknown or cuts a month."""
    if not span.first or not span.last or span.first.day != 1:
        return None
    if (span.last + ONE_DAY).day != 1:
        return None
    years, months = span.last.year - span.first.year, span.last.month - span.first.month
    return years * 12 + months + 1


def overlaps(span: Span, from_on: date | None, to_on: date | None) -> bool:
    """Whether the span shares a day with the stretch, open where a day is None.

    A span that lacks a day overlaps nothing, since it is never expected; a stretch that ends before it
    begins has no day to share.
    """
    if not span.first or not span.last or (from_on and to_on and from_on > to_on):
        return False
    return (from_on is None or from_on <= span.last) and (to_on is None or to_on >= span.first)


@lru_cache(maxsize=4096)
def days_shared(stretches: tuple[Days, ...]) -> Days:
    """The days that lie in all of the stretches; where they share none, the first is after the last."""
    begins, ends = zip(*stretches, strict=True)
    return max((day for day in begins if day), default=None), min((day for day in ends if day), default=None)
