"""What is asked of the database for a backup, and after a restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from indicators.models import Evidence

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
SELECT DISTINCT ON (entry.program_id)
    program.code || '/' || entry.number || '/' || encode(entry.hash, 'hex')
FROM indicators_entry entry JOIN programs_program program ON program.id = entry.program_id
ORDER BY entry.program_id, entry.number DESC
"""


def is_empty() -> bool:
    """Whether nobody made anything in the database; 1 query."""
    return _rows(OBJECTS) == [(0,)]


def heads() -> list[str]:
    """The head of the ledger of each program that has entries; 1 query."""
    return sorted(head for (head,) in _rows(HEADS))


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
