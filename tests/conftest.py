"""What all tests share: the test database, plain settings, and a real browser."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from monitoring.database.server import here

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker
    from pytest_django.live_server_helper import LiveServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IN_CI = bool(os.environ.get("CI"))
NO_CHROMIUM = "BROWSER TESTS WERE NOT RUN: no chromium, chromium-browser or google-chrome is installed"
EVIDENCE = tempfile.TemporaryDirectory(prefix="rendir-evidence-")
FLAGS = [
    "--no-sandbox",  # in a container, and as root, there is none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # the tests ask nothing of the world outside
    "--disable-component-update",
    "--disable-sync",
]
LONGEST = 30  # seconds that anything is waited for


def pytest_configure() -> None:
    """Tests make many users: their passwords are hashed in no time, which is of no use elsewhere.

    How long an example takes says something of the machine alone.
    """
    hypothesis.settings.register_profile("unhurried", hypothesis.settings(), deadline=None)
    hypothesis.settings.load_profile("unhurried")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EVIDENCE_DIR = Path(EVIDENCE.name)  # the files of people are let alone


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the browser: `-m "not browser"` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in red, at the very end, that browser tests were left out."""
    if any(NO_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(NO_CHROMIUM, red=True, bold=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves no files and no embedded server behind that nobody else uses."""
    connection.close()
    EVIDENCE.cleanup()
    if hasattr(config, "workerinput"):
        return  # one of several processes: another may be between two connections, and go on
    if settings.DATABASES["default"]["ENGINE"] == "monitoring.database":
        here(settings.DATA_DIR).stop_if_idle()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, in which alone the ledger may be emptied: live servers flush by TRUNCATE.

    What the threads of live servers left open is closed at the end, or it could not be dropped.
    """
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")  # never a database that people use
        _allow_truncate()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"  # an autovacuum that is at work is not ours to end
        )


def _allow_truncate() -> None:
    """Switches off every trigger whose name ends in `_no_truncate`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) "
            r"FROM pg_trigger WHERE tgname LIKE '%\_no\_truncate' AND NOT tgisinternal"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def no_attempts_counted() -> None:
    """The limits of attempts to sign in begin anew with each test."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_language_chosen() -> Iterator[None]:
    """What a test says is not in the language of the last page that another one asked for."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def everybody_answered() -> Iterator[None]:
    """Who asked last is answered before the tables are emptied: each could wait for the other."""
    yield
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # a connection to a live server
            thread.join(LONGEST)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one a loud skip, and in CI a failure."""
    if CHROMIUM is None:
        pytest.fail(NO_CHROMIUM) if IN_CI else pytest.skip(NO_CHROMIUM)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LONGEST * 1000)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps an event loop in this thread
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An empty page on the running site; a script error or a breach of the content policy fails the test."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="America/Lima")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
    yield page
    context.close()
    assert not errors
