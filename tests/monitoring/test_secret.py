"""The key of a local installation."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from binascii import hexlify
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from monitoring.secret import _write_once, is_guessable, kept_secret


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret-key"

    first = kept_secret(path)

    assert len(first) >= 50
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_of_two_makers_the_first_wins(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    _write_once(path, "first")
    _write_once(path, "second")

    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "key",
    [
        "", "short", "x" * 60, "0123456789" * 5, "ab" * 40, secrets.token_hex(20) * 2,
        f"django-insecure-{secrets.token_urlsafe(50)}", f"ChangeMe-{secrets.token_urlsafe(50)}",
        "your-secret-key-of-at-least-fifty-random-characters-here",
    ],
    ids=range(9),  # the keys differ from process to process
)  # fmt: skip
def test_a_key_that_was_not_drawn_at_random_is_guessable(key: str) -> None:
    assert is_guessable(key)


@pytest.mark.parametrize("written", [urlsafe_b64encode, hexlify])
def test_a_key_that_was_drawn_is_not(written: Callable[[bytes], bytes]) -> None:
    """The same keys in every run: of a million, one happens to hold a word of the samples."""
    drawn = (Random(number).randbytes(48) for number in range(100))  # noqa: S311 - keys of no site
    assert not any(is_guessable(written(key).decode()) for key in drawn)
