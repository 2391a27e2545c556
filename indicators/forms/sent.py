"""What the page of a report sends back: the text of every box, and what the page had shown in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from indicators.merging import Choice, Edit
from indicators.messages import Complaint
from indicators.rows import BLANK, FIELDS, Typed

NAME = rf"({'|'.join(FIELDS)})-([0-9]+)"
BOX = re.compile(NAME)
MARK = re.compile(rf"{NAME}:([\w?-]{{1,8}})")
KEEP = re.compile(rf"keep-{NAME}")
CHOICE = re.compile(r"(mine|theirs) ([\w-]{8})")
REMARK = re.compile(r"remark-([0-9]+)")
LONGEST_ID = 18  # digits; what is longer is the id of nothing
NOTHING = -1
MOST_MARKS = 10_000  # of one row


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person typed, by series id, and the version of the report that the page had shown."""

    edits: dict[int, Edit] = field(default_factory=dict)
    version: int = NOTHING
    handed: frozenset[str] = frozenset()  # digests of the files that came with it
    anew: frozenset[int] = frozenset()  # rows with a file chosen or removed
    wrong: tuple[Complaint, ...] = ()  # of files that are not taken

    @property
    def touched(self) -> dict[int, Edit]:
        """The rows in which anything differs from what the page had shown."""
        return {key: edit for key, edit in self.edits.items() if edit.touched}

    def over(self, saved: Mapping[int, Typed]) -> dict[int, Typed]:
        """The rows as the person sees them: touched boxes as typed, the others as they stand (`saved`)."""
        return {key: edit.over(saved.get(key, BLANK)) for key, edit in self.touched.items()}


def was_of(rows: Mapping[int, Mapping[str, str]]) -> str:
    """What a page carries along of a row: the ids of its series, and the marks of what it shows in them."""
    marks = (f"{name}-{key}:{mark}" for key, found in rows.items() for name, mark in found.items())
    return " ".join((*map(str, rows), *marks))


def read_sent(post: QueryDict) -> Sent:
    """The boxes, marks, choices and version of a form that was sent; what belongs to none is left out."""
    boxes: dict[int, dict[str, str]] = {}
    choices: dict[int, dict[str, Choice]] = {}
    marks: dict[int, dict[str, str]] = {}
    for name, text in _texts(post):
        if found := BOX.fullmatch(name):
            boxes.setdefault(number_of(found[2]), {})[found[1]] = text.replace("\r\n", "\n")
        elif name.startswith("was-"):
            _read_marks(text, marks)
        elif (kept := KEEP.fullmatch(name)) and (choice := CHOICE.fullmatch(text)):
            chosen = Choice(choice[1] == "mine", choice[2])
            choices.setdefault(number_of(kept[2]), {})[kept[1]] = chosen
    edits = {key: Edit(row, marks.get(key), choices.get(key, {})) for key, row in boxes.items()}
    return Sent(edits, number_of(post.get("version")))


def _read_marks(text: str, marks: dict[int, dict[str, str]]) -> None:
    """Take the marks of one row, by series and box."""
    for part in text.split()[:MOST_MARKS]:
        if found := MARK.fullmatch(part):
            marks.setdefault(number_of(found[2]), {})[found[1]] = found[3]
        elif (key := number_of(part)) != NOTHING:
            marks.setdefault(key, {})


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
