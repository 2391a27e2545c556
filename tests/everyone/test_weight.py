"""How much of a page for entry goes over the wire, as a production site serves it: first, and after that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from indicators.actions import lay_series
from programs.models import User
from tests import builders as make
from tests.indicators.desk import MILESTONE, RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)

KB = 1000
FIRST, NEXT = 200 * KB, 20 * KB
SHAPES: tuple[dict[str, Any], ...] = ({}, RATIO, {}, MILESTONE, {"unit": "kilograms of cocaine base"})
HASHED = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


class Unserved(StaticFilesHandler):
    """As in production: static files are left to the site itself."""

    def _should_handle(self, path: str) -> bool:
        return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveServer]:
    """A site whose static files are collected: hashed and compressed."""
    with override_settings(
        STORAGES=HASHED, STATIC_ROOT=tmp_path, WHITENOISE_USE_FINDERS=False, WHITENOISE_AUTOREFRESH=False
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        server = LiveServer("localhost", start=False)
        server.thread.static_handler = Unserved
        server._live_server_modified_settings.enable()
        server.start()
        yield server
        server.stop()
        server._live_server_modified_settings.disable()


def make_report(indicators: int) -> str:
    """The address of a draft with so many indicators, every fifth of them broken down."""
    program = make.make_program(name="Model Police Stations")
    site = make.make_site(program, name="Bellavista station")
    make.assign(make.make_user(username="reporter"), program, "reporter", site)
    objective = make.make_objective(program)
    made = [
        make.make_indicator(
            objective=objective, name=f"People served by the station in matter {n}", **SHAPES[n % 5]
        )
        for n in range(indicators)
    ]
    kinds = make.make_dimension("robbery", "assault", "other", name="by kind")
    for indicator in made[::5]:
        make.break_down(indicator, kinds)
    lay_series(indicators=made)
    return f"/reports/{make.make_report(program, site).pk}/"


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("reporter")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/my-work/")


def weigh(page: Page, address: str) -> int:
    """The bytes that went over the wire for a page and all its parts, heads included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    bytes_of: list[int] = []
    session.on("Network.loadingFinished", lambda said: bytes_of.append(int(said["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(bytes_of)


@pytest.mark.parametrize("indicators", [14, 50])
def test_a_page_for_entry_is_light(browser: Browser, site: LiveServer, indicators: int) -> None:
    address = make_report(indicators)
    assert User.objects.filter(username="reporter").exists()
    with browser.new_context(base_url=site.url, locale="en-US") as context:
        page = context.new_page()
        sign_in(page)
        session = context.new_cdp_session(page)
        session.send("Network.clearBrowserCache")
        first = weigh(page, address)
        after = weigh(page, address)
    assert (first <= FIRST, after <= NEXT) == (True, True), (first, after)


def test_static_files_are_kept_for_good(browser: Browser, site: LiveServer) -> None:
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        heads: dict[str, dict[str, str]] = {}
        page.on("response", lambda it: heads.update({it.url: it.headers}))
        page.goto("/sign-in/", wait_until="networkidle")
    static = {url: head for url, head in heads.items() if "/static/" in url}
    assert len(static) > 5
    for url, head in static.items():
        assert "immutable" in head["cache-control"], url
        assert "max-age=315360000" in head["cache-control"], url
        packed = url.endswith((".woff2", ".svg")) or int(head.get("content-length", 0)) < 400
        assert packed or head["content-encoding"] == "gzip", url
    assert "no-cache" in heads[f"{site.url}/sign-in/"]["cache-control"]
    assert heads[f"{site.url}/sign-in/"]["content-encoding"] == "gzip"
