"""A report as a sheet of rows: what is expected, what was typed, what stands in the way, how it looks.

Entry, check, submit and review all read this one sheet, so that they can't disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.breakdowns import Gap, breakdown_gap
from indicators.combining import standing
from indicators.formatting import number
from indicators.judging import Flagged, Status, flags, needs_explanation
from indicators.ledger import ProgramBook, load_book_of
from indicators.messages import Complaint, said
from indicators.models import (
    Evidence,
    Indicator,
    Objective,
    Report,
    ReportedBy,
    Result,
    Series,
    Step,
    StepKind,
)
from indicators.periods import (
    KIND_OF,
    MONTHS,
    ONE_DAY,
    Calendar,
    Frequency,
    Kind,
    Span,
    overlaps,
    shifted,
    span_at,
    year_of,
)
from indicators.rows import BLANK, Row, Typed, read_row
from indicators.scoring import Score
from indicators.series import has_no_days
from indicators.values import Additivity, Figure, Measure, OverTime


@dataclass(slots=True)
class Line:
    """One series of the report: what was typed, what it was read as, and what surrounds it."""

    series: Series
    typed: Typed
    read: Row
    required: bool
    figure: Figure | None
    complaints: list[Complaint] = field(default_factory=list)
    typed_at: datetime | None = None  # when what is saved was typed
    file: Evidence | None = None  # what is saved as its evidence

    @property
    def is_filled(self) -> bool:
        """Holds a value or an absence that could be read."""
        return self.figure is not None and not self.read.troubles


@dataclass(slots=True)
class Breakdown:
    """The categories of one dimension, with their running sum and where they do not add up."""

    name: str
    additivity: Additivity
    lines: list[Line]
    gaps: tuple[Gap, ...]

    @property
    def total(self) -> Decimal | None:
        """What the categories come to so far; None where they are never added, or nothing was typed."""
        values = [line.read.value for line in self.lines if line.read.value is not None]
        if self.additivity == Additivity.OVERLAPPING or not values:
            return None
        return sum(values, Decimal(0))


@dataclass(slots=True)
class IndicatorRow:
    """One indicator of the report, its breakdowns, and what a person compares it with."""

    indicator: Indicator
    line: Line
    breakdowns: list[Breakdown]
    score: Score
    so_far: Score | None
    last: Figure | None
    year_before: Figure | None
    flags: tuple[Flagged, ...]
    needs_explanation: bool
    remark: str = ""
    in_force: Figure | None = None  # what the ledger says of the period, until this is approved

    @property
    def complaints(self) -> list[Complaint]:
        """All that stands in the way in the row and its breakdowns."""
        inner = [
            complaint for part in self.breakdowns for line in part.lines for complaint in line.complaints
        ]
        return self.line.complaints + inner


@dataclass(slots=True)
class Group:
    objective: Objective
    rows: list[IndicatorRow]


@dataclass(slots=True)
class Sheet:
    """A report with its rows by objective, in the order of the results framework."""

    report: Report
    groups: list[Group]
    steps: list[Step]

    @property
    def rows(self) -> list[IndicatorRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def complaints(self) -> list[Complaint]:
        """Everything that stands in the way of submitting, in the order of the page."""
        return [complaint for row in self.rows for complaint in row.complaints]

    @property
    def filled(self) -> int:
        """How many of the expected indicators hold a value or an absence."""
        return sum(row.line.is_filled for row in self.rows if row.line.required)

    @property
    def expected(self) -> int:
        return sum(row.line.required for row in self.rows)

    @property
    def last_return(self) -> Step | None:
        """Why it was last sent back or reopened, None if it never was."""
        back = [step for step in self.steps if step.kind in (StepKind.RETURNED, StepKind.REOPENED)]
        return back[-1] if back else None


def load_sheet(
    report: Report, *, today: date, typed: Mapping[int, Typed] | None = None, submissions: bool = False
) -> Sheet:
    """The sheet of a report; `typed` stands in for what is saved in the rows it names (by series id).

    Its steps come with what was submitted where `submissions` asks for it. 7 queries, whatever the number
    of rows. The report comes with its program, site and period.
    """
    lines = _lines(report, typed or {})
    span = report.period.span
    whole = [line for line in lines if line.series.category_id is None]
    book = load_book_of(
        report.program,
        [line.series for line in whole],
        today=_judged_on(report, today),
        pending={(line.series.pk, span): line.figure for line in whole if line.is_filled and line.figure},
    )
    steps = Step.objects.filter(report=report).select_related("by").prefetch_related("remarks")
    sheet = Sheet(
        report, _groups(report, lines, book), list(steps if submissions else steps.defer("content"))
    )
    _put_remarks(sheet)
    return sheet


def _judged_on(report: Report, today: date) -> date:
    """The day it is judged on: on its period's last day it may be submitted, so that counts as ended."""
    last_on = report.period.last_on
    return today + ONE_DAY if today == last_on else today


