"""Typing in a real browser while others type, while the session ends, and while there is no connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from indicators.actions import save
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 30  # seconds that anything is waited for


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def sign_in(page: Page, person: User) -> None:
    """Fill in the form for signing in that the page shows."""
    page.locator("input[autocomplete=username]").fill(person.username)
    page.locator("input[type=password]").fill(make.PASSWORD)
    page.locator("main button[type=submit]").first.click()


def sign_in_again(page: Page, desk: Desk, person: User) -> None:
    """Sign in on the way to the report, and arrive there; the address of signing in ends like its own."""
    sign_in(page, person)
    page.wait_for_url(lambda address: urlsplit(address).path == desk.url())


def open_report(page: Page, desk: Desk, person: User) -> None:
    page.goto(desk.url())
    sign_in_again(page, desk, person)


def type_in(box: Locator, text: str) -> None:
    box.fill(text)
    box.blur()


def is_saved(page: Page) -> None:
    page.locator("#saved:not(.saved--not)", has_text="saved").wait_for()


def kept_in_browser(page: Page) -> list[str]:
    """The names of what the browser keeps of what was typed."""
    names: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((it) => it.startsWith('rendir-typed:'))"
    )
    return names


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something is so; the page's own `wait_for_function` breaks the content policy."""
    end = monotonic() + LONGEST
    while not holds():
        assert monotonic() < end
        page.wait_for_timeout(50)


def until_nothing_is_kept(page: Page) -> None:
    until(page, lambda: not kept_in_browser(page))


# two people --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "value"), [("Keep yours", "412"), ("Keep theirs", "398")])
def test_one_of_two_texts_is_chosen(page: Page, desk: Desk, choice: str, value: str) -> None:
    open_report(page, desk, desk.reporter)
    save(report_id=desk.report.pk, by=desk.colleague, typed=make.typed({desk.counted: "398"}), version=0)
    box = page.locator(f"#value-{desk.counted.pk}")
    type_in(box, "412")
    page.get_by_label(re.compile(choice)).wait_for()
    assert "colleague" in page.locator(f"#value-{desk.counted.pk}-wrong").inner_text()
    assert desk.text(desk.counted) == "398"
    page.get_by_label(re.compile(choice)).click()  # not `check`: the box goes with the answer
    page.locator(".conflict").wait_for(state="detached")
    assert desk.text(desk.counted) == value
    expect(box).to_have_value(value)
    until_nothing_is_kept(page)
    type_in(box, "500")  # what comes after is no conflict any more
    until(page, lambda: desk.text(desk.counted) == "500")


