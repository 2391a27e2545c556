"""Times and counts: the server's time of a page or of a state change, its queries, its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.models import User

TIMES = 20
MS = 1000


class Took(NamedTuple):
    """Milliseconds on the clock, and of this process alone, which others on the machine lengthen less."""

    ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table; `limit` is what its time on the clock should stay below."""

    name: str
    ms: float
    queries: int | None = None
    size: int | None = None
    hand_written_ms: float | None = None
    limit: float | None = None
    cpu_ms: float | None = None

    @property
    def ratio(self) -> float | None:
        """To one hand-written statement that fetches the same rows."""
        return self.ms / self.hand_written_ms if self.hand_written_ms else None


def measured_page(
    name: str,
    user: User,
    address: str,
    *,
    limit: float | None = None,
    statement: tuple[str, object] | None = None,
) -> Measured:
    """A page as the person gets it, in this process."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def ask() -> int:
        response = client.get(address, secure=bool(settings.HTTPS))
        content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # of a streaming one
        if response.status_code != 200:  # noqa: PLR2004  # fine
            raise RuntimeError(f"{address} answers {response.status_code}")
        return len(content)

    size = ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)  # before the next request forgets them
    by_hand = hand_written(*statement).ms if statement else None
    took = median_of(lambda: timed(ask))
    return Measured(name, took.ms, queries, size, by_hand, limit, took.cpu_ms)


def measured_change(name: str, change: Callable[[], object], *, limit: float | None = None) -> Measured:
    """A state change, taken back each time; the savepoint around it is not counted."""
    with CaptureQueriesContext(connection) as captured, taken_back():
        before = len(captured.connection.queries_log)
        change()
        queries = len(captured.connection.queries_log) - before
    took = median_of(lambda: _undone(change))
    return Measured(name, took.ms, queries, None, None, limit, took.cpu_ms)


def _undone(change: Callable[[], object]) -> Took:
    with taken_back():
        return timed(change)


def timed(action: Callable[[], object]) -> Took:
    """How long it takes."""
    begun, begun_cpu = perf_counter(), process_time()
    action()
    return Took((perf_counter() - begun) * MS, (process_time() - begun_cpu) * MS)


def median_of(run: Callable[[], Took]) -> Took:
    """The medians of 20 runs, each of which says how long it took."""
    return medians([run() for _ in range(TIMES)])


def medians(runs: Sequence[Took]) -> Took:
    """The median of each time."""
    return Took(median(it.ms for it in runs), median(it.cpu_ms for it in runs))


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def hand_written(statement: str, values: object) -> Took:
    """The median time of psycopg alone for one statement, all rows fetched."""
    connection.ensure_connection()
    bare = connection.connection

    def fetch() -> None:
        with bare.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.fetchall()

    return median_of(lambda: timed(fetch))
