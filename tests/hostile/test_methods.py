"""Every address, by every role and method, with own and foreign objects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, reverse

from tests.hostile.ground import STATES, Ground, Side, seen_in, walked
from tests.hostile.pages import text_of
from tests.hostile.tables import unchanged
from tests.hostile.tried import TRIED
from tests.test_addresses import METHOD, MISSING, ROLES, RULES, SIGN_IN, got

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OWN_METHODS = {"sign-in", "sign-out", "set_language"}  # of views that answer other methods in their own way
ENDS = {"sign-out"}  # its POST would end the walk
OBJECTS = {"pk", "code", "indicator_code", "evidence"}


def expected(pattern: URLPattern, role: str, method: str) -> object:
    """What the table of addresses declares; a method that it does not name is not allowed."""
    rule, at = RULES[str(pattern.name)], ROLES.index(role)
    if method in ("GET", "HEAD", "POST"):
        return rule.post[at] if method == "POST" else rule.get[at]
    return SIGN_IN if rule.get[at] == SIGN_IN else METHOD


def foreign(ground: Ground) -> Iterator[tuple[URLPattern, str]]:
    """Every address of what is in the other program, and where it has several parts with one of them only."""
    for pattern in walked():
        parts = OBJECTS.intersection(pattern.pattern.converters)
        states = STATES.values() if "pk" in parts else ("draft",)
        for state in states if parts else ():
            theirs = ground.theirs.arguments(pattern, state)
            own = ground.ours.arguments(pattern, state)
            yield pattern, reverse(str(pattern.name), kwargs=theirs)
            for part in parts if len(parts) > 1 else ():
                yield pattern, reverse(str(pattern.name), kwargs={**own, part: theirs[part]})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
def test_own_objects_answer_as_declared(ground: Ground, role: str, method: str) -> None:
    client = ground.client(role)
    with unchanged(role, method):
        for pattern in walked():
            if pattern.name in ENDS and method == "POST":
                continue
            address = ground.ours.address(pattern)
            response = client.generic(method, address)
            answer = got(response)
            if pattern.name not in OWN_METHODS:
                assert (method, address, answer) == (method, address, expected(pattern, role, method))
            assert (method, address, answer != 500) == (method, address, True)
            assert (address, seen_in(text_of(response), role)) == (address, [])
            TRIED["requests to own objects (addresses × roles × methods)"] += 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_foreign_objects_are_not_there(ground: Ground, role: str, method: str) -> None:
    client = ground.client(role)
    may: set[object] = {SIGN_IN} if role == "anonymous" else {MISSING, METHOD}
    with unchanged(role, method):
        for pattern, address in foreign(ground):
            response = client.generic(method, address, headers={"HX-Request": "true"})
            answer = got(response)
            assert (method, address, answer in may) == (method, address, True)
            if expected(pattern, "manager", method) != METHOD and role != "anonymous":
                assert (method, address, answer) == (method, address, MISSING)
            assert (address, seen_in(text_of(response), role)) == (address, [])
            TRIED["requests to foreign objects"] += 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_report_of_the_other_site_is_not_there(ground: Ground, method: str) -> None:
    beside = ground.ours.beside
    assert beside is not None
    client = ground.client("reporter")
    for pattern in walked():
        if str(pattern.name).startswith("report-") and "pk" in pattern.pattern.converters:
            address = reverse(str(pattern.name), args=[beside.pk])
            answer = got(client.generic(method, address))
            assert (address, answer) == (address, answer if answer == METHOD else MISSING)


@pytest.mark.parametrize("role", ROLES)
def test_asking_changes_nothing(ground: Ground, role: str) -> None:
    """Whatever the state of the report, and whoever's it is."""
    client = ground.client(role)
    sides: tuple[Side, ...] = (ground.ours, ground.theirs)
    with unchanged(role):
        for pattern in walked():
            for side in sides if OBJECTS.intersection(pattern.pattern.converters) else sides[:1]:
                for state in STATES.values() if "pk" in pattern.pattern.converters else ("draft",):
                    address = side.address(pattern, state)
                    response = client.get(address)
                    assert (address, response.status_code != 500) == (address, True)
                    assert (address, seen_in(text_of(response), role)) == (address, [])
                    TRIED["pages asked for in every state"] += 1
