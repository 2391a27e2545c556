"""How an administrator takes back what was laid by mistake, as long as nobody has reported or planned it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from indicators.models import Breakdown, Indicator, Series


@transaction.atomic
def remove_breakdown(*, breakdown: Breakdown) -> None:
    """Undo a breakdown and the series of its categories.

    Raises ProtectedError for series that hold a result or an entry.
    """
    Series.objects.filter(indicator=breakdown.indicator_id, dimension=breakdown.dimension_id).delete()
    breakdown.delete()


@transaction.atomic
def remove_indicators(*, indicators: Iterable[Indicator]) -> None:
    """Remove indicators and their series; ProtectedError for any with a result or an entry."""
    keys = [indicator.pk for indicator in indicators]
    Series.objects.filter(indicator__in=keys).delete()
    Indicator.objects.filter(pk__in=keys).delete()
