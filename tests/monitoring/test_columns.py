"""Which periods a performance table shows: by itself, between two days, of a kind that was chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indicators.periods import Calendar, Kind, other, parse_label, quarter, year
from monitoring.performance.columns import Reach, columns_of
from monitoring.performance.page import range_label

TODAY = date(2026, 11, 22)
NO_LIFE = (None, None)


def labels(*args: Any, **options: Any) -> list[str]:
    columns = columns_of(*args, **{"today": TODAY, "life_of_program": NO_LIFE, **options})
    return [column.label for column in columns]


def test_the_running_and_the_past_year_where_there_are_figures_of_them() -> None:
    shown = labels({quarter(2026, 1)}, [Kind.QUARTER], Calendar.CALENDAR, Reach())
    quarters = [f"{at} Q{number}" for at in (2025, 2026) for number in (1, 2, 3, 4)]
    assert shown == [*quarters[:4], "2025", *quarters[4:], "2026", "…–…"]


def test_else_the_last_periods_with_figures() -> None:
    recorded = {year(number) for number in range(2001, 2013)} | {other("at publication (2013)")}
    shown = labels(recorded, [Kind.YEAR], Calendar.CALENDAR, Reach())
    assert shown == [*(str(number) for number in range(2005, 2013)), "at publication (2013)", "…–…"]


def test_old_quarters_come_with_the_year_they_lie_in() -> None:
    shown = labels({quarter(2012, 3)}, [Kind.QUARTER], Calendar.CALENDAR, Reach())
    assert shown == ["2012 Q3", "2012", "…–…"]


def test_the_fiscal_calendar_labels_and_groups() -> None:
    reach = Reach(date(2026, 10, 1), date(2027, 3, 31))
    shown = labels({quarter(2026, 1)}, [Kind.QUARTER], Calendar.FISCAL, reach)
    assert shown == ["FY2027 Q1", "FY2027 Q2", "FY2027", "…–…"]


def test_finer_periods_and_half_years_only_where_rows_can_be_many() -> None:
    recorded = {quarter(2026, 1), parse_label("2026-02")}
    reach = Reach(date(2026, 1, 1), date(2026, 6, 30))
    assert labels(recorded, [Kind.QUARTER], Calendar.CALENDAR, reach) == ["2026 Q1", "2026 Q2", "2026", "…–…"]
    everything = {"everything": True, "halves": True}
    full = labels(recorded, [Kind.QUARTER], Calendar.CALENDAR, reach, **everything)
    assert full == ["2026-02", "2026 Q1", "2026 Q2", "2026 H1", "2026", "…–…"]


ASKED = Reach(date(2026, 1, 1), date(2026, 9, 30))
MIXED = {
    parse_label(it) for it in ("2025-12", "2026-02", "2026 Q1", "FY2026 H1", "FY2026 H2", "2026", "FY2026")
}


@pytest.mark.parametrize(
    ("kinds", "options", "shown"),
    [
        (Kind.QUARTER, {}, ["2026 Q1", "2026 Q2", "2026 Q3", "FY2026 H2", "2026"]),
        (Kind.QUARTER, {"alone": True}, ["2026 Q1", "2026 Q2", "2026 Q3", "2026"]),
        (Kind.HALF, {"alone": True}, ["2026 H1", "FY2026 H2", "2026"]),
        (Kind.YEAR, {"alone": True}, []),
        (
            Kind.QUARTER,
            {"everything": True, "halves": True},  # the second half is asked for in part
            ["2026-02", "2026 Q1", "2026 Q2", "2026 H1", "2026 Q3", "FY2026 H2", "2026"],
        ),
    ],
)
def test_what_lies_only_in_part_within_the_days_asked_for_is_no_column_but_the_year(
    kinds: Kind, options: dict[str, bool], shown: list[str]
) -> None:
    """Neither the fiscal half and year that began in 2025, nor the year before."""
    assert labels(MIXED, [kinds], Calendar.CALENDAR, ASKED, **options) == [*shown, "…–…"]


@pytest.mark.parametrize("kind", [Kind.MONTH, Kind.QUARTER, Kind.HALF])
def test_a_kind_that_was_chosen_stands_alone_but_for_the_totals(kind: Kind) -> None:
    columns = columns_of(
        MIXED, [kind], Calendar.FISCAL, Reach(), today=TODAY, life_of_program=NO_LIFE, alone=True
    )
    assert {it.span.kind for it in columns if not it.total} == {kind}
    assert {it.span.kind for it in columns if it.total} == {Kind.YEAR, Kind.LIFE}


def test_a_fiscal_half_has_no_calendar_year() -> None:
    shown = labels({parse_label("FY2012 H1")}, [Kind.HALF], Calendar.CALENDAR, Reach())
    assert shown == ["FY2012 H1", "…–…"]


def test_the_foot_says_from_which_to_which_period() -> None:
    columns = columns_of(
        MIXED, [Kind.QUARTER], Calendar.CALENDAR, ASKED, today=TODAY, life_of_program=NO_LIFE
    )
    assert range_label(columns) == "2026 Q1 – 2026 Q3"
    assert range_label(columns[-2:]) == "2026"
    assert range_label(columns[-1:]) == ""


def test_everything_begins_with_the_first_figure() -> None:
    recorded = {quarter(2012, 2), quarter(2012, 4)}
    shown = labels(recorded, [Kind.QUARTER], Calendar.CALENDAR, Reach(), everything=True)
    assert shown == ["2012 Q2", "2012 Q3", "2012 Q4", "2012", "…–…"]


def test_nothing_on_record_leaves_the_life_of_the_program() -> None:
    assert labels(set(), [Kind.YEAR], Calendar.CALENDAR, Reach(), life_of_program=(TODAY, None)) == [
        "2026-11-22 – …"
    ]
