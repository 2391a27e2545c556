"""The portfolio in a real browser: nobody is kept out, at both widths, and the map leads on by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import axe_core_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from indicators.periods import shifted
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.monitoring.reading import Scene, make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
RUN = "() => axe.run().then(it => it.violations.map(one => [one.id, one.nodes[0].html]))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (1280, 390)


@pytest.fixture
def scene() -> Scene:
    """Two departments with one and with two sites, reports of three kinds, two quarters, one far behind."""
    scene = make_scene()
    callao = make.make_place(name="Callao", kind="department", ubigeo="07")
    lima = make.make_place(name="Lima", kind="department", ubigeo="15")
    for site, place in ((scene.north, callao), (scene.south, lima)):
        site.place = place
        site.save()
    make.make_site(scene.program, name="Another in Lima", place=lima)
    period = make.make_period(shifted(scene.quarter, -3).label)
    for site in (scene.north, scene.south):
        report = make.make_report(scene.program, site, period)
        row = Typed(value="30", explanation="The register of the quarter")
        make.approved(report, {scene.series(site): row}, scene.reporter, scene.manager)
    scene.plan("400", shifted(scene.quarter, -3))
    make.make_report(scene.program, scene.north, make.make_period(shifted(scene.quarter, 3).label))
    late = make.make_report(scene.program, scene.north, make.make_period(shifted(scene.quarter, -6).label))
    make.submitted(late, {scene.series(scene.north): "3"}, scene.reporter)
    return scene


def open_as(page: Page, person: User, address: str) -> None:
    """The page of a person who is signed in."""
    client = Client()
    client.force_login(person)
    page.goto("/healthz")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    page.goto(address)


@pytest.mark.parametrize("choice", ["", "?map=READ", "?map=READ/PEOPLE&calendar=fiscal", "?map=NONE"])
def test_nobody_is_kept_out_and_nothing_sticks_out(page: Page, scene: Scene, choice: str) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    open_as(page, scene.manager, f"/portfolio/{choice}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('main details').forEach(it => it.open = true)")
        page.evaluate(AXE)
        assert page.evaluate(RUN) == []
        assert page.evaluate(TOO_WIDE) <= 0


def test_a_department_leads_to_its_row_and_a_site_to_its_figures(page: Page, scene: Scene) -> None:
    open_as(page, scene.manager, "/portfolio/")
    page.get_by_role("link", name="Lima: 2 sites, 100 % (1 of 1)").press("Enter")
    page.wait_for_url("**#place-15")
    expect(page.locator("#place-15").get_by_text("2 sites")).to_be_visible()
    page.locator("#map").get_by_role("link", name="North, Program READ").press("Enter")
    page.get_by_role("heading", name="Performance table").wait_for()
    assert "site=NORTH" in page.url


def show_map(page: Page) -> None:
    with page.expect_navigation():
        page.locator("#map").get_by_role("button", name="Show").press("Enter")


def test_the_map_is_chosen_by_keyboard_and_the_period_stays(page: Page, scene: Scene) -> None:
    before = shifted(scene.quarter, -3).label
    open_as(page, scene.manager, f"/portfolio/?period={before}".replace(" ", "+"))
    page.get_by_label("The map shows").select_option("READ")
    show_map(page)
    page.get_by_text(f"Indicators on track, {before}").wait_for()
    page.get_by_label("The map shows").select_option("READ/PEOPLE")
    show_map(page)
    page.get_by_text(f"People trained, {before}").wait_for()
    expect(page.locator("#place-07").get_by_role("link", name="30")).to_be_visible()
