"""One value from several, over sites and over time: the section "Combining" of the domain. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from indicators.periods import Span
from indicators.reading import last_day
from indicators.values import (
    Absence,
    Accumulation,
    Certainty,
    Figure,
    Meaning,
    Measure,
    OverSites,
    OverTime,
    derive,
)

Site: TypeAlias = int | None  # None: reported by the program
Figures: TypeAlias = Mapping[tuple[Site, Span], Figure]
Expected: TypeAlias = Mapping[Site, tuple[Span, ...]]


class Missing(StrEnum):
    """Why there is no value."""

    NOT_EXPECTED = "not_expected"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"
    NOT_YET_AVAILABLE = "not_yet_available"
    WITHHELD = "withheld"
    NOT_ADDED = "not_added"  # rule `none`: shown only where reported for exactly the span and series
    PARTS = "parts"  # ratios published without parts, which cannot be combined
    NO_DENOMINATOR = "no_denominator"  # 0 of 0: reported, and no value
    DIFFERENT = "different"  # targets of ratios that are not equal
    MISFIT = "misfit"  # the frequency's periods do not fill the span


class Combined(NamedTuple):
    """A value with its completeness (`have` of `want` expected figures), or why there is none."""

    figure: Figure | None
    have: int
    want: int
    reason: Missing | None = None

    @property
    def complete(self) -> str:
        """As "4/5"."""
        return f"{self.have}/{self.want}"

    @property
    def is_complete(self) -> bool:
        return self.have == self.want


class Row(NamedTuple):
    """One site's cells within a span, period by period; `exact` is what was reported for just the span."""

    site: Site
    periods: Sequence[Span]
    cells: Sequence[Figure | None]
    open_at_end: bool = True
    exact: Figure | None = None

    @property
    def said(self) -> Sequence[Figure | None]:
        """What counts of it: overlapping periods are never added."""
        return self.cells if self.exact is None else (self.exact,)


@dataclass(slots=True)
class _Heap:
    """What is there to combine: the parts in order, and how many figures and items are expected."""

    parts: list[Figure]
    have: int
    want: int
    items: int
    reason: Missing | None
    blocked: bool = False


_WEAKNESS = {certainty: rank for rank, certainty in enumerate(Certainty)}
_REASONS = {
    Absence.NOT_YET_AVAILABLE: Missing.NOT_YET_AVAILABLE,
    Absence.WITHHELD: Missing.WITHHELD,
}
# Where several things are missing, the one that most calls for an act is named.
_CALLS = (
    Missing.NOT_ADDED,
    Missing.PARTS,
    Missing.DIFFERENT,
    Missing.NOT_REPORTED,
    Missing.NOT_YET_AVAILABLE,
    Missing.WITHHELD,
    Missing.NO_DENOMINATOR,
    Missing.NOT_APPLICABLE,
    Missing.NOT_EXPECTED,
)
_BLOCKING = frozenset((Missing.NOT_ADDED, Missing.PARTS, Missing.DIFFERENT))
ZERO = Decimal(0)
ONE = Decimal(1)


def is_flow(meaning: Meaning) -> bool:
    """Whether it happens over a span; ratios and milestones count as stocks."""
    return meaning.measure is Measure.NUMBER and meaning.accumulation is Accumulation.FLOW


def has_parts(figure: Figure) -> bool:
    return figure.numerator is not None and figure.denominator is not None


def ratio_of(meaning: Meaning, figure: Figure) -> Decimal | None:
    """The value of a figure as it was given, else of its two parts."""
    if figure.value is None and figure.numerator is not None and figure.denominator is not None:
        return derive(figure.numerator, figure.denominator, meaning.factor)
    return figure.value


def counts(meaning: Meaning, figure: Figure) -> bool:
    """Whether it is a report that a combined value rests on: a value, or a flow's no activity."""
    if figure.absence is None:
        return figure.value is not None or has_parts(figure)
    return figure.absence == Absence.NO_ACTIVITY and is_flow(meaning)


