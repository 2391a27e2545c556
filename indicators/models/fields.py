from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core import checks
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

ISO_DAY = r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$"


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A decimal that keeps the number of decimals that was given (PostgreSQL's bare `numeric`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=None, decimal_places=None)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return models.Field.check(self, **kwargs)


class IsoDayField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A day known to the day, the month or the year, as ISO 8601 writes it; empty when not known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=10, blank=True, default="")
        super().__init__(*args, **kwargs)


def choices_are_known(model: str, field: str, values: type, *, blank: bool = False) -> models.CheckConstraint:
    """The check that a choice field holds one of an enum's values, or nothing where that is allowed."""
    allowed = [str(value) for value in values] + ([""] if blank else [])  # type: ignore[attr-defined]  # an Enum class iterates
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=f"{model}_{field}_is_known")


def numbers_are_sound(model: str) -> list[models.CheckConstraint]:
    """Finite, at most 15 digits before and 6 after the point, for value, numerator and denominator."""
    limit = Decimal(10) ** 15
    return [
        models.CheckConstraint(
            # NaN and Infinity sort above every number, so the comparison refuses them as well
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": -limit, f"{field}__lt": limit}),
            name=f"{model}_{field}_is_finite",
        )
        for field in ("value", "numerator", "denominator")
    ]


def day_is_iso(model: str, field: str) -> models.CheckConstraint:
    """The check that a reduced day is written as ISO 8601 writes it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": ISO_DAY}), name=f"{model}_{field}_is_iso")
