"""What a reporter typed in one row, and what it was read as; nothing is thrown away. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators.reading import EvidenceKind, read_day, read_evidence, read_number
from indicators.values import Absence, Accumulation, Certainty, Figure, Meaning, Measure, derive


class RowProblem(StrEnum):
    """What does not fit in a row as a whole."""

    BOTH = "both"  # a value and an absence
    HALF = "half"  # one part of a ratio only
    PARTS_AND_VALUE = "parts_and_value"
    ABOVE = "above"  # a numerator above its denominator
    NEGATIVE_DENOMINATOR = "negative_denominator"
    NOT_YES_OR_NO = "not_yes_or_no"
    DAY_WITHOUT_YES = "day_without_yes"
    DAY_AFTER_PERIOD = "day_after_period"
    NO_ACTIVITY_OF_STOCK = "no_activity_of_stock"
    UNKNOWN_CHOICE = "unknown_choice"
    EVIDENCE_MISSING = "evidence_missing"  # published, but where?
    FILE_IS_UNDATED = "file_is_undated"  # the same file may be evidence of many figures


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way in one field, and what could be written instead."""

    field: str
    problem: StrEnum
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """The text of every box of one row, as typed."""

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    day: str = ""
    absence: str = ""
    certainty: str = str(Certainty.EXACT)
    explanation: str = ""
    evidence: str = ""
    published: str = ""

    @property
    def is_blank(self) -> bool:
        """True when nothing at all was typed or chosen."""
        return self == BLANK


# what half the time of a call is for, of every entry on a page
_CERTAINTIES = {str(one): one for one in Certainty}
_ABSENCES = {"": None, **{str(one): one for one in Absence}}
_new = tuple.__new__
ABSENCES_OF_FLOWS = frozenset(str(kind) for kind in Absence if kind is not Absence.WITHDRAWN)
ABSENCES_OF_STOCKS = ABSENCES_OF_FLOWS - {str(Absence.NO_ACTIVITY)}
CERTAINTIES = frozenset(str(kind) for kind in Certainty)
ANSWERS = {"yes": Decimal(1), "sí": Decimal(1), "si": Decimal(1), "no": Decimal(0)}  # in both languages
FIELDS = tuple(field.name for field in fields(Typed))
BLANK = Typed()


@dataclass(frozen=True, slots=True)
class Row:
    """What one row was read as; all numbers None where anything stands in the way."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: str = ""
    absence: str = ""
    certainty: str = str(Certainty.EXACT)
    evidence_kind: str = ""
    evidence: str = ""
    published: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def says_something(self) -> bool:
        """True when it holds a value or an absence: a blank is neither."""
        return bool(self.absence) or self.value is not None or self.numerator is not None

    def figure(self, meaning: Meaning) -> Figure:
        """The same as a figure of the rules; a ratio's value is derived."""
        return figure_of(
            meaning, self.value, self.numerator, self.denominator, self.day, self.absence, self.certainty
        )


def figure_of(  # noqa: PLR0913, PLR0917  # the columns of a row of the database, in their order
    meaning: Meaning,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    day: str,
    absence: str,
    certainty: str,
    expected: bool = False,  # noqa: FBT002  # one of those columns
    source: int | None = None,
) -> Figure:
    """The figure that these columns of a result or an entry stand for."""
    if value is None and numerator is not None and denominator is not None:
        value = derive(numerator, denominator, meaning.factor)
    return _new(
        Figure,
        (
            value,
            numerator,
            denominator,
            day or None,
            _ABSENCES[absence],
            _CERTAINTIES[certainty],
            expected,
            () if source is None else (source,),
        ),
    )


def read_row(meaning: Meaning, typed: Typed, period_ends: date | None = None) -> Row:
    """What was typed, read by the indicator's measure; each trouble names its field."""
    troubles = [*_choices(meaning, typed)]
    value = numerator = denominator = None
    day = ""
    if meaning.measure == Measure.MILESTONE:
        value, day = _milestone(typed, period_ends, troubles)
    elif meaning.measure == Measure.RATIO:
        value, numerator, denominator = _ratio(meaning, typed, troubles)
    else:
        value = _number(typed.value, "value", meaning.counted, troubles)
    if typed.absence and (typed.value or typed.numerator or typed.denominator or typed.day).strip():
        troubles.append(Trouble("absence", RowProblem.BOTH))
    kind, evidence, published = _evidence(typed, troubles)
    held_back = bool({t.field for t in troubles} - {"evidence", "published"})
    return Row(
        value=None if held_back else value,
        numerator=None if held_back else numerator,
        denominator=None if held_back else denominator,
        day="" if held_back else day,
        absence=typed.absence if typed.absence in _allowed_absences(meaning) else "",
        certainty=typed.certainty if typed.certainty in CERTAINTIES else str(Certainty.EXACT),
        evidence_kind=kind,
        evidence=evidence,
        published=published,
        troubles=tuple(troubles),
    )


