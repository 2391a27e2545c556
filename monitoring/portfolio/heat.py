"""The heatmap of reports: programs against quarters, each cell as bad as the worst of its reports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from indicators.periods import Calendar, Kind, Span, shifted, span_at
from indicators.series import Reports, ReportStanding
from monitoring.reports import RECEIVED, came_late, is_overdue, status_of

QUARTERS = 8
# from what most calls for an act to what is done; `overdue` is missing, `late` came in after its due day
WORST = ("overdue", "late", "due", "submitted", "not_due", "approved")


@dataclass(frozen=True, slots=True)
class Cell:
    """How the reports of one program stand that end in one quarter; a status of None: none is asked for."""

    quarter: Span
    status: str | None = None
    received: int = 0
    all: int = 0


def last_quarters(until: date, today: date, calendar: Calendar) -> list[Span]:
    """The quarters up to the one in which a day lies, but no further than today's, the oldest first."""
    last = span_at(Kind.QUARTER, min(until, today), calendar)
    return [shifted(last, -3 * back) for back in reversed(range(QUARTERS))]


def standing_of(report: ReportStanding, span: Span, today: date) -> str:
    """One of `WORST`: what was returned or only drafted is due or overdue as if nothing had come in."""
    if is_overdue(report, span, today):
        return "overdue"
    if report.state in RECEIVED:
        return "late" if came_late(report) else str(report.state)
    return status_of(ReportStanding(None, report.due_on), span, today)


def heat_of(reports: Reports, quarters: Iterable[Span], today: date) -> list[Cell]:
    """A cell for each quarter; months, halves and years belong to the quarter in which they end."""
    found: dict[Span, list[ReportStanding]] = {}
    standings: dict[Span, list[str]] = {}
    for (_site, span), report in reports.items():
        if span.last is not None:
            quarter = span_at(Kind.QUARTER, span.last)
            found.setdefault(quarter, []).append(report)
            standings.setdefault(quarter, []).append(standing_of(report, span, today))
    return [_cell(quarter, found, standings) for quarter in quarters]


def _cell(
    quarter: Span, found: Mapping[Span, list[ReportStanding]], standings: Mapping[Span, list[str]]
) -> Cell:
    if quarter not in found:
        return Cell(quarter)
    received = sum(report.state in RECEIVED for report in found[quarter])
    return Cell(quarter, min(standings[quarter], key=WORST.index), received, len(found[quarter]))
