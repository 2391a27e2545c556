"""Two people on one draft: what each of them changed is brought together, box by box. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from indicators.rows import BLANK, FIELDS, Typed

UNKNOWN = "?"  # the mark of a text that the page had not shown


def mark_of(text: str) -> str:
    """A short mark of a text: two marks are the same when the texts are."""
    digest = hashlib.blake2s(text.encode(errors="replace"), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode()


def marks_of(row: Typed) -> dict[str, str]:
    """The marks of the boxes of a row that are not blank."""
    texts = {name: getattr(row, name) for name in FIELDS}
    return {name: mark_of(text) for name, text in texts.items() if text != getattr(BLANK, name)}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of two texts a person chose, and the mark of the other person's text that was shown."""

    mine: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A row as it is to stand, and the boxes in which two people typed different texts."""

    row: Typed
    conflicts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edit:
    """One row as a page sent it: the texts of its boxes, and the marks of what it had shown in them.

    A box that is missing is blank, or as it was shown where that is known. `marks` None: nothing is known
    of what the page had shown.
    """

    texts: Mapping[str, str]
    marks: Mapping[str, str] | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def typed(self) -> Typed:
        """The texts that were sent, the rest blank."""
        return Typed(**self.texts)

    @property
    def touched(self) -> frozenset[str]:
        """The boxes whose text differs from what the page had shown, or for which a choice was made."""
        if self.marks is None:
            return frozenset(FIELDS)
        changed = {name for name, text in self.texts.items() if mark_of(text) != self.shown(name)}
        return frozenset(changed | set(self.choices))

    def shown(self, name: str) -> str:
        """The mark of what the page had shown in a box."""
        if self.marks is None:
            return UNKNOWN
        return self.marks.get(name) or mark_of(getattr(BLANK, name))

    def over(self, stands: Typed) -> Typed:
        """What the person sees: the boxes touched as typed, the others as they stand."""
        typed = self.typed
        return replace(stands, **{name: getattr(typed, name) for name in self.touched if self._has(name)})

    def onto(self, stands: Typed, *, unseen: bool) -> Merged:
        """The row with what both changed; `unseen`: somebody saved the report after it was shown."""
        mine = self.over(stands)
        apart = {name for name in self.touched if getattr(mine, name) != getattr(stands, name)}
        conflicts = frozenset(name for name in apart if self._is_open(name, stands, unseen=unseen))
        theirs = {name for name in apart - conflicts if self._gives_way(name, stands)}
        return Merged(
            replace(stands, **{name: getattr(mine, name) for name in apart - conflicts - theirs}), conflicts
        )

    def _has(self, name: str) -> bool:
        return self.marks is None or name in self.texts

    def _is_open(self, name: str, stands: Typed, *, unseen: bool) -> bool:
        """Whether somebody else typed in the box too, and nobody chose between the two texts."""
        now, choice = mark_of(getattr(stands, name)), self.choices.get(name)
        if choice is not None and choice.mark == now:
            return False
        return unseen if self.marks is None else self.shown(name) != now

    def _gives_way(self, name: str, stands: Typed) -> bool:
        choice = self.choices.get(name)
        return choice is not None and not choice.mine and choice.mark == mark_of(getattr(stands, name))


def marks_kept(edit: Edit, stands: Typed) -> dict[str, str]:
    """The marks of a row after it was saved: old ones where the page has another text than what stands."""
    left = {name for name, text in edit.texts.items() if text != getattr(stands, name)}
    return marks_of(stands) | {name: edit.shown(name) for name in left}


def marks_left(edit: Edit, stands: Typed, conflicts: Iterable[str]) -> dict[str, str]:
    """The marks of a row that was not saved: old ones where it is still to be, else of what stands."""
    left = edit.touched if edit.marks is not None else conflicts
    return marks_of(stands) | {name: edit.shown(name) for name in left}
