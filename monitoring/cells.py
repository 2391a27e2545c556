"""How scores stand in the cells of a table, as finished HTML: thousands of cells bear no template each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from indicators import words
from indicators.addresses import Place
from indicators.combining import Combined, Missing
from indicators.formatting import day, escape, figure_html, figure_text, percent, signed_percent, status_html
from indicators.judging import Judgement, Status
from indicators.models import Indicator
from indicators.periods import Span
from indicators.planning import Baseline
from indicators.scoring import Score
from indicators.values import Direction, Figure, Meaning, Measure

WAITING = (Status.NOT_DUE, Status.DUE, Status.OVERDUE, Status.IN_REVIEW)


def joined(cells: Iterable[str]) -> SafeString:
    """Finished cells in a row."""
    return mark_safe("".join(cells))  # noqa: S308 every cell is finished HTML of this module


@lru_cache(maxsize=1024)
def anchor(span: Span) -> str:
    """Where a period stands on the page of an indicator."""
    return f"p-{slugify(span.label) or 'life'}"


def three(score: Score | None, meaning: Meaning, place: Place, shade: str = "") -> str:
    """Target, actual and achievement as three cells; where there is no value, the last two are one word.

    `place` has the addresses of the three; `shade` is the class of a total.
    """
    if score is None:
        return _nothing(shade, get_language() or "")
    first = f'<td class="num first{shade}">{target_html(score, meaning, place.target)}</td>'
    figure = score.actual.figure
    if figure is None or figure.value is None:
        return f'{first}<td class="num{shade}" colspan="2">{missing_html(score, place.actual)}</td>'
    actual = f'<td class="num{shade}">{actual_html(score.actual, meaning, place.actual)}</td>'
    return f'{first}{actual}<td class="num{shade}">{judged_html(score, meaning, place.judged)}</td>'


def linked(html: str, href: str) -> str:
    """The text as a link to where it comes from; without an address, or a text, as it is."""
    return f'<a href="{href}">{html}</a>' if href and html else html


@lru_cache(maxsize=16)
def _nothing(shade: str, _language: str) -> str:
    word = escape(gettext("not expected"))
    return f'<td class="num first{shade}" colspan="3"><span class="usa-sr-only">{word}</span></td>'


def target_html(score: Score, meaning: Meaning, href: str = "") -> str:
    """The target that counts, "" without one; what of it counts to date, and whether it was set later."""
    counting = score.targets.counting
    to_date = score.against if score.judgement.status is Status.RUNNING else None
    text: str = "" if counting is None else target_text(counting, meaning)
    if to_date is not None and (counting is None or to_date.value != counting.value):
        so_far = gettext("%(figure)s to date") % {"figure": figure_html(to_date, meaning)}
        text += f'<span class="under">{so_far}</span>'
    if counting is not None and score.targets.set_later:
        text += _set_later(get_language() or "")
    return linked(text, href)


@lru_cache(maxsize=16)
def _set_later(_language: str) -> str:
    word = escape(gettext("set later"))
    return f'<span class="under">{word}</span>'


def target_text(figure: Figure, meaning: Meaning) -> SafeString:
    """A target on a page: of a milestone, the day by which."""
    if meaning.measure is Measure.MILESTONE and figure.day:
        return escape(target_words(figure, meaning))
    return figure_html(figure, meaning)


def target_words(figure: Figure, meaning: Meaning) -> str:
    """The same in plain text."""
    if meaning.measure is Measure.MILESTONE and figure.day:
        return gettext("by %(day)s") % {"day": day(figure.day)}
    return figure_text(figure, meaning)


def actual_html(actual: Combined, meaning: Meaning, href: str) -> str:
    """The number as a link to where it comes from, and beside a combined one how complete it is."""
    return f'<a href="{href}">{figure_html(actual.figure, meaning)}</a>{completeness_html(actual)}'


def completeness_html(actual: Combined) -> str:
    """As a small "4/5" behind a combined value; "" where only one figure is expected."""
    if actual.want <= 1:
        return ""
    return f' <span class="of">{actual.have}/{actual.want}</span>'


def missing_html(score: Score, href: str = "") -> str:
    """What is awaited, or why there is no value; as a link to what of it is missing."""
    return linked(_missing(score), href)


def _missing(score: Score) -> str:
    status, reason = score.judgement.status, score.reason
    if status in WAITING and reason in (Missing.NOT_REPORTED, Missing.NOT_EXPECTED, None):
        return f"{status_html(status)}{completeness_html(score.actual)}"
    if reason is None:
        return ""
    if reason is Missing.NOT_EXPECTED and score.targets.counting is not None:
        nothing = escape(gettext("no figure yet"))
        return f'<span class="absent">{nothing}</span>'
    word = f'<span class="absent">{escape(str(words.MISSING[reason]))}</span>'
    return f"{word}{completeness_html(score.actual)}"


def judged_html(score: Score, meaning: Meaning, href: str = "") -> str:
    """Glyph and achievement; where that is not known the deviation with its sign, else the word."""
    return linked(_judged(score, meaning), href)


def _judged(score: Score, meaning: Meaning) -> str:
    judgement = score.judgement
    if share := share_of(judgement):
        return f"{status_html(judgement.status, share)}{against_html(score, meaning)}"
    if judgement.status is Status.NO_TARGET:
        return status_html(judgement.status, "")
    if score.pace is not None and score.pace.of_target is not None:
        share, gone = percent(score.pace.of_target), percent(score.pace.gone)
        gone_text = escape(gettext("at %(share)s of the time") % {"share": gone})
        return f'{status_html(judgement.status, share)}<span class="under">{gone_text}</span>'
    return status_html(judgement.status)


def against_html(score: Score, meaning: Meaning, *, why: bool = False) -> str:
    """Below an incomplete percentage what it is of, where that is not the target beside it; else ""."""
    if score.narrowed is None:
        return ""
    figure = {"figure": figure_html(score.narrowed, meaning)}
    said = (
        gettext("against %(figure)s, the targets of what was reported")
        if why
        else gettext("against %(figure)s")
    )
    return f'<span class="under">{said % figure}</span>'


def share_of(judgement: Judgement) -> str:
    """The achievement; where it is not known the distance from the target, with its sign; else ""."""
    return percent(judgement.achievement) or signed_percent(judgement.deviation)


def baseline_html(baseline: Baseline | None, meaning: Meaning, href: str = "") -> str:
    """The baseline with the period that it is of; "" without one."""
    if baseline is None:
        return ""
    text = format_html(
        '{}<span class="under">{}</span>', figure_html(baseline.figure, meaning), periods_label(baseline)
    )
    return linked(text, href)


def periods_label(baseline: Baseline) -> str:
    """The periods that it is of, from the first to the last."""
    first, last = baseline.periods[0].label, baseline.periods[-1].label
    return first if first == last else f"{first} – {last}"


def about_unit(indicator: Indicator) -> str:
    """Its unit and the direction that is better."""
    if indicator.measure == Measure.MILESTONE:
        return gettext("milestone")
    return f"{indicator.shown_unit}\u00a0{'↑' if indicator.direction == Direction.INCREASE else '↓'}"
