"""One indicator's figures put together for a page: a span's value, against what, and how it stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from indicators.cautions import Caution, adds_up_cases, cautions_of, cautions_of_rate
from indicators.combining import (
    Combined,
    Missing,
    Row,
    Site,
    combine_rows,
    counts,
    goes_by_site,
    latest_first,
)
from indicators.judging import (
    Judgement,
    Pace,
    Standing,
    Status,
    achievement_of,
    judge,
    pace,
)
from indicators.periods import Span, overlaps
from indicators.planning import (
    Baseline,
    Plan,
    Targets,
    candidates_of,
    compares_months,
    first_of,
    plan_of,
    plan_rows,
    starts_at_zero,
)
from indicators.series import (
    Stretch,
    View,
)
from indicators.values import Certainty, Figure, Meaning, Measure

if TYPE_CHECKING:
    from indicators.books import IndicatorBook


class Verdict(NamedTuple):
    """How one indicator stands in one span: the part of a score that a list of many tells of each."""

    span: Span
    actual: Combined
    against: Figure | None
    judgement: Judgement


class Score(NamedTuple):
    """What a page shows of one indicator in one span.

    `targets` are those of the whole span. `against` is what the actual was held against: in a running
    span the targets of the ended periods, in an incomplete one those of what was reported, else the
    counting target. Shares are 1 for 100 %, None for unknown.
    """

    span: Span
    actual: Combined
    targets: Targets
    against: Figure | None
    baseline: Baseline | None
    judgement: Judgement
    against_original: Decimal | None = None
    against_latest: Decimal | None = None
    pace: Pace | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.span, self.actual, self.against, self.judgement)

    @property
    def narrowed(self) -> Figure | None:
        """The target of what was reported, where an incomplete value is held against that alone."""
        against, counting = self.against, self.targets.counting
        if self.judgement.status is not Status.INCOMPLETE or against is None:
            return None
        return None if counting is not None and against.value == counting.value else against

    @property
    def complete(self) -> str:
        """As "4/5"."""
        return self.actual.complete

    @property
    def reason(self) -> Missing | None:
        return self.actual.reason

    @property
    def certainty(self) -> Certainty | None:
        return self.actual.figure.certainty if self.actual.figure else None


@dataclass
class Case:
    """One span of a book, as one reader sees it."""

    book: IndicatorBook
    view: View
    stretch: Stretch

    def score(self) -> Score:
        actual, stands_alone = self.value()
        plan, baseline = self._plan("counting"), self._baseline(actual)
        verdict, start = self._verdict(actual, plan, baseline, stands_alone=stands_alone)
        targets = self._targets(plan)
        is_open = self.stretch.running and verdict.against is None
        return Score(
            span=verdict.span,
            actual=actual,
            targets=targets,
            against=verdict.against,
            baseline=baseline,
            judgement=verdict.judgement,
            against_original=self._achievement(actual, targets.original, targets, verdict.judgement),
            against_latest=self._achievement(actual, targets.latest, targets, verdict.judgement),
            pace=self._pace(actual, plan, start) if is_open else None,
            cautions=self._cautions(actual, plan, baseline),
        )

    def verdict(self) -> Verdict:
        """Its score's; the baseline is looked for only where it is judged by."""
        actual, stands_alone = self.value()
        baseline = None if starts_at_zero(self.book.meaning) else self._baseline(actual)
        return self._verdict(actual, self._plan("counting"), baseline, stands_alone=stands_alone)[0]

    def _verdict(
        self, actual: Combined, plan: Plan, baseline: Baseline | None, *, stands_alone: bool
    ) -> tuple[Verdict, Figure | None]:
        """The verdict, and the figure that the planned change was measured from."""
        against, start = plan.figure, _comparable(baseline)
        if not stands_alone and self.book.meaning.measure is not Measure.MILESTONE:
            against, start = self._against(actual, plan, start)
        return Verdict(self.stretch.span, actual, against, self._judge(actual, against, start)), start

    @cached_property
    def rows(self) -> list[Row]:
        """What can be reported by now, row by row, parallel to the view's lines."""
        return self._rows_in(self.stretch.reported, self.stretch.until)

    @cached_property
    def whole(self) -> list[Row]:
        """The same of the whole span, which may be still running."""
        if self.stretch.reported is self.stretch.periods:
            return self.rows
        return self._rows_in(self.stretch.periods, self.stretch.last_on)

    def _rows_in(self, periods: tuple[Span, ...], until: date) -> list[Row]:
        ends_on = self._ends_on(until)
        return [line.row(self.stretch, periods, ends_on) for line in self.view.lines]

    @cached_property
    def by_site(self) -> bool:
        """Whether it must be combined row by row, not from the periods' values over sites."""
        view, label, meaning = self.view, self.stretch.span.label, self.book.meaning
        if not self.stretch.is_period:
            exact = any(label in line.actuals or label in line.counting for line in view.lines)
            return exact or goes_by_site(meaning, len(view.lines))
        if latest_first(meaning):
            return any(line.closes_before(self._ends_on(self.stretch.last_on)) for line in view.lines)
        return meaning.measure is Measure.MILESTONE

    @property
    def is_misfit(self) -> bool:
        """Whether there is no value since the periods do not fit, and no site gave one for the span."""
        label = self.stretch.span.label
        return self.stretch.misfit and not any(label in line.actuals for line in self.view.lines)

    def _ends_on(self, until: date) -> date:
        return min(until, self.book.life[1] or until)

    def _sites_of(self, actual: Combined) -> tuple[Site, ...]:
        """The sites that the value is of: while there is none, those of the whole span."""
        if self.by_site:
            return self._sites(self.rows if actual.want else self.whole)
        periods = self.stretch.reported if actual.want else self.stretch.periods
        return self.view.sites_in(periods)

    def _sites(self, rows: Sequence[Row]) -> tuple[Site, ...]:
        """The sites of the rows, where the latest counts those still open."""
        every = not latest_first(self.book.meaning)
        return tuple(it.site for it in rows if it.exact or (it.periods and (it.open_at_end or every)))

    def _baseline(self, actual: Combined) -> Baseline | None:
        """The baseline before the span, of the sites that the value is of."""
        if not self.view.baselines:
            return None
        return self.view.baseline(self.stretch, self._sites_of(actual))

    def value(self) -> tuple[Combined, bool]:
        """The value, and whether the program reported it for exactly the span."""
        meaning, program = self.book.meaning, self.view.program
        own = program.actuals.get(self.stretch.span.label) if program else None
        if own is not None:
            return combine_rows(meaning, [Row(None, (self.stretch.span,), (own,))]), True
        if self.is_misfit:
            return Combined(None, 0, 0, Missing.MISFIT), False
        if self.by_site:
            return combine_rows(meaning, self.rows), False
        return self.view.actual(self.stretch.reported), False

    def _plan(self, version: str) -> Plan:
        span, program = self.stretch.span, self.view.program
        own = program.target(span, version) if program else None
        parts = self._parts if version == "counting" else self.own_parts(version, self.stretch.periods)
        if not self.view.is_planned and (parts or (own and own.absence is None)):
            return first_of(own, [parts] if parts else [])  # its sites have none
        if version == "counting" and not self.by_site:
            of_sites = [self.view.target(self.stretch.periods)]
        else:
            exact_in = None if self.stretch.is_period else span
            of_sites = candidates_of(self.book.meaning, self.target_rows(version, self.whole, exact_in))
        return first_of(own, [parts, *of_sites] if parts else of_sites)

    def own_parts(self, version: str, periods: Sequence[Span]) -> Combined | None:
        """What the targets make that were set for the program, period by period, while its sites report."""
        program = self.view.program
        if program is None or self.stretch.is_period or self.view.adds_program:
            return None
        within = [period for period in periods if overlaps(period, *self.book.life)]
        cells = [program.target(period, version) for period in within]
        if not any(cells):
            return None
        combined = plan_rows(self.book.meaning, [Row(None, within, cells)])
        return combined if combined.figure and combined.is_complete else None

    @cached_property
    def _parts(self) -> Combined | None:
        """The same of the targets that count in the whole span."""
        return self.own_parts("counting", self.stretch.periods)

    def target_rows(self, version: str, rows: Sequence[Row], exact_in: Span | None) -> list[Row]:
        found = []
        for line, row in zip(self.view.lines, rows, strict=True):
            exact = exact_in if line.site is not None else None
            target = line.target_row(row, version, exact)
            if target.periods or target.exact:
                found.append(target)
        return found

    def _against(
        self, actual: Combined, plan: Plan, start: Figure | None
    ) -> tuple[Figure | None, Figure | None]:
        """The target and the baseline that the actual is held against: of the same periods and sites."""
        if self.by_site and any(row.exact for row in self.rows):
            return (plan.figure, start) if actual.is_complete else (None, None)
        if not actual.is_complete:
            return self._provisional(start)
        if self.stretch.reported is self.stretch.periods:
            return plan.figure, start
        own = self.own_parts("counting", self.stretch.reported)
        if own is not None:
            return own.figure, start
        if self.by_site:
            to_date = plan_rows(self.book.meaning, self.target_rows("counting", self.rows, None))
        else:
            to_date = self.view.target(self.stretch.reported)
        return to_date.figure if to_date.is_complete else None, start

    def _provisional(self, start: Figure | None) -> tuple[Figure | None, Figure | None]:
        """Of what was reported, where its targets and baselines are there by site; else not known.

        A site's target for the whole span is of use only if that is over, and no site reported a part of it.
        """
        meaning, rows = self.book.meaning, self.rows
        kept = [_reported(meaning, row) for row in rows]
        whole = all(len(one.periods) in (0, len(row.periods)) for one, row in zip(kept, rows, strict=True))
        if compares_months(meaning) and not whole:
            return None, None
        sites = self._sites(kept)
        if not starts_at_zero(meaning) and sites != self._sites(rows):
            theirs = _comparable(self.view.baseline(self.stretch, sites, own=False))
            if start is not None and theirs is None:
                return None, None
            start = theirs
        if not self.view.is_planned:
            return None, start  # its sites have no targets
        by_period = meaning.measure is Measure.NUMBER and not (whole or self.by_site)
        if by_period and (periods := _same_periods(kept)):
            return first_of(None, [self.view.target(periods)]).figure, start  # asked for by other spans too
        ended = self.stretch.reported is self.stretch.periods
        exact_in = self.stretch.span if whole and ended and not self.stretch.is_period else None
        targets = self.target_rows("counting", kept, exact_in)
        return plan_of(meaning, None, [row for row in targets if row.periods]).figure, start

    def _judge(self, actual: Combined, against: Figure | None, start: Figure | None) -> Judgement:
        book, stretch = self.book, self.stretch
        missing: list[Standing] = []
        if actual.figure is None and not stretch.misfit:
            rows = self.rows if actual.want else self.whole
            for line, row in zip(self.view.lines, rows, strict=True):
                missing += line.missing(row, book.reports)
        by_its_day = book.meaning.measure is Measure.MILESTONE
        return judge(
            book.meaning,
            actual=actual.figure,
            target=against,
            baseline=start,
            last_on=stretch.until if by_its_day else None if stretch.running else stretch.span.last,
            today=book.today,
            tolerance=book.tolerance,
            complete=actual.is_complete,
            standings=missing,
        )

    def _targets(self, plan: Plan) -> Targets:
        """The three targets of the whole span; set later as soon as one that counts was."""
        original = latest = plan.figure
        if self.view.is_ever_changed:
            original, latest = self._plan("original").figure, self._plan("latest").figure
        by_parts = self._parts is not None
        later = self.view.is_set_later(self.stretch.span, self.stretch.periods, by_program=by_parts)
        return Targets(plan.figure, original, latest, later)

    def _achievement(
        self, actual: Combined, target: Figure | None, targets: Targets, judgement: Judgement
    ) -> Decimal | None:
        """The achievement against a target that does not count; None where it is the one that does."""
        value = actual.figure.value if actual.figure and actual.is_complete else None
        if target is None or target.value is None or target == targets.counting or value is None:
            return None
        if self.stretch.running or self.book.meaning.measure is Measure.MILESTONE:
            return None
        return achievement_of(self.book.meaning, value, target.value, judgement.start)

    def _cautions(self, actual: Combined, plan: Plan, baseline: Baseline | None) -> tuple[Caution, ...]:
        found = cautions_of(plan, baseline)
        if adds_up_cases(self.book.meaning) and actual.figure is not None:
            days = (self.stretch.until - self.stretch.first_on).days
            found += cautions_of_rate(self.book.meaning, actual, self.rows, days)
        return tuple(found)

    def _pace(self, actual: Combined, plan: Plan, start: Figure | None) -> Pace | None:
        if actual.figure is None or plan.figure is None or self.stretch.span.last is None:
            return None
        if not actual.is_complete and not starts_at_zero(self.book.meaning):
            return None  # what is missing would look like a decrease
        return pace(
            self.book.meaning,
            actual=actual.figure,
            target=plan.figure,
            baseline=start,
            first_on=self.stretch.first_on,
            last_on=self.stretch.last_on,
            today=self.book.today,
        )


def _comparable(baseline: Baseline | None) -> Figure | None:
    return baseline.figure if baseline and baseline.comparable else None


def _reported(meaning: Meaning, row: Row) -> Row:
    """The row without the cells that nothing rests on."""
    rests = [cell is not None and counts(meaning, cell) for cell in row.cells]
    if all(rests):
        return row
    return row._replace(
        periods=tuple(compress(row.periods, rests)),
        cells=tuple(compress(row.cells, rests)),
    )


def _same_periods(rows: Sequence[Row]) -> Sequence[Span]:
    """The periods of each of the rows; () where they differ."""
    periods = rows[0].periods if rows else ()
    return periods if all(row.periods == periods for row in rows) else ()
