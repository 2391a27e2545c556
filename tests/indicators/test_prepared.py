"""What is put together once finds what the same query finds that is made anew for each value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Q

from indicators.ledger import REPORTS
from indicators.models import Report
from indicators.prepared import SOME_DAY, SOMEBODY, Prepared
from indicators.work import Awaiting, load_awaiting
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk

pytestmark = pytest.mark.django_db
DUE_ON = date(2026, 10, 15)
AFTER = DUE_ON + timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def anew(user: User, today: date) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in Report.objects.awaiting(user, today)]


@pytest.mark.parametrize("today", [date(2026, 9, 30), DUE_ON, AFTER])
def test_it_finds_the_same_as_a_query_made_for_the_person_and_the_day(desk: Desk, today: date) -> None:
    prepared = Prepared(
        lambda: Report.objects.awaiting(User(pk=SOMEBODY), SOME_DAY), user=SOMEBODY, today=SOME_DAY
    )
    for user in (desk.reporter, desk.manager, make.make_user()):
        assert prepared.rows(user=user.pk, today=today) == anew(user, today)


def test_what_waits_is_counted_for_each_person_and_day(desk: Desk) -> None:
    assert load_awaiting(desk.reporter, AFTER) == Awaiting(total=1, overdue=1)
    assert load_awaiting(desk.reporter, DUE_ON) == Awaiting(total=1)
    assert load_awaiting(desk.manager, AFTER) == Awaiting(overdue_elsewhere=1)
    assert load_awaiting(make.make_user(), AFTER) == Awaiting()


def test_the_reports_of_any_number_of_programs_are_found(desk: Desk) -> None:
    series = make.make_series()
    other = make.make_report(series.program)
    both = [desk.program.pk, other.program.pk]
    assert {row[0] for row in REPORTS.rows(programs=both)} == {desk.report.pk, other.pk}
    assert {row[0] for row in REPORTS.rows(programs=both[:1])} == {desk.report.pk}
    assert REPORTS.rows(programs=[]) == []


def test_a_stand_in_that_the_query_has_no_value_for_is_refused() -> None:
    prepared = Prepared(lambda: Report.objects.filter(Q(pk=SOMEBODY)), user=SOMEBODY, today=SOME_DAY)
    with pytest.raises(ValueError, match="no value for today"):
        prepared.rows(user=1, today=AFTER)
