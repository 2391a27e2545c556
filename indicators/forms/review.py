"""The rows of a report as its reviewer (or reader) sees them: what is said, and what to judge it by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from indicators.formatting import percent
from indicators.forms import wording
from indicators.judging import Status
from indicators.models import Evidence, Step, StepKind
from indicators.sheets import IndicatorRow, Line, Sheet
from indicators.values import Direction, Meaning
from indicators.words import STEPS

# from what most calls for a look to what does not
WORST = (
    Status.BEHIND,
    Status.LATE,
    Status.INCOMPLETE,
    Status.EXCEEDED,
    Status.NEAR,
    Status.NO_TARGET,
    Status.RUNNING,
    Status.MET,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Evidence as its fragment shows it."""

    kind: str
    text: str
    published: str


@dataclass(slots=True)
class ReadRow:
    """One indicator as it was reported."""

    pk: int
    name: str
    unit: str
    objective: str
    decreases: bool
    value: SafeString
    in_force: SafeString  # where the ledger says another thing of the period
    typed: str  # what could not be read
    last: SafeString
    year_before: SafeString
    target: SafeString
    state: SafeString
    achievement: str
    address: str  # where its figure is found once it is approved, "" without one
    flags: list[str]
    explanation: str
    evidence: Source | Evidence | None
    parts: list[tuple[str, list[tuple[str, SafeString, str]]]]  # with the address of each
    remark: str = ""
    typed_remark: str = ""
    said: list[str] = field(default_factory=list)


def worst_first(sheet: Sheet) -> list[IndicatorRow]:
    """The rows, what most calls for a look on top; else in the order of the page."""
    return sorted(sheet.rows, key=_calm)


def _calm(row: IndicatorRow) -> tuple[bool, int, int]:
    status = row.score.judgement.status
    rank = WORST.index(status) if status in WORST else len(WORST)
    return not row.complaints, rank, -len(row.flags)


def read_row(
    row: IndicatorRow,
    remarks: Mapping[int, str] | None = None,
    said: Mapping[int, list[str]] | None = None,
) -> ReadRow:
    """One row of a sheet for reading; `remarks` are being typed (by series id), `said` is wrong there."""
    meaning, line = row.indicator.meaning, row.line
    return ReadRow(
        pk=line.series.pk,
        name=row.indicator.name_html,
        unit=row.indicator.shown_unit,
        objective=row.indicator.objective.shown_name,
        decreases=meaning.direction is Direction.DECREASE,
        value=_value(line, meaning),
        in_force=wording.in_force_html(row),
        typed=_unread(line),
        last=wording.last_html(row),
        year_before=wording.year_before_html(row),
        target=wording.aim_html(row),
        state=wording.judged_html(row.score.judgement) if line.is_filled else wording.EMPTY,
        achievement=percent(row.score.judgement.achievement) if line.is_filled else "",
        address=wording.whence(row) if line.figure else "",
        flags=[wording.flag_words(flagged, row) for flagged in row.flags],
        explanation=line.typed.explanation.strip(),
        evidence=_source(line),
        parts=[(part.name, [_part(row, one) for one in part.lines]) for part in row.breakdowns],
        remark=row.remark,
        typed_remark=(remarks or {}).get(line.series.pk, ""),
        said=(said or {}).get(line.series.pk, []),
    )


def _part(row: IndicatorRow, line: Line) -> tuple[str, SafeString, str]:
    """A category's name, its value and the address of that."""
    category = line.series.category
    name = category.name_html if category else ""
    address = wording.whence(row, category=category) if line.figure else ""
    return name, _value(line, row.indicator.meaning), address


def _value(line: Line, meaning: Meaning) -> SafeString:
    figure = line.figure
    if figure is not None and figure.numerator is not None and figure.absence is None:
        return wording.ratio_html(figure, meaning)
    return wording.value_html(figure, meaning)


def _unread(line: Line) -> str:
    """What was typed in the boxes of a value that could not be read, as it was typed."""
    if not line.read.troubles:
        return ""
    typed = line.typed
    return " / ".join(text for text in (typed.value, typed.numerator, typed.denominator, typed.day) if text)


def _source(line: Line) -> Source | Evidence | None:
    read = line.read
    if line.file is not None:
        return line.file
    return Source(read.evidence_kind, read.evidence, read.published) if read.evidence else None


def timeline(sheet: Sheet) -> list[dict[str, object]]:
    """The steps of a report as the fragment of the timeline shows them, newest first."""
    names = {row.line.series.pk: row.indicator.shown_name for row in sheet.rows}
    return [_step(step, names) for step in reversed(sheet.steps)]


def _step(step: Step, names: Mapping[int, str]) -> dict[str, object]:
    has_remarks = step.kind == StepKind.RETURNED
    remarks = step.remarks.all() if has_remarks else ()
    return {
        "at": step.at,
        "who": step.by.shown_name,
        "what": STEPS[step.kind],
        "reason": step.reason,
        "changes": [f"{names.get(it.series_id, '')}: {it.text}" for it in remarks],
        "hash": step.digest,
    }
