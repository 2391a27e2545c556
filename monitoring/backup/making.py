"""A backup is made: the database as of one moment, and every evidence file that it names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.utils import timezone

from monitoring.backup import state
from monitoring.backup.archive import DUMP, EVIDENCE, Manifest, Writer, check, is_safe
from monitoring.backup.programs import BackupError, program_for, run, target


@dataclass(slots=True)
class _Moment:
    """The database at the moment of the dump, as the manifest and the files have to fit it."""

    snapshot: str = ""
    migrations: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)


def make_backup(path: Path) -> Manifest:
    """Writes the backup under a temporary name first, closed to others; what it says of itself, read back."""
    if path.exists():
        raise BackupError(f"{path} is there already. Backups are never written over: give another name.")
    if not path.parent.is_dir():
        raise BackupError(f"The folder {path.parent} is not there.")
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        draft, dump = Path(folder) / "draft", Path(folder) / DUMP
        moment, server = _dump(dump)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, dump, moment, server)
            file.flush()
            os.fsync(file.fileno())
        manifest = check(draft)
        draft.rename(path)
    _keep_name(path.parent)
    return manifest


def _dump(path: Path) -> tuple[_Moment, int]:
    """Dumps the database, and reads what the manifest says of it in the very snapshot that is dumped."""
    told = target()
    program = program_for("pg_dump", told.server)
    with _one_moment() as moment:
        snapshot = ["--snapshot", moment.snapshot]
        run(program, ["--format=custom", "--file", str(path), *snapshot], told.environment)
    return moment, told.server


@contextmanager
def _one_moment() -> Iterator[_Moment]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT to_regclass('indicators_entry') IS NOT NULL, pg_export_snapshot()")
            is_ours, snapshot = cursor.fetchone() or (False, "")
        if not is_ours:
            raise BackupError("There is no Rendir in this database yet: nothing to back up.")
        yield _Moment(snapshot, state.migrations(), state.heads(), state.evidence_files())


def _write(file: IO[bytes], dump: Path, moment: _Moment, server: int) -> None:
    writer = Writer(file)
    writer.add(DUMP, dump)
    lost = [stored for stored, sha256 in moment.files if not _add(writer, stored, sha256)]
    made_at = timezone.now().isoformat(timespec="seconds")
    writer.finish(Manifest(made_at, server, moment.migrations, moment.heads, lost))


def _add(writer: Writer, stored: str, sha256: str) -> bool:
    """Adds an evidence file; False when it is not there, or is not what its digest says."""
    source = state.evidence_folder() / stored
    try:
        with source.open("rb") as file:
            is_it = is_safe(stored) and file_digest(file, "sha256").hexdigest() == sha256
        if is_it:
            writer.add(f"{EVIDENCE}{stored}", source)
    except FileNotFoundError:
        return False
    return is_it


def _keep_name(folder: Path) -> None:
    """Makes sure that the name of a new file outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
