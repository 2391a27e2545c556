"""The key of a local installation."""

from __future__ import annotations

import secrets
from pathlib import Path

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


@pytest.mark.parametrize("draw", [secrets.token_urlsafe, secrets.token_hex])
def test_a_key_that_was_drawn_is_not(draw: object) -> None:
    assert not any(is_guessable(draw(48)) for _ in range(100))  # type: ignore[operator]  # one of the two
