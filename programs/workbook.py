"""Tables as a workbook that an auditor can go on with: real numbers and days, never a formula."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from io import BytesIO
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LIMA = ZoneInfo("America/Lima")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIGITS = 15  # that a spreadsheet keeps of a number; one with more is written as text
DECIMALS = 6  # of what comes out of a division; what was given has no more, and keeps its own
LONGEST = 32_767  # characters in a cell
A4 = 9
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
LINE = 13.5  # points that a line of a head is high
HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}
ABSENT = {"font_color": "#5c5c5c", "italic": True}
TOTAL = {"bg_color": "#f0f0f0"}
RIGHT: dict[str, object] = {"align": "right"}
APART: dict[str, object] = {"indent": 1}
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> Decimal:
    """The number with the decimals given; what was divided is rounded half up to 6, idle zeros gone."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -DECIMALS:
        return value
    rounded = value.quantize(_SMALLEST, ROUND_HALF_UP, _EXACT).normalize(_EXACT)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with how it is to stand: `share` as a percentage, `mark` before it, `quiet` in grey."""

    value: object = None
    share: bool = False
    mark: str = ""
    quiet: bool = False
    total: bool = False
    bold: bool = False

    @property
    def kept(self) -> object:
        """The value as a file has it: a share, which was divided, with 6 decimals at most."""
        return plain(self.value) if self.share and isinstance(self.value, Decimal) else self.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: heads (each a row of names with the columns that each spans), rows, and what stays put."""

    title: str
    heads: Sequence[Sequence[tuple[str, int]]]
    rows: Iterable[Sequence[object]]
    widths: Sequence[float]
    fixed: int = 1  # columns that stay while the others scroll, and are repeated on every page
    breaks: Sequence[int] = ()  # columns that begin a page
    empty: str = ""  # what stands in place of rows
    scale: int = 100  # of what is printed, in percent, where the pages are broken


def workbook(sheets: Sequence[Sheet], about: Sequence[tuple[str, object]], foot: str = "") -> bytes:
    """The tables as an XLSX file, with a last sheet that says what they are; `foot` on every printed page."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        writer = _Writer(book, foot)
        for sheet in sheets:
            writer.add(sheet)
        writer.add_about(about)
    return target.getvalue()


class _Writer:
    """Writes cells into one workbook, making each format once."""

    def __init__(self, book: xlsxwriter.Workbook, foot: str) -> None:
        self.book, self.foot = book, foot
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def add(self, sheet: Sheet) -> None:
        page = self._page(sheet.title)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        top = len(sheet.heads)
        last, rows = top - 1, list(sheet.rows)
        numbers = {at for cells in rows for at, cell in enumerate(cells) if _stands_right(cell)}
        for last, cells in enumerate(rows, start=top):
            for column, cell in enumerate(cells):
                self._cell(page, last, column, cell, apart=column - 1 in numbers)
        for row, head in enumerate(sheet.heads):
            self._head(page, row, head, numbers)
            page.set_row(row, LINE * _lines_of(head, sheet.widths))
        if last < top and sheet.empty:
            self._cell(page, top, 0, Cell(sheet.empty, quiet=True))
        page.freeze_panes(top, sheet.fixed)
        page.repeat_rows(0, top - 1)
        page.repeat_columns(0, sheet.fixed - 1)
        if sheet.breaks:
            page.set_print_scale(sheet.scale)
            page.set_v_pagebreaks(list(sheet.breaks))
        else:
            page.fit_to_pages(1, 0)
            page.autofilter(top - 1, 0, max(last, top - 1), len(sheet.widths) - 1)

    def add_about(self, about: Sequence[tuple[str, object]]) -> None:
        from django.utils.translation import gettext

        page = self._page(gettext("About"))
        page.fit_to_pages(1, 0)
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        for row, (name, value) in enumerate(about):
            page.write_string(row, 0, name, self._format(HEAD | {"bottom": 0, "valign": "top"}))
            self._cell(page, row, 1, value, {"text_wrap": True, "align": "left", "valign": "top"})

    def _page(self, title: str) -> Worksheet:
        page = self.book.add_worksheet(_sheet_name(title))
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(**MARGINS)
        page.set_footer(f"&L&8{self.foot.replace('&', '&&')[:200]}&R&8&P / &N")
        return page

    def _head(
        self, page: Worksheet, row: int, head: Sequence[tuple[str, int]], numbers: Container[int]
    ) -> None:
        column = 0
        for name, width in head:
            beside = APART if column - 1 in numbers else {}
            side = {"align": "center"} if width > 1 else RIGHT if column in numbers else beside
            style = self._format({**HEAD, **side})
            if width > 1:
                page.merge_range(row, column, row, column + width - 1, "", style)
            page.write_string(row, column, name[:LONGEST], style)
            column += width

    def _cell(
        self,
        page: Worksheet,
        row: int,
        column: int,
        cell: object,
        more: dict[str, object] | None = None,
        *,
        apart: bool = False,
    ) -> None:
        """Write it, a text `apart` from the numbers on its left."""
        it = cell if isinstance(cell, Cell) else Cell(cell)
        style = {**(more or {}), **(TOTAL if it.total else {}), **(ABSENT if it.quiet else {})}
        if it.bold:
            style["bold"] = True
        value = it.kept
        if value is None or value == "":
            page.write_blank(row, column, None, self._format(style) if style else None)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value, self._format(style))
        elif isinstance(value, Decimal | int) and _fits(Decimal(value)):
            style["num_format"] = _number_format(Decimal(value), it)
            page.write_number(row, column, float(value), self._format(style))
        elif isinstance(value, datetime):
            style["num_format"] = "yyyy-mm-dd hh:mm:ss"
            page.write_datetime(row, column, value.astimezone(LIMA), self._format(style))
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self._format(style | {"num_format": "yyyy-mm-dd"}))
        else:
            style |= APART if apart else {}
            text = f"{it.mark} {value}".strip() if isinstance(value, Decimal) else str(value)
            page.write_string(row, column, text[:LONGEST], self._format(style))

    def _format(self, style: dict[str, Any]) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_size": 10, **style})
        return self.formats[key]


def _stands_right(cell: object) -> bool:
    value = cell.value if isinstance(cell, Cell) else cell
    return isinstance(value, Decimal | int | date) and not isinstance(value, bool)


def _lines_of(head: Sequence[tuple[str, int]], widths: Sequence[float]) -> int:
    """How many lines a head takes, each of its names in the width of its columns."""
    lines, column = 1, 0
    for name, span in head:
        width = sum(widths[column : column + span])
        lines = max(lines, len(wrap(name, max(int(width) - 1, 1))))
        column += span
    return lines


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those that the format forbids."""
    return "".join("-" if it in "[]:*?/\\'" else it for it in title)[:31] or "1"


def _fits(value: Decimal) -> bool:
    return value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS


def _number_format(value: Decimal, cell: Cell) -> str:
    """With the decimals that were given, its thousands separated, and its mark before it."""
    if cell.share:
        return "0.0 %"
    exponent = value.as_tuple().exponent
    places = min(-exponent, 6) if isinstance(exponent, int) and exponent < 0 else 0
    plain = "#,##0" + ("." + "0" * places if places else "")
    mark = cell.mark.replace('"', "")
    return f'"{mark} "{plain};"{mark} "-{plain}' if mark else plain
