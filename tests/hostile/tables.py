"""Whether anything in the database changed: a digest of all rows of each table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

# The one table that a question may write: a session is kept alive while it is used, and holds what a page
# of signing in asks next. The limits of attempts are counted in the process's memory here.
PASSING = ("django_session",)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
ONE = "SELECT '{0}' AS name, md5(coalesce(string_agg(t::text, '\n' ORDER BY t::text), '')) FROM \"{0}\" t"


def digests() -> dict[str, str]:
    """The digest of every table but those that pass; 2 queries."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name not in PASSING]
        cursor.execute(" UNION ALL ".join(map(ONE.format, names)))
        return dict(cursor.fetchall())


@contextmanager
def unchanged(*tried: object, but: str = "") -> Iterator[None]:
    """What is inside changes no row of any table, else the test fails and names the tables."""
    before = digests()
    yield
    if changed := [name for name, now in digests().items() if now != before.get(name) and name != but]:
        pytest.fail(f"{tried} changed {changed}")
