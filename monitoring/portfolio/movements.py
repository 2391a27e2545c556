"""What stands furthest from its target, and what moved most since the period before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nlargest
from typing import Generic, NamedTuple, TypeVar

from indicators.judging import Status
from indicators.scoring import Verdict
from indicators.values import Direction, Meaning, Measure

T = TypeVar("T")
WIDEST, MOST = 10, 6
ONE = Decimal(1)
# how a status rises or falls from one period to the next, from bad to good
RANKS = {
    Status.BEHIND: 0,
    Status.LATE: 1,
    Status.NEAR: 2,
    Status.MET: 3,
    Status.EXCEEDED: 4,
}


class Scored(NamedTuple, Generic[T]):
    """What a page knows of one indicator: its meaning, and its scores in the period and the one before."""

    subject: T
    meaning: Meaning
    now: Verdict
    before: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How many indicators that are judged in both periods stand better, worse or the same."""

    better: int = 0
    worse: int = 0
    same: int = 0

    @property
    def judged(self) -> int:
        return self.better + self.worse + self.same

    def __add__(self, other: Change) -> Change:
        return Change(self.better + other.better, self.worse + other.worse, self.same + other.same)


@dataclass(frozen=True, slots=True)
class Move(Generic[T]):
    """How an actual changed from one period to the next, as a share of what it was; for the better or not."""

    scored: Scored[T]
    share: Decimal
    better: bool


def change_of(scored: Iterable[Scored[T]]) -> Change:
    """How the statuses changed since the period before."""
    steps = [
        RANKS[it.now.judgement.status] - RANKS[it.before.judgement.status]
        for it in scored
        if it.before and it.now.judgement.status in RANKS and it.before.judgement.status in RANKS
    ]
    return Change(sum(it > 0 for it in steps), sum(it < 0 for it in steps), steps.count(0))


def distance_of(score: Verdict, meaning: Meaning) -> Decimal:
    """How far it missed or passed its target: the share of the planned change that is lacking or too much.

    Where that is not known, the distance from the target as a share of it, else 0; a milestone that is not
    done lacks all of it. The achievement comes first since it is fair to decreasing ones: from 22,000 to
    3,000 where 1,000 was the target is 9.5 % short, and not 200 % off.
    """
    judged = score.judgement
    if meaning.measure is Measure.MILESTONE:
        return ONE
    if judged.achievement is not None:
        return abs(judged.achievement - ONE)
    return abs(judged.deviation or Decimal(0))


def widest(scored: Iterable[Scored[T]], most: int = WIDEST) -> tuple[list[Scored[T]], list[Scored[T]]]:
    """The furthest behind and the furthest ahead of their targets, half of each; one fills up the other.

    Half of each, since nothing can lack more than all of it, while what is too much knows no bounds.
    """
    known = list(scored)
    under, over = _furthest(known, Status.BEHIND), _furthest(known, Status.EXCEEDED)
    kept = under[: max(most // 2, most - len(over))]
    return kept, over[: most - len(kept)]


def _furthest(scored: Sequence[Scored[T]], status: Status) -> list[Scored[T]]:
    there = [it for it in scored if it.now.judgement.status is status]
    return sorted(there, key=lambda it: -distance_of(it.now, it.meaning))


def moved_most(scored: Iterable[Scored[T]], most: int = MOST) -> list[Move[T]]:
    """The largest changes, a doubling as large as a halving, of complete values of periods that have ended.

    What got worse but still meets its target is left out: it calls for nothing.
    """
    moved = [it for it in map(_pair, scored) if it is not None and (_is_better(*it) or not _meets(it[0]))]
    return [_move(*it) for it in nlargest(most, moved, key=lambda it: _size(it[1], it[2]))]


def _pair(it: Scored[T]) -> tuple[Scored[T], Decimal, Decimal] | None:
    """With its value now and before, where it moved."""
    now, before = value_of(it.now), value_of(it.before) if it.before else None
    if it.meaning.measure is Measure.MILESTONE or now is None or not before or now == before:
        return None
    return it, now, before


def _is_better(it: Scored[T], now: Decimal, before: Decimal) -> bool:
    return (now > before) == (it.meaning.direction is Direction.INCREASE)


def _meets(it: Scored[T]) -> bool:
    return it.now.judgement.status in (Status.MET, Status.EXCEEDED)


def _move(it: Scored[T], now: Decimal, before: Decimal) -> Move[T]:
    return Move(it, (now - before) / abs(before), _is_better(it, now, before))


def _size(now: Decimal, before: Decimal) -> Decimal:
    """The change as a share of the larger of both values, so that a halving is as large as a doubling."""
    return abs(now - before) / max(abs(now), abs(before))


def value_of(score: Verdict) -> Decimal | None:
    """The actual where all that is expected was reported, of a span that has ended."""
    if score.judgement.status is Status.RUNNING or not score.actual.is_complete:
        return None
    return score.actual.figure.value if score.actual.figure else None
