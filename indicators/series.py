"""The series of one indicator, indexed by period, and how far a span of them has ended. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from indicators.combining import Combined, Figures, Row, Site, over_sites, over_time
from indicators.judging import Standing
from indicators.periods import (
    KIND_OF,
    MONTHS,
    Calendar,
    Frequency,
    Kind,
    Span,
    default_due_on,
    months_in,
    overlaps,
    span_at,
    spans_within,
)
from indicators.planning import (
    Baseline,
    Recorded,
    Targets,
    baseline_before,
    compares_months,
    counting_target,
    or_equal,
)
from indicators.values import Absence, Figure, Meaning

Days: TypeAlias = tuple[date, date]  # the first and the last of a stretch
Histories: TypeAlias = Mapping[tuple[Site, Span], Sequence[Recorded]]
ONE_DAY = timedelta(days=1)


class SiteDays(NamedTuple):
    """A site that an indicator is expected of (None: the program itself), from and to which day."""

    site: Site
    from_on: date | None = None
    to_on: date | None = None


class ReportStanding(NamedTuple):
    """The state of one report (None: not begun), the day it is due, and the day it first came in."""

    state: str | None
    due_on: date | None
    in_on: date | None = None


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
    gaps: tuple[Days, ...] = ()  # days of it that lie in none of the periods
    misfit: bool = False

    def fitted(self, lines: Sequence[Line]) -> Stretch:
        """Itself; if it leaves out days that one of the lines is expected in, like a period of its own.

        So nothing is made of its periods, and what was said for exactly the span stands alone.
        """
        if not self.gaps or not any(line.is_expected_on_some(days) for line in lines for days in self.gaps):
            return self
        own = (self.span,)
        return replace(self, periods=own, ended=() if self.running else own, is_period=True, misfit=True)

    @property
    def reported(self) -> tuple[Span, ...]:
        """The periods that a value can rest on: what has ended."""
        return self.periods if self.is_period else self.ended

    @property
    def until(self) -> date:
        """The last day that a value to date speaks for."""
        last_on = self.ended[-1].last if self.running and self.ended else None
        return last_on or self.last_on


@lru_cache(maxsize=1024)
def stretch_of(
    span: Span, frequency: Frequency, calendar: Calendar, today: date, first_known_on: date | None = None
) -> Stretch:
    """What of the span has ended; a life of unknown days runs from the first day known to yesterday.

    A period that the life of a program cuts is reported for the part that lies in it, so it counts whole.
    """
    last_on = span.last or today - ONE_DAY
    first_on = span.first or first_known_on or last_on
    begins, ends = first_on, last_on
    if span.kind is Kind.LIFE and frequency is not Frequency.IRREGULAR:
        begins = (span.first and span_at(KIND_OF[frequency], first_on, calendar).first) or first_on
        ends = (span.last and span_at(KIND_OF[frequency], last_on, calendar).last) or last_on
    periods = spans_within(frequency, calendar, begins, ends)
    ended = periods
    if ends >= today:
        ended = tuple(it for it in periods if it.last and it.last < today)
    running = span.last is None or today <= ends
    gaps = () if span.kind is Kind.LIFE else _gaps(span, frequency, periods)
    return Stretch(span, first_on, last_on, periods, ended, running, periods == (span,), gaps)


def has_no_days(span: Span) -> bool:
    """Whether it was published without a day, so that nothing is combined or judged in it."""
    return span.kind is not Kind.LIFE and not (span.first and span.last)


def _gaps(span: Span, frequency: Frequency, periods: tuple[Span, ...]) -> tuple[Days, ...]:
    """The days before and after the periods in the span; none where it is shorter than one of them."""
    if not span.first or not span.last or frequency is Frequency.IRREGULAR:
        return ()
    if not periods:
        is_shorter = MONTHS.get(span.kind, 0) < MONTHS[KIND_OF[frequency]]
        return () if is_shorter else ((span.first, span.last),)
    first, last = periods[0].first or span.first, periods[-1].last or span.last
    before, after = (span.first, first - ONE_DAY), (last + ONE_DAY, span.last)
    return tuple(days for days in (before, after) if days[0] <= days[1])


@dataclass(slots=True)
class Line:
    """One series: the days in which it is expected, and its figures by period, withdrawn ones left out.

    The keys are the periods' labels, which are unique, since these are hashed most quickly.
    """

    site: Site
    from_on: date | None
    to_on: date | None
    actuals: dict[str, Figure] = field(default_factory=dict)
    counting: dict[str, Figure] = field(default_factory=dict)
    changed: dict[str, Targets] = field(default_factory=dict)  # where the three targets may differ
    later: set[str] = field(default_factory=set)  # whose target was set later

    def note(self, period: Span, history: Sequence[Recorded]) -> None:
        """Files the period's chain of targets."""
        label = period.label
        targets = counting_target(history, period.last)
        if targets.counting:
            self.counting[label] = targets.counting
        if targets.set_later:
            self.later.add(label)
        if len(history) > 1:
            self.changed[label] = targets

    def is_expected_in(self, period: Span) -> bool:
        """Whether its days overlap the period; what was reported nevertheless was expected too."""
        return period.label in self.actuals or overlaps(period, self.from_on, self.to_on)

    def expected_in(self, periods: tuple[Span, ...]) -> tuple[Span, ...]:
        """Those of the periods in which it is expected."""
        if not periods or (self._is_open_on(periods[0].last) and self._is_open_on(periods[-1].first)):
            return periods
        return tuple(period for period in periods if self.is_expected_in(period))

    def is_expected_on_some(self, days: Days) -> bool:
        """Whether its own days overlap these."""
        return overlaps(Span(Kind.OTHER, *days, ""), self.from_on, self.to_on)

    @property
    def is_closed(self) -> bool:
        """Whether it is expected on no day at all."""
        return bool(self.from_on and self.to_on and self.from_on > self.to_on)

    def _is_open_on(self, day: date | None) -> bool:
        return (
            day is not None
            and (self.from_on is None or self.from_on <= day)
            and (self.to_on is None or self.to_on >= day)
        )

    def row(self, stretch: Stretch, periods: tuple[Span, ...], ends_on: date) -> Row:
        """Its actuals in those of the periods in which it is expected."""
        periods = self.expected_in(periods)
        cells = [self.actuals.get(period.label) for period in periods]
        exact = None if stretch.is_period else self.actuals.get(stretch.span.label)
        return Row(self.site, periods, cells, not self.closes_before(ends_on), exact)

    def closes_before(self, day: date) -> bool:
        return self.to_on is not None and self.to_on < day

    def target(self, period: Span, version: str) -> Figure | None:
        """The `counting`, `original` or `latest` target of a period."""
        if version == "counting" or period.label not in self.changed:
            return self.counting.get(period.label)
        figure: Figure | None = getattr(self.changed[period.label], version)
        return figure

    def target_row(self, row: Row, version: str, exact_in: Span | None) -> Row:
        """Its targets in the row's periods; where it was not applicable, a target is not expected either."""
        periods = row.periods
        if version == "counting" or not self.changed:
            cells = [self.counting.get(period.label) for period in periods]
        else:
            cells = [self.target(period, version) for period in periods]
        if not all(cells):
            kept = [
                (period, cell)
                for period, cell in zip(periods, cells, strict=True)
                if cell or not self.is_not_applicable(period)
            ]
            periods, cells = [it[0] for it in kept], [it[1] for it in kept]
        exact = self.target(exact_in, version) if exact_in else None
        return Row(self.site, periods, cells, row.open_at_end, exact)

    def is_not_applicable(self, period: Span) -> bool:
        actual = self.actuals.get(period.label)
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
            (lines.get(site) or _line(lines, site)).actuals[period.label] = figure
    for (site, period), history in targets.items():
        (lines.get(site) or _line(lines, site)).note(period, history)
    return lines


