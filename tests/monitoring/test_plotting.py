from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from monitoring.plotting import SMALL, Point, plot, reach_of


def points(text: str) -> list[Point]:
    """One point for each word: "12" an actual, "12/10" with its target, "-" nothing."""
    found = []
    for at, word in enumerate(text.split()):
        actual, _, target = word.partition("/")
        found.append(
            Point(
                f"Q{at + 1}",
                None if actual == "-" else Decimal(actual),
                Decimal(target) if target else None,
            )
        )
    return found


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ("0 100", "0 25 50 75 100"),
        ("7 9 12", "0 5 10 15"),
        ("55.6/50", "0 20 40 60"),
        ("0.3 0.7", "0 0.2 0.4 0.6 0.8"),
        ("-39 0", "-40 -30 -20 -10 0"),
        ("22000 1000", "0 10000 20000 30000"),
        ("0", "0 0.25 0.5 0.75 1"),
    ],
)
def test_the_scale_has_round_steps_around_all_values(values: str, ticks: str) -> None:
    drawn = plot(points(values), bars=True)
    assert drawn is not None
    assert [str(tick) for _, tick in drawn.ticks] == ticks.split()


def test_a_bar_stands_on_zero_and_reaches_its_value() -> None:
    drawn = plot(points("50 100 -"), bars=True)
    assert drawn is not None
    half, whole, gap = drawn.places
    assert (half.bar_top + half.bar_height, whole.bar_top + whole.bar_height) == (drawn.zero, drawn.zero)
    assert whole.bar_height == pytest.approx(2 * half.bar_height, abs=0.2)
    assert (gap.y, gap.bar_height) == (None, 0)


def test_a_negative_bar_hangs_from_zero() -> None:
    drawn = plot(points("-20 10"), bars=True)
    assert drawn is not None
    below, above = drawn.places
    assert below.bar_top == drawn.zero
    assert above.bar_top + above.bar_height == drawn.zero


def test_a_line_has_a_gap_where_nothing_is_known() -> None:
    drawn = plot(points("1 2 - 4"), bars=False)
    assert drawn is not None
    assert [len(run.split()) for run in drawn.runs] == [2, 1]


def test_everything_lies_within_the_box() -> None:
    drawn = plot(points("1 2/9 - 4"), bars=True, baseline=Decimal(12))
    assert drawn is not None
    heights = [*(y for y, _ in drawn.ticks), drawn.baseline, *(it.target for it in drawn.places if it.target)]
    assert all(drawn.box.top <= y <= drawn.box.height - drawn.box.bottom for y in heights if y is not None)
    assert all(drawn.box.left <= it.start and it.start + it.length <= drawn.end for it in drawn.places)


def test_charts_side_by_side_share_a_scale() -> None:
    low, high = points("1 2"), points("10 20")
    reach = reach_of([*low, *high])
    small, large = plot(low, bars=True, box=SMALL, reach=reach), plot(high, bars=True, box=SMALL, reach=reach)
    assert small is not None
    assert large is not None
    assert small.ticks == large.ticks
    assert large.places[1].bar_height == pytest.approx(10 * small.places[1].bar_height, abs=0.6)


def test_labels_leave_each_other_room() -> None:
    many = [Point(f"20{at:02} Q1", Decimal(1)) for at in range(40)]
    drawn = plot(many, bars=True)
    assert drawn is not None
    shown = [it.x for it in drawn.places if it.labelled]
    assert min(after - before for before, after in pairwise(shown)) >= 7 * 7


def test_nothing_known_is_no_chart() -> None:
    assert plot(points("- -"), bars=True) is None
    assert plot([], bars=True) is None
