"""Peru's departments as outlines in SVG units, and where a mark for each stands. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path

# Natural Earth, public domain: WGS 84, longitude before latitude
OUTLINES = Path(__file__).parent.parent / "portfolio_data" / "peru-departments.geojson"
WIDTH, HEIGHT = 300, 440
WEST, NORTH, DEGREES = -81.45, 0.05, 12.95  # the left and upper edge, and the degrees from left to right
FLATTENED = cos(radians(9.2))  # a degree of longitude against one of latitude, in the middle of Peru

Point = tuple[int, int]
Degrees = Sequence[float]


@dataclass(frozen=True, slots=True)
class Department:
    """A department by its UBIGEO code: the path of its outline, and the middle of its largest part."""

    ubigeo: str
    name: str
    path: str
    x: float
    y: float


@cache
def departments() -> tuple[Department, ...]:
    """Peru's 24 departments and Callao, in the order of their codes."""
    found = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return tuple(sorted((_department(it) for it in found), key=lambda it: it.ubigeo))


def _department(feature: dict[str, dict[str, object]]) -> Department:
    rings = [ring for one in _polygons(feature["geometry"]) if len(ring := _drawn(one)) > 2]  # noqa: PLR2004  # a surface
    x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    properties = feature["properties"]
    path = "".join(_path(ring) for ring in rings)
    return Department(str(properties["ubigeo"]), str(properties["name"]), path, round(x, 1), round(y, 1))


def _polygons(geometry: dict[str, object]) -> Iterator[Sequence[Degrees]]:
    """Every ring; those within another are drawn as holes by the rule of even and odd."""
    polygons: Iterable[Iterable[Sequence[Degrees]]] = geometry["coordinates"]  # type: ignore[assignment]  # as GeoJSON says
    if geometry["type"] == "Polygon":
        polygons = [polygons]  # type: ignore[list-item]  # one polygon is one list less deep
    for polygon in polygons:
        yield from polygon


def _drawn(ring: Iterable[Degrees]) -> list[Point]:
    """The ring in whole SVG units, so that neighbours keep one border, each point once."""
    points: list[Point] = []
    for degrees in ring:
        x = (degrees[0] - WEST) / DEGREES * WIDTH
        y = (NORTH - degrees[1]) / DEGREES * WIDTH / FLATTENED
        if not points or points[-1] != (round(x), round(y)):
            points.append((round(x), round(y)))
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _path(ring: Sequence[Point]) -> str:
    steps = [f"{after[0] - before[0]} {after[1] - before[1]}" for before, after in pairwise(ring)]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z"


def _area(ring: Sequence[Point]) -> float:
    """Twice its signed surface."""
    return sum(one[0] * other[1] - other[0] * one[1] for one, other in _edges(ring))


def _middle(ring: Sequence[Point]) -> tuple[float, float]:
    """The centre of gravity of a ring with a surface."""
    area = _area(ring) or 1
    x = y = 0.0
    for one, other in _edges(ring):
        weight = one[0] * other[1] - other[0] * one[1]
        x += (one[0] + other[0]) * weight
        y += (one[1] + other[1]) * weight
    return x / (3 * area), y / (3 * area)


def _edges(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)
