"""Actuals alone, of a few indicators over a longer time than their books were loaded for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from indicators.books import IndicatorBook
from indicators.models import Entry
from indicators.periods import Kind, Span
from indicators.rows import figure_of
from indicators.values import Absence, EntryKind, Figure


def load_actuals(
    wanted: Mapping[int, IndicatorBook], since: date, as_of: datetime | None
) -> dict[int, dict[tuple[int | None, Span], Figure]]:
    """By indicator id, the actuals in force since a day, at the sites that its book knows; 1 query."""
    found: dict[int, dict[tuple[int | None, Span], Figure]] = {key: {} for key in wanted}
    seen = {key: {it.site for it in book.sites} for key, book in wanted.items()}
    columns = (
        "series__indicator_id", "series__site_id",
        "period__kind", "period__first_on", "period__last_on", "period__label",
        "value", "numerator", "denominator", "day", "absence", "certainty", "expected", "pk",
    )  # fmt: skip
    entries = Entry.objects.recorded_by(as_of).filter(
        kind=EntryKind.ACTUAL, series__indicator__in=wanted, series__category=None, period__last_on__gte=since
    )
    for key, site_id, kind, first, last, label, *rest in entries.order_by("number").values_list(*columns):
        if site_id in seen[key]:
            span = Span(Kind(kind), first, last, label)
            found[key][site_id, span] = figure = figure_of(wanted[key].meaning, *rest)
            if figure.absence is Absence.WITHDRAWN:
                del found[key][site_id, span]
    return found
