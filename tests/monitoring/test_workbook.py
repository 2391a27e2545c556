"""What is taken along as a workbook, read back by another program."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from indicators.ledger import load_books
from indicators.periods import Calendar, parse_label
from indicators.values import EntryKind
from monitoring.performance.book import performance_book, sheet_of
from monitoring.performance.columns import Reach
from monitoring.performance.table import assemble, choose_columns
from programs.workbook import Cell, Sheet, workbook
from tests.monitoring.reading import make_scene

PRINTED = 297 - 2 * 10.2  # mm of A4 between the margins
WIDEST = 25.4 / 96 * 10  # mm that a character is wide in the widest of the fonts that stand in for Excel's
LIVE = ["=1+1", '=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", "\t=1", "{=1}", "http://example.org"]


def read(content: bytes, sheet: int = 0) -> list[list[Any]]:
    found: list[list[Any]] = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(sheet).to_python()
    )
    return found


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def sheet_with(*cells: object) -> Sheet:
    return Sheet("Rows", [[(f"column {at}", 1) for at in range(len(cells))]], [cells], [12] * len(cells))


def test_numbers_and_days_are_real() -> None:
    moment = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    content = workbook([sheet_with(Decimal("1926.50"), date(2026, 3, 31), moment, 7, True, None)], [])
    _, row = read(content)
    # a moment stands as the clocks in Lima say it
    in_lima = datetime.fromisoformat("2026-11-22T10:30:00")
    assert row[:5] == [1926.5, date(2026, 3, 31), in_lima, 7.0, True]


@pytest.mark.parametrize("text", LIVE)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    content = workbook([sheet_with(text, Cell(text))], [("Program", text)], foot=text)
    assert read(content)[1] == [text, text]
    assert not [name for name, part in parts(content).items() if re.search(r"<f[ >]|<hyperlink", part)]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=80))
def test_every_text_is_a_text(text: str) -> None:
    content = workbook([sheet_with("begin", text)], [("Program", text)], foot=text)
    assert not [name for name, part in parts(content).items() if re.search(r"<f[ >]|<hyperlink", part)]
    assert read(content)[1][0] == "begin"


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_is_written_out() -> None:
    content = workbook([sheet_with(Decimal("1234567890123456.5"), Decimal("0.1"))], [])
    assert read(content)[1] == ["1234567890123456.5", 0.1]


def test_a_share_that_never_ends_is_a_number() -> None:
    assert read(workbook([sheet_with("begin", Cell(Decimal(1) / 3, share=True))], []))[1][1] == 0.333333


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Cell(Decimal(73000), mark=">"), '"&gt; "#,##0;"&gt; "-#,##0'.replace('"', "&quot;")),
        (Cell(Decimal("1926.50")), "#,##0.00"),
        (Cell(Decimal("1.112"), share=True), "0.0 %"),
    ],
)
def test_a_number_keeps_its_decimals_and_its_mark(cell: Cell, shown: str) -> None:
    assert f'formatCode="{shown}"' in parts(workbook([sheet_with(cell)], []))["xl/styles.xml"]


def alignments(content: bytes) -> list[list[str]]:
    """How each cell of the first sheet is aligned, row by row; "" as its kind is by itself."""
    found = parts(content)
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", found["xl/styles.xml"].split("<cellXfs")[1])
    said = [re.search(r"<alignment ([^/]*)/>", it) for it in formats]
    sides = [re.sub(r"(vertical|wrapText)=\S+ ?", "", it[1]).strip() if it else "" for it in said]
    rows = re.findall(r"<row .*?</row>", found["xl/worksheets/sheet1.xml"])
    return [[sides[int(it)] for it in re.findall(r'<c [^>]*s="(\d+)"', row)] for row in rows]


def test_a_head_stands_where_its_numbers_stand_and_words_do_not_touch_them() -> None:
    right, apart = 'horizontal="right"', 'horizontal="left" indent="1"'
    rows = [
        ("North", "none", None, "missing", "noted"),
        ("North", Decimal(7), date(2026, 3, 31), "as counted", "noted"),
    ]
    sheet = replace(sheet_with(*rows[0]), rows=rows)
    head, *below = alignments(workbook([sheet], []))
    assert head == ["", right, right, apart, ""]
    assert [row[-2:] for row in below] == [[apart, ""]] * 2
    assert below[1][1:3] == ["", ""]


def test_a_long_head_takes_several_lines() -> None:
    sheet = replace(sheet_with(1, 2), heads=[[("Life of program: Held against", 1), ("Code", 1)]])
    found = parts(workbook([sheet], []))["xl/worksheets/sheet1.xml"]
    assert re.search(r'<row r="1"[^>]* ht="54"', found)


def test_the_last_sheet_says_what_it_is() -> None:
    content = workbook([sheet_with(1)], [("Program", "Stations"), ("As of", date(2026, 6, 30))])
    assert read(content, 1) == [["Program", "Stations"], ["As of", date(2026, 6, 30)]]


def test_it_prints_on_a4_landscape_with_its_heads_repeated() -> None:
    found = parts(workbook([sheet_with(1, 2)], [], foot="Stations & more"))
    sheet = found["xl/worksheets/sheet1.xml"]
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "<pane " in sheet
    assert "Stations &amp;&amp; more" in sheet
    assert "Print_Titles" in found["xl/workbook.xml"]


def performance_sheet() -> tuple[Sheet, list[str]]:
    """The sheet of a program's performance table, and the names of its periods."""
    scene = make_scene()
    book = load_books([scene.program], today=timezone.localdate())[scene.program.pk]
    table = assemble(book, choose_columns(book, Calendar.CALENDAR, Reach()))
    return sheet_of(table), [it.label for it in table.columns]


