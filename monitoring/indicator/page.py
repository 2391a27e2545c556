"""An indicator's page, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators import words
from indicators.addresses import Links, Place
from indicators.addresses import Part as PartCode
from indicators.formatting import day, figure_html, figure_text, number, percent, signed_percent, status_html
from indicators.judging import deviation_of
from indicators.ledger import ProgramBook
from indicators.models import Category, Indicator
from indicators.periods import Kind, Span
from indicators.scoring import Score
from indicators.values import Accumulation, Meaning, Measure
from monitoring.breaks import ShownBreak, breaks_of
from monitoring.cells import (
    about_unit,
    actual_html,
    against_html,
    anchor,
    baseline_html,
    completeness_html,
    joined,
    judged_html,
    linked,
    missing_html,
    periods_label,
    share_of,
    target_html,
    target_text,
)
from monitoring.figure.page import part_code
from monitoring.indicator.courses import Look, Multiples, chart_of, multiples_of, years_of
from monitoring.indicator.history import Breakdown, History, Moment, Part, is_apart
from monitoring.indicator.milestones import milestones_of
from monitoring.indicator.outlook import lack_of, outlook_of
from monitoring.notes import notes_of
from monitoring.performance.columns import Column
from monitoring.strips import ends_of
from programs.models import Program


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the figures of the indicator are: all of them, those of one site or of one category."""

    indicator: str
    links: Links
    part: PartCode | None = None

    def place(self, span: Span) -> Place:
        return self.links.place(self.indicator, span, self.part)

    def actual(self, span: Span) -> str:
        """The address of its actual, written for HTML."""
        return self.place(span).actual

    def of_site(self, span: Span, code: str) -> str:
        """The same of one site, "" for all."""
        return (self.at(code) if code else self).actual(span)

    def at(self, site: str) -> _Spot:
        return replace(self, links=replace(self.links, sites=(site,)))

    def of(self, category: Category | None) -> _Spot:
        return replace(self, part=part_code(category))


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """One period as a row."""

    id: str
    label: str
    shade: str
    cells: SafeString


@dataclass(frozen=True, slots=True)
class ShownParts:
    """Sites, or the categories of a dimension, over the last periods."""

    name: str
    head: str
    note: str
    labels: list[str]
    lines: list[tuple[str, SafeString]]
    charts: Multiples | None


def indicator_page(book: ProgramBook, history: History, indicator: Indicator, links: Links) -> dict[str, Any]:
    """All that the template shows, the ledger apart."""
    program, meaning = book.program, indicator.meaning
    spot = _Spot(indicator.code, links)
    newest = list(reversed(history.moments))
    breaks = list(breaks_of(indicator, lambda other: _address(program, other, links)))
    return {
        "program": program,
        "indicator": indicator,
        "about": about_unit(indicator),
        "facts": [indicator.code, about_unit(indicator), str(words.FREQUENCIES[indicator.frequency])],
        "latest": _latest(history, meaning, spot),
        "bullet": _bullet(history, meaning),
        **_charts(history, book, indicator, spot, breaks),
        "baseline": _baseline(history, meaning, spot),
        "moments": [_moment(it, meaning, spot) for it in newest],
        "notes": [*other_starts(history, meaning), *notes_of([it.score for it in newest])],
        "by_site": _by_site(history, look_of(indicator, breaks), spot),
        "breakdowns": [
            _breakdown(it, history.columns, look_of(indicator, breaks), spot) for it in history.breakdowns
        ],
        "sheet": sheet_of(indicator),
        "breaks": breaks,
    }


def look_of(indicator: Indicator, breaks: Sequence[ShownBreak]) -> Look:
    """How its charts look: a break before it stands at their left edge, one after it at their right."""
    return Look(
        indicator.meaning,
        indicator.shown_unit,
        indicator.frequency,
        starts_with_break=any(it.after == indicator for it in breaks),
        ends_with_break=any(it.before == indicator for it in breaks),
    )


def _charts(
    history: History, book: ProgramBook, indicator: Indicator, spot: _Spot, breaks: Sequence[ShownBreak]
) -> dict[str, Any]:
    """The chart of all periods with its forecast, that of the years, or the days of a milestone."""
    look, own = look_of(indicator, breaks), book.books[indicator.pk]
    outlook = outlook_of(history.moments, look.meaning, book.today)
    chart = chart_of(history, look, spot.actual, outlook)
    found: dict[str, Any] = {
        "chart": chart,
        "years": years_of(history, look, spot.actual),
        "outlook": outlook.sentences if outlook else [],
        "lack": lack_of(history.moments, look.meaning, book.today) if chart else "",
        "apart": chart is None and is_apart(history),
        "milestones": None,
    }
    if not look.drawn and history.moments:
        span = history.moments[-1].column.span
        sites = list(book.sites.values())
        found["milestones"] = milestones_of(own, span, sites, book.program.shown_name, spot.of_site)
    return found


