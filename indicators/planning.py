"""Targets and baselines: which one counts, and what they make together. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from indicators.combining import (
    ONE,
    Combined,
    Figures,
    Missing,
    Row,
    Site,
    combine_rows,
    counted,
    is_flow,
    latest_first,
    merged,
    ratio_of,
    standing,
)
from indicators.periods import Kind, Span, months_in
from indicators.reading import last_day
from indicators.values import Absence, Change, Direction, Figure, Meaning, Measure, OverTime, settled


class Recorded(NamedTuple):
    """A target as the ledger holds it: on which day (in Lima) it was recorded, and what it changed."""

    figure: Figure
    recorded_on: date
    change: Change | None = None  # None for the first


class Targets(NamedTuple):
    """One series' targets for one period: the one that counts, the one set first and the one in force now."""

    counting: Figure | None = None
    original: Figure | None = None
    latest: Figure | None = None
    set_later: bool = False  # the one that counts was first recorded after the period ended


def counting_target(history: Sequence[Recorded], period_last_on: date | None) -> Targets:
    """The target in force when the period ended, or its later correction; else the first recorded after.

    `history` is the chain of one series and period, oldest first. A correction counts in place of what
    it corrects, the original too; a revision after the end, and what corrects it, do not count. What is
    withdrawn is no target. Of a period without a last day the latest counts.
    """
    if not history:
        return Targets()
    if len(history) == 1:
        only = standing(history[0].figure)
        late = period_last_on is not None and history[0].recorded_on > period_last_on
        return Targets(only, only, only, only is not None and late)
    in_force = sum(it.recorded_on <= (period_last_on or date.max) for it in history) - 1
    counting, start = _settled(history, max(in_force, 0))
    return Targets(
        counting=counting,
        original=_settled(history, 0)[0],
        latest=standing(history[-1].figure),
        set_later=counting is not None and start > in_force,
    )


def _settled(history: Sequence[Recorded], start: int) -> tuple[Figure | None, int]:
    """The first target from `start` on that was not withdrawn, as corrected, and where it starts."""
    while start < len(history):
        end = start + 1
        while end < len(history) and history[end].change == Change.CORRECTS:
            end += 1
        figure = standing(history[end - 1].figure)
        if figure is not None:
            return figure, start
        start = end
    return None, start


class Plan(NamedTuple):
    """A span's target; `disagrees` where the one that was set differs from what its parts make."""

    figure: Figure | None
    reason: Missing | None = None
    disagrees: bool = False


def plan_of(meaning: Meaning, own: Figure | None, rows: Sequence[Row]) -> Plan:
    """The plan of a span from what was set for it (by the program, then by site), then from its parts."""
    return first_of(own, candidates_of(meaning, rows))


def candidates_of(meaning: Meaning, rows: Sequence[Row]) -> list[Combined]:
    """What the sites' targets for exactly the span make, where there are any; then what its parts make."""
    candidates = []
    if any(row.exact for row in rows):
        candidates.append(plan_rows(meaning, rows))
        rows = [row._replace(exact=None) for row in rows]
    return [*candidates, plan_rows(meaning, rows)]


def first_of(own: Figure | None, candidates: Sequence[Combined]) -> Plan:
    """The program's own, else the first candidate that is there; disagreeing with any that differs."""
    figures = [it.figure for it in candidates if it.figure and it.is_complete]
    if own is not None and own.absence is None:
        figures.insert(0, own)
    if not figures:
        reason = candidates[-1].reason
        return Plan(None, reason if candidates[-1].is_complete else Missing.NOT_REPORTED)
    first, *others = figures
    return Plan(first, disagrees=any(_told(it) != _told(first) for it in others))


def _told(figure: Figure) -> tuple[Decimal | None, str | None]:
    return (None if figure.value is None else settled(figure.value)), figure.day


def plan_rows(meaning: Meaning, rows: Sequence[Row]) -> Combined:
    """What the targets make together; none unless every one that it needs is there.

    Where the latest counts, only the last period's is needed; of a milestone, the last one that was set;
    ratios make one only when they are equal.
    """
    rows = counted(meaning, rows)
    combined = _every_one(meaning, rows)
    several = any(len(row.said) > 1 for row in rows)
    if combined.reason is Missing.PARTS and several and meaning.over_time is OverTime.NONE:
        return combined._replace(reason=Missing.NOT_ADDED)
    if combined.reason is Missing.PARTS and several and adds_up_one_part(meaning):
        return combined._replace(reason=Missing.DIFFERENT)
    return or_equal(meaning, combined, [cell for row in needed(meaning, rows) for cell in row.said])


def _every_one(meaning: Meaning, rows: Sequence[Row]) -> Combined:
    """What targets or baselines make together by the rules, if every one that it needs is there."""
    if meaning.measure is Measure.MILESTONE:
        return _plan_milestone(rows)
    combined = combine_rows(meaning, needed(meaning, rows))
    if not combined.is_complete:
        return Combined(None, combined.have, combined.want, Missing.NOT_REPORTED)
    return combined


