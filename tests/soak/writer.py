"""One writer: the reporter and the manager of a site of which nobody else writes, and their answers."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event, Thread

from tests.soak.browser import Answer, Browser, Form, LostError

OK, FOUND = 200, 302
REST = 0.3  # seconds after a lost answer


class Outcome(StrEnum):
    KEPT = "kept"  # the answer said so
    REFUSED = "refused"  # the answer said that it was not
    LOST = "lost"  # no answer: it may be there or not


@dataclass(slots=True)
class Write:
    """One attempt to change a report."""

    kind: str  # saved, or that of the step: submitted, returned, approved, reopened
    report: int
    values: dict[int, str] = field(default_factory=dict)  # by series, of a save
    digest: str = ""  # of an approval
    outcome: Outcome = Outcome.LOST
    seconds: float = 0.0
    status: int = 0
    location: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator in a report: the series of its whole, and of its parts if it is broken down."""

    whole: int
    parts: tuple[int, ...] = ()

    def values(self, number: int) -> dict[int, str]:
        """By series, a number that nobody typed before, and parts that add up to it."""
        if not self.parts:
            return {self.whole: str(number)}
        first = number // 3
        return {self.whole: str(number)} | dict(
            zip(self.parts, (str(first), str(number - first)), strict=True)
        )


@dataclass(slots=True)
class Desk:
    """What a writer needs: the sessions of two people, and the reports that are theirs, with their rows."""

    reporter: str
    manager: str
    reports: list[int]
    rows: list[Row]


class Writer(Thread):
    """Saves, submits, returns, approves and reopens until it is over, and remembers every answer."""

    def __init__(self, origin: str, desk: Desk, *, seed: str, over: Event) -> None:
        super().__init__(daemon=True)
        self.writes: list[Write] = []
        self._desk, self._over = desk, over
        self._reporter, self._manager = Browser(origin, desk.reporter), Browser(origin, desk.manager)
        self._random = random.Random(seed)  # noqa: S311 - to be repeated
        self._number = 0

    def run(self) -> None:
        """Takes turns; after a lost answer it looks again what there is."""
        while not self._over.is_set():
            try:
                self._turn(self._random.choice(self._desk.reports))
            except LostError:
                self._over.wait(REST)

    def _turn(self, report: int) -> None:
        form = self._reporter.get(f"/reports/{report}/").form("report")
        if form:
            self._type(report, form)
            return
        review = self._manager.get(f"/reports/{report}/review/")
        if decision := review.form("review"):
            self._decide(report, decision)
        elif reopening := review.form("/reopen/"):
            reopening.fields["reason"] = "Counted twice"
            self._step("reopened", report, reopening)

    def _type(self, report: int, form: Form) -> None:
        """Types in some rows, in all where any is blank; then perhaps hands the report in."""
        blank = any(not form.fields.get(f"value-{row.whole}") for row in self._desk.rows)
        if not blank and self._random.random() < 1 / 3:
            self._step("submitted", report, form)
            return
        count = len(self._desk.rows) if blank else self._random.randint(1, 2)
        values: dict[int, str] = {}
        for row in self._random.sample(self._desk.rows, count):
            self._number += 1
            values |= row.values(self._number)
        self._save(report, form, values)

    def _save(self, report: int, form: Form, values: dict[int, str]) -> None:
        write = Write("saved", report, values)
        sent = form.fields | {f"value-{series}": text for series, text in values.items()}
        if self._random.random() < 1 / 2:
            answer = self._send(write, self._reporter, f"/reports/{report}/save/", sent, by_itself=True)
            kept = answer.status == OK and 'id="saved"' in answer.text and "saved--not" not in answer.text
        else:
            answer = self._send(write, self._reporter, f"/reports/{report}/", sent | {"then": "save"})
            kept = answer.status == FOUND and answer.location == f"/reports/{report}/?saved"
        write.outcome = Outcome.KEPT if kept else Outcome.REFUSED

    def _decide(self, report: int, form: Form) -> None:
        if self._random.random() < 1 / 4:
            form.fields["reason"] = "Look at it again"
            self._step("returned", report, form)
        else:
            self._step("approved", report, form, digest=form.fields["digest"])

    def _step(self, kind: str, report: int, form: Form, digest: str = "") -> None:
        path, lands = {
            "submitted": ("submit", f"/reports/{report}/"),
            "returned": ("send-back", "/my-work/"),
            "approved": ("approve", f"/reports/{report}/"),
            "reopened": ("reopen", f"/reports/{report}/"),
        }[kind]
        write = Write(kind, report, digest=digest)
        who = self._reporter if kind == "submitted" else self._manager
        answer = self._send(write, who, f"/reports/{report}/{path}/", form.fields)
        kept = answer.status == FOUND and answer.location == lands
        write.outcome = Outcome.KEPT if kept else Outcome.REFUSED

    def _send(
        self, write: Write, who: Browser, path: str, fields: dict[str, str], *, by_itself: bool = False
    ) -> Answer:
        """The answer to a write, which counts as lost until there is one."""
        self.writes.append(write)
        begun = time.monotonic()
        answer = who.post(path, fields, by_itself=by_itself)
        write.seconds = time.monotonic() - begun
        write.status, write.location = answer.status, answer.location
        return answer
