"""Every page and every state of it that is looked at: who looks, where, and what is done there first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from tests.everyone.scene import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Act = Callable[["Page", Scene], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page in one state; `address` has gaps for what the scene knows."""

    name: str
    role: str
    address: str
    act: Act | None = None
    is_ours: bool = True  # False: a page of Django's administration


def visited(scene: Scene, browser: Browser, stop: Stop, language: str) -> Page:
    """The page of a stop, 1280 wide, in its state."""
    context = scene.context(browser, stop.role, language, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(scene.path(stop.address))
    if stop.act:
        stop.act(page, scene)
    return page


def press(button: str) -> Act:
    """Press the button with this `id`, name or class: the words on it depend on the language."""

    def act(page: Page, scene: Scene) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(it => { it.noValidate = true })")
        with page.expect_navigation():
            page.locator(button).first.click()

    return act


def filled(boxes: dict[str, str], button: str) -> Act:
    """Fill in some boxes and press a button."""

    def act(page: Page, scene: Scene) -> None:
        for box, text in boxes.items():
            page.locator(box).first.fill(text)
        press(button)(page, scene)

    return act


def _own_password(page: Page, scene: Scene) -> None:
    """Confirm who it is, where the page asks for it."""
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill("rendir-demo")
        press("main form button[type=submit]")(page, scene)


def _mistyped(page: Page, scene: Scene) -> None:
    """Letters in the box of a number: the row says what it needs."""
    box = page.locator("input[id^=value-]").first
    box.fill("many")
    box.blur()
    page.locator(".row--wrong").first.wait_for()


def _two_texts(page: Page, scene: Scene) -> None:
    """Somebody else types in the box that the page is about to type in."""
    browser = page.context.browser
    assert browser is not None
    box = page.locator("input[id^=value-]").first
    other = scene.context(browser, "colleague", "en")
    theirs = other.new_page()
    theirs.goto(page.url)
    beside = theirs.locator("input[id^=value-]").first
    beside.fill("1,111" if beside.input_value() != "1,111" else "2,222")
    beside.blur()
    theirs.locator("#saved:not(.saved--not)", has_text="saved").wait_for()
    other.close()
    box.fill("7,654,321")
    box.blur()
    page.locator(".conflict").first.wait_for()


def _changed_meanwhile(page: Page, scene: Scene) -> None:
    """The report was submitted anew since the page was opened: what is different is said row by row."""
    page.locator("input[name=submission]").evaluate("it => { it.value = '7' }")
    press("button[formaction$='/approve/']")(page, scene)


def _handed_back(template: str) -> Act:
    """A page that only comes when something went wrong, as its template makes it."""

    def act(page: Page, scene: Scene) -> None:
        with translation.override(page.locator("html").get_attribute("lang") or "en"):
            html = render_to_string(template, {"most": 25})
        page.route("**/*went-wrong", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(scene.url + "/went-wrong")

    return act


def _unfolded(page: Page, scene: Scene) -> None:
    """Every breakdown of the table that folds, open."""
    for fold in page.locator("tbody .fold").all():
        rows = page.locator("tbody tr").count()
        fold.click()
        expect(page.locator("tbody tr")).not_to_have_count(rows)


NOBODY = (
    Stop("sign-in", "nobody", "/sign-in/"),
    Stop("too-large", "nobody", "/sign-in/", _handed_back("413.html")),
    Stop("too-often", "nobody", "/sign-in/", _handed_back("429.html")),
    Stop("server-error", "nobody", "/sign-in/", _handed_back("500.html")),
    Stop(
        "sign-in-wrong",
        "nobody",
        "/sign-in/",
        filled(
            {"input[autocomplete=username]": "ana", "input[type=password]": "no"}, "main button[type=submit]"
        ),
    ),
    Stop("password-reset", "nobody", "/account/password/reset/"),
    Stop("password-reset-sent", "nobody", "/account/password/reset/sent/"),
    Stop("password-reset-link", "nobody", "/account/password/reset/1-x/"),
    Stop("single-sign-on-failed", "nobody", "/sign-in/failed/"),
    Stop("invitation", "nobody", "/invitation/{secret}/"),
    Stop("invitation-gone", "nobody", "/invitation/none/"),
)
EMPTY = (
    Stop("portfolio-empty", "newcomer", "/portfolio/"),
    Stop("programs-empty", "newcomer", "/programs/"),
    Stop("performance-choose-empty", "newcomer", "/performance/"),
    Stop("my-work-empty", "newcomer", "/my-work/"),
    Stop("reports-empty", "newcomer", "/reports/"),
    Stop("program-empty", "manager", "/programs/EMPTY/"),
    Stop("performance-empty", "manager", "/programs/EMPTY/performance/"),
    Stop("targets-empty", "manager", "/programs/EMPTY/targets/{year}/"),
    Stop("people-empty", "manager", "/programs/EMPTY/people/"),
    Stop("not-found", "manager", "/programs/NOTHING/"),
    Stop("not-allowed", "reporter", "/programs/{program}/targets/{year}/"),
)
ACCOUNT = (
    Stop("account", "viewer", "/account/"),
    Stop("password", "viewer", "/account/password/"),
    Stop("password-wrong", "viewer", "/account/password/", press("main form button[type=submit]")),
    Stop("second-factor", "viewer", "/account/second-factor/"),
    Stop("second-factor-confirm", "viewer", "/account/second-factor/app/"),
    Stop("second-factor-app", "viewer", "/account/second-factor/app/", _own_password),
    Stop("second-factor-passkey", "viewer", "/account/second-factor/passkeys/add/", _own_password),
)
REPORTING = (
    Stop("my-work", "reporter", "/my-work/"),
    Stop("reports", "reporter", "/reports/"),
    Stop("entry", "reporter", "/reports/{draft}/"),
    Stop("entry-notes", "reporter", "/reports/{draft}/?check&notes=all"),
    Stop("entry-wrong", "typist", "/reports/{long}/", _mistyped),
    Stop("entry-conflict", "typist", "/reports/{blank}/", _two_texts),
    Stop("entry-returned", "typist", "/reports/{returned}/"),
    Stop("entry-reopened", "typist", "/reports/{reopened}/"),
    Stop("check", "reporter", "/reports/{draft}/check/"),
    Stop("report-submitted", "typist", "/reports/{submitted}/"),
    Stop("report-approved", "reporter", "/reports/{approved}/"),
    Stop("program-reporter", "reporter", "/programs/{program}/"),
    Stop("indicator-reporter", "reporter", "/programs/{program}/indicators/MPS-ILL-02/"),
    Stop("ledger-entry", "reporter", "/programs/{program}/ledger/{entry}/"),
)
MANAGING = (
    Stop("my-work-manager", "manager", "/my-work/"),
    Stop("reports-manager", "manager", "/reports/"),
    Stop("review", "manager", "/reports/{submitted}/review/"),
    Stop("review-difference", "manager", "/reports/{submitted}/review/", _changed_meanwhile),
    Stop("review-approved", "manager", "/reports/{approved}/review/"),
    Stop("targets", "manager", "/programs/{program}/targets/{year}/"),
    Stop(
        "targets-wrong",
        "manager",
        "/programs/{program}/targets/{year}/",
        filled({"main table input": "many"}, "form#targets button[type=submit]"),
    ),
    Stop("plan", "manager", "/programs/{program}/plan/"),
    Stop("plan-wrong", "manager", "/programs/{program}/plan/", press("main form button[type=submit]")),
    Stop("people", "manager", "/programs/{program}/people/"),
)
READING = (
    Stop("portfolio", "manager", "/portfolio/"),
    Stop("portfolio-as-of", "viewer", "/portfolio/?as_of={year}-06-30"),
    Stop("portfolio-as-of-wrong", "viewer", "/portfolio/?as_of=tomorrow"),
    Stop("portfolio-map-program", "manager", "/portfolio/?map={program}"),
    Stop("portfolio-map-indicator", "manager", "/portfolio/?map={program}/MPS-ILL-01"),
    Stop("portfolio-fiscal-year", "viewer", "/portfolio/?calendar=fiscal&period=FY{year}"),
    Stop("programs", "viewer", "/programs/"),
    Stop("performance-choose", "viewer", "/performance/"),
    Stop("program", "manager", "/programs/{program}/"),
    Stop("program-as-of", "viewer", "/programs/{program}/?as_of={year}-06-30"),
    Stop("program-long", "manager", "/programs/LONG/"),
    Stop("indicator", "manager", "/programs/{program}/indicators/MPS-ILL-01/"),
    Stop("indicator-ratio", "viewer", "/programs/{program}/indicators/MPS-ILL-03/"),
    Stop("indicator-milestone", "viewer", "/programs/{program}/indicators/MPS-ILL-10/"),
    Stop("indicator-as-of", "viewer", "/programs/{program}/indicators/MPS-ILL-01/?as_of={year}-06-30"),
    Stop("indicator-long", "manager", "/programs/LONG/indicators/LONG-0/"),
    Stop("performance", "manager", "/programs/{program}/performance/"),
    Stop("performance-fiscal", "viewer", "/programs/{program}/performance/?calendar=fiscal"),
    Stop("performance-unfolded", "manager", "/programs/{program}/performance/", _unfolded),
    Stop(
        "performance-chosen",
        "viewer",
        "/programs/{program}/performance/?by=half&status=near&status=met&level=outcome&level=output&categories=on",
    ),
    Stop("performance-long", "manager", "/programs/LONG/performance/"),
    Stop("figure", "viewer", "/programs/{program}/indicators/MPS-ILL-01/figures/{year}-Q2/"),
    Stop("figure-site", "reporter", "/programs/{program}/indicators/MPS-ILL-01/figures/{year}-Q2/?site=BEL"),
    Stop("figure-ratio", "viewer", "/programs/{program}/indicators/MPS-ILL-03/figures/{year}/"),
    Stop(
        "figure-target", "viewer", "/programs/{program}/indicators/MPS-ILL-01/figures/{year}-Q2/?kind=target"
    ),
)
OURS = (*NOBODY, *EMPTY, *ACCOUNT, *REPORTING, *MANAGING, *READING)


def _of_administration() -> tuple[Stop, ...]:
    """The list, the form for a new one, the form, and the questions before taking away, of each model."""
    base = [
        Stop("admin", "admin", reverse("admin:index"), is_ours=False),
        Stop(
            "admin-successor",
            "admin",
            "/admin/indicators/indicator/{admin_indicator}/successor/",
            is_ours=False,
        ),
        Stop("admin-invite", "admin", "/admin/programs/user/{newcomer}/invite/", is_ours=False),
    ]
    for model in admin.site._registry:
        meta = model._meta
        start = f"admin:{meta.app_label}_{meta.model_name}_"
        last = f"{{admin_{meta.model_name}}}"
        base += [
            Stop(f"admin-{meta.model_name}-{page}", "admin", address, is_ours=False)
            for page, address in (
                ("list", reverse(f"{start}changelist")),
                ("add", reverse(f"{start}add")),
                ("change", reverse(f"{start}change", args=["PK"]).replace("PK", last)),
                ("delete", reverse(f"{start}delete", args=["PK"]).replace("PK", last)),
                ("history", reverse(f"{start}history", args=["PK"]).replace("PK", last)),
            )
        ]
    return tuple(base)


OF_ADMINISTRATION = _of_administration()
