"""`make shots`: every page in every state as a picture, in both languages, wide and narrow; some on paper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tests.everyone.scene import LANGUAGES, Scene, set_scene
from tests.everyone.stops import OF_ADMINISTRATION, OURS, Stop, visited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / ".shots"
WIDTHS = (1280, 390)
ON_PAPER = ("performance", "indicator", "portfolio")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The whole demo, and what the tests of pages add to it."""
    FOLDER.mkdir(exist_ok=True)
    with set_scene(django_db_blocker, whole=True) as scene:
        yield scene


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stop", [*OURS, *OF_ADMINISTRATION], ids=lambda stop: stop.name)
def test_draw(
    scene: Scene, browser: Browser, stop: Stop, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = visited(scene, browser, stop, language)
    for width in WIDTHS:
        draw(page, f"{stop.name}-{language}-{width}", width)
    if stop.name in ON_PAPER:
        page.pdf(
            path=FOLDER / f"{stop.name}-{language}.pdf", prefer_css_page_size=True, print_background=True
        )
    with capsys.disabled():
        sys.stdout.write(f"{stop.name}-{language}: {page.title()}\n")  # the index
    page.context.close()


def draw(page: Page, name: str, width: int) -> None:
    """The whole page, however long, at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
