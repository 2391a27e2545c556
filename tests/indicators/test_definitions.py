"""What gives figures their meaning stays, once the ledger has any: in the administration and by SQL alike."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from indicators.models import Category, Dimension, Indicator, Period, Series
from programs.models import Program, Site, User
from tests import builders as make
from tests.admin_pages import address, complaints, form_at, messages_of
from tests.indicators.approved import Approved, make_approved
from tests.indicators.stage import insert_entry, make_stage, refused_by, sql

pytestmark = pytest.mark.django_db

# model, field, another value that is right in itself
FROZEN: list[tuple[type, str, Any]] = [
    (Indicator, "code", "OTHER"),
    (Indicator, "measure", "ratio"),
    (Indicator, "unit", "tons"),
    (Indicator, "factor", 100),
    (Indicator, "counted", False),
    (Indicator, "may_exceed", True),
    (Indicator, "accumulation", "stock"),
    (Indicator, "direction", "decrease"),
    (Indicator, "over_sites", "average"),
    (Indicator, "over_time", "maximum"),
    (Indicator, "numerator_over_time", "latest"),
    (Indicator, "denominator_over_time", "latest"),
    (Indicator, "reported_by", "program"),
    (Indicator, "frequency", "month"),
    (Indicator, "calendar", "fiscal"),
    (Program, "code", "OTHER"),
    (Program, "illustrative", True),
    (Site, "code", "OTHER"),
    (Period, "kind", "other"),
    (Period, "first_on", "2026-04-01"),
    (Period, "last_on", "2026-12-31"),
    (Period, "label", "another"),
    (Dimension, "code", "OTHER"),
    (Dimension, "additivity", "overlapping"),
    (User, "username", "somebody-else"),
]
NAMED = [f"{model.__name__.lower()}-{field}" for model, field, _ in FROZEN]


@pytest.fixture
def world() -> Approved:
    return make_approved()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make.make_administrator(username="admin"))
    return client


def row_of(world: Approved, model: type) -> Any:
    """The row of a model that the approved figures rest on."""
    rows: dict[type, Any] = {
        Indicator: world.indicator,
        Program: world.site.program,
        Site: world.site,
        Period: world.report.period,
        Dimension: world.dimension,
        User: world.manager,
    }
    return rows[model]


@pytest.mark.parametrize(("model", "field", "value"), FROZEN, ids=NAMED)
def test_sql_refuses_it(world: Approved, model: Any, field: str, value: Any) -> None:
    with refused_by("meaning_is_frozen"):
        model.objects.filter(pk=row_of(world, model).pk).update(**{field: value})


@pytest.mark.parametrize(("model", "field", "value"), FROZEN, ids=NAMED)
def test_the_page_refuses_it_and_says_why(
    administrator: Client, world: Approved, model: Any, field: str, value: Any
) -> None:
    """The page was opened before there was any figure: its boxes are still sent."""
    row = row_of(world, model)
    url = address(model, "change", row.pk)
    data = form_at(administrator, url)
    stale = {name: getattr(row, name) for name in ("unit", "code", "kind", "username") if hasattr(row, name)}
    for name in ("counted", "may_exceed", "illustrative"):
        if getattr(row, name, False):
            stale[name] = "on"
    sent = data | stale | {field: value}
    response = administrator.post(url, {name: it for name, it in sent.items() if it not in (False, None)})
    assert response.status_code == 200
    assert any("The ledger" in text for text in complaints(response)["__all__"])
    before = getattr(row, field)
    row.refresh_from_db()
    assert getattr(row, field) == before


@pytest.mark.parametrize("model", [Indicator, Program, Site, Period, Dimension, User])
def test_what_is_sent_unchanged_is_no_change(administrator: Client, world: Approved, model: Any) -> None:
    row = row_of(world, model)
    url = address(model, "change", row.pk)
    words = {name: getattr(row, name) for name in ("code", "unit", "label", "username") if hasattr(row, name)}
    counted = {"counted": "on"} if model is Indicator else {}
    assert administrator.post(url, form_at(administrator, url) | words | counted).status_code == 302


@pytest.mark.parametrize("model", [Program, Dimension])
def test_the_code_of_a_part_is_refused_beside_it(administrator: Client, world: Approved, model: Any) -> None:
    row = world.site.program if model is Program else world.dimension
    prefix = "sites-0" if model is Program else "categories-0"
    url = address(model, "change", row.pk)
    response = administrator.post(url, form_at(administrator, url) | {f"{prefix}-code": "OTHER"})
    assert complaints(response)[f"{prefix}-code"] == ["The ledger has figures of it: its code stays."]


@pytest.mark.parametrize("model", [Indicator, Program, Site, Period, Dimension])
def test_nothing_is_deleted_in_bulk(administrator: Client, world: Approved, model: Any) -> None:
    row = row_of(world, model)
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(address(model, "changelist"), sent)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Indicator, Program, Site, Period, Dimension, Category, Series, User])
def test_nothing_is_deleted_by_sql(world: Approved, model: Any) -> None:
    row: Any
    if model is Category:
        row = world.dimension.categories.all()[0]
    else:
        row = world.series if model is Series else row_of(world, model)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk)


def test_no_list_is_edited_in_place() -> None:
    from django.contrib import admin

    assert [one for one in admin.site._registry.values() if one.list_editable] == []


def test_history_is_not_brought_back_over_figures() -> None:
    stage = make_stage()
    Indicator.objects.filter(pk=stage.indicator.pk).update(unit="families")
    first: Any = stage.indicator.events.order_by("pgh_id").first()  # type: ignore[attr-defined]  # pghistory's
    assert first.unit == "people"
    insert_entry(stage)
    with refused_by("meaning_is_frozen"):
        first.revert()


# --- a category keeps its meaning ------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "corrected"),
    [
        ("women", "Women", True),
        ("wemen", "women", True),
        ("Huanuco", "Huánuco", True),
        ("Women under 18", "Women, under 18", True),
        ("women", "robbery", False),
        ("women", "children", False),
        ("under 18", "under 19", False),
        ("12 to 17", "18 to 17", False),
        ("men", "women", False),
        ("man", "men", False),  # another category has this name
    ],
)
def test_spelling_is_corrected_and_no_more(before: str, after: str, corrected: bool) -> None:
    stage = make_stage()
    dimension = make.make_dimension(before, "men" if before != "men" else "women")
    make.break_down(stage.indicator, dimension)
    category = dimension.categories.get(name=before)
    part = make.make_series(stage.indicator, stage.site, category)
    insert_entry(stage, series_id=part.pk, value=1)
    rename = Category.objects.filter(pk=category.pk)
    if corrected:
        assert rename.update(name=after) == 1
        return
    with refused_by("category_is_not_repurposed"):
        rename.update(name=after)


def test_a_category_without_figures_is_named_at_will() -> None:
    category = make.make_dimension("women").categories.get()
    assert Category.objects.filter(pk=category.pk).update(name="robbery") == 1


def test_the_page_says_why_a_category_keeps_its_name(administrator: Client, world: Approved) -> None:
    url = address(Dimension, "change", world.dimension.pk)
    response = administrator.post(url, form_at(administrator, url) | {"categories-0-name": "robbery"})
    assert "its spelling can be corrected" in complaints(response)["__all__"][0]


def test_a_closing_before_figures_is_refused_beside_it(administrator: Client, world: Approved) -> None:
    url = address(Indicator, "change", world.indicator.pk)
    response = administrator.post(url, form_at(administrator, url) | {"closed_on": "2026-06-30"})
    assert complaints(response)["closed_on"][0].startswith("There are figures of periods after that day.")
    response = administrator.post(url, form_at(administrator, url) | {"closed_on": "2026-12-31"}, follow=True)
    assert "was changed successfully" in messages_of(response)[0]


# --- while figures are under way ------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE indicators_indicator SET unit = 'tons'",
        "UPDATE indicators_indicator SET closed_on = '2020-01-01'",
        "UPDATE programs_program SET illustrative = true",
        "UPDATE indicators_period SET kind = 'other', due_on = NULL",
        "DELETE FROM indicators_breakdown",
    ],
)
def test_a_definition_waits_for_the_entry_that_is_being_made(change: str) -> None:
    """Neither sees what the other has not committed: without waiting, both would go through."""
    stage = make_stage()
    make.break_down(stage.indicator, make.make_dimension())
    with psycopg.connect(**_connection()) as other, transaction.atomic():
        insert_entry(stage)
        other.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(change)


@pytest.mark.django_db(transaction=True)
def test_an_entry_waits_for_the_definition_that_is_being_changed() -> None:
    stage = make_stage()
    with psycopg.connect(**_connection()) as other:
        other.execute("UPDATE indicators_indicator SET unit = 'tons'")
        with refused_for_lock(), transaction.atomic():
            sql("SET LOCAL lock_timeout = '200ms'")
            insert_entry(stage)


def refused_for_lock() -> Any:
    return pytest.raises(Exception, match="lock timeout")


def _connection() -> dict[str, Any]:
    kept = ("dbname", "user", "password", "host", "port")
    return {name: it for name, it in connection.get_connection_params().items() if name in kept}
