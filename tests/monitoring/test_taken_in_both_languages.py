"""Every page that can be taken along is, as CSV and as a workbook, in English and in Spanish."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override
from python_calamine import CalamineWorkbook

from indicators.actions import send_back
from indicators.periods import shifted
from indicators.words import STATUSES
from monitoring.performance.table import FIELDS
from programs.models import SignIn, User
from tests import builders as make
from tests.monitoring.reading import Scene
from tests.monitoring.test_every_number import make_rich_scene, values_of
from tests.programs.test_bilingual import pages_of

pytestmark = pytest.mark.django_db

# a head of every table that a page offers, by the page and the parameter that asks for the file
OFFERED = {
    ("portfolio", "format"): "On time",
    ("programs", "format"): "Component",
    ("program", "format"): "Baseline of",
    ("people", "format"): "Second factor",
    ("people", "sign-ins-format"): "Person",
    ("performance", "format"): "Baseline",
    ("indicator", "format"): "Original target",
    ("work", "format"): "Due on",
    ("reports", "format"): "Submitted",
    ("review", "format"): "Explanation",
    ("targets", "format"): "Set by",
}
FILE = re.compile(r'href="(\?(?:[^"]*[?&;])?([a-z-]*format)=csv[^"]*)"')


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language that a request was answered in would be that of the next test too."""
    with override("en"):
        yield


@pytest.fixture
def scene() -> Scene:
    """Figures of every measure, and reports in every state."""
    scene = make_rich_scene()
    make.make_report(scene.program, scene.south, make.make_period(shifted(scene.quarter, -3).label))
    period = make.make_period(shifted(scene.quarter, -9).label)
    for site in (scene.north, scene.south):
        report = make.make_report(scene.program, site, period)
        report = make.submitted(report, values_of(site, 9, 1), scene.reporter)
        if site == scene.south:
            number = report.submission
            send_back(report_id=report.pk, by=scene.manager, submission=number, remarks={}, reason="Again")
    SignIn.objects.create(user=scene.reporter, how="password", succeeded=True)
    return scene


def get(user: User, path: str, language: str) -> Any:
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(path)
    assert response.status_code == 200, (path, language)
    return response


def offered(scene: Scene) -> dict[tuple[str, str], str]:
    """The addresses of all CSV files, as the pages of a program link them."""
    found = {}
    for name, path in pages_of(scene).items():
        page = get(scene.manager, path, "en").content.decode()
        for href, asked in FILE.findall(page):
            found[name, asked] = urljoin(path, html.unescape(href))
    return found


def rows_of(response: Any) -> list[list[str]]:
    """What a file holds: the rows of the CSV, or of the first sheet."""
    if response.streaming:
        content = b"".join(response.streaming_content).decode()
        return list(csv.reader(io.StringIO(content)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def test_every_page_that_can_be_taken_along_is_known_here(scene: Scene) -> None:
    assert set(offered(scene)) == set(OFFERED)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_file_comes_with_rows_and_speaks_the_language_of_the_page(
    scene: Scene, language: str, file_format: str
) -> None:
    for (page, asked), address in offered(scene).items():
        path = address.replace(f"{asked}=csv", f"{asked}={file_format}")
        rows = rows_of(get(scene.manager, path, language))
        depth = 2 if (page, file_format) == ("performance", "xlsx") else 1
        assert len(rows) > depth, path
        head = OFFERED[page, asked]
        with override(language):
            said = gettext(head)
        assert (said == head) == (language == "en"), head
        if (page, file_format) == ("performance", "csv"):
            assert rows[0] == list(FIELDS)  # for machines: the same as the command writes, see trust.md
        else:
            assert said in rows[depth - 1], (path, rows[depth - 1])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_state_of_a_report_is_a_word_of_the_language(scene: Scene, language: str) -> None:
    with override(language):
        head = gettext("State")
        words = {str(STATUSES[state]) for state in ("approved", "draft", "returned", "submitted")}
    rows = rows_of(get(scene.manager, "/reports/?format=csv", language))
    assert {row[rows[0].index(head)] for row in rows[1:]} == words
    assert ("approved" in words) == (language == "en")
