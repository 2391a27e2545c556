"""Achievement and status, the section "Judging" of the domain, for every page and export. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from indicators.breakdowns import Gap
from indicators.combining import ONE, ZERO
from indicators.planning import grows_with_time, starts_at_zero
from indicators.reading import last_day
from indicators.values import Direction, Figure, Meaning, Measure, ReportState, settled


class Status(StrEnum):
    EXCEEDED = "exceeded"
    MET = "met"
    NEAR = "near"
    BEHIND = "behind"
    LATE = "late"  # a milestone, done after its day
    INCOMPLETE = "incomplete"
    RUNNING = "running"
    NO_TARGET = "no_target"
    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"
    IN_REVIEW = "in_review"


class Judgement(NamedTuple):
    """Shares, 1 being 100 %: None is unknown. A status of None is not judged (nothing is awaited either)."""

    achievement: Decimal | None = None
    deviation: Decimal | None = None
    status: Status | None = None
    start: Decimal | None = None


class Standing(NamedTuple):
    """Where one report stands: of which period, due when, in which state (None: not begun)."""

    last_on: date
    due_on: date | None
    state: str | None = None


TOLERANCE = Decimal(10)  # points
HUNDRED = Decimal(100)
_SHARES = Context(prec=20)  # fewer digits than are told apart, so that 9/10 made of thirds is 0.9
ONE_DAY = timedelta(days=1)
# Of several reports that are missing, the one that most calls for an act.
_CALLS = (Status.OVERDUE, Status.DUE, Status.IN_REVIEW, Status.NOT_DUE)


def awaited(standings: Iterable[Standing], today: date) -> Status | None:
    """The status where no approved figure is there; None if nothing is awaited any more.

    A report is due from the day after its period until its due day, that day included.
    """
    found = {_awaited(standing, today) for standing in standings}
    return next((status for status in _CALLS if status in found), None)


def _awaited(standing: Standing, today: date) -> Status | None:
    if standing.state == ReportState.APPROVED:
        return None
    if standing.state == ReportState.SUBMITTED:
        return Status.IN_REVIEW
    if today <= standing.last_on:
        return Status.NOT_DUE
    return Status.DUE if standing.due_on is None or today <= standing.due_on else Status.OVERDUE


def start_of(meaning: Meaning, baseline: Figure | None) -> Decimal | None:
    """Where the planned change starts: 0 for an increasing flow, else the baseline, else 0 or unknown."""
    if starts_at_zero(meaning):
        return ZERO
    if baseline is not None and baseline.value is not None:
        return baseline.value
    return ZERO if meaning.direction is Direction.INCREASE else None


def achievement_of(
    meaning: Meaning, actual: Decimal, target: Decimal, start: Decimal | None
) -> Decimal | None:
    """The share of the planned change that happened; None where no change to the better was planned."""
    if start is None:
        return None
    target, start = settled(target), settled(start)
    if not _better(meaning, target, start):
        return None
    return _SHARES.divide(settled(actual) - start, target - start)


def deviation_of(actual: Decimal, target: Decimal) -> Decimal | None:
    """The distance from the target as a share of it; None for a target of 0."""
    if not target:
        return None
    target = settled(target)
    return _SHARES.divide(settled(actual) - target, abs(target))


def _better(meaning: Meaning, one: Decimal, other: Decimal) -> bool:
    return one > other if meaning.direction is Direction.INCREASE else one < other


def judge(  # noqa: PLR0913 - each is a fact of the case
    meaning: Meaning,
    *,
    actual: Figure | None,
    target: Figure | None,
    baseline: Figure | None,
    last_on: date | None,
    today: date,
    tolerance: Decimal = TOLERANCE,
    complete: bool = True,
    standings: Iterable[Standing] = (),
) -> Judgement:
    """How the actual stands to its target. `baseline` is one to compare with (a flow's of as many months).

    `last_on` is the last day that the actual speaks for, None while that is open; what has not ended is
    running and not judged, but a milestone is judged by its own day. Where a figure is expected that is
    not there (`complete` is False), the achievement is provisional. Without an actual, `standings` of the
    missing reports tell what is awaited.
    """
    if actual is None or actual.value is None:
        return Judgement(status=awaited(standings, today) or (None if complete else Status.INCOMPLETE))
    if meaning.measure is Measure.MILESTONE:
        return Judgement(status=_judge_milestone(actual, target, last_on, today, complete))
    aim = target.value if target is not None else None
    start = start_of(meaning, baseline)
    achievement = None if aim is None else achievement_of(meaning, actual.value, aim, start)
    deviation = None if aim is None else deviation_of(actual.value, aim)
    if last_on is None or today <= last_on:
        status = Status.RUNNING
    elif not complete:
        status = Status.INCOMPLETE
    elif aim is None:
        status = Status.NO_TARGET
    else:
        graded = achievement, deviation
        status = _grade(meaning, settled(actual.value), settled(aim), graded, tolerance / HUNDRED)
    return Judgement(achievement, deviation, status, start)


def _grade(
    meaning: Meaning,
    actual: Decimal,
    target: Decimal,
    shares: tuple[Decimal | None, Decimal | None],
    tolerance: Decimal,
) -> Status:
    """By achievement; where that is unknown, by deviation."""
    achievement, deviation = shares
    if achievement is not None:
        if achievement > ONE + tolerance:
            return Status.EXCEEDED
        if achievement >= ONE:
            return Status.MET
        return Status.NEAR if achievement >= ONE - tolerance else Status.BEHIND
    if actual == target or _better(meaning, actual, target):
        return Status.MET
    return Status.NEAR if deviation is not None and abs(deviation) <= tolerance else Status.BEHIND


def _judge_milestone(
    actual: Figure, target: Figure | None, last_on: date | None, today: date, complete: bool
) -> Status:
    """Its target is a day, else the period's last; what was done on an unknown day was by that last."""
    seen_on = min(last_on or today, today - ONE_DAY)
    if target is None or target.absence is not None:
        return Status.NO_TARGET if actual.value or complete else Status.INCOMPLETE
    due_on = last_day(target.day) if target.day else last_on or today
    if actual.value:
        done_on = last_day(actual.day) if actual.day else seen_on
        return Status.MET if done_on <= due_on else Status.LATE
    if due_on > seen_on:
        return Status.NOT_DUE
    return Status.BEHIND if complete else Status.INCOMPLETE


def needs_explanation(judgement: Judgement) -> bool:
    """Whether a result needs an explanation before it can be submitted: it is exceeded or behind."""
    return judgement.status in (Status.EXCEEDED, Status.BEHIND)


@dataclass(frozen=True, slots=True)
class Pace:
    """Of a running span with a target for the whole only: two shares to look at side by side, unjudged."""

    of_target: Decimal | None
    gone: Decimal


def pace(
    meaning: Meaning,
    *,
    actual: Figure,
    target: Figure,
    baseline: Figure | None,
    first_on: date,
    last_on: date,
    today: date,
) -> Pace:
    """The share of the whole span's target reached to date, and of its days gone before today.

    Of what grows with time this is actual / target in either direction, since its baseline is of the whole
    span; else the share of the planned change.
    """
    days = (last_on - first_on + ONE_DAY).days
    gone = Decimal(min(max((today - first_on).days, 0), days)) / days
    if actual.value is None or target.value is None:
        return Pace(None, gone)
    if grows_with_time(meaning):
        return Pace(actual.value / target.value if target.value else None, gone)
    start = start_of(meaning, baseline)
    return Pace(achievement_of(meaning, actual.value, target.value, start), gone)


class Flag(StrEnum):
    """What a reviewer should look at."""

    OFF_TARGET = "off_target"  # with the achievement, else the deviation
    UNUSUAL = "unusual"  # with how many times its usual value it is
    BREAKDOWN = "breakdown"  # with what the categories have too much (or, negative, too little)
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Flagged:
    flag: Flag
    number: Decimal | None = None


def flags(
    meaning: Meaning,
    *,
    judgement: Judgement,
    actual: Figure | None,
    earlier: Sequence[Decimal],
    gaps: Sequence[Gap],
    has_evidence: bool,
) -> tuple[Flagged, ...]:
    """What stands out in a result; `earlier` are the series' values before it, oldest first.

    Off target is exceeded, behind or late. With fewer than four values the median is of those there are.
    """
    found = []
    if judgement.status in (Status.EXCEEDED, Status.BEHIND, Status.LATE):
        share = judgement.deviation if judgement.achievement is None else judgement.achievement
        found.append(Flagged(Flag.OFF_TARGET, share))
    value = actual.value if actual is not None else None
    if value is not None and earlier and meaning.measure is not Measure.MILESTONE:
        found += _unusual(value, median(earlier[-4:]))
    found += [Flagged(Flag.BREAKDOWN, gap.difference) for gap in gaps]
    if value is not None and not has_evidence:
        found.append(Flagged(Flag.NO_EVIDENCE))
    return tuple(found)


def _unusual(value: Decimal, usual: Decimal) -> list[Flagged]:
    """Whether it lies outside half to twice its usual value; any but 0 does where that is usual."""
    low, high = sorted((usual / 2, usual * 2))
    if low <= value <= high:
        return []
    return [Flagged(Flag.UNUSUAL, value / usual if usual else None)]
