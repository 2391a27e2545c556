"""What a report says, as texts: kept with each submission, carried by the page under review, and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import Indicator
from indicators.sheets import IndicatorRow, Line, Sheet
from indicators.values import Certainty, Figure

Row = Mapping[str, str]
Content = Mapping[str, Row]  # by series id, the texts of a row; what is blank is left out
MEANING = (
    "measure",
    "accumulation",
    "direction",
    "over_sites",
    "over_time",
    "numerator_over_time",
    "denominator_over_time",
    "factor",
    "counted",
    "may_exceed",
    "unit",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One text of a row as it was, and as it is now; "" for none."""

    row: str
    field: str
    before: str
    now: str


def content_of(sheet: Sheet) -> dict[str, dict[str, str]]:
    """The rows of a report as they stand, with what gives them their meaning and what they are judged by."""
    return {str(line.series.pk): _row(row, line) for row in sheet.rows for line in _lines(row)}


def _lines(row: IndicatorRow) -> Iterator[Line]:
    yield row.line
    for part in row.breakdowns:
        yield from part.lines


def _row(row: IndicatorRow, line: Line) -> dict[str, str]:
    category = line.series.category
    texts = {"name": f"{row.indicator.name} · {category.name}" if category else row.indicator.name}
    texts |= _texts(line)
    if category is None:
        texts["target"] = _figure(row.score.targets.counting)
        texts |= {f"is_{name}": text for name, text in meaning_of(row.indicator).items()}
    return {name: text for name, text in texts.items() if text}


def _texts(line: Line) -> dict[str, str]:
    read = line.read
    return {
        "value": _figure(line.figure),
        "absence": read.absence,
        "certainty": "" if read.certainty == Certainty.EXACT else read.certainty,
        "explanation": line.typed.explanation.strip(),
        "evidence": read.evidence,
        "published": read.published,
    }


def _figure(figure: Figure | None) -> str:
    """The numbers of a figure with the decimals that were given."""
    if figure is None:
        return ""
    parts = [_plain(figure.numerator), _plain(figure.denominator)]
    value = " / ".join(part for part in parts if part) or _plain(figure.value)
    return " ".join(text for text in (value, figure.day or "") if text)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def meaning_of(indicator: Indicator) -> dict[str, str]:
    """What gives the figures of an indicator their meaning, in the codes of its columns."""
    return {name: str(getattr(indicator, name)) for name in MEANING}


def meanings_in(content: Content) -> dict[str, dict[str, str]]:
    """What gave the figures of a submission their meaning, by the series of each whole."""
    found = {key: {name: row.get(f"is_{name}", "") for name in MEANING} for key, row in content.items()}
    return {key: meaning for key, meaning in found.items() if any(meaning.values())}


def differences(before: Content, now: Content) -> list[Difference]:
    """What is another one in which row, in the order of the page."""
    return [
        Difference((now.get(key) or before[key]).get("name", ""), name, was, becomes)
        for key in dict.fromkeys((*before, *now))
        for name, was, becomes in _pairs(before.get(key, {}), now.get(key, {}))
        if was != becomes
    ]


def _pairs(before: Row, now: Row) -> Iterable[tuple[str, str, str]]:
    names = dict.fromkeys((*before, *now))
    if not before or not now:  # a row that came or went is told by what it says
        names = {name: None for name in names if not name.startswith("is_")}
    return ((name, before.get(name, ""), now.get(name, "")) for name in names)
