"""The small drawings of rows and cards as finished SVG, each with a sentence that says what it shows.

Hundreds of them stand on a page: a template takes ten times as long. Colours are attributes of the shapes,
since a page's classes do not reach an SVG on every paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from indicators import charts, words
from indicators.formatting import number

ACCENT, GREY, LIGHT, INK = "#005ea2", "#71767a", "#dfe1e2", "#1b1b1b"
STROKE = f'fill="none" stroke="{ACCENT}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"'


def bullet_svg(actual: Decimal | None, target: Decimal | None, baseline: Decimal | None) -> SafeString:
    """A bar of the actual, with ticks for target and baseline; "" if nothing is known."""
    drawn = charts.bullet(actual, target, baseline)
    if drawn is None:
        return SafeString("")
    said = ((gettext("Actual"), actual), (gettext("target"), target), (gettext("baseline"), baseline))
    sentence = ", ".join(f"{name} {number(value)}" for name, value in said if value is not None)
    found = f'<rect y="7" width="{charts.WIDTH}" height="2" fill="{LIGHT}"/>'
    found += f'<rect x="{drawn.start}" y="4" width="{drawn.length}" height="8" fill="{ACCENT}"/>'
    if drawn.baseline is not None:
        found += f'<rect x="{drawn.baseline}" y="2" width="2" height="12" fill="{GREY}"/>'
    if drawn.target is not None:
        found += f'<rect x="{drawn.target}" width="3" height="16" fill="{INK}"/>'
    return _svg("progress", (charts.WIDTH, charts.HEIGHT), sentence, found, 'width="96" height="16"')


def course_svg(values: Sequence[Decimal | None], sentence: str, size: tuple[int, int]) -> SafeString:
    """The course of a value as a line with gaps, its end marked; "" without any value."""
    runs = charts.sparkline(values, *size)
    if not runs:
        return SafeString("")
    lines = "".join(f'<polyline points="{run}" {STROKE}/>' for run in runs)
    x, y = runs[-1].split()[-1].split(",")
    lines += f'<circle cx="{x}" cy="{y}" r="2" fill="{ACCENT}"/>'
    return _svg("sparkline", size, sentence, lines, f'width="{size[0]}" height="{size[1]}"')


def counts_svg(counts: Mapping[str, int], sentence: str) -> SafeString:
    """A bar of how many stand how; "" where there are none."""
    segments = charts.stacked(counts, words.STATUSES)
    if not segments:
        return SafeString("")
    found = "".join(
        f'<rect x="{it.start}" y="0" width="{it.length}" height="{charts.HEIGHT}" fill="{it.fill}"/>'
        for it in segments
    )
    size = f'preserveAspectRatio="none" width="{charts.WIDTH}" height="12"'
    return _svg("status-bar", (charts.WIDTH, charts.HEIGHT), sentence, found, size)


def _svg(name: str, box: tuple[int, int], sentence: str, inner: str, size: str) -> SafeString:
    said = escape(sentence)
    return mark_safe(  # noqa: S308 shapes of numbers, and a sentence that is escaped
        f'<svg class="{name}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box[0]} {box[1]}" {size} '
        f'role="img" aria-label="{said}"><title>{said}</title>{inner}</svg>'
    )
