"""The portfolio to take along: a row for each program, in numbers, and what it is of."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators import words
from indicators.formatting import certainty_word, status_word
from indicators.moments import LIMA
from indicators.periods import Calendar, label
from monitoring.looking_back import LookBack
from monitoring.performance.book import figure_cell
from monitoring.portfolio.standing import Headline, Line, Portfolio
from programs.models import Program
from programs.taking import Taken
from programs.workbook import Cell


def portfolio_file(portfolio: Portfolio, calendar: Calendar, back: LookBack, scope: str) -> Taken:
    """The portfolio's table as a file; `scope` says whose figures it holds."""
    statuses = [it for it in words.STATUSES if portfolio.counts.get(it)]
    period = label(portfolio.span, calendar)
    return Taken(
        name=f"portfolio-{period}",
        title=pgettext("the page", "Portfolio"),
        heads=[*_heads(label(portfolio.before, calendar)), *(status_word(it) for it in statuses), *_last()],
        rows=list(_rows(portfolio, statuses, calendar)),
        about=[
            (_("Period"), period),
            (_("Calendar"), str(words.CALENDARS[calendar])),
            (_("As of"), back.moment.astimezone(LIMA) if back.moment else _("now")),
            (_("Programs"), portfolio.programs),
            (_("Sites"), scope),
            (_("Reports"), _("Of the reports whose period ends in this one; on time: by their due day.")),
            (_("Statuses"), _("How many indicators of the program stand so in the period.")),
        ],
    )


def scope_of(programs: dict[Program, list[str] | None]) -> str:
    """Whose figures a reader sees: all sites, or by program the only sites."""
    limited = {it: names for it, names in programs.items() if names is not None}
    if not limited:
        return _("all sites, with totals")
    parts = "; ".join(f"{it.shown_name}: {', '.join(names)}" for it, names in limited.items())
    return _("of these programs the figures of these sites alone: %(sites)s") % {"sites": parts}


def _heads(before: str) -> list[str]:
    return [
        _("Component"),
        _("Code"),
        _("Program"),
        _("Illustrative"),
        _("Indicators"),
        _("Reports asked for"),
        _("Received"),
        _("On time"),
        _("In review"),
        _("Overdue"),
        _("Better since %(period)s") % {"period": before},
        _("Worse since %(period)s") % {"period": before},
    ]


def _last() -> list[str]:
    return [
        _("Figure"),
        _("Its period"),
        _("Value"),
        _("Certainty"),
        _("Complete"),
        _("Unit"),
        _("Achieved"),
        _("Its status"),
    ]


def _rows(portfolio: Portfolio, statuses: list[str], calendar: Calendar) -> Iterator[list[object]]:
    for component in portfolio.components:
        for line in component.lines:
            yield [
                component.name,
                *_of_program(line),
                *(line.counts.get(it, 0) for it in statuses),
                *_of_figure(line.headline, calendar),
            ]


def _of_program(line: Line) -> list[object]:
    reports, change, program = line.reports, line.change, line.program
    return [
        program.code,
        program.shown_name,
        _("yes") if program.illustrative else _("no"),
        line.indicators,
        reports.all,
        reports.received,
        reports.on_time,
        reports.in_review,
        reports.overdue,
        change.better,
        change.worse,
    ]


def _of_figure(found: Headline | None, calendar: Calendar) -> list[object]:
    if found is None:
        return [""] * len(_last())
    judged, actual = found.score.judgement, found.score.actual
    return [
        found.indicator.shown_name,
        label(found.score.span, calendar),
        figure_cell(actual.figure, found.meaning),
        certainty_word(actual.figure),
        actual.complete if actual.want > 1 else None,
        found.indicator.shown_unit,
        Cell(judged.achievement, share=True),
        status_word(judged.status) if judged.status else "",
    ]
