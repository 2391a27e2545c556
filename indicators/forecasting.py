"""Where a running year would end if it went on as lately. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from indicators.values import Accumulation, Meaning, Measure, OverTime

LATELY = 4  # periods that the pace is taken from
FEWEST = 2  # one alone has no range


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year's end at the pace of the last periods, and between what it lies if one of them came again.

    `step`, `lowest` and `highest` are those of one period to come: its value where the year adds them up,
    else its change.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    left: int  # periods to come
    lately: int  # periods that the pace is taken from
    step: Decimal
    lowest: Decimal
    highest: Decimal


def is_forecast(meaning: Meaning) -> bool:
    """Whether a pace says where the year ends: of numbers that add up over time, or whose latest counts."""
    if meaning.measure is not Measure.NUMBER:
        return False
    return meaning.over_time in (OverTime.SUM, OverTime.LATEST)


def needed(meaning: Meaning) -> int:
    """How many complete periods one after another a pace takes: of a state one more, for its changes."""
    return FEWEST if meaning.accumulation is Accumulation.FLOW else FEWEST + 1


def forecast(
    meaning: Meaning, to_date: Decimal | None, values: Sequence[Decimal], left: int
) -> Forecast | None:
    """The forecast of a year with `left` periods to come; None without a pace to go by.

    `to_date` is the year's value so far, `values` those of the periods reported so far, the oldest first.
    """
    steps = _steps(meaning, values)[-LATELY:]
    if to_date is None or left < 1 or len(steps) < FEWEST or not is_forecast(meaning):
        return None
    decimals = max(_decimals(it) for it in (to_date, *values))
    step = sum(steps, Decimal()) / len(steps)
    lowest, highest = min(steps), max(steps)
    return Forecast(
        value=_end(meaning, to_date + left * step, decimals),
        low=_end(meaning, to_date + left * lowest, decimals),
        high=_end(meaning, to_date + left * highest, decimals),
        left=left,
        lately=len(steps),
        step=_rounded(step, decimals),
        lowest=lowest,
        highest=highest,
    )


def _steps(meaning: Meaning, values: Sequence[Decimal]) -> list[Decimal]:
    """What each period added: its value, or of a state its change."""
    if meaning.accumulation is Accumulation.FLOW:
        return list(values)
    return [after - before for before, after in pairwise(values)]


def _end(meaning: Meaning, value: Decimal, decimals: int) -> Decimal:
    """What is counted is whole and not below zero."""
    return max(_rounded(value, 0), Decimal()) if meaning.counted else _rounded(value, decimals)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
