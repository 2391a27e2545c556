"""Peru's departments shaded by what their sites report: which site lies where, and in which step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from monitoring.atlas.outlines import HEIGHT, WIDTH, Department, departments

STEPS = 5
# one hue from light to dark, that differs in grey print too
FILLS = ("#d9e8f6", "#aacdec", "#73b3e7", "#2378c3", "#1a4480")
NO_VALUE, NO_SITES = "#e6e6e6", "#ffffff"
INCOMPLETE = "url(#map-incomplete)"  # hatched: the pattern that the drawing brings along
# Callao is too small to be seen: a circle in the sea before it has its shade and its mark
MOVED = {"07": (-28.0, 6.0)}
BOX = (WIDTH, HEIGHT)


class Where(NamedTuple):
    """A place as it is kept: what it lies in, and its UBIGEO code ("" without one)."""

    parent: int | None
    ubigeo: str


def department_of(place: int | None, places: Mapping[int, Where]) -> str | None:
    """The UBIGEO code of the department that a place lies in, None for what lies in none or in several."""
    seen: set[int] = set()
    while place is not None and place in places and place not in seen:
        seen.add(place)
        if code := places[place].ubigeo[:2]:
            return code
        place = places[place].parent
    return None


@dataclass(frozen=True, slots=True)
class Shade:
    """What a department is shaded by: its value, and so many of so many where it is a share."""

    value: Decimal | None = None
    part: int = 0
    whole: int = 0
    partial: bool = False  # figures are missing in the value: it is told, and shades nothing


def share_of(part: int, whole: int) -> Shade:
    """A share, of which nothing is known where there is nothing to have a share of."""
    return Shade(Decimal(part) / whole if whole else None, part, whole)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the scale: from which to which value, the upper one included."""

    low: Decimal
    high: Decimal
    fill: str


def equal_steps(low: Decimal, high: Decimal) -> list[Step]:
    """Five steps of one length, for shares that can be compared from map to map."""
    length = (high - low) / STEPS
    return [Step(low + length * at, low + length * (at + 1), fill) for at, fill in enumerate(FILLS)]


def even_steps(values: Iterable[Decimal]) -> list[Step]:
    """At most five steps of about as many values each, since a few departments have most of everything."""
    known = sorted(set(values))
    count = min(STEPS, len(known))
    fills = [FILLS[round(at * (STEPS - 1) / max(count - 1, 1))] for at in range(count)]
    cuts = [known[at * len(known) // count : (at + 1) * len(known) // count] for at in range(count)]
    return [Step(part[0], part[-1], fill) for part, fill in zip(cuts, fills, strict=True)]


def fill_of(value: Decimal | None, steps: Sequence[Step]) -> str:
    """The shade of a value: that of the first step which holds it."""
    if value is None:
        return NO_VALUE
    return next((step.fill for step in steps if value <= step.high), steps[-1].fill if steps else NO_VALUE)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A department as it is drawn: its shade, the middle of its mark, whether that is a circle beside it."""

    department: Department
    fill: str
    x: float
    y: float
    beside: bool


def drawn(shades: Mapping[str, Shade], steps: Sequence[Step]) -> list[Drawn]:
    """Every department, shaded where it has sites."""
    return [_drawn(it, shades.get(it.ubigeo), steps) for it in departments()]


def _drawn(department: Department, shade: Shade | None, steps: Sequence[Step]) -> Drawn:
    right, down = MOVED.get(department.ubigeo, (0.0, 0.0))
    fill = NO_SITES if shade is None else INCOMPLETE if shade.partial else fill_of(shade.value, steps)
    x, y = round(department.x + right, 1), round(department.y + down, 1)
    return Drawn(department, fill, x, y, department.ubigeo in MOVED)
