"""How numbers, days and figures are written: the same in every language, page, table and chart.

Thousands by comma, decimals by point, as Peru and the United States both write them. Plain functions, so
that a table of thousands of numbers may call them without a template in between.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from html import escape as escape_plain

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from indicators import words
from indicators.periods import Calendar, Span
from indicators.periods import label as period_label
from indicators.values import Certainty, Figure, Meaning, Measure

MINUS = "−"
NUMBER = Meaning()
_UNITS = {places: Decimal(1).scaleb(-places) for places in range(10)}
_TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_LONGEST = 9  # a number with more decimals than this was divided, not given
_HUNDRED = Decimal(100)
_BORDERS = 5  # percent: what parts one status from the next is a multiple of it


def escape(text: str) -> SafeString:
    """The text for a page; Django's own also takes lazy texts, and is three times as slow for that."""
    return SafeString(escape_plain(text))


def number(value: Decimal) -> str:
    """The number with its thousands separated and exactly the decimals given: "1,926.50".

    What comes out of a division and never ends is rounded to two decimals.
    """
    text = format(value, ",f")
    if text[0] == "-":
        text = MINUS + text[1:] if value else text[1:]
    point = text.rfind(".")
    return derived(value, 2) if 0 < point < len(text) - 1 - _LONGEST else text


