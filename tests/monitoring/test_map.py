from __future__ import annotations

import re

from monitoring.atlas.outlines import HEIGHT, WIDTH, departments


def corners(path: str) -> list[tuple[int, int]]:
    """Every corner of an outline, from its steps."""
    found: list[tuple[int, int]] = []
    for ring in re.findall(r"M([^z]*)z", path):
        start, _, steps = ring.partition("l")
        x, y = (int(it) for it in start.split())
        found.append((x, y))
        numbers = [int(it) for it in steps.split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_all_departments_are_drawn_within_the_picture() -> None:
    assert [it.ubigeo for it in departments()] == [f"{number:02}" for number in range(1, 26)]
    for one in departments():
        for x, y in corners(one.path):
            assert 0 <= x <= WIDTH, one.name
            assert 0 <= y <= HEIGHT, one.name


def test_north_is_up_and_east_is_right() -> None:
    at = {it.name: it for it in departments()}
    assert at["Loreto"].y < at["Lima"].y < at["Tacna"].y
    assert at["Tumbes"].x < at["Lima"].x < at["Puno"].x


def test_the_mark_of_a_department_stands_in_it() -> None:
    for one in departments():
        inside = corners(one.path)
        assert min(x for x, _ in inside) <= one.x <= max(x for x, _ in inside)
        assert min(y for _, y in inside) <= one.y <= max(y for _, y in inside)


def test_neighbours_keep_one_border() -> None:
    at = {it.name: set(corners(it.path)) for it in departments()}
    assert len(at["Cusco"] & at["Puno"]) > 10
    assert len(at["Loreto"] & at["Ucayali"]) > 5


def test_the_outlines_stay_light() -> None:
    assert sum(len(it.path) for it in departments()) < 25_000
