"""The performance table (IPTT): every indicator of a program against its targets, period by period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from indicators.addresses import Links, Part
from indicators.books import IndicatorBook
from indicators.judging import Status
from indicators.ledger import Head, ProgramBook
from indicators.models import Category, Indicator, Objective
from indicators.periods import KIND_OF, Calendar, Frequency, Kind, Span, life, other, spans_within, year_of
from indicators.planning import Baseline, baseline_before
from indicators.scoring import Score
from indicators.values import Figure, Meaning, Measure
from monitoring.breaks import in_succession, succeeded
from monitoring.performance.columns import (
    FINENESS,
    FREQUENCY_OF,
    Column,
    Reach,
    columns_of,
    kinds_of,
    recorded_spans,
)
from programs.workbook import plain

FIELDS = (
    "program", "objective", "indicator", "name", "unit", "category", "period", "kind", "first_on", "last_on",
    "baseline", "baseline_period", "target", "original_target", "actual", "achievement", "deviation",
    "status", "complete", "reason", "certainty", "expected", "set_later", "site", "illustrative", "address",
    "ledger", "succeeds", "name_es", "against",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator, whole or one category of it; a score for each column, None where nothing can stand."""

    indicator: Indicator
    category: Category | None
    meaning: Meaning
    baseline: Baseline | None
    baseline_of: Span | None  # the span that it is the baseline of, None for the latest on record
    scores: list[Score | None]

    @property
    def part(self) -> Part | None:
        """The codes of its category, for an address."""
        return Part(self.category.dimension.code, self.category.code) if self.category else None


@dataclass(frozen=True, slots=True)
class Group:
    objective: Objective
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Performance:
    """The whole table: columns, and rows by objective."""

    columns: list[Column]
    groups: list[Group]

    @property
    def rows(self) -> Iterator[Row]:
        return (row for group in self.groups for row in group.rows)


def choose_columns(
    book: ProgramBook, calendar: Calendar, reach: Reach, *, by: Kind | None = None, full: bool = False
) -> list[Column]:
    """The columns for what is on record of a program, by a kind of period, its most common one unless given.

    A kind that is given stands alone, but for the totals. `full` is for tables of rows: with half-years and
    finer periods, and from the first figure on. By Kind.LIFE it is the life of the program alone.
    """
    if by is Kind.LIFE:
        whole = life(book.program.starts_on, book.program.ends_on)
        return [Column(whole, whole.label)]
    kinds = kinds_of(it.frequency for it in book.indicators)
    return columns_of(
        recorded_spans(book.books.values()),
        [by] if by else kinds if full else kinds[:1],
        calendar,
        reach,
        today=book.today,
        life_of_program=(book.program.starts_on, book.program.ends_on),
        everything=full,
        halves=full,
        alone=by is not None,
    )


def assemble(
    book: ProgramBook,
    columns: list[Column],
    *,
    categories: bool = False,
    sites: frozenset[int] | None = None,
    levels: Collection[str] = (),
) -> Performance:
    """The table of everything that the book holds, or of some sites alone; with the breakdowns it has.

    `levels` are those of objectives (all without any).
    """
    groups: list[Group] = []
    for indicator in in_succession(book.indicators):
        if levels and indicator.objective.level not in levels:
            continue
        if not groups or groups[-1].objective.pk != indicator.objective_id:
            groups.append(Group(indicator.objective, []))
        parts = book.categories.get(indicator.pk, []) if categories else []
        lines: list[tuple[Category | None, IndicatorBook]] = [(None, book.books[indicator.pk]), *parts]
        groups[-1].rows.extend(_row(indicator, category, one, columns, sites) for category, one in lines)
    return Performance(columns, groups)


def last_ended(columns: Iterable[Column], today: date) -> Column | None:
    """The last period among the columns that is over: no total where there are others."""
    ended = [it for it in columns if it.span.last and it.span.last < today and it.span.kind is not Kind.LIFE]
    return max(ended, key=lambda it: (not it.total, it.span.last), default=None)


