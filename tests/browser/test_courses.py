"""A program's and an indicator's page in a real browser: for everybody, by keyboard, at both widths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators.periods import shifted
from tests import builders as make
from tests.browser.test_story import sign_in
from tests.monitoring.reading import Scene, make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    """Three quarters of two sites, the last with a target."""
    found = make_scene()
    for back in (3, 6):
        period = make.make_period(shifted(found.quarter, -back).label)
        for site in (found.north, found.south):
            report = make.make_report(found.program, site, period)
            make.approved(report, {found.series(site): str(back)}, found.reporter, found.manager)
    return found


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "es"])
def test_both_pages_keep_nobody_out(page: Page, scene: Scene, width: int, language: str) -> None:
    from axe_core_python.sync_playwright import Axe

    axe = Axe()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, scene.manager)
    with page.expect_navigation():
        page.locator(f'.languages button[value="{language}"]').click()
    for address in (reverse("program", args=["READ"]), reverse("indicator", args=["READ", "PEOPLE"])):
        page.goto(address)
        for folded in page.locator("main details").all():
            folded.evaluate("it => { it.open = true; }")
        page.evaluate(axe.axe_script)
        found = page.evaluate("axe.run()")["violations"]
        assert [(address, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert page.locator("html").get_attribute("lang") == language


def test_one_chart_is_shown_for_each_width(page: Page, scene: Scene) -> None:
    sign_in(page, scene.manager)
    page.goto(reverse("indicator", args=["READ", "PEOPLE"]))
    for width, shown, hidden in ((1280, "wide", "narrow"), (390, "narrow", "wide")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(f".chart--{shown}")).to_be_visible()
        expect(page.locator(f".chart--{hidden}")).to_be_hidden()


def test_a_bar_leads_to_its_figure_by_keyboard(page: Page, scene: Scene) -> None:
    sign_in(page, scene.manager)
    page.goto(reverse("indicator", args=["READ", "PEOPLE"]))
    bar = page.get_by_role("link", name=re.compile(rf"^{scene.quarter.label}: 42 ")).first
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures/**")
    assert "42" in page.locator("main").inner_text()
