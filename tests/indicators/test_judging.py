from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.breakdowns import Gap, Part
from indicators.judging import (
    Flag,
    Flagged,
    Judgement,
    Pace,
    Standing,
    Status,
    awaited,
    flags,
    judge,
    needs_explanation,
    pace,
)
from indicators.values import Direction, Figure, Meaning
from tests.indicators.test_combining import FLOW, HOMICIDES, MILESTONE, RATIO, STOCK, Said, figure

TODAY = date(2026, 11, 22)
ENDED_ON = date(2025, 12, 31)
COMPLAINTS = replace(FLOW, direction=Direction.DECREASE)
FEWER_HOMICIDES = replace(HOMICIDES, direction=Direction.DECREASE)
COCA = replace(STOCK, direction=Direction.DECREASE)
CRIME = COCA


def judged(
    meaning: Meaning,
    actual: Said,
    target: Said,
    baseline: Said = None,
    *,
    complete: bool = True,
    last_on: date | None = ENDED_ON,
    tolerance: int = 10,
    today: date = TODAY,
) -> Judgement:
    return judge(
        meaning,
        actual=figure(actual),
        target=figure(target),
        baseline=figure(baseline),
        last_on=last_on,
        today=today,
        tolerance=Decimal(tolerance),
        complete=complete,
    )


def percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{(share * 100).quantize(Decimal('0.1'))}"


@pytest.mark.parametrize(
    ("meaning", "baseline", "target", "actual", "achievement", "deviation", "status"),
    [
        # 22,000 ha to 1,000, actual 3,000
        (COCA, 22000, 1000, 3000, "90.5", "200.0", "near"),
        (COCA, 22000, 1000, 1000, "100.0", "0.0", "met"),
        # seized 55.6 t, target 50
        (FLOW, None, 50, "55.6", "111.2", "11.2", "exceeded"),
        (
            FLOW,
            40,
            50,
            "55.6",
            "111.2",
            "11.2",
            "exceeded",
        ),  # the baseline of an increasing flow is not its start
        (FLOW, None, 50, 55, "110.0", "10.0", "met"),
        (FLOW, None, 50, 50, "100.0", "0.0", "met"),
        (FLOW, None, 50, "49.9", "99.8", "-0.2", "near"),
        (FLOW, None, 50, 45, "90.0", "-10.0", "near"),
        (FLOW, None, 50, "44.9", "89.8", "-10.2", "behind"),
        # complaints, decrease, baseline 400 to 300
        (COMPLAINTS, 400, 300, 350, "50.0", "16.7", "behind"),
        (COMPLAINTS, 400, 300, 280, "120.0", "-6.7", "exceeded"),
        (COMPLAINTS, 400, 300, 0, "400.0", "-100.0", "exceeded"),
        # decrease, no baseline, target 10
        (COMPLAINTS, None, 10, 5, None, "-50.0", "met"),
        (COMPLAINTS, None, 10, 10, None, "0.0", "met"),
        (COMPLAINTS, None, 10, "10.5", None, "5.0", "near"),
        (COMPLAINTS, None, 10, 11, None, "10.0", "near"),
        (COMPLAINTS, None, 10, 12, None, "20.0", "behind"),
        # hold growth from 22,000 to 25,000
        (COCA, 22000, 25000, 20000, None, "-20.0", "met"),
        (COCA, 22000, 25000, 26000, None, "4.0", "near"),
        (COCA, 22000, 25000, 28000, None, "12.0", "behind"),
        # the target is the start
        (COCA, 10, 10, 10, None, "0.0", "met"),
        (STOCK, 10, 10, 9, None, "-10.0", "near"),
        (STOCK, 10, 8, 9, None, "12.5", "met"),
        # 0 of target 10; decrease from 40 to 0, actual 0
        (FLOW, None, 10, 0, "0.0", "-100.0", "behind"),
        (COMPLAINTS, 40, 0, 0, "100.0", None, "met"),
        (COMPLAINTS, None, 0, 0, None, None, "met"),
        (COMPLAINTS, None, 0, 1, None, None, "behind"),
        (FLOW, None, 0, 3, None, None, "met"),
        (FLOW, None, 0, 0, None, None, "met"),
        # moved the wrong way
        (COMPLAINTS, 400, 300, 450, "-50.0", "50.0", "behind"),
        (STOCK, 10, 20, 5, "-50.0", "-75.0", "behind"),
        # an increase without a baseline starts at 0; ratios count as stocks
        (STOCK, None, 20, 10, "50.0", "-50.0", "behind"),
        (RATIO, 50, 60, 55, "50.0", "-8.3", "behind"),
        (RATIO, 50, 60, "0/0", None, None, None),
        # a percent change is a number, a stock, with baseline 0
        (CRIME, 0, -30, -39, "130.0", "-30.0", "exceeded"),
        (CRIME, 0, -39, -39, "100.0", "0.0", "met"),
        # thirds added up: 2 and 2, 11/30 of 1/3, 2/15 of 1/6, 41/3 from 50/3 to 40/3, 11/30 by deviation
        (FLOW, None, 2, "1.999999999999999999999999999", "100.0", "0.0", "met"),
        (COMPLAINTS, None, 2, "2.000000000000000000000000001", None, "0.0", "met"),
        (FLOW, None, f"0.{'3' * 28}", f"0.3{'6' * 26}7", "110.0", "10.0", "met"),
        (FLOW, None, f"0.1{'6' * 26}7", f"0.15{'0' * 26}", "90.0", "-10.0", "near"),
        (COCA, f"16.{'6' * 25}7", f"13.{'3' * 26}", f"13.{'6' * 25}7", "90.0", "2.5", "near"),
        (COMPLAINTS, None, f"0.{'3' * 28}", f"0.3{'6' * 26}7", None, "10.0", "near"),
        (STOCK, f"3.{'3' * 27}", f"3.{'3' * 26}4", 3, None, "-10.0", "near"),
    ],
)
def test_achievement_deviation_and_status(
    *,
    meaning: Meaning,
    baseline: Said,
    target: Said,
    actual: Said,
    achievement: str | None,
    deviation: str | None,
    status: str | None,
) -> None:
    result = judged(meaning, actual, target, baseline)
    assert (percent(result.achievement), percent(result.deviation), result.status) == (
        achievement,
        deviation,
        status,
    )


