"""The course of the figure that stands for each program: its actuals in the last periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from indicators.actuals import load_actuals
from indicators.combining import Figures
from indicators.periods import MONTHS, Span, shifted
from indicators.values import Measure
from monitoring.portfolio.standing import Headline, Line

LAST = 8
Course: TypeAlias = list[tuple[Span, Decimal | None]]


def load_courses(lines: Iterable[Line], as_of: datetime | None) -> dict[int, Course]:
    """By program id, the course of its figure, where that is a line to draw; 1 query."""
    found = {it.program.pk: it.headline for it in lines if it.headline}
    spans = {key: spans_until(it) for key, it in found.items()}
    begins = min((own[0].first for own in spans.values() if own and own[0].first), default=date.max)
    actuals = load_actuals({it.indicator.pk: it.book for it in found.values()}, begins, as_of)
    courses = {key: _course(it, spans[key], actuals) for key, it in found.items()}
    return {key: it for key, it in courses.items() if sum(value is not None for _, value in it) > 1}


def spans_until(headline: Headline) -> list[Span]:
    """The last periods up to its own, of the same kind, the oldest first; none of what is no number."""
    span = headline.score.span
    if span.kind not in MONTHS or headline.meaning.measure is Measure.MILESTONE:
        return []
    return [shifted(span, -MONTHS[span.kind] * back) for back in reversed(range(LAST))]


def _course(headline: Headline, spans: Iterable[Span], actuals: Mapping[int, Figures]) -> Course:
    """Combined as every value; targets and reports make no difference to it."""
    book = replace(
        headline.book, actuals=actuals[headline.indicator.pk], targets={}, baselines={}, reports={}
    )
    figures = {span: book.actual(span).figure for span in spans}
    return [(span, figure.value if figure else None) for span, figure in figures.items()]
