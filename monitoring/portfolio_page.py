"""The portfolio, ready for its template."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from indicators.formatting import figure_html, percent, status_html
from indicators.periods import Calendar, label
from monitoring.cells import anchor
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


def portfolio_page(portfolio: Portfolio, calendar: Calendar) -> ShownPortfolio:
    """Programs by component, with the name of the period in the calendar."""
    groups = [(it.name, [_line(line, portfolio) for line in it.lines]) for it in portfolio.components]
    return ShownPortfolio(label(portfolio.span, calendar), groups)


def _line(line: Line, portfolio: Portfolio) -> ShownLine:
    href = reverse("program", args=[line.program.code])
    return ShownLine(line, href, _headline(line, portfolio) if line.headline else SafeString(""))


def _headline(line: Line, portfolio: Portfolio) -> SafeString:
    """The figure with its unit, its achievement, and its period where that is another one."""
    found = line.headline
    if found is None:
        return SafeString("")
    href = reverse("indicator", args=[line.program.code, found.indicator.code])
    other = "" if found.score.span == portfolio.span else found.score.span.label
    period = format_html(' <span class="of">{}</span>', other) if other else ""
    return format_html(
        '<a href="{}#{}">{}</a> <span class="nowrap">{} <span class="unit">{}</span></span> {}{}',
        href,
        anchor(found.score.span),
        found.indicator.name,
        figure_html(found.score.actual.figure, found.meaning),
        "" if found.meaning.measure == "milestone" else found.indicator.unit,
        _standing(found),
        period,
    )


def _standing(found: Headline) -> SafeString:
    judged = found.score.judgement
    if judged.achievement is None:
        return SafeString("") if judged.status in (None, "no_target") else status_html(judged.status)
    return status_html(judged.status, escape(percent(judged.achievement)))
