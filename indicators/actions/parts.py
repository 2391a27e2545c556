"""How a breakdown reaches the series that are there already: each whole gets its parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from indicators.models import Category, Entry, Indicator, Series


@transaction.atomic
def lay_parts(*, indicators: Iterable[Indicator], categories: Iterable[Category], today: date) -> int:
    """Give the reported wholes of these indicators a series for each category; the number of new ones.

    A part is expected as its whole is, but where the ledger has figures of the whole from today on only.
    5 queries.
    """
    keys, parts = [indicator.pk for indicator in indicators], list(categories)
    reported = Q(indicator__reported_by="program", site=None) | Q(
        indicator__reported_by="sites", site__isnull=False
    )
    wholes = list(Series.objects.filter(reported, indicator__in=keys, category=None))
    entered = set(Entry.objects.filter(series__in=wholes).values_list("series", flat=True).distinct())
    laid = Series.objects.filter(indicator__in=keys)
    before = laid.count()
    Series.objects.bulk_create(
        [
            Series(
                program_id=whole.program_id,
                indicator_id=whole.indicator_id,
                site_id=whole.site_id,
                dimension_id=category.dimension_id,
                category=category,
                from_on=max(whole.from_on or today, today) if whole.pk in entered else whole.from_on,
                to_on=whole.to_on,
            )
            for whole in wholes
            for category in parts
            if not (whole.pk in entered and whole.to_on and whole.to_on < today)
        ],
        ignore_conflicts=True,
    )
    return laid.count() - before
