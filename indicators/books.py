"""All that is on record of one indicator, to be scored span by span for whoever reads. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from indicators.combining import Combined, Figures, Missing, Row, Site, combine_rows
from indicators.judging import TOLERANCE, Judgement
from indicators.periods import Calendar, Frequency, Span
from indicators.planning import Targets
from indicators.scoring import Case, Score, Verdict
from indicators.series import (
    Histories,
    Line,
    Reports,
    SiteDays,
    Stretch,
    View,
    has_no_days,
    lines_of,
    stretch_of,
    view_of,
)
from indicators.values import Meaning


@dataclass(frozen=True)
class IndicatorBook:
    """All that is on record of one indicator (whole, or one category), ready to be scored span by span.

    `sites` are its series with the days they are expected in; `life` its own and its program's days.
    Figures are those in force, targets whole chains (oldest first), by site (None: the program) and period.
    """

    meaning: Meaning
    frequency: Frequency
    today: date
    sites: Sequence[SiteDays]
    calendar: Calendar = Calendar.CALENDAR
    tolerance: Decimal = TOLERANCE
    life: tuple[date | None, date | None] = (None, None)
    actuals: Figures = field(default_factory=dict)
    targets: Histories = field(default_factory=dict)
    baselines: Figures = field(default_factory=dict)
    reports: Reports = field(default_factory=dict)
    _views: dict[frozenset[Site] | None, View] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def score(self, span: Span, sites: Collection[Site] | None = None) -> Score:
        """The span's score over all sites, or over some: one site alone, or those that a reader may see.

        With `sites` the program's own figures, targets and baselines are left out unless None is among them.
        """
        case = self.case(span, sites)
        return _show(case.view, span) if has_no_days(span) else case.score()

    def verdict(self, span: Span) -> Verdict:
        """The same as the score's, for half the work."""
        case = self.case(span)
        return _show(case.view, span).verdict if has_no_days(span) else case.verdict()

    def actual(self, span: Span) -> Combined:
        """The span's value alone, as its score says."""
        case = self.case(span)
        return _show(case.view, span).actual if has_no_days(span) else case.value()[0]

    def case(self, span: Span, sites: Collection[Site] | None = None) -> Case:
        """What such a score is made from, to tell how; of a span without days only the view is of use."""
        view = self._view(None if sites is None else frozenset(sites))
        return Case(self, view, self._stretch(span).fitted(view.lines))

    @cached_property
    def _lines(self) -> dict[Site, Line]:
        return lines_of(self.sites, self.life, self.actuals, self.targets)

    def _view(self, sites: frozenset[Site] | None) -> View:
        view = self._views.get(sites)
        if view is None:
            view = self._views[sites] = view_of(self.meaning, self._lines, self.baselines, sites)
        return view

    def _stretch(self, span: Span) -> Stretch:
        first_on = None
        if span.first is None:
            known = (period.first for _, period in (*self.actuals, *self.targets))
            first_on = min((day for day in known if day), default=None)
        return stretch_of(span, self.frequency, self.calendar, self.today, first_on)


def _show(view: View, span: Span) -> Score:
    """What is published without days: shown as it is, never combined, judged or due."""
    lines = [view.program] if view.program and span.label in view.program.actuals else view.lines
    found = [Row(it.site, (span,), (it.actuals[span.label],)) for it in lines if span.label in it.actuals]
    actual = Combined(None, len(found), len(found), Missing.NOT_ADDED if found else Missing.NOT_EXPECTED)
    if len(found) == 1:
        actual = combine_rows(view.meaning, found)
    lines = [view.program] if view.program and span.label in view.program.counting else view.lines
    targets = [line.counting[span.label] for line in lines if span.label in line.counting]
    target = targets[0] if len(targets) == 1 else None
    return Score(span, actual, Targets(target, target, target), None, None, Judgement())
