"""A program's page, ready for its template: every cell written, every address known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.addresses import Links
from indicators.addresses import Place as Addresses
from indicators.formatting import day, due, escape, span_label, status_html
from indicators.ledger import ProgramBook
from indicators.models import Objective
from indicators.periods import Span, label
from indicators.scoring import Score
from monitoring.breaks import break_html, notes_of_breaks
from monitoring.cells import (
    about_unit,
    actual_html,
    baseline_html,
    joined,
    judged_html,
    linked,
    target_html,
    three,
)
from monitoring.links import links_for
from monitoring.looking_back import LookBack
from monitoring.notes import notes_of
from monitoring.program.about import About
from monitoring.program.overview import Group, Overview, Published, Row, calendar_of
from monitoring.program.places import sites_of
from monitoring.reports import Place, Standings, standings_of
from monitoring.strips import bullet_html, course_html
from programs.access import Reach
from programs.models import Program

LEVELS = {
    "goal": gettext_lazy("Goal"),
    "outcome": gettext_lazy("Outcome"),
    "output": gettext_lazy("Output"),
}
SHADE = " year"
NOWHERE = Addresses("", "", "")


@dataclass(frozen=True, slots=True)
class ShownGroup:
    level: str
    code: str
    name: str
    depth: int
    rows: SafeString  # finished, since one by one in a template they take three times as long


@dataclass(frozen=True, slots=True)
class ShownReports:
    """The reports by period: a head of labels, and a line of finished cells for each site."""

    labels: list[tuple[str, bool]]  # and whether it is the one to begin with
    lines: list[tuple[str, SafeString]]


def program_page(
    overview: Overview, book: ProgramBook, told: About, own: Reach, back: LookBack
) -> dict[str, Any]:
    """All that the template shows."""
    program, links = book.program, links_for(book, "", back, own.sites)
    names: dict[int | None, str] = {site.pk: site.name for site in book.sites.values()}
    if own.sites is None:
        names = {None: _("The program itself"), **names}
    standings = standings_of(book.reports, names, book.today)
    year = overview.year
    return {
        "program": program,
        "told": told,
        "facts": _facts(program, told),
        "groups": [_group(group, links) for group in overview.groups],
        "year_label": label(year, calendar_of(book.indicators)),
        "year_runs": bool(year.last and year.last >= book.today),
        "life_label": span_label(overview.life) if program.starts_on or program.ends_on else "",
        "notes": [*notes_of(_scores(overview)), *notes_of_breaks(book.indicators)],
        "reports": _reports(standings, book, own, back),
        "sites": sites_of(
            book, told, back, calendar_of(book.indicators), lambda it: _mark(it, book, own, back)
        ),
        "runs": any(it.organization for it in told.sites.values()),
        "reporters": told.reporters((None,)),
        "people_url": reverse("people", args=[program.code]) if own.plans and not back.moment else "",
        "only_sites": None if own.sites is None else ", ".join(site.name for site in book.sites.values()),
        "approvers": "" if back.moment else _approvers(told),
        "links": _links(program, own, year, back),
    }


def _facts(program: Program, told: About) -> list[str]:
    begins, ends = day(program.starts_on), day(program.ends_on)
    facts: list[str] = [program.get_component_display()]
    if begins or ends:
        facts.append(f"{begins or '…'} – {ends or '…'}")
    if told.places:
        facts.append(", ".join(told.places))
    return facts


def _links(program: Program, own: Reach, year: Span, back: LookBack) -> list[tuple[str, str]]:
    """Where to go on; only the performance table can look back."""
    links = [(_("Performance table"), f"{reverse('performance', args=[program.code])}{back.suffix}")]
    if back.moment:
        return links
    if own.plans and year.last:
        links.append((_("Targets"), reverse("targets", args=[program.code, year.last.year])))
    links.append((_("Reports"), f"{reverse('report-list')}?program={program.pk}"))
    if own.plans:
        links.append((_("People and roles"), reverse("people", args=[program.code])))
    return links


def _approvers(told: About) -> str:
    """What to know where nobody, or only one person, can approve; "" where two or more can."""
    if not told.managers:
        return _("Nobody can approve reports of this program yet. An administrator can name a manager.")
    if len(told.managers) == 1:
        return _(
            "Only %(person)s can approve reports of this program: what that person types, nobody can."
        ) % {"person": told.managers[0]}
    return ""


def _group(group: Group, links: Links) -> ShownGroup:
    one = group.objective
    return ShownGroup(
        level=str(LEVELS[one["level"]]),
        code=one["code"],
        name=Objective(name=one["name"], name_es=one["name_es"]).name_html,
        depth=min(group.depth, 3),
        rows=joined(_row(row, links, min(group.depth, 3)) for row in group.rows),
    )


def _row(row: Row, links: Links, depth: int) -> str:
    indicator, meaning = row.indicator, row.book.meaning
    href = escape(links.indicator(indicator.code))
    unit = f'<span class="unit">{escape(about_unit(indicator))}</span>'
    name = f'<a href="{href}">{indicator.name_html}</a> {unit}{break_html(indicator)}'
    start = links.figure(indicator.code, row.baseline_of, kind="baseline")
    said = baseline_html(row.baseline, meaning, escape(start))
    baseline = f'<td class="num start" data-label="{escape(_("Baseline"))}">{said}</td>'
    comparable = (
        row.year.baseline if row.year and row.year.baseline and row.year.baseline.comparable else None
    )
    bullet = bullet_html(row.year, comparable.figure if comparable else None)
    drawn = f'<td class="drawn">{bullet}</td><td class="drawn">{linked(course_html(row.book), href)}</td>'
    cells = [_three(row.year, row, links), drawn]
    if row.published is not None and row.life is None:
        cells.append(_published(row.published, row, links))
    else:
        cells.append(_three(row.life, row, links, SHADE))
    return f'<tr class="in--{depth}"><th scope="row">{name}</th>{baseline}{"".join(cells)}</tr>\n'


def _three(score: Score | None, row: Row, links: Links, shade: str = "") -> str:
    place = links.place(row.indicator.code, score.span) if score else NOWHERE
    return three(score, row.book.meaning, place, shade)


def _published(published: Published, row: Row, links: Links) -> str:
    """The last figures on record, each with the stretch of time that it was published for."""
    meaning, shown = row.book.meaning, published.actual
    target = published.target
    code = row.indicator.code
    aim = ""
    if target is not None:
        aim = f"{target_html(target, meaning, links.place(code, target.span).target)}{_of(target)}"
    if shown is None or shown.actual.figure is None:
        return f'<td class="num first{SHADE}">{aim}</td><td class="num{SHADE}" colspan="2"></td>'
    place = links.place(code, shown.span)
    value = f"{actual_html(shown.actual, meaning, place.actual)}{_of(shown)}"
    return (
        f'<td class="num first{SHADE}">{aim}</td><td class="num{SHADE}">{value}</td>'
        f'<td class="num{SHADE}">{judged_html(shown, meaning, place.judged)}</td>'
    )


def _of(score: Score) -> str:
    return format_html('<span class="under">{}</span>', score.span.label)


def _scores(overview: Overview) -> list[Score]:
    rows = [row for group in overview.groups for row in group.rows]
    return [score for row in rows for score in (row.year, row.life) if score is not None]


def _reports(standings: Standings, book: ProgramBook, own: Reach, back: LookBack) -> ShownReports:
    lines = []
    for line in standings.lines:
        cells = [_place(place, book, own, back) for place in line.places]
        lines.append((line.name, joined(cells)))
    calendar, first = calendar_of(book.indicators), _first_seen(standings, book.today)
    return ShownReports([(label(it, calendar), it == first) for it in standings.spans], lines)


def _first_seen(standings: Standings, today: date) -> Span | None:
    """The latest period that is over and of which a report is wanting, else the latest that is over."""
    over = [span for span in standings.spans if span.last and span.last < today]
    places = [place for line in standings.lines for place in line.places]
    wanting = {place.span for place in places if place.status not in (None, "approved")}
    return next((span for span in reversed(over) if span in wanting), over[-1] if over else None)


def _place(place: Place, book: ProgramBook, own: Reach, back: LookBack) -> str:
    """One report's cell; its page is of today alone."""
    if place.status is None:
        nothing = _("no report")
        return f'<td><span class="usa-sr-only">{nothing}</span></td>'
    return f"<td>{_mark(place, book, own, back)}</td>"


def _mark(place: Place, book: ProgramBook, own: Reach, back: LookBack) -> str:
    """The state of a report, as a link for whoever may see what it says."""
    mark = status_html(place.status)
    if own.sees_report(place.site_id) and not back.moment:
        waits = place.status in ("submitted", "approved") and own.reviews
        page = "report-review" if waits else "report-entry"
        address = reverse(page, args=[book.report_ids[place.site_id, place.span]])
        when = due(place.due_on, book.today) if place.status in ("due", "overdue", "not_due") else ""
        mark = format_html('<a class="figure" href="{}" title="{}">{}</a>', address, when, mark)
    return mark