def _allowed_absences(meaning: Meaning) -> frozenset[str]:
    return ABSENCES_OF_FLOWS if meaning.accumulation is Accumulation.FLOW else ABSENCES_OF_STOCKS


def _choices(meaning: Meaning, typed: Typed) -> list[Trouble]:
    troubles = []
    if typed.absence and typed.absence not in _allowed_absences(meaning):
        of_stock = typed.absence == Absence.NO_ACTIVITY
        problem = RowProblem.NO_ACTIVITY_OF_STOCK if of_stock else RowProblem.UNKNOWN_CHOICE
        troubles.append(Trouble("absence", problem))
    if typed.certainty not in CERTAINTIES:
        troubles.append(Trouble("certainty", RowProblem.UNKNOWN_CHOICE))
    return troubles


def _number(text: str, field: str, counted: bool, troubles: list[Trouble]) -> Decimal | None:
    reading = read_number(text, counted=counted)
    if reading.problem is not None:
        troubles.append(Trouble(field, reading.problem, reading.alternatives))
    return reading.number


def _ratio(
    meaning: Meaning, typed: Typed, troubles: list[Trouble]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    before = len(troubles)
    value = _number(typed.value, "value", False, troubles)
    numerator = _number(typed.numerator, "numerator", meaning.counted, troubles)
    denominator = _number(typed.denominator, "denominator", meaning.counted, troubles)
    if len(troubles) == before:
        troubles.extend(_ratio_troubles(meaning, value, numerator, denominator))
    return value, numerator, denominator


def _ratio_troubles(
    meaning: Meaning, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> list[Trouble]:
    if value is not None and (numerator is not None or denominator is not None):
        return [Trouble("value", RowProblem.PARTS_AND_VALUE)]
    if (numerator is None) != (denominator is None):
        return [Trouble("numerator" if numerator is None else "denominator", RowProblem.HALF)]
    if numerator is None or denominator is None:
        return []
    if denominator < 0:
        return [Trouble("denominator", RowProblem.NEGATIVE_DENOMINATOR)]
    if numerator > denominator and not meaning.may_exceed:
        return [Trouble("numerator", RowProblem.ABOVE)]
    return []


def _milestone(typed: Typed, period_ends: date | None, troubles: list[Trouble]) -> tuple[Decimal | None, str]:
    answer = typed.value.strip().lower()
    if answer and answer not in ANSWERS:
        troubles.append(Trouble("value", RowProblem.NOT_YES_OR_NO))
    reading = read_day(typed.day)
    if reading.problem is not None:
        troubles.append(Trouble("day", reading.problem, reading.alternatives))
    elif reading.day and not ANSWERS.get(answer):
        troubles.append(Trouble("day", RowProblem.DAY_WITHOUT_YES))
    elif (
        reading.day and period_ends is not None and reading.day > period_ends.isoformat()[: len(reading.day)]
    ):
        troubles.append(Trouble("day", RowProblem.DAY_AFTER_PERIOD))
    return ANSWERS.get(answer), reading.day or ""


def _evidence(typed: Typed, troubles: list[Trouble]) -> tuple[str, str, str]:
    reading = read_evidence(typed.evidence)
    if reading.problem is not None:
        troubles.append(Trouble("evidence", reading.problem))
    published = read_day(typed.published)
    if published.problem is not None:
        troubles.append(Trouble("published", published.problem, published.alternatives))
    elif published.day and not typed.evidence.strip():
        troubles.append(Trouble("evidence", RowProblem.EVIDENCE_MISSING))
    elif published.day and reading.kind == EvidenceKind.FILE:
        troubles.append(Trouble("published", RowProblem.FILE_IS_UNDATED))
        return str(reading.kind), reading.text, ""
    if reading.kind is None or reading.problem is not None:
        return "", "", ""
    return str(reading.kind), reading.text, published.day or ""
