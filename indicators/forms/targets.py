"""The targets of a program in a year as a grid of boxes: what is in force, and what a person typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import gcd

from django.utils.translation import gettext as _

from indicators import periods, words
from indicators.actions import Complaint, Plan, Refused
from indicators.formatting import absence_word, certainty_mark, day, number
from indicators.models import Entry, Indicator, Objective
from indicators.periods import MONTHS, Calendar, Frequency, Span
from indicators.reading import read_number
from indicators.rows import Typed
from indicators.values import Absence, Certainty, Direction, EntryKind, Measure
from programs.models import Program, Site

BOX = "target-"
PARTS = re.compile(r"(?P<numerator>.+?)(?:\s*/\s*|\s+(?:of|de)\s+)(?P<denominator>.+)", re.DOTALL)
SEEN = re.compile(r"(?P<name>[^:]+):(?P<entry>[0-9]{1,18})")
SHOWN_AT_MOST = 200  # characters of what stands in force, beside a box


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the year (the year itself, too): where it begins and how long it is, in months."""

    span: Span
    label: str
    start: int
    months: int

    @property
    def key(self) -> str:
        """The period as a part of the name of its boxes."""
        return self.span.label.replace(" ", "_")


@dataclass(slots=True)
class Cell:
    """One box: the chain of its targets (oldest first), the text in it and what stands in its way."""

    name: str
    label: str
    indicator: Indicator
    column: Column
    chain: list[Entry]
    typed: str | None = None
    seen: int | None = None  # the entry that the page had shown
    said: list[str] = field(default_factory=list)

    @property
    def in_force(self) -> Entry | None:
        """The last of the chain, which may have been taken back."""
        return self.chain[-1] if self.chain else None

    @property
    def text(self) -> str:
        """What stands in the box."""
        return text_of(self.in_force) if self.typed is None else self.typed

    @property
    def is_touched(self) -> bool:
        """True when a person typed another text than the page had shown."""
        shown = next((entry for entry in self.chain if entry.pk == self.seen), None)
        return self.typed is not None and _plain(self.typed) != _plain(text_of(shown))

    @property
    def changed_meanwhile(self) -> str:
        """What somebody else set since the page was opened, "" if nobody did."""
        entry = self.in_force
        if not self.is_touched or entry is None or entry.pk == self.seen:
            return ""
        return _("Now %(text)s, set by %(who)s.") % {
            "text": said_of(entry),
            "who": entry.approved_by.shown_name,
        }

    @property
    def notes(self) -> list[str]:
        """What is to be known of the target in force: why none, how certain, what it was at first."""
        entry = self.in_force
        if entry is None:
            return []
        notes = [absence_word(entry.absence)] if entry.absence not in ("", Absence.WITHDRAWN) else []
        if entry.certainty != Certainty.EXACT:
            notes.append(certainty_mark(entry.certainty) + " " + str(words.CERTAINTIES[entry.certainty]))
        if text_of(self.chain[0]) != text_of(entry) or self.chain[0].absence != entry.absence:
            notes.append(_("first %(text)s") % {"text": said_of(self.chain[0])})
        return notes

    @property
    def entry_number(self) -> str:
        """The number in the ledger of the target in force, as its address has it; "" for none."""
        return str(self.in_force.number) if self.in_force else ""

    def plan(self, site: Site | None) -> Plan:
        """What was typed as a plan; how certain the target in force is, and whether expected, is kept."""
        entry = self.in_force
        return Plan(
            indicator_id=self.indicator.pk,
            span=self.column.span,
            typed=typed_of(self.indicator, self.typed or "", entry),
            site_id=site.pk if site else None,
            seen=self.seen,
            expected=entry.expected if entry else False,
            name=self.name,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the year in a line of the table, so many columns wide: a cell, a head, or a gap."""

    width: int
    cell: Cell | None = None
    label: str = ""


@dataclass(slots=True)
class Row:
    """One indicator with its cells in their places."""

    indicator: Indicator
    places: list[Place]

    @property
    def about(self) -> str:
        """Its unit, and ↓ where less is better."""
        arrow = " ↓" if self.indicator.direction == Direction.DECREASE else ""
        return f"{self.indicator.shown_unit}{arrow}"

    @property
    def is_wrong(self) -> bool:
        return any(cell.said or cell.changed_meanwhile for cell in self.cells)

    @property
    def cells(self) -> list[Cell]:
        return [place.cell for place in self.places if place.cell]


@dataclass(slots=True)
class Group:
    objective: Objective
    rows: list[Row]


@dataclass(frozen=True)
class Grid:
    """The targets of a program, or of one of its sites, in a year of a calendar."""

    program: Program
    site: Site | None
    year: Span
    calendar: Calendar
    heads: list[list[Place]]  # a line for each length of periods, the longest first; without the year
    width: int
    groups: list[Group]

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Every cell by the name of its box."""
        rows = (row for group in self.groups for row in group.rows)
        return {cell.name: cell for row in rows for cell in row.cells}

    @property
    def touched(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.is_touched]

    @property
    def asks_for_change(self) -> bool:
        """True when anything that a person could change is in force, so that it matters why."""
        return any(cell.chain for cell in self.cells.values())

    @property
    def seen(self) -> str:
        """The entries that the page shows, as its hidden field holds them."""
        shown = ((cell.name, cell.in_force) for cell in self.cells.values())
        return " ".join(f"{name}:{entry.pk}" for name, entry in shown if entry)

    def take(self, sent: Mapping[str, str]) -> None:
        """Put what a person sent into the boxes; Refused for a box that the page does not have."""
        seen = _seen(sent.get("seen", ""))
        for name, cell in self.cells.items():
            cell.typed, cell.seen = sent.get(name), seen.get(name)
            if not cell.is_touched:
                cell.typed = None
        foreign = [name for name in sent if name.startswith(BOX) and name not in self.cells]
        if foreign:
            raise Refused(_("This page has no such box. Nothing was saved."))

    def plans(self) -> list[Plan]:
        """What was typed, where it differs from what the page had shown."""
        return [cell.plan(self.site) for cell in self.touched]

    def complain(self, complaints: Iterable[Complaint]) -> None:
        """Set each complaint beside its box."""
        for complaint in complaints:
            if complaint.field in self.cells:
                self.cells[complaint.field].said.append(complaint.message)

    def summary(self, complaints: Sequence[Complaint]) -> list[dict[str, str]]:
        """What stands in the way, each with the name and the id of its box."""
        own = {"reason": _("Reason"), "change": _("Why it changes")}
        names = {name: cell.label for name, cell in self.cells.items()} | own
        found = [
            {
                "name": names.get(it.field, ""),
                "message": it.message,
                "id": it.field if it.field in names else "",
            }
            for it in complaints
        ]
        meanwhile = ((cell, cell.changed_meanwhile) for cell in self.touched)
        return found + [{"name": c.label, "message": text, "id": c.name} for c, text in meanwhile if text]


def load_grid(program: Program, site: Site | None, number_of_year: int, calendar: Calendar) -> Grid:
    """The grid of a year; 2 queries."""
    year = periods.year(number_of_year, calendar)
    indicators = list(_indicators(program, site, year))
    columns = {span: _column(span, year, calendar) for i in indicators for span in _spans(i, year)}
    columns[year] = _column(year, year, calendar)
    chains = _chains(indicators, site, columns)
    unit = gcd(12, *(number for it in columns.values() for number in (it.start, it.months)))
    parts = [column for span, column in columns.items() if span != year]
    width = 12 // unit if parts else 0
    groups: dict[int, Group] = {}
    for indicator in indicators:
        own = [columns[span] for span in dict.fromkeys((*_spans(indicator, year), year))]
        cells = [_cell(indicator, it, chains.get((indicator.pk, it.span), [])) for it in own]
        line = _in_line([(cell.column, Place(0, cell)) for cell in cells[:-1]], unit, width)
        group = groups.setdefault(indicator.objective_id, Group(indicator.objective, []))
        group.rows.append(Row(indicator, [*line, Place(1, cells[-1])]))
    heads = _heads(parts, unit, width)
    return Grid(program, site, year, calendar, heads, width, list(groups.values()))


def _indicators(program: Program, site: Site | None, year: Span) -> Iterator[Indicator]:
    found = Indicator.objects.filter(program=program).select_related("objective")
    if site is not None:
        found = found.filter(reported_by="sites")
    for indicator in found.order_by("objective__code", "code"):
        if periods.overlaps(year, indicator.starts_on, indicator.closed_on):
            yield indicator


def _column(span: Span, year: Span, calendar: Calendar) -> Column:
    first, begin = span.first or date.min, year.first or date.min
    start = (first.year - begin.year) * 12 + first.month - begin.month
    return Column(span, periods.label(span, calendar), start, MONTHS[span.kind])


def _in_line(places: Iterable[tuple[Column, Place]], unit: int, width: int) -> list[Place]:
    """Places one behind the other with gaps between them, so many columns in all."""
    line, at = [], 0
    for column, place in sorted(places, key=lambda pair: pair[0].start):
        if column.start > at:
            line.append(Place((column.start - at) // unit))
        line.append(replace(place, width=column.months // unit))
        at = column.start + column.months
    rest = width - at // unit
    return [*line, Place(rest)] if rest > 0 else line


def _heads(columns: Iterable[Column], unit: int, width: int) -> list[list[Place]]:
    """A line of labels for the periods of each length, and of each way to cut the year in such."""
    lines: dict[tuple[int, int], list[Column]] = {}
    for column in columns:
        lines.setdefault((-column.months, column.start % column.months), []).append(column)
    return [
        _in_line([(it, Place(0, label=it.label)) for it in lines[key]], unit, width) for key in sorted(lines)
    ]


def _spans(indicator: Indicator, year: Span) -> Sequence[Span]:
    if year.first is None or year.last is None:  # a year has both
        return ()
    return periods.spans_within(
        Frequency(indicator.frequency), Calendar(indicator.calendar), year.first, year.last
    )


def _chains(
    indicators: Iterable[Indicator], site: Site | None, spans: Iterable[Span]
) -> dict[tuple[int, Span], list[Entry]]:
    """By indicator and period, every target that was ever set, oldest first; 1 query."""
    entries = (
        Entry.objects.filter(
            kind=EntryKind.TARGET,
            series__indicator__in=[indicator.pk for indicator in indicators],
            series__site=site,
            series__category=None,
            period__label__in=[span.label for span in spans],
        )
        .select_related("series__indicator", "period", "approved_by")
        .order_by("number")
    )
    chains: dict[tuple[int, Span], list[Entry]] = {}
    for entry in entries:
        chains.setdefault((entry.series.indicator_id, entry.period.span), []).append(entry)
    return chains


def _cell(indicator: Indicator, column: Column, chain: list[Entry]) -> Cell:
    in_force = chain[-1].pk if chain else None
    name = f"{BOX}{indicator.pk}-{column.key}"
    return Cell(name, f"{indicator.shown_name} · {column.label}", indicator, column, chain, seen=in_force)


def text_of(entry: Entry | None) -> str:
    """A target as a person would type it: so that typing it again reads as the same."""
    if entry is None or entry.absence:
        return ""
    indicator = entry.series.indicator
    if indicator.measure == Measure.MILESTONE:
        return str(entry.day)
    if entry.numerator is not None and entry.denominator is not None:
        return f"{number(entry.numerator)} / {number(entry.denominator)}"
    if entry.value is None:
        return ""
    text = number(entry.value)
    read = read_number(text, counted=indicator.counted and indicator.measure == Measure.NUMBER)
    return text if read.number == entry.value else f"{entry.value:f}"


def said_of(entry: Entry) -> str:
    """A target in words: its text, or why there is none."""
    text = day(entry.day) if entry.day else text_of(entry)
    return text[:SHOWN_AT_MOST] or absence_word(entry.absence)


def typed_of(indicator: Indicator, text: str, entry: Entry | None) -> Typed:
    """The boxes that one text stands for: the parts of a ratio as "812 / 1,090", the day of a milestone."""
    if indicator.measure == Measure.MILESTONE:
        return Typed(day=text)
    certainty = entry.certainty if entry and text.strip() else str(Certainty.EXACT)
    parts = PARTS.fullmatch(text.strip()) if indicator.measure == Measure.RATIO else None
    if parts is not None:
        return Typed(numerator=parts["numerator"], denominator=parts["denominator"], certainty=certainty)
    return Typed(value=text, certainty=certainty)


def _seen(text: str) -> dict[str, int]:
    """The entries that the page had shown, by the names of their boxes."""
    found = (SEEN.fullmatch(part) for part in text.split())
    return {pair["name"]: int(pair["entry"]) for pair in found if pair}


def _plain(text: str) -> str:
    return " ".join(text.split())
