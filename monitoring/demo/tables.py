"""Reads the tables of the portfolio's data folder."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "portfolio_data"
ILLUSTRATIVE = FOLDER / "illustrative"

Line = dict[str, str]


def read_table(name: str) -> list[Line]:
    """The lines of a table, each by the names of its columns."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_by(name: str, column: str) -> dict[str, Line]:
    """The lines of a table by the value of one column, which is unique in it."""
    return {line[column]: line for line in read_table(name)}


def read_sheets() -> list[dict[str, Any]]:
    """The illustrative programs as their sheets describe them, in the order of their files."""
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(ILLUSTRATIVE.glob("*.toml"))]
