"""What is asked of the database for a backup, and after a restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from indicators.models import Evidence
from monitoring.backup.archive import Head

OBJECTS = """
SELECT count(*) FROM (
    SELECT oid, relnamespace AS namespace FROM pg_class
    UNION ALL SELECT oid, pronamespace FROM pg_proc
    UNION ALL SELECT oid, typnamespace FROM pg_type
) thing
JOIN pg_namespace ON pg_namespace.oid = thing.namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE pg_depend.objid = thing.oid AND deptype = 'e')
"""
HEADS = """
SELECT DISTINCT ON (program.code) program.code,
    count(*) OVER (PARTITION BY program.code), encode(entry.hash, 'hex')
FROM indicators_entry entry JOIN programs_program program ON program.id = entry.program_id
ORDER BY program.code, entry.number DESC
"""
MISFITS = """
SELECT program.code, min(chained.number)
FROM (
    SELECT entry.program_id, entry.number,
        entry.number = row_number() OVER chain
        AND entry.hash = sha256(
            coalesce(lag(entry.hash) OVER chain, ''::bytea) || convert_to(ledger_content(entry), 'UTF8')
        ) AS fits
    FROM indicators_entry entry
    WINDOW chain AS (PARTITION BY entry.program_id ORDER BY entry.number)
) chained
JOIN programs_program program ON program.id = chained.program_id
WHERE chained.fits IS NOT TRUE
GROUP BY program.code ORDER BY program.code
"""


def is_empty() -> bool:
    """Whether nobody made anything in the database; 1 query."""
    return _rows(OBJECTS) == [(0,)]


def heads() -> list[Head]:
    """The end of the ledger of each program that has one; 1 query."""
    return [Head(*row) for row in _rows(HEADS)]


def misfits() -> list[tuple[str, int]]:
    """Of each program whose chain does not fit, its code and the first number that does not; 1 query."""
    return [(code, number) for code, number in _rows(MISFITS)]


def migrations() -> list[str]:
    """The migrations that the database has, by app and name; 1 query."""
    return [
        f"{app}.{name}" for app, name in _rows("SELECT app, name FROM django_migrations ORDER BY app, name")
    ]


def evidence_folder() -> Path:
    """Where evidence files lie."""
    folder: Path = settings.EVIDENCE_DIR
    return folder


def evidence_files() -> list[tuple[str, str]]:
    """Of each evidence file its path below the folder and its SHA-256; 1 query."""
    files = Evidence.objects.filter(kind=Evidence.Kind.FILE).order_by("stored")
    return list(files.values_list("stored", "sha256"))


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
