"""How a score came about: which figures it was made of, one level down. Pure.

It asks the same functions that made the score, so what it lists makes the same value again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from indicators.books import IndicatorBook
from indicators.combining import Combined, Missing, Row, Site, combine_rows, counted, over_sites
from indicators.periods import Span
from indicators.planning import needed, plan_rows
from indicators.scoring import Case
from indicators.series import Line, has_no_days
from indicators.values import Figure, Measure


class Way(StrEnum):
    """How the parts make the whole."""

    EXACTLY = "exactly"  # reported or set for exactly the span: nothing was combined
    OVER_SITES = "over_sites"
    OVER_TIME = "over_time"


class Part(NamedTuple):
    """What a figure rests on: a site's, the program's (site None) or, `whole`, that of all sites together.

    `entered` is one figure of the ledger (or where one is missing), else it is combined itself.
    """

    site: Site
    span: Span
    combined: Combined
    whole: bool = False
    entered: bool = True
    figure: Figure | None = None  # as it was entered, an absence too
    sites: tuple[Site, ...] = ()  # those of a `whole`, where the program says something else of it itself


class Working(NamedTuple):
    """The way and the parts."""

    way: Way
    parts: tuple[Part, ...]

    @property
    def sites_below(self) -> int:
        """How many figures the fullest part is made of."""
        return max((it.combined.want for it in self.parts if it.whole), default=0)


def working_of_actual(book: IndicatorBook, span: Span, sites: Collection[Site] | None = None) -> Working:
    """What the span's actual was made of; where values are missing, those that are missing too."""
    case = book.case(span, sites)
    program = case.view.program
    if program is not None and span.label in program.actuals:
        return _entered(case, [(None, span, program.actuals[span.label])], Way.EXACTLY)
    if has_no_days(span):
        cells = [(it.site, span, it.actuals.get(span.label)) for it in case.view.lines]
        return _entered(case, [it for it in cells if it[2]], Way.OVER_SITES)
    if case.is_misfit:
        return Working(Way.OVER_TIME, ())
    if case.by_site:
        return _by_site(case, case.rows)
    periods = case.stretch.reported
    if len(periods) > 1 and len(case.view.lines) > 1:
        found = [(period, case.view.column(period).actual) for period in periods]
        return _by_period(case, found, program.actuals if program else {})
    cells = [(line.site, it, line.actuals.get(it.label)) for it, line in _expected(case, periods)]
    return _entered(case, cells, Way.OVER_TIME if len(periods) > 1 else Way.OVER_SITES)


def working_of_target(book: IndicatorBook, span: Span, sites: Collection[Site] | None = None) -> Working:
    """What the span's target that counts was made of: set for it, else for its periods, else by sites."""
    case = book.case(span, sites)
    program, periods = case.view.program, case.stretch.periods
    own = program.target(span, "counting") if program else None
    if own is not None and own.absence is None:
        return _entered(case, [(None, span, own)], Way.EXACTLY)
    if has_no_days(span):
        cells = [(it.site, span, it.counting.get(span.label)) for it in case.view.lines]
        return _entered(case, [it for it in cells if it[2]], Way.OVER_SITES)
    if program is not None and (parts := case.own_parts("counting", periods)) and parts.figure:
        cells = [(None, it, program.counting.get(it.label)) for it in periods]
        return _entered(case, [it for it in cells if it[2]], Way.OVER_TIME)
    if case.stretch.misfit and not any(span.label in line.counting for line in case.view.lines):
        return Working(Way.OVER_TIME, ())
    if case.by_site:
        return _planned_by_site(case)
    if len(periods) > 1 and len(case.view.lines) > 1:
        found = [(period, _if_complete(case.view.target((period,)))) for period in periods]
        return _by_period(case, found, program.counting if program else {})
    cells = [
        (line.site, it, line.counting.get(it.label))
        for it, line in _expected(case, periods)
        if it.label in line.counting or not line.is_not_applicable(it)
    ]
    return _entered(case, cells, Way.OVER_TIME if len(periods) > 1 else Way.OVER_SITES)


