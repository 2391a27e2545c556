"""The performance table in a real browser: it opens where its latest figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.browser.test_story import sign_in
from tests.monitoring.reading import make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
AT = """() => {
    const frame = document.querySelector(".frame.tall");
    const period = frame.querySelector("[data-latest]");
    const shown = frame.getBoundingClientRect();
    const fixed = frame.querySelector("thead th").getBoundingClientRect();
    const {left, right} = period.getBoundingClientRect();
    return [period.textContent, frame.scrollLeft, left - fixed.right, shown.right - right, window.scrollY];
}"""


@pytest.mark.parametrize("width", [1280, 390, 280])
def test_the_table_opens_at_the_latest_period(page: Page, width: int) -> None:
    """Beside what sticks, and not beyond the edge where it fits; the page itself stays where it is."""
    scene = make_scene()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, scene.manager)
    page.goto(reverse("performance", args=["READ"]))
    period, scrolled, from_what_sticks, to_the_edge, down = page.evaluate(AT)
    assert (period, down) == (scene.quarter.label, 0)
    assert scrolled > 0
    assert from_what_sticks > -1
    assert to_the_edge > -1 or from_what_sticks < 1
    page.goto(f"{reverse('performance', args=['READ'])}?categories=on#r-PEOPLE")
    assert page.evaluate(AT)[1] == scrolled
    assert page.locator("#r-PEOPLE").is_visible()
