"""Passkeys in a real browser, with an authenticator that Chromium plays; and the pages of signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from programs.models import SecondFactor, SignIn, User
from tests import builders as make

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(settings: Any) -> User:
    settings.SECOND_FACTOR_REQUIRED = True
    manager = make.make_user(username="manager", email="manager@example.org", first_name="Ana")
    make.assign(manager, make.make_program(code="OURS"), "manager")
    return manager


@pytest.fixture
def page(page: Page) -> Page:
    """The page, in a browser that can use passkeys: they work for names, not for numbers."""
    here = page.context
    port = str(here._impl_obj._options["baseURL"]).rsplit(":", 1)[1]
    page.goto(f"http://localhost:{port}/sign-in/")
    session = here.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def home(page: Page) -> str:
    return page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]


def press(page: Page, name: str, role: Literal["button", "link"] = "button") -> None:
    """What leads to another page; the scripts of that page are at work when it is there."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def type_password(page: Page, password: str = make.PASSWORD) -> None:
    page.get_by_label("Username").fill("manager")
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill(make.PASSWORD)
    press(page, "Confirm")


def add_passkey(page: Page, name: str, *, alone: bool) -> None:
    press(page, "Add a passkey", "link")
    confirm(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    press(page, "Add")
    page.get_by_role("heading", name="Recovery codes").wait_for()


def test_a_passkey_is_set_up_and_lets_in_alone(page: Page, manager: User) -> None:
    type_password(page)
    page.get_by_text("You have none yet").wait_for()
    add_passkey(page, "Laptop", alone=True)
    press(page, "I keep them safe", "link")
    page.get_by_role("heading", name="Portfolio").wait_for()
    page.get_by_text("Ana", exact=True).click()
    press(page, "Sign out")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Portfolio").wait_for()
    last = SignIn.objects.latest("pk")
    assert (last.user, last.how, last.succeeded) == (manager, "passkey", True)


def test_a_passkey_is_the_second_step(page: Page, manager: User) -> None:
    type_password(page)
    add_passkey(page, "Key on the ring", alone=False)
    page.context.clear_cookies()
    page.goto(f"{home(page)}/sign-in/")
    type_password(page)
    page.get_by_role("heading", name="Second factor").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Portfolio").wait_for()
    last = SignIn.objects.latest("pk")
    assert (last.how, last.factor) == ("password", "webauthn")
    page.goto(f"{home(page)}/account/second-factor/")
    page.get_by_text("Key on the ring").first.wait_for()


def test_without_a_passkey_it_is_said(page: Page, manager: User) -> None:
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("The passkey was not used").wait_for()
    assert not SecondFactor.objects.exists()


OPEN = (
    "/sign-in/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/1-x/",
    "/sign-in/failed/",
    "/invitation/none/",
)
OWN = (
    "/account/",
    "/account/second-factor/",
    "/account/password/",
    "/programs/OURS/people/",
    "/account/second-factor/codes/new/",
)


def check(page: Page, path: str = "") -> None:
    """Nothing on this page keeps a person out, and nothing sticks out sideways."""
    from axe_core_python.sync_playwright import Axe

    if path:
        page.goto(f"{home(page)}{path}")
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run()")["violations"]
    assert [(page.url, one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def set_up_app_and_passkey(page: Page) -> None:
    """From the page that asks for a second factor to the recovery codes, each page looked at."""
    page.get_by_text("You have none yet").wait_for()
    check(page)
    press(page, "Set up an app", "link")
    check(page)
    confirm(page)
    page.get_by_role("heading", name="Set up an authenticator app").wait_for()
    check(page)
    check(page, "/account/second-factor/passkeys/add/")
    press(page, "Add")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    check(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_keep_nobody_out(page: Page, manager: User, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in OPEN:
        check(page, path)
    page.goto(f"{home(page)}/sign-in/")
    type_password(page, "wrong")
    check(page)
    type_password(page)
    set_up_app_and_passkey(page)
    for path in OWN:
        check(page, path)
    page.context.clear_cookies()
    page.goto(f"{home(page)}/sign-in/")
    type_password(page)
    page.get_by_role("heading", name="Second factor").wait_for()
    check(page)
