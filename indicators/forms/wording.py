"""How the pages of a report say where a row stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators import words
from indicators.addresses import Links, Part
from indicators.formatting import day, figure_html, figure_text, number, percent, status_html
from indicators.judging import Flag, Flagged, Judgement, Status
from indicators.models import Category, Period, Report
from indicators.periods import MONTHS, Span, shifted
from indicators.sheets import Breakdown, IndicatorRow, Sheet
from indicators.values import Absence, Accumulation, Additivity, Certainty, Figure, Meaning, Measure

EMPTY = mark_safe("")
NONE = mark_safe('<span class="absent" aria-hidden="true">–</span>')
SHOWN = 40  # characters of a choice that was never offered
GRADED = (Status.EXCEEDED, Status.MET, Status.NEAR, Status.BEHIND)


def against_target(deviation: Decimal | None) -> str | None:
    """How far from the target: "4.7 % over", "34 % under", "on target"; None when not known."""
    if deviation is None:
        return None
    if not deviation:
        return _("on target")
    text = percent(abs(deviation))
    return _("%(share)s over") % {"share": text} if deviation > 0 else _("%(share)s under") % {"share": text}


def state_html(row: IndicatorRow, meaning: Meaning) -> SafeString:
    """Where what is typed stands: a ratio's value and how far it is from its target."""
    figure = row.line.figure
    if not row.line.is_filled or figure is None:
        return EMPTY
    if figure.absence is not None:
        return figure_html(figure)
    value = EMPTY
    if meaning.measure is Measure.RATIO and figure.numerator is not None:
        value = format_html('<span class="figure">= {}</span> ', figure_html(figure, meaning))
    return value + judged_html(row.score.judgement)


def judged_html(judgement: Judgement) -> SafeString:
    """Glyph, hue and how far from the target, or the word of the status."""
    text = against_target(judgement.deviation) if judgement.status in GRADED else None
    return status_html(judgement.status, text)


def value_html(figure: Figure | None, meaning: Meaning) -> SafeString:
    """A value of an indicator, a dash where there is none."""
    return NONE if figure is None else figure_html(figure, meaning)


def ratio_html(figure: Figure, meaning: Meaning) -> SafeString:
    """A ratio's value with its two parts, or the n of m of a milestone."""
    if figure.numerator is None or figure.denominator is None or meaning.measure is not Measure.RATIO:
        return figure_html(figure, meaning)
    parts = f"{number(figure.numerator)} / {number(figure.denominator)}"
    return format_html('{} <span class="of">{}</span>', figure_html(figure, meaning), parts)


def target_html(figure: Figure | None, meaning: Meaning) -> SafeString:
    """A target: a number, or for a milestone the day it is to be done by."""
    if figure is not None and meaning.measure is Measure.MILESTONE and figure.day:
        return format_html("{}", _("by %(day)s") % {"day": day(figure.day)})
    return value_html(figure, meaning)


def whence(row: IndicatorRow, months: int = 0, kind: str = "", category: Category | None = None) -> str:
    """The address of the row's figure in the ledger, for its period or so many months before."""
    span = row.score.span
    return _whence(row, shifted(span, -months) if months else span, kind, category)


def _whence(row: IndicatorRow, span: Span, kind: str = "", category: Category | None = None) -> str:
    part = Part(category.dimension.code, category.code) if category else None
    site = row.line.series.site
    links = Links(_root(row.line.series.program.code), sites=(site.code,) if site else ())
    return links.figure(row.indicator.code, span, kind=kind, part=part)


@lru_cache(maxsize=256)
def _root(code: str) -> str:
    return reverse("program", args=[code])


def traced(html: SafeString, address: str, *, typing: bool = False) -> SafeString:
    """A figure as a link to where it comes from; while one is typing, Tab passes it by."""
    if html == NONE or not html:
        return html
    passed_by = SafeString(' tabindex="-1"') if typing else EMPTY
    return format_html('<a class="figure" href="{}"{}>{}</a>', address, passed_by, html)


def last_html(row: IndicatorRow, *, typing: bool = False) -> SafeString:
    """The value of the period before, as a link."""
    months = MONTHS.get(row.score.span.kind, 0)
    text = value_html(row.last, row.indicator.meaning)
    return text if row.last is None else traced(text, whence(row, months), typing=typing)


def year_before_html(row: IndicatorRow) -> SafeString:
    """The value of a year before, as a link."""
    text = value_html(row.year_before, row.indicator.meaning)
    return text if row.year_before is None else traced(text, whence(row, 12))


def aim_html(row: IndicatorRow, *, typing: bool = False) -> SafeString:
    """The target that counts, as a link."""
    counting = row.score.targets.counting
    text = target_html(counting, row.indicator.meaning)
    return text if counting is None else traced(text, whence(row, kind="target"), typing=typing)


def in_force_html(row: IndicatorRow) -> SafeString:
    """What the ledger says of the period, as a link, where that is not what the report says now."""
    stands, now = row.in_force, row.line.figure
    if stands is None or (now is not None and _told(stands) == _told(now)):
        return EMPTY
    return traced(value_html(stands, row.indicator.meaning), whence(row))