@pytest.mark.parametrize(("tolerance", "status"), [(0, "exceeded"), (5, "exceeded"), (12, "met")])
def test_the_tolerance_is_the_programs(tolerance: int, status: str) -> None:
    assert judged(FLOW, "55.6", 50, tolerance=tolerance).status == status


def test_besides() -> None:
    assert judged(FLOW, 5, None).status is Status.NO_TARGET
    assert judged(FLOW, 5, 10, complete=False) == Judgement(
        Decimal("0.5"), Decimal("-0.5"), Status.INCOMPLETE, Decimal(0)
    )
    assert judged(FLOW, 5, None, complete=False).status is Status.INCOMPLETE
    assert judged(FLOW, 5, 10, last_on=TODAY) == Judgement(
        Decimal("0.5"), Decimal("-0.5"), Status.RUNNING, Decimal(0)
    )
    assert judged(FLOW, 5, 10, last_on=None).status is Status.RUNNING
    assert judged(FLOW, 5, 10, last_on=TODAY, today=date(2026, 11, 23)).status is Status.BEHIND
    assert judged(FLOW, None, 10, complete=False).status is Status.INCOMPLETE
    assert judged(FLOW, None, 10) == Judgement()


@pytest.mark.parametrize(
    ("actual", "target", "last_on", "complete", "status"),
    [
        ("done 2025-03-15", "done 2025-03", ENDED_ON, True, "met"),
        ("done 2025-03", "done 2025-03-31", ENDED_ON, True, "met"),
        ("done 2025-03", "done 2025-03-15", ENDED_ON, True, "late"),
        ("done 2025-03", "done 2025", TODAY, True, "met"),
        ("done", "done 2025", ENDED_ON, True, "met"),
        ("done", "done 2025-12-30", ENDED_ON, True, "late"),
        ("done", "done", ENDED_ON, True, "met"),
        ("done", "done 2026-11-21", None, True, "met"),
        ("done", "done 2026-11-20", None, True, "late"),
        ("done", None, ENDED_ON, True, "no_target"),
        ("done", Figure(absence=None), ENDED_ON, True, "met"),
        ("not done", "done 2025-12-31", ENDED_ON, True, "behind"),
        ("not done", "done 2025-06", ENDED_ON, True, "behind"),
        ("not done", "done 2025-06", ENDED_ON, False, "incomplete"),
        ("not done", "done 2026-01-01", ENDED_ON, True, "not_due"),  # as of the period's end
        ("not done", "done 2026-11-22", date(2026, 12, 31), True, "not_due"),
        ("not done", "done 2026-11-21", date(2026, 12, 31), True, "behind"),
        ("not done", "done", None, True, "not_due"),
        ("not done", None, ENDED_ON, True, "no_target"),
        ("not done", None, ENDED_ON, False, "incomplete"),
    ],
)
def test_a_milestone_is_judged_by_its_day(
    actual: Said, target: Said, last_on: date | None, complete: bool, status: str
) -> None:
    result = judged(MILESTONE, actual, target, last_on=last_on, complete=complete)
    assert result == Judgement(status=Status(status))


