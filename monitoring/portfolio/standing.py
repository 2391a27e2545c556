"""All programs that a person may see: how many indicators stand how, which reports are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from indicators.books import IndicatorBook
from indicators.judging import Status
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import MONTHS, Calendar, Kind, Span, shifted, span_at
from indicators.scoring import Verdict
from indicators.values import Meaning
from monitoring.portfolio.heat import Cell, heat_of, last_quarters
from monitoring.portfolio.movements import Change, Scored, change_of
from monitoring.program.overview import published_of
from monitoring.reports import Tally, tally
from programs.models import Program

OFFERED = 8  # quarters to choose from, and the years that they lie in
UNJUDGED = (
    Status.INCOMPLETE,
    Status.DUE,
    Status.OVERDUE,
    Status.IN_REVIEW,
)  # for approved figures are missing


class Subject(NamedTuple):
    """An indicator and the program that it is of."""

    program: Program
    indicator: Indicator


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that stands for a program."""

    indicator: Indicator
    book: IndicatorBook
    score: Verdict

    @property
    def meaning(self) -> Meaning:
        return self.book.meaning


@dataclass(frozen=True, slots=True)
class Line:
    """One program; `change` is since the period before."""

    program: Program
    counts: dict[str, int]
    indicators: int
    reports: Tally
    change: Change
    heat: list[Cell]
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
    """Programs by component, and everything added up; `scored` is every indicator with its two scores."""

    span: Span
    before: Span
    ended: bool
    components: list[Component]
    counts: dict[str, int]
    reports: Tally
    change: Change
    quarters: list[Span]
    scored: list[Scored[Subject]]
    programs: int
    indicators: int

    @property
    def lines(self) -> Iterator[Line]:
        return (line for component in self.components for line in component.lines)

    @property
    def unjudged(self) -> int:
        """How many indicators can't be judged since approved figures of theirs are missing."""
        return sum(self.counts.get(str(status), 0) for status in UNJUDGED)


def last_ended_quarter(today: date) -> Span:
    """The quarter that ended before today."""
    return shifted(span_at(Kind.QUARTER, today, Calendar.CALENDAR), -3)


def offered_periods(today: date, calendar: Calendar) -> list[Span]:
    """The periods to choose from, the latest first: quarters, then years."""
    last = last_ended_quarter(today)
    quarters = [shifted(last, -3 * back) for back in range(-1, OFFERED - 1)]
    year = span_at(Kind.YEAR, today, calendar)
    return [*quarters, *(shifted(year, -12 * back) for back in range(OFFERED // 2 + 1))]


def before(span: Span) -> Span:
    """The period of the same kind that a month, quarter, half or year is compared with."""
    return shifted(span, -MONTHS[span.kind])


def portfolio_of(
    programs: Sequence[Program], books: Mapping[int, ProgramBook], span: Span, calendar: Calendar
) -> Portfolio:
    """Every program's line in the order of the components; each indicator is scored in two periods."""
    scored = {it.pk: _scored(it, books[it.pk], span, before(span)) for it in programs}
    today = next((book.today for book in books.values()), span.last or date.max)
    quarters = last_quarters(span.last or today, today, calendar)
    lines = [_line(it, books[it.pk], scored[it.pk], span, quarters) for it in programs]
    return Portfolio(
        span=span,
        before=before(span),
        ended=bool(span.last and span.last < today),
        components=[
            Component(str(label), found)
            for value, label in Program.Component.choices
            if (found := [line for line in lines if line.program.component == value])
        ],
        counts=dict(sum((Counter(line.counts) for line in lines), Counter())),
        reports=sum((line.reports for line in lines), Tally()),
        change=sum((line.change for line in lines), Change()),
        quarters=quarters,
        scored=[it for found in scored.values() for it in found],
        programs=len(lines),
        indicators=sum(line.indicators for line in lines),
    )


def _scored(program: Program, book: ProgramBook, span: Span, earlier: Span) -> list[Scored[Subject]]:
    found = []
    for it in book.indicators:
        own = book.books[it.pk]
        subject = Subject(program, it)
        found.append(Scored(subject, own.meaning, own.verdict(span), own.verdict(earlier)))
    return found


def _line(
    program: Program,
    book: ProgramBook,
    scored: Sequence[Scored[Subject]],
    span: Span,
    quarters: Sequence[Span],
) -> Line:
    statuses = Counter(str(it.now.judgement.status) for it in scored if it.now.judgement.status)
    return Line(
        program=program,
        counts=dict(statuses),
        indicators=len(book.indicators),
        reports=tally(book.reports, book.today, span),
        change=change_of(scored),
        heat=heat_of(book.reports, quarters, book.today),
        headline=_headline(book, [(it.subject.indicator, it.now) for it in scored]),
    )


def _headline(book: ProgramBook, scores: Sequence[tuple[Indicator, Verdict]]) -> Headline | None:
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
    return Headline(indicator, book.books[indicator.pk], score)


def _published(book: ProgramBook) -> list[tuple[Indicator, Verdict]]:
    """The last actual of each indicator, the latest first."""
    found = []
    for indicator in book.indicators:
        published = published_of(book.books[indicator.pk])
        if (
            published is not None
            and published.actual is not None
            and published.actual.actual.figure is not None
        ):
            found.append((indicator, published.actual.verdict))
    return sorted(found, key=lambda pair: -_last_day(pair[1].span).toordinal())


def _last_day(span: Span) -> date:
    return span.last or span.first or date.min + timedelta(days=1)