def test_what_the_other_person_typed_comes_into_the_page(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    save(report_id=desk.report.pk, by=desk.colleague, typed=make.typed({desk.women: "7"}), version=0)
    type_in(page.locator(f"#value-{desk.counted.pk}"), "12")
    is_saved(page)
    women = page.locator(f"#value-{desk.women.pk}")
    expect(women).to_have_value("7")
    type_in(women, "8")
    until_nothing_is_kept(page)
    assert desk.text(desk.women) == "8"
    assert desk.text(desk.counted) == "12"


# the session ends --------------------------------------------------------------------------------------


def test_typing_goes_on_after_the_session_ended(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    type_in(page.locator(f"#value-{desk.counted.pk}"), "12")
    is_saved(page)
    Session.objects.all().delete()
    type_in(page.locator(f"#value-{desk.women.pk}"), "7")
    page.get_by_text("Not saved: you are not signed in any more.").wait_for()
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/save/")):
        type_in(page.locator(f"#numerator-{desk.ratio.pk}"), "30")
    assert page.locator("input[type=password]").count() == 0  # no page for signing in within a row
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url(f"**?next={desk.url()}")
    sign_in_again(page, desk, desk.reporter)
    page.get_by_text("boxes: 2").wait_for()
    page.get_by_role("button", name="Put it back").click()
    until_nothing_is_kept(page)
    assert desk.text(desk.women) == "7"
    assert desk.text(desk.ratio, "numerator_typed") == "30"
    assert desk.text(desk.counted) == "12"


def test_what_was_put_back_is_not_written_over_others(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    Session.objects.all().delete()
    type_in(page.locator(f"#value-{desk.counted.pk}"), "412")
    page.get_by_role("link", name="Sign in again").wait_for()
    save(report_id=desk.report.pk, by=desk.colleague, typed=make.typed({desk.counted: "398"}), version=0)
    page.goto(desk.url())
    sign_in(page, desk.reporter)
    page.get_by_role("button", name="Put it back").click()
    page.get_by_label(re.compile("Keep theirs")).wait_for()
    assert desk.text(desk.counted) == "398"


def test_it_is_discarded_on_demand_and_by_signing_out(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    for way in ("discarded", "signed out"):
        page.route("**/save/", lambda route: route.abort())
        type_in(page.locator(f"#value-{desk.counted.pk}"), "12")
        page.get_by_text("Not saved: no connection.").wait_for()
        assert kept_in_browser(page)
        page.unroute("**/save/")
        page.goto(desk.url())
        if way == "discarded":
            page.get_by_role("button", name="Discard it").click()
        else:
            page.locator("details.menu summary").click()
            page.locator("[data-sign-out] button").click()
            page.locator("input[type=password]").wait_for()
        assert not kept_in_browser(page)
    assert desk.text(desk.counted) == ""


def test_nobody_is_offered_what_another_person_typed(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    Session.objects.all().delete()
    type_in(page.locator(f"#value-{desk.counted.pk}"), "12")
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url(f"**?next={desk.url()}")
    sign_in_again(page, desk, desk.colleague)
    assert page.locator("#typed-before").is_hidden()
    assert page.locator(f"#value-{desk.counted.pk}").input_value() == ""


# no connection -----------------------------------------------------------------------------------------


def test_what_was_typed_without_a_connection_is_saved_when_it_is_back(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    page.context.set_offline(True)
    type_in(page.locator(f"#value-{desk.counted.pk}"), "12")
    type_in(page.locator(f"#value-{desk.women.pk}"), "7")
    page.get_by_text("Not saved: no connection.").wait_for()
    assert desk.text(desk.counted) == ""
    page.context.set_offline(False)
    until_nothing_is_kept(page)
    assert desk.text(desk.counted) == "12"
    assert desk.text(desk.women) == "7"


def test_a_page_closed_without_a_connection_gives_back_what_was_typed(page: Page, desk: Desk) -> None:
    open_report(page, desk, desk.reporter)
    page.context.set_offline(True)
    page.locator(f"#value-{desk.counted.pk}").press_sequentially("12")  # and not even left
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(desk.url())
    again.get_by_role("button", name="Put it back").click()
    until_nothing_is_kept(again)
    assert desk.text(desk.counted) == "12"


# without a script --------------------------------------------------------------------------------------


def test_without_a_script_a_form_is_handed_back_and_sent_again(
    browser: Browser, live_server: LiveServer, desk: Desk
) -> None:
    with browser.new_context(java_script_enabled=False, base_url=live_server.url) as context:
        page = context.new_page()
        open_report(page, desk, desk.reporter)
        page.locator(f"#value-{desk.counted.pk}").fill("12")
        page.locator(f"#explanation-{desk.counted.pk}").evaluate("(it) => it.closest('details').open = true")
        page.locator(f"#explanation-{desk.counted.pk}").fill("rain,\nand <mud>")
        Session.objects.all().delete()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Not saved yet").wait_for()
        with context.expect_page() as opened:
            page.get_by_role("link", name="Sign in on another page").click()
        sign_in_again(opened.value, desk, desk.reporter)
        page.get_by_role("button", name="Send it again").click()  # of before signing in anew
        page.get_by_text("You signed in anew since that page was opened.").wait_for()
        page.get_by_role("button", name="Send it again").click()
        page.wait_for_url("**/?saved")
    assert desk.text(desk.counted) == "12"
    assert desk.text(desk.counted, "explanation") == "rain,\nand <mud>"


def test_without_a_script_one_of_two_texts_is_chosen(
    browser: Browser, live_server: LiveServer, desk: Desk
) -> None:
    with browser.new_context(java_script_enabled=False, base_url=live_server.url) as context:
        page = context.new_page()
        open_report(page, desk, desk.reporter)
        typed = {desk.counted.pk: Typed(value="398", explanation="theirs")}
        save(report_id=desk.report.pk, by=desk.colleague, typed=typed, version=0)
        page.locator(f"#value-{desk.counted.pk}").fill("412")
        page.locator(f"#value-{desk.women.pk}").fill("7")
        page.get_by_role("button", name="Save").click()
        page.get_by_label(re.compile("Keep theirs")).check()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/?saved")
    assert (desk.text(desk.counted), desk.text(desk.women)) == ("398", "7")
    assert desk.text(desk.counted, "explanation") == "theirs"
