"""LibreOffice opens the workbook of the performance table and finds the numbers of the page in it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import reverse

from tests.monitoring.reading import get, text_of
from tests.monitoring.test_every_number import make_rich_scene

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
HEAD, FIXED, EACH = 2, 6, 5  # rows of the head; columns before the periods; columns of a period


@pytest.fixture
def office(tmp_path: Path) -> str:
    """The program; without it the test is skipped, and says so at the end of the run."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not here: that it reads the numbers of the page was NOT tried")
    return OFFICE


def opened(office: str, workbook: bytes, folder: Path) -> list[list[str]]:
    """The first sheet as the program reads it, with its own cells as they are, not as they are shown."""
    (folder / "table.xlsx").write_bytes(workbook)
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    command = [
        office,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        options,
    ]
    command += ["--outdir", str(folder), str(folder / "table.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with (folder / "table.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


class Cells(HTMLParser):
    """The cells of the page's table: a list of texts for each row of an indicator or a category."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "tbody":
            self.inside = True
        if tag == "tr" and self.inside:
            self.rows.append([])
        if tag in ("td", "th") and self.rows and self.inside:
            self.tags.clear()
            self.rows[-1] += [""] * int(known.get("colspan") or 1)
        if tag in ("b", "i", "span"):
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False
        if tag in self.tags:
            self.tags.remove(tag)

    def handle_data(self, data: str) -> None:
        if self.inside and self.rows and self.rows[-1] and not self.tags:
            self.rows[-1][-1] += data.strip()


def number(text: str) -> Decimal | None:
    """The number that a cell shows; None for a word and for nothing."""
    found = re.fullmatch(r"([−+-]?[\d,]+(?:\.\d+)?)( %)?", text)
    return Decimal(found[1].replace(",", "").replace("−", "-")) if found else None


def same(shown: Decimal, kept: str, factor: int = 1) -> bool:
    """Whether what is kept, rounded to the decimals that are shown, is what is shown."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?(?:E-?\d+)?)(%)?", kept)  # of a share it writes the sign, too
    if found is None:
        return False
    value = Decimal(found[1]) * (1 if found[2] else factor)
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(value - shown) <= Decimal(5).scaleb(min(exponent, 0) - 1)


@pytest.mark.django_db
def test_the_numbers_of_the_page_stand_in_the_workbook(office: str, tmp_path: Path) -> None:
    scene = make_rich_scene()
    page = reverse("performance", args=["READ"])
    parser = Cells()
    parser.feed(text_of(get(scene.manager, page, categories="on")))
    shown = [row for row in parser.rows if len(row) > 1 and row[-1:] and len(set(row)) > 1 and row[1]]
    content = get(scene.manager, page, categories="on", format="xlsx").content
    rows = [row for row in opened(office, content, tmp_path)[HEAD:] if any(row)]
    assert len(rows) == len(shown) > 3
    compared = [it for row, cells in zip(rows, shown, strict=True) for it in pairs_of(row, cells)]
    assert len(compared) >= 20
    assert [it for it in compared if not same(*it)] == []


def pairs_of(row: list[str], cells: list[str]) -> Iterator[tuple[Decimal, str, int]]:
    """Every number of a row of the page with what the workbook has in its place.

    What has no achievement shows its deviation or pace on the page, which the workbook leaves out.
    """
    for at in range((len(cells) - 3) // 3):
        target, actual, share = (number(it) for it in cells[3 + 3 * at : 6 + 3 * at])
        begin = FIXED + EACH * at
        if target is not None:
            yield target, row[begin], 1
        if actual is not None:
            yield actual, row[begin + 1], 1
        if share is not None and row[begin + 3]:
            yield share, row[begin + 3], 100
