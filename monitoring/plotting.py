"""Where everything stands in the chart of an indicator, in SVG units; templates draw it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

Range = tuple[Decimal, Decimal]
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
ROOM = Decimal("1.02")  # above the highest value
NOTHING = Decimal()
WIDEST = 56  # of a bar, where there are few


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its values (None: unknown), and where a click leads.

    `low` and `high` are those of a forecast, which then stands in for the actual.
    """

    label: str
    actual: Decimal | None = None
    target: Decimal | None = None
    original: Decimal | None = None  # the target as first set, where it was changed
    low: Decimal | None = None
    high: Decimal | None = None
    href: str = ""
    sentence: str = ""
    partial: bool = False  # something that was expected is not in it

    @property
    def values(self) -> Iterator[Decimal]:
        """All that is known of it."""
        known = (self.actual, self.target, self.original, self.low, self.high)
        return (it for it in known if it is not None)

    @property
    def is_forecast(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class Box:
    """The sizes of a chart, and the room for its labels around it."""

    width: int = 640
    height: int = 260
    left: int = 56
    right: int = 8
    top: int = 10
    bottom: int = 28


LARGE = Box()
SMALL = Box(width=220, height=90, left=4, right=4, top=6, bottom=16)


@dataclass(frozen=True, slots=True)
class Place:
    """One period's place: its middle and its stretch, its bar or dot, its targets' heights."""

    point: Point
    x: float
    step: float
    start: float
    length: float
    y: float | None  # of the actual
    bar_top: float
    bar_height: float
    target: float | None
    original: float | None
    low: float | None
    high: float | None
    labelled: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A finished chart: the lines of its scale, the places of its periods, the runs of its line."""

    box: Box
    bars: bool  # of what happens over a stretch; a line is of what is at a moment
    ticks: list[tuple[float, Decimal]]
    zero: float
    places: list[Place]
    runs: list[str]
    baseline: float | None

    @property
    def end(self) -> float:
        """Its right edge."""
        return self.box.width - self.box.right

    @property
    def floor(self) -> float:
        """The line that it stands on: that of zero, where this is within it."""
        return min(self.zero, self.box.height - self.box.bottom)

    @property
    def begins_at(self) -> Decimal | None:
        """The lowest value of the scale where that is above zero."""
        return self.ticks[0][1] if self.ticks[0][1] > 0 else None


def reach_of(points: Iterable[Point], baseline: Decimal | None = None, *, bars: bool = True) -> Range:
    """From the lowest to the highest value, 0 among them; without it where a line would lie far above it."""
    known = [value for point in points for value in point.values]
    if baseline is not None:
        known.append(baseline)
    low, high = min(known, default=NOTHING), max(known, default=NOTHING)
    if not bars and low * 2 > high > low:
        return low, high
    return min(low, NOTHING), max(high, NOTHING)


def plot(
    points: Sequence[Point],
    *,
    bars: bool,
    baseline: Decimal | None = None,
    box: Box = LARGE,
    reach: Range | None = None,
) -> Plot | None:
    """The chart of these periods, the oldest first; None where there is no value to draw.

    `reach` is the scale that several charts share.
    """
    if not any(point.actual is not None or point.target is not None for point in points):
        return None
    low, high = reach or reach_of(points, baseline, bars=bars)
    ticks = _ticks(low, high)
    scale = _Scale(box, min(low * ROOM, ticks[0]), max(high * ROOM, ticks[-1]))
    step = (box.width - box.left - box.right) / len(points)
    every = _every(points, step)
    places = [_place(point, at, step, scale, at % every == 0) for at, point in enumerate(points)]
    return Plot(
        box=box,
        bars=bars,
        ticks=[(scale(tick), tick) for tick in ticks],
        zero=scale(NOTHING),
        places=places,
        runs=[] if bars else _runs(places),
        baseline=None if baseline is None else scale(baseline),
    )


class _Scale:
    """The height of a value."""

    def __init__(self, box: Box, low: Decimal, high: Decimal) -> None:
        self.left, self.bottom, self.low = box.left, box.height - box.bottom, low
        self.unit = (box.height - box.top - box.bottom) / float(high - low or 1)

    def __call__(self, value: Decimal) -> float:
        return round(self.bottom - float(value - self.low) * self.unit, 1)

    def known(self, value: Decimal | None) -> float | None:
        return None if value is None else self(value)


def _ticks(low: Decimal, high: Decimal, wanted: int = 4) -> list[Decimal]:
    """Round values from just below the lowest to just above the highest."""
    rough = (high - low or Decimal(1)) / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(it * power for it in STEPS if it * power >= rough)
    first, last = floor(low / step), ceil((high if high > low else low + 1) / step)
    return [_idle(at * step) for at in range(first, last + 1)]


def _idle(value: Decimal) -> Decimal:
    """Without zeros that say nothing."""
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def _every(points: Sequence[Point], step: float, letter: float = 7) -> int:
    """Each how manieth label there is room for."""
    longest = max(len(point.label) for point in points) * letter + 6
    return max(1, -int(-longest // step))


def _place(point: Point, at: int, step: float, scale: _Scale, labelled: bool) -> Place:
    x, length = scale.left + (at + 0.5) * step, min(step * 0.7, WIDEST)
    y, zero = scale.known(point.actual), scale(NOTHING)
    return Place(
        point=point,
        x=round(x, 1),
        step=round(step, 1),
        start=round(x - length / 2, 1),
        length=round(length, 1),
        y=y,
        bar_top=min(zero, y) if y is not None else zero,
        bar_height=round(abs(zero - y), 1) if y is not None else 0,
        target=scale.known(point.target),
        original=scale.known(point.original),
        low=scale.known(point.low),
        high=scale.known(point.high),
        labelled=labelled,
    )


def _runs(places: Iterable[Place]) -> list[str]:
    """The points of the line, one run for each stretch without a gap."""
    runs: list[list[str]] = [[]]
    for place in places:
        if place.y is None or place.point.is_forecast:
            runs.append([])
        else:
            runs[-1].append(f"{place.x},{place.y}")
    return [" ".join(run) for run in runs if run]
