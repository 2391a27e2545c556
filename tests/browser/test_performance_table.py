"""The performance table in a real browser: it opens where its latest figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.browser.test_story import sign_in
from tests.monitoring.reading import make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.django_db(transaction=True)
AT = """() => {
    const frame = document.querySelector(".frame.tall");
    const period = frame.querySelector("[data-latest]");
    const shown = frame.getBoundingClientRect();
    const fixed = frame.querySelector("thead th").getBoundingClientRect();
    const {left, right} = period.getBoundingClientRect();
    return [period.textContent, frame.scrollLeft, left - fixed.right, shown.right - right, window.scrollY];
}"""


def at_rest(page: Page) -> list[Any]:
    """Where the table stands once its letters are there."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => null)")
    found: list[Any] = page.evaluate(AT)
    return found


@pytest.mark.parametrize("width", [1280, 390, 280])
def test_the_table_opens_at_the_latest_period(page: Page, width: int) -> None:
    """Beside what sticks, and not beyond the edge where it fits; the page itself stays where it is."""
    scene = make_scene()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, scene.manager)
    page.goto(reverse("performance", args=["READ"]))
    period, scrolled, from_what_sticks, to_the_edge, down = at_rest(page)
    assert (period, down) == (scene.quarter.label, 0)
    assert scrolled > 0
    assert from_what_sticks > -1
    assert to_the_edge > -1 or from_what_sticks < 1
    page.goto(f"{reverse('performance', args=['READ'])}?categories=on#r-PEOPLE")
    assert at_rest(page)[1] == scrolled
    assert page.locator("#r-PEOPLE").is_visible()


def test_it_stays_at_the_latest_period_when_the_letters_come_late(page: Page) -> None:
    """On a slow line the table is laid out twice, in other widths."""
    scene = make_scene()
    held: list[Route] = []
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, scene.manager)
    page.route("**/*.woff2", lambda font: held.append(font))  # noqa: PLW0108 - it takes no method of C
    page.goto(reverse("performance", args=["READ"]), wait_until="domcontentloaded")
    before = page.evaluate(AT)
    for font in held:
        font.continue_()
    page.unroute("**/*.woff2")
    _period, scrolled, from_what_sticks, to_the_edge, _down = at_rest(page)
    assert scrolled != before[1]
    assert from_what_sticks > -1
    assert to_the_edge > -1
