"""Which stretches of time a table of one program shows, in which order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.books import IndicatorBook
from indicators.periods import (
    KIND_OF,
    Calendar,
    Frequency,
    Kind,
    Span,
    label,
    life,
    shifted,
    spans_within,
    year_of,
)

LAST = 8  # so many periods with figures are shown of a program whose figures are old
FINENESS = {kind: place for place, kind in enumerate(Kind)}  # month, quarter, half, year, life, other
FREQUENCY_OF = {kind: frequency for frequency, kind in KIND_OF.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time; `total` where finer columns stand beside it."""

    span: Span
    label: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """From which to which day, or (None) as far as there are figures to show."""

    first_on: date | None = None
    last_on: date | None = None
    by_itself: bool = False  # nobody chose it: what was published without days is shown too

    def holds(self, span: Span) -> bool:
        """Whether the span lies in it, from the first to the last day."""
        first, last = span.first or date.min, span.last or date.max
        return (self.first_on or date.min) <= first and last <= (self.last_on or date.max)


def recorded_spans(books: Iterable[IndicatorBook]) -> set[Span]:
    """The periods of which there is an actual or a target on record."""
    found: dict[str, Span] = {}  # by label, which is hashed more quickly than a span
    for book in books:
        found.update((span.label, span) for _site, span in book.actuals)
        found.update((span.label, span) for _site, span in book.targets)
    return set(found.values())


def kinds_of(frequencies: Iterable[str]) -> list[Kind]:
    """The kinds of period that indicators are reported in, the most common first; a year without any."""
    kinds = Counter(KIND_OF[Frequency(it)] for it in frequencies if it != Frequency.IRREGULAR)
    return sorted(kinds, key=lambda kind: (-kinds[kind], FINENESS[kind])) or [Kind.YEAR]


def columns_of(  # noqa: PLR0913 - each is a choice of the reader or a fact of the program
    recorded: Collection[Span],
    kinds: Sequence[Kind],
    calendar: Calendar,
    reach: Reach,
    *,
    today: date,
    life_of_program: tuple[date | None, date | None],
    everything: bool = False,
    halves: bool = False,
    alone: bool = False,
) -> list[Column]:
    """The periods of these kinds within reach, with the years that they lie in and the life of program.

    Without a reach these are those of the running and the past year if there are figures in them, else the
    last with figures. `everything` is all from the first with a figure on. Other periods stand among them
    where there are figures of just these, but finer ones only in `everything`, and none with `alone`. What
    lies only in part within a reach that was chosen is no column, but the years.
    """
    finest = min(FINENESS[kind] for kind in kinds)
    if not (reach.first_on or reach.last_on):
        reach = _default(recorded, calendar, today, everything)
    if alone:
        recorded = {it for it in recorded if it.kind in kinds}
    elif not everything:
        recorded = {it for it in recorded if FINENESS[it.kind] >= finest}
    spans = _spans(recorded, kinds, calendar, reach, today)
    years = _years(spans, calendar)
    halfs = _halves(spans, years, calendar, reach) if halves else set()
    whole = life(*life_of_program)
    shown = sorted((spans | years | halfs) - {whole}, key=_place)
    columns = [Column(it, label(it, calendar), _is_total(it, finest)) for it in shown]
    return [*columns, Column(whole, whole.label, total=True)]


def _spans(
    recorded: Collection[Span], kinds: Iterable[Kind], calendar: Calendar, reach: Reach, today: date
) -> set[Span]:
    """The periods to show, without totals."""
    dated = sorted((it for it in recorded if it.first and it.last and it.kind is not Kind.LIFE), key=_place)
    undated = {it for it in recorded if not (it.first and it.last) and it.kind is not Kind.LIFE}
    if not (reach.first_on or reach.last_on):
        return {*dated[-LAST:], *undated}
    first_on = reach.first_on or min((it.first for it in dated if it.first), default=reach.last_on or today)
    last_on = reach.last_on or max(today, first_on)
    regular = {it for kind in kinds for it in spans_within(FREQUENCY_OF[kind], calendar, first_on, last_on)}
    within = {it for it in dated if it.first and it.last and first_on <= it.last and it.first <= last_on}
    if not reach.by_itself:
        within = {it for it in within if reach.holds(it)}
    return {*regular, *within, *(undated if reach.by_itself else ())}


def _years(spans: Iterable[Span], calendar: Calendar) -> set[Span]:
    """The years in which finer periods lie; a fiscal half that runs from one year into the next has none."""
    finer = (it for it in spans if it.first and _is_finer(it.kind, Kind.YEAR))
    return {year for it in finer if it.first and _lies_in(it, year := year_of(it.first, calendar))}


def _halves(spans: Collection[Span], years: Iterable[Span], calendar: Calendar, reach: Reach) -> set[Span]:
    """The halves of these years in which any of the periods lies; of a reach that was chosen, whole ones."""
    found = (it for year in years for it in _within(Kind.HALF, calendar, year))
    return {
        half
        for half in found
        if (reach.by_itself or reach.holds(half)) and any(_lies_in(it, half) for it in spans)
    }


def _default(recorded: Iterable[Span], calendar: Calendar, today: date, everything: bool) -> Reach:
    """The running and the past year, or everything; no days where all figures are older than that."""
    dated = [it for it in recorded if it.first and it.last and it.kind is not Kind.LIFE]
    running = year_of(today, calendar)
    past = shifted(running, -12)
    recent = any(it.last and past.first and it.last >= past.first for it in dated)
    if everything and dated:
        last = max(it.last for it in dated if it.last)
        first = min(it.first for it in dated if it.first)
        return Reach(first, running.last if recent else last, by_itself=True)
    return Reach(past.first, running.last, by_itself=True) if recent else Reach()


def _within(kind: Kind, calendar: Calendar, span: Span) -> Sequence[Span]:
    if span.first is None or span.last is None:
        return ()
    return spans_within(FREQUENCY_OF[kind], calendar, span.first, span.last)


def _lies_in(span: Span, other: Span) -> bool:
    return bool(span.first and span.last and other.first and other.last) and (
        other.first <= span.first and span.last <= other.last  # type: ignore[operator]  # all four are there
    )


def _is_finer(kind: Kind, other: Kind) -> bool:
    return kind is not Kind.OTHER and FINENESS[kind] < FINENESS[other]


def _is_total(span: Span, finest: int) -> bool:
    return span.kind in (Kind.HALF, Kind.YEAR, Kind.LIFE) and finest < FINENESS[span.kind]


def _place(span: Span) -> tuple[date, int, date, str]:
    """By the last day; what ends on the same day, the finer first; what has no last day at the end."""
    last = span.last or date.max
    return last, FINENESS[span.kind], span.first or date.max, span.label
