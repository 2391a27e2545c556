"""How a made-up indicator is meant to run, and the numbers that follow from it. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from typing import Any

from indicators.periods import MONTHS, Kind, Span
from indicators.rows import Typed
from indicators.values import Accumulation, Additivity, Certainty, Meaning, Measure

AT_ONCE = Decimal("0.3")  # the share of the planned change that the first targets ask for
PLANNED = 24  # months
NARROW = Decimal("0.45")  # how wide results scatter, as a share of the spread
Parts = Sequence[tuple[int, Decimal]]  # series of a category, and its share of the whole in percent


@dataclass(frozen=True, slots=True)
class Course:
    """The plan of an indicator: where it starts, where it is meant to go, and how much it scatters."""

    start: Decimal = Decimal(0)
    end: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    decimals: int = 0
    spread: Decimal = Decimal("0.15")
    season: tuple[Decimal, ...] = (Decimal(1),)
    scaled: bool = True
    scaled_denominator: bool = True
    targets: str = "period"  # or "year": for the whole program only
    baseline: str = ""  # "year" or "quarters"
    yearly: Decimal = Decimal(0)  # a year's value as a multiple of a quarter's
    certainty: str = str(Certainty.EXACT)
    due_month: int = 0
    offsets: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Course:
        """The course that a program's sheet describes."""
        exact = {
            name: Decimal(str(plan[name]))
            for name in ("start", "end", "denominator", "spread", "yearly")
            if name in plan
        }
        season = tuple(Decimal(str(one)) for one in plan.get("season", (1,)))
        return cls(**{**plan, **exact, "season": season})


@dataclass(frozen=True, slots=True)
class Place:
    """What a number depends on besides the course: where and for which stretch it is."""

    site: str  # code, empty for the program
    size: Decimal
    span: Span
    begins: date  # the first day of the plan


def level(course: Course, meaning: Meaning, place: Place) -> Decimal:
    """What is planned there for the span."""
    at = course.start + (course.end - course.start) * _gone(place)
    if meaning.measure == Measure.RATIO:
        return _rounded(at, 1)
    planned = at * _season(course, place) * _scale(course, place)
    if place.span.kind == Kind.YEAR and course.yearly:
        planned *= course.yearly
    return _rounded(planned, _decimals(course, meaning))


def whole_year(course: Course, meaning: Meaning, place: Place) -> Decimal:
    """What is planned for the whole program and a year, where that alone is planned."""
    at = course.start + (course.end - course.start) * _gone(place)
    if meaning.measure == Measure.RATIO:
        return _rounded(at * course.yearly, 1)
    return _rounded(at * _scale(course, place) * course.yearly, -2)


def start(course: Course, meaning: Meaning, place: Place) -> Decimal:
    """Where it stood before the plan began: in a quarter of the year before, or in that year."""
    if meaning.measure == Measure.RATIO:
        return course.start
    planned = course.start * _scale(course, place)
    if course.baseline == "quarters":
        planned *= _season(course, place)
    return _rounded(planned, _decimals(course, meaning))


def baseline(course: Course, meaning: Meaning, place: Place) -> Typed:
    """The baseline as typed; of a ratio with its parts."""
    if meaning.measure != Measure.RATIO:
        return Typed(value=written(start(course, meaning, place), meaning), certainty=course.certainty)
    below = _denominator(course, place)
    above = course.start * (course.yearly or 1) * below / meaning.factor
    return Typed(numerator=written(_rounded(above, 0), meaning), denominator=written(below, meaning))


def share(course: Course, rng: Random) -> Decimal:
    """The share of the planned change that happened, about 1."""
    return _rounded(Decimal(str(rng.gauss(1.0, float(course.spread * NARROW)))), 3)


def result(course: Course, meaning: Meaning, place: Place, reached: Decimal, rng: Random) -> Typed:
    """A result as typed, where so much of what was planned was reached."""
    value = _reached(course, meaning, place, reached)
    if meaning.measure != Measure.RATIO:
        return Typed(value=written(value, meaning), certainty=course.certainty)
    below = _denominator(course, place)
    if meaning.denominator_over_time == "sum" and meaning.over_time == "pooled":
        below = _rounded(below * Decimal(str(rng.uniform(0.94, 1.06))), 0)
    above = min(below, _rounded(value * below / meaning.factor, 0))
    return Typed(numerator=written(above, meaning), denominator=written(below, meaning))