def _lines(report: Report, typed: Mapping[int, Typed]) -> list[Line]:
    """What the report asks for, in the order of the page; 3 queries, each thing made once."""
    saved_rows = Result.objects.filter(report=report).select_related("evidence")
    results = {result.series_id: result for result in saved_rows}
    period = report.period
    series = (
        Series.objects.of_report_to(report.program_id, report.site_id)
        .select_related("category__dimension")
        .order_by(
            "indicator__objective__code",
            "indicator__code",
            "dimension__name",
            "category__position",
            "category__name",
        )
    )
    own = Indicator.objects.filter(program=report.program_id, reported_by=_reporter(report))
    indicators = {indicator.pk: indicator for indicator in own.select_related("objective")}
    places = {key: _place(indicator, report) for key, indicator in indicators.items()}
    lines = []
    for one in series:
        one.indicator, one.site, one.program = indicators[one.indicator_id], report.site, report.program
        place = places[one.indicator_id] if _is_within(one, period.span) else None
        if place is None and one.pk not in results:
            continue
        saved, meaning = results.get(one.pk), one.indicator.meaning
        text = typed.get(one.pk, saved.as_typed if saved else BLANK)
        read = read_row(meaning, text, period.last_on)
        figure = read.figure(meaning) if read.says_something else None
        line = Line(one, text, read, place is True, figure)
        if saved is not None:
            line.typed_at, line.file = saved.typed_at, _file(read, saved.evidence)
        lines.append(line)
    return lines


def _file(read: Row, saved: Evidence | None) -> Evidence | None:
    """The file that the row rests on, as long as it is the one that is saved."""
    is_it = saved is not None and saved.kind == Evidence.Kind.FILE and saved.sha256 == read.evidence
    return saved if is_it else None


def _reporter(report: Report) -> ReportedBy:
    return ReportedBy.PROGRAM if report.site_id is None else ReportedBy.SITES


def _place(indicator: Indicator, report: Report) -> bool | None:
    """Whether, on its days, it is expected in the report (True), may be given (False), or has no place."""
    span = report.period.span
    if indicator.frequency == Frequency.IRREGULAR:
        return False
    kind = KIND_OF[Frequency(indicator.frequency)]
    if span.kind == kind and span.first is not None:
        return True if span_at(kind, span.first, Calendar(indicator.calendar)) == span else None
    longer = span.kind in MONTHS and MONTHS[span.kind] > MONTHS[kind]
    return False if longer and indicator.over_time == OverTime.NONE else None


def _is_within(series: Series, span: Span) -> bool:
    """Whether its days overlap the span; in one that lacks a day, it may always be given."""
    return has_no_days(span) or overlaps(span, *series.days)


def _groups(report: Report, lines: Sequence[Line], book: ProgramBook) -> list[Group]:
    groups: dict[int, Group] = {}
    parts: dict[int, list[Line]] = {}
    for line in lines:
        if line.series.category_id is not None:
            parts.setdefault(line.series.indicator_id, []).append(line)
    for line in lines:
        if line.series.category_id is None:
            objective = line.series.indicator.objective
            group = groups.setdefault(objective.pk, Group(objective, []))
            group.rows.append(_row(report, line, parts.get(line.series.indicator_id, []), book))
    return list(groups.values())


def _row(report: Report, line: Line, parts: Sequence[Line], book: ProgramBook) -> IndicatorRow:
    indicator, span = line.series.indicator, report.period.span
    breakdowns = _breakdowns(line, parts)
    score = book.score(indicator, span, {report.site_id})
    earlier = _earlier(book, indicator, report.site_id, span)
    here = book.books[indicator.pk].actuals.get((report.site_id, span))
    row = IndicatorRow(
        indicator=indicator,
        line=line,
        in_force=book.replaced.get(line.series.pk, None if line.is_filled else here),
        breakdowns=breakdowns,
        score=score,
        so_far=_so_far(book, indicator, span, report.site_id),
        last=_figure_before(book, indicator, span, report.site_id, MONTHS.get(span.kind, 0)),
        year_before=_figure_before(book, indicator, span, report.site_id, 12),
        flags=flags(
            indicator.meaning,
            judgement=score.judgement,
            actual=line.figure,
            earlier=earlier,
            gaps=[gap for part in breakdowns for gap in part.gaps],
            has_evidence=bool(line.read.evidence),
        ),
        needs_explanation=line.is_filled and needs_explanation(score.judgement),
    )
    _complain(row)
    return row


