"""A backup is restored, whole or not at all, into a database that is empty."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from monitoring.backup import state
from monitoring.backup.archive import DUMP, EVIDENCE, Manifest, check, extract
from monitoring.backup.programs import BackupError, Target, program_for, run, target


def restore_backup(path: Path) -> Manifest:
    """Puts the database and the evidence files of a backup in place; BackupError, and nothing was changed.

    All is checked and laid ready before; the database is restored in one transaction.
    """
    manifest = check(path)
    _check_known(manifest)
    told = target()
    _check_fits(manifest, told)
    with _laid_ready(path, manifest) as ready:
        _restore_database(ready / DUMP, told)
        _place(ready / EVIDENCE)
    return manifest


def is_older(manifest: Manifest) -> bool:
    """Whether a backup is of an older Rendir, so that its tables have to be brought up to date."""
    return bool(_known() - set(manifest.migrations))


def _known() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _check_known(manifest: Manifest) -> None:
    """Refused for a backup of a newer Rendir, whose tables this one does not know."""
    known = _known()
    apps = {name.partition(".")[0] for name in known}
    unknown = [it for it in manifest.migrations if it not in known and it.partition(".")[0] in apps]
    if unknown:
        raise BackupError(
            f"This backup was made by a newer version of Rendir ({unknown[-1]}). Restore it with that one."
        )


def _check_fits(manifest: Manifest, told: Target) -> None:
    if told.server < manifest.server:
        raise BackupError(
            f"This backup is of PostgreSQL {manifest.server}; the server here is older ({told.server})."
        )
    if not state.is_empty():
        raise BackupError(
            f"The database {told.name} is not empty. A backup is only restored into an empty one: make a new "
            "database and name it in DATABASE_URL (for the embedded server, another folder in RENDIR_DATA)."
        )


@contextmanager
def _laid_ready(path: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder beside the evidence with all parts in it, gone afterwards; what is there stays."""
    _check_no_others(manifest)
    evidence = state.evidence_folder()
    evidence.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=evidence))
    try:
        extract(path, manifest, folder)
        yield folder
    finally:
        shutil.rmtree(folder)


def _check_no_others(manifest: Manifest) -> None:
    """Refused where another evidence file has the place of one of the backup."""
    for part in manifest.parts:
        place = state.evidence_folder() / part.name.removeprefix(EVIDENCE)
        if part.name != DUMP and place.exists():
            with place.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != part.sha256:
                    raise BackupError(f"{place} is there already, and is another file.")


def _restore_database(dump: Path, told: Target) -> None:
    """Restores the whole dump: data first and triggers after it, so the ledger is not chained anew."""
    program = program_for("pg_restore", told.server)
    run(program, ["--list", str(dump)])  # a dump that this program can't read is refused here
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    run(program, [*options, "--dbname", told.name, str(dump)], told.environment)


def _place(ready: Path) -> None:
    """Moves the evidence files to where they belong."""
    for source in sorted(ready.rglob("*")):
        if source.is_file():
            place = state.evidence_folder() / source.relative_to(ready)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            source.replace(place)
    os.sync()  # of the folders too
