"""Charts as finished SVG: presentation attributes alone, since classes do not reach a drawing on paper."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe

from indicators.formatting import escape, number
from monitoring.plotting import Box, Place, Plot

INK, ACCENT, GREY, WORDS, GRID = "#1b1b1b", "#005ea2", "#71767a", "#565c65", "#dfe1e2"
GHOST = "#eff6fb"
PARTIAL = "#73b3e7"  # of what is incomplete
DASHED = 'stroke-dasharray="4 3"'
LETTERS = 'font-family="Source Sans Pro Web, Helvetica, Arial, sans-serif" font-size="12"'
NARROW = Box(width=350, height=230, left=48, right=4, top=10, bottom=28)
LETTER = 7  # the width of a letter or digit at the most
DIGIT, GAP = 6, 6  # of the scale: the width of a digit at the most, and how far it stands from the chart


def chart_svg(plot: Plot, sentence: str, shown: str = "", *, starts: bool = False, ends: bool = False) -> str:
    """A chart with its scale; each period is a link with a sentence, the whole is said by `sentence`.

    `shown` is a class; `starts` and `ends` draw the edge where the series breaks.
    """
    parts = [*_scale(plot), *_baseline(plot), *_edges(plot, starts=starts, ends=ends)]
    parts += [
        f'<polyline points="{run}" fill="none" stroke="{ACCENT}" stroke-width="2"/>' for run in plot.runs
    ]
    parts += [_linked(place, plot) for place in plot.places]
    parts += [_label(place, plot) for place in plot.places if place.labelled]
    return _svg(plot.box, f'class="chart {shown}" role="group"', sentence, "".join(parts))


def small_svg(plot: Plot, sentence: str) -> str:
    """A small chart among others of one scale: no links, the first and the last period named."""
    parts = [_line((plot.box.left, plot.floor), (plot.end, plot.floor), GREY), *_baseline(plot)]
    parts += _runs(plot, 1.5)
    parts += [
        f"<g><title>{escape(it.point.sentence)}</title>{_hit(it, plot)}{_marks(it, plot, 2.5)}</g>"
        for it in plot.places
    ]
    base = plot.box.height - 3
    first, last = plot.places[0].point.label, plot.places[-1].point.label
    parts += [_text(plot.box.left, base, first, "start"), _text(plot.end, base, last, "end")]
    return _svg(
        plot.box, 'class="chart" role="img"', sentence, f"<title>{escape(sentence)}</title>{''.join(parts)}"
    )


def room_for(plot: Plot) -> int:
    """How much the longest number of its scale takes on its left."""
    return max(len(number(tick)) for _y, tick in plot.ticks) * DIGIT + GAP


def finished(svg: str) -> SafeString:
    """The drawing for a template."""
    return mark_safe(svg)  # noqa: S308 made here, with every text escaped


def _svg(box: Box, attributes: str, sentence: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box.width} {box.height}" width="{box.width}" '
        f'height="{box.height}" {attributes} aria-label="{escape(sentence)}" {LETTERS}>{inner}</svg>'
    )


def _runs(plot: Plot, width: float) -> list[str]:
    look = f'fill="none" stroke="{ACCENT}" stroke-width="{width}"'
    return [f'<polyline points="{run}" {look}/>' for run in plot.runs]


def _scale(plot: Plot) -> Iterator[str]:
    for y, tick in plot.ticks:
        yield _line((plot.box.left, y), (plot.end, y), GREY if y == plot.floor else GRID)
        yield _text(plot.box.left - GAP, y + 4, number(tick), "end")


def _baseline(plot: Plot) -> Iterator[str]:
    if plot.baseline is not None:
        yield _line((plot.box.left, plot.baseline), (plot.end, plot.baseline), GREY, 'stroke-width="2"')


def _edges(plot: Plot, *, starts: bool, ends: bool) -> Iterator[str]:
    for at, there in ((plot.box.left, starts), (plot.end, ends)):
        if there:
            yield _line((at, plot.box.top), (at, plot.box.height - plot.box.bottom), INK, DASHED)


def _linked(place: Place, plot: Plot) -> str:
    """One period: a link wherever it can be pointed at, also where it has no value."""
    point = place.point
    sentence = escape(point.sentence)
    inner = f"<title>{sentence}</title>{_hit(place, plot)}{_marks(place, plot)}"
    return f'<a href="{point.href}" aria-label="{sentence}">{inner}</a>' if point.href else f"<g>{inner}</g>"


def _hit(place: Place, plot: Plot) -> str:
    x, box = round(place.x - place.step / 2, 1), plot.box
    height = box.height - box.top - box.bottom
    return (
        f'<rect x="{x}" y="{box.top}" width="{place.step}" height="{height}" fill="#fff" fill-opacity="0"/>'
    )


def _marks(place: Place, plot: Plot, radius: float = 3.5) -> str:
    """Its value and what that is held against: a bar lies below the line of its target, a dot above it."""
    value = "" if place.y is None else _bar(place) if plot.bars else _dot(place, radius)
    if place.low is not None and place.high is not None:
        value += _whisker(place)
    targets = "".join(_targets(place, halo=plot.bars))
    return value + targets if plot.bars else targets + value


def _targets(place: Place, *, halo: bool) -> Iterator[str]:
    if place.original is not None and place.original != place.target:
        yield _over(place, place.original, f'stroke="{GREY}" stroke-width="1.5" stroke-dasharray="3 2"')
    if place.target is not None:
        if halo:
            yield _over(place, place.target, 'stroke="#fff" stroke-width="4"')
        yield _over(place, place.target, f'stroke="{INK}" stroke-width="2"')


def _bar(place: Place) -> str:
    look = f'fill="{PARTIAL if place.point.partial else ACCENT}"'
    if place.point.is_forecast:
        look = f'fill="{GHOST}" stroke="{ACCENT}" {DASHED}'
    height = max(place.bar_height, 1)
    return f'<rect x="{place.start}" y="{place.bar_top}" width="{place.length}" height="{height}" {look}/>'


def _dot(place: Place, radius: float) -> str:
    look = f'fill="{GHOST}" stroke="{ACCENT}"' if place.point.is_forecast else f'fill="{ACCENT}"'
    if place.point.partial:
        look = f'fill="{PARTIAL}" stroke="{ACCENT}"'
    return f'<circle cx="{place.x}" cy="{place.y}" r="{radius}" {look}/>'


def _whisker(place: Place) -> str:
    x, low, high = place.x, place.low, place.high
    ends = "".join(f"M{x - 4:.1f} {y}H{x + 4:.1f}" for y in (low, high))
    return f'<path d="M{x} {low}V{high}{ends}" fill="none" stroke="{ACCENT}"/>'


def _over(place: Place, y: float, look: str) -> str:
    """A line over the stretch of a period."""
    return f'<line x1="{place.start}" y1="{y}" x2="{round(place.start + place.length, 1)}" y2="{y}" {look}/>'


def _label(place: Place, plot: Plot) -> str:
    """Its label below; at the edges it is moved in, so that nothing is cut off."""
    half = len(place.point.label) * LETTER / 2
    x = round(min(place.x, plot.box.width - half), 1)
    return _text(x, plot.box.height - 8, place.point.label, "middle")


def _line(begin: tuple[float, float], end: tuple[float, float], stroke: str, more: str = "") -> str:
    (x1, y1), (x2, y2) = begin, end
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" {more}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{WORDS}">{escape(text)}</text>'
