"""How one indicator has gone: every period, every site, every category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.books import IndicatorBook
from indicators.combining import Missing
from indicators.formatting import figure_text
from indicators.ledger import ProgramBook
from indicators.models import Category, Indicator
from indicators.periods import Calendar, Kind, Span
from indicators.planning import Baseline, starts_at_zero
from indicators.scoring import Score
from indicators.values import Meaning
from monitoring.performance.columns import Column, Reach, columns_of, kinds_of, recorded_spans
from monitoring.performance.table import baseline_of, has_value, says_something, spot_of
from programs.models import Site

LAST = 8  # periods side by side, by site and by category


@dataclass(frozen=True, slots=True)
class Moment:
    """One stretch of time of the indicator."""

    column: Column
    score: Score


@dataclass(frozen=True, slots=True)
class Part:
    """One site or category over the last periods; None where nothing is expected or reported."""

    name: str
    scores: list[Score | None]
    site_code: str = ""
    category: Category | None = None

    @property
    def name_html(self) -> str:
        """The name for a page; a category that is named in English only says so."""
        return self.category.name_html if self.category else self.name


@dataclass(frozen=True, slots=True)
class Breakdown:
    dimension: str
    additivity: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class History:
    """Everything about one indicator that its page shows besides reference sheet and ledger."""

    moments: list[Moment]  # oldest first, the life of the program last
    baseline: Baseline | None
    baseline_of: Span | None  # the span that it is the baseline of, None for the latest on record
    earlier: list[Baseline]  # what periods before were measured from, where that was another
    latest: Moment | None
    columns: list[Column]  # of sites and categories
    sites: list[Part]
    breakdowns: list[Breakdown]


def history_of(book: ProgramBook, indicator: Indicator) -> History:
    """The indicator's scores over all that is on record, and the last periods by site and category."""
    own = book.books[indicator.pk]
    moments = [
        Moment(column, score)
        for column in _columns(book, indicator, own)
        if says_something(score := own.score(column.span)) or column.span in recorded_spans([own])
    ]
    columns, scores = _last(moments, own), [moment.score for moment in moments]
    baseline = baseline_of(own, scores)
    return History(
        moments=moments,
        baseline=baseline,
        baseline_of=spot_of(scores),
        earlier=_earlier(moments, baseline, own.meaning),
        latest=_latest(moments),
        columns=columns,
        sites=_sites(own, list(book.sites.values()), columns) if indicator.reported_by == "sites" else [],
        breakdowns=_breakdowns(book.categories.get(indicator.pk, []), columns),
    )


def _columns(book: ProgramBook, indicator: Indicator, own: IndicatorBook) -> list[Column]:
    return columns_of(
        recorded_spans([own]),
        kinds_of([indicator.frequency]),
        Calendar(indicator.calendar),
        Reach(),
        today=book.today,
        life_of_program=(book.program.starts_on, book.program.ends_on),
        everything=True,
    )


def is_plain(moment: Moment) -> bool:
    """Whether it is a period with its days known, that is not made of finer ones that stand beside it."""
    span = moment.column.span
    return not moment.column.total and span.kind is not Kind.LIFE and bool(span.first and span.last)


def is_apart(history: History) -> bool:
    """Whether several sites have figures that by their rule make no value of the whole."""
    reasons = {it.score.reason for it in history.moments}
    return len(history.sites) > 1 and not reasons.isdisjoint((Missing.NOT_ADDED, Missing.PARTS))


def _earlier(moments: Sequence[Moment], baseline: Baseline | None, meaning: Meaning) -> list[Baseline]:
    """The other baselines that single periods with a value were judged from, the oldest period first."""
    if baseline is None or starts_at_zero(meaning):
        return []
    judged = [it.score for it in moments if is_plain(it) and has_value(it.score)]
    found = {
        figure_text(it.baseline.figure, meaning): it.baseline
        for it in judged
        if it.baseline and it.judgement.start is not None
    }
    found.pop(figure_text(baseline.figure, meaning), None)
    return list(found.values())


def _latest(moments: Sequence[Moment]) -> Moment | None:
    """The last period with a value: none that is made of others, if there is one."""
    valued = [it for it in moments if it.score.actual.figure and it.score.actual.figure.value is not None]
    plain = [it for it in valued if not it.column.total]
    ended = [it for it in plain if it.score.span.kind is not Kind.LIFE] or valued
    return ended[-1] if ended else None


def _last(moments: Sequence[Moment], own: IndicatorBook) -> list[Column]:
    """The last periods with something to show, as a whole or of a site, which is not all to come."""
    said = {span for _site, span in own.actuals}
    periods = [
        it.column
        for it in moments
        if not it.column.total and (it.score.actual.figure is not None or it.column.span in said)
    ]
    return periods[-LAST:]


def _sites(own: IndicatorBook, sites: Sequence[Site], columns: Sequence[Column]) -> list[Part]:
    parts = [Part(it.name, [_score(own, one.span, it.pk) for one in columns], it.code) for it in sites]
    return [part for part in parts if any(part.scores)]


def _score(own: IndicatorBook, span: Span, site: int) -> Score | None:
    score = own.score(span, {site})
    return score if says_something(score) else None


def _breakdowns(
    categories: Sequence[tuple[Category, IndicatorBook]], columns: Sequence[Column]
) -> list[Breakdown]:
    found: dict[int, Breakdown] = {}
    for category, book in categories:
        dimension = category.dimension
        one = found.setdefault(dimension.pk, Breakdown(dimension.shown_name, dimension.additivity, []))
        scores = [book.score(it.span) for it in columns]
        shown = [it if says_something(it) else None for it in scores]
        one.parts.append(Part(category.shown_name, shown, category=category))
    return [one for one in found.values() if any(_said(part) for part in one.parts)]


def _said(part: Part) -> bool:
    """Whether anything was reported of it that can be shown."""
    return any(score is not None and score.actual.figure is not None for score in part.scores)
