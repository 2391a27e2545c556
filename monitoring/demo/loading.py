"""Fills an empty database with the whole demo; running it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection

from indicators.actions import open_periods
from monitoring.demo.illustrative import load_illustrative
from monitoring.demo.people import Account, open_accounts
from monitoring.demo.reference import load_reference

Say = Callable[[str], None]
LOCK = "rendir demo"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second loader wait until the first one is done, or gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def load_demo(*, today: date, say: Say, force: bool = False) -> tuple[Account, ...]:
    """The reference portfolio, the illustrative programs, the accounts, the periods that are open today."""
    say("Entering the published figures (once): saved, submitted, approved …")
    new = load_reference(lambda text: say(f"  {text}"))
    say(f"  {new} programs entered." if new else "  They are there already.")
    say("Making the illustrative programs (once), which takes about half a minute …")
    new = load_illustrative(today, say=lambda text: say(f"  {text}"))
    say(f"  {new} programs made." if new else "  They are there already.")
    accounts = open_accounts(force=force)
    opened = open_periods(today=today)
    say(f"Opening periods and reports: {opened.periods} and {opened.reports} are new.")
    return accounts