def _told(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.numerator, figure.denominator, figure.day, figure.absence, figure.certainty


def so_far_html(row: IndicatorRow, meaning: Meaning) -> SafeString:
    """The year up to the end of the period: what came about of what was to come about by then.

    A link as long as nothing of it is but typed.
    """
    score = row.so_far
    figure = score.actual.figure if score else None
    if score is None or figure is None:
        return NONE
    text, of = figure_html(figure, meaning), score.against or score.targets.counting
    if row.line.figure is None:
        text = traced(text, _whence(row, score.span), typing=True)
    if meaning.measure is Measure.MILESTONE or of is None or of.value is None:
        return text
    words_of = _("of %(target)s") if score.against is not None else _("of %(target)s by the end of the year")
    return format_html('{} <span class="of">{}</span>', text, words_of % {"target": figure_text(of, meaning)})


def sum_html(row: IndicatorRow, part: Breakdown) -> SafeString:
    """What the categories come to so far, with ✓ once they add up; "" where they are never added."""
    if part.additivity == Additivity.OVERLAPPING or row.indicator.measure == Measure.MILESTONE:
        return EMPTY
    text = _sum_text(part)
    if not text:
        return EMPTY
    whole = row.line.figure
    if part.gaps:
        return format_html('<span class="status--bad">= {} ≠</span>', text)
    done = whole is not None and whole.absence is None and all(line.figure for line in part.lines)
    if not done:
        return format_html("= {} …", text)
    return format_html(
        '= {} <span class="status--good"><span aria-hidden="true">✓</span>'
        '<span class="usa-sr-only">{}</span></span>',
        text,
        _("adds up"),
    )


def _sum_text(part: Breakdown) -> str:
    if part.total is not None:
        return number(part.total)
    read = [line.read for line in part.lines if line.read.numerator is not None]
    if not read:
        return ""
    above = sum((row.numerator or Decimal(0) for row in read), Decimal(0))
    below = sum((row.denominator or Decimal(0) for row in read), Decimal(0))
    return f"{number(above)} / {number(below)}"


def flag_words(flagged: Flagged, row: IndicatorRow) -> str:
    """What a reviewer should look at, in words."""
    if flagged.flag is Flag.OFF_TARGET:
        return _off_target(row)
    if flagged.flag is Flag.NO_EVIDENCE:
        return _("no evidence")
    if flagged.flag is Flag.BREAKDOWN:
        return _("parts differ by %(number)s") % {"number": number(abs(flagged.number or Decimal(0)))}
    if flagged.number is None:
        return _("its usual is 0")
    return _("%(times)s × its usual") % {"times": _times(flagged.number)}


def _off_target(row: IndicatorRow) -> str:
    judgement = row.score.judgement
    far = against_target(judgement.deviation)
    status = str(words.STATUSES[str(judgement.status)])
    return _("off target: %(status)s, %(far)s") % {"status": status, "far": far} if far else status


def _times(share: Decimal) -> str:
    return number(share.quantize(Decimal("0.1") if abs(share) >= Decimal("0.1") else Decimal("0.01")))


def saved_text(report: Report, sheet: Sheet) -> str:
    """When it was last saved, and how much of it is filled."""
    filled = _("%(filled)s of %(expected)s filled") % {"filled": sheet.filled, "expected": sheet.expected}
    if report.saved_at is None:
        return filled
    at = timezone.localtime(report.saved_at)
    when = f"{at:%H:%M}" if at.date() == timezone.localdate() else f"{day(at.date())}, {at:%H:%M}"
    return _("saved %(when)s · %(filled)s") % {"when": when, "filled": filled}


def days_text(period: Period) -> str:
    """The days of a period: "1 Jul 2026 – 30 Sep 2026"."""
    if period.first_on is None or period.last_on is None:
        return ""
    return f"{day(period.first_on)} – {day(period.last_on)}"


def label_before(period: Period, months: int | None = None) -> str:
    """What the period before this one is called, or the one so many months before; "" for an odd one."""
    span = period.span
    if span.kind not in MONTHS:
        return ""
    return shifted(span, -(months or MONTHS[span.kind])).label


def not_ended(period: Period, today: date) -> str:
    """Why nothing can be submitted yet; "" for a period that has ended."""
    if period.last_on is None or today >= period.last_on:
        return ""
    return _("The period %(period)s has not ended: submit from %(day)s on.") % {
        "period": period,
        "day": day(period.last_on),
    }


def absence_options(meaning: Meaning, chosen: str) -> SafeString:
    """The options of a select of why there is no value."""
    return _absence_options(meaning.accumulation is Accumulation.FLOW, chosen[:SHOWN], get_language() or "")


@lru_cache(maxsize=256)
def _absence_options(is_flow: bool, chosen: str, _language: str) -> SafeString:
    kinds = [kind for kind in Absence if kind != Absence.WITHDRAWN]
    offered = [str(kind) for kind in kinds if is_flow or kind != Absence.NO_ACTIVITY]
    return _options([("", "—"), *((kind, str(words.ABSENCES[kind])) for kind in offered)], chosen)


def certainty_options(chosen: str) -> SafeString:
    """The options of a select of how certain a value is."""
    return _certainty_options(chosen[:SHOWN], get_language() or "")


@lru_cache(maxsize=128)
def _certainty_options(chosen: str, _language: str) -> SafeString:
    return _options([(str(kind), str(words.CERTAINTIES[kind])) for kind in Certainty], chosen)


def answer_options(chosen: str) -> SafeString:
    """The options of whether a milestone is done."""
    return _answer_options(chosen.strip().lower()[:SHOWN], get_language() or "")


@lru_cache(maxsize=128)
def _answer_options(chosen: str, _language: str) -> SafeString:
    return _options([("", "—"), ("yes", _("yes, done")), ("no", _("not yet"))], chosen)


def _options(offered: list[tuple[str, str]], chosen: str) -> SafeString:
    """The options with the chosen one marked, which stands there even when it is not offered."""
    if chosen not in dict(offered):
        offered = [*offered, (chosen, chosen)]
    return mark_safe(  # noqa: S308 all parts are escaped
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
            for value, text in offered
        )
    )
