"""An approval with the hash chain, and without: the trigger then numbers, but does not hash."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from monitoring.bench.measuring import TIMES, Took, medians, taken_back, timed

UNCHAINED = """
CREATE OR REPLACE FUNCTION ledger_chain() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    previous record;
BEGIN
    SELECT e.number INTO previous FROM indicators_entry e
        WHERE e.program_id = NEW.program_id ORDER BY e.number DESC LIMIT 1;
    NEW.number := coalesce(previous.number, 0) + 1;
    NEW.hash := decode(repeat('00', 32), 'hex');
    RETURN NEW;
END $$;
"""


def with_and_without(approve: Callable[[], object]) -> tuple[Took, Took]:
    """The median times of an approval with and without hashes, taken by turns."""
    chained, unchained = [], []
    for _ in range(TIMES):
        chained.append(_timed(approve, ""))
        unchained.append(_timed(approve, UNCHAINED))
    return medians(chained), medians(unchained)


def _timed(approve: Callable[[], object], statement: str) -> Took:
    with taken_back():
        if statement:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        return timed(approve)
