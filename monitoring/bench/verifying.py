"""A long ledger, and how fast all of it is computed anew."""

from __future__ import annotations

from django.db import connection

from indicators.chain import verify_chains
from monitoring.bench.measuring import Measured, taken_back, timed
from programs.models import Program

ENTRIES = 100_000
LIMIT = 5_000  # ms
STEPS = (1, 100, 2_000, 20_000)  # PostgreSQL looks at the table after so many, and plans anew
# A target that is revised again and again: each entry supersedes the one before.
REVISED = """
INSERT INTO indicators_entry (id, series_id, period_id, approved_by_id, kind, value, supersedes_id, change,
    reason, day, absence, certainty, expected, explanation, published)
SELECT base + n, last.series_id, last.period_id, last.approved_by_id, last.kind, n,
    CASE WHEN n = 1 THEN last.id ELSE base + n - 1 END, 'revises',
    'More was agreed', '', '', 'exact', last.expected, 'Agreed with the region and with its police', ''
FROM (SELECT max(id) AS base FROM indicators_entry) highest, (
    SELECT * FROM indicators_entry WHERE program_id = %(program)s AND kind = 'target'
    ORDER BY id DESC LIMIT 1
) last, generate_series(1, %(count)s) n
ORDER BY n
"""


def verifying(program: Program) -> Measured:
    """The row of the table: a ledger lengthened through its triggers, verified, and taken back."""
    with taken_back():
        _lengthen(program)
        took = timed(lambda: _fits(program))
    return Measured(f"verify {ENTRIES:,} entries", took.ms, 2, limit=LIMIT, cpu_ms=took.cpu_ms)


def _lengthen(program: Program) -> None:
    with connection.cursor() as cursor:
        done = program.entries.count()
        for upto in (*(done + step for step in STEPS), ENTRIES):
            if done < upto <= ENTRIES:
                cursor.execute(REVISED, {"program": program.pk, "count": upto - done})
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ANALYZE indicators_entry")
                cursor.execute("DISCARD PLANS")
                done = upto


def _fits(program: Program) -> None:
    """All of it; RuntimeError where it does not fit."""
    for chain in verify_chains(program):
        if chain.fault is not None or chain.count < ENTRIES:
            raise RuntimeError(f"{chain.code}: {chain.count} entries, {chain.fault}")