def _breakdowns(whole: Line, parts: Sequence[Line]) -> list[Breakdown]:
    by_dimension: dict[int, list[Line]] = {}
    for part in parts:
        by_dimension.setdefault(part.series.dimension_id or 0, []).append(part)
    found = []
    for lines in by_dimension.values():
        dimension = lines[0].series.category.dimension  # type: ignore[union-attr]  # parts have a category
        additivity = Additivity(dimension.additivity)
        gaps = breakdown_gap(
            whole.series.indicator.meaning, additivity, whole.figure, [line.figure for line in lines]
        )
        found.append(Breakdown(dimension.shown_name, additivity, lines, gaps))
    return found


def _figure_before(
    book: ProgramBook, indicator: Indicator, span: Span, site_id: int | None, months: int
) -> Figure | None:
    """What the same series had in the period so many months before, None where nothing is on record."""
    if span.kind not in MONTHS:
        return None
    return standing(book.books[indicator.pk].actuals.get((site_id, shifted(span, -months))))


def _so_far(book: ProgramBook, indicator: Indicator, span: Span, site_id: int | None) -> Score | None:
    """The year that the span lies in, up to the span's end; None where the span is no part of a year."""
    if span.first is None or span.kind not in MONTHS or span.kind == Kind.YEAR:
        return None
    return book.score(indicator, year_of(span.first, Calendar(indicator.calendar)), {site_id})


def _earlier(book: ProgramBook, indicator: Indicator, site_id: int | None, span: Span) -> list[Decimal]:
    """The values of the same series in earlier periods of the same kind, oldest first."""
    actuals = book.books[indicator.pk].actuals
    found = [
        (other.first, figure.value)
        for (site, other), figure in actuals.items()
        if site == site_id and other.kind == span.kind and other.first and figure.value is not None
    ]
    return [value for first, value in sorted(found) if span.first and first < span.first]


def _complain(row: IndicatorRow) -> None:
    """Note everything that stands in the way of submitting, at its row and field."""
    whole = row.line
    for line in [whole, *(line for part in row.breakdowns for line in part.lines)]:
        line.complaints = [
            Complaint(said(trouble), line.series.pk, trouble.field) for trouble in line.read.troubles
        ]
    first = _first_field(row.indicator)
    if whole.required and whole.figure is None and not whole.complaints:
        _add(whole, first, _("Give a value, or say why there is none."))
    for part in row.breakdowns:
        _complain_of_part(row, part)
    if row.needs_explanation and not whole.typed.explanation.strip():
        word = (
            _("exceeds its target")
            if row.score.judgement.status == Status.EXCEEDED
            else _("is behind its target")
        )
        _add(whole, "explanation", _("Say why this %(stands)s.") % {"stands": word})


def _complain_of_part(row: IndicatorRow, part: Breakdown) -> None:
    whole = row.line
    has_value = whole.figure is not None and whole.figure.absence is None
    for line in part.lines:
        if has_value and line.required and line.figure is None and not line.complaints:
            _add(
                line,
                _first_field(row.indicator),
                _("Give a value for this category, or say why there is none."),
            )
        says_a_number = line.figure is not None and line.figure.absence is None
        if says_a_number and not (has_value or whole.complaints or line.complaints):
            _add(line, _first_field(row.indicator), _("The whole has no value, so its parts can't have one."))
    for gap in part.gaps:
        _add(
            part.lines[0],
            "value" if gap.part == "value" else str(gap.part),
            _("%(dimension)s: the parts add up to %(total)s, the whole is %(whole)s.")
            % {"dimension": part.name, "total": number(gap.total), "whole": number(gap.whole)},
        )


def _first_field(indicator: Indicator) -> str:
    return "numerator" if indicator.measure == Measure.RATIO else "value"


def _add(line: Line, field_name: str, message: str) -> None:
    line.complaints.append(Complaint(message, line.series.pk, field_name))


def _put_remarks(sheet: Sheet) -> None:
    """Set what the manager last wrote on each row beside it, until the report is approved."""
    back = sheet.last_return
    remarks = {remark.series_id: remark.text for remark in back.remarks.all()} if back else {}
    for row in sheet.rows:
        row.remark = remarks.get(row.line.series.pk, "")
