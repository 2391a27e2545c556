"""The secret key: of a local installation, made once and kept; of a production site, weighed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SHORTEST = 50
FEWEST_SIGNS = 12  # different ones: 50 random hexadecimal digits have at least these
SAMPLES = (
    "django-insecure",
    "changeme",
    "change-me",
    "change_me",
    "example",
    "secret-key",
    "secret_key",
    "your-",
)


def is_guessable(key: str) -> bool:
    """Whether a key is none that was drawn at random: too short, of few signs, repeated, or from a sample."""
    repeats = key in (key + key)[1:-1]
    sample = any(word in key.lower() for word in SAMPLES)
    return len(key) < SHORTEST or len(set(key)) < FEWEST_SIGNS or repeats or sample


def kept_secret(path: Path) -> str:
    """The secret in this file, which is made, readable by its owner only, when it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text()


def _write_once(path: Path, text: str) -> None:
    """Puts the text in place whole; of two processes that try at once, the first wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
