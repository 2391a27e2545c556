"""The ledger as plain rows, and plain rows as CSV or JSON; the same for commands and pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, Value
from django.urls import reverse

from indicators.models import Entry
from indicators.values import Measure, derive
from programs.models import Program
from programs.taking import csv_lines
from programs.workbook import plain

FIGURE_FIELDS = (
    "kind", "program", "site", "indicator", "category", "period", "value", "numerator", "denominator",
    "absence", "certainty", "expected", "unit", "illustrative", "submitted_by", "approved_by",
    "recorded_at", "supersedes", "number", "hash", "dimension", "day", "ledger", "address",
    "evidence", "evidence_sha256",
)  # fmt: skip
_COLUMNS = (
    "kind", "program__code", "series__site__code", "series__indicator__code", "series__category__code",
    "period__label", "value", "numerator", "denominator", "absence", "certainty", "expected",
    "series__indicator__unit", "program__illustrative", "submitted_by__username", "approved_by__username",
    "recorded", "supersedes__number", "number", "digest", "series__dimension__code", "day",
    "evidence__text", "evidence__sha256", "series__indicator__measure", "series__indicator__factor",
)  # fmt: skip
_VALUE, _NUMERATOR, _DENOMINATOR = (FIGURE_FIELDS.index(it) for it in ("value", "numerator", "denominator"))
_PROGRAM, _NUMBER = FIGURE_FIELDS.index("program"), FIGURE_FIELDS.index("number")
_ABSENT_AS_EMPTY = tuple(
    FIGURE_FIELDS.index(it) for it in ("site", "category", "submitted_by", "supersedes", "dimension")
)
FETCHED = 2_000  # rows at a time


def figures(*, program: Program | None = None, as_of: datetime | None = None) -> Iterator[tuple[object, ...]]:
    """Every entry in force, or as of a moment, in the order of `FIGURE_FIELDS`; 2 queries, streamed.

    What is withdrawn is left out. Of a ratio with parts the value is derived. `ledger` is the head of the
    program's chain (CODE/COUNT/HASH), the same in each of its rows, and never before any of them; `address`
    the path of the entry's own page;
    `evidence` what it rests on (address, citation or name of the file), with the digest of that.
    """
    heads: dict[str, str] | None = None
    root = reverse("program-list")
    for row in _entries(program, as_of).iterator(chunk_size=FETCHED):
        if heads is None:  # asked once the rows are chosen, so that each is in the chain of its head
            heads = _heads(program, as_of)
        address = f"{root}{row[_PROGRAM]}/ledger/{row[_NUMBER]}/"
        *stands, evidence, digest, measure, factor = row
        cells: list[Any] = [*stands, heads[row[_PROGRAM]], address, evidence or "", digest or ""]
        if measure == Measure.RATIO and cells[_VALUE] is None and cells[_NUMERATOR] is not None:
            value = derive(cells[_NUMERATOR], cells[_DENOMINATOR], factor)
            cells[_VALUE] = None if value is None else plain(value)
        for place in _ABSENT_AS_EMPTY:
            if cells[place] is None:
                cells[place] = ""
        yield tuple(cells)


def _heads(program: Program | None, as_of: datetime | None) -> dict[str, str]:
    """By program code, the end of its chain as text; 1 query."""
    entries = Entry.objects.recorded_by(as_of).order_by("program_id", "-number").distinct("program_id")
    if program is not None:
        entries = entries.filter(program=program)
    found = entries.values_list("program__code", "number", "hash")
    return {code: f"{code}/{number}/{bytes(digest or b'').hex()}" for code, number, digest in found}


def _entries(program: Program | None, as_of: datetime | None) -> QuerySet[Entry, tuple[Any, ...]]:
    entries = Entry.objects.standing(as_of)
    if program is not None:
        entries = entries.filter(program=program)
    text: CharField[str, str] = CharField()
    moment = Func(
        Func(Value("UTC"), F("recorded_at"), function="timezone"),
        Value('YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        function="to_char",
        output_field=text,
    )
    digest = Func(F("hash"), Value("hex"), function="encode", output_field=text)
    found = entries.annotate(recorded=moment, digest=digest).order_by("program__code", "number")
    return found.values_list(*_COLUMNS)


def json_lines(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table as a JSON array of objects, a line each; decimals are numbers, written out in full."""
    names = [json.dumps(field) for field in fields]
    before = "[\n"
    for row in rows:
        cells = ", ".join(f"{name}: {_json_cell(cell)}" for name, cell in zip(names, row, strict=True))
        yield f"{before}{{{cells}}}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _json_cell(cell: object) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return json.dumps(cell.isoformat() if isinstance(cell, date) else cell, ensure_ascii=False)


def written(format_name: str, fields: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table in the format of that name: csv or json."""
    return json_lines(fields, rows) if format_name == "json" else csv_lines(fields, rows)


def in_order(fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[tuple[object, ...]]:
    """The cells of rows by name, in the order of the fields."""
    return (tuple(row[field] for field in fields) for row in rows)
