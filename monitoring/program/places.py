"""The sites of a program: where each is, who reports for it, how its last report stands. No queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from indicators.formatting import day, span_label
from indicators.ledger import ProgramBook
from monitoring.looking_back import LookBack
from monitoring.program.about import About, SiteAbout
from monitoring.reports import Place, status_of

Cell = Callable[[Place], str]
NOWHERE = SiteAbout("", "")
CALLS = ("overdue", "returned", "due", "submitted", "approved", "not_due")


@dataclass(frozen=True, slots=True)
class ShownSite:
    """One site: its days only where it is closed; the period of its last report, and that report's state."""

    name: str
    href: str
    closed: str
    place: str
    organization: str
    reporters: str
    period: str
    report: SafeString


def sites_of(book: ProgramBook, told: About, back: LookBack, calendar: str, cell: Cell) -> list[ShownSite]:
    """The sites that the reader may see, by name; `cell` writes the state of a report."""
    last = _last_reports(book)
    return [
        ShownSite(
            name=site.name,
            href=_table(book.program.code, site.code, back),
            closed=day(site.closed_on),
            place=told.sites.get(pk, NOWHERE).place,
            organization=told.sites.get(pk, NOWHERE).organization,
            reporters=", ".join(told.reporters((pk,))),
            period=span_label(last[pk].span, calendar) if pk in last else "",
            report=SafeString(cell(last[pk]) if pk in last else ""),
        )
        for pk, site in book.sites.items()
    ]


def _table(program: str, site: str, back: LookBack) -> str:
    """The performance table of that site alone."""
    asked = [("site", site), *([("as_of", back.text)] if back.moment else [])]
    return f"{reverse('performance', args=[program])}?{urlencode(asked)}"


def _last_reports(book: ProgramBook) -> dict[int, Place]:
    """By site, its report of the period that ended last; of several that one which most calls for an act.

    Of these the shortest, since it begins last.
    """
    found: dict[int, tuple[tuple[date, int, date], Place]] = {}
    for (site, span), report in book.reports.items():
        if site is None or span.last is None or span.last >= book.today:
            continue
        status = status_of(report, span, book.today)
        rank = (span.last, -CALLS.index(status), span.first or date.min)
        if site not in found or rank > found[site][0]:
            found[site] = (rank, Place(site, span, status, report.due_on))
    return {site: place for site, (_rank, place) in found.items()}
