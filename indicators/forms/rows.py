"""The rows of a report as they are typed: every box with its text and what stands in its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from indicators import words
from indicators.forms import wording
from indicators.forms.attached import EvidenceBox, evidence_words
from indicators.forms.boxes import Box, Conflict, kind_html, note_html, values_html, wrong_html
from indicators.forms.labels import LABELS, note_words
from indicators.forms.sent import was_of
from indicators.merging import Edit, mark_of, marks_kept, marks_left, marks_of
from indicators.reading import file_of
from indicators.rows import BLANK, FIELDS, Typed
from indicators.sheets import Breakdown, IndicatorRow, Line, Sheet
from indicators.values import Direction, Meaning, Measure

NOTES = ("explanation", "evidence", "published", "certainty", "absence")  # in the details of a row
NOTED = 90  # characters of them that can be read while these are closed
OF_MEASURE = {
    Measure.NUMBER: ("value",),
    Measure.RATIO: ("numerator", "denominator"),
    Measure.MILESTONE: ("value", "day"),
}


@dataclass(slots=True)
class LineBoxes:
    """The boxes of one series by field; `carried` are those that its measure has no use for."""

    pk: int
    name: str
    boxes: dict[str, Box]
    extra: list[Box]
    carried: list[Box]

    @property
    def all(self) -> Iterator[Box]:
        """Every box that is shown."""
        yield from self.boxes.values()
        yield from self.extra


@dataclass(slots=True)
class Parts:
    """The boxes of one dimension's categories, with their sum."""

    id: str
    name: str
    lines: list[LineBoxes]
    sum: SafeString
    between: str
    fields: tuple[str, ...]

    @property
    def html(self) -> SafeString:
        """The boxes of each category with its name."""
        kinds = (
            kind_html(line.name, [line.boxes[field] for field in self.fields], line.carried, self.between)
            for line in self.lines
        )
        return SafeString("".join(kinds))  # all parts are escaped


@dataclass(slots=True)
class EntryRow:
    """One indicator as it is typed; `pk` is a text, since templates write numbers for people."""

    pk: str
    name: str
    unit: str
    formula: str
    measure: str
    decreases: bool
    line: LineBoxes
    parts: list[Parts]
    last: SafeString
    target: SafeString
    state: SafeString
    so_far: SafeString
    remark: str
    was: str
    needs_explanation: bool
    is_done: bool
    between: str  # the word between two boxes of a value
    said: Mapping[str, str]  # what the notes are called
    is_open: bool = False

    @property
    def values(self) -> list[Box]:
        """The boxes of the value itself."""
        return [self.line.boxes[field] for field in OF_MEASURE[Measure(self.measure)]]

    @property
    def noted(self) -> str:
        """The explanation and the evidence in short, to be read while the details are closed."""
        texts = (self.line.boxes[field].short for field in ("explanation", "evidence"))
        noted = " · ".join(text for text in texts if text)
        return noted if len(noted) <= NOTED else Truncator(noted).chars(NOTED)

    @property
    def html(self) -> SafeString:
        """The boxes of the value itself, side by side."""
        return values_html(self.values, self.between)

    @property
    def wrong(self) -> SafeString:
        """What stands in the way of these boxes."""
        return wrong_html(self.values)

    @property
    def notes(self) -> SafeString:
        """The boxes in the details."""
        line = self.line
        notes = [note_html(self.said[field], line.boxes[field]) for field in NOTES]
        if self.measure == Measure.RATIO:
            notes.append(note_html(self.said["value"], line.boxes["value"]))
        for part in self.parts:
            why = self.said["absence"]
            notes += [note_html(f"{why} · {one.name}", one.boxes["absence"]) for one in part.lines]
        notes += [note_html(box.label, box) for one in self.lines for box in one.extra]
        return SafeString("".join(notes))  # all parts are escaped

    @property
    def carried(self) -> SafeString:
        """What its measure has no use for, kept unseen."""
        return SafeString("".join(box.carried for box in self.line.carried))  # all parts are escaped

    @property
    def lines(self) -> list[LineBoxes]:
        return [self.line, *(line for part in self.parts for line in part.lines)]

    @property
    def changed(self) -> SafeString:
        """The boxes that a page has to show anew: what others saved, with its mark, and files."""
        boxes = (box for line in self.lines for box in line.boxes.values() if box.mark or box.anew)
        return SafeString("".join(box.html for box in boxes))  # all parts are escaped

    @property
    def is_wrong(self) -> bool:
        return any(box.said or box.conflict for line in self.lines for box in line.all)