def _baseline(history: History, meaning: Meaning, spot: _Spot) -> SafeString:
    href = spot.links.figure(spot.indicator, history.baseline_of, kind="baseline")
    return SafeString(baseline_html(history.baseline, meaning, escape(href)))


def other_starts(history: History, meaning: Meaning) -> list[str]:
    """From what else periods were measured: one that was set for other sites, or one of other days."""
    if history.baseline is None or not history.earlier:
        return []
    alike = [it for it in history.earlier if it.periods == history.baseline.periods]
    if alike == history.earlier:
        figures = ", ".join(figure_text(it.figure, meaning) for it in alike)
        said = _("Earlier periods were measured from %(figures)s, the baseline of the sites then expected.")
        return [said % {"figures": figures}]
    figures = ", ".join(f"{figure_text(it.figure, meaning)} ({periods_label(it)})" for it in history.earlier)
    return [_("Earlier periods were measured from %(figures)s.") % {"figures": figures}]


def _latest(history: History, meaning: Meaning, spot: _Spot) -> dict[str, object] | None:
    """The last value, what it was at the start, and how it stands."""
    if history.latest is None or history.latest.score.actual.figure is None:
        return None
    score = history.latest.score
    counting = score.targets.counting
    return {
        "value": figure_html(score.actual.figure, meaning),
        "complete": SafeString(completeness_html(score.actual)),
        "label": history.latest.column.label,
        "status": score.judgement.status,
        "achieved": share_of(score.judgement),
        "against": SafeString(against_html(score, meaning, why=True)),
        "target": target_text(counting, meaning) if counting else "",
        "baseline": _baseline(history, meaning, spot),
        "place": Place(*map(SafeString, spot.place(score.span))),
        "since": _since(history, meaning),
    }


def _since(history: History, meaning: Meaning) -> str:
    """By how much the last value differs from the baseline, where both say the same kind of thing."""
    if history.latest is None or history.baseline is None or meaning.measure != Measure.NUMBER:
        return ""
    score, start = history.latest.score, history.baseline.figure.value
    value = score.actual.figure.value if score.actual.figure else None
    comparable = meaning.accumulation == Accumulation.STOCK or score.baseline is not None
    comparable = comparable and score.actual.is_complete
    if value is None or start is None or not comparable:
        return ""
    return signed_percent(deviation_of(value, start))


def _bullet(history: History, meaning: Meaning) -> dict[str, Decimal | None] | None:
    """Actual, target and baseline of the last value, where there is anything to compare it with."""
    score = history.latest.score if history.latest else None
    if score is None or score.actual.figure is None or meaning.measure == Measure.MILESTONE:
        return None
    baseline = history.baseline.figure if history.baseline else None
    aim, start = ends_of(score, baseline)
    if aim is None and start is None:
        return None
    return {"actual": score.actual.figure.value, "target": aim, "baseline": start}


def _moment(moment: Moment, meaning: Meaning, spot: _Spot) -> ShownMoment:
    column, score = moment.column, moment.score
    label = column.label
    if column.span.kind is Kind.LIFE:
        known = column.span.first or column.span.last
        label = f"{_('Life of program')} {column.label if known else ''}".strip()
    cells = _moment_cells(score, meaning, spot.place(column.span))
    return ShownMoment(anchor(column.span), label, "year" if column.total else "", cells)


def _moment_cells(score: Score, meaning: Meaning, place: Place) -> SafeString:
    others = linked(_other_targets(score, meaning), place.target)
    target = f'<td class="num">{target_html(score, meaning, place.target)}{others}</td>'
    figure = score.actual.figure
    if figure is None or figure.value is None:
        return joined([target, f'<td class="num">{missing_html(score, place.actual)}</td><td></td><td></td>'])
    parts = linked(_parts(score) if meaning.measure is Measure.RATIO else "", place.actual)
    actual = f'<td class="num">{actual_html(score.actual, meaning, place.actual)}{parts}</td>'
    judged = f"{judged_html(score, meaning, place.judged)}{linked(_others(score), place.judged)}"
    away = linked(_away(score), place.judged)
    return joined([target, actual, f'<td class="num">{judged}</td><td class="num">{away}</td>'])


def _away(score: Score) -> str:
    """The distance from the target, where that does not stand in for the achievement."""
    judged = score.judgement
    return escape(signed_percent(judged.deviation)) if judged.achievement is not None else ""


def _parts(score: Score) -> str:
    """Numerator and denominator below a ratio."""
    figure = score.actual.figure
    if figure is None or figure.numerator is None or figure.denominator is None:
        return ""
    text = _("%(part)s of %(whole)s") % {
        "part": number(figure.numerator),
        "whole": number(figure.denominator),
    }
    return f'<span class="under">{escape(text)}</span>'


