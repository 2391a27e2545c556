"""The key of a local installation."""

from __future__ import annotations

from pathlib import Path

from monitoring.secret import _write_once, kept_secret


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