def _line(lines: dict[Site, Line], site: Site) -> Line:
    """A line that was not there: of a site that is not expected on any day."""
    lines[site] = line = Line(site, date.max, date.min)
    return line


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


class Column(NamedTuple):
    """One period over all sites: what was reported, and the lines that are expected in it."""

    actual: Combined
    lines: list[Line]


@dataclass(slots=True)
class View:
    """What a reader may see of an indicator: the lines that are added up, and the program's own.

    Keeps what several spans need: each period's values over sites, and the baselines.
    """

    meaning: Meaning
    lines: list[Line]
    program: Line | None
    baselines: Figures
    adds_program: bool = False  # the program's own line is one of them
    is_planned: bool = True  # any of the lines has a target
    columns: dict[str, Column] = field(default_factory=dict)
    targets: dict[str, Combined] = field(default_factory=dict)
    starts: dict[object, Baseline | None] = field(default_factory=dict)
    # once asked for: the last days of the baselines' periods in order, and whether a target was changed
    ends: list[date] | None = None
    changed: bool | None = None

    def column(self, period: Span) -> Column:
        """The period's values over sites."""
        label = period.label
        column = self.columns.get(label)
        if column is None:
            lines = [line for line in self.lines if line.is_expected_in(period)]
            actual = over_sites(self.meaning, [line.actuals.get(label) for line in lines])
            column = self.columns[label] = Column(actual, lines)
        return column

    def _target(self, period: Span) -> Combined:
        """The targets of the lines that count in the period, over sites."""
        label = period.label
        target = self.targets.get(label)
        if target is None:
            targets = [
                line.counting.get(label)
                for line in self.column(period).lines
                if label in line.counting or not line.is_not_applicable(period)
            ]
            target = or_equal(self.meaning, over_sites(self.meaning, targets), targets)
            self.targets[label] = target
        return target

    def actual(self, periods: Sequence[Span]) -> Combined:
        """The value of the periods, over sites first."""
        if len(periods) == 1:
            return self.column(periods[0]).actual
        return over_time(self.meaning, [self.column(period).actual for period in periods])

    def target(self, periods: Sequence[Span]) -> Combined:
        """What the periods' targets that count make together, over sites first."""
        if len(periods) == 1:
            return self._target(periods[0])
        totals = [self._target(period) for period in periods]
        return or_equal(self.meaning, over_time(self.meaning, totals), [total.figure for total in totals])

    @property
    def is_ever_changed(self) -> bool:
        """Whether of any line, or of the program, a target was set anew."""
        if self.changed is None:
            every = self.lines if self.program is None else [*self.lines, self.program]
            self.changed = any(line.changed for line in every)
        return self.changed

    def is_set_later(self, span: Span, periods: Sequence[Span], *, by_program: bool) -> bool:
        """Whether one of the targets that count was set later: the span's own, else those of its periods."""
        lines = self.lines if self.program is None else [*self.lines, self.program]
        if not any(line.later for line in lines):
            return False
        own, labels = {span.label}, {it.label for it in periods}
        if self.program and (by_program or span.label in self.program.counting):
            counting = own if span.label in self.program.counting else labels
            return not counting.isdisjoint(self.program.later)
        return any(line.later & (own if span.label in line.counting else labels) for line in self.lines)

    def sites_in(self, periods: Sequence[Span]) -> tuple[Site, ...]:
        """The sites expected in any of the periods."""
        if len(periods) == 1:
            return tuple([line.site for line in self.column(periods[0]).lines])
        found = {line.site for period in periods for line in self.column(period).lines}
        return tuple(line.site for line in self.lines if line.site in found)

    def baseline(self, stretch: Stretch, sites: tuple[Site, ...], *, own: bool = True) -> Baseline | None:
        """The baseline before the stretch of those sites; without the program's unless `own`."""
        span = Span(Kind.OTHER, stretch.first_on, stretch.until, stretch.span.label)
        months = months_in(span) if compares_months(self.meaning) else None
        if self.ends is None:
            self.ends = sorted(period.last for _, period in self.baselines if period.last)
        key = (bisect_left(self.ends, stretch.first_on), months, sites, own)
        if key not in self.starts:
            figures = self.baselines
            if not own:
                figures = {key: it for key, it in figures.items() if key[0] is not None}
            self.starts[key] = baseline_before(self.meaning, span, figures, sites)
        return self.starts[key]


def view_of(
    meaning: Meaning, lines: Mapping[Site, Line], baselines: Figures, sites: frozenset[Site] | None
) -> View:
    """The lines and baselines of some sites, or (None) of all and the program.

    The program's own line is added up only where it is the only one, as its reports are not those of sites.
    """
    seen = [line for site, line in lines.items() if sites is None or site in sites]
    if sites is not None:
        baselines = {key: it for key, it in baselines.items() if key[0] in sites}
    program = next((line for line in seen if line.site is None), None)
    added = [line for line in seen if line.site is not None or not line.is_closed]
    return View(
        meaning, added, program, baselines,
        adds_program=program is not None and not program.is_closed,
        is_planned=any(line.counting for line in added),
    )  # fmt: skip