def narrowed(table: Performance, column: Column, statuses: Collection[str]) -> Performance:
    """The indicators that have one of these statuses in a column, with their breakdowns."""
    at = table.columns.index(column)
    kept = {
        row.indicator.pk for row in table.rows if row.category is None and _status_at(row, at) in statuses
    }
    groups = [
        replace(group, rows=[row for row in group.rows if row.indicator.pk in kept]) for group in table.groups
    ]
    return Performance(table.columns, [group for group in groups if group.rows])


def _status_at(row: Row, place: int) -> str:
    score = row.scores[place]
    return str(score.judgement.status or "") if score else ""


def _row(
    indicator: Indicator,
    category: Category | None,
    book: IndicatorBook,
    columns: Sequence[Column],
    sites: frozenset[int] | None,
) -> Row:
    finest = _finest(book)
    stands = [_stands(finest, column.span) for column in columns]
    own = set() if all(stands) else recorded_spans([book])
    scores = [
        _score(book, column.span, sites) if it or column.span in own else None
        for it, column in zip(stands, columns, strict=True)
    ]
    baseline = baseline_of(book, scores, sites)
    return Row(indicator, category, book.meaning, baseline, spot_of(scores), scores)


def _finest(book: IndicatorBook) -> int:
    """The finest kind of period that can hold a value which was not reported for exactly it."""
    if book.frequency is Frequency.IRREGULAR:
        return FINENESS[Kind.LIFE]
    return FINENESS[KIND_OF[book.frequency]]


def _stands(finest: int, span: Span) -> bool:
    return span.kind is not Kind.OTHER and finest <= FINENESS[span.kind]


def _score(book: IndicatorBook, span: Span, sites: frozenset[int] | None) -> Score | None:
    """The score, or None where nothing is expected, reported or planned."""
    score = book.score(span, sites)
    return score if says_something(score) else None


def says_something(score: Score) -> bool:
    """Whether anything is expected, reported or planned in the span."""
    return bool(score.actual.want or score.actual.figure or score.targets.counting or score.judgement.status)


def has_value(score: Score) -> bool:
    """Whether there is a number to show: neither an absence nor 0 of 0."""
    return score.actual.figure is not None and score.actual.figure.value is not None


def baseline_of(
    book: IndicatorBook, scores: Iterable[Score | None], sites: frozenset[int] | None = None
) -> Baseline | None:
    """What the latest of the figures is measured from, else the latest baseline on record."""
    if not book.baselines:
        return None
    found = _measured(scores)
    return found.baseline if found else latest_baseline(book, sites)


def spot_of(scores: Iterable[Score | None]) -> Span | None:
    """The span that the baseline shown with these scores is one of; None where it is just the latest."""
    found = _measured(scores)
    return found.span if found else None


def _measured(scores: Iterable[Score | None]) -> Score | None:
    """The score whose baseline is shown: of the last period that is over and has a value, if there is one."""
    return max((it for it in scores if it and it.baseline), key=_recency, default=None)


def _recency(score: Score) -> tuple[bool, bool, bool, date]:
    """What has ended before what runs, then the later; of what is alike the first, as totals stand last."""
    span = score.span
    if not has_value(score):
        return False, False, False, date.min
    ended, single = score.judgement.status is not Status.RUNNING, span.kind is not Kind.LIFE
    return True, ended and single, single, span.last or date.min


def latest_baseline(book: IndicatorBook, sites: frozenset[int] | None = None) -> Baseline | None:
    """The latest baseline on record, over the sites that have one; one without days if there is no other."""
    figures = {key: it for key, it in book.baselines.items() if sites is None or key[0] in sites}
    after = max((span.last for _site, span in figures if span.last), default=None)
    if after is None:
        return next((Baseline(figure, (span,)) for (_site, span), figure in figures.items()), None)
    day = after + timedelta(days=1)
    return baseline_before(book.meaning, other("", day, day), figures, {site for site, _span in figures})


