"""The application's role in the test database, and ways to be it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Role:
    """A role that was made by the SQL that the command prints."""

    name: str
    password: str

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of its own, signed in with its password."""
        return psycopg.connect(**_address(), user=self.name, password=self.password)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Inside, Django itself is connected as the role."""
        settings = connection.settings_dict
        owner = {name: settings[name] for name in ("USER", "PASSWORD")}
        connection.close()
        settings.update(USER=self.name, PASSWORD=self.password)
        try:
            yield
        finally:
            connection.close()
            settings.update(owner)


@contextmanager
def application_role() -> Iterator[Role]:
    """The role, made in the test database for as long as it is needed."""
    role = Role(f"rendir_app_{secrets.token_hex(4)}", secrets.token_hex(16))
    out = io.StringIO()
    call_command("application_role", "--name", role.name, stdout=out)
    name = sql.Identifier(role.name)
    with superuser() as keeper:
        keeper.execute(out.getvalue())
        keeper.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, role.password))
        try:
            yield role
        finally:
            keeper.execute(sql.SQL("DROP OWNED BY {}").format(name))
            keeper.execute(sql.SQL("DROP ROLE {}").format(name))


def superuser() -> psycopg.Connection[Any]:
    """Who may make roles: whoever runs the tests, or the superuser of the embedded server."""
    settings = connection.settings_dict
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may,) = cursor.fetchone() or (False,)
    user = settings["USER"] if may else "postgres"
    return psycopg.connect(**_address(), user=user, password=settings["PASSWORD"] or None, autocommit=True)


def _address() -> dict[str, Any]:
    settings = connection.settings_dict
    found = {"host": settings["HOST"], "port": settings["PORT"], "dbname": settings["NAME"]}
    return {name: value for name, value in found.items() if value}
