"""A milestone on an axis of time: by which day it was to be done, and on which it was. No queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.books import IndicatorBook
from indicators.formatting import day, escape, figure_text, status_html, status_word
from indicators.periods import Span
from indicators.reading import last_day
from indicators.scoring import Score
from indicators.values import Meaning
from monitoring.drawing import ACCENT, GREY, GRID, INK, finished
from programs.models import Site

WIDTH, HEIGHT, EDGE = 360, 22, 8
Address = Callable[[Span, str], str]


@dataclass(frozen=True, slots=True)
class ShownMilestone:
    """One site's, or that of the program: its days in words and as a drawing."""

    name: str
    target: str
    done: str
    status: SafeString
    href: str
    svg: SafeString


@dataclass(frozen=True, slots=True)
class ShownMilestones:
    """All of an indicator's on one axis, from one day to another."""

    first: str
    last: str
    lines: list[ShownMilestone]


def milestones_of(
    own: IndicatorBook, span: Span, sites: Sequence[Site], whole: str, address: Address
) -> ShownMilestones | None:
    """The milestone of each site that it is expected of (`whole` names the program); None without any day."""
    expected = {it.site for it in own.sites}
    named: list[tuple[str, str, Score]] = [
        (it.name, it.code, own.score(span, {it.pk})) for it in sites if it.pk in expected
    ]
    if None in expected or not named:
        named = [(whole, "", own.score(span))]
    days = [one for _name, _code, score in named for one in _days(score) if one is not None]
    if not days:
        return None
    first, last = min(*days, own.today), max(*days, own.today)
    axis = _Axis(first, last, own.today)
    lines = [_line(name, score, own.meaning, axis, address(span, code)) for name, code, score in named]
    return ShownMilestones(day(first), day(last), lines)


def _days(score: Score) -> tuple[date | None, date | None]:
    """By which day, and on which."""
    target, done = score.targets.counting, score.actual.figure
    return (
        last_day(target.day) if target and target.day else None,
        last_day(done.day) if done and done.value and done.day else None,
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date
    today: date

    def __call__(self, on: date) -> float:
        days = (self.last - self.first).days or 1
        return round(EDGE + (WIDTH - 2 * EDGE) * (on - self.first).days / days, 1)


def _line(name: str, score: Score, meaning: Meaning, axis: _Axis, href: str) -> ShownMilestone:
    target, figure = score.targets.counting, score.actual.figure
    aim = day(target.day) if target and target.day else ""
    done = figure_text(figure, meaning) if figure else _("no report yet")
    status = score.judgement.status
    said = [done, _("to be done by %(day)s") % {"day": aim} if aim else ""]
    said.append(status_word(status) if status else "")
    sentence = f"{name}: {', '.join(it for it in said if it)}"
    svg = finished(_svg(sentence, _marks(_days(score), axis)))
    return ShownMilestone(name, aim, done, status_html(status), href, svg)


def _marks(days: tuple[date | None, date | None], axis: _Axis) -> Iterable[str]:
    """The axis, today, a flag at the day that was set, and a dot at the day it was done."""
    target, done = days
    middle = HEIGHT / 2
    end = WIDTH - EDGE
    yield f'<line x1="{EDGE}" y1="{middle}" x2="{end}" y2="{middle}" stroke="{GRID}" stroke-width="2"/>'
    now = axis(axis.today)
    yield f'<line x1="{now}" y1="3" x2="{now}" y2="{HEIGHT - 3}" stroke="{GREY}" stroke-dasharray="2 2"/>'
    if target is not None:
        late = axis(done or axis.today)
        if (done or axis.today) > target:  # so much later than it was to be done
            yield (
                f'<line x1="{axis(target)}" y1="{middle}" x2="{late}" y2="{middle}" stroke="#b50909" '
                'stroke-width="2"/>'
            )
        x = axis(target)
        yield f'<path d="M{x} {HEIGHT - 2}V2l7 4l-7 4" fill="{INK}" stroke="{INK}" stroke-width="1.5"/>'
    if done is not None:
        yield f'<circle cx="{axis(done)}" cy="{middle}" r="5" fill="{ACCENT}" stroke="#fff"/>'


def _svg(sentence: str, marks: Iterable[str]) -> str:
    said = escape(sentence)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" class="chart" role="img" aria-label="{said}"><title>{said}</title>'
        f"{''.join(marks)}</svg>"
    )
