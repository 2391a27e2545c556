"""What the programs of the demo are called in Spanish, from a table of English texts."""

from __future__ import annotations

from functools import cache

from django.db.models import Model

from indicators.actions.succeeding import SPANISH
from indicators.models import Category, Dimension, Indicator, Objective
from monitoring.demo.tables import read_table
from programs.models import Program


def say_in_spanish(program: Program) -> None:
    """Give a new program, its framework, its indicators and their breakdowns their Spanish texts."""
    _translate(program, ("name_es", "summary_es"))
    for objective in Objective.objects.filter(program=program):
        _translate(objective, ("name_es",))
    for indicator in Indicator.objects.filter(program=program):
        _translate(indicator, SPANISH, of=indicator.code)
    dimensions = Dimension.objects.filter(breakdowns__indicator__program=program).distinct()
    categories = Category.objects.filter(dimension__in=dimensions)
    parts: list[Dimension | Category] = [*dimensions, *categories]
    for part in parts:
        _translate(part, ("name_es",))


def _translate(one: Model, fields: tuple[str, ...], of: str = "") -> None:
    """Fill what is still blank and known."""
    known = _texts()
    for field in fields:
        english = getattr(one, field.removesuffix("_es"))
        if not getattr(one, field):
            setattr(one, field, known.get((english, of)) or known.get((english, ""), ""))
    one.save(update_fields=fields)


@cache
def _texts() -> dict[tuple[str, str], str]:
    """The Spanish of an English text, and of one indicator alone where it means another thing there."""
    return {(line["english"], line["of"]): line["spanish"] for line in read_table("spanish.csv")}