def standing(figure: Figure | None) -> Figure | None:
    """The figure, unless it is withdrawn: that is as if it had never been there."""
    return None if figure is None or figure.absence == Absence.WITHDRAWN else figure


def combine(
    meaning: Meaning, span: Span, figures: Figures, expected: Expected, open_at_end: Collection[Site]
) -> Combined:
    """The value of the span: the one reported for exactly it, else combined by the indicator's rules.

    `expected` maps each site to the periods of the indicator's frequency within the span in which it
    is expected, `open_at_end` names the sites still open on the span's last day. What was said about
    exactly the span wins over its parts, an absence too; figures of other periods are never looked at.
    Where only some sites reported for exactly the span, all go over time first.
    """
    own = standing(figures.get((None, span)))
    if own is not None:
        return combine_rows(meaning, [Row(None, (span,), (own,))])
    return combine_rows(meaning, rows_of(span, figures, expected, open_at_end))


def rows_of(span: Span, figures: Figures, expected: Expected, open_at_end: Collection[Site]) -> list[Row]:
    """The sites' cells within the span, for `combine_rows`; a site that reported exactly for it has a row."""
    sites = dict(expected)
    for site, period in figures:
        if period == span:
            sites.setdefault(site, ())
    rows = []
    for site in sorted(sites, key=lambda site: -1 if site is None else site):
        periods = sorted(sites[site])
        cells = [standing(figures.get((site, period))) for period in periods]
        exact = None if periods == [span] else standing(figures.get((site, span)))
        if periods or exact:
            rows.append(Row(site, periods, cells, site is None or site in open_at_end, exact))
    return rows


def combine_rows(meaning: Meaning, rows: Sequence[Row]) -> Combined:
    """The combined value of the rows; their order does not matter, each row's periods are in order."""
    rows = counted(meaning, rows)
    if meaning.over_sites is OverSites.NONE and len(rows) > 1:
        heaps = [_sift(meaning, row.said) for row in rows]
        have, want = sum(heap.have for heap in heaps), sum(heap.want for heap in heaps)
        if have and sum(heap.items > 0 for heap in heaps) > 1:
            return Combined(None, have, want, Missing.NOT_ADDED)
    if latest_first(meaning) or meaning.measure is Measure.MILESTONE or any(row.exact for row in rows):
        return _site_by_site(meaning, rows)
    return over_time(meaning, [over_sites(meaning, column) for column in _columns(rows)])


