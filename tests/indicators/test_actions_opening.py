"""Laying series, opening periods and reports."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import periods
from indicators.actions import Refused, lay_series, open_period, open_periods, open_report
from indicators.models import Indicator, Period, Report, Series
from indicators.periods import Kind, Span, parse_label
from programs.models import Program
from tests.builders import break_down, make_dimension, make_indicator, make_period, make_program, make_site

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def keys(indicator: Indicator) -> set[tuple[str | None, str | None]]:
    """The series of an indicator by the names of their sites and categories."""
    return set(Series.objects.filter(indicator=indicator).values_list("site__name", "category__name"))


# --- series ---


def test_series_are_laid_for_every_site_and_category_once() -> None:
    program = make_program()
    make_site(program, name="A")
    make_site(program, name="B")
    make_site(name="elsewhere")
    indicator, dimension = make_indicator(program), make_dimension("women", "men")
    break_down(indicator, dimension)
    dimension.categories.filter(name="men").update(retired_on=date(2025, 1, 1))
    assert lay_series(indicators=[indicator]) == 4
    assert keys(indicator) == {(site, part) for site in ("A", "B") for part in (None, "women")}
    assert lay_series(indicators=[indicator]) == 0


def test_what_the_program_reports_has_one_series() -> None:
    indicator = make_indicator(reported_by="program")
    make_site(indicator.program)
    assert lay_series(indicators=[indicator]) == 1
    assert keys(indicator) == {(None, None)}


def test_series_of_some_sites_and_of_several_programs() -> None:
    one, two = make_indicator(), make_indicator()
    first, other = make_site(one.program, name="A"), make_site(two.program, name="C")
    make_site(one.program)
    assert lay_series(indicators=[one, two], sites=[first, other]) == 2
    assert (keys(one), keys(two)) == ({("A", None)}, {("C", None)})


# --- periods ---


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("2026-09", "2026-10-15"),
        ("2026 Q4", "2027-01-15"),
        ("FY2027 H1", "2027-04-15"),
        ("FY2027", "2027-10-15"),
        ("2018–2022", None),
    ],
)
def test_a_period_is_made_once_with_its_due_day(label: str, due: str | None) -> None:
    period = make_period(label)
    assert make_period(label) == period
    assert (period.due_on.isoformat() if period.due_on else None) == due
    assert period.span == parse_label(label)


def test_a_period_may_be_due_on_another_day_and_keeps_it() -> None:
    span = parse_label("2026 Q3")
    assert open_period(span=span, due_on=date(2026, 11, 1)).due_on == date(2026, 11, 1)
    assert open_period(span=span, due_on=date(2026, 12, 1)).due_on == date(2026, 11, 1)


def test_a_published_period_is_known_by_its_label_and_never_due() -> None:
    by_publication = open_period(span=periods.other("by publication"), due_on=TODAY)
    assert (by_publication.first_on, by_publication.last_on, by_publication.due_on) == (None, None, None)
    assert open_period(span=periods.other("by publication")) == by_publication


UNFIT = [
    Span(Kind.QUARTER, date(2026, 2, 1), date(2026, 4, 30), "2026 Q1"),
    Span(Kind.YEAR, None, None, "2026"),
    Span(Kind.OTHER, date(2026, 2, 1), date(2026, 1, 1), "back"),
    Span(Kind.QUARTER, date(2026, 7, 1), date(2026, 9, 30), "the third"),
    parse_label("2018–…"),
    periods.other(" "),
    periods.other("x" * 81),
    periods.other("a\x00"),
    periods.other("2026 Q2"),
]


@pytest.mark.parametrize("span", UNFIT)
def test_a_period_that_is_none_is_refused(span: Span) -> None:
    make_period("2026 Q2")
    with pytest.raises(Refused):
        open_period(span=span)
    assert Period.objects.count() == 1


def test_a_report_is_opened_once() -> None:
    site, period = make_site(), make_period()
    for site_id in (site.pk, None):
        one = open_report(program_id=site.program_id, site_id=site_id, period=period)
        assert open_report(program_id=site.program_id, site_id=site_id, period=period) == one
        assert (one.state, one.submission) == ("draft", 0)
    assert Report.objects.count() == 2


# --- what is due ---


def due(program: Program) -> set[tuple[str | None, str]]:
    """The reports of a program by the name of their site and the label of their period."""
    return set(Report.objects.filter(program=program).values_list("site__name", "period__label"))


def running(**overrides: Any) -> Program:
    """A program of one site with one quarterly indicator."""
    of_site = {
        key.removeprefix("site_"): overrides.pop(key) for key in list(overrides) if key.startswith("site_")
    }
    of_program = {key: overrides.pop(key) for key in list(overrides) if key in ("starts_on", "ends_on")}
    site = make_site(make_program(**of_program), name="A", **of_site)
    lay_series(indicators=[make_indicator(site.program, **overrides)])
    return site.program


def test_the_running_period_and_the_one_before_are_opened_twice_the_same() -> None:
    program = running()
    first = open_periods(today=TODAY)
    assert (first.periods, first.reports) == (2, 2)
    assert due(program) == {("A", "2026 Q3"), ("A", "2026 Q4")}
    Report.objects.update(version=3)
    again = open_periods(today=TODAY)
    assert (again.periods, again.reports) == (0, 0)
    assert set(Report.objects.values_list("version", flat=True)) == {3}


@pytest.mark.parametrize(
    ("overrides", "labels"),
    [
        ({"frequency": "month"}, {"2026-10", "2026-11"}),
        ({"frequency": "half"}, {"2026 H1", "2026 H2"}),
        ({"frequency": "half", "calendar": "fiscal"}, {"FY2026 H2", "FY2027 H1"}),
        ({"frequency": "year"}, {"2025", "2026"}),
        ({"frequency": "year", "calendar": "fiscal"}, {"FY2026", "FY2027"}),
        ({"frequency": "irregular"}, set()),
        ({"site_opened_on": date(2026, 10, 1)}, {"2026 Q4"}),
        ({"site_closed_on": date(2026, 9, 30)}, {"2026 Q3"}),
        ({"starts_on": date(2026, 12, 31)}, {"2026 Q4"}),
        ({"starts_on": date(2027, 1, 1)}, set()),
        ({"ends_on": date(2026, 7, 1)}, {"2026 Q3"}),
    ],
)
def test_only_what_is_expected_is_opened(overrides: dict[str, Any], labels: set[str]) -> None:
    program = running(**overrides)
    open_periods(today=TODAY)
    assert due(program) == {("A", label) for label in labels}


def test_days_of_indicator_and_series_limit_what_is_expected() -> None:
    program = running()
    Indicator.objects.update(closed_on=date(2026, 9, 30))
    Series.objects.update(from_on=date(2026, 9, 30))
    open_periods(today=TODAY)
    assert due(program) == {("A", "2026 Q3")}


def test_what_the_program_reports_is_its_own() -> None:
    site = make_site()
    lay_series(indicators=[make_indicator(site.program, reported_by="program")])
    open_periods(today=TODAY)
    assert due(site.program) == {(None, "2026 Q3"), (None, "2026 Q4")}


def test_a_target_s_series_makes_no_report() -> None:
    indicator = make_indicator()
    Series.objects.create(program_id=indicator.program_id, indicator=indicator)
    open_periods(today=TODAY)
    assert due(indicator.program) == set()


def test_locked_and_odd_periods_get_no_reports() -> None:
    program = running()
    make_period("2026 Q2")
    Period.objects.update(locked=True)
    open_period(span=periods.other("2002 to 2013", date(2002, 1, 1), date(2013, 12, 31)))
    make_period("2018–2026")
    make_period("2027 Q1")
    open_periods(today=TODAY)
    assert due(program) == {("A", "2026 Q3"), ("A", "2026 Q4")}


def test_earlier_periods_that_are_there_are_filled() -> None:
    program = running()
    make_period("2026 Q1")
    open_periods(today=TODAY)
    assert due(program) == {("A", f"2026 Q{n}") for n in (1, 3, 4)}


def test_one_program_alone() -> None:
    one, other = running(), running()
    open_periods(today=TODAY, program_ids=[one.pk])
    assert (len(due(one)), due(other)) == (2, set())


def _queries(sites: int) -> int:
    program = make_program()
    for _ in range(sites):
        make_site(program)
    lay_series(indicators=[make_indicator(program) for _ in range(3)])
    make_period("2026 Q3")
    make_period("2026 Q4")
    with CaptureQueriesContext(connection) as queries:
        open_periods(today=TODAY, program_ids=[program.pk])
    assert len(due(program)) == 2 * sites
    return len(queries)


def test_twenty_sites_take_no_more_queries_than_one() -> None:
    assert _queries(1) == _queries(20) <= 25
