"""The table of threats names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "threats.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)


def test_every_threat_names_a_test() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| threat")]
    assert len(rows) > 50
    assert [row for row in rows if "::" not in row.split("|")[3]] == []


@pytest.mark.parametrize(("file", "test"), NAMED, ids=str)
def test_what_is_named_is_there(file: str, test: str) -> None:
    assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")
