"""Where the reports of a program stand, site by site and period by period. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from indicators.periods import Kind, Span
from indicators.series import Reports, ReportStanding
from indicators.values import ReportState

LAST = 8
RECEIVED = (ReportState.APPROVED, ReportState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Place:
    """One report's place in the table: its status (None: no report was asked for)."""

    site_id: int | None
    span: Span
    status: str | None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    site_id: int | None
    name: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Standings:
    """Sites against the last periods, and the earlier ones of which a report is overdue; the oldest first."""

    spans: list[Span]
    lines: list[Line]


def status_of(report: ReportStanding, span: Span, today: date) -> str:
    """How a report stands: approved, in review or returned; else overdue, due or not due yet."""
    if report.state in (ReportState.APPROVED, ReportState.SUBMITTED, ReportState.RETURNED):
        return str(report.state)
    if span.last is None or today <= span.last:
        return "not_due"
    return "overdue" if report.due_on and today > report.due_on else "due"


def is_overdue(report: ReportStanding, span: Span, today: date) -> bool:
    """Whether it should have been submitted by now, sent back or not."""
    if report.state in RECEIVED:
        return False
    return bool(span.last and today > span.last and report.due_on and today > report.due_on)


def standings_of(
    reports: Reports, names: Mapping[int | None, str], today: date, last: int = LAST
) -> Standings:
    """The sites that report, by name, and how their reports of the last periods, and all overdue, stand."""
    latest = sorted({span for _site, span in reports}, key=_place)[-last:]
    late = {span for (site, span), it in reports.items() if site in names and is_overdue(it, span, today)}
    spans = sorted({*latest, *late}, key=_place)
    sites = {site for site, span in reports if span in set(spans)}
    lines = [Line(site, names[site], _places(reports, site, spans, today)) for site in names if site in sites]
    return Standings(spans, lines)


def _places(reports: Reports, site: int | None, spans: Iterable[Span], today: date) -> list[Place]:
    found = []
    for span in spans:
        report = reports.get((site, span))
        status = status_of(report, span, today) if report else None
        found.append(Place(site, span, status, report.due_on if report else None))
    return found


def _place(span: Span) -> tuple[date, int, str]:
    """By the last day, the shorter first; what has no last day before all, for it is never due."""
    return span.last or date.min, -(span.first or date.min).toordinal(), span.label


def came_late(report: ReportStanding) -> bool:
    """Whether it first came in after its due day."""
    return bool(report.in_on and report.due_on and report.in_on > report.due_on)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports there are; of these how many came in (on time), await review, or are overdue."""

    all: int = 0
    received: int = 0
    in_review: int = 0
    overdue: int = 0
    on_time: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.all + other.all,
            self.received + other.received,
            self.in_review + other.in_review,
            self.overdue + other.overdue,
            self.on_time + other.on_time,
        )


def tally(reports: Reports, today: date, within: Span | None = None) -> Tally:
    """Over the reports of periods that have ended, or only of those of them that end within a span."""
    counts: Counter[str] = Counter()
    for (_site, span), report in reports.items():
        if not (_has_ended(span, today) if within is None else ends_within(span, within, today)):
            continue
        received = report.state in RECEIVED
        counts["all"] += 1
        counts["received"] += received
        counts["in_review"] += report.state == ReportState.SUBMITTED
        counts["overdue"] += is_overdue(report, span, today)
        counts["on_time"] += received and not came_late(report)
    return Tally(counts["all"], counts["received"], counts["in_review"], counts["overdue"], counts["on_time"])


def _has_ended(span: Span, today: date) -> bool:
    return span.kind is Kind.OTHER or (span.last is not None and span.last < today)


def ends_within(span: Span, within: Span, today: date) -> bool:
    """Whether it has ended, on a day of the other span."""
    if span.last is None or span.last >= today or within.last is None or span.last > within.last:
        return False
    return within.first is None or span.last >= within.first
