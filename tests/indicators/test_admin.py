"""What all pages of the administration have in common, and what the ledger freezes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.admin.ledger import plain
from indicators.models import (
    Category,
    Dimension,
    Entry,
    Evidence,
    Indicator,
    Objective,
    Period,
    Report,
    Result,
    Series,
    Step,
)
from programs.models import Assignment, Organization, Place, Program, Site, User
from tests import builders
from tests.admin_pages import address, complaints, form_at
from tests.indicators.approved import Approved, make_approved

pytestmark = pytest.mark.django_db

READ_ONLY = (Entry, Report, Step, Evidence)
NOT_ADDED = (*READ_ONLY, Series)
EVERY = (
    Program,
    Site,
    Place,
    Organization,
    Objective,
    Indicator,
    Dimension,
    Period,
    User,
    Assignment,
    *NOT_ADDED,
)


@pytest.fixture
def world() -> Approved:
    return make_approved()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.make_administrator(username="admin"))
    return client


def last(model: type[Model]) -> Any:
    found = model._default_manager.order_by("pk").last()
    assert found is not None
    return found


# --- every page ------------------------------------------------------------


def test_every_model_of_the_administration_is_tried_below() -> None:
    assert set(admin.site._registry) == set(EVERY)


def pages(model: type[Model]) -> list[str]:
    every = [address(model, "changelist"), address(model, "change", last(model).pk)]
    return every if model in NOT_ADDED else [*every, address(model, "add")]


@pytest.mark.parametrize("model", EVERY)
def test_every_page_is_there_for_an_administrator(
    administrator: Client, world: Approved, model: type[Model]
) -> None:
    for page in pages(model):
        assert administrator.get(page).status_code == 200, page
    assert administrator.get(address(model, "changelist"), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("who", ["manager", "reporter", "viewer", "anonymous"])
def test_no_page_is_there_for_anybody_else(client: Client, world: Approved, who: str) -> None:
    if who == "viewer":
        builders.assign(viewer := builders.make_user(), world.site.program, "viewer")
        client.force_login(viewer)
    elif who != "anonymous":
        client.force_login(getattr(world, who))
    for model in EVERY:
        for page in pages(model):
            response = client.get(page, follow=True)
            if who == "anonymous":
                assert response.redirect_chain[-1][0].startswith("/sign-in/")
            else:
                assert response.status_code == 404, page


@pytest.mark.parametrize("model", EVERY)
def test_a_list_asks_the_same_of_the_database_however_long_it_is(
    administrator: Client, world: Approved, model: type[Model]
) -> None:
    few = queries_of_list(administrator, model)
    make_approved(1)
    make_approved(2)
    assert queries_of_list(administrator, model) == few
    assert few <= 12


def queries_of_list(client: Client, model: type[Model]) -> int:
    url = address(model, "changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


@pytest.mark.parametrize("model", READ_ONLY)
def test_the_ledger_is_only_looked_at(administrator: Client, world: Approved, model: type[Model]) -> None:
    row = last(model)
    count = model._default_manager.count()
    assert administrator.get(address(model, "add")).status_code == 403
    assert administrator.post(address(model, "add"), {}).status_code == 403
    assert administrator.post(address(model, "change", row.pk), {"text": "x"}).status_code == 403
    assert administrator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(address(model, "changelist"), data)
    assert model._default_manager.count() == count
    page = administrator.get(address(model, "changelist")).content.decode()
    assert "delete_selected" not in page
    assert administrator.get(address(model, "history", row.pk))["Location"] == address(
        model, "change", row.pk
    )


def test_a_report_shows_its_steps_and_what_was_typed(administrator: Client, world: Approved) -> None:
    page = administrator.get(address(Report, "change", world.report.pk)).content.decode()
    assert "counted twice" in page
    assert f"{world.indicator} · women" in page
    assert "Register, page 12" in page
    step = Step.objects.get(kind="returned")
    assert "Really?" in administrator.get(address(Step, "change", step.pk)).content.decode()


def test_an_entry_shows_its_figure_and_its_hash(administrator: Client, world: Approved) -> None:
    entry = world.series.entries.get()
    page = administrator.get(address(Entry, "change", entry.pk)).content.decode()
    assert bytes(entry.hash or b"").hex() in page
    assert str(world.indicator) in page


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (Entry(value=Decimal("1926.50")), "1,926.50"),
        (Entry(numerator=Decimal(812), denominator=Decimal(1090)), "812 / 1,090"),
        (Entry(value=Decimal(1), day="2018-03"), "2018-03"),
        (Entry(absence="withheld"), "withheld"),
        (Result(), "–"),
    ],
)
def test_a_figure_stands_as_it_was_given(row: Entry | Result, shown: str) -> None:
    assert plain(row) == shown


# --- frozen definitions ------------------------------------------------------------


def test_what_gives_figures_their_meaning_is_frozen(administrator: Client, world: Approved) -> None:
    url = address(Indicator, "change", world.indicator.pk)
    response = administrator.get(url)
    page = response.content.decode()
    assert "what gives them their meaning can&#x27;t be changed" in page
    assert address(Indicator, "successor", world.indicator.pk) in page
    fields = set(response.context["adminform"].form.fields)
    assert "name" in fields
    assert fields.isdisjoint({"code", "unit", "direction", "measure", "reported_by", "program"})
    administrator.post(url, form_at(administrator, url, name="A better name"))
    world.indicator.refresh_from_db()
    assert (world.indicator.unit, world.indicator.name) == ("people", "A better name")


def test_an_indicator_without_figures_is_not_frozen(administrator: Client) -> None:
    indicator = builders.make_indicator()
    url = address(Indicator, "change", indicator.pk)
    administrator.post(url, form_at(administrator, url, unit="hectares"))
    indicator.refresh_from_db()
    assert indicator.unit == "hectares"


@pytest.mark.parametrize("who", ["site", "dimension", "program", "period", "user"])
def test_every_frozen_definition_says_why(administrator: Client, world: Approved, who: str) -> None:
    obj = {
        "site": world.site,
        "dimension": world.dimension,
        "program": world.site.program,
        "period": world.report.period,
        "user": world.manager,
    }[who]
    response = administrator.get(address(type(obj), "change", obj.pk))
    assert "The ledger" in response.content.decode()
    field = {"period": "label", "user": "username"}.get(who, "code")
    assert field not in response.context["adminform"].form.fields


def test_a_trigger_that_refuses_is_a_message_not_an_error(
    administrator: Client, world: Approved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first figure was approved between the page and its answer."""
    url = address(Indicator, "change", world.indicator.pk)
    monkeypatch.setattr("indicators.admin.measurement._has_entries", lambda indicator: False)
    data = form_at(administrator, url, unit="hectares", name="Typed")
    response = administrator.post(url, data)
    assert response.status_code == 200
    assert "Close it and open its successor instead." in complaints(response)["__all__"][0]
    assert response.context["adminform"].form["name"].value() == "Typed"
    world.indicator.refresh_from_db()
    assert world.indicator.unit == "people"


