"""A report as a sheet of rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import Plan, save, send_back, set_plans
from indicators.judging import Flag
from indicators.models import Report
from indicators.periods import parse_label
from indicators.rows import Typed
from indicators.sheets import Sheet, load_sheet
from tests.builders import (
    approved,
    break_down,
    make_dimension,
    make_indicator,
    make_objective,
    make_period,
    make_report,
    make_series,
    make_site,
    typed,
)
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def sheet_of(stage: Stage, *rows: str | Typed) -> Sheet:
    """The sheet with these texts in its rows (the stage's own first), nothing saved."""
    series = [stage.series, *stage.program.series.exclude(pk=stage.series.pk).order_by("pk")]
    report = Report.objects.select_related("program", "site", "period").get(pk=stage.report.pk)
    return load_sheet(report, today=TODAY, typed=typed(dict(zip(series, rows, strict=False))))


def fields(sheet: Sheet) -> list[str]:
    return [complaint.field for complaint in sheet.complaints]


# --- which rows ---


def test_rows_stand_under_their_objectives_in_order() -> None:
    stage = make_stage()
    for code in ("B", "A"):
        objective = make_objective(stage.program, code=code)
        for name in ("2", "1"):
            make_series(make_indicator(objective=objective, code=f"{code}{name}"), stage.site)
    groups = [[row.indicator.code for row in group.rows] for group in sheet_of(stage).groups]
    assert groups[:2] == [["A1", "A2"], ["B1", "B2"]]
    assert [group.objective.code for group in sheet_of(stage).groups][:2] == ["A", "B"]


@pytest.mark.parametrize(
    ("overrides", "period", "place"),
    [
        ({}, "2026 Q3", True),
        ({}, "2026", None),
        ({}, "2026-09", None),
        ({"over_time": "none"}, "2026", False),
        ({"over_time": "none"}, "2026-09", None),
        ({"frequency": "irregular"}, "2026 Q3", False),
        ({"frequency": "year"}, "2026", True),
        ({"frequency": "year"}, "FY2026", None),
        ({"frequency": "year", "calendar": "fiscal"}, "FY2026", True),
        ({"closed_on": date(2026, 6, 30)}, "2026 Q3", None),
        ({"starts_on": date(2026, 10, 1)}, "2026 Q3", None),
        ({"starts_on": date(2026, 9, 30)}, "2026 Q3", True),
    ],
)
def test_a_row_is_expected_or_possible_or_not_there(
    overrides: dict[str, Any], period: str, place: bool | None
) -> None:
    sheet = sheet_of(make_stage(period=period, **overrides))
    assert [row.line.required for row in sheet.rows] == ([] if place is None else [place])


def test_what_was_typed_stays_in_sight_when_it_is_no_longer_expected() -> None:
    stage = make_stage()
    save(report_id=stage.report.pk, by=stage.reporter, typed={stage.series.pk: Typed(value="5")}, version=0)
    stage.site.closed_on = date(2026, 1, 1)
    stage.site.save()
    stage.report.refresh_from_db()
    [row] = sheet_of(stage).rows
    assert (row.line.typed.value, row.line.required) == ("5", False)


# --- what stands in the way ---


def test_an_empty_sheet_asks_for_every_expected_row() -> None:
    stage = make_stage()
    stage.another(**RATIO)
    stage.another(frequency="irregular")
    sheet = sheet_of(stage)
    assert sorted(fields(sheet)) == ["numerator", "value"]
    assert (sheet.filled, sheet.expected) == (0, 2)


def test_a_value_or_an_absence_fills_a_row() -> None:
    stage = make_stage()
    stage.another(**RATIO)
    sheet = sheet_of(stage, "0", Typed(absence="not_yet_available"))
    assert (sheet.complaints, sheet.filled, sheet.expected) == ([], 2, 2)


def test_what_can_not_be_read_fills_nothing() -> None:
    stage = make_stage()
    sheet = sheet_of(stage, Typed(value="many", evidence="javascript:x"))
    assert fields(sheet) == ["value", "evidence"]
    assert sheet.filled == 0


@pytest.mark.parametrize(
    ("additivity", "parts", "total", "complaints"),
    [
        ("exhaustive", ("4", "6"), Decimal(10), []),
        ("exhaustive", ("4", "5"), Decimal(9), ["value"]),
        ("exhaustive", ("4", ""), Decimal(4), ["value"]),
        ("exhaustive", ("10", Typed(absence="no_activity")), Decimal(10), []),
        ("partial", ("4", "5"), Decimal(9), []),
        ("partial", ("4", "7"), Decimal(11), ["value"]),
        ("overlapping", ("9", "9"), None, []),
        ("exhaustive", ("", ""), None, ["value", "value"]),
    ],
)
def test_a_breakdown_adds_up_as_its_dimension_says(
    additivity: str, parts: tuple[str | Typed, ...], total: Decimal | None, complaints: list[str]
) -> None:
    stage = make_stage()
    dimension = make_dimension(additivity=additivity)
    break_down(stage.indicator, dimension)
    for category in dimension.categories.order_by("position"):
        make_series(stage.indicator, stage.site, category)
    sheet = sheet_of(stage, "10", *parts)
    [breakdown] = sheet.rows[0].breakdowns
    assert (breakdown.total, fields(sheet)) == (total, complaints)
    assert [line.series.category.name for line in breakdown.lines if line.series.category] == ["women", "men"]


def test_parts_of_a_whole_without_a_value_have_none() -> None:
    stage = make_stage()
    break_down(stage.indicator, dimension := make_dimension("women"))
    make_series(stage.indicator, stage.site, dimension.categories.get())
    sheet = sheet_of(stage, Typed(absence="withheld"), "3")
    assert [complaint.message for complaint in sheet.complaints] == [
        "The whole has no value, so its parts can't have one."
    ]
    assert sheet_of(stage, Typed(absence="withheld")).complaints == []
    assert sheet_of(stage, Typed(absence="withheld"), Typed(absence="withheld")).complaints == []


def test_of_ratios_the_parts_are_added_up() -> None:
    stage = make_stage(**RATIO)
    break_down(stage.indicator, dimension := make_dimension())
    for category in dimension.categories.order_by("position"):
        make_series(stage.indicator, stage.site, category)
    half = Typed(numerator="1", denominator="5")
    assert sheet_of(stage, Typed(numerator="2", denominator="10"), half, half).complaints == []
    assert fields(sheet_of(stage, Typed(numerator="3", denominator="10"), half, half)) == ["numerator"]


def _plan(stage: Stage, value: str, label: str = "2026 Q3") -> None:
    plan = Plan(stage.indicator.pk, parse_label(label), Typed(value=value), site_id=stage.site.pk)
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="The work plan")


