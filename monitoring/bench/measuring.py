"""Times and counts: the server's time of a page or of a state change, its queries, its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.models import User

TIMES = 20
MS = 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table; `limit` is what it should stay below."""

    name: str
    ms: float
    queries: int | None = None
    size: int | None = None
    hand_written_ms: float | None = None
    limit: float | None = None

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
    by_hand = hand_written(*statement) if statement else None
    return Measured(name, median_ms(ask), queries, size, by_hand, limit)


def measured_change(name: str, change: Callable[[], object], *, limit: float | None = None) -> Measured:
    """A state change, taken back each time; the savepoint around it is not counted."""
    with CaptureQueriesContext(connection) as captured, taken_back():
        before = len(captured.connection.queries_log)
        change()
        queries = len(captured.connection.queries_log) - before
    return Measured(name, median_of(lambda: _undone(change)) * MS, queries, None, None, limit)


def _undone(change: Callable[[], object]) -> float:
    with taken_back():
        return timed(change)


def timed(action: Callable[[], object]) -> float:
    """How many seconds it takes."""
    begun = perf_counter()
    action()
    return perf_counter() - begun


def median_of(run: Callable[[], float]) -> float:
    """The median of 20 runs, each of which says how long it took."""
    return median(run() for _ in range(TIMES))


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def median_ms(action: Callable[[], object]) -> float:
    """The median of 20 runs in milliseconds."""
    return median_of(lambda: timed(action)) * MS


def hand_written(statement: str, values: object) -> float:
    """The median time of psycopg alone for one statement, all rows fetched."""
    connection.ensure_connection()
    bare = connection.connection

    def fetch() -> None:
        with bare.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.fetchall()

    return median_ms(fetch)
