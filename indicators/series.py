"""The series of one indicator, indexed by period, and how far a span of them has ended. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from indicators.combining import Figures, Row, Site
from indicators.judging import Standing
from indicators.periods import Span, default_due_on, overlaps
from indicators.planning import Recorded, Targets, counting_target
from indicators.values import Absence, Figure

Histories: TypeAlias = Mapping[tuple[Site, Span], Sequence[Recorded]]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SiteDays:
    """A site that an indicator is expected of (None: the program itself), from and to which day."""

    site: Site
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """The state of one report (None: not begun) and the day it is due."""

    state: str | None
    due_on: date | None


Reports: TypeAlias = Mapping[tuple[Site, Span], ReportStanding]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span with its days known, the frequency's periods in it, and how far these have ended."""

    span: Span
    first_on: date
    last_on: date
    periods: tuple[Span, ...]
    ended: tuple[Span, ...]
    running: bool
    is_period: bool  # the span is itself a period of the frequency

    @property
    def reported(self) -> tuple[Span, ...]:
        """The periods that a value can rest on: what has ended."""
        return self.periods if self.is_period else self.ended

    @property
    def until(self) -> date:
        """The last day that a value to date speaks for."""
        last_on = self.ended[-1].last if self.running and self.ended else None
        return last_on or self.last_on


@dataclass(slots=True)
class Line:
    """One series: the days in which it is expected, and its figures by period, withdrawn ones left out."""

    site: Site
    from_on: date | None
    to_on: date | None
    actuals: dict[Span, Figure] = field(default_factory=dict)
    counting: dict[Span, Figure] = field(default_factory=dict)
    changed: dict[Span, Targets] = field(default_factory=dict)  # where the three targets may differ
    later: set[Span] = field(default_factory=set)  # whose target was set later

    def note(self, period: Span, history: Sequence[Recorded]) -> None:
        """Files the period's chain of targets."""
        targets = counting_target(history, period.last)
        if targets.counting:
            self.counting[period] = targets.counting
        if targets.set_later:
            self.later.add(period)
        if len(history) > 1:
            self.changed[period] = targets

    def expected_in(self, periods: tuple[Span, ...]) -> tuple[Span, ...]:
        """Those that its days overlap; what was reported nevertheless was expected too."""
        if not periods or (self._is_open_on(periods[0].last) and self._is_open_on(periods[-1].first)):
            return periods
        return tuple(it for it in periods if overlaps(it, self.from_on, self.to_on) or it in self.actuals)

    def _is_open_on(self, day: date | None) -> bool:
        return (
            day is not None
            and (self.from_on is None or self.from_on <= day)
            and (self.to_on is None or self.to_on >= day)
        )

    def row(self, stretch: Stretch, periods: tuple[Span, ...], ends_on: date) -> Row:
        """Its actuals in those of the periods in which it is expected."""
        periods = self.expected_in(periods)
        cells = [self.actuals.get(period) for period in periods]
        exact = None if stretch.is_period else self.actuals.get(stretch.span)
        return Row(self.site, periods, cells, self.to_on is None or self.to_on >= ends_on, exact)

    def target(self, period: Span, version: str) -> Figure | None:
        """The `counting`, `original` or `latest` target of a period."""
        if period in self.changed:
            figure: Figure | None = getattr(self.changed[period], version)
            return figure
        return self.counting.get(period)

    def target_row(self, row: Row, version: str, exact_in: Span | None) -> Row:
        """Its targets in the row's periods; where it was not applicable, a target is not expected either."""
        cells = [self.target(period, version) for period in row.periods]
        periods = row.periods
        if None in cells:
            kept = [
                (period, cell)
                for period, cell in zip(periods, cells, strict=True)
                if cell or not self._is_not_applicable(period)
            ]
            periods, cells = [it[0] for it in kept], [it[1] for it in kept]
        exact = self.target(exact_in, version) if exact_in else None
        return Row(self.site, periods, cells, row.open_at_end, exact)

    def _is_not_applicable(self, period: Span) -> bool:
        actual = self.actuals.get(period)
        return actual is not None and actual.absence == Absence.NOT_APPLICABLE

    def missing(self, row: Row, reports: Reports) -> list[Standing]:
        """Where the reports of the row's empty cells stand."""
        standings = []
        for period, cell in zip(row.periods, row.cells, strict=True):
            if cell is None and period.last:
                report = reports.get((self.site, period))
                state, due_on = (report.state, report.due_on) if report else (None, default_due_on(period))
                standings.append(Standing(period.last, due_on, state))
        return standings


def lines_of(
    sites: Sequence[SiteDays], life: tuple[date | None, date | None], actuals: Figures, targets: Histories
) -> dict[Site, Line]:
    """The series by site, within the program's life; one without days is never expected, but shown."""
    lines = {it.site: Line(it.site, _later(it.from_on, life[0]), _earlier(it.to_on, life[1])) for it in sites}
    for (site, period), figure in actuals.items():
        if figure.absence != Absence.WITHDRAWN:
            _line(lines, site).actuals[period] = figure
    for (site, period), history in targets.items():
        _line(lines, site).note(period, history)
    return lines


def _line(lines: dict[Site, Line], site: Site) -> Line:
    if site not in lines:
        lines[site] = Line(site, date.max, date.min)
    return lines[site]


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
