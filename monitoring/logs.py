"""Lines of the log that tell where something failed, and nothing of what people typed."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from django.db import DatabaseError

SECRET_PARTS = ("key", "token", "uidb36", "uidb64")  # parts of an address that open something
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Line(logging.Formatter):
    """One line an event; of an error its kind and its places, since its words may hold what was typed."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # named by logging
        for secret in _secrets(record):
            record.message = record.message.replace(secret, "…")
        record.message = CONTROLS.sub(" ", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Failure) -> str:  # noqa: N802  # named by logging
        lines = ["Traceback, without what was said:"]
        for error in _chain(ei[1]):
            lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
            lines.append(_kind(error))
        return "\n".join(lines)


def _secrets(record: logging.LogRecord) -> list[str]:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    given = match.kwargs if match else {}
    return [str(given[name]) for name in SECRET_PARTS if given.get(name)]


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error after those that it came from."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _kind(error: BaseException) -> str:
    """The class of an error; of one of the database also its number and the rule that was broken."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    said = getattr(error.__cause__, "diag", None) if isinstance(error, DatabaseError) else None
    parts = [said.sqlstate, said.table_name, said.constraint_name] if said else []
    return " ".join([name, *(part for part in parts if part)])
