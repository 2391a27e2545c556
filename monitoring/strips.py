"""Small drawings for the rows of a long table, as finished HTML: a bullet bar, and the course of a value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators import charts
from indicators.combining import latest_first
from indicators.formatting import escape, figure_text, number
from indicators.periods import KIND_OF, MONTHS, Frequency, Span, shifted, spans_within
from indicators.scoring import IndicatorBook, Score
from indicators.series import View
from indicators.values import Figure, Measure

LATELY = 8  # periods of a course
FEWEST = 3  # with a value, or there is no course
SPARK, HIGH = 72, 18
BAR = '<rect y="7" width="160" height="2" fill="#dfe1e2"/>'


def bullet_html(score: Score | None, baseline: Figure | None) -> str:
    """A bar of the actual, with ticks for target and baseline; "" without actual or target."""
    figure = score.actual.figure if score else None
    if score is None or figure is None or figure.value is None:
        return ""
    target = score.targets.counting
    aim = target.value if target and target.day is None else None
    if aim is None:
        return ""
    start = baseline.value if baseline else None
    drawn = charts.bullet(figure.value, aim, start)
    said = [(_("Actual"), figure.value), (_("target"), aim), (_("baseline"), start)]
    sentence = ", ".join(f"{name} {number(value)}" for name, value in said if value is not None)
    return _bullet(drawn, sentence) if drawn else ""


def _bullet(drawn: charts.Bullet, sentence: str) -> str:
    found = BAR + f'<rect x="{drawn.start}" y="4" width="{drawn.length}" height="8" fill="#005ea2"/>'
    if drawn.baseline is not None:
        found += f'<rect x="{drawn.baseline}" y="2" width="2" height="12" fill="#71767a"/>'
    if drawn.target is not None:
        found += f'<rect x="{drawn.target}" width="3" height="16" fill="#1b1b1b"/>'
    return _svg("progress", (charts.WIDTH, charts.HEIGHT), (96, 16), sentence, found)


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
    return _line(values, sentence)


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


def _line(values: Sequence[Decimal | None], sentence: str) -> str:
    runs = charts.sparkline(values, SPARK, HIGH)
    look = 'fill="none" stroke="#005ea2" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"'
    lines = "".join(f'<polyline points="{run}" {look}/>' for run in runs)
    x, y = runs[-1].split()[-1].split(",")
    lines += f'<circle cx="{x}" cy="{y}" r="2" fill="#005ea2"/>'
    return _svg("sparkline", (SPARK, HIGH), (SPARK, HIGH), sentence, lines)


def _svg(name: str, box: tuple[int, int], size: tuple[int, int], sentence: str, inner: str) -> str:
    said = escape(sentence)
    return (
        f'<svg class="{name}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box[0]} {box[1]}" '
        f'width="{size[0]}" height="{size[1]}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{inner}</svg>"
    )
