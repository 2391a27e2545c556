"""Every address, asked by every role: whoever may not is turned away, and an address without a rule fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators.actions import Plan, set_plans
from indicators.models import Entry, Evidence, Report
from indicators.periods import parse_label
from indicators.rows import Typed
from programs.models import User
from tests import builders as make

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "outsider", "viewer", "other_site", "reporter", "manager", "administrator")
SIGN_IN, OK, MISSING, FORBIDDEN, METHOD = "sign in", "ok", 404, 403, 405


@dataclass(frozen=True)
class Rule:
    """What each role gets, in the order of ROLES, with GET and with an empty POST."""

    get: tuple[object, ...]
    post: tuple[object, ...]


def rule(get: str, post: str) -> Rule:
    """One letter a role: s sign in, o ok, m missing (404), f forbidden (403), x not this method (405)."""
    meaning = {"s": SIGN_IN, "o": OK, "m": MISSING, "f": FORBIDDEN, "x": METHOD}
    return Rule(tuple(meaning[letter] for letter in get), tuple(meaning[letter] for letter in post))


# anonymous, outsider, viewer, reporter of another site, reporter of the site, manager, administrator
RULES = {
    "healthz": rule("ooooooo", "xxxxxxx"),
    "icon": rule("ooooooo", "xxxxxxx"),
    "sign-in": rule("ooooooo", "ooooooo"),
    "account_login": rule("ooooooo", "ooooooo"),
    "mfa_authenticate": rule("soooooo", "soooooo"),
    "mfa_login_webauthn": rule("soooooo", "soooooo"),
    "openid_connect_login": rule("moooooo", "xxxxxxx"),  # no provider is configured
    "openid_connect_callback": rule("mmmmmmm", "xxxxxxx"),
    "socialaccount_login_cancelled": rule("ooooooo", "xxxxxxx"),
    "socialaccount_login_error": rule("ooooooo", "xxxxxxx"),
    "sign-out": rule("xxxxxxx", "ooooooo"),
    "account_logout": rule("xxxxxxx", "ooooooo"),
    "invitation": rule("mmmmmmm", "mmmmmmm"),  # a secret that nobody was given
    "account_reset_password": rule("ooooooo", "ooooooo"),
    "account_reset_password_done": rule("ooooooo", "xxxxxxx"),
    "account_reset_password_from_key": rule("ooooooo", "ooooooo"),
    "account_reset_password_from_key_done": rule("ooooooo", "xxxxxxx"),
    "account": rule("soooooo", "sxxxxxx"),
    "account-language": rule("sxxxxxx", "soooooo"),
    "account_reauthenticate": rule("soooooo", "soooooo"),
    "mfa_reauthenticate": rule("soooooo", "soooooo"),
    "mfa_reauthenticate_webauthn": rule("soooooo", "soooooo"),
    "account_change_password": rule("soooooo", "soooooo"),
    "account_set_password": rule("soooooo", "soooooo"),
    "mfa_index": rule("soooooo", "sxxxxxx"),
    "mfa_activate_totp": rule("soooooo", "soooooo"),
    "mfa_deactivate_totp": rule("smmmmmm", "smmmmmm"),
    "mfa_list_webauthn": rule("soooooo", "soooooo"),
    "mfa_add_webauthn": rule("soooooo", "soooooo"),
    "mfa_edit_webauthn": rule("soooooo", "soooooo"),
    "mfa_remove_webauthn": rule("soooooo", "soooooo"),
    "mfa_view_recovery_codes": rule("smmmmmm", "sxxxxxx"),
    "mfa_generate_recovery_codes": rule("soooooo", "soooooo"),
    "mfa_download_recovery_codes": rule("smmmmmm", "smmmmmm"),
    "people": rule("smfffoo", "sxxxxxx"),
    "set_language": rule("ooooooo", "ooooooo"),
    "home": rule("soooooo", "sxxxxxx"),
    "portfolio": rule("soooooo", "sxxxxxx"),
    "program-list": rule("soooooo", "sxxxxxx"),
    "performance-choose": rule("soooooo", "sxxxxxx"),
    "program": rule("smooooo", "sxxxxxx"),
    "indicator": rule("smooooo", "sxxxxxx"),
    "performance": rule("smooooo", "sxxxxxx"),
    "performance-parts": rule("smooooo", "sxxxxxx"),
    "figure": rule("smommoo", "sxxxxxx"),  # of all sites together: totals are not for who sees one site
    "entry": rule("smomooo", "sxxxxxx"),  # of the site
    "my-work": rule("soooooo", "sxxxxxx"),
    "report-list": rule("soooooo", "sxxxxxx"),
    "report-entry": rule("smfmooo", "smfmoof"),
    "report-save": rule("sxxxxxx", "smfmoof"),
    "report-check": rule("smfmooo", "sxxxxxx"),
    "report-submit": rule("sxxxxxx", "smfmoof"),
    "report-review": rule("smfmfoo", "sxxxxxx"),
    "report-send-back": rule("sxxxxxx", "smfmfof"),
    "report-approve": rule("sxxxxxx", "smfmfof"),
    "report-reopen": rule("sxxxxxx", "smfmfof"),
    "evidence": rule("smmmooo", "sxxxxxx"),
    "targets": rule("smfffoo", "smfffoo"),
    "plan-set": rule("smfffoo", "smfffoo"),
}


# parts of addresses that nobody was given
GUESSED: dict[str, dict[str, object]] = {
    "openid_connect_login": {"provider_id": "sso"},
    "openid_connect_callback": {"provider_id": "sso"},
    "invitation": {"token": "guessed"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "guessed"},
}


@pytest.fixture
def people() -> dict[str, User | None]:
    """One program with two sites and a draft of the first, and a person for every role."""
    program = make.make_program(code="OURS")
    site, other = make.make_site(program, code="ONE"), make.make_site(program, code="TWO")
    indicator = make.make_indicator(program, code="IND")
    series = make.make_series(indicator, site)
    make.make_series(indicator, other)
    report = make.make_report(program, site)
    people = {role: make.make_user(username=role) for role in ROLES[1:-1]}
    make.assign(people["outsider"], make.make_program(), "manager")
    make.assign(people["viewer"], program, "viewer")
    make.assign(people["other_site"], program, "reporter", other)
    make.assign(people["reporter"], program, "reporter", site)
    make.assign(people["manager"], program, "manager")
    make.hand_in(report, series, people["reporter"])
    plan = Plan(indicator.pk, parse_label("2026 Q3"), Typed(value="5"), site_id=site.pk)
    set_plans(program_id=program.pk, by=people["manager"], plans=[plan], reason="The plan")
    return people | {"anonymous": None, "administrator": make.make_administrator(username="administrator")}


def arguments(pattern: URLPattern) -> dict[str, object]:
    """Values for the parts of an address, which are those of the program that the people belong to."""
    known: dict[str, object] = {"code": "OURS", "indicator_code": "IND", "year": 2026, "period": "2026-Q3"}
    known["number"] = Entry.objects.filter(series__site__code="ONE").latest("number").number
    known |= {"pk": Report.objects.get().pk, "evidence": Evidence.objects.get().pk}
    return {name: known[name] for name in pattern.pattern.converters}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with the namespace that it lies in."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or namespace)
        else:
            yield namespace, entry


def ours() -> list[URLPattern]:
    return [pattern for namespace, pattern in patterns(get_resolver()) if namespace != "admin"]


def got(response: Any) -> object:
    if response.status_code == 302 and "/sign-in/" in response["Location"]:
        return SIGN_IN
    return response.status_code if response.status_code in (403, 404, 405, 500) else OK


def test_every_address_has_a_rule() -> None:
    assert {pattern.name for pattern in ours()} == set(RULES)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_declared(people: dict[str, User | None], role: str) -> None:
    client = Client()
    person = people[role]
    if person is not None:
        client.force_login(person)
    for pattern in ours():
        name = str(pattern.name)
        address = reverse(name, kwargs=GUESSED.get(name) or arguments(pattern))
        expected = RULES[str(pattern.name)]
        at = ROLES.index(role)
        assert (address, got(client.get(address))) == (address, expected.get[at])
        if pattern.name in ("sign-out", "account_logout"):
            continue  # asked by its own test: it would end the walk
        assert (address, "POST", got(client.post(address))) == (address, "POST", expected.post[at])


def test_signing_out_needs_a_post(people: dict[str, User | None]) -> None:
    client = Client()
    client.force_login(people["viewer"])  # type: ignore[arg-type]  # a person
    assert client.post(reverse("sign-out")).status_code == 302
    assert got(client.get(reverse("my-work"))) == SIGN_IN


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_administrators(people: dict[str, User | None], role: str) -> None:
    client = Client()
    person = people[role]
    if person is not None:
        client.force_login(person)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        response = client.get(address)
        assert (address, response.status_code == 200) == (address, role == "administrator")


def test_what_nothing_opens_is_closed(settings: object, people: dict[str, User | None]) -> None:
    client = Client()
    client.force_login(people["administrator"])  # type: ignore[arg-type]  # a person
    settings.ROOT_URLCONF = "tests.unopened"  # type: ignore[attr-defined]  # pytest-django's settings
    assert client.get("/unopened/").status_code == 404
