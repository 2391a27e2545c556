"""The cells of the performance table, in as few bytes as say everything: there are tens of thousands.

Whatever all cells share (right-aligned, shaded totals, the line between periods, the glyphs of statuses)
is said once, in performance.css. Ends of cells are left out, as HTML allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import get_language, gettext

from indicators.addresses import Links
from indicators.combining import Combined, Missing
from indicators.formatting import escape, figure_html, percent, status_word
from indicators.judging import Judgement, Status
from indicators.scoring import Score
from indicators.values import Meaning
from monitoring.cells import WAITING, against_html, missing_html, share_of, target_html
from monitoring.performance.table import Row

EACH = 3  # cells of a period: target, actual, achievement


def cells_of(row: Row, links: Links, slugs: Sequence[str]) -> list[str]:
    """The cells of a row, a text for each column; where there is no value, the last two are one."""
    begin = links.figures(row.indicator.code)
    actual, target = (links.query(kind, part=row.part).replace("&", "&amp;") for kind in ("", "target"))
    nothing = _nothing(get_language() or "")
    meaning = row.meaning
    return [
        nothing if score is None else _three(score, meaning, f"{begin}{slug}/", actual, target)
        for score, slug in zip(row.scores, slugs, strict=True)
    ]


def _three(score: Score, meaning: Meaning, address: str, query: str, target_query: str) -> str:
    """Target, actual and achievement, each a link to where it comes from."""
    target = target_html(score, meaning, f"{address}{target_query}")
    combined, figure = score.actual, score.actual.figure
    if figure is None or figure.value is None:
        return f"<td class=f>{target}<td colspan=2>{_missing(score, f'{address}{query}')}"
    judged = _judged(score, meaning, f"{address}{query}#judged")
    value = figure_html(figure, meaning)
    return f'<td class=f>{target}<td><a href="{address}{query}">{value}</a>{_complete(combined)}<td>{judged}'


def _complete(combined: Combined) -> str:
    return "" if combined.want <= 1 else f" <i>{combined.have}/{combined.want}</i>"


def _missing(score: Score, href: str) -> str:
    """What is awaited, or why there is no value."""
    status = score.judgement.status
    if status in WAITING and score.reason in (Missing.NOT_REPORTED, Missing.NOT_EXPECTED, None):
        return f'<a class={status} href="{href}">{status_text(status, "")}</a>{_complete(score.actual)}'
    return missing_html(score, href)


def _judged(score: Score, meaning: Meaning, href: str) -> str:
    """The achievement with the class of its status, and its word for who cannot see that."""
    status = score.judgement.status
    if status is None:
        return ""
    text, more = _share(score, score.judgement)
    if text and score.narrowed is not None:
        more = against_html(score, meaning)
    return f'<a class={status} href="{href}">{status_text(status, text)}</a>{more}'


def _share(score: Score, judged: Judgement) -> tuple[str, str]:
    """The achievement or deviation; of what is running its pace, with how much of the time has gone."""
    if share := share_of(judged):
        return share, ""
    if score.pace is not None and score.pace.of_target is not None and judged.status is not Status.NO_TARGET:
        gone = gettext("at %(share)s of the time") % {"share": percent(score.pace.gone)}
        return percent(score.pace.of_target), f'<span class="under">{escape(gone)}</span>'
    return "", ""


def status_text(status: Status, text: str) -> str:
    """The word of a status, only heard where a number stands beside the glyph."""
    word = _word(status, get_language() or "")
    if status is Status.NO_TARGET and not text:
        return f"<b>{word}</b>"  # its glyph is enough to see
    return f"<b>{word}</b> {escape(text)}" if text else word


@lru_cache(maxsize=64)
def _word(status: Status, _language: str) -> str:
    return escape(status_word(status))


@lru_cache(maxsize=4)
def _nothing(_language: str) -> str:
    return f"<td class=f colspan={EACH}><b>{escape(gettext('not expected'))}</b>"
