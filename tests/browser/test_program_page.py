"""A program's page in a real browser: its reports open where the latest are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from indicators.models import Report
from indicators.periods import shifted
from tests import builders as make
from tests.browser.test_story import sign_in
from tests.monitoring.reading import make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
IN_SIGHT = """() => {
    const frame = document.querySelector("[aria-labelledby=reports]");
    const [site, ...heads] = frame.querySelectorAll("thead th");
    const begin = site.getBoundingClientRect().right;
    const end = frame.getBoundingClientRect().right;
    const shown = heads.filter((head) => {
        const {left, right} = head.getBoundingClientRect();
        return left > begin - 1 && right < end + 1;
    });
    return shown.map((head) => head.textContent);
}"""


def test_the_latest_reports_are_in_sight_on_a_phone(page: Page) -> None:
    scene = make_scene()
    for quarters in (-6, -5, -4, -3, -2, -1, 1, 2, 3):
        period = make.make_period(shifted(scene.quarter, 3 * quarters).label)
        make.make_report(scene.program, scene.north, period)
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, scene.manager)
    page.goto(reverse("program", args=["READ"]))
    wanting = shifted(scene.quarter, -3).label  # its report is a draft, the later one is approved
    assert page.evaluate(IN_SIGHT)[-1:] == [wanting]
    Report.objects.exclude(period=scene.period).delete()
    page.reload()
    assert page.evaluate(IN_SIGHT)[-1:] == [scene.quarter.label]
