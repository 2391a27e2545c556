"""The administration of the calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from indicators.models import (
    Period,
    Report,
)
from programs.models import Program
from tests import builders
from tests.admin_pages import address, complaints, form_at, messages_of
from tests.indicators.approved import Approved, make_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Approved:
    return make_approved()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.make_administrator(username="admin"))
    return client


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "quarter", "first_on": "2026-07-01"}, ("2026 Q3", date(2026, 9, 30), date(2026, 10, 15))),
        ({"kind": "year", "first_on": "2026-10-01"}, ("FY2027", date(2027, 9, 30), date(2027, 10, 15))),
        (
            {"kind": "month", "first_on": "2026-02-01", "last_on": "2026-02-28", "due_on": "2026-03-05"},
            ("2026-02", date(2026, 2, 28), date(2026, 3, 5)),
        ),
        (
            {"kind": "life", "first_on": "2018-01-01", "last_on": "2022-12-31"},
            ("2018–2022", date(2022, 12, 31), None),
        ),
        ({"kind": "other", "label": "by publication"}, ("by publication", None, None)),
    ],
)
def test_a_period_is_filled_in_from_its_kind_and_first_day(
    administrator: Client, typed: dict[str, str], expected: tuple[str, date | None, date | None]
) -> None:
    assert administrator.post(address(Period, "add"), typed).status_code == 302
    period = Period.objects.get()
    assert (period.label, period.last_on, period.due_on) == expected


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"kind": "quarter", "first_on": "2026-02-01"}, "first_on", "A quarter begins on the 1st of"),
        ({"kind": "quarter"}, "first_on", "Give the first day."),
        ({"kind": "month", "first_on": "2026-02-01", "last_on": "2026-02-27"}, "last_on", "on 28 Feb 2026"),
        ({"kind": "life", "first_on": "2026-02-01"}, "last_on", "Give the last day."),
        (
            {"kind": "life", "first_on": "2026-02-02", "last_on": "2026-02-01", "label": "x"},
            "__all__",
            "can't end before",
        ),
        ({"kind": "other"}, "label", "Write the label"),
        ({"kind": "month", "first_on": "2026-02-01", "label": "x"}, "label", "of this one is 2026-02."),
        ({"kind": "other", "label": "2018", "due_on": "2026-01-01"}, "__all__", "is never due"),
        ({"kind": "decade", "first_on": "2026-02-01"}, "kind", "Select a valid choice"),
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_refused_beside_its_field(
    administrator: Client, typed: dict[str, str], field: str, said: str
) -> None:
    found = complaints(administrator.post(address(Period, "add"), typed))
    assert said in found[field][0]
    assert not Period.objects.exists()


def test_a_period_stands_once(administrator: Client) -> None:
    builders.make_period("2026 Q3")
    data = {"kind": "quarter", "first_on": "2026-07-01"}
    found = complaints(administrator.post(address(Period, "add"), data))
    assert found == {
        "__all__": ["This period is there already."],
        "label": ["Another period has this label."],
    }


def test_the_due_day_of_a_frozen_period_can_move_and_it_can_be_locked(
    administrator: Client, world: Approved
) -> None:
    url = address(Period, "change", world.report.period_id)
    administrator.post(url, form_at(administrator, url, due_on="2026-11-01", locked="on"))
    period = Period.objects.get(pk=world.report.period_id)
    assert (period.due_on, period.locked) == (date(2026, 11, 1), True)


def test_chosen_periods_are_locked_and_unlocked(administrator: Client) -> None:
    first, second = builders.make_period("2026 Q1"), builders.make_period("2026 Q2")
    for action, locked in (("lock", True), ("unlock", False)):
        data = {"action": action, "_selected_action": [first.pk, second.pk]}
        said = messages_of(administrator.post(address(Period, "changelist"), data, follow=True))
        assert said == [f"2 periods were {action}ed."]
        assert set(Period.objects.values_list("locked", flat=True)) == {locked}


def test_what_is_due_is_opened_once(administrator: Client) -> None:
    builders.make_series(builders.make_indicator(), None)
    site = builders.make_site()
    builders.make_series(builders.make_indicator(site.program), site)
    url = address(Period, "open_due")
    assert "Opened: 2 periods and 2 reports." in messages_of(administrator.post(url, follow=True))
    before = set(Report.objects.values_list("pk", flat=True))
    assert messages_of(administrator.post(url, follow=True)) == [
        "Everything that is due is open already. Nothing was changed."
    ]
    assert set(Report.objects.values_list("pk", flat=True)) == before
    assert administrator.get(url).status_code == 405


def test_what_is_due_is_opened_for_chosen_programs(administrator: Client) -> None:
    site, other = builders.make_site(), builders.make_site()
    builders.make_series(builders.make_indicator(site.program), site)
    builders.make_series(builders.make_indicator(other.program), other)
    data = {"action": "open_reports", "_selected_action": [site.program_id]}
    administrator.post(address(Program, "changelist"), data)
    assert set(Report.objects.values_list("site", flat=True)) == {site.pk}
