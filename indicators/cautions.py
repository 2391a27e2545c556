"""What a reader should know beside a figure that is right as far as it goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from indicators.combining import Combined, Missing, Row, counts
from indicators.planning import Baseline, Plan, adds_up_one_part
from indicators.values import Meaning, OverTime

DAYS_OF_A_YEAR = 366


class Caution(StrEnum):
    """What a reader should know beside a score."""

    TARGETS_DISAGREE = "targets_disagree"  # the one set for the span, and what its parts make
    TARGETS_DIFFER = "targets_differ"  # of ratios, so that they make none
    BASELINE_NOT_COMPARABLE = "baseline_not_comparable"  # of another number of months than the span
    RATE_TOO_LOW = "rate_too_low"  # cases are missing, of all the people
    RATE_OF_YEARS = "rate_of_years"  # cases of more than a year, by the people of one day


def cautions_of(plan: Plan, baseline: Baseline | None) -> list[Caution]:
    """Of what the figure is held against."""
    found = []
    if plan.disagrees:
        found.append(Caution.TARGETS_DISAGREE)
    if plan.reason is Missing.DIFFERENT:
        found.append(Caution.TARGETS_DIFFER)
    if baseline is not None and not baseline.comparable:
        found.append(Caution.BASELINE_NOT_COMPARABLE)
    return found


def adds_up_cases(meaning: Meaning) -> bool:
    """Whether cases add up over time and people do not, as in homicides per head."""
    return adds_up_one_part(meaning) and meaning.numerator_over_time is OverTime.SUM


def cautions_of_rate(meaning: Meaning, actual: Combined, rows: Sequence[Row], days: int) -> list[Caution]:
    """Of such a rate over so many days, made of these rows."""
    rested = [
        (sum(cell is not None and counts(meaning, cell) for cell in row.cells), len(row.cells))
        for row in rows
        if row.exact is None
    ]
    found = []
    if not actual.is_complete and any(0 < have < want for have, want in rested):
        found.append(Caution.RATE_TOO_LOW)
    if days > DAYS_OF_A_YEAR and any(have > 1 for have, _want in rested):
        found.append(Caution.RATE_OF_YEARS)
    return found
