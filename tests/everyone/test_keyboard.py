"""The main job from signing in to the ledger, by two people who have a keyboard and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from indicators.models import Entry, State
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 80  # how often Tab is pressed before a thing counts as out of reach


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def tab_to(page: Page, thing: str) -> None:
    """Press Tab until that is what has the focus, and see that it shows."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("it => document.activeElement.matches(it)", thing):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none", thing
            return
    raise AssertionError(f"{thing} can't be reached on {page.url}")


def sign_in(page: Page, person: User) -> None:
    """From an address that asks who it is: the first box has the focus."""
    page.context.clear_cookies()
    page.goto("/my-work/")
    expect(page.locator("input[autocomplete=username]")).to_be_focused()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.wait_for_load_state()


def enter(page: Page, thing: str, arrives: str) -> None:
    """Tab to a link or a button and press Enter; the page that comes is there with its scripts."""
    tab_to(page, thing)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text(arrives).first.wait_for()


def test_from_signing_in_to_the_ledger_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    sign_in(page, desk.reporter)
    enter(page, f"main a[href='{desk.url()}']", "Officers trained")
    tab_to(page, f"#value-{desk.counted.pk}")
    for text in ("12", "7", "5", "30", "40", "y"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.locator("#saved").filter(has_text="3 of 3").wait_for()
    page.keyboard.type("2026-08")
    page.keyboard.press("Alt+ArrowDown")  # its notes: why, and on what it rests
    tab_to(page, f"#evidence-{desk.milestone.pk}")
    page.keyboard.type("Register of the council, 2026")
    enter(page, "[formaction$='/submit/'], [action$='/submit/'] button", "The report was submitted.")
    assert desk.now().state == State.SUBMITTED

    sign_in(page, desk.manager)
    enter(page, f"main a[href='{desk.url('report-review')}']", "What happened so far")
    page.get_by_text("Register of the council, 2026").first.wait_for()
    enter(page, "button[formaction$='/approve/']", "its figures are in the ledger")
    values = Entry.objects.filter(series=desk.counted).values_list("value", flat=True)
    assert [str(value) for value in values] == ["12"]


def test_the_first_key_leads_past_the_navigation(page: Page, desk: Desk) -> None:
    sign_in(page, desk.reporter)
    page.goto(desk.url())
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.usa-skipnav')")
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
