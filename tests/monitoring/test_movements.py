"""What stands furthest from its target and what moved most: fair to what is to fall, and to what is bad."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.combining import Combined
from indicators.judging import Judgement, Status
from indicators.periods import parse_label
from indicators.scoring import Verdict
from indicators.values import Direction, Figure, Meaning, Measure
from monitoring.portfolio.movements import Change, Scored, change_of, distance_of, moved_most, widest

Q2, Q3 = parse_label("2026 Q2"), parse_label("2026 Q3")
MEANING = Meaning()
FALLING = Meaning(direction=Direction.DECREASE)
MILESTONE = Meaning(measure=Measure.MILESTONE)


def verdict(
    value: str | None = "1",
    status: Status | None = None,
    achievement: str | None = None,
    deviation: str | None = None,
    have: int = 1,
) -> Verdict:
    figure = None if value is None else Figure(Decimal(value))
    judged = Judgement(
        None if achievement is None else Decimal(achievement),
        None if deviation is None else Decimal(deviation),
        status,
    )
    return Verdict(Q3, Combined(figure, have, 1), None, judged)


def names(found: list[Scored[str]]) -> list[str]:
    return [it.subject for it in found]


def judged(name: str, achievement: str | None, status: Status, deviation: str | None = None) -> Scored[str]:
    return Scored(name, MEANING, verdict("1", status, achievement, deviation))


@pytest.mark.parametrize(
    ("meaning", "found", "distance"),
    [
        (MEANING, verdict(achievement="0.905", deviation="2"), "0.095"),  # 22,000 to 1,000, at 3,000
        (MEANING, verdict(achievement="1.5", deviation="0.1"), "0.5"),
        (FALLING, verdict(achievement="-0.5", deviation="0.3"), "1.5"),
        (FALLING, verdict(deviation="-0.4"), "0.4"),
        (FALLING, verdict(), "0"),
        (MILESTONE, verdict("0"), "1"),
    ],
)
def test_the_distance_is_of_the_planned_change(meaning: Meaning, found: Verdict, distance: str) -> None:
    assert distance_of(found, meaning) == Decimal(distance)


def test_both_sides_have_their_half_and_the_widest_come_first() -> None:
    under = [judged(f"under {at}", f"0.{at}", Status.BEHIND) for at in range(1, 9)]
    over = [judged(f"over {at}", str(1 + at), Status.EXCEEDED) for at in range(1, 9)]
    rest = [judged("met", "1.05", Status.MET), judged("near", "0.91", Status.NEAR)]
    found = widest([*over, *rest, *under])
    assert names(found[0]) == [f"under {at}" for at in (1, 2, 3, 4, 5)]
    assert names(found[1]) == [f"over {at}" for at in (8, 7, 6, 5, 4)]


def test_one_side_fills_up_the_other() -> None:
    under = [judged(f"under {at}", f"0.{at}", Status.BEHIND) for at in range(1, 9)]
    over = [judged(f"over {at}", str(1 + at), Status.EXCEEDED) for at in range(1, 9)]
    assert [len(it) for it in widest([*under, *over[:2]])] == [8, 2]
    assert [len(it) for it in widest([*under[:1], *over])] == [1, 8]
    assert widest([]) == ([], [])


def moving(name: str, before: str | None, now: str | None, meaning: Meaning = MEANING) -> Scored[str]:
    return Scored(name, meaning, verdict(now), verdict(before))


def test_a_halving_is_as_large_as_a_doubling() -> None:
    found = moved_most(
        [
            moving("a little", "100", "110"),
            moving("halved", "100", "50"),
            moving("tripled", "10", "30"),
            moving("gone", "10", "0"),
        ]
    )
    assert [it.scored.subject for it in found] == ["gone", "tripled", "halved", "a little"]
    assert [it.share for it in found] == [Decimal(-1), Decimal(2), Decimal("-0.5"), Decimal("0.1")]


def test_better_or_worse_goes_by_the_direction() -> None:
    rising, falling = moved_most([moving("rises", "1", "2"), moving("falls", "1", "2", FALLING)])
    assert (rising.better, falling.better) == (True, False)
    assert moved_most([moving("falls", "2", "1", FALLING)])[0].better


def test_only_complete_values_that_can_be_compared_move() -> None:
    partial = Scored("partial", MEANING, verdict("9", have=0), verdict("1"))
    first = Scored("first", MEANING, verdict("9"))
    still = [
        moving("from nothing", "0", "9"),
        moving("the same", "9", "9.0"),
        moving("unknown", None, "9"),
        moving("a milestone", "1", "0", MILESTONE),
    ]
    assert moved_most([partial, first, *still]) == []
    assert len(moved_most([moving(str(at), "1", str(at)) for at in range(2, 20)])) == 6


@pytest.mark.parametrize("running", [{"now": Status.RUNNING}, {"before": Status.RUNNING}])
def test_what_still_runs_is_not_compared(running: dict[str, Status]) -> None:
    """The calls of October are no third of those of a quarter: the quarter has two months to come."""
    statuses = {"now": Status.BEHIND, "before": Status.MET}
    assert len(moved_most([stepping("ended", **statuses)])) == 1
    assert moved_most([stepping("running", **(statuses | running))]) == []


def stepping(name: str, now: Status | None, before: Status | None = None) -> Scored[str]:
    """From 300 down to 100."""
    return Scored(name, MEANING, verdict("100", now), verdict("300", before))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.MET, False),
        (Status.EXCEEDED, False),
        (Status.NEAR, True),
        (Status.BEHIND, True),
        (Status.NO_TARGET, True),
        (None, True),
    ],
)
def test_what_got_worse_but_meets_its_target_is_left_out(status: Status | None, told: bool) -> None:
    """As 559 officers who graduated where now none was to."""
    assert names([it.scored for it in moved_most([stepping("fell", status)])]) == ["fell"] * told
    rising = Scored("rose", FALLING, verdict("100", status), verdict("300"))
    assert moved_most([rising])[0].better  # for the better it is told, whatever its status


def test_a_status_rises_or_falls() -> None:
    pairs = [
        (Status.BEHIND, Status.NEAR),
        (Status.NEAR, Status.MET),
        (Status.MET, Status.EXCEEDED),
        (Status.MET, Status.LATE),
        (Status.NEAR, Status.NEAR),
        (Status.OVERDUE, Status.MET),
        (Status.MET, Status.INCOMPLETE),
        (None, Status.MET),
    ]
    scored = [Scored("", MEANING, verdict(status=now), verdict(status=before)) for before, now in pairs]
    assert change_of(scored) == Change(better=3, worse=1, same=1)
    assert change_of(scored).judged == 5
    assert change_of([Scored("", MEANING, verdict(status=Status.MET))]) == Change()
    assert Change(1, 2, 3) + Change(1, 1, 1) == Change(2, 3, 4)
