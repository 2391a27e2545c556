"""Small drawings for rows of tables: what stands where, in SVG units; `svg` draws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 160, 16

# presentation attributes, since the page's classes do not reach an SVG on paper
FILLS = {
    "exceeded": "#154c21",
    "met": "#4d8055",
    "near": "#ffbe2e",
    "late": "#e5a000",
    "behind": "#b50909",
    "overdue": "#d54309",
    "incomplete": "#a9aeb1",
    "running": "#73b3e7",
    "in_review": "#73b3e7",
    "due": "#bbdefb",
}
REST = "#dfe1e2"


@dataclass(frozen=True, slots=True)
class Bullet:
    """Where the bar of the actual value begins and ends, and where baseline and target stand."""

    start: float
    length: float
    target: float | None
    baseline: float | None


def bullet(actual: Decimal | None, target: Decimal | None, baseline: Decimal | None = None) -> Bullet | None:
    """The places of an actual value, its target and its baseline on one line; None if nothing is known."""
    known = [value for value in (actual, target, baseline) if value is not None]
    if not known:
        return None
    low, high = min(*known, Decimal(0)), max(*known, Decimal(0))
    reach = (high - low) * Decimal("1.08") or Decimal(1)

    def place(value: Decimal) -> float:
        return round(float((value - low) / reach) * (WIDTH - 4) + 2, 1)

    zero, end = place(Decimal(0)), place(actual if actual is not None else Decimal(0))
    return Bullet(
        start=min(zero, end),
        length=round(abs(end - zero), 1),
        target=None if target is None else place(target),
        baseline=None if baseline is None else place(baseline),
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """One status's stretch of a stacked bar."""

    status: str
    count: int
    start: float
    length: float
    fill: str


def stacked(counts: Mapping[str, int], order: Iterable[str]) -> list[Segment]:
    """The stretches of a bar of `WIDTH`, one for each status that occurs, in the order given."""
    total = sum(counts.values())
    segments, before = [], 0
    for status in order:
        if count := counts.get(status, 0):
            start, end = before * WIDTH / total, (before + count) * WIDTH / total
            length = max(round(end - start - 1, 1), 0.5)
            segments.append(Segment(status, count, round(start, 1), length, FILLS.get(status, REST)))
            before += count
    return segments


def sparkline(values: Sequence[Decimal | None], width: int, height: int) -> list[str]:
    """The points of a small line, one polyline for each run without a gap; a missing value is a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, reach = min(known), max(known) - min(known)
    step = (width - 4) / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        rise = float((value - low) / reach) if reach else 0.5
        runs[-1].append(f"{round(2 + place * step, 1)},{round(height - 2 - rise * (height - 4), 1)}")
    return [" ".join(run) for run in runs if run]
