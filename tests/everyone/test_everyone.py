"""No page keeps anybody out: in both languages, wide and narrow, in every state, on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.everyone.looking import axe, by_colour_alone, on_paper, sheets, sticking_out
from tests.everyone.scene import LANGUAGES, Scene, set_scene
from tests.everyone.stops import OF_ADMINISTRATION, OURS, Stop, visited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(django_db_setup: None, browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with set_scene(django_db_blocker) as scene:
        yield scene


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stop", OURS, ids=[stop.name for stop in OURS])
def test_a_page_keeps_nobody_out(scene: Scene, browser: Browser, stop: Stop, language: str) -> None:
    page = visited(scene, browser, stop, language)
    found: dict[str, object] = {
        "axe, wide": axe(page),
        "status by colour alone": by_colour_alone(page),
        "on paper": on_paper(page),
        "empty sheets": empty_sheets(page) if language == LANGUAGES[0] else [],  # both are laid out alike
        "sideways": sticking_out(page, 640, 320, 390),
        "axe, narrow": axe(page),
    }
    page.context.close()
    assert {what: it for what, it in found.items() if it} == {}


def empty_sheets(page: Page) -> list[int]:
    """Which sheets of paper would come out empty."""
    return [at for at, pieces in enumerate(sheets(page.pdf()), 1) if not pieces]


# What Django's administration brings along, by the rule of axe, with why it stays.
BROUGHT: dict[str, str] = {}


@pytest.mark.parametrize("stop", OF_ADMINISTRATION, ids=[stop.name for stop in OF_ADMINISTRATION])
def test_the_administration_keeps_nobody_out(scene: Scene, browser: Browser, stop: Stop) -> None:
    """Half of the pages in each language, and each wide and narrow: they share their templates."""
    language = LANGUAGES[OF_ADMINISTRATION.index(stop) % 2]
    page = visited(scene, browser, stop, language)
    found: dict[str, object] = {
        "axe, wide": [it for it in axe(page) if it[0] not in BROUGHT],
        "sideways": sticking_out(page, 640, 390),
        "axe, narrow": [it for it in axe(page) if it[0] not in BROUGHT],
    }
    page.context.close()
    assert {what: it for what, it in found.items() if it} == {}