@dataclass(slots=True)
class EntryGroup:
    level: str
    name: str
    rows: list[EntryRow]


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are shown: with complaints of what is not yet typed (`loud`), beside what others saved.

    `sent` are the rows that a page sent, `kept` when they were saved, with what others had saved put in.
    """

    loud: bool = False
    all_open: bool = False
    start: str = ""
    said: Mapping[str, list[str]] = field(default_factory=dict)
    sent: Mapping[int, Edit] = field(default_factory=dict)
    kept: bool = False
    saved: Mapping[int, Typed] = field(default_factory=dict)  # what stands in these rows
    conflicts: Mapping[int, frozenset[str]] = field(default_factory=dict)
    typists: Mapping[tuple[int, str], tuple[str, datetime]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=note_words)
    anew: Collection[int] = ()  # rows whose evidence is to be shown as it is now


def entry_groups(sheet: Sheet, manner: Manner) -> list[EntryGroup]:
    """The rows of a sheet for typing, by objective."""
    return [
        EntryGroup(
            words_of(group.objective.get_level_display()),
            group.objective.name_html,
            [entry_row(row, manner) for row in group.rows],
        )
        for group in sheet.groups
    ]


def lines_of(row: IndicatorRow) -> list[Line]:
    """The line of the whole and those of its categories, in the order of the page."""
    return [row.line, *(line for part in row.breakdowns for line in part.lines)]


def words_of(text: str) -> str:
    """A word as it begins a line."""
    return text[:1].upper() + text[1:]


def entry_row(row: IndicatorRow, manner: Manner) -> EntryRow:
    """One row of a sheet for typing."""
    indicator, meaning = row.indicator, row.indicator.meaning
    line = _line(row.line, indicator.shown_name, meaning, manner, NOTES)
    parts = [_parts(row, part, meaning, manner) for part in row.breakdowns]
    shown = EntryRow(
        pk=str(row.line.series.pk),
        name=indicator.name_html,
        unit=indicator.shown_unit,
        formula=_formula(indicator.shown("numerator_label"), indicator.shown("denominator_label")),
        measure=indicator.measure,
        decreases=meaning.direction is Direction.DECREASE,
        line=line,
        parts=parts,
        last=wording.last_html(row, typing=True),
        target=wording.aim_html(row, typing=True),
        state=wording.state_html(row, meaning),
        so_far=wording.so_far_html(row, meaning),
        remark=row.remark,
        was=was_of({one.series.pk: _marks(one, manner) for one in lines_of(row)}),
        needs_explanation=row.needs_explanation,
        is_done=row.line.is_filled and not row.complaints,
        between=manner.words.get(indicator.measure, ""),
        said=manner.words,
    )
    shown.is_open = manner.all_open or _asks_for_notes(shown)
    return shown


def _formula(above: str, below: str) -> str:
    """What is divided by what, where the reference sheet says so."""
    return f"{above} / {below}" if above and below else ""


def _marks(line: Line, manner: Manner) -> dict[str, str]:
    key = line.series.pk
    stands = manner.saved.get(key, line.typed)
    edit = manner.sent.get(key)
    if edit is None:
        return marks_of(stands)
    return (
        marks_kept(edit, stands) if manner.kept else marks_left(edit, stands, manner.conflicts.get(key, ()))
    )


def _line(line: Line, name: str, meaning: Meaning, manner: Manner, notes: tuple[str, ...]) -> LineBoxes:
    said, apart = _said(line, manner), manner.conflicts.get(line.series.pk, ())
    offered = OF_MEASURE[meaning.measure] + notes
    if meaning.measure is Measure.RATIO and notes is NOTES:
        offered += ("value",)
    labels = {field: f"{name}: {manner.words[field + ':']}" for field in FIELDS} | {"value": name}
    shown = {field: _box(line, field, labels[field], meaning, said) for field in offered}
    rest = [
        _box(line, field, labels[field], meaning, said)
        for field in FIELDS
        if field not in shown
        and (getattr(line.typed, field) != getattr(BLANK, field) or field in said or field in apart)
    ]
    if "evidence" in shown:
        shown["evidence"] = _evidence(line, shown["evidence"], manner)
    for box in shown.values():
        box.starts = box.id == manner.start
    if line.series.pk in manner.sent:
        _answer(line, [*shown.values(), *rest], manner)
    return LineBoxes(
        pk=line.series.pk,
        name=name,
        boxes=shown,
        extra=[box for box in rest if box.said or box.conflict],
        carried=[box for box in rest if not (box.said or box.conflict)],
    )


def _answer(line: Line, boxes: Iterable[Box], manner: Manner) -> None:
    """Set what a page that sent this row is to be told of each box: a conflict, or what others put in."""
    edit = manner.sent[line.series.pk]
    apart = manner.conflicts.get(line.series.pk, ())
    for box in boxes:
        name = box.id.partition("-")[0]
        if name in apart:
            box.conflict = _conflict(line, name, manner)
        elif manner.kept and edit.texts.get(name, box.text) != box.text:
            box.mark = f"{box.id}:{mark_of(box.text)}"
            box.anew |= name == "evidence" and bool(file_of(edit.texts[name]) or file_of(box.text))


def _said(line: Line, manner: Manner) -> dict[str, list[str]]:
    """By field what stands in the way; what is not typed yet only when it was asked for."""
    said: dict[str, list[str]] = {}
    is_blank = line.typed.is_blank
    for complaint in line.complaints:
        if manner.loud or not is_blank:
            said.setdefault(complaint.field, []).append(complaint.message)
    for field_name in FIELDS if manner.said else ():
        more = manner.said.get(f"{field_name}-{line.series.pk}", ())
        known = said.setdefault(field_name, []) if more else []
        known += [text for text in more if text not in known]
    return said


def _box(line: Line, field: str, label: str, meaning: Meaning, said: Mapping[str, list[str]]) -> Box:
    text = getattr(line.typed, field)
    return Box(
        id=f"{field}-{line.series.pk}",
        text=text,
        label=label,
        said=said.get(field, []),
        options=_options(field, text, meaning),
        is_long=field in ("explanation", "evidence"),
    )


def _evidence(line: Line, box: Box, manner: Manner) -> EvidenceBox:
    """The same box with the file that it holds, and a field to choose one."""
    anew = line.series.pk in manner.anew
    return EvidenceBox(
        box.id,
        box.text,
        box.label,
        box.said,
        is_long=True,
        anew=anew,
        file=line.file,
        offer=manner.words["file"],
        instead=manner.words["file instead"],
    )


def _options(field: str, text: str, meaning: Meaning) -> SafeString | str:
    if field == "absence":
        return wording.absence_options(meaning, text)
    if field == "certainty":
        return wording.certainty_options(text)
    if field == "value" and meaning.measure is Measure.MILESTONE:
        return wording.answer_options(text)
    return ""


def _parts(row: IndicatorRow, part: Breakdown, meaning: Meaning, manner: Manner) -> Parts:
    return Parts(
        id=f"sum-{part.lines[0].series.pk}",
        name=part.name,
        lines=[_line(one, _category(one), meaning, manner, ("absence",)) for one in part.lines],
        sum=wording.sum_html(row, part),
        between=manner.words.get(meaning.measure, ""),
        fields=OF_MEASURE[meaning.measure],
    )


def _category(line: Line) -> str:
    return line.series.category.shown_name if line.series.category else ""


def _conflict(line: Line, field: str, manner: Manner) -> Conflict:
    """What somebody else saved in a box in which this person typed another text."""
    key = line.series.pk
    theirs = getattr(manner.saved.get(key, BLANK), field)
    who, at = manner.typists.get((key, field), ("", None))
    moment = date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
    return Conflict(
        question=_("Two texts for %(field)s: which one stays?") % {"field": LABELS[field]},
        yours=_shown(field, getattr(line.typed, field)),
        theirs=_shown(field, theirs),
        your_label=_("Keep yours"),
        their_label=_("Keep theirs (%(who)s, %(moment)s)") % {"who": who, "moment": moment}
        if who
        else _("Keep theirs"),
        mark=mark_of(theirs),
    )


def _shown(field: str, text: str) -> str:
    """What a person sees in a box."""
    table = {"absence": words.ABSENCES, "certainty": words.CERTAINTIES}.get(field, {})
    known = evidence_words(text) if field == "evidence" else table.get(text, text)
    return str(known) or _("(empty)")


def _asks_for_notes(row: EntryRow) -> bool:
    """Whether anything in the details of a row has to be seen: a trouble, or what is out of the ordinary."""
    boxes = row.line.boxes
    if boxes["certainty"].text != BLANK.certainty or any(line.extra for line in row.lines):
        return True
    odd = [boxes["absence"], *(line.boxes["absence"] for line in row.lines[1:])]
    if row.measure == Measure.RATIO:
        odd.append(boxes["value"])
    if row.needs_explanation and not boxes["explanation"].text.strip():
        return True
    noted = [boxes[field] for field in NOTES]
    return any(box.text for box in odd) or any(box.said or box.conflict for box in noted)
