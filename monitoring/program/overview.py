"""One program at a glance: its indicators over the current year and its life, its reports, its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.books import IndicatorBook
from indicators.combining import Figures
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Calendar, Span, life, year_of
from indicators.planning import Baseline
from indicators.scoring import Score
from monitoring.breaks import in_succession
from monitoring.performance.columns import recorded_spans
from monitoring.performance.table import baseline_of, says_something, spot_of


@dataclass(frozen=True, slots=True)
class Published:
    """What is on record of other stretches than the page shows: the last actual, the last target."""

    actual: Score | None
    target: Score | None


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: over the year, over the life of the program, and else what was published last."""

    indicator: Indicator
    book: IndicatorBook
    baseline: Baseline | None
    baseline_of: Span | None  # the span that it is the baseline of, None for the latest on record
    year: Score | None
    life: Score | None
    published: Published | None


@dataclass(frozen=True, slots=True)
class Group:
    """An objective with what it serves, and its indicators."""

    objective: dict[str, Any]
    depth: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Overview:
    year: Span
    life: Span
    groups: list[Group]


def overview_of(book: ProgramBook, objectives: Iterable[Mapping[str, Any]]) -> Overview:
    """Every objective in the order of the results framework, with its indicators scored."""
    calendar = calendar_of(book.indicators)
    year = shown_year(recorded_spans(book.books.values()), calendar, book.today)
    whole = life(book.program.starts_on, book.program.ends_on)
    by_objective: dict[int, list[Row]] = {}
    for indicator in in_succession(book.indicators):
        row = _row(indicator, book.books[indicator.pk], year, whole)
        by_objective.setdefault(indicator.objective_id, []).append(row)
    groups = [Group(dict(one), depth, by_objective.get(one["id"], [])) for one, depth in in_tree(objectives)]
    return Overview(year, whole, groups)


def calendar_of(indicators: Iterable[Indicator]) -> Calendar:
    """The calendar that most of them are reported by."""
    counts = Counter(it.calendar for it in indicators)
    return Calendar(max(counts, key=lambda it: counts[it], default=Calendar.CALENDAR))


def shown_year(recorded: Iterable[Span], calendar: Calendar, today: date) -> Span:
    """The running year if there are figures of it or later, else the last year that there are figures of."""
    running = year_of(today, calendar)
    last = max((it.last for it in recorded if it.first and it.last), default=None)
    return running if last is None or not running.first or last >= running.first else year_of(last, calendar)


def in_tree(objectives: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], int]]:
    """The objectives, each below the one it serves, with its depth."""
    children: dict[int | None, list[Mapping[str, Any]]] = {}
    for one in objectives:
        children.setdefault(one["parent"], []).append(one)
    found: list[tuple[Mapping[str, Any], int]] = []

    def visit(parent: int | None, depth: int) -> None:
        for one in children.get(parent, []):
            found.append((one, depth))
            visit(one["id"], depth + 1)

    visit(None, 0)
    return found


def _row(indicator: Indicator, book: IndicatorBook, year: Span, whole: Span) -> Row:
    of_year, of_life = book.score(year), book.score(whole)
    lacking = of_year.actual.figure is None and of_life.actual.figure is None
    return Row(
        indicator=indicator,
        book=book,
        baseline=baseline_of(book, (of_year, of_life)),
        baseline_of=spot_of((of_year, of_life)),
        year=of_year if says_something(of_year) else None,
        life=of_life if says_something(of_life) else None,
        published=published_of(book) if lacking else None,
    )


def published_of(book: IndicatorBook) -> Published | None:
    """The last actual on record and the last target; None without either."""
    actual = _last(book.actuals)
    target = _last(book.targets)
    if actual is None and target is None:
        return None
    return Published(book.score(actual) if actual else None, book.score(target) if target else None)


def _last(figures: Figures | Mapping[tuple[int | None, Span], Any]) -> Span | None:
    """The period that ended last; what has no last day was published last."""
    spans = {span for _site, span in figures}
    return max(spans, key=lambda it: (it.last or date.max, it.first or date.min, it.label), default=None)