def test_codes_in_the_ledger_stay_and_others_may_change(administrator: Client, world: Approved) -> None:
    Category.objects.create(dimension=world.dimension, code="new", name="not known", position=9)
    url = address(Dimension, "change", world.dimension.pk)
    data = form_at(administrator, url)
    new = next(name for name, value in data.items() if value == "new")
    women = next(name for name, value in data.items() if value == "women")
    response = administrator.post(url, data | {new: "changed", women: "Women"})
    assert response.status_code == 302
    assert list(world.dimension.categories.values_list("code", flat=True))[2] == "changed"
    assert [it.name for it in world.dimension.categories.all()] == ["Women", "men", "not known"]


# --- links and history ------------------------------------------------------------


def test_targets_are_set_on_their_own_page(administrator: Client, world: Approved) -> None:
    for obj in (world.indicator, world.site.program):
        page = administrator.get(address(type(obj), "change", obj.pk)).content.decode()
        assert f"/programs/{world.site.program.code}/targets/" in page


@pytest.mark.parametrize("model", [Indicator, Objective, Dimension, Period, Series, Program])
def test_history_of_every_definition(administrator: Client, world: Approved, model: Any) -> None:
    page = administrator.get(address(model, "history", last(model).pk))
    assert page.status_code == 200
    assert page.context["page"].paginator.count >= 1


def test_history_of_an_indicator_has_its_breakdowns_and_series(
    administrator: Client, world: Approved
) -> None:
    url = address(Indicator, "change", world.indicator.pk)
    administrator.post(url, form_at(administrator, url, name="A better name", closed_on="2026-12-31"))
    events = administrator.get(address(Indicator, "history", world.indicator.pk)).context["page"].object_list
    changed = next(event for event in events if event.done == "changed")
    assert changed.who == "admin"
    assert [(one.field, one.before, one.after) for one in changed.changes] == [
        ("Name", world.indicator.name, "A better name"),
        ("Closed on", "–", "31 Dec 2026"),
    ]
    kinds = {event.what.split()[0] for event in events if event.what}
    assert kinds == {"Breakdown", "Series"}
