"""Queries that are put together once: to build a large one takes several times as long as to run it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

SOMEBODY = -8_765_432_101  # stand in for what a call gives, and are nobody's id and nobody's day
SOME_DAY = date(8765, 4, 3)
SOME_IDS = [-8_765_432_102]


def any_of(ids: list[int]) -> RawSQL:
    """These ids for a look-up with `in`, as one value: the statement is the same for any number of them."""
    return RawSQL("SELECT unnest(%s::bigint[])", (ids,))


class Prepared:
    """A query in which only the values of the stand-ins change from call to call.

    Its rows are as the database gives them, in the order of the statement: computed columns after the others,
    and none that Django would have to convert.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], **stand_ins: object) -> None:
        self._build = build
        self._stand_ins = stand_ins

    @cached_property
    def _statement(self) -> tuple[str, list[tuple[str | None, Any]]]:
        """The SQL, and its values in order: each with the name of what stands in for it, if that does."""
        sql, values = self._build().query.sql_with_params()
        names = [self._name_of(value) for value in values]
        if missing := self._stand_ins.keys() - set(names):
            raise ValueError(f"The query has no value for {', '.join(sorted(missing))}.")
        return sql, list(zip(names, values, strict=True))

    def _name_of(self, value: object) -> str | None:
        return next((name for name, it in self._stand_ins.items() if it == value), None)

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """What it finds with these values in the place of the stand-ins; 1 query."""
        sql, values = self._statement
        with connection.cursor() as cursor:
            cursor.execute(sql, [value if name is None else given[name] for name, value in values])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
