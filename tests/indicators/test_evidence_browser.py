"""A person hands in files with a mouse: row by row, and without any script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from indicators.models import Evidence, Result
from tests import builders as make
from tests.indicators.desk import Desk, make_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register of August.csv"
    path.write_text("Name;Day\nA;2026-08-02\n", encoding="utf-8")
    return path


def signed_in(page: Page, desk: Desk, where: str) -> None:
    """The reporter's session in this browser, on that page."""
    client = Client()
    client.force_login(desk.reporter)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    page.goto(where)


def save(page: Page) -> None:
    """Press Save, and wait for the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()


def row_of(desk: Desk) -> str:
    return f"#row-{desk.counted.pk}"


def test_a_file_is_handed_in_replaced_and_removed(
    page: Page, desk: Desk, register: Path, tmp_path: Path
) -> None:
    signed_in(page, desk, desk.url())
    row = page.locator(row_of(desk))
    row.locator("summary").click()
    row.locator(f"#value-{desk.counted.pk}").fill("12")
    row.locator("input[type=file]").set_input_files(register)
    row.get_by_role("link", name="register of August.csv").wait_for()
    kept = Evidence.objects.get()
    expect(row.get_by_text(f"SHA-256 {kept.sha256[:8]}")).to_be_visible()
    # the row goes on saving itself, with its file
    row.locator(f"#explanation-{desk.counted.pk}").fill("Counted twice")
    row.locator(f"#explanation-{desk.counted.pk}").blur()
    page.locator("#version[value='2']").wait_for(state="attached")
    held = Result.objects.get(series=desk.counted)
    assert (held.evidence, held.typed, held.explanation) == (kept, "12", "Counted twice")
    with page.expect_download() as download:
        row.get_by_role("link", name="register of August.csv").click()
    assert Path(download.value.path()).read_bytes() == register.read_bytes()
    assert download.value.suggested_filename == "register of August.csv"
    bad = tmp_path / "page.csv"
    bad.write_text("<html>", encoding="utf-8")
    row.locator("input[type=file]").set_input_files(bad)
    row.get_by_text("This is the text of a web page.").wait_for()
    expect(row.locator("input[type=file]")).to_have_value("")
    row.get_by_label("Remove this file").click()  # not `check`: the box goes with the answer
    row.locator(f"textarea#evidence-{desk.counted.pk}").wait_for()
    assert Result.objects.get(series=desk.counted).evidence is None


def test_without_a_script_the_form_hands_it_in(
    browser: Browser, live_server: LiveServer, desk: Desk, register: Path
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    signed_in(page, desk, f"{desk.url()}?notes=all")
    page.locator(f"{row_of(desk)} input[type=file]").set_input_files(register)
    save(page)
    page.goto(f"{desk.url()}?notes=all")
    assert page.locator(row_of(desk)).get_by_role("link", name="register of August.csv").is_visible()
    page.get_by_label("Remove this file").check()
    save(page)
    assert Result.objects.get(series=desk.counted).evidence is None
    context.close()


def test_a_file_that_is_far_too_large_is_said_and_what_was_typed_stays(
    page: Page, desk: Desk, tmp_path: Path, settings: object
) -> None:
    settings.REQUEST_MAX_BYTES = 1_000_000  # type: ignore[attr-defined]  # pytest-django's settings
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 1_500_000)
    signed_in(page, desk, f"{desk.url()}?notes=all")
    value = page.locator(f"#value-{desk.counted.pk}")
    value.fill("12")
    page.locator(f"{row_of(desk)} input[type=file]").set_input_files(large)
    page.get_by_text("at most 1 MB are read at once").wait_for()
    assert value.input_value() == "12"
    save(page)
    page.get_by_role("heading", name="This was too much at once").wait_for()
    page.go_back()
    page.get_by_role("button", name="Put it back").click()
    assert value.input_value() == "12"


def test_somebody_elses_file_comes_into_the_page(page: Page, desk: Desk) -> None:
    signed_in(page, desk, f"{desk.url()}?notes=all")
    make.hand_in(desk.report, desk.counted, desk.colleague)
    value = page.locator(f"#value-{desk.counted.pk}")
    value.fill("12")
    value.blur()
    page.locator(row_of(desk)).get_by_role("link", name="register.txt").wait_for()
    assert Result.objects.get(series=desk.counted).evidence is not None
