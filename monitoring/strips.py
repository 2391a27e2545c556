"""Small drawings for the rows of a long table, as finished HTML: a bullet bar, and the course of a value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.books import IndicatorBook
from indicators.combining import latest_first
from indicators.formatting import figure_text
from indicators.periods import KIND_OF, MONTHS, Frequency, Span, shifted, spans_within
from indicators.scoring import Score
from indicators.series import View
from indicators.svg import bullet_svg, course_svg
from indicators.values import Figure, Measure

LATELY = 8  # periods of a course
FEWEST = 3  # with a value, or there is no course
SPARK = (72, 18)


def bullet_html(score: Score | None, baseline: Figure | None) -> str:
    """A bar of the actual, with ticks for target and baseline; "" without actual or target."""
    figure = score.actual.figure if score else None
    if score is None or figure is None or figure.value is None:
        return ""
    aim, start = ends_of(score, baseline)
    if aim is None:
        return ""
    return bullet_svg(figure.value, aim, start)


def ends_of(score: Score, baseline: Figure | None) -> tuple[Decimal | None, Decimal | None]:
    """Target and baseline of a bar, so that it says what the percentage says: of what was reported alone."""
    start = baseline.value if baseline else None
    if score.narrowed is not None:
        return score.narrowed.value, score.judgement.start if start is not None else None
    target = score.targets.counting
    return target.value if target and target.day is None else None, start


def course_html(book: IndicatorBook) -> str:
    """The last eight periods as a line, with a gap where something is missing; "" below three values."""
    spans = lately(book)
    figures = values_of(book, spans)
    values = [figure.value if figure else None for figure in figures]
    known = [
        (figure, span)
        for figure, span in zip(figures, spans, strict=True)
        if figure and figure.value is not None
    ]
    if len(known) < FEWEST:
        return ""
    (first, begin), (last, end) = known[0], known[-1]
    sentence = _("From %(first)s in %(begin)s to %(last)s in %(end)s") % {
        "first": figure_text(first, book.meaning), "begin": begin.label,
        "last": figure_text(last, book.meaning), "end": end.label,
    }  # fmt: skip
    return course_svg(values, sentence, SPARK)


def lately(book: IndicatorBook) -> Sequence[Span]:
    """Its last eight periods, up to the last that an actual is on record of; none of an irregular one."""
    if book.frequency is Frequency.IRREGULAR or book.meaning.measure is Measure.MILESTONE:
        return ()
    kind = KIND_OF[book.frequency]
    known = {it.label: it for _site, it in book.actuals}  # a label is hashed more quickly than a span
    last = max((it for it in known.values() if it.kind is kind and it.last), default=None)
    if last is None or last.last is None:
        return ()
    begin = shifted(last, -MONTHS[kind] * (LATELY - 1)).first
    return spans_within(book.frequency, book.calendar, begin, last.last) if begin else ()


def values_of(book: IndicatorBook, spans: Sequence[Span]) -> list[Figure | None]:
    """What each of the periods comes to, as its score says; None where something is missing in it."""
    if not spans:
        return []
    view = book.case(spans[0]).view
    if _needs_scores(book, view):
        found = [book.score(span).actual for span in spans]
    else:
        found = [view.column(span).actual for span in spans]
    return [it.figure if it.is_complete else None for it in found]


def _needs_scores(book: IndicatorBook, view: View) -> bool:
    """Whether a period is more than its sites together: the program said a value, or a site closes early."""
    if view.program is not None and view.program.actuals and view.lines != [view.program]:
        return True
    end = book.life[1] or date.max
    return latest_first(book.meaning) and any(line.to_on and line.to_on < end for line in view.lines)