def _reached(course: Course, meaning: Meaning, place: Place, reached: Decimal) -> Decimal:
    planned = level(course, meaning, place)
    if meaning.accumulation == Accumulation.FLOW and not course.baseline:
        return max(Decimal(0), _rounded(planned * reached, _decimals(course, meaning)))
    base = start(course, meaning, place)
    decimals = 6 if meaning.measure == Measure.RATIO else _decimals(course, meaning)
    return max(Decimal(0), _rounded(base + (planned - base) * reached, decimals))


def milestone(course: Course, place: Place) -> Typed:
    """Done or not by the end of the span, and on which day."""
    done_on = due_on(course, place.begins) + timedelta(days=course.offsets.get(place.site, 100_000))
    if place.span.last is None or done_on > place.span.last:
        return Typed(value="no")
    return Typed(value="yes", day=done_on.isoformat())


def due_on(course: Course, begins: date) -> date:
    """The last day of the month that a milestone is planned for."""
    years, month = divmod(begins.month + course.due_month, 12)
    return date(begins.year + years, month + 1, 1) - timedelta(days=1)


def broken_down(
    whole: Typed, meaning: Meaning, additivity: Additivity, parts: Parts, rng: Random
) -> dict[int, Typed]:
    """The whole by category: exactly added up, less than it, or overlapping, as the dimension says."""
    weights = [float(weight) * rng.uniform(0.92, 1.08) for _series, weight in parts]
    if additivity is Additivity.EXHAUSTIVE:
        weights = [weight / sum(weights) for weight in weights]
    else:
        weights = [min(weight / 100, 0.97) for weight in weights]
    exact = additivity is Additivity.EXHAUSTIVE
    if meaning.measure == Measure.RATIO:
        below = _split(_read(whole.denominator), weights, exact=exact)
        above = _fitted(_split(_read(whole.numerator), weights, exact=exact), below)
        return {
            series: Typed(numerator=written(over, meaning), denominator=written(under, meaning))
            for (series, _weight), over, under in zip(parts, above, below, strict=True)
        }
    values = _split(_read(whole.value), weights, exact=exact)
    return {
        series: Typed(value=written(value, meaning), certainty=whole.certainty)
        for (series, _weight), value in zip(parts, values, strict=True)
    }


def _split(whole: Decimal, weights: Sequence[float], *, exact: bool) -> list[Decimal]:
    decimals = -int(whole.as_tuple().exponent)
    values = [_rounded(whole * Decimal(str(weight)), decimals) for weight in weights]
    if exact:
        values[0] += whole - sum(values)
    return values


def _fitted(above: list[Decimal], below: Sequence[Decimal]) -> list[Decimal]:
    """Numerators of which none is above its denominator, with the same sum."""
    over = sum((max(Decimal(0), one - most) for one, most in zip(above, below, strict=True)), Decimal(0))
    fitted = [min(one, most) for one, most in zip(above, below, strict=True)]
    for index, most in enumerate(below):
        more = min(over, most - fitted[index])
        fitted[index] += more
        over -= more
    return fitted


def times(text: str, factor: Decimal, meaning: Meaning) -> str:
    """A typed number so many times as large, with the same decimals."""
    number = _read(text)
    return written(_rounded(number * factor, max(0, -int(number.as_tuple().exponent))), meaning)


def written(number: Decimal, meaning: Meaning) -> str:
    """As people write it: thousands apart where that can't be read in two ways."""
    return f"{number:,f}" if meaning.counted else f"{number:f}"


def _read(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _gone(place: Place) -> Decimal:
    last = place.span.last or place.begins
    months = (last.year - place.begins.year) * 12 + last.month - place.begins.month + 1
    return AT_ONCE + (1 - AT_ONCE) * Decimal(max(0, min(months, PLANNED))) / PLANNED


def _season(course: Course, place: Place) -> Decimal:
    first = place.span.first
    if first is None or place.span.kind == Kind.YEAR:
        return Decimal(1)
    return course.season[(first.month - 1) // MONTHS[place.span.kind] % len(course.season)]


def _scale(course: Course, place: Place) -> Decimal:
    return place.size if course.scaled else Decimal(1)


def _denominator(course: Course, place: Place) -> Decimal:
    return _rounded(course.denominator * (place.size if course.scaled_denominator else 1), 0)


def _decimals(course: Course, meaning: Meaning) -> int:
    return 0 if meaning.counted else course.decimals


def _rounded(number: Decimal, decimals: int) -> Decimal:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    return rounded if decimals >= 0 else Decimal(int(rounded))
