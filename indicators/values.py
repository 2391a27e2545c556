"""The words and values that every rule speaks of. Pure: no Django, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple


class Measure(StrEnum):
    NUMBER = "number"
    RATIO = "ratio"
    MILESTONE = "milestone"


class Accumulation(StrEnum):
    """A flow happens over a span, a stock is a state at a moment."""

    FLOW = "flow"
    STOCK = "stock"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"


class OverSites(StrEnum):
    SUM = "sum"
    AVERAGE = "average"
    POOLED = "pooled"
    ALL = "all"  # milestones: n of m
    NONE = "none"


class OverTime(StrEnum):
    SUM = "sum"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    LATEST = "latest"
    POOLED = "pooled"
    ONCE = "once"  # milestones: once done, done
    NONE = "none"


class Absence(StrEnum):
    """Why there is no value; `withdrawn` only ever supersedes."""

    NO_ACTIVITY = "no_activity"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_AVAILABLE = "not_yet_available"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class Certainty(StrEnum):
    """From the strongest to the weakest."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    ABOUT = "about"
    ESTIMATE = "estimate"


class Additivity(StrEnum):
    """Whether the categories of a breakdown add up to the whole."""

    EXHAUSTIVE = "exhaustive"
    PARTIAL = "partial"
    OVERLAPPING = "overlapping"


class EntryKind(StrEnum):
    ACTUAL = "actual"
    TARGET = "target"
    BASELINE = "baseline"


class Change(StrEnum):
    """Why a target or baseline was set anew."""

    CORRECTS = "corrects"
    REVISES = "revises"


class ReportState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Figure(NamedTuple):
    """One value or absence, as entered in the ledger or combined from several.

    A tuple, since a page makes thousands of them, and a frozen dataclass takes three times as long.

    `value` is the number that is shown and judged: of a ratio with parts it is derived
    (39 means 39 percent; None for 0 of 0), of a milestone it is 1 (done) or 0.
    `numerator` and `denominator` are a ratio's parts, or n of m for combined milestones.
    `day` is ISO 8601, possibly reduced ("2017", "2018-03", "2018-03-15").
    `sources` are the ids of the entries that it rests on.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: str | None = None
    absence: Absence | None = None
    certainty: Certainty = Certainty.EXACT
    expected: bool = False
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What gives an indicator's figures their meaning; frozen once it has an entry."""

    measure: Measure = Measure.NUMBER
    accumulation: Accumulation = Accumulation.FLOW
    direction: Direction = Direction.INCREASE
    over_sites: OverSites = OverSites.SUM
    over_time: OverTime = OverTime.SUM
    numerator_over_time: OverTime = OverTime.SUM  # of pooled ratios: sum or latest
    denominator_over_time: OverTime = OverTime.SUM
    factor: Decimal = Decimal(1)  # of ratios: 1, 100, 100,000
    counted: bool = False  # whole, never negative
    may_exceed: bool = False  # a ratio's numerator above its denominator


_TOLD_APART = Context(prec=24)


def settled(value: Decimal) -> Decimal:
    """The value without the last of its 28 digits, to be compared: three times 2/3 end in a 1, and are 2."""
    return _TOLD_APART.plus(value)


def derive(numerator: Decimal, denominator: Decimal, factor: Decimal) -> Decimal | None:
    """The ratio's value times its factor; None for a denominator of 0."""
    return numerator * factor / denominator if denominator else None