def _other_targets(score: Score, meaning: Meaning) -> str:
    """The original and the latest target, where they differ from the one that counts."""
    targets, found = score.targets, []
    if targets.original is not None and targets.original != targets.counting:
        found.append((_("original"), targets.original))
    if targets.latest is not None and targets.latest != targets.counting:
        found.append((_("latest"), targets.latest))
    return "".join(
        f'<span class="under">{escape(name)} {target_text(figure, meaning)}</span>' for name, figure in found
    )


def _others(score: Score) -> str:
    """The achievement against the other targets."""
    shares = ((_("original"), score.against_original), (_("latest"), score.against_latest))
    found = [f"{escape(name)} {percent(share)}" for name, share in shares if share is not None]
    return "".join(f'<span class="under">{text}</span>' for text in found)


def _by_site(history: History, look: Look, spot: _Spot) -> ShownParts | None:
    if len(history.sites) <= 1 or not history.columns:
        return None
    lines = [
        (part.name, _part(part, look.meaning, spot.at(part.site_code), judged=True)) for part in history.sites
    ]
    charts = multiples_of(history.sites, history.columns, look, lambda it: spot.at(it.site_code).actual)
    return ShownParts(_("By site"), _("Site"), "", [it.label for it in history.columns], lines, charts)


def _breakdown(breakdown: Breakdown, columns: Sequence[Column], look: Look, spot: _Spot) -> ShownParts:
    notes = {
        "exhaustive": _("The categories add up to the whole."),
        "partial": _("The categories are only a part of the whole."),
        "overlapping": _("The categories overlap and are never added up."),
    }
    lines = [
        (part.name_html, _part(part, look.meaning, spot.of(part.category), judged=False))
        for part in breakdown.parts
    ]
    charts = multiples_of(breakdown.parts, columns, look, lambda it: spot.of(it.category).actual)
    name = _("By category: %(dimension)s") % {"dimension": breakdown.dimension}
    labels = [it.label for it in columns]
    return ShownParts(name, breakdown.dimension, notes[breakdown.additivity], labels, lines, charts)


def _part(part: Part, meaning: Meaning, spot: _Spot, *, judged: bool) -> SafeString:
    cells = (_cell(score, meaning, spot, judged=judged) for score in part.scores)
    return joined(f'<td class="num">{cell}</td>' for cell in cells)


def _cell(score: Score | None, meaning: Meaning, spot: _Spot, *, judged: bool) -> str:
    if score is None:
        return f'<span class="usa-sr-only">{escape(_("not expected"))}</span>'
    figure = score.actual.figure
    if figure is None or figure.value is None:
        return missing_html(score, spot.place(score.span).actual)
    place = spot.place(score.span)
    text = actual_html(score.actual, meaning, place.actual)
    status = score.judgement.status
    if not judged or status is None or score.targets.counting is None:
        return text
    mark = status_html(status, share_of(score.judgement))
    return f'{text}<span class="under">{linked(mark, place.judged)}</span>'


def sheet_of(indicator: Indicator) -> list[tuple[str, str]]:
    """The reference sheet: what is known of how it is measured, in order."""
    rows = [
        (_("Definition"), indicator.shown_html("definition")),
        (_("Objective"), format_html("{} {}", indicator.objective.code, indicator.objective.name_html)),
        (_("Measure"), f"{words.MEASURES[indicator.measure]}, {indicator.shown_unit}"),
        (_("Numerator"), indicator.shown_html("numerator_label")),
        (_("Denominator"), indicator.shown_html("denominator_label")),
        (_("Flow or stock"), str(words.ACCUMULATIONS[indicator.accumulation])),
        (_("Better is"), _better(indicator)),
        (_("Over sites"), str(words.OVER_SITES[indicator.over_sites])),
        (_("Over time"), str(words.OVER_TIME[indicator.over_time])),
        (_("Reported by"), str(words.REPORTED_BY[indicator.reported_by])),
        (_("Frequency"), str(words.FREQUENCIES[indicator.frequency])),
        (_("Calendar"), str(words.CALENDARS[indicator.calendar])),
        (_("Means of verification"), indicator.shown_html("source")),
        (_("Method of collection"), indicator.shown_html("method")),
        (_("Known limitations"), indicator.shown_html("limitations")),
        (_("Responsible"), indicator.shown_html("responsible")),
        (
            _("Standard code"),
            f"{indicator.standard_code} ({indicator.vocabulary})" if indicator.standard_code else "",
        ),
        (_("Expected from"), day(indicator.starts_on)),
        (_("Closed on"), day(indicator.closed_on)),
    ]
    return [(name, text) for name, text in rows if text]


def _better(indicator: Indicator) -> str:
    return _("more") if indicator.direction == "increase" else _("less")


def _address(program: Program, other: Indicator, links: Links) -> str:
    return links.indicator(other.code) if other.program_id == program.pk else ""