@pytest.mark.parametrize(
    ("value", "asks"), [("89", True), ("90", False), ("110", False), ("111", True), ("", False)]
)
def test_far_off_the_target_asks_why(value: str, asks: bool) -> None:
    stage = make_stage()
    _plan(stage, "100")
    [row] = sheet_of(stage, value).rows
    assert row.needs_explanation is asks
    assert ("explanation" in fields(sheet_of(stage, value))) is asks
    assert "explanation" not in fields(sheet_of(stage, Typed(value=value, explanation="Floods")))


# --- what a value is compared with ---


def test_a_row_has_last_period_last_year_and_the_year_so_far() -> None:
    stage = make_stage()
    for label, value in (("2025 Q3", "5"), ("2026 Q1", "6"), ("2026 Q2", "7")):
        report = make_report(stage.program, stage.site, make_period(label))
        approved(report, {stage.series: value}, stage.reporter, stage.manager)
    [row] = sheet_of(stage, "8").rows
    assert row.so_far
    figures = [row.score.actual.figure, row.last, row.year_before, row.so_far.actual.figure]
    assert [figure.value for figure in figures if figure] == [8, 7, 5, 21]


@pytest.mark.parametrize(("value", "unusual"), [("11", True), ("12", False), ("48", False), ("49", True)])
def test_what_is_unusual_is_flagged(value: str, unusual: bool) -> None:
    stage = make_stage()
    for label in ("2025 Q4", "2026 Q1", "2026 Q2"):
        report = make_report(stage.program, stage.site, make_period(label))
        approved(report, {stage.series: "24"}, stage.reporter, stage.manager)
    other = make_report(stage.program, site := make_site(stage.program), make_period("2026 Q2"))
    approved(other, {make_series(stage.indicator, site): "9000"}, stage.reporter, stage.manager)
    [row] = sheet_of(stage, value).rows
    assert (Flag.UNUSUAL in [one.flag for one in row.flags]) is unusual


def test_evidence_is_asked_for_in_review() -> None:
    stage = make_stage()
    bare, proven = sheet_of(stage, "5"), sheet_of(stage, Typed(value="5", evidence="A report"))
    assert [[one.flag for one in sheet.rows[0].flags] for sheet in (bare, proven)] == [[Flag.NO_EVIDENCE], []]


def test_remarks_stand_beside_their_rows() -> None:
    stage = make_stage()
    assert sheet_of(stage).last_return is None
    stage.submit()
    remarks = {stage.series.pk: "Counted twice?"}
    send_back(report_id=stage.report.pk, by=stage.manager, submission=1, remarks=remarks, reason="See below")
    sheet = sheet_of(stage)
    assert sheet.rows[0].remark == "Counted twice?"
    assert sheet.last_return
    assert (sheet.last_return.reason, sheet.last_return.by) == ("See below", stage.manager)


def test_a_milestone_and_a_period_without_days_have_a_sheet() -> None:
    stage = make_stage(**MILESTONE)
    [row] = sheet_of(stage, Typed(value="yes", day="2026-08")).rows
    assert row.line.figure
    assert row.line.figure.day == "2026-08"
    odd = make_stage(period="2018–2022", frequency="irregular")
    [row] = sheet_of(odd, "5").rows
    assert (row.last, row.year_before, row.so_far) == (None, None, None)


def _queries(rows: int) -> int:
    stage = make_stage()
    for _ in range(rows - 1):
        stage.another()
    report = Report.objects.select_related("program", "site", "period").get(pk=stage.report.pk)
    with CaptureQueriesContext(connection) as queries:
        assert len(load_sheet(report, today=TODAY).rows) == rows
    return len(queries)


def test_fifty_rows_take_no_more_queries_than_five() -> None:
    assert _queries(5) == _queries(50) <= 6
