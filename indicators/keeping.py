"""Where the files that are evidence lie: below settings.EVIDENCE_DIR, under random names, for us alone."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

DAY = 86_400  # seconds
NEW = ".new"  # what a file is called until it is whole


def put(content: bytes) -> str:
    """Keep a file, on the disk before this returns; where it lies below EVIDENCE_DIR, like ab/abcdef12."""
    name = secrets.token_hex(16)
    stored = f"{name[:2]}/{name}"
    path = path_of(stored)
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(NEW)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    for folder in (path.parent, path.parent.parent):
        _sync(folder)
    return stored


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(stored: str) -> Path:
    """Where a kept file lies."""
    return Path(settings.EVIDENCE_DIR) / stored


def content_of(stored: str, sha256: str) -> bytes | None:
    """The content of a kept file, None when it is gone or is not what was handed in."""
    try:
        content = path_of(stored).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def discard(stored: str) -> None:
    """Remove a file that no row names."""
    path_of(stored).unlink(missing_ok=True)


def orphans(known: Iterable[str], *, older_than: float = DAY) -> Iterator[str]:
    """The kept files, whole or not, that are not among the known ones and older than so many seconds."""
    names, folder = set(known), Path(settings.EVIDENCE_DIR)
    oldest = time.time() - older_than
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        stored = f"{path.parent.name}/{path.name}"
        if stored not in names and path.stat().st_mtime < oldest:
            yield stored
