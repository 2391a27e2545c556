"""A combined or judged figure, ready for its template: what it is, how it was made, how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators import words
from indicators.addresses import LATEST, Links, span_named
from indicators.addresses import Part as PartCode
from indicators.books import IndicatorBook
from indicators.combining import Missing
from indicators.formatting import (
    absence_word,
    day,
    figure_html,
    number,
    percent,
    signed_percent,
    span_label,
    status_html,
)
from indicators.ledger import ProgramBook
from indicators.models import Category, Indicator
from indicators.periods import Calendar, Span, life
from indicators.planning import Baseline
from indicators.scoring import Score
from indicators.values import EntryKind, Figure, Measure
from indicators.working import Part, Working, working_of_actual, working_of_baseline, working_of_target
from monitoring.cells import completeness_html, judged_html, missing_html, target_text
from monitoring.figure.formulas import in_numbers, in_words, judged_in_numbers, judged_in_words, status_rule
from monitoring.notes import notes_of
from monitoring.performance.columns import recorded_spans
from monitoring.performance.table import latest_baseline
from monitoring.reports import status_of
from programs.access import Reach


class NoSuchFigure(Exception):  # reads as what it is
    """Nothing has this address, or not for this reader."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure an address names; a span of None is the latest baseline on record."""

    indicator: Indicator
    book: IndicatorBook
    span: Span | None
    kind: EntryKind
    category: Category | None
    sites: frozenset[int] | None
    codes: tuple[str, ...]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Shown:
    """The figure that was asked for: its value and what it was made of."""

    figure: Figure | None
    working: Working
    score: Score | None
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One contribution as a row: what it is, its value as a link, and where it comes from."""

    site: str
    period: str
    value: SafeString
    below: str
    state: SafeString


def asked_for(query: QueryDict, book: ProgramBook, own: Reach, slug: str) -> Asked:
    """What an address names; NoSuchFigure for a word that names nothing, or a total for who sees none."""
    if not book.indicators or query.get("kind", "actual") not in set(EntryKind):
        raise NoSuchFigure
    indicator, kind = book.indicators[0], EntryKind(query.get("kind", "actual"))
    category, figures = _part(query, book, indicator)
    by_code = {site.code: site for site in book.sites.values()}
    codes = tuple(dict.fromkeys(query.getlist("site")))
    totals = own.sites is None
    if not (set(codes) <= by_code.keys()) or not (codes or totals):
        raise NoSuchFigure
    calendar = query.get("calendar") or indicator.calendar
    if calendar not in set(Calendar) or (slug == LATEST and kind is not EntryKind.BASELINE):
        raise NoSuchFigure
    span = None if slug == LATEST else _span(book, figures, slug)
    sites = frozenset(by_code[code].pk for code in codes) if codes else None
    return Asked(indicator, figures, span, kind, category, sites, codes, Calendar(calendar))


def _part(query: QueryDict, book: ProgramBook, indicator: Indicator) -> tuple[Category | None, IndicatorBook]:
    code, dimension = query.get("category"), query.get("dimension")
    if code is None and dimension is None:
        return None, book.books[indicator.pk]
    for category, figures in book.categories.get(indicator.pk, []):
        if category.code == code and dimension in (None, category.dimension.code):
            return category, figures
    raise NoSuchFigure


def _span(book: ProgramBook, figures: IndicatorBook, slug: str) -> Span:
    recorded = recorded_spans([figures]) | {span for _site, span in figures.baselines}
    span = span_named(slug, life(book.program.starts_on, book.program.ends_on), recorded)
    if span is None:
        raise NoSuchFigure
    return span


def shown_figure(asked: Asked) -> Shown:
    """The figure that was asked for, by the same functions as on every page."""
    book, sites = asked.book, asked.sites
    if asked.span is None:
        return _shown_baseline(book, latest_baseline(book, sites), None)
    score = book.score(asked.span, sites)
    if asked.kind is EntryKind.BASELINE:
        return _shown_baseline(book, score.baseline, score)
    if asked.kind is EntryKind.TARGET:
        return Shown(score.targets.counting, working_of_target(book, asked.span, sites), score)
    return Shown(score.actual.figure, working_of_actual(book, asked.span, sites), score, score.baseline)


def _shown_baseline(book: IndicatorBook, baseline: Baseline | None, score: Score | None) -> Shown:
    if baseline is None:
        raise NoSuchFigure
    working = working_of_baseline(book, baseline.figure, baseline.periods)
    return Shown(baseline.figure, working, score, baseline)


def entries_below(shown: Shown) -> set[int]:
    """The ids of the entries that are listed."""
    return {key for part in shown.working.parts if part.figure for key in part.figure.sources}


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure with whatever its page needs to write it."""

    asked: Asked
    shown: Shown
    book: ProgramBook
    own: Reach
    links: Links
    numbers: Mapping[int, int]  # of the entries that are listed, by id

    def context(self) -> dict[str, Any]:
        """All that the template shows."""
        asked, shown, meaning = self.asked, self.shown, self.asked.book.meaning
        return {
            "program": self.book.program,
            "indicator": asked.indicator,
            "indicator_address": self.links.indicator(asked.indicator.code),
            "program_address": self.links.program,
            "what": words.ENTRY_KINDS[asked.kind],
            "of": list(self._of()),
            "value": self._value(),
            "complete": self._complete(),
            "unit": self._unit(),
            "facts": list(self._facts()),
            "formula": in_words(meaning, shown.working) if shown.working.parts else [],
            "numbers": in_numbers(meaning, shown.working, shown.figure),
            "parts": [self._row(part) for part in shown.working.parts],
            "with_sites": any(it.site is not None for it in shown.working.parts),
            "judged": self._judged() if asked.kind is EntryKind.ACTUAL else None,
            "targets": list(self._targets()) if asked.kind is not EntryKind.BASELINE else [],
            "notes": notes_of([shown.score]) if shown.score else [],
        }

    def _of(self) -> Iterable[str]:
        """The period, the sites and the category that it is of."""
        asked = self.asked
        span = asked.span
        if span is None and self.shown.baseline:
            yield ", ".join(it.label for it in self.shown.baseline.periods)
        if span is not None:
            yield self._before(span) if asked.kind is EntryKind.BASELINE else self._label(span)
        yield from ([", ".join(self._site_names())] if asked.codes else [])
        if asked.category:
            yield f"{asked.category.dimension.shown_name}: {asked.category.shown_name}"

    def _before(self, span: Span) -> str:
        """Which baseline it is: the one that a period starts from."""
        periods = self.shown.baseline.periods if self.shown.baseline else ()
        return _("of %(periods)s, where %(label)s starts from") % {
            "periods": ", ".join(it.label for it in periods),
            "label": self._label(span),
        }

    def _label(self, span: Span) -> str:
        return span_label(span, self.asked.calendar)

    def _value(self) -> SafeString:
        figure, meaning, score = self.shown.figure, self.asked.book.meaning, self.shown.score
        if self.asked.kind is EntryKind.ACTUAL and score is not None:
            if figure is None or figure.value is None:
                return SafeString(missing_html(score) or figure_html(None))
            return figure_html(figure, meaning)
        return figure_html(None) if figure is None else target_text(figure, meaning)

    def _unit(self) -> str:
        """The unit, where there is a number for it to stand beside."""
        figure, is_milestone = self.shown.figure, self.asked.book.meaning.measure is Measure.MILESTONE
        has_number = figure is not None and figure.value is not None and not is_milestone
        return self.asked.indicator.shown_unit if has_number else ""

    def _complete(self) -> SafeString:
        """How complete a combined value is; a missing one says so itself."""
        score, figure = self.shown.score, self.shown.figure
        if self.asked.kind is not EntryKind.ACTUAL or score is None or figure is None or figure.value is None:
            return SafeString("")
        return SafeString(completeness_html(score.actual))

    def _facts(self) -> Iterable[tuple[str, str]]:
        """What stands beside the value, by name."""
        figure, score, span = self.shown.figure, self.shown.score, self.asked.span
        if span is not None and span.first and span.last:
            yield _("Days"), f"{day(span.first)} – {day(span.last)}"
        if figure is not None and figure.numerator is not None and figure.denominator is not None:
            parts = {"part": number(figure.numerator), "whole": number(figure.denominator)}
            yield _("Parts"), _("%(part)s of %(whole)s") % parts
        if self.asked.kind is EntryKind.ACTUAL and score is not None:
            counts = {"have": score.actual.have, "want": score.actual.want}
            yield _("Complete"), _("%(have)s of %(want)s expected figures") % counts
        if figure is not None and figure.absence is None:
            yield _("Certainty"), str(words.CERTAINTIES[figure.certainty])
            if figure.expected:
                yield _("Kind of value"), _("expected rather than observed")

    # contributions ------------------------------------------------------------------------------------------

    def _row(self, part: Part) -> ShownPart:
        site = self.book.sites.get(part.site) if part.site is not None else None
        return ShownPart(
            site=site.name if site else self._everywhere() if part.whole else _("the program itself"),
            period=self._label(part.span),
            value=self._part_value(part, site.code if site else ""),
            below=self._below(part),
            state=self._state(part),
        )

    def _everywhere(self) -> str:
        return ", ".join(self._site_names()) or _("all sites")

    def _site_names(self) -> list[str]:
        names = {site.code: site.name for site in self.book.sites.values()}
        return [names[code] for code in self.asked.codes]

    def _part_value(self, part: Part, code: str) -> SafeString:
        """The value as a link: to the entry itself, else to the figure that it is combined as."""
        figure, entered = part.combined.figure, part.figure
        if part.entered and entered is not None and entered.sources:
            text = absence_word(entered.absence) if entered.absence else self._told(entered)
            return format_html('<a href="{}">{}</a>', self._entry(entered), text)
        nothing = _("no target set") if self.asked.kind is EntryKind.TARGET else _("not reported")
        if part.entered:
            return format_html('<span class="absent">{}</span>', nothing)
        reason = part.combined.reason
        known = str(words.MISSING[reason]) if reason and reason != Missing.NOT_REPORTED else nothing
        text = format_html('<span class="absent">{}</span>', known)
        if figure is not None and figure.value is not None:
            text = self._told(figure)
        return format_html('<a href="{}">{}</a>', self._below_address(part, code), text)

    def _told(self, figure: Figure) -> SafeString:
        """A milestone was done on a day, and is to be done by one."""
        say = figure_html if self.asked.kind is EntryKind.ACTUAL else target_text
        return say(figure, self.asked.book.meaning)

    def _entry(self, figure: Figure) -> str:
        return self.links.entry(self.numbers[figure.sources[0]])

    def _below_address(self, part: Part, code: str) -> str:
        kind = "" if self.asked.kind is EntryKind.ACTUAL else str(self.asked.kind)
        names = self.book.sites
        sites = (code,) if code else tuple(names[it].code for it in part.sites if it) or None
        return self.links.figure(
            self.asked.indicator.code, part.span, kind=kind, sites=sites, part=part_code(self.asked.category)
        )

    def _below(self, part: Part) -> str:
        """The parts of a ratio that is pooled."""
        figure = part.combined.figure
        if figure is None or figure.numerator is None or figure.denominator is None:
            return ""
        parts = {"part": number(figure.numerator), "whole": number(figure.denominator)}
        return _("%(part)s of %(whole)s") % parts

    def _state(self, part: Part) -> SafeString:
        """The entry, how complete a combined part is, or how the report of a missing one stands."""
        if part.entered and part.figure is not None and part.figure.sources:
            found = _("entry no. %(number)s") % {"number": self.numbers[part.figure.sources[0]]}
            return format_html("{}", found)
        if not part.entered:
            counts = {"have": part.combined.have, "want": part.combined.want}
            said = _("%(have)s of %(want)s expected figures") % counts
            return format_html("{}{}", said, self._passed_over(part))
        return self._report(part) if self.asked.kind is EntryKind.ACTUAL else SafeString("")

    def _passed_over(self, part: Part) -> SafeString:
        """That a site's own target for the span is not part of the whole, as other sites have none."""
        book = self.asked.book
        if self.asked.kind is not EntryKind.TARGET or (part.site, part.span) not in book.targets:
            return SafeString("")
        said = _("its own target for %(span)s counts for it alone, as another site has none")
        return format_html(
            '<span class="under">{}</span>', said % {"span": span_label(part.span, self.asked.calendar)}
        )

    def _report(self, part: Part) -> SafeString:
        """The state of the report that is missing, as a link for whoever may see what it says."""
        report = self.book.reports.get((part.site, part.span))
        if report is None:
            return format_html("{}", _("no report was asked for"))
        mark = status_html(status_of(report, part.span, self.book.today))
        if self.links.as_of or not self.own.sees_report(part.site):
            return mark
        address = reverse("report-entry", args=[self.book.report_ids[part.site, part.span]])
        return format_html('<a href="{}">{}</a>', address, mark)

    # judging ------------------------------------------------------------------------------------------------

    def _judged(self) -> dict[str, Any] | None:
        """How it stands, by which formula and which rule; None where nothing can be said."""
        score, meaning = self.shown.score, self.asked.book.meaning
        if score is None or score.judgement.status is None:
            return None
        return {
            "mark": SafeString(judged_html(score, meaning)),
            "status": score.judgement.status,
            "share": percent(score.judgement.achievement) or signed_percent(score.judgement.deviation),
            "off": signed_percent(score.judgement.deviation)
            if score.judgement.achievement is not None
            else "",
            "numbers": judged_in_numbers(meaning, score),
            "words": judged_in_words(score),
            "rule": status_rule(score, self.asked.book.tolerance),
            "baseline": self._start(score),
        }

    def _start(self, score: Score) -> SafeString:
        """The baseline that the change starts from, as a link; where only a part of it counts, that too."""
        start = score.judgement.start
        if score.baseline is None or not start:
            return SafeString("")
        text = figure_html(score.baseline.figure, self.asked.book.meaning)
        whole = format_html('<a href="{}">{}</a>', self._address("baseline"), text)
        if score.baseline.figure.value == start:
            return whole
        part = _("in all; %(start)s of those that reported") % {"start": number(start)}
        return format_html("{} {}", whole, part)

    def _targets(self) -> Iterable[tuple[str, SafeString, str]]:
        """The target that counts and, where they differ, the others, each with the achievement against it."""
        score, meaning = self.shown.score, self.asked.book.meaning
        if score is None:
            return
        found, counting, share = score.targets, score.targets.counting, percent(score.judgement.achievement)
        if counting is not None:
            said = _("counts; set later, after the period had ended") if found.set_later else _("counts")
            text = target_text(counting, meaning)
            whole = format_html('<a href="{}">{}</a>', self._address("target"), text)
            yield said, whole, share if score.against == counting else ""
        if score.against is not None and (counting is None or score.against.value != counting.value):
            yield self._part_said(score), figure_html(score.against, meaning), share
        others = (
            (_("original"), found.original, score.against_original),
            (_("latest"), found.latest, score.against_latest),
        )
        for name, figure, share_of in others:
            if figure is not None and figure != counting:
                yield name, target_text(figure, meaning), percent(share_of)

    def _part_said(self, score: Score) -> str:
        """Why the actual is held against another value than the whole target."""
        if score.actual.is_complete:
            return _("to date: of the periods that have ended")
        return _("provisional: of what was reported")

    def _address(self, kind: str) -> str:
        asked = self.asked
        return self.links.figure(asked.indicator.code, asked.span, kind=kind, part=part_code(asked.category))


def part_code(category: Category | None) -> PartCode | None:
    """The codes of a category, for an address."""
    return PartCode(category.dimension.code, category.code) if category else None
