"""PostgreSQL's own pg_dump and pg_restore: which of them fit a server, and how they reach its database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection

from monitoring.database.place import NoPlaceError, bundled_programs

DEBIAN = Path("/usr/lib/postgresql")  # each version has a folder there


class BackupError(Exception):
    """Something is in the way of a backup or a restore; the message is for whoever runs it."""


@dataclass(frozen=True, slots=True)
class Target:
    """The configured database, as PostgreSQL's programs are told of it."""

    server: int  # its major version
    name: str
    environment: dict[str, str]  # a password is never on a command line, which all users may read


def target() -> Target:
    """The database that Django is connected to."""
    connection.ensure_connection()
    info = connection.connection.info
    told = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": info.dbname}
    options = {
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY",
    }
    given = info.get_parameters()
    told |= {variable: given[name] for name, variable in options.items() if name in given}
    if info.password:
        told["PGPASSWORD"] = info.password
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return Target(info.server_version // 10_000, info.dbname, inherited | told)


def program_for(name: str, server: int) -> Path:
    """The program of the server's own version, else the next newer one; BackupError where there is none."""
    found = {version: path for path in reversed(list(_candidates(name))) if (version := major_of(path))}
    fitting = [version for version in sorted(found) if version >= server]
    if fitting:
        return found[fitting[0]]
    older = f" (found: {', '.join(map(str, sorted(found)))})" if found else ""
    raise BackupError(
        f"No {name} of version {server} or newer is here{older}, and an older one does not understand this "
        f"server. Install the client programs of PostgreSQL {server} (on Debian: postgresql-client-{server})."
    )


def _candidates(name: str) -> Iterator[Path]:
    """Where the program may be: on the PATH, where Debian puts it, in the wheel."""
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))
    try:
        yield bundled_programs() / "bin" / name
    except NoPlaceError:
        return


@cache
def major_of(program: Path) -> int:
    """The major version that a program says it has; 0 when it can't be run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - found above
    except (OSError, subprocess.CalledProcessError):
        return 0
    said = re.search(r"\) (\d+)", done.stdout)
    return int(said[1]) if said else 0


def run(program: Path, arguments: list[str], environment: dict[str, str] | None = None) -> str:
    """What the program wrote; BackupError with its own words when it failed."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's programs, our own arguments
        [program, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program.name} failed: {done.stderr.strip()}")
    return done.stdout
