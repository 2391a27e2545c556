"""The performance table, ready for its template: every cell written, every number a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.addresses import Links, slug_of
from indicators.formatting import escape, span_label
from indicators.periods import Kind
from monitoring.breaks import break_html, notes_of_breaks
from monitoring.cells import about_unit, baseline_html, joined
from monitoring.notes import notes_of
from monitoring.performance.columns import Column
from monitoring.performance.dense import EACH, cells_of
from monitoring.performance.table import Performance, Row

ON_A_SHEET = 4  # periods on a sheet of paper
FIXED = 3  # columns before them: indicator, unit, baseline


@dataclass(frozen=True, slots=True)
class Folds:
    """The breakdowns that indicators have, by id, and where their rows are shown and hidden again."""

    names: Mapping[int, Sequence[str]]
    address: str
    unfolded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as it is, or one sheet of it: the two rows of its head, and its body."""

    columns: SafeString
    top: SafeString
    below: SafeString
    body: SafeString


@dataclass(frozen=True, slots=True)
class Shown:
    """The table for the screen, or the sheets for paper, and what to know of it."""

    tables: list[Table]
    notes: list[str]
    span: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A finished row: what stands before the columns, and the cells of each column."""

    head: str
    cells: list[str]


def performance_page(
    table: Performance, links: Links, folds: Folds, *, latest: Column | None = None, paper: bool = False
) -> Shown:
    """Everything that the template shows of the table, for paper cut into sheets; it opens at `latest`."""
    groups = [
        (
            format_html("{} {}", it.objective.code, it.objective.name_html),
            _lines(it.rows, table, links, folds),
        )
        for it in table.groups
    ]
    wide = len(table.columns)
    starts = range(0, wide, ON_A_SHEET) if paper else (0,)
    step = ON_A_SHEET if paper else wide
    scores = [score for row in table.rows for score in row.scores if score is not None]
    return Shown(
        tables=[_table(table.columns[at : at + step], groups, at, latest) for at in starts] if groups else [],
        notes=[*notes_of(scores), *notes_of_breaks(row.indicator for row in table.rows)],
        span=range_label(table.columns),
        rows=sum(row.category is None for row in table.rows),
    )


def breakdown_rows(table: Performance, links: Links) -> SafeString:
    """The finished rows of the breakdowns alone."""
    rows = [row for row in table.rows if row.category is not None]
    return joined(_written(line, 0, None) for line in _lines(rows, table, links, None))


def range_label(columns: Sequence[Column]) -> str:
    """From the first to the last period shown; totals only where nothing else is."""
    dated = [it for it in columns if it.span.kind is not Kind.LIFE]
    periods = [it.label for it in dated if not it.total] or [it.label for it in dated]
    return "" if not periods else periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]}"


def _lines(rows: Sequence[Row], table: Performance, links: Links, folds: Folds | None) -> list[_Line]:
    slugs = [slug_of(column.span, links.life) for column in table.columns]
    return [_Line(_head(row, links, folds), cells_of(row, links, slugs)) for row in rows]


def _head(row: Row, links: Links, folds: Folds | None) -> str:
    """What stands before the columns: the name, the unit and the baseline."""
    fixed = (
        f"<td class=unit>{escape(about_unit(row.indicator))}"
        f"<td>{baseline_html(row.baseline, row.meaning, _baseline(row, links))}"
    )
    if row.category is not None:
        name, mark = row.category.name_html, row.category.dimension.name_html
        return f"<tr class=part><th scope=row><b>{mark}: </b>{name}{fixed}"
    code = row.indicator.code
    whole = f'<a href="{links.indicator(code)}">{row.indicator.name_html}</a>{break_html(row.indicator)}'
    return f'<tr id="r-{code}"><th scope=row>{whole}{_fold(row, folds)}{fixed}'


def _fold(row: Row, folds: Folds | None) -> str:
    """The link that shows its breakdown rows, or hides them; a script makes a button of it."""
    names = folds.names.get(row.indicator.pk) if folds else None
    if not folds or not names:
        return ""
    said = _("by %(breakdowns)s") % {"breakdowns": ", ".join(names).lower()}
    mark = " data-unfolded" if folds.unfolded else ""
    return (
        f' <a class=fold{mark} href="{escape(folds.address)}#r-{row.indicator.code}">{escape(said)}'
        f"<b>: {escape(row.indicator.shown_name)}</b></a>"
    )


def _baseline(row: Row, links: Links) -> str:
    if row.baseline is None:
        return ""
    return escape(links.figure(row.indicator.code, row.baseline_of, kind="baseline", part=row.part))


def _table(
    columns: Sequence[Column],
    groups: Sequence[tuple[str, list[_Line]]],
    start: int,
    latest: Column | None,
) -> Table:
    """The columns of the table from `start` on."""
    end, width = start + len(columns), FIXED + EACH * len(columns)
    body: list[str] = []
    for name, lines in groups:
        body.append(f"<tbody><tr><th class=group scope=rowgroup colspan={width}><span>{name}</span>\n")
        body.extend(_written(line, start, end) for line in lines)
    return Table(
        joined(_column(it) for it in columns),
        joined(_top(it, is_latest=it == latest) for it in columns),
        joined(_below(it) for it in columns),
        joined(body),
    )


def _written(line: _Line, start: int, end: int | None) -> str:
    return f"{line.head}{''.join(line.cells[start:end])}\n"


def _column(column: Column) -> str:
    return f"<colgroup span={EACH}{' class=year' if column.total else ''}>"


def _top(column: Column, *, is_latest: bool = False) -> str:
    text = column.label
    if column.span.kind is Kind.LIFE:
        known = column.span.first or column.span.last
        text = f"{_('Life of program')} {span_label(column.span) if known else ''}".strip()
    shade = " class=year" if column.total else ""
    mark = " data-latest" if is_latest else ""
    return f"<th{mark} scope=colgroup colspan={EACH}{shade}>{escape(text)}"


def _below(column: Column) -> str:
    shade = " class=year" if column.total else ""
    return "".join(f"<th scope=col{shade}>{escape(name)}" for name in (_("Target"), _("Actual"), "%"))