LAST_ON, DUE_ON = date(2026, 9, 30), date(2026, 10, 15)


@pytest.mark.parametrize(
    ("state", "today", "status"),
    [
        (None, date(2026, 9, 30), "not_due"),
        ("draft", date(2026, 9, 30), "not_due"),
        ("submitted", date(2026, 9, 30), "in_review"),
        (None, date(2026, 10, 1), "due"),
        ("returned", date(2026, 10, 15), "due"),
        ("draft", date(2026, 10, 16), "overdue"),
        ("submitted", date(2026, 10, 16), "in_review"),
        ("approved", date(2026, 10, 16), None),
    ],
)
def test_what_is_awaited_without_a_figure(state: str | None, today: date, status: str | None) -> None:
    standing = Standing(LAST_ON, DUE_ON, state)
    assert awaited([standing], today) == status
    result = judge(
        FLOW, actual=None, target=None, baseline=None, last_on=LAST_ON, today=today, standings=[standing]
    )
    assert result.status == status


def test_of_several_the_most_urgent_is_told() -> None:
    overdue, review = Standing(LAST_ON, DUE_ON), Standing(LAST_ON, DUE_ON, "submitted")
    assert awaited([review, overdue], TODAY) is Status.OVERDUE
    assert awaited([Standing(TODAY, None), review], TODAY) is Status.IN_REVIEW
    assert awaited([Standing(LAST_ON, None)], TODAY) is Status.DUE
    assert awaited([], TODAY) is None


@pytest.mark.parametrize("status", Status)
def test_exceeded_or_behind_needs_an_explanation(status: Status) -> None:
    needed = status in {Status.EXCEEDED, Status.BEHIND}
    assert needs_explanation(Judgement(status=status)) is needed


def test_a_running_year_with_an_annual_target_only() -> None:
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31)}
    gone = Decimal(325) / 365

    def paced(meaning: Meaning, actual: Said, target: Said, baseline: Said = None) -> Pace:
        found, aim = figure(actual), figure(target)
        assert found
        assert aim
        return pace(meaning, actual=found, target=aim, baseline=figure(baseline), today=TODAY, **days)

    assert paced(FLOW, 30, 40) == Pace(Decimal("0.75"), gone)
    assert paced(COMPLAINTS, 150, 300, 400) == Pace(Decimal("0.5"), gone)
    assert paced(FEWER_HOMICIDES, 6, 8, 10) == Pace(Decimal("0.75"), gone)
    assert paced(COCA, 12000, 2000, 22000) == Pace(Decimal("0.5"), gone)
    assert paced(COCA, 12000, 2000) == Pace(None, gone)
    assert paced(FLOW, 3, 0) == Pace(None, gone)
    assert paced(RATIO, "0/0", 5) == Pace(None, gone)
    assert paced(FLOW, 3, Figure()) == Pace(None, gone)


