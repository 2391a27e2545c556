"""The performance table, ready for its template: every cell written, every number a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.formatting import span_label
from indicators.models import Indicator
from indicators.periods import Kind
from indicators.scoring import Score
from monitoring.cells import about_unit, anchor, baseline_html, joined, three
from monitoring.columns import Column
from monitoring.notes import notes_of
from monitoring.performance import Performance, Row
from programs.models import Program

ON_A_SHEET = 4  # columns of three on a sheet of paper
FIXED = 3  # columns before them: indicator, unit, baseline


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the body: a group's head, or an indicator (or category) with its cells."""

    head: SafeString
    cells: SafeString
    is_group: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as it is, or one sheet of it."""

    columns: list[Column]
    top: SafeString
    below: SafeString
    lines: list[Line]
    width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The table for the screen, and where it is wider than paper the sheets for printing."""

    table: Table
    sheets: list[Table]
    notes: list[str]
    span: str


def performance_page(program: Program, table: Performance) -> Shown:
    """Everything that the template shows of the table."""
    cells = {id(row): _cells(program, row, table.columns) for row in table.rows}
    whole = _table(program, table, cells, 0, len(table.columns))
    starts = range(0, len(table.columns), ON_A_SHEET) if len(table.columns) > ON_A_SHEET else ()
    sheets = [_table(program, table, cells, start, start + ON_A_SHEET) for start in starts]
    scores = [score for row in table.rows for score in row.scores if score is not None]
    return Shown(whole, sheets, notes_of(scores), range_label(table.columns))


def range_label(columns: list[Column]) -> str:
    """From the first to the last period shown."""
    periods = [it.label for it in columns if it.span.kind is not Kind.LIFE]
    return "" if not periods else periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]}"


def _cells(program: Program, row: Row, columns: list[Column]) -> list[str]:
    href = escape(reverse("indicator", args=[program.code, row.indicator.code]))
    return [_cell(score, row, column, href) for score, column in zip(row.scores, columns, strict=True)]


def _cell(score: Score | None, row: Row, column: Column, href: str) -> str:
    return three(score, row.meaning, f"{href}#{anchor(column.span)}", " year" if column.total else "")


def _table(program: Program, table: Performance, cells: dict[int, list[str]], start: int, end: int) -> Table:
    columns = table.columns[start:end]
    width = FIXED + 3 * len(columns)
    lines: list[Line] = []
    for group in table.groups:
        name = format_html("{} {}", group.objective.code, group.objective.name)
        lines.append(Line(name, joined([]), is_group=True))
        lines.extend(_line(program, row, cells[id(row)][start:end]) for row in group.rows)
    return Table(
        columns, joined(_top(it) for it in columns), joined(_below(it) for it in columns), lines, width
    )


def _line(program: Program, row: Row, cells: list[str]) -> Line:
    unit = f'<td class="unit">{escape(about_unit(row.indicator))}</td>'
    baseline = f'<td class="num">{baseline_html(row.baseline, row.meaning)}</td>'
    if row.category is not None:
        return Line(escape(row.category.name), joined([unit, baseline, *cells]), is_part=True)
    return Line(_name(program, row.indicator), joined([unit, baseline, *cells]))


def _name(program: Program, indicator: Indicator) -> SafeString:
    href = reverse("indicator", args=[program.code, indicator.code])
    return format_html('<a href="{}">{}</a>', href, indicator.name)


def _top(column: Column) -> str:
    shade = " year" if column.total else ""
    text = column.label
    if column.span.kind is Kind.LIFE:
        known = column.span.first or column.span.last
        text = f"{_('Life of program')} {span_label(column.span) if known else ''}".strip()
    return format_html('<th scope="colgroup" colspan="3" class="first{}">{}</th>', shade, text)


def _below(column: Column) -> str:
    shade = " year" if column.total else ""
    return format_html(
        '<th scope="col" class="num first{0}">{1}</th><th scope="col" class="num{0}">{2}</th>'
        '<th scope="col" class="num{0}">%</th>',
        shade,
        _("Target"),
        _("Actual"),
    )
