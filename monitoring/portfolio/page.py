"""The portfolio, ready for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import words
from indicators.addresses import Links
from indicators.formatting import figure_html, number, of, percent, status_html
from indicators.periods import Calendar, Span, label
from monitoring.cells import anchor, linked
from monitoring.portfolio.courses import Course
from monitoring.portfolio.heat import WORST, Cell
from monitoring.portfolio.standing import Headline, Line, Portfolio

# what a cell of the heatmap says, of the worst of its reports
LEGEND = {
    "approved": gettext_lazy("approved"),
    "submitted": gettext_lazy("in review"),
    "late": gettext_lazy("came in late"),
    "overdue": gettext_lazy("overdue, nothing came in"),
    "due": gettext_lazy("due"),
    "not_due": gettext_lazy("not due"),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A program, its headline figure written, and its reports by quarter."""

    line: Line
    href: str
    reports: str
    statuses: list[tuple[str, int, str]]
    headline: SafeString
    course: list[Decimal | None]
    course_words: str
    heat: SafeString  # its cells, finished


@dataclass(frozen=True, slots=True)
class ShownPortfolio:
    label: str
    before: str
    groups: list[tuple[str, list[ShownLine]]]
    quarters: list[str]
    legend: list[tuple[str, str, str]]

    @property
    def heated(self) -> list[ShownLine]:
        """The programs of which a report is asked for in any of the quarters."""
        shown = (line for _name, lines in self.groups for line in lines)
        return [it for it in shown if any(cell.status for cell in it.line.heat)]

    @property
    def unheated(self) -> int:
        """How many programs have none."""
        return sum(len(lines) for _name, lines in self.groups) - len(self.heated)


def portfolio_page(
    portfolio: Portfolio, calendar: Calendar, links: Mapping[int, Links], courses: Mapping[int, Course]
) -> ShownPortfolio:
    """Programs by component, with the names of periods in the calendar; `links` are those of each one."""
    quarters = [label(it, calendar) for it in portfolio.quarters]
    groups = [
        (it.name, [_line(line, portfolio, links[line.program.pk], quarters, courses) for line in it.lines])
        for it in portfolio.components
    ]
    legend = [(status, words.STATUS_GLYPHS[status], str(LEGEND[status])) for status in WORST]
    before = label(portfolio.before, calendar)
    return ShownPortfolio(label(portfolio.span, calendar), before, groups, quarters, legend)


def _line(
    line: Line, portfolio: Portfolio, links: Links, quarters: Sequence[str], courses: Mapping[int, Course]
) -> ShownLine:
    found, course = line.headline, courses.get(line.program.pk, [])
    cells = zip(line.heat, quarters, strict=True)
    return ShownLine(
        line=line,
        href=links.program,
        reports=_reports(line, portfolio.span, links),
        statuses=[
            (it, line.counts[it], _table(portfolio.span, it, links))
            for it in words.STATUSES
            if line.counts.get(it)
        ],
        headline=_headline(line, portfolio, links) if found else SafeString(""),
        course=[value for _span, value in course],
        course_words=_course_words(course),
        heat=SafeString("".join(_cell(cell, name, line, links) for cell, name in cells)),
    )


def _cell(cell: Cell, quarter: str, line: Line, links: Links) -> str:
    """What came in of what was asked for: a glyph and a count, in words for who hears the page.

    It leads to the list of these reports, which knows today alone.
    """
    if cell.status is None:
        return f'<td><span class="usa-sr-only">{escape(_("none asked for"))}</span></td>'
    said = _("%(program)s, %(quarter)s: %(status)s, %(count)s reports in") % {
        "program": line.program.shown_name,
        "quarter": quarter,
        "status": LEGEND[cell.status],
        "count": of(cell.received, cell.all),
    }
    return (
        f'<td class="heat__cell heat__cell--{cell.status}">'
        f'<a href="{escape(_reports(line, cell.quarter, links))}" aria-label="{escape(said)}">'
        f'<span class="heat__glyph" aria-hidden="true">{words.STATUS_GLYPHS[cell.status]}</span> '
        f'<span aria-hidden="true">{cell.received}/{cell.all}</span></a></td>'
    )


def _reports(line: Line, span: Span, links: Links) -> str:
    """The list of a program's reports that end in a span; it knows today alone."""
    if links.as_of:
        return links.program
    query = urlencode({"program": line.program.pk, "ends": span.label})
    return f"{reverse('report-list')}?{query}"


def _table(span: Span, status: str, links: Links) -> str:
    """The rows of a program's performance table that stand so in the period."""
    query = {"by": str(span.kind), "from": span.label, "to": span.label, "status": status}
    as_of = {"as_of": links.as_of} if links.as_of else {}
    return f"{links.root}performance/?{urlencode(query | as_of)}"


def _course_words(course: Course) -> str:
    """The line in words: each period with its value."""
    known = [(span, value) for span, value in course if value is not None]
    return ", ".join(f"{span.label}: {number(value)}" for span, value in known)


def _headline(line: Line, portfolio: Portfolio, links: Links) -> SafeString:
    """The figure with its unit, its achievement, and its period where that is another one."""
    found = line.headline
    if found is None:
        return SafeString("")
    place = links.place(found.indicator.code, found.score.span)
    other = "" if found.score.span == portfolio.span else found.score.span.label
    period = format_html(' <span class="of">{}</span>', other) if other else ""
    return format_html(
        '<a href="{}#{}">{}</a> <a class="figure nowrap" href="{}">{} <span class="unit">{}</span></a> {}{}',
        links.indicator(found.indicator.code),
        anchor(found.score.span),
        found.indicator.name_html,
        SafeString(place.actual),
        figure_html(found.score.actual.figure, found.meaning),
        "" if found.meaning.measure == "milestone" else found.indicator.shown_unit,
        SafeString(linked(_standing(found), place.judged)),
        period,
    )


def _standing(found: Headline) -> SafeString:
    judged = found.score.judgement
    if judged.achievement is None:
        return SafeString("") if judged.status in (None, "no_target") else status_html(judged.status)
    return status_html(judged.status, escape(percent(judged.achievement)))
