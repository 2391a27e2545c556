"""In a real browser, no page of the site or of its administration breaks the content policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from programs.models import SignIn, User
from tests import builders as make
from tests.hostile.ground import STATES, Ground, make_ground, walked
from tests.hostile.tried import TRIED
from tests.programs.provider import CLIENT, SECRET, Provider, running_provider

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = """document.addEventListener('securitypolicyviolation',
  e => console.error('BREACH ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile))"""
DOWNLOADS = {"sign-out", "account_logout", "set_language", "healthz", "icon"}


@pytest.fixture
def watched(page: Page) -> tuple[Page, list[str]]:
    """A page on which every breach and every error of the console is written down."""
    said: list[str] = []
    page.add_init_script(WATCH)
    page.on("console", lambda it: said.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider of single sign-on on another origin, to which the settings point."""
    with running_provider() as provider:
        settings.SINGLE_SIGN_ON = "the Ministry"
        app = {
            "provider_id": "sso",
            "name": "the Ministry",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield provider


def sign_in(page: Page, live_server: LiveServer, person: User | None) -> None:
    """The session of a person in the browser, whatever signing in asks for."""
    assert person is not None
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def visit(page: Page, said: list[str], address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    # a page that may not be asked for is an error of the console, and no breach
    found = [text for text in said if not text.startswith("Failed to load resource")]
    assert (address, found) == (address, [])
    TRIED["pages opened in Chromium under the policy"] += 1


def test_no_page_of_the_site_breaks_the_policy(
    watched: tuple[Page, list[str]], live_server: LiveServer
) -> None:
    page, said = watched
    ground: Ground = make_ground()
    visit(page, said, reverse("sign-in"))
    for role in ("manager", "reporter"):
        sign_in(page, live_server, ground.people[role])
        for pattern in walked():
            states = STATES.values() if "pk" in pattern.pattern.converters else ("draft",)
            for state in states:
                address = ground.ours.address(pattern, state)
                client = ground.client(role)
                answer = client.get(address)
                is_page = answer.get("Content-Type", "").startswith("text/html")
                if pattern.name not in DOWNLOADS and answer.status_code == 200 and is_page:
                    visit(page, said, address)
    visit(page, said, "/nothing-here/")


def test_no_page_of_the_administration_breaks_the_policy(
    watched: tuple[Page, list[str]], live_server: LiveServer
) -> None:
    page, said = watched
    ground = make_ground()
    sign_in(page, live_server, ground.people["administrator"])
    visit(page, said, "/admin/")
    client = ground.client("administrator")
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found = model._base_manager.order_by("pk").last()
        of_one = [reverse(f"{base}_{it}", args=[found.pk]) for it in ("change", "history", "delete") if found]
        for address in (reverse(f"{base}_changelist"), reverse(f"{base}_add"), *of_one):
            if client.get(address).status_code == 200:
                visit(page, said, address)


def test_the_parts_of_the_administration_that_open_keep_to_the_policy(
    watched: tuple[Page, list[str]], live_server: LiveServer
) -> None:
    """A search box with its list, the calendar, and a row of an inline that is added."""
    page, said = watched
    ground = make_ground()
    sign_in(page, live_server, ground.people["administrator"])
    page.goto(reverse("admin:programs_site_add"))
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".date-icon").first.click()
    page.locator(".calendarbox").first.wait_for()
    assert said == []


def test_single_sign_on_goes_to_its_provider_and_back_under_the_policy(
    watched: tuple[Page, list[str]], live_server: LiveServer, provider: Provider
) -> None:
    """The way there is a link: `form-action 'self'` holds for what redirects a form, and stays as it is."""
    page, said = watched
    rosa = make.make_user(username="rosa", email="rosa@example.org")
    page.goto("/sign-in/?next=/account/")
    page.get_by_role("link", name="Continue with the Ministry").click()
    page.wait_for_url(lambda address: urlsplit(address).path == "/account/")  # where it begins ends so, too
    assert said == []
    assert SignIn.objects.filter(user=rosa, how="single_sign_on", succeeded=True).count() == 1
