"""The file of a backup: a tar of its parts and a manifest with the SHA-256 of each, then the whole's."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from monitoring.backup.programs import BackupError

FORMAT = "rendir-backup 1"
DUMP = "database.dump"
MANIFEST = "manifest.json"
EVIDENCE = "evidence/"
CHUNK = 1 << 20
END = re.compile(rb"\nrendir-backup sha256 ([0-9a-f]{64})\n")
END_LENGTH = len("\nrendir-backup sha256 ") + 64 + 1
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # of each step of a path: nothing hidden, nothing upwards


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a backup: its name in the tar, its length in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    server: int  # the major version of PostgreSQL
    migrations: list[str]  # that the database had
    heads: list[str]  # of the ledger, as CODE/COUNT/HASH
    lost: list[str]  # evidence that was not there, or not what its digest says
    parts: list[Part] = field(default_factory=list)


class Writer:
    """A backup being written to a file that is open; `finish` makes it whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._hashed = _Hashed(file)
        self._tar = tarfile.open(fileobj=cast(IO[bytes], self._hashed), mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by finish
        self._parts: list[Part] = []

    def add(self, name: str, source: Path) -> None:
        """Adds a file, hashed as it is read."""
        with source.open("rb") as opened:
            size = source.stat().st_size
            reader = _Hashed(opened)
            self._tar.addfile(_member(name, size), cast(IO[bytes], reader))
        self._parts.append(Part(name, size, reader.digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Adds the manifest, with the parts that were added, and the hash of all that was written."""
        said = {"format": FORMAT, **asdict(manifest), "parts": [asdict(part) for part in self._parts]}
        text = json.dumps(said, indent=1).encode()
        self._tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
        self._tar.close()
        self._hashed.file.write(b"\nrendir-backup sha256 %s\n" % self._hashed.digest.hexdigest().encode())


class _Hashed:
    """A file whose bytes are hashed as they pass."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.file.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def check(path: Path) -> Manifest:
    """What a backup says of itself, after every byte of it was checked; BackupError for any that is wrong."""
    with _opened(path) as file:
        return check_file(file)


def check_file(file: IO[bytes]) -> Manifest:
    """The same of a file that is open."""
    _check_whole(file)
    try:
        return _checked_parts(file)
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
        raise BackupError(f"This is not a backup of Rendir that can be read: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror}.") from error
    with file:
        yield file


def _check_whole(file: IO[bytes]) -> None:
    length = file.seek(0, io.SEEK_END) - END_LENGTH
    file.seek(max(length, 0))
    end = END.fullmatch(file.read())
    if not end:
        raise BackupError("This is not a whole backup of Rendir: its end is missing.")
    file.seek(0)
    digest = hashlib.sha256()
    while length:
        data = file.read(min(CHUNK, length))
        if not data:
            break
        digest.update(data)
        length -= len(data)
    if digest.hexdigest().encode() != end[1]:
        raise BackupError("This backup is damaged: it does not have the SHA-256 that it was written with.")


def _checked_parts(file: IO[bytes]) -> Manifest:
    """Reads all of the tar: each part has to be named in the manifest, with its length and hash."""
    file.seek(0)
    found: list[Part] = []
    text = b""
    with tarfile.open(fileobj=file, mode="r:") as tar:
        for member in tar:
            content = _content(tar, member)
            if member.name == MANIFEST:
                text = content.read()
            else:
                _check_name(member.name)
                found.append(
                    Part(member.name, member.size, hashlib.file_digest(content, "sha256").hexdigest())
                )
    manifest = _read_manifest(json.loads(text))
    if (
        found != manifest.parts
        or [part.name for part in found].count(DUMP) != 1
        or len({it.name for it in found}) != len(found)
    ):
        raise BackupError("This backup is damaged: its parts are not those that its manifest names.")
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> io.BufferedReader:
    content = tar.extractfile(member) if member.isreg() else None
    if not isinstance(content, io.BufferedReader):
        raise BackupError(f"This is not a backup of Rendir: {member.name!r} in it is no file.")
    return content


def _check_name(name: str) -> None:
    """Refused unless it is the dump or a path below the evidence that goes nowhere else."""
    below = name.removeprefix(EVIDENCE)
    is_evidence = name.startswith(EVIDENCE) and all(NAME.fullmatch(step) for step in below.split("/"))
    if name != DUMP and not is_evidence:
        raise BackupError(f"This is not a backup of Rendir: {name!r} has no place in it.")


def is_safe(stored: str) -> bool:
    """Whether a stored path can be put back where it was."""
    return all(NAME.fullmatch(step) for step in stored.split("/"))


def _read_manifest(said: dict[str, Any]) -> Manifest:
    if said["format"] != FORMAT:
        raise BackupError(
            f"This backup has another format ({said['format']}): restore it with the version that made it."
        )
    return Manifest(
        made_at=str(said["made_at"]),
        server=int(said["server"]),
        migrations=[str(it) for it in said["migrations"]],
        heads=[str(it) for it in said["heads"]],
        lost=[str(it) for it in said["lost"]],
        parts=[Part(**it) for it in said["parts"]],
    )


def extract(path: Path, manifest: Manifest, folder: Path) -> None:
    """The parts of a backup that was checked, as files in a folder, closed to others, and hashed again."""
    expected = {part.name: part.sha256 for part in manifest.parts}
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        for member in tar:
            if member.name != MANIFEST and _copied(
                _content(tar, member), folder, member.name
            ) != expected.get(member.name):
                raise BackupError("The file was changed while it was read. Nothing was restored.")


def _copied(content: IO[bytes], folder: Path, name: str) -> str:
    """The SHA-256 of what was written to the file of this name in the folder."""
    _check_name(name)
    target = folder / PurePosixPath(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader = _Hashed(content)
    with target.open("xb") as copy:
        target.chmod(0o600)
        while data := reader.read(CHUNK):
            copy.write(data)
        os.fsync(copy.fileno())
    return reader.digest.hexdigest()
