"""The portfolio, ready for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from indicators.addresses import Links
from indicators.formatting import figure_html, percent, status_html
from indicators.periods import Calendar, label
from monitoring.cells import anchor, linked
from monitoring.portfolio import Headline, Line, Portfolio


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A program, its headline figure written."""

    line: Line
    href: str
    headline: SafeString


@dataclass(frozen=True, slots=True)
class ShownPortfolio:
    label: str
    groups: list[tuple[str, list[ShownLine]]]


def portfolio_page(portfolio: Portfolio, calendar: Calendar, links: Mapping[int, Links]) -> ShownPortfolio:
    """Programs by component, with the name of the period in the calendar; `links` are those of each one."""
    groups = [
        (it.name, [_line(line, portfolio, links[line.program.pk]) for line in it.lines])
        for it in portfolio.components
    ]
    return ShownPortfolio(label(portfolio.span, calendar), groups)


def _line(line: Line, portfolio: Portfolio, links: Links) -> ShownLine:
    headline = _headline(line, portfolio, links) if line.headline else SafeString("")
    return ShownLine(line, links.program, headline)


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
        found.indicator.name,
        SafeString(place.actual),
        figure_html(found.score.actual.figure, found.meaning),
        "" if found.meaning.measure == "milestone" else found.indicator.unit,
        SafeString(linked(_standing(found), place.judged)),
        period,
    )


def _standing(found: Headline) -> SafeString:
    judged = found.score.judgement
    if judged.achievement is None:
        return SafeString("") if judged.status in (None, "no_target") else status_html(judged.status)
    return status_html(judged.status, escape(percent(judged.achievement)))
