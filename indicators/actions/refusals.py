"""How an action says no. Whatever is raised, nothing was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied

from indicators.messages import Complaint
from indicators.rows import Typed


class NotAllowed(PermissionDenied):
    """This person may see the thing, but not do this to it."""


class Refused(Exception):
    """The state or the data does not allow it; each complaint says where and why."""

    def __init__(self, *complaints: Complaint | str | Iterable[Complaint]) -> None:
        said: list[Complaint] = []
        for one in complaints:
            if isinstance(one, str):
                said.append(Complaint(one))
            elif isinstance(one, Complaint):
                said.append(one)
            else:
                said.extend(one)
        self.complaints = tuple(said)
        super().__init__("; ".join(complaint.message for complaint in said))


class Changed(Refused):
    """Somebody else changed it since the page was opened; `saved` is what stands in the rows that differ.

    `conflicts` are the boxes of each such row in which both typed.
    """

    def __init__(
        self,
        message: str,
        saved: Mapping[int, Typed] | None = None,
        by: str = "",
        conflicts: Mapping[int, frozenset[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.saved = dict(saved or {})
        self.by = by
        self.conflicts = dict(conflicts or {})