def needed(meaning: Meaning, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with only those of their targets that the whole's rests on."""
    if not latest_first(meaning) or adds_up_one_part(meaning):
        return rows
    return [row._replace(periods=row.periods[-1:], cells=row.cells[-1:]) for row in rows]


def adds_up_one_part(meaning: Meaning) -> bool:
    """Whether of a pooled ratio one part is summed over time, the other the latest: homicides, population.

    The same ratio in every quarter is then not that of the year.
    """
    return (
        meaning.over_time is OverTime.POOLED and meaning.numerator_over_time != meaning.denominator_over_time
    )


def grows_with_time(meaning: Meaning) -> bool:
    """Whether what is on record of a longer span is more, so that only spans of one length compare."""
    return is_flow(meaning) or adds_up_one_part(meaning)


def or_equal(meaning: Meaning, combined: Combined, cells: Iterable[Figure | None]) -> Combined:
    """The targets' combined value; of ratios, with parts or without, only if they are equal."""
    pooled = combined.figure is not None or combined.reason is Missing.PARTS
    if meaning.measure is not Measure.RATIO or not combined.is_complete or not pooled:
        return combined
    parts = [cell for cell in cells if cell and cell.absence is None]
    values = {ratio_of(meaning, part) for part in parts}
    if len(values) > 1:
        return Combined(None, combined.have, combined.want, Missing.DIFFERENT)
    return combined if combined.figure else Combined(merged(parts, *values), combined.have, combined.want)


def _plan_milestone(rows: Sequence[Row]) -> Combined:
    """All sites are to be done by the latest of their days (unknown if one of them is)."""
    said = [[cell for cell in row.said if cell] for row in rows]
    last = [cells[-1] if cells else None for cells in said]
    wanted = [it for it in last if it is None or it.absence != Absence.NOT_APPLICABLE]
    there = [it for it in wanted if it is not None and it.absence is None]
    if not there or len(there) < len(wanted):
        return Combined(None, len(there), len(wanted), Missing.NOT_REPORTED)
    days = [it.day for it in there if it.day]
    day = max(days, key=lambda day: (last_day(day), day)) if len(days) == len(there) else None
    return Combined(merged(there, ONE, day=day), len(there), len(wanted))


class Baseline(NamedTuple):
    """The baseline before a span and its periods; one that is not `comparable` is shown, not judged by."""

    figure: Figure
    periods: tuple[Span, ...]
    comparable: bool = True


def starts_at_zero(meaning: Meaning) -> bool:
    """Whether it is judged without a baseline, since all of an increasing flow is change."""
    return meaning.direction is Direction.INCREASE and is_flow(meaning)


def compares_months(meaning: Meaning) -> bool:
    """Whether only a baseline over as many months compares: of a decreasing flow, and homicides per head."""
    return grows_with_time(meaning) and not starts_at_zero(meaning)


def baseline_before(
    meaning: Meaning, span: Span, figures: Figures, sites: Collection[Site]
) -> Baseline | None:
    """The latest baseline before the span, the program's or that of all the sites combined by the rules.

    Of what grows with time only one over as many months is comparable, made of shorter periods if need be.
    Sites whose baselines are of different periods each give their latest. None without one.
    """
    if span.first is None:
        return None
    before = _before(span.first, figures)
    if compares_months(meaning):
        for window in _windows(before, months_in(span)):
            if figure := _common(meaning, window, figures, sites):
                return Baseline(figure, window)
    comparable = not compares_months(meaning)
    for period in before:
        if figure := _common(meaning, (period,), figures, sites):
            return Baseline(figure, (period,), comparable)
    return _each_latest(meaning, before, figures, sites, comparable)


def _before(day: date, figures: Figures) -> list[Span]:
    """The dated periods that ended before the day: latest first, of these the longest first."""
    periods = {period for (_, period), figure in figures.items() if standing(figure) and period.first}
    ended = [(it.last, it) for it in periods if it.last and it.last < day]
    return [it for _, it in sorted(ended, key=lambda pair: (-pair[0].toordinal(), pair[1]))]


def _windows(before: Sequence[Span], months: int | None) -> Iterator[tuple[Span, ...]]:
    """The unbroken rows of periods of one kind that are together that many months long, latest first."""
    by_end: dict[tuple[Kind, date | None], Span] = {
        (it.kind, it.last): it for it in before if it.kind is not Kind.OTHER
    }
    for last in before:
        window: tuple[Span, ...] = (last,)
        while _months(window) < (months or 0):
            first = window[0].first
            earlier = first and by_end.get((last.kind, first - timedelta(days=1)))
            if not earlier:
                break
            window = (earlier, *window)
        if _months(window) == months:
            yield window


def _months(window: Sequence[Span]) -> int:
    return sum(months_in(period) or 0 for period in window)


def _common(
    meaning: Meaning, window: tuple[Span, ...], figures: Figures, sites: Collection[Site]
) -> Figure | None:
    """Their value together: the program's own, else the sites' if every one has them all."""
    for group in ((None,), sorted(site for site in sites if site is not None)):
        rows = [Row(site, window, [standing(figures.get((site, it))) for it in window]) for site in group]
        said = any(cell is not None for row in rows for cell in row.cells)
        if said and (figure := _baseline_of(meaning, rows)):
            return figure
    return None


def _baseline_of(meaning: Meaning, rows: Sequence[Row]) -> Figure | None:
    """What the baselines make together; ratios with parts are pooled, as they were observed, not agreed.

    A pooled actual is so compared with what was pooled in the same way; without parts they have to be equal.
    """
    combined = _every_one(meaning, rows)
    if combined.reason is not Missing.PARTS:
        return combined.figure
    return or_equal(meaning, combined, [cell for row in needed(meaning, rows) for cell in row.said]).figure


def _each_latest(
    meaning: Meaning, before: Sequence[Span], figures: Figures, sites: Collection[Site], comparable: bool
) -> Baseline | None:
    latest: Mapping[Site, Span | None] = {
        site: next((it for it in before if standing(figures.get((site, it)))), None) for site in sites
    }
    rows = [
        Row(site, (), (), exact=standing(figures.get((site, period)))) if period else Row(site, (), (None,))
        for site, period in latest.items()
    ]
    figure = _baseline_of(meaning, rows) if rows else None
    periods = tuple(sorted({it for it in latest.values() if it}))
    return Baseline(figure, periods, comparable) if figure else None