# the same table as plain rows ------------------------------------------------------------------------------


def plain_rows(
    book: ProgramBook, table: Performance, links: Links, site: str = "", *, head: Head | None
) -> Iterator[dict[str, object]]:
    """One row for each indicator (and category) and column, with plain numbers and the codes of all words.

    Shares are 1 for 100 %; a milestone's value is the day, "done", "not done", or n/m; reduced days stay so.
    `against` is what the shares are of: `target`, or what of it counts to date or for what was reported.
    `address` is that of the actual, `ledger` the head of the chain that all of it stands on.
    """
    ledger = "" if head is None else str(head)
    for group in table.groups:
        for row in group.rows:
            named = _head(book, group.objective, row)
            for column, score in zip(table.columns, row.scores, strict=True):
                if score is not None:
                    address = links.figure(row.indicator.code, column.span, part=row.part)
                    more = {"site": site, "address": address, "ledger": ledger}
                    yield {**named, **_cells(column, row, score), **more}


def _head(book: ProgramBook, objective: Objective, row: Row) -> dict[str, object]:
    return {
        "program": book.program.code,
        "objective": objective.code,
        "indicator": row.indicator.code,
        "name": row.indicator.name,
        "unit": row.indicator.unit,
        "category": row.category.code if row.category else "",
        "succeeds": succeeded(row.indicator),
        "name_es": row.indicator.name_es,
        "illustrative": book.program.illustrative,
    }


def _cells(column: Column, row: Row, score: Score) -> dict[str, object]:
    span, figure, judged = column.span, score.actual.figure, score.judgement
    baseline = score.baseline or (None if span.first and span.last else row.baseline)
    return {
        "period": column.label,
        "kind": str(span.kind),
        "first_on": span.first,
        "last_on": span.last,
        "baseline": _plain(baseline.figure if baseline else None, row.meaning),
        "baseline_period": ", ".join(it.label for it in baseline.periods) if baseline else "",
        "target": _plain(score.targets.counting, row.meaning),
        "original_target": _plain(score.targets.original, row.meaning),
        "actual": _plain(figure, row.meaning),
        "against": _plain(score.against, row.meaning),
        "achievement": _share(judged.achievement),
        "deviation": _share(judged.deviation),
        "status": str(judged.status or ""),
        "complete": score.complete,
        "reason": str(score.reason or "") if figure is None or figure.value is None else "",
        "certainty": str(figure.certainty) if figure else "",
        "expected": bool(figure and figure.expected),
        "set_later": score.targets.set_later,
    }


def _share(share: Decimal | None) -> Decimal | None:
    return None if share is None else plain(share)


def _plain(figure: Figure | None, meaning: Meaning) -> Decimal | str | None:
    """The number; of a milestone the day, whether it is done, or how many of how many are."""
    if figure is None or figure.value is None:
        return None
    if meaning.measure is not Measure.MILESTONE:
        return plain(figure.value)
    if figure.numerator is not None and figure.denominator is not None:
        return f"{figure.numerator}/{figure.denominator}"
    return figure.day or ("done" if figure.value else "not done")


def offered_spans(book: ProgramBook, calendar: Calendar, by: Kind | None = None) -> list[Span]:
    """The periods to choose a table from: from the first on record to the end of this year."""
    usual = kinds_of(it.frequency for it in book.indicators)[0]
    frequency = FREQUENCY_OF.get(by or usual, FREQUENCY_OF[usual])
    dated = [it.first for it in recorded_spans(book.books.values()) if it.first and it.last]
    running = year_of(book.today, calendar)
    first = min(dated, default=running.first) or book.today
    last = running.last or book.today
    return list(spans_within(frequency, calendar, first, last))


def reach_between(first: Span | None, last: Span | None) -> Reach:
    """The reach from the first day of one period to the last day of another."""
    return Reach(first.first if first else None, last.last if last else None)
