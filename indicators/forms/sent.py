"""What the page of a report sends back: the text of every box, and what the page had shown in each row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from indicators.rows import FIELDS, Typed

BOX = re.compile(rf"({'|'.join(FIELDS)})-([0-9]+)")
REMARK = re.compile(r"remark-([0-9]+)")
LONGEST_ID = 18  # digits; what is longer is the id of nothing
NOTHING = -1


def mark_of(rows: Iterable[Typed]) -> str:
    """A short mark of the text of some boxes: two marks are the same when the texts are."""
    texts = (getattr(row, name) for row in rows for name in FIELDS)
    return hashlib.blake2s("\x1f".join(texts).encode(errors="replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as a page had it: the ids of its series, and the mark of what was saved in them."""

    series: tuple[int, ...]
    mark: str

    def __str__(self) -> str:
        return " ".join((self.mark, *map(str, self.series)))

    def is_of(self, saved: Mapping[int, Typed]) -> bool:
        """True when these texts are those that the page had shown."""
        return all(key in saved for key in self.series) and self.mark == mark_of(
            saved[key] for key in self.series
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person typed, by series id, and the rows as the page had shown them, by their first series."""

    typed: dict[int, Typed] = field(default_factory=dict)
    shown: dict[int, Shown] = field(default_factory=dict)
    version: int = NOTHING

    @property
    def touched(self) -> dict[int, Typed]:
        """What was typed in the rows that differ from what the page had shown."""
        left = {key for row in self.shown.values() if row.is_of(self.typed) for key in row.series}
        return {key: row for key, row in self.typed.items() if key not in left}

    def found(self, saved: Mapping[int, Typed]) -> dict[int, Typed]:
        """What stands in the rows now, from what stands (`saved`) where it differs from what was typed."""
        return {**self.typed, **saved}

    def nobody_else_touched(self, saved: Mapping[int, Typed]) -> bool:
        """Whether every touched row still stands as the page had shown it."""
        found, touched = self.found(saved), set(self.touched)
        rows = [row for row in self.shown.values() if touched.intersection(row.series)]
        return touched <= {key for row in rows for key in row.series} and all(
            row.is_of(found) for row in rows
        )


def read_sent(post: QueryDict) -> Sent:
    """The boxes, rows and version of a form that was sent; what belongs to none of them is left out."""
    boxes: dict[int, dict[str, str]] = {}
    shown: dict[int, Shown] = {}
    for name, text in _texts(post):
        if found := BOX.fullmatch(name):
            boxes.setdefault(number_of(found[2]), {})[found[1]] = text.replace("\r\n", "\n")
        elif name.startswith("was-"):
            mark, *series = text.split()[:1000] or [""]
            keys = tuple(number_of(key) for key in series)
            if keys:
                shown[keys[0]] = Shown(keys, mark)
    return Sent({key: Typed(**row) for key, row in boxes.items()}, shown, number_of(post.get("version")))


def read_remarks(post: QueryDict) -> dict[int, str]:
    """The remarks of a form that was sent, by series id."""
    found = ((REMARK.fullmatch(name), text) for name, text in _texts(post))
    return {number_of(name[1]): text.replace("\r\n", "\n") for name, text in found if name}


def _texts(post: QueryDict) -> Iterable[tuple[str, str]]:
    """Each name with the last text that was sent for it."""
    return ((name, str(text)) for name, text in post.items())


def number_of(text: str | None) -> int:
    """A whole number that a form carries along, or one that is no id and no version."""
    if text is None or len(text) > LONGEST_ID or not (text.isascii() and text.isdigit()):
        return NOTHING
    return int(text)
