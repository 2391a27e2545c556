"""Whether the categories of a breakdown add up to the whole. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.combining import ZERO, has_parts, is_flow, standing
from indicators.values import Absence, Additivity, Figure, Meaning, Measure


class Part(StrEnum):
    """What of a figure is added up: of a ratio its two parts, never the ratio itself."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Gap:
    """Categories that do not add up: `total` is theirs, `whole` what it should be (or not exceed)."""

    part: Part
    whole: Decimal
    total: Decimal

    @property
    def difference(self) -> Decimal:
        return self.total - self.whole


def breakdown_gap(
    meaning: Meaning, additivity: Additivity, whole: Figure | None, categories: Sequence[Figure | None]
) -> tuple[Gap, ...]:
    """Where the categories do not add up to the whole; empty if they do, or nothing can be said.

    Exhaustive: counted things exactly, measured ones within half a unit of the last decimal given for
    each category. Partial, or while a category is missing: no more than the whole. Overlapping: never.
    """
    if additivity is Additivity.OVERLAPPING or meaning.measure is Measure.MILESTONE:
        return ()
    parts = (Part.NUMERATOR, Part.DENOMINATOR) if meaning.measure is Measure.RATIO else (Part.VALUE,)
    return tuple(_gaps(meaning, additivity, parts, whole, categories))


def _gaps(
    meaning: Meaning,
    additivity: Additivity,
    parts: Sequence[Part],
    whole: Figure | None,
    categories: Sequence[Figure | None],
) -> Iterator[Gap]:
    applicable = [it for it in categories if not it or it.absence != Absence.NOT_APPLICABLE]
    for part in parts:
        wanted = _number(meaning, whole, part)
        given = [number for it in applicable if (number := _number(meaning, it, part)) is not None]
        if wanted is None or not given:
            continue
        total = sum(given, ZERO)
        slack = ZERO if meaning.counted else sum((_half_unit(number) for number in given), ZERO)
        exact = additivity is Additivity.EXHAUSTIVE and len(given) == len(applicable)
        if total - wanted > slack or (exact and wanted - total > slack):
            yield Gap(part, wanted, total)


def _number(meaning: Meaning, figure: Figure | None, part: Part) -> Decimal | None:
    figure = standing(figure)
    if figure is None or (part is not Part.VALUE and figure.absence is None and not has_parts(figure)):
        return None
    if figure.absence is not None:
        return ZERO if figure.absence == Absence.NO_ACTIVITY and is_flow(meaning) else None
    number: Decimal | None = getattr(figure, part)
    return number


def _half_unit(number: Decimal) -> Decimal:
    """Half a unit of the last decimal given: 0.05 for 14.1, 0.5 for 14."""
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)
