"""A draft that asks for nothing any more waits for nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import reopen, save, succeed
from indicators.ledger import load_books
from indicators.models import Indicator, Report
from indicators.rows import Typed
from indicators.work import load_awaiting, load_work
from monitoring.reports import tally
from programs.models import Site
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
CLOSED_ON = date(2026, 6, 30)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def close_all(desk: Desk) -> None:
    Indicator.objects.filter(program=desk.program).update(closed_on=CLOSED_ON)


def waiting(desk: Desk) -> tuple[object, ...]:
    """How much waits: for its reporter and for the manager, by list and in the counts, and what is late."""
    work, managed = load_work(desk.reporter, TODAY), load_work(desk.manager, TODAY)
    (counts,) = managed.programs or [{"draft": 0, "overdue": 0}]
    waits = load_awaiting(desk.reporter, TODAY).total
    late = Report.objects.filter(program=desk.program).late(TODAY).count()
    listed = len(work.overdue), len(managed.late_in_programs)
    return (*listed, counts["draft"], counts["overdue"], waits, late)


def test_a_draft_whose_indicators_were_closed_waits_for_nobody(desk: Desk) -> None:
    assert waiting(desk) == (1, 1, 1, 1, 1, 1)
    close_all(desk)
    assert waiting(desk) == (0, 0, 0, 0, 0, 0)
    client = signed_in(desk.reporter)
    assert "Nothing waits for you." in page_of(client.get("/my-work/"))
    assert desk.url() not in page_of(client.get("/reports/"))
    assert "it waits for nobody" in page_of(client.get(desk.url()))


def test_nor_does_it_count_in_what_pages_and_tallies_read(desk: Desk) -> None:
    def overdue() -> tuple[int, int]:
        found = tally(load_books([desk.program], today=TODAY)[desk.program.pk].reports, TODAY)
        return found.all, found.overdue

    assert overdue() == (1, 1)
    close_all(desk)
    assert overdue() == (0, 0)


def test_one_that_is_expected_again_waits_again(desk: Desk) -> None:
    close_all(desk)
    Indicator.objects.filter(program=desk.program, code="A").update(closed_on=None)
    assert waiting(desk) == (1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize("closed", ["site", "program"])
def test_so_does_that_of_a_closed_site_or_program(desk: Desk, closed: str) -> None:
    if closed == "site":
        Site.objects.filter(pk=desk.site.pk).update(closed_on=CLOSED_ON)
    else:
        desk.program.ends_on = CLOSED_ON
        desk.program.save()
    assert waiting(desk) == (0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("typed", [Typed(value="12"), Typed(value="a dozen"), Typed(explanation="Floods")])
def test_what_was_typed_goes_on_waiting(desk: Desk, typed: Typed) -> None:
    save(report_id=desk.report.pk, by=desk.reporter, typed={desk.counted.pk: typed}, version=0)
    Site.objects.filter(pk=desk.site.pk).update(closed_on=CLOSED_ON)
    assert waiting(desk) == (1, 1, 1, 1, 1, 1)
    save(report_id=desk.report.pk, by=desk.reporter, typed={desk.counted.pk: Typed()}, version=1)
    assert waiting(desk) == (0, 0, 0, 0, 0, 0)


def test_what_came_back_goes_on_waiting(desk: Desk) -> None:
    desk.approved()
    reopen(report_id=desk.report.pk, by=desk.manager, reason="counted twice")
    Site.objects.filter(pk=desk.site.pk).update(closed_on=CLOSED_ON)
    assert len(load_work(desk.reporter, TODAY).returned) == 1


@pytest.mark.parametrize(
    ("label", "meaning", "waits"),
    [
        ("2026 Q3", {"frequency": "irregular"}, True),
        ("2026 Q3", {"frequency": "month", "over_time": "none"}, True),
        ("2026 Q3", {"frequency": "month"}, False),
        ("2026 Q3", {"frequency": "year", "over_time": "none"}, False),
        ("2026 H1", {"frequency": "quarter", "over_time": "none"}, True),
        ("2025", {"frequency": "half", "over_time": "none"}, True),
        ("2025", {"frequency": "year", "calendar": "fiscal"}, False),
    ],
)
def test_what_may_be_given_waits_too(label: str, meaning: dict[str, Any], waits: bool) -> None:
    program, reporter = make.make_program(), make.make_user()
    site = make.make_site(program)
    make.assign(reporter, program, "reporter", site)
    make.make_series(make.make_indicator(program, **meaning), site)
    make.make_report(program, site, make.make_period(label))
    work = load_work(reporter, TODAY)
    assert len([*work.overdue, *work.due]) == waits


def test_a_successor_that_is_reported_less_often_leaves_no_draft_behind(desk: Desk) -> None:
    desk.report.delete()
    Indicator.objects.filter(program=desk.program).exclude(code="A").update(closed_on=date(2025, 12, 31))
    for label in ("2026 Q2", "2026 Q3", "2026 Q4"):
        make.make_report(desk.program, desk.site, make.make_period(label))
    succeed(
        indicator_id=desk.counted.indicator_id,
        by=make.make_administrator(),
        closed_on=CLOSED_ON,
        changes={"code": "A2", "frequency": "half"},
        reason="Twice a year is enough",
        today=TODAY,
    )
    work = load_work(desk.reporter, TODAY)
    labels = {task.report.period.label for _, tasks, *_ in work.sections for task in tasks}
    assert labels == {"2026 Q2", "2026 H2"}


def test_the_lists_take_no_more_queries_for_more_of_them(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            load_work(desk.reporter, TODAY)
        return len(found)

    one = queries()
    for label in ("2025 Q4", "2026 Q1"):
        make.make_report(desk.program, desk.site, make.make_period(label))
    assert queries() == one