def counted(meaning: Meaning, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows that the value is of: where the latest counts, those of the sites still open."""
    return [row for row in rows if row.open_at_end or row.exact] if latest_first(meaning) else rows


def goes_by_site(meaning: Meaning, sites: int) -> bool:
    """Whether the value of so many sites cannot be had period by period."""
    if meaning.measure is Measure.MILESTONE or latest_first(meaning):
        return True
    return sites > 1 and meaning.over_sites is OverSites.NONE


def latest_first(meaning: Meaning) -> bool:
    """Whether it goes over time first, site by site, for the sites still open at the span's end.

    A pooled ratio does as soon as one of its parts is the latest, so that both are of the same sites.
    """
    if meaning.over_time is OverTime.POOLED:
        return OverTime.LATEST in (meaning.numerator_over_time, meaning.denominator_over_time)
    return meaning.over_time is OverTime.LATEST


def _site_by_site(meaning: Meaning, rows: Sequence[Row]) -> Combined:
    """Over time first. A milestone that is done stays done, so that site's other reports are not missed."""
    totals = []
    for row in rows:
        total = _over_time(meaning, _sift(meaning, row.said))
        if meaning.measure is Measure.MILESTONE and total.figure and total.figure.value:
            total = total._replace(have=total.want)
        totals.append(total)
    return _over_sites(meaning, _gather(totals))


def over_sites(meaning: Meaning, cells: Sequence[Figure | None]) -> Combined:
    """The value of one period from the cells of all sites expected in it."""
    return _over_sites(meaning, _sift(meaning, cells))


def over_time(meaning: Meaning, totals: Sequence[Combined]) -> Combined:
    """The value of several periods, each combined over sites already; in order."""
    return totals[0] if len(totals) == 1 else _over_time(meaning, _gather(totals))


def _columns(rows: Sequence[Row]) -> list[Sequence[Figure | None]]:
    """The cells of all sites, period by period, in order."""
    if all(row.periods is rows[0].periods for row in rows):
        return list(zip(*(row.cells for row in rows), strict=True))
    columns: dict[Span, list[Figure | None]] = {}
    for row in rows:
        for period, cell in zip(row.periods, row.cells, strict=True):
            columns.setdefault(period, []).append(cell)
    return [columns[period] for period in sorted(columns)]


def _sift(meaning: Meaning, cells: Sequence[Figure | None]) -> _Heap:
    """No activity is 0 (of flows), not applicable leaves the expectation, the rest is missing."""
    parts: list[Figure] = []
    want = 0
    reasons: set[Missing] = set()
    for cell in cells:
        want += 1
        if cell is None:
            reasons.add(Missing.NOT_REPORTED)
        elif cell.absence is None:
            if cell.value is not None:
                parts.append(cell)
            elif cell.numerator is not None and cell.denominator is not None:
                value = derive(cell.numerator, cell.denominator, meaning.factor)
                parts.append(cell._replace(value=value))
            else:
                reasons.add(Missing.NOT_REPORTED)
        elif cell.absence == Absence.NOT_APPLICABLE:
            want -= 1
            reasons.add(Missing.NOT_APPLICABLE)
        elif cell.absence == Absence.NO_ACTIVITY and is_flow(meaning):
            parts.append(cell._replace(value=ZERO, absence=None))
        else:
            reasons.add(_REASONS.get(cell.absence, Missing.NOT_REPORTED))
    return _Heap(parts, len(parts), want, want, None if parts else _reason(reasons))


def _reason(reasons: Collection[Missing]) -> Missing:
    if not reasons:
        return Missing.NOT_EXPECTED
    return next((it for it in _CALLS if it in reasons), Missing.NOT_EXPECTED)


def _gather(totals: Sequence[Combined]) -> _Heap:
    """The heap of what is combined already; one that cannot be combined stops the whole."""
    parts: list[Figure] = []
    reasons: set[Missing] = set()
    have = want = items = 0
    for figure, its_have, its_want, reason in totals:
        have += its_have
        want += its_want
        items += its_want > 0
        if figure is not None:
            parts.append(figure)
        if reason is not None:
            reasons.add(reason)
    return _Heap(parts, have, want, items, _reason(reasons), blocked=not _BLOCKING.isdisjoint(reasons))


def _over_sites(meaning: Meaning, heap: _Heap) -> Combined:
    return _fold(meaning, _OVER_SITES.get(meaning.over_sites), heap)


def _over_time(meaning: Meaning, heap: _Heap) -> Combined:
    return _fold(meaning, _OVER_TIME.get(meaning.over_time), heap)


def _fold(meaning: Meaning, fold: Fold | None, heap: _Heap) -> Combined:
    """Where one value is expected, it is the combined value; without a fold (`none`) it is the only one."""
    if heap.blocked or not heap.parts:
        return Combined(None, heap.have, heap.want, heap.reason)
    if heap.items > 1 and fold is None:
        return Combined(None, heap.have, heap.want, Missing.NOT_ADDED)
    figure = fold(meaning, heap) if fold and heap.items > 1 else heap.parts[0]
    if figure is None:
        return Combined(None, heap.have, heap.want, Missing.PARTS)
    return Combined(figure, heap.have, heap.want, Missing.NO_DENOMINATOR if figure.value is None else None)


def merged(parts: Sequence[Figure], value: Decimal | None, **rest: Decimal | str | None) -> Figure:
    """A figure of that value that rests on all the parts: weakest certainty, expected if any is."""
    sources: list[int] = []
    certainty, expected = Certainty.EXACT, False
    for part in parts:
        sources += part.sources
        expected = expected or part.expected
        if part.certainty is not certainty and _WEAKNESS[part.certainty] > _WEAKNESS[certainty]:
            certainty = part.certainty
    return Figure(
        value=value,
        certainty=certainty,
        expected=expected,
        sources=tuple(sorted(set(sources))),
        **rest,  # type: ignore[arg-type]  # parts of a ratio, or a day
    )


def _values(heap: _Heap) -> list[Decimal]:
    return [part.value for part in heap.parts if part.value is not None]


def _sum(meaning: Meaning, heap: _Heap) -> Figure | None:
    return merged(heap.parts, sum(_values(heap), ZERO))


def _average(meaning: Meaning, heap: _Heap) -> Figure | None:
    """Over those who reported."""
    return merged(heap.parts, sum(_values(heap), ZERO) / len(heap.parts))


def _maximum(meaning: Meaning, heap: _Heap) -> Figure | None:
    return merged(heap.parts, max(_values(heap)))


def _latest(meaning: Meaning, heap: _Heap) -> Figure | None:
    return heap.parts[-1]


def _pooled_over_sites(meaning: Meaning, heap: _Heap) -> Figure | None:
    return _pool(meaning, heap, OverTime.SUM, OverTime.SUM)


def _pooled_over_time(meaning: Meaning, heap: _Heap) -> Figure | None:
    return _pool(meaning, heap, meaning.numerator_over_time, meaning.denominator_over_time)


def _pool(meaning: Meaning, heap: _Heap, above: OverTime, below: OverTime) -> Figure | None:
    """Numerator and denominator each summed or the latest; None where one has no parts."""
    numerators = [part.numerator for part in heap.parts if part.numerator is not None]
    denominators = [part.denominator for part in heap.parts if part.denominator is not None]
    if len(numerators) < len(heap.parts) or len(denominators) < len(heap.parts):
        return None
    numerator = numerators[-1] if above is OverTime.LATEST else sum(numerators, ZERO)
    denominator = denominators[-1] if below is OverTime.LATEST else sum(denominators, ZERO)
    value = derive(numerator, denominator, meaning.factor)
    return merged(heap.parts, value, numerator=numerator, denominator=denominator)


def _all(meaning: Meaning, heap: _Heap) -> Figure | None:
    """So many of so many: done when all are, on the last of their days (unknown if one of them is)."""
    done = [part for part in heap.parts if part.value]
    days = [part.day for part in done if part.day]
    complete = len(done) == heap.items
    day = max(days, key=lambda day: (last_day(day), day)) if complete and len(days) == len(done) else None
    count, of = Decimal(len(done)), Decimal(heap.items)
    return merged(heap.parts, ONE if complete else ZERO, numerator=count, denominator=of, day=day)


def _once(meaning: Meaning, heap: _Heap) -> Figure | None:
    """Once done, done, on the day that was told first; else what was said last."""
    done = [part for part in heap.parts if part.value]
    if not done:
        return heap.parts[-1]
    return done[0]._replace(day=next((part.day for part in done if part.day), None))


Fold: TypeAlias = Callable[[Meaning, _Heap], Figure | None]
_OVER_SITES: Mapping[OverSites, Fold] = {
    OverSites.SUM: _sum,
    OverSites.AVERAGE: _average,
    OverSites.POOLED: _pooled_over_sites,
    OverSites.ALL: _all,
}
_OVER_TIME: Mapping[OverTime, Fold] = {
    OverTime.SUM: _sum,
    OverTime.AVERAGE: _average,
    OverTime.MAXIMUM: _maximum,
    OverTime.LATEST: _latest,
    OverTime.POOLED: _pooled_over_time,
    OverTime.ONCE: _once,
}
