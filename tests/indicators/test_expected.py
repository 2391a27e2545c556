"""When a series is expected: every place that asks gives the same answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indicators.actions import open_periods
from indicators.ledger import load_books
from indicators.models import Report, Series
from indicators.periods import days_shared, overlaps, parse_label
from indicators.sheets import load_sheet
from tests.builders import make_indicator, make_period, make_program, make_series, make_site

LABEL = "2026 Q3"
TODAY = date(2026, 11, 22)
Day = date | None


@pytest.mark.parametrize(
    ("stretches", "shared"),
    [
        ([(None, None)], (None, None)),
        ([(date(2026, 1, 1), None), (None, date(2026, 5, 5))], (date(2026, 1, 1), date(2026, 5, 5))),
        (
            [(date(2026, 1, 1), None), (date(2026, 2, 1), None), (None, date(2025, 1, 1))],
            (date(2026, 2, 1), date(2025, 1, 1)),
        ),
    ],
)
def test_the_days_that_stretches_share(stretches: list[tuple[Day, Day]], shared: tuple[Day, Day]) -> None:
    assert days_shared(tuple(stretches)) == shared


def test_a_stretch_without_days_overlaps_nothing() -> None:
    assert not overlaps(parse_label(LABEL), date(2026, 9, 1), date(2026, 8, 1))


JULY_1, SEPTEMBER_30 = date(2026, 7, 1), date(2026, 9, 30)
BEFORE, AFTER = date(2026, 6, 30), date(2026, 10, 1)
CASES: list[tuple[dict[str, dict[str, date]], bool]] = [
    ({}, True),
    ({"series": {"from_on": SEPTEMBER_30}}, True),
    ({"series": {"from_on": AFTER}}, False),
    ({"series": {"to_on": JULY_1}}, True),
    ({"series": {"to_on": BEFORE}}, False),
    ({"indicator": {"starts_on": AFTER}}, False),
    ({"indicator": {"closed_on": BEFORE}}, False),
    ({"site": {"opened_on": AFTER}}, False),
    ({"site": {"closed_on": BEFORE}}, False),
    ({"program": {"starts_on": AFTER}}, False),
    ({"program": {"ends_on": BEFORE}}, False),
    ({"program": {"ends_on": JULY_1}, "site": {"opened_on": JULY_1}}, True),
    # each overlaps the quarter, and they share no day
    ({"site": {"closed_on": date(2026, 8, 1)}, "series": {"from_on": date(2026, 9, 1)}}, False),
    ({"indicator": {"closed_on": date(2026, 8, 1)}, "site": {"opened_on": date(2026, 9, 1)}}, False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "expected"), CASES)
def test_whoever_asks_is_told_the_same(days: dict[str, dict[str, Any]], expected: bool) -> None:
    program = make_program(**{"starts_on": None, "ends_on": None} | days.get("program", {}))
    site = make_site(program, **days.get("site", {}))
    indicator = make_indicator(program, **days.get("indicator", {}))
    make_series(indicator, site)
    Series.objects.filter(indicator=indicator).update(**days.get("series", {}))
    period, span = make_period(LABEL), parse_label(LABEL)
    assert overlaps(span, *Series.objects.get(indicator=indicator).days) is expected

    score = load_books([program], today=TODAY)[program.pk].score(indicator, span)
    assert score.complete == ("0/1" if expected else "0/0")
    found = Series.objects.filter(indicator=indicator).expected_between(JULY_1, SEPTEMBER_30)
    assert found.exists() is expected
    open_periods(today=TODAY, program_ids=[program.pk])
    assert Report.objects.filter(program=program, period=period).exists() is expected

    report, _new = Report.objects.get_or_create(program=program, site=site, period=period)
    assert len(load_sheet(report, today=TODAY).rows) == expected
    assert Report.objects.with_progress().get(pk=report.pk).expected == expected
