"""A quarter from end to end in a real browser: typed, sent back, mended, approved, reopened, corrected."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import Entry, Result, State
from indicators.rows import Typed
from indicators.values import EntryKind
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def sign_in(page: Page, person: User) -> None:
    """Sign in as that person, whoever was signed in before."""
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def follow(page: Page, link: str) -> None:
    """Follow the link that begins like this, to a page that is there with its scripts."""
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile(f"^{link}")).click()


def saved(page: Page, filled: str) -> None:
    """Wait until a row was saved quietly."""
    page.locator("#saved").filter(has_text=f"· {filled} filled").wait_for()


def actuals(desk: Desk) -> list[str]:
    """The values of the counted row in the ledger, oldest first."""
    entries = Entry.objects.filter(series=desk.counted, kind=EntryKind.ACTUAL).order_by("number")
    return [str(entry.value) for entry in entries]


def fill(page: Page, desk: Desk, counted: str, women: str, men: str) -> None:
    for series, text in ((desk.counted, counted), (desk.women, women), (desk.men, men)):
        page.locator(f"#value-{series.pk}").fill(text)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit report").first.click()
    page.get_by_text("The report was submitted.").wait_for()


def approve(page: Page, desk: Desk) -> None:
    sign_in(page, desk.manager)
    page.goto("/my-work/")
    follow(page, "Review")
    page.get_by_role("button", name="Approve 3 figures").click()
    page.get_by_text("its figures are in the ledger").wait_for()


def type_check_and_submit(page: Page, desk: Desk) -> None:
    """The reporter types every row, is told that a breakdown does not add up, mends it and submits."""
    sign_in(page, desk.reporter)
    page.goto("/my-work/")
    follow(page, "Continue")
    fill(page, desk, "12", "7", "6")
    page.locator(f"#numerator-{desk.ratio.pk}").fill("30")
    page.locator(f"#denominator-{desk.ratio.pk}").fill("40")
    page.locator(f"#value-{desk.milestone.pk}").select_option("yes")
    with page.expect_navigation():
        page.get_by_role("button", name="Check").first.click()
    page.get_by_text("the parts add up to 13, the whole is 12.").wait_for()
    page.get_by_role("link", name="Officers trained · women").click()
    men = page.locator(f"#value-{desk.men.pk}")
    men.fill("5")
    men.blur()
    page.get_by_text("✓").wait_for()
    submit(page)


def send_back(page: Page, desk: Desk, remark: str) -> None:
    sign_in(page, desk.manager)
    page.goto(desk.url("report-review"))
    page.locator(f"#remark-{desk.counted.pk}").fill(remark)
    page.get_by_role("button", name="Send back with remarks").click()
    page.get_by_text("was sent back").wait_for()


def mend(page: Page, desk: Desk, remark: str) -> None:
    sign_in(page, desk.reporter)
    page.goto("/my-work/")
    page.get_by_text(f"“{remark}”").wait_for()
    follow(page, "Mend")
    page.get_by_text(f"To be mended: {remark}").wait_for()
    fill(page, desk, "11", "6", "5")
    submit(page)


def reopen(page: Page, reason: str) -> None:
    page.get_by_label("Why it is reopened").fill(reason)
    page.get_by_role("button", name="Reopen report").click()
    page.get_by_text("Its figures stay in force").wait_for()


def stands_everywhere(page: Page, desk: Desk, value: str) -> None:
    """The value stands on the program's page, the indicator's, the performance table and in the figures."""
    indicator = desk.counted.indicator
    program = f"/programs/{desk.program.code}/"
    for address in (program, f"{program}performance/"):
        page.goto(address)
        page.locator("tr", has_text=indicator.name).get_by_text(value, exact=True).first.wait_for()
    page.goto(f"{program}indicators/{indicator.code}/")
    cell = re.compile(rf"^{value}\b")
    page.get_by_role("row", name=re.compile("^2026 Q3")).get_by_role("cell", name=cell).first.wait_for()
    assert figures(desk) == [value]


def figures(desk: Desk, **options: str) -> list[str]:
    """What the command line says of the counted row."""
    said = StringIO()
    call_command("figures", program=desk.program.code, format="json", stdout=said, **options)
    code = desk.counted.indicator.code
    rows = json.loads(said.getvalue())
    return [
        str(row["value"])
        for row in rows
        if row["indicator"] == code and row["kind"] == "actual" and not row["category"]
    ]


def test_a_quarter_from_end_to_end(page: Page, desk: Desk) -> None:
    type_check_and_submit(page, desk)
    send_back(page, desk, "The register says 11.")
    mend(page, desk, "The register says 11.")
    assert actuals(desk) == []
    approve(page, desk)
    assert actuals(desk) == ["11"]
    stands_everywhere(page, desk, "11")
    before = timezone.now().isoformat()
    page.goto(desk.url())
    reopen(page, "Two were counted at another site.")
    stands_everywhere(page, desk, "11")
    sign_in(page, desk.reporter)
    page.goto(desk.url())
    fill(page, desk, "9", "4", "5")
    submit(page)
    approve(page, desk)
    assert actuals(desk) == ["11", "9"]
    stands_everywhere(page, desk, "9")
    ledger = page.locator("main").inner_text()
    assert "actual 9" in ledger
    assert "actual 11" in ledger
    assert figures(desk, as_of=before) == ["11"]
    assert desk.now().state == State.APPROVED


def test_rows_are_saved_while_typing_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    sign_in(page, desk.reporter)
    page.goto(desk.url())
    first = page.locator(f"#value-{desk.counted.pk}")
    first.focus()
    for text in ("12", "7", "5"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    saved(page, "1 of 3")
    page.get_by_text("✓").wait_for()
    assert page.evaluate("document.activeElement.id") == f"numerator-{desk.ratio.pk}"
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    saved(page, "2 of 3")
    page.get_by_text("= 75").wait_for()
    assert page.evaluate("document.activeElement.id") == f"value-{desk.milestone.pk}"
    page.keyboard.press("y")
    page.keyboard.press("Tab")
    saved(page, "3 of 3")
    page.keyboard.type("2026-08")
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("document.activeElement.id") == f"explanation-{desk.milestone.pk}"
    page.keyboard.type("The council has met.")
    page.get_by_role("button", name="Check").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing stands in the way").wait_for()
    milestone = Result.objects.get(series=desk.milestone)
    assert milestone.as_typed == Typed(value="yes", day="2026-08", explanation="The council has met.")


def test_a_row_says_what_it_needs_without_losing_the_place(page: Page, desk: Desk) -> None:
    sign_in(page, desk.reporter)
    page.goto(desk.url())
    box = page.locator(f"#value-{desk.counted.pk}")
    box.fill("-3")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.get_by_text("it can't be negative").wait_for()
    page.locator(".row--wrong").wait_for()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert page.evaluate("document.activeElement.value") == "4"
    box.fill("8")
    box.blur()
    page.locator(".row--wrong").wait_for(state="detached")
    expect(box).not_to_have_attribute("aria-invalid")


def test_it_says_so_when_the_connection_is_lost(page: Page, desk: Desk) -> None:
    sign_in(page, desk.reporter)
    page.goto(desk.url())
    page.route("**/save/", lambda route: route.abort())
    page.locator(f"#value-{desk.counted.pk}").fill("12")
    page.keyboard.press("Tab")
    page.get_by_text("Not saved: no connection.").wait_for()
    page.unroute("**/save/")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/?saved")
    assert desk.text(desk.counted) == "12"


def test_without_javascript_enter_saves_and_goes_on(
    browser: Browser, live_server: LiveServer, desk: Desk
) -> None:
    with browser.new_context(java_script_enabled=False, base_url=live_server.url) as context:
        page = context.new_page()
        sign_in(page, desk.reporter)
        page.goto(desk.url())
        page.locator(f"#value-{desk.counted.pk}").fill("12")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?saved")
        assert desk.text(desk.counted) == "12"
        assert page.locator(f"#value-{desk.women.pk}").get_attribute("autofocus") is not None
        expect(page.locator(f"#value-{desk.women.pk}")).to_be_focused()
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        page.get_by_text("= 7 …").wait_for()
        fill(page, desk, "12", "7", "5")
        page.locator(f"#numerator-{desk.ratio.pk}").fill("30")
        page.locator(f"#denominator-{desk.ratio.pk}").fill("40")
        page.locator(f"#value-{desk.milestone.pk}").select_option("no")
        submit(page)
    assert desk.now().state == State.SUBMITTED


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_keep_nobody_out(page: Page, desk: Desk, width: int) -> None:
    from axe_core_python.sync_playwright import Axe

    axe = Axe()
    page.set_viewport_size({"width": width, "height": 900})

    def check(address: str) -> None:
        page.goto(address)
        page.evaluate(axe.axe_script)
        found = page.evaluate("axe.run()")["violations"]
        assert [(address, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

    sign_in(page, desk.reporter)
    for address in (
        "/my-work/",
        "/reports/",
        desk.url(),
        f"{desk.url()}?check&notes=all",
        desk.url("report-check"),
    ):
        check(address)
    desk.submitted()
    check(desk.url())
    sign_in(page, desk.manager)
    for address in ("/my-work/", desk.url("report-review")):
        check(address)
