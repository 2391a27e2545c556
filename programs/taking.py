"""Tables taken along: what a page shows, as a file for a spreadsheet. Real values, never HTML or a formula.

A view offers a table with `offer(request, table)` and answers with `taken(request, …)` where a file was asked
for. What is no table of django-tables2 is given as a `Taken`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.taming import tamed
from programs.workbook import CONTENT_TYPE, Cell, Sheet, workbook

FORMATS = ("csv", "xlsx")
FORMAT = "format"
HEAD_LINES = 3  # that a long head is broken into
NARROW, WIDE = 8, 60  # characters that a column of a workbook may be wide
MEASURED = 200  # rows that say how wide it is


@dataclass(frozen=True, slots=True)
class Taken:
    """A table as it leaves the site: the name of its file, its heads, its rows of plain values or cells."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    about: Sequence[tuple[str, object]] = ()


def wanted(request: HttpRequest, prefix: str = "") -> str:
    """The format that a file is asked for in: csv, xlsx or (the page) ""."""
    asked = request.GET.get(f"{prefix}{FORMAT}", "")
    return asked if asked in FORMATS else ""


def address(request: HttpRequest, file_format: str, prefix: str = "") -> str:
    """The page with the same choices as a file: all of it, whichever page of it is open."""
    query = request.GET.copy()
    query.pop(f"{prefix}page", None)
    query[f"{prefix}{FORMAT}"] = file_format
    return f"?{query.urlencode()}"


def addresses(request: HttpRequest) -> dict[str, str]:
    """The same for each format, as `_take.html` is given them."""
    return {f"{it}_url": address(request, it) for it in FORMATS}


def offer(request: HttpRequest, *tables: Any) -> None:
    """Give tables of django-tables2 the addresses of their files and, for paper, what narrowed them."""
    for table in tables:
        table.chosen = choices_of(getattr(table, "filter_form", None))
        table.csv_url, table.xlsx_url = (address(request, it, table.prefix or "") for it in FORMATS)


def taken(request: HttpRequest, *tables: Any) -> HttpResponseBase | None:
    """The file of the table that one is asked for of, None where it is the page."""
    for table in tables:
        if file_format := wanted(request, table.prefix or ""):
            return as_file(request, of_table(table), file_format)
    return None


def of_table(table: Any) -> Taken:
    """All rows of a table of django-tables2 as it is filtered and sorted; `value_…` gives the real values.

    The table says `file_name`, and may say `caption` and `filter_form`. Columns with `exclude_from_export`
    stay behind, those with `visible=False` stand in the file alone.
    """
    columns = [it for it in table.columns.iterall() if not it.column.exclude_from_export]
    rows = ([_plain(row.get_cell_value(column.name)) for column in columns] for row in table.rows)
    heads = [force_str(it.header) for it in columns]
    chosen = choices_of(getattr(table, "filter_form", None))
    title = force_str(getattr(table, "caption", "") or table.file_name)
    return Taken(table.file_name, title, heads, rows, chosen)


def _plain(value: object) -> object:
    """What a column gives, as a value of its own: no lazy text and nothing of HTML."""
    if isinstance(value, SafeString):
        return strip_tags(value).strip()
    if value is None or isinstance(value, bool | int | Decimal | date | Cell):
        return value
    return force_str(value)


def choices_of(form: forms.Form | None) -> list[tuple[str, object]]:
    """What a table was narrowed by, in the words of its form."""
    found: list[tuple[str, object]] = []
    for box in form or ():
        given = box.data
        if given in (None, "", [], False) or box.errors:
            continue
        named = {force_str(key): force_str(name) for key, name in _choices(box)}
        texts = [force_str(it) for it in (given if isinstance(given, list) else [given])]
        said = _("yes") if given is True else ", ".join(named.get(it, it) for it in texts)
        found.append((force_str(box.label), said))
    return found


def _choices(box: Any) -> list[tuple[object, object]]:
    choices: Any = getattr(box.field, "choices", None) or getattr(box.field.widget, "choices", ())
    return [(key, name) for key, name in choices if not isinstance(name, list | tuple)]


def as_file(request: HttpRequest, table: Taken, file_format: str) -> HttpResponseBase:
    """The table as a download in that format."""
    if file_format == "csv":
        cells = ([_bare(cell) for cell in row] for row in table.rows)
        return csv_file(table.name, table.heads, cells)
    rows = [list(row) for row in table.rows]
    sheet = Sheet(
        title=table.title,
        heads=[[(head, 1) for head in table.heads]],
        rows=rows,
        widths=_widths(table.heads, rows),
        empty=_("No rows."),
    )
    about = [
        (_("Table"), table.title),
        *table.about,
        (_("Rows"), len(rows)),
        *made(request),
    ]
    return xlsx_file(table.name, workbook([sheet], about, foot=table.title))


def made(request: HttpRequest) -> list[tuple[str, object]]:
    """When a file was made, by whom and from which page: what the last sheet of every workbook says."""
    who = getattr(request.user, "shown_name", "")
    query = request.GET.copy()
    for name in [it for it in query if it.endswith(FORMAT)]:
        del query[name]
    page = request.build_absolute_uri(request.path) + (f"?{query.urlencode()}" if query else "")
    return [(_("Made at (Lima)"), timezone.now()), (_("Made by"), who), (_("Page"), page)]


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """A CSV file to keep; every row is there before the first is sent."""
    lines = list(csv_lines(heads, rows))
    return _kept(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), f"{name}.csv")


def xlsx_file(name: str, content: bytes) -> HttpResponseBase:
    """A workbook to keep."""
    return _kept(HttpResponse(content, content_type=CONTENT_TYPE), f"{name}.xlsx")


def _kept(response: HttpResponseBase, name: str) -> HttpResponseBase:
    safe = "".join(it if it.isascii() and (it.isalnum() or it in "-_.") else "-" for it in name)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


def _widths(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[float]:
    found: list[float] = []
    for at, head in enumerate(heads):
        seen = (len(str(_shown(row[at]))) for row in rows[:MEASURED])
        words = (len(word) for word in head.split())
        longest = max((*seen, *words, len(head) // HEAD_LINES), default=0)
        found.append(max(NARROW, min(WIDE, longest + 2)))
    return found


def _shown(cell: object) -> object:
    value = _bare(cell)
    return "2026-11-22 10:30:00" if isinstance(value, datetime) else "" if value is None else value


def _bare(cell: object) -> object:
    return cell.kept if isinstance(cell, Cell) else cell


# the same lines for every file of the site ---------------------------------------------------------------


def csv_lines(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table as CSV, line by line (RFC 4180); a text that a spreadsheet would run gets an apostrophe."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(fields)
    yield line.text
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        yield line.text


class _Line:
    """What the csv module writes its last line to."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _csv_cell(cell: object) -> object:
    if isinstance(cell, str):
        return tamed(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else cell
