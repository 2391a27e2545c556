"""A program's page in a real browser: its reports begin at the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from indicators.periods import shifted
from tests import builders as make
from tests.browser.test_story import sign_in
from tests.monitoring.reading import make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN_ON = """side => {
    const frame = document.querySelector("[aria-labelledby=reports]");
    const hidden = frame.scrollWidth - frame.clientWidth;
    return side === "left" ? frame.scrollLeft : hidden - frame.scrollLeft;
}"""


def test_the_latest_reports_are_in_sight_on_a_phone(page: Page) -> None:
    scene = make_scene()
    for quarters in range(1, 7):
        period = make.make_period(shifted(scene.quarter, -3 * quarters).label)
        make.make_report(scene.program, scene.north, period)
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, scene.manager)
    page.goto(reverse("program", args=["READ"]))
    assert page.evaluate(HIDDEN_ON, "left") > 0
    assert page.evaluate(HIDDEN_ON, "right") < 1
