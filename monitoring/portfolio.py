"""All programs that a person may see: how many indicators stand how, which reports are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Calendar, Kind, Span, shifted, span_at
from indicators.scoring import Score
from indicators.values import Meaning
from monitoring.overview import published_of
from monitoring.reports import Tally, tally
from programs.models import Program

OFFERED = 8  # quarters to choose from, and the years that they lie in


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that stands for a program."""

    indicator: Indicator
    meaning: Meaning
    score: Score


@dataclass(frozen=True, slots=True)
class Line:
    """One program."""

    program: Program
    counts: dict[str, int]
    indicators: int
    reports: Tally
    headline: Headline | None

    @property
    def counted(self) -> int:
        """How many of its indicators stand somehow in the period."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Programs by component, and everything added up."""

    span: Span
    components: list[Component]
    counts: dict[str, int]
    reports: Tally
    programs: int
    indicators: int


def last_ended_quarter(today: date) -> Span:
    """The quarter that ended before today."""
    return shifted(span_at(Kind.QUARTER, today, Calendar.CALENDAR), -3)


def offered_periods(today: date, calendar: Calendar) -> list[Span]:
    """The periods to choose from, the latest first: quarters, then years."""
    last = last_ended_quarter(today)
    quarters = [shifted(last, -3 * back) for back in range(-1, OFFERED - 1)]
    year = span_at(Kind.YEAR, today, calendar)
    return [*quarters, *(shifted(year, -12 * back) for back in range(OFFERED // 2 + 1))]


def portfolio_of(programs: Sequence[Program], books: dict[int, ProgramBook], span: Span) -> Portfolio:
    """Every program's line in the order of the components."""
    lines = [_line(program, books[program.pk], span) for program in programs]
    components = [
        Component(str(label), found)
        for value, label in Program.Component.choices
        if (found := [line for line in lines if line.program.component == value])
    ]
    counts = Counter[str]()
    for line in lines:
        counts.update(line.counts)
    return Portfolio(
        span=span,
        components=components,
        counts=dict(counts),
        reports=_added(line.reports for line in lines),
        programs=len(lines),
        indicators=sum(line.indicators for line in lines),
    )


def _added(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return Tally(
        sum(it.all for it in found),
        sum(it.received for it in found),
        sum(it.in_review for it in found),
        sum(it.overdue for it in found),
    )


def _line(program: Program, book: ProgramBook, span: Span) -> Line:
    scores = [(indicator, book.score(indicator, span)) for indicator in book.indicators]
    statuses = Counter(str(score.judgement.status) for _, score in scores if score.judgement.status)
    return Line(
        program=program,
        counts=dict(statuses),
        indicators=len(book.indicators),
        reports=tally(book.reports, book.today),
        headline=_headline(book, scores),
    )


def _headline(book: ProgramBook, scores: Sequence[tuple[Indicator, Score]]) -> Headline | None:
    """The first figure of the period that is judged, else any of it, else the last one on record."""
    there = [
        (it, score) for it, score in scores if score.actual.figure and score.actual.figure.value is not None
    ]
    if not there:
        there = _published(book)
    judged = [pair for pair in there if pair[1].judgement.achievement is not None]
    if not there:
        return None
    indicator, score = (judged or there)[0]
    return Headline(indicator, book.books[indicator.pk].meaning, score)


def _published(book: ProgramBook) -> list[tuple[Indicator, Score]]:
    """The last actual of each indicator, the latest first."""
    found = []
    for indicator in book.indicators:
        published = published_of(book.books[indicator.pk])
        if (
            published is not None
            and published.actual is not None
            and published.actual.actual.figure is not None
        ):
            found.append((indicator, published.actual))
    return sorted(found, key=lambda pair: -_last_day(pair[1].span).toordinal())


def _last_day(span: Span) -> date:
    return span.last or span.first or date.min + timedelta(days=1)
