"""Every address, by every role and method, with own and foreign objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, reverse

from programs.models import User
from tests.hostile.ground import STATES, Ground, Side, seen_in, walked
from tests.hostile.pages import page_of, text_of
from tests.hostile.tables import unchanged
from tests.hostile.tried import TRIED
from tests.programs.entering import confirm
from tests.test_addresses import METHOD, MISSING, OK, ROLES, RULES, SIGN_IN, got

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ENDS = {"sign-out", "account_logout"}  # their POST would end the walk
OBJECTS = {"pk", "code", "indicator_code", "evidence"}
OURS = ("indicators.", "monitoring.", "programs.views.")
LIKE_DJANGO = {"set_language"}  # leads back whatever the method, and sets a language by POST alone
UNAUTHORIZED = 401
IS_SIGNED_OUT = (SIGN_IN, UNAUTHORIZED)


def answered(response: Any) -> object:
    """As the table of addresses has it; a part of a page that is asked for without a session is a 401."""
    return UNAUTHORIZED if response.status_code == UNAUTHORIZED else got(response)


def is_plain(pattern: URLPattern) -> bool:
    """A view function of ours; views made of classes take PUT for POST, and say OPTIONS to everybody."""
    view = pattern.callback
    is_ours = view.__module__.startswith(OURS) and pattern.name not in LIKE_DJANGO
    return is_ours and not hasattr(view, "view_class")


def expected(pattern: URLPattern, role: str, method: str) -> tuple[object, ...]:
    """What the table of addresses declares; a method that it does not name is not allowed."""
    rule, at = RULES[str(pattern.name)], ROLES.index(role)
    if method in ("GET", "HEAD", "POST"):
        return (rule.post[at] if method == "POST" else rule.get[at],)
    if SIGN_IN in (rule.get[at], rule.post[at]):
        return (SIGN_IN,) if is_plain(pattern) else (SIGN_IN, METHOD, *([OK] if method == "OPTIONS" else []))
    return (METHOD,) if is_plain(pattern) else (METHOD, OK, MISSING)


def has_object(pattern: URLPattern) -> bool:
    """Whether it names something of a program; what is of a person alone has a test of its own."""
    return is_plain(pattern) and bool(OBJECTS.intersection(pattern.pattern.converters))


def foreign(ground: Ground, method: str) -> Iterator[tuple[URLPattern, str]]:
    """Every address of what is in the other program, and where it has several parts with one of them only.

    Asked and sent in every state of a report; with the methods that nothing takes, in one.
    """
    states = STATES.values() if method in ("GET", "POST") else ("draft",)
    for pattern in filter(has_object, walked()):
        parts = sorted(OBJECTS.intersection(pattern.pattern.converters))
        for state in states if "pk" in parts else ("draft",):
            theirs = ground.theirs.arguments(pattern, state)
            own = ground.ours.arguments(pattern, state)
            yield pattern, reverse(str(pattern.name), kwargs=theirs)
            for part in parts if len(parts) > 1 else ():
                yield pattern, reverse(str(pattern.name), kwargs={**own, part: theirs[part]})


@pytest.mark.parametrize("role", ROLES)
def test_own_objects_answer_as_declared(ground: Ground, role: str) -> None:
    client = ground.client(role)
    for method in METHODS:
        with unchanged(role, method):
            for pattern in walked():
                if pattern.name in ENDS and method != "GET":
                    continue
                address = ground.ours.address(pattern)
                response = client.generic(method, address)
                told = (method, address, got(response))
                assert told[2] in expected(pattern, role, method), told
                assert (told, seen_in(text_of(response), role)) == (told, [])
                TRIED["requests to own objects (addresses × roles × methods)"] += 1


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_foreign_objects_are_not_there(ground: Ground, role: str) -> None:
    client = ground.client(role)
    for method in METHODS:
        with unchanged(role, method):
            for pattern, address in foreign(ground, method):
                response = client.generic(method, address, headers={"HX-Request": "true"})
                told = (method, address, answered(response))
                is_method = expected(pattern, "manager", method) == (METHOD,)
                may = IS_SIGNED_OUT if role == "anonymous" else (METHOD if is_method else MISSING,)
                assert told[2] in may, told
                assert (told, seen_in(text_of(response), role)) == (told, [])
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
    """Whatever the state of the report, and whoever's it is; nor does a text that was typed come alive."""
    client = ground.client(role)
    sides: tuple[Side, ...] = (ground.ours, ground.theirs)
    with unchanged(role):
        for pattern in walked():
            for side in sides if has_object(pattern) else sides[:1]:
                for state in STATES.values() if "pk" in pattern.pattern.converters else ("draft",):
                    address = side.address(pattern, state)
                    response = client.get(address)
                    assert (address, response.status_code != 500) == (address, True)
                    assert (address, seen_in(text_of(response), role)) == (address, [])
                    assert (address, page_of(response).alive) == (address, [])
                    TRIED["pages asked for in every state"] += 1


PASSKEYS = ("mfa_edit_webauthn", "mfa_remove_webauthn")


def passkey_of(user: User | None) -> Authenticator:
    data = {"name": "Zorro's key", "credential": {"clientExtensionResults": {}}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("name", PASSKEYS)
def test_the_passkey_of_another_person_is_not_there(ground: Ground, role: str, name: str) -> None:
    """Even for who has just typed the own password again."""
    key = passkey_of(ground.theirs.manager)
    client = ground.client(role)
    confirm(client)
    address = reverse(name, args=[key.pk])
    with unchanged(role, name):
        for method in METHODS:
            response = client.generic(method, address)
            told = (method, address, response.status_code)
            assert (told, response.status_code in (404, 405) or method == "OPTIONS") == (told, True)
            assert (told, "Zorro" in text_of(response)) == (told, False)
            assert client.post(address, {"name": "mine"}).status_code == 404


def test_leaving_is_by_post_alone(ground: Ground) -> None:
    for name in sorted(ENDS):
        client: Client = ground.client("viewer")
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            assert (name, method, got(client.generic(method, reverse(name)))) == (name, method, METHOD)
        assert got(client.get("/my-work/")) == OK
