"""The rights of the application's own role in PostgreSQL: it owns nothing, and can only add to the ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pghistory.models
from django.apps import apps
from django.db import connection

READ = "SELECT"
ADD = "SELECT, INSERT"
KEEP = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
# what needs less, or other, than all; tables that are only ever added to are found by their triggers
RIGHTS = {
    "django_migrations": READ,
    "django_content_type": READ,
    "auth_permission": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
    "django_admin_log": ADD,
    "indicators_report": KEEP,
    "indicators_result": KEEP,
    "pghistory_context": f"{ADD}, UPDATE (metadata, updated_at)",  # a request may change several definitions
}
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN
        CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = {text}
            AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
    ) OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = {text})
        OR EXISTS (SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = {text})
    THEN
        RAISE EXCEPTION '% may more than a role of the application should, or owns something', {text};
    END IF;
END $$"""
# Functions look for tables where they were made for, and no session switches the history of definitions off.
FIXED = """
DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', f);
    END LOOP;
END $$"""
# (not by a setting of the function, which nobody but a superuser could restore from a backup)
ALWAYS = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS 'SELECT false'"""
TABLES = """
SELECT c.relname, EXISTS (
    SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgname LIKE '%\\_no\\_change'
)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
CALLED = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
"""


def statements(role: str) -> Iterator[str]:
    """What a superuser, or an owner with CREATEROLE, runs after each migration; again changes nothing.

    Reads the tables and functions from the database; 2 queries.
    """
    name, database = _quoted(role), _quoted(str(connection.settings_dict["NAME"]))
    yield ROLE.format(name=name, text=_text(role)).strip()
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {name}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    for kind in (
        "TABLES",
        "SEQUENCES",
        "FUNCTIONS",
    ):
        # no right to sequences is given back: numbers come from identity columns
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM PUBLIC, {name}"
    yield FIXED.strip()
    yield ALWAYS.strip()
    for function in _called():
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {name}"
    for table, rights in table_rights().items():
        yield f"GRANT {rights} ON public.{_quoted(table)} TO {name}"


def table_rights() -> dict[str, str]:
    """What the application's role may do with each table; 1 query."""
    history = {
        model._meta.db_table for model in apps.get_models() if issubclass(model, pghistory.models.Event)
    }
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = cursor.fetchall()
    return {
        table: ADD if only_added_to or table in history else RIGHTS.get(table, ALL)
        for table, only_added_to in found
    }


def _called() -> list[str]:
    """The functions that triggers call in the name of whoever changes a row; 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(CALLED)
        return [function for (function,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
