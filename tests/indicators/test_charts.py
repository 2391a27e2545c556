"""The small drawings stay within their frame, whatever they are given."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators import charts, words

D = Decimal


@pytest.mark.parametrize(
    ("actual", "target", "baseline"),
    [
        (D(398), D(380), D(412)),
        (D(-39), D(-30), D(0)),
        (D(0), D(0), None),
        (None, D(5), None),
        (D(7), None, None),
    ],
)
def test_a_bullet_stays_within_its_frame(actual: D | None, target: D | None, baseline: D | None) -> None:
    drawn = charts.bullet(actual, target, baseline)
    assert drawn is not None
    assert 0 <= drawn.start <= drawn.start + drawn.length <= charts.WIDTH
    assert all(0 <= tick <= charts.WIDTH for tick in (drawn.target, drawn.baseline) if tick is not None)


def test_nothing_known_is_not_drawn() -> None:
    assert charts.bullet(None, None, None) is None
    assert charts.stacked({}, words.STATUSES) == []
    assert charts.sparkline([None, None], 80, 16) == []


def test_a_stacked_bar_is_whole_and_in_order() -> None:
    segments = charts.stacked({"behind": 1, "met": 2, "near": 0}, words.STATUSES)
    assert [(segment.status, segment.count) for segment in segments] == [("met", 2), ("behind", 1)]
    assert segments[-1].start + segments[-1].length == pytest.approx(charts.WIDTH, abs=1.1)


def test_a_missing_value_is_a_gap_in_the_line() -> None:
    assert len(charts.sparkline([D(1), D(2), None, D(3)], 80, 16)) == 2
    assert charts.sparkline([D(5), D(5)], 80, 16)[0].count(",") == 2
