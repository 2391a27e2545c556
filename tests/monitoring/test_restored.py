"""The chain goes through a dump and its restore unchanged, with the server's own programs."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from indicators.chain import verify_chains
from indicators.ledger import head_of
from monitoring.backup.programs import program_for, target
from tests.indicators.stage import insert_entry, make_stage, sql


@contextmanager
def empty_database() -> Iterator[None]:
    """Inside, Django is connected to another database of this server, with nothing in it."""
    name = connection.settings_dict["NAME"]
    connection.close()
    sql(f'DROP DATABASE IF EXISTS "{name}_restored"')
    sql(f'CREATE DATABASE "{name}_restored" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = f"{name}_restored"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        sql(f'DROP DATABASE "{name}_restored"')


def run(name: str, *options: str) -> None:
    told = target()
    command = [str(program_for(name, told.server)), "--no-owner", "--no-privileges", *options]
    subprocess.run(command, env=told.environment, check=True, capture_output=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["custom", "plain"])
def test_the_chain_goes_through_dump_and_restore(tmp_path: Path, form: str) -> None:
    stage = make_stage(counted=False)
    stage.approve("12.50")
    insert_entry(stage, explanation="Huánuco \\ “quoted”\t€ 😀\n'' $$ \\N")
    head, dump = head_of(stage.program), str(tmp_path / "dump")
    run("pg_dump", "--format", form, "--file", dump)
    with empty_database():
        if form == "plain":
            restore_plain(dump)
        else:
            run("pg_restore", "--dbname", str(connection.settings_dict["NAME"]), "--exit-on-error", dump)
        [chain] = verify_chains()
        assert (chain.fault, chain.head) == (None, head)
        insert_entry(stage, kind="baseline")  # and goes on
        [longer] = verify_chains()
        assert (longer.fault, longer.count) == (None, 3)


def restore_plain(dump: str) -> None:
    told = target()
    psql = str(program_for("psql", told.server))
    command = [psql, "--quiet", "--set", "ON_ERROR_STOP=1", "--file", dump]
    subprocess.run(command, env=told.environment, check=True, capture_output=True)
