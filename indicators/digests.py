"""SHA-256 digests of what was submitted and of evidence. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

Content = tuple[str | Decimal | None, ...]


def digest_of(rows: Iterable[Content]) -> str:
    """The digest of a report's rows, whatever their order: hex of 64 digits."""
    lines = (
        json.dumps([None if cell is None else str(cell) for cell in row], ensure_ascii=False) for row in rows
    )
    return _sha256("\n".join(sorted(lines)))


def digest_of_evidence(kind: str, text: str, published: str) -> str:
    """The digest by which evidence is known: of a link or a citation, or the file's own; hex of 64 digits."""
    if kind == "file":
        return text
    return _sha256(json.dumps([kind, text, published], ensure_ascii=False))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
