"""Every address of the administration, by every role and method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.hostile.ground import Ground, seen_in
from tests.hostile.pages import text_of
from tests.hostile.tables import unchanged
from tests.hostile.tried import TRIED
from tests.test_addresses import ROLES, patterns

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SEARCH = "?app_label=programs&model_name=site&field_name=program&term=Zorro"
ENDS = {"logout"}
# buttons without any box, whose press is all that they ask for; and a form whose one box may be empty
ENOUGH = {
    "indicators_period_open_due",
    "programs_user_invite",
    "programs_user_reset",
    "indicators_period_change",
}


def first_of(name: str) -> Model | None:
    """An object of the model that an address is named after."""
    for model in admin.site._registry:
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return model._base_manager.order_by("pk").last()
    return None


def addresses() -> Iterator[tuple[str, str]]:
    """Every named address of the administration, of an object that is there."""
    for namespace, pattern in patterns(get_resolver()):
        if namespace != "admin" or pattern.name is None or pattern.name in ENDS:
            continue
        found = first_of(pattern.name)
        known: dict[str, Any] = {"object_id": found.pk if found else 0, "app_label": "programs", "url": "zzz"}
        known["content_type_id"] = ContentType.objects.get(app_label="programs", model="program").pk
        try:
            address = reverse(
                f"admin:{pattern.name}",
                kwargs={name: known.get(name, 0) for name in pattern.pattern.converters},
            )
        except NoReverseMatch:  # an address that is written as a regular expression
            address = reverse(f"admin:{pattern.name}", args=["programs"])
        yield pattern.name, address + (SEARCH if pattern.name == "autocomplete" else "")


ASKED = [(role, method) for role in ("anonymous", "manager") for method in METHODS]
ASKED += [(role, method) for role in ROLES[1:-2] for method in ("GET", "POST")]


@pytest.mark.parametrize(("role", "method"), ASKED)
def test_nobody_else_is_let_in(ground: Ground, role: str, method: str) -> None:
    client = ground.client(role)
    with unchanged(role, method):
        for _, address in addresses():
            response = client.generic(method, address)
            at = (method, address, response.status_code)
            assert (at, response.status_code in (302, 404, 405)) == (at, True)
            assert (at, seen_in(text_of(response), role)) == (at, [])
            if response.status_code == 302:
                leads = response["Location"]
                assert (at, leads.startswith(("/admin/login/", "/sign-in/", "/admin/"))) == (at, True)
            TRIED["requests to the administration (addresses × roles × methods)"] += 1


@pytest.mark.parametrize("method", METHODS)
def test_an_administrator_changes_nothing_by_asking(ground: Ground, method: str) -> None:
    client = ground.client("administrator")
    with transaction.atomic():
        for name, address in list(addresses()):
            if method == "POST" and name in ENOUGH:
                continue
            with unchanged(method, address, but="django_admin_log"):  # a form saved as it is
                response = client.generic(method, address)
            at = (method, address, response.status_code)
            assert (at, response.status_code in (200, 302, 403, 404, 405)) == (at, True)
            TRIED["requests to the administration (addresses × roles × methods)"] += 1
        transaction.set_rollback(True)
