"""All of the ledger as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.exports import FIGURE_FIELDS, figures
from monitoring.bench.data import Bench
from monitoring.bench.measuring import Measured, hand_written, median_of, timed
from programs.taking import csv_lines

ALL = """
SELECT e.kind, p.code, s.code, i.code, c.code, d.label, e.value, e.numerator, e.denominator, e.absence,
    e.certainty, e.expected, i.unit, p.illustrative, u.username, v.username, e.recorded_at, o.number,
    e.number, e.hash
FROM indicators_entry e JOIN indicators_series x ON x.id = e.series_id
JOIN indicators_indicator i ON i.id = x.indicator_id
JOIN programs_program p ON p.id = e.program_id JOIN indicators_period d ON d.id = e.period_id
JOIN programs_user v ON v.id = e.approved_by_id LEFT JOIN programs_user u ON u.id = e.submitted_by_id
LEFT JOIN programs_site s ON s.id = x.site_id LEFT JOIN indicators_category c ON c.id = x.category_id
LEFT JOIN indicators_entry o ON o.id = e.supersedes_id
WHERE NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id) AND e.absence <> 'withdrawn'
ORDER BY p.code, e.number
"""


def measured_export(_bench: Bench) -> Iterator[Measured]:
    """Every entry in force, as lines of CSV."""
    with CaptureQueriesContext(connection) as captured:
        rows = sum(1 for _ in figures())
    queries, size = len(captured), _export()
    took = median_of(lambda: timed(_export))
    by_hand = hand_written(ALL, None).ms
    yield Measured(f"ledger export, {rows:,} rows", took.ms, queries, size, by_hand, 500, took.cpu_ms)


def _export() -> int:
    return sum(len(line) for line in csv_lines(FIGURE_FIELDS, figures()))
