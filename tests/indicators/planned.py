"""The plan of a span from a table of targets, as the tests of planning and scoring write them."""

from __future__ import annotations

from collections.abc import Collection

from indicators.combining import Expected, Figures, Site, rows_of, standing
from indicators.periods import Span
from indicators.planning import Plan, plan_of
from indicators.values import Meaning


def combine_plan(
    meaning: Meaning, span: Span, figures: Figures, expected: Expected, open_at_end: Collection[Site]
) -> Plan:
    """The one set for the span, else combined by the indicator's rules if every expected one is there."""
    own = figures.get((None, span))
    rest = {key: figure for key, figure in figures.items() if key != (None, span)}
    return plan_of(meaning, standing(own), rows_of(span, rest, expected, open_at_end))
