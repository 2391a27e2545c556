"""The performance table, ready for its template: every cell written, every number a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.addresses import Links, slug_of
from indicators.formatting import escape, span_label
from indicators.periods import Kind
from monitoring.breaks import break_html, notes_of_breaks
from monitoring.cells import about_unit, baseline_html, joined, three
from monitoring.columns import Column
from monitoring.notes import notes_of
from monitoring.performance import Performance, Row

ON_A_SHEET = 4  # columns of three on a sheet of paper
FIXED = 3  # columns before them: indicator, unit, baseline


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as it is, or one sheet of it: the two rows of its head, and its body."""

    top: SafeString
    below: SafeString
    body: SafeString


@dataclass(frozen=True, slots=True)
class Shown:
    """The table for the screen, and where it is wider than paper the sheets for printing."""

    table: Table
    sheets: list[Table]
    notes: list[str]
    span: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A finished row: what stands before the columns, and the cells of each column."""

    head: str
    cells: list[str]


def performance_page(table: Performance, links: Links) -> Shown:
    """Everything that the template shows of the table."""
    groups = [
        (format_html("{} {}", group.objective.code, group.objective.name_html), _lines(group.rows, table, links))
        for group in table.groups
    ]
    whole = _table(table.columns, groups, 0)
    starts = range(0, len(table.columns), ON_A_SHEET) if len(table.columns) > ON_A_SHEET else ()
    sheets = [_table(table.columns[start : start + ON_A_SHEET], groups, start) for start in starts]
    scores = [score for row in table.rows for score in row.scores if score is not None]
    notes = [*notes_of(scores), *notes_of_breaks(row.indicator for row in table.rows)]
    return Shown(whole, sheets, notes, range_label(table.columns))


def range_label(columns: Sequence[Column]) -> str:
    """From the first to the last period shown."""
    periods = [it.label for it in columns if it.span.kind is not Kind.LIFE]
    return "" if not periods else periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]}"


def _lines(rows: Sequence[Row], table: Performance, links: Links) -> list[_Line]:
    slugs = [slug_of(column.span, links.life) for column in table.columns]
    shades = [_shade(column) for column in table.columns]
    return [_line(row, links, slugs, shades) for row in rows]


def _line(row: Row, links: Links, slugs: Sequence[str], shades: Sequence[str]) -> _Line:
    code = row.indicator.code
    places = zip(row.scores, links.places(code, slugs, row.part), shades, strict=True)
    cells = [three(score, row.meaning, place, shade) for score, place, shade in places]
    if row.category is None:
        begin, name = "<tr>", f'<a href="{links.indicator(code)}">{row.indicator.name_html}</a>'
        name += break_html(row.indicator)
    else:
        begin, name = '<tr class="part">', row.category.name_html
    fixed = (
        f'<td class="unit">{escape(about_unit(row.indicator))}</td>'
        f'<td class="num">{baseline_html(row.baseline, row.meaning, _baseline(row, links))}</td>'
    )
    return _Line(f'{begin}<th scope="row">{name}</th>{fixed}', cells)


def _baseline(row: Row, links: Links) -> str:
    if row.baseline is None:
        return ""
    return escape(links.figure(row.indicator.code, row.baseline_of, kind="baseline", part=row.part))


def _table(columns: Sequence[Column], groups: Sequence[tuple[str, list[_Line]]], start: int) -> Table:
    """The columns of the table from `start` on."""
    end, width = start + len(columns), FIXED + 3 * len(columns)
    body = []
    for name, lines in groups:
        body.append(
            f'<tr><th class="group" scope="rowgroup" colspan="{width}"><span>{name}</span></th></tr>\n'
        )
        body.extend(f"{line.head}{''.join(line.cells[start:end])}</tr>\n" for line in lines)
    return Table(joined(_top(it) for it in columns), joined(_below(it) for it in columns), joined(body))


def _shade(column: Column) -> str:
    return " year" if column.total else ""


def _top(column: Column) -> str:
    text = column.label
    if column.span.kind is Kind.LIFE:
        known = column.span.first or column.span.last
        text = f"{_('Life of program')} {span_label(column.span) if known else ''}".strip()
    return format_html('<th scope="colgroup" colspan="3" class="first{}">{}</th>', _shade(column), text)


def _below(column: Column) -> str:
    return format_html(
        '<th scope="col" class="num first{0}">{1}</th><th scope="col" class="num{0}">{2}</th>'
        '<th scope="col" class="num{0}">%</th>',
        _shade(column),
        _("Target"),
        _("Actual"),
    )