def working_of_baseline(book: IndicatorBook, figure: Figure, periods: Sequence[Span]) -> Working:
    """The entries that a baseline rests on."""
    rests_on = set(figure.sources)
    cells = sorted(
        ((site, span, it) for (site, span), it in book.baselines.items() if rests_on.issuperset(it.sources)),
        key=lambda cell: (cell[1], cell[0] or 0),
    )
    way = Way.EXACTLY if len(cells) == 1 else Way.OVER_TIME if len(periods) > 1 else Way.OVER_SITES
    parts = [
        Part(site, span, over_sites(book.meaning, [it]), figure=it) for site, span, it in cells if it.sources
    ]
    return Working(way, tuple(parts))


def _expected(case: Case, periods: Iterable[Span]) -> Iterable[tuple[Span, Line]]:
    return ((period, line) for period in periods for line in case.view.lines if line.is_expected_in(period))


def _entered(case: Case, cells: Sequence[tuple[Site, Span, Figure | None]], way: Way) -> Working:
    """The parts are figures of the ledger."""
    meaning = case.book.meaning
    parts = [Part(site, span, over_sites(meaning, [cell]), figure=cell) for site, span, cell in cells]
    exactly = len(parts) == 1 and parts[0].span == case.stretch.span
    return Working(Way.EXACTLY if exactly else way, tuple(parts))


def _by_period(case: Case, found: Iterable[tuple[Span, Combined]], own: Mapping[str, Figure]) -> Working:
    """The parts are the periods' values over all sites; `own` are those that the program gave itself."""
    sites = tuple(line.site for line in case.view.lines if line.site is not None)
    parts = [
        Part(None, it, combined, whole=True, entered=False, sites=sites if it.label in own else ())
        for it, combined in found
        if combined.want or combined.figure or combined.have
    ]
    return Working(Way.OVER_TIME, tuple(parts))


def _if_complete(target: Combined) -> Combined:
    """What only some of the targets make is no target."""
    return target if target.is_complete else target._replace(figure=None, reason=Missing.NOT_REPORTED)


def _by_site(case: Case, rows: Sequence[Row]) -> Working:
    """The parts are the sites' values over time, of one site those of its periods."""
    meaning = case.book.meaning
    kept = [row for row in counted(meaning, rows) if row.exact or row.periods]
    if len(kept) == 1 and kept[0].exact is None:
        (row,) = kept
        cells = [(row.site, *it) for it in zip(row.periods, row.cells, strict=True)]
        return _entered(case, cells, Way.OVER_TIME)
    parts = [_of_row(case, row, combine_rows(meaning, [row])) for row in kept]
    return Working(Way.EXACTLY if len(parts) == 1 else Way.OVER_SITES, tuple(parts))


def _of_row(case: Case, row: Row, combined: Combined) -> Part:
    entered = row.exact is not None or tuple(row.periods) == (case.stretch.span,)
    return Part(row.site, case.stretch.span, combined, False, entered, row.said[0] if entered else None)


def _planned_by_site(case: Case) -> Working:
    """The sites' targets for the span where these count, else what those of their periods make."""
    meaning, span = case.book.meaning, case.stretch.span
    exact_in = None if case.stretch.is_period else span
    rows = counted(meaning, case.target_rows("counting", case.whole, exact_in))
    exactly = plan_rows(meaning, rows) if any(row.exact for row in rows) else None
    if exactly is None or exactly.figure is None or not exactly.is_complete:
        rows = counted(meaning, [row._replace(exact=None) for row in rows])
    if len(rows) == 1 and rows[0].exact is None:
        (row,) = needed(meaning, rows)
        cells = [(row.site, *it) for it in zip(row.periods, row.cells, strict=True)]
        if meaning.measure is Measure.MILESTONE:
            cells = [it for it in cells if it[2]][-1:]
        return _entered(case, cells, Way.OVER_TIME)
    parts = [_of_row(case, row, plan_rows(meaning, [row])) for row in rows if row.exact or row.periods]
    return Working(Way.EXACTLY if len(parts) == 1 else Way.OVER_SITES, tuple(parts))
