"""What is asked of the embedded server and made in it, as its superuser, over its socket's folder."""

from __future__ import annotations

from typing import Any

import psycopg

SUPERUSER = "postgres"
NAME = "rendir"  # of the database and of its owner


def answers(folder: str) -> bool:
    """Whether a server takes connections there."""
    try:
        with _connect(folder):
            return True
    except psycopg.OperationalError:
        return False


def connections(folder: str) -> int:
    """How many others are connected; one query."""
    with _connect(folder) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    return int(row[0]) if row else 0


def make_database(folder: str) -> None:
    """The database and its owner, who is no superuser; nothing where they are there."""
    with _connect(folder) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


def _connect(folder: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(host=folder, user=SUPERUSER, dbname="postgres", autocommit=True)