@pytest.mark.django_db
def test_no_page_on_paper_begins_inside_a_period() -> None:
    sheet, periods = performance_sheet()
    content = workbook([sheet], [])
    breaks = re.search(r"<colBreaks.*?</colBreaks>", parts(content)["xl/worksheets/sheet1.xml"])
    assert breaks is not None
    begins = [int(it) for it in re.findall(r'<brk id="(\d+)"', breaks[0])]
    heads = read(content)[0]
    assert len(periods) > 3
    assert [heads[at] for at in begins] == periods[1::2]


@pytest.mark.django_db
def test_every_page_on_paper_is_as_wide_as_its_columns() -> None:
    sheet, _periods = performance_sheet()
    edges = [0, *sheet.breaks, len(sheet.widths)]
    repeated = sum(sheet.widths[: sheet.fixed])
    for begin, end in pairwise(edges):
        width = sum(sheet.widths[begin:end]) + (repeated if begin else 0)
        assert width * WIDEST * sheet.scale / 100 <= PRINTED


@pytest.mark.django_db
def test_the_performance_table_has_the_figures_of_the_page() -> None:
    scene = make_scene()
    scene.plan("1003", parse_label("2020"), EntryKind.BASELINE)
    today = timezone.localdate()
    book = load_books([scene.program], today=today)[scene.program.pk]
    columns = choose_columns(book, Calendar.CALENDAR, Reach())
    table = assemble(book, columns)
    rows = read(performance_book(table, [("Program", scene.program.name)], "foot"))
    at = rows[0].index(scene.quarter.label)
    assert rows[1][at : at + 5] == ["Target", "Actual", "Complete", "Achieved", "Status"]
    assert rows[2][1:4] == ["PEOPLE", "People trained", "people ↑"]
    assert rows[1][4:6] == ["Baseline", "Baseline of"]
    assert rows[2][4:6] == [1003.0, "2020"]
    assert rows[2][at : at + 5] == [40.0, 42.0, "2/2", 1.05, "met"]