def derived(value: Decimal, places: int) -> str:
    """A number that was calculated, rounded half up to at most so many decimals, without idle zeros.

    What is not 0 is never shown as 0: it keeps its first two digits.
    """
    rounded = value.quantize(_UNITS[places], ROUND_HALF_UP, _EXACT)
    if not rounded:
        rounded = _TWO_DIGITS.plus(value) if value else Decimal(0)
    text = format(rounded, ",f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return MINUS + text[1:] if text[0] == "-" else text


def percent(share: Decimal | None) -> str:
    """A share as a percentage with at most one decimal: 1.112 is "111.2 %", None is "".

    What would be rounded to a border such as 90 or 100 % has two, on its side of it: "89.96 %".
    """
    if share is None:
        return ""
    value = share * _HUNDRED
    rounded = value.quantize(_UNITS[1], ROUND_HALF_UP, _EXACT)
    if rounded == value or not rounded or rounded % _BORDERS:
        return f"{derived(value, 1)} %"
    side = ROUND_CEILING if value > rounded else ROUND_FLOOR
    return f"{derived(value.quantize(_UNITS[2], side, _EXACT), 2)} %"


def signed_percent(share: Decimal | None) -> str:
    """A difference as a percentage with its sign: 0.52 is "+52 %", -0.047 is "−4.7 %", None is ""."""
    text = percent(share)
    return f"+{text}" if share is not None and share > 0 else text


def ratio(value: Decimal, factor: Decimal) -> str:
    """A ratio's derived value: to one decimal for percentages, to two for all others."""
    return derived(value, 1 if factor == _HUNDRED else 2)


def day(text: str | date | None) -> str:
    """A day known to the day, the month or the year: "15 Mar 2018", "March 2018", "2018"; None is "".

    In Spanish "15/03/2018" and "marzo de 2018", as Peru writes them.
    """
    if not text:
        return ""
    year, *rest = (text.isoformat() if isinstance(text, date) else text).split("-")
    if not rest:
        return year
    month, spanish = int(rest[0]), (get_language() or "").startswith("es")
    if rest[1:]:
        return f"{rest[1]}/{rest[0]}/{year}" if spanish else f"{int(rest[1])} {_short(month)} {year}"
    return f"{str(MONTHS[month]).lower()} de {year}" if spanish else f"{MONTHS[month]} {year}"


def _short(month: int) -> str:
    return str(MONTHS_3[month]).capitalize()


def away(on: date, today: date) -> str:
    """How far a day is from today: "in 12 days", "38 days ago", "today"."""
    days = (on - today).days
    if not days:
        return gettext("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def due(on: date | None, today: date) -> str:
    """When a thing is due: "due 15 Jan 2027 (in 12 days)"; None is ""."""
    if on is None:
        return ""
    return gettext("due %(day)s (%(away)s)") % {"day": day(on), "away": away(on, today)}


def span_label(span: Span, calendar: str = Calendar.CALENDAR) -> str:
    """What a span is called in that calendar: 2026 Q4 of the one is FY2027 Q1 of the other."""
    return period_label(span, Calendar(calendar))


def certainty_mark(certainty: str) -> str:
    """The mark that stands before a number: >, ≈, "est.", or "" for an exact one."""
    return str(words.CERTAINTY_MARKS[certainty])


def certainty_word(figure: Figure | None) -> str:
    """How certain a figure is, and whether it is only expected; "" where there is no value."""
    if figure is None or figure.value is None or figure.absence is not None:
        return ""
    said = [gettext("expected")] if figure.expected else []
    return ", ".join([*said, str(words.CERTAINTIES[figure.certainty])])


def absence_word(absence: str) -> str:
    """Why there is no value, in words."""
    return str(words.ABSENCES[absence])


def status_word(status: str) -> str:
    """What a status is called."""
    return str(words.STATUSES[status])


def figure_text(figure: Figure | None, meaning: Meaning = NUMBER) -> str:
    """A figure in plain text: "> 73,000", "not yet available", "3 of 5", "done March 2018"; "" for None."""
    if figure is None:
        return ""
    if figure.absence is not None:
        return absence_word(figure.absence)
    text = _value_text(figure, meaning)
    if figure.certainty is not Certainty.EXACT:
        text = f"{certainty_mark(figure.certainty)} {text}"
    return gettext("%(figure)s expected") % {"figure": text} if figure.expected else text


def figure_html(figure: Figure | None, meaning: Meaning = NUMBER) -> SafeString:
    """The same for a page: the number by itself, its certainty and every word that is no number in grey."""
    if figure is None:
        return _word(gettext("no value"))
    if figure.absence is not None:
        return _word(absence_word(figure.absence))
    if figure.value is None and figure.numerator is None:
        return _word(gettext("no value"))
    text = escape(_value_text(figure, meaning))
    if figure.certainty is not Certainty.EXACT:
        text = mark_safe(f"{certainty_html(figure.certainty)} {text}")  # noqa: S308 both parts are escaped
    if figure.expected:
        word = _word(gettext("expected"))
        text = mark_safe(f"{text} {word}")  # noqa: S308 both parts are escaped
    return text


def certainty_html(certainty: str) -> SafeString:
    """The mark before a number, with the word that it stands for; "" for an exact one."""
    if certainty == Certainty.EXACT:
        return mark_safe("")
    mark, word = escape(certainty_mark(certainty)), escape(str(words.CERTAINTIES[certainty]))
    return mark_safe(  # noqa: S308 both are escaped
        f'<span class="certainty" aria-hidden="true">{mark}</span><span class="usa-sr-only">{word}</span>'
    )


def status_html(status: str | None, text: str | None = None) -> SafeString:
    """Glyph, word and hue; `text` stands in for the word, which is then only heard (beside a percentage)."""
    if not status:
        return escape(text or "")
    before, word = _status_parts(status, get_language() or "")
    if text is None:
        return mark_safe(f"{before}{word}</span>")  # noqa: S308 all parts are ours or escaped
    heard = f'<span class="usa-sr-only">{word}</span> {escape(text)}'
    return mark_safe(f"{before}{heard}</span>")  # noqa: S308 all parts are ours or escaped


@lru_cache(maxsize=128)
def _status_parts(status: str, _language: str) -> tuple[str, str]:
    """What stands before a status's word, and the word; kept for each language."""
    hue = words.STATUS_HUES.get(status, "none")
    glyph = f'<span class="status__glyph" aria-hidden="true">{words.STATUS_GLYPHS[status]}</span>'
    return f'<span class="status status--{hue}">{glyph}', escape(status_word(status))


def _word(text: str) -> SafeString:
    return mark_safe(f'<span class="absent">{escape(text)}</span>')  # noqa: S308 escaped


def _value_text(figure: Figure, meaning: Meaning) -> str:
    """The value alone; "no value" for a ratio of 0 to 0."""
    parts = figure.numerator is not None and figure.denominator is not None
    if meaning.measure is Measure.MILESTONE:
        return _milestone_text(figure)
    if figure.value is None:
        return gettext("no value")
    if meaning.measure is Measure.RATIO and parts:
        return ratio(figure.value, meaning.factor)
    return number(figure.value)


def _milestone_text(figure: Figure) -> str:
    if figure.numerator is not None and figure.denominator is not None:
        return of(figure.numerator, figure.denominator)
    if not figure.value:
        return gettext("not done")
    return gettext("done %(day)s") % {"day": day(figure.day)} if figure.day else gettext("done")


def of(part: Decimal | int, whole: Decimal | int) -> str:
    """So many of so many: "3 of 5"."""
    return gettext("%(part)s of %(whole)s") % {"part": number(Decimal(part)), "whole": number(Decimal(whole))}
