"""The targets page in a real browser: on a desk and on a phone, for eyes, keyboards and screen readers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import axe_core_python
import pytest
from playwright.sync_api import expect

from indicators.actions import Plan, set_plans
from indicators.periods import parse_label
from indicators.rows import Typed
from tests.builders import PASSWORD, make_indicator
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Stage:
    """Indicators of every measure, one of them with a target for a quarter."""
    stage = make_stage(name="Crimes reported in the five precincts")
    for meaning in (RATIO, MILESTONE, {"frequency": "month"}):
        make_indicator(stage.program, **meaning)
    plan = Plan(stage.indicator.pk, parse_label("2026 Q3"), Typed(value="1,200"))
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="The work plan")
    return stage


def open_page(page: Page, stage: Stage, path: str) -> None:
    """Signs the manager in and goes there."""
    page.goto(f"/sign-in/?next=/programs/{stage.program.code}/{path}")
    page.get_by_label("Username").fill(stage.manager.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.wait_for_load_state()


def assert_sound(page: Page) -> None:
    """Nothing keeps a person out, and nothing sticks out sideways."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_targets_are_set_by_keyboard(page: Page, stage: Stage, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, stage, "targets/2026/")
    assert_sound(page)
    box = page.get_by_label("Crimes reported in the five precincts · 2026 Q3")
    box.fill("many")
    with page.expect_navigation():
        box.press("Enter")
    page.get_by_role("heading", name="Nothing was saved").wait_for()
    assert_sound(page)
    page.get_by_role("link", name="Crimes reported in the five precincts · 2026 Q3", exact=True).click()
    assert box.input_value() == "many"
    box.fill("1,100")
    page.get_by_label("Reason").fill("Less money")
    page.get_by_label("revise the plan").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Set targets").click()
    page.get_by_text("1 target was set.").wait_for()
    assert box.input_value() == "1,100"
    expect(page.get_by_text("first 1,200")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_one_is_set_for_a_period_of_its_own(page: Page, stage: Stage, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, stage, "plan/")
    assert_sound(page)
    page.get_by_label("baseline").check()
    page.get_by_label("Indicator").select_option(stage.indicator.code)
    page.get_by_label("or another period").fill("FY2025")
    page.get_by_label("Value", exact=True).fill("900")
    page.get_by_label("Reason").fill("Survey")
    page.get_by_role("button", name="Set it").click()
    page.get_by_text("1 target was set.").wait_for()
    assert stage.entries()[-1].period.label == "FY2025"
