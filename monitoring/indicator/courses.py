"""The charts of an indicator: its periods one after another, each site and each category. No queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators import words
from indicators.formatting import escape, figure_html, figure_text, number, status_html, status_word
from indicators.periods import Frequency, Kind, Span
from indicators.scoring import Score
from indicators.values import Accumulation, Meaning, Measure
from monitoring.cells import WAITING, linked, share_of, target_words
from monitoring.drawing import NARROW, chart_svg, finished, room_for, small_svg
from monitoring.indicator.history import History, Moment, Part, is_plain
from monitoring.indicator.outlook import Outlook
from monitoring.performance.columns import Column
from monitoring.plotting import LARGE, SMALL, Box, Plot, Point, plot, reach_of

Address = Callable[[Span], str]
LONGEST = 48  # periods in a chart
FEWEST = 2  # periods that are a course


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how the figures of an indicator are drawn; a break is marked at the edge where it is."""

    meaning: Meaning
    unit: str
    frequency: str
    starts_with_break: bool = False
    ends_with_break: bool = False

    @property
    def bars(self) -> bool:
        """Of what happens over a stretch; a line is of what is at a moment."""
        return self.meaning.measure is Measure.NUMBER and self.meaning.accumulation is Accumulation.FLOW

    @property
    def drawn(self) -> bool:
        """Milestones are done or not."""
        return self.meaning.measure is not Measure.MILESTONE


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart in two sizes, one of which is shown, with its unit and what its signs mean."""

    unit: str
    wide: SafeString
    narrow: SafeString
    signs: list[tuple[str, str]]
    begins: str  # where its scale begins, "" for zero
    left_out: int = 0  # periods before its first


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of many small charts: of whom, its last value, and where that is from."""

    name: str
    href: str
    last: SafeString
    svg: SafeString


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small charts of one scale, which is said."""

    scale: str
    charts: list[Multiple]


def chart_of(history: History, look: Look, address: Address, outlook: Outlook | None) -> ShownChart | None:
    """The periods of an indicator with targets, baseline and forecast; None where there is no value."""
    moments = _charted(history.moments, look)
    known = [it for it in moments if _value(it.score) is not None]
    if not (known and look.drawn):
        return None
    points = [point_of(it.column, it.score, look, address) for it in moments[-LONGEST:]]
    if outlook is not None:
        points = _with_forecast(points, outlook)
    chart = _shown(points, look, _level(history, look), _sentence(known, look))
    return replace(chart, left_out=len(moments) - len(points)) if chart else None


def years_of(history: History, look: Look, address: Address) -> ShownChart | None:
    """The years against their targets, where only these were set; else None."""
    years = [it for it in history.moments if it.column.total and it.column.span.kind is Kind.YEAR]
    known = [it for it in years if _value(it.score) is not None]
    finer = any(it.score.targets.counting for it in history.moments if is_plain(it))
    planned = any(it.score.targets.counting for it in years)
    if not look.drawn or len(known) < FEWEST or finer or not planned:
        return None
    points = [point_of(it.column, it.score, look, address) for it in years]
    return _shown(points, look, None, _sentence(known, look))


def _shown(points: Sequence[Point], look: Look, baseline: Decimal | None, sentence: str) -> ShownChart | None:
    wide, narrow = (_plotted(points, look, baseline, box) for box in (LARGE, NARROW))
    if wide is None or narrow is None:
        return None
    starts, ends = look.starts_with_break, look.ends_with_break
    begins = number(wide.begins_at) if wide.begins_at is not None else ""
    return ShownChart(
        look.unit,
        finished(chart_svg(wide, sentence, "chart--wide", starts=starts, ends=ends)),
        finished(chart_svg(narrow, sentence, "chart--narrow", starts=starts, ends=ends)),
        _signs(points, look, baseline),
        begins,
    )


def _plotted(points: Sequence[Point], look: Look, baseline: Decimal | None, box: Box) -> Plot | None:
    """The chart in such a box, with room on its left for the longest number of its scale."""
    drawn = plot(points, bars=look.bars, baseline=baseline, box=box)
    room = room_for(drawn) if drawn else 0
    if room <= box.left:
        return drawn
    return plot(points, bars=look.bars, baseline=baseline, box=replace(box, left=room))


def _level(history: History, look: Look) -> Decimal | None:
    """The baseline where single periods compare with it: of what happens, only one over as long."""
    if history.baseline is None:
        return None
    kinds = {it.column.span.kind for it in history.moments if is_plain(it)}
    alike = {it.kind for it in history.baseline.periods} == kinds and len(history.baseline.periods) == 1
    return history.baseline.figure.value if alike or not look.bars else None


def _charted(moments: Iterable[Moment], look: Look) -> list[Moment]:
    """The periods to draw: of a state every one with days; of what happens, those of one length."""
    plain = [it for it in moments if is_plain(it)]
    if not look.bars and look.frequency == Frequency.IRREGULAR:
        return plain
    kinds = Counter(it.column.span.kind for it in plain if it.column.span.kind is not Kind.OTHER)
    commonest = max(kinds, key=lambda kind: kinds[kind], default=None)
    return [it for it in plain if it.column.span.kind is commonest]


def point_of(column: Column, score: Score | None, look: Look, address: Address) -> Point:
    """A period as a chart draws it; its sentence has the words and numbers of the table."""
    if score is None:
        return Point(column.label, sentence=f"{column.label}: {_('not expected')}")
    targets = score.targets
    original = targets.original if targets.original != targets.counting else None
    return Point(
        column.label,
        actual=_value(score),
        target=targets.counting.value if targets.counting else None,
        original=original.value if original else None,
        href=address(column.span),
        sentence=f"{column.label}: {', '.join(_said(score, look))}",
        partial=not score.actual.is_complete,
    )


def _said(score: Score, look: Look) -> list[str]:
    meaning, said = look.meaning, [missing(score)]
    if _value(score) is not None:
        said = [f"{figure_text(score.actual.figure, meaning)} {look.unit}"]
    if score.actual.want > 1:
        said[0] += f" ({score.complete})"
    counting, original = score.targets.counting, score.targets.original
    if counting is not None:
        said.append(_("target %(figure)s") % {"figure": target_words(counting, meaning)})
    if original is not None and original != counting:
        said.append(_("original target %(figure)s") % {"figure": target_words(original, meaning)})
    status = score.judgement.status
    if status is not None and _value(score) is not None:
        said.append(f"{status_word(status)} {share_of(score.judgement)}".strip())
    return [it for it in said if it]


def missing(score: Score) -> str:
    """Why there is no value, in the words of the table."""
    if score.actual.figure is not None and score.actual.figure.absence is not None:
        return figure_text(score.actual.figure)
    status, reason = score.judgement.status, score.reason
    if status in WAITING and (reason is None or reason in ("not_reported", "not_expected")):
        return status_word(str(status))
    return str(words.MISSING[reason]) if reason else _("no value")


def _value(score: Score | None) -> Decimal | None:
    figure = score.actual.figure if score else None
    return figure.value if figure else None


def _with_forecast(points: Sequence[Point], outlook: Outlook) -> list[Point]:
    coming = {moment.column.label: it for moment, it in zip(outlook.coming, outlook.points(), strict=True)}
    found = []
    for point in points:
        if point.label not in coming or point.actual is not None:
            found.append(point)
            continue
        _span, value, low, high = coming[point.label]
        said = _("%(period)s: forecast %(value)s (between %(low)s and %(high)s)") % {
            "period": point.label, "value": number(value), "low": number(low), "high": number(high),
        }  # fmt: skip
        if point.target is not None:
            said += f", {_('target %(figure)s') % {'figure': number(point.target)}}"
        found.append(replace(point, actual=value, low=low, high=high, sentence=said, partial=False))
    return found


def _sentence(known: Sequence[Moment], look: Look) -> str:
    first, last = known[0], known[-1]
    return _("From %(first)s in %(begin)s to %(last)s in %(end)s") % {
        "first": figure_text(first.score.actual.figure, look.meaning),
        "begin": first.column.label,
        "last": figure_text(last.score.actual.figure, look.meaning),
        "end": last.column.label,
    }


def _signs(points: Sequence[Point], look: Look, baseline: Decimal | None) -> list[tuple[str, str]]:
    """Which sign means what, of those that occur."""
    found = [("bar" if look.bars else "dot", _("actual"))]
    if any(it.partial and it.actual is not None for it in points):
        found.append(("partial" if look.bars else "partial-dot", _("incomplete")))
    if any(it.target is not None for it in points):
        found.append(("target", _("target")))
    if any(it.original is not None for it in points):
        found.append(("original", _("original target")))
    if baseline is not None:
        found.append(("baseline", _("baseline")))
    if any(it.is_forecast for it in points):
        found.append(("ghost", _("forecast, and between what it lies")))
    return found


# many small ones -------------------------------------------------------------------------------------------


def multiples_of(
    parts: Sequence[Part], columns: Sequence[Column], look: Look, address: Callable[[Part], Address]
) -> Multiples | None:
    """A small chart of each part, all on one scale; None below two periods, or of milestones."""
    if len(columns) < FEWEST or not look.drawn:
        return None
    drawn = [
        (part, [point_of(*it, look, address(part)) for it in zip(columns, part.scores, strict=True)])
        for part in parts
    ]
    every = [point for _part, points in drawn for point in points]
    low, high = reach_of(every, bars=look.bars)
    found = []
    for part, points in drawn:
        one = plot(points, bars=look.bars, box=SMALL, reach=(low, high))
        if one is not None:
            found.append(_multiple(part, one, look, address(part)))
    scale = _("All on one scale, from %(low)s to %(high)s %(unit)s.") % {
        "low": number(low),
        "high": number(high),
        "unit": look.unit,
    }  # fmt: skip
    return Multiples(scale, found) if found else None


def _multiple(part: Part, drawn: Plot, look: Look, address: Address) -> Multiple:
    valued = [score for score in part.scores if score is not None and _value(score) is not None]
    last = valued[-1] if valued else None
    href, text = "", SafeString(f'<span class="absent">{escape(_("no value"))}</span>')
    if last is not None:
        href = address(last.span)
        text = SafeString(figure_html(last.actual.figure, look.meaning))
        if last is not part.scores[-1]:
            text = SafeString(f'{text} <span class="of">{escape(last.span.label)}</span>')
        status = last.judgement.status
        if status is not None and last.targets.counting is not None:
            text = SafeString(f"{text} {status_html(status, share_of(last.judgement))}")
    sentence = f"{part.name}. {'. '.join(it.point.sentence for it in drawn.places)}."
    return Multiple(
        part.name_html, href, SafeString(linked(text, href)), finished(small_svg(drawn, sentence))
    )