def flagged(
    actual: Said,
    earlier: list[int],
    status: Judgement | None = None,
    meaning: Meaning = FLOW,
    evidence: bool = True,
) -> tuple[Flagged, ...]:
    return flags(
        meaning,
        judgement=status or Judgement(),
        actual=figure(actual),
        earlier=[Decimal(it) for it in earlier],
        gaps=(),
        has_evidence=evidence,
    )


@pytest.mark.parametrize(
    ("actual", "earlier", "times"),
    [
        (20, [10, 10, 10, 10], None),
        (5, [10, 10, 10, 10], None),
        (21, [10, 10, 10, 10], "2.1"),
        (4, [10, 10, 10, 10], "0.4"),
        (0, [10, 10, 10, 10], "0"),
        (21, [1000, 1000, 8, 12, 9, 11], "2.1"),  # the last four only
        (30, [10], "3"),
        (30, [], None),
        (0, [0, 0], None),
        (-39, [-40, -38], None),
        (-10, [-40, -40], "0.25"),
    ],
)
def test_a_value_outside_half_to_twice_its_usual_is_flagged(
    actual: int, earlier: list[int], times: str | None
) -> None:
    expected = () if times is None else (Flagged(Flag.UNUSUAL, Decimal(times)),)
    assert flagged(actual, earlier) == expected


def test_flags() -> None:
    assert flagged(1, [0, 0]) == (Flagged(Flag.UNUSUAL),)
    assert flagged("done", [0, 0], meaning=MILESTONE) == ()
    assert flagged(None, [5], evidence=False) == ()
    assert flagged(1, [], evidence=False) == (Flagged(Flag.NO_EVIDENCE),)
    assert flagged(1, [], judged(FLOW, "55.6", 50)) == (Flagged(Flag.OFF_TARGET, Decimal("1.112")),)
    assert flagged(1, [], judged(COMPLAINTS, 12, 10)) == (Flagged(Flag.OFF_TARGET, Decimal("0.2")),)
    assert flagged(1, [], Judgement(status=Status.LATE)) == (Flagged(Flag.OFF_TARGET),)
    assert flags(
        FLOW,
        judgement=Judgement(),
        actual=figure(5),
        earlier=(),
        gaps=[Gap(Part.VALUE, Decimal(5), Decimal(4))],
        has_evidence=True,
    ) == (Flagged(Flag.BREAKDOWN, Decimal(-1)),)


NUMBERS = st.decimals(-1000, 1000, places=1)


@given(st.sampled_from([FLOW, STOCK, COMPLAINTS, COCA]), NUMBERS, NUMBERS, st.none() | NUMBERS)
def test_reaching_the_target_is_never_behind_and_better_is_never_worse(
    meaning: Meaning, actual: Decimal, target: Decimal, baseline: Decimal | None
) -> None:
    def status(value: Decimal) -> Status | None:
        return judge(
            meaning,
            actual=Figure(value=value),
            target=Figure(value=target),
            baseline=None if baseline is None else Figure(value=baseline),
            last_on=ENDED_ON,
            today=TODAY,
        ).status

    assert status(target) is Status.MET
    order = [Status.BEHIND, Status.NEAR, Status.MET, Status.EXCEEDED]
    step = Decimal(1) if meaning.direction is Direction.INCREASE else Decimal(-1)
    one, better = status(actual), status(actual + step)
    assert one
    assert better
    assert order.index(better) >= order.index(one)
