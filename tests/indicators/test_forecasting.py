from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.forecasting import forecast
from indicators.values import Accumulation, Meaning, Measure, OverSites, OverTime

COUNT = Meaning(counted=True)
TONS = Meaning()
STOCK = Meaning(accumulation=Accumulation.STOCK, over_time=OverTime.LATEST)
AVERAGE = Meaning(over_time=OverTime.AVERAGE)
RATIO = Meaning(
    measure=Measure.RATIO,
    accumulation=Accumulation.STOCK,
    over_sites=OverSites.POOLED,
    over_time=OverTime.POOLED,
)


def numbers(text: str) -> list[Decimal]:
    return [Decimal(it) for it in text.split()]


@pytest.mark.parametrize(
    ("meaning", "to_date", "values", "left", "expected"),
    [
        # 100 so far, four periods of 40 to 60, two to come
        (COUNT, "100", "40 60 50 50", 2, "200 180 220"),
        # older than the last four does not count
        (COUNT, "100", "900 40 60 50 50", 2, "200 180 220"),
        # what is counted is whole: 7 + 2.5
        (COUNT, "7", "2 3", 1, "10 9 10"),
        (TONS, "7.0", "2.0 3.5", 1, "9.8 9.0 10.5"),
        # a year of which nothing is reported yet, at the pace of the year before
        (TONS, "0", "1.5 2.5", 4, "8.0 6.0 10.0"),
        # of a state the changes: −10 and −30 on top of the latest
        (STOCK, "60", "100 90 60", 1, "40 30 50"),
        (Meaning(counted=True, accumulation=Accumulation.STOCK, over_time=OverTime.LATEST), "5", "25 15 5", 2,
         "0 0 0"),
    ],
)  # fmt: skip
def test_a_year_ends_where_its_pace_leads(
    meaning: Meaning, to_date: str, values: str, left: int, expected: str
) -> None:
    found = forecast(meaning, Decimal(to_date), numbers(values), left)
    assert found is not None
    assert [str(it) for it in (found.value, found.low, found.high)] == expected.split()


@pytest.mark.parametrize(
    ("meaning", "to_date", "values", "left"),
    [
        (COUNT, "10", "10", 3),  # one alone has no range
        (STOCK, "10", "20 10", 3),  # nor has one change
        (COUNT, "10", "5 5", 0),  # nothing to come
        (COUNT, None, "5 5", 2),  # no value so far
        (AVERAGE, "10", "5 5 5", 2),
        (RATIO, "10", "5 5 5", 2),
    ],
)
def test_no_forecast_without_a_pace(meaning: Meaning, to_date: str | None, values: str, left: int) -> None:
    assert forecast(meaning, Decimal(to_date) if to_date else None, numbers(values), left) is None
