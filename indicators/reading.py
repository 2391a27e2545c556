"""What reads typed text: numbers, days and evidence, never guessed. Pure; never raises; linear time."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

WHOLE_DIGITS = 15
DECIMALS = 6
LONGEST_EVIDENCE = 2_000
BLANKS = " \t\r\n\u00a0\u2009\u202f"


class Problem(StrEnum):
    """Why a typed number is refused or asked back."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"  # can be read in two ways
    NOTATION = "notation"  # one reading, but not in our notation: 1,926.5
    PERCENT = "percent"
    TOO_LONG = "too_long"
    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with the decimals that were given, or a problem and what to suggest; a blank has neither."""

    number: Decimal | None = None
    problem: Problem | None = None
    alternatives: tuple[str, ...] = ()


_SIGNED = re.compile(r"([+\-\u2212]?)(.*)", re.DOTALL)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_POINT = r"(?:\.[0-9]+)?"
_GROUPED = re.compile(
    rf"[1-9][0-9]{{0,2}}(?:(?:,[0-9]{{3}})+|(?: [0-9]{{3}})+|(?:[\u00a0\u2009\u202f][0-9]{{3}})+){_POINT}"
)
# One reading each, in the notation of others: decimal comma, groups by points or apostrophes, a bare point.
_FOREIGN = (
    re.compile(r"[0-9]*,[0-9]+"),
    re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+"),
    re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+,[0-9]+"),
)
_FOREIGN_GROUPS = (
    re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"),
    re.compile(rf"[1-9][0-9]{{0,2}}(?:['\u2019,][0-9]{{3}})+{_POINT}"),
)
_SEPARATORS = str.maketrans("", "", " ,'\u2019\u00a0\u2009\u202f")
_SEPARATORS_AND_POINTS = str.maketrans("", "", " .\u00a0\u2009\u202f")


def read_number(text: str, *, counted: bool) -> Reading:
    """The number a person in Peru or the U.S. meant, or why it is asked back; a blank is no number.

    Never guessed: what can be read two ways comes back with every reading as an alternative,
    each written so that it is accepted when typed. `counted` numbers are whole and never negative.
    """
    text = text.strip(BLANKS)
    if not text:
        return Reading()
    if text.endswith("%"):
        return _without_percent(text, counted)
    found = _SIGNED.fullmatch(text)
    sign, body = found.groups() if found else ("", text)
    sign = "-" if sign in ("-", "\u2212") else ""
    if _ONE_GROUP.fullmatch(body) and not (counted and "," in body):
        return _two_readings(sign, body, counted)
    if _PLAIN.fullmatch(body) or _GROUPED.fullmatch(body):
        return _accepted(sign + body.translate(_SEPARATORS), counted)
    if (meant := _meant(body)) is not None:
        return _asked_back(Problem.NOTATION, (sign + meant,), counted)
    return Reading(problem=Problem.NOT_A_NUMBER)


def _accepted(digits: str, counted: bool) -> Reading:
    whole, _, decimals = digits.lstrip("-").partition(".")
    if len(whole.lstrip("0")) > WHOLE_DIGITS or len(decimals) > DECIMALS:
        return Reading(problem=Problem.TOO_LONG)
    number = Decimal(digits)
    if not number:
        number = abs(number)  # no minus zero
    if counted and number < 0:
        return Reading(problem=Problem.NEGATIVE)
    if counted and decimals:
        if decimals.strip("0"):
            return Reading(problem=Problem.NOT_WHOLE)
        number = number.to_integral_value()
    return Reading(number)


def _two_readings(sign: str, body: str, counted: bool) -> Reading:
    """Of "1,926" and "1.926": a group of thousands, or three decimals."""
    thousands = sign + body.replace(",", "").replace(".", "")
    return _asked_back(Problem.AMBIGUOUS, (thousands, sign + body.replace(",", ".")), counted)


def _meant(body: str) -> str | None:
    """The only reading of a number in another notation, in digits and a point; None if there is none."""
    if any(form.fullmatch(body) for form in _FOREIGN):
        return body.translate(_SEPARATORS_AND_POINTS).replace(",", ".")
    if any(form.fullmatch(body) for form in _FOREIGN_GROUPS):
        by_points = body.count(".") > 1
        groups = body.replace(".", "") if by_points else body
        return groups.translate(_SEPARATORS)
    return body[:-1] if re.fullmatch(r"[0-9]+\.", body) else None


def _asked_back(problem: Problem, meant: tuple[str, ...], counted: bool) -> Reading:
    """The problem with those readings that would be accepted, or what is wrong with all of them."""
    readings = [_accepted(digits, counted) for digits in meant]
    alternatives = tuple(_unambiguous(it.number) for it in readings if it.number is not None)
    if not alternatives:
        return readings[0]
    return Reading(problem=problem, alternatives=alternatives)


def _unambiguous(number: Decimal) -> str:
    text = f"{number:f}"
    return text + "0" if _ONE_GROUP.fullmatch(text.lstrip("-")) else text


def _without_percent(text: str, counted: bool) -> Reading:
    """A percent sign is asked back, with the number before it: 39 means 39 percent."""
    rest = read_number(text.rstrip("%" + BLANKS), counted=counted)
    if rest.number is not None:
        return Reading(problem=Problem.PERCENT, alternatives=(_unambiguous(rest.number),))
    if rest.alternatives:
        return Reading(problem=Problem.PERCENT, alternatives=rest.alternatives)
    return rest if rest.problem else Reading(problem=Problem.NOT_A_NUMBER)


class DayProblem(StrEnum):
    """Why a typed day is refused or asked back."""

    NOT_A_DAY = "not_a_day"
    NO_SUCH_DAY = "no_such_day"
    AMBIGUOUS = "ambiguous"  # day or month first


@dataclass(frozen=True, slots=True)
class DayReading:
    """A day in ISO 8601, reduced where only its month or year is known, or a problem; a blank has neither."""

    day: str | None = None
    problem: DayProblem | None = None
    alternatives: tuple[str, ...] = ()


_MONTHS = (
    "jan january ene enero",
    "feb february febrero",
    "mar march marzo",
    "apr april abr abril",
    "may mayo",
    "jun june junio",
    "jul july julio",
    "aug august ago agosto",
    "sep sept september set setiembre septiembre",
    "oct october octubre",
    "nov november noviembre",
    "dec december dic diciembre",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4})")
_NAMED = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)? )?(?:de )?([a-z]{3,10})\.?,?(?: del?)? ([0-9]{4})")
_NAMED_FIRST = re.compile(r"([a-z]{3,10})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
LONGEST_DAY = 40
YEARS = range(1900, 2101)


def read_day(text: str) -> DayReading:
    """The day, month or year a person in Peru or the U.S. meant; a blank is no day.

    Reads ISO, numbers with the day first, and English and Spanish names of months. "3/4/2018",
    which Americans read month first, is asked back; years are 1900 to 2100.
    """
    text = " ".join(text.lower().split())
    if not text:
        return DayReading()
    if len(text) > LONGEST_DAY:
        return DayReading(problem=DayProblem.NOT_A_DAY)
    if found := _ISO.fullmatch(text):
        return _checked(*found.groups())
    if found := _MONTH_YEAR.fullmatch(text):
        return _checked(found[2], found[1], None)
    if found := _SLASHED.fullmatch(text):
        return _slashed(found[4], found[1], found[3])
    if found := _NAMED.fullmatch(text):
        return _named(found[3], found[2], found[1])
    if found := _NAMED_FIRST.fullmatch(text):
        return _named(found[3], found[1], found[2])
    return DayReading(problem=DayProblem.NOT_A_DAY)


def _named(year: str, name: str, day: str | None) -> DayReading:
    if name not in _MONTH_OF:
        return DayReading(problem=DayProblem.NOT_A_DAY)
    return _checked(year, str(_MONTH_OF[name]), day)


def _slashed(year: str, one: str, two: str) -> DayReading:
    day_first, month_first = _checked(year, two, one), _checked(year, one, two)
    if day_first.day and month_first.day and day_first != month_first:
        return DayReading(problem=DayProblem.AMBIGUOUS, alternatives=(day_first.day, month_first.day))
    return day_first if day_first.day else month_first


def _checked(year: str, month: str | None, day: str | None) -> DayReading:
    iso = "-".join(part.zfill(2) for part in (year, month, day) if part)
    try:
        known = last_day(iso)
    except ValueError:
        return DayReading(problem=DayProblem.NO_SUCH_DAY)
    return DayReading(iso) if known.year in YEARS else DayReading(problem=DayProblem.NO_SUCH_DAY)


def last_day(iso: str) -> date:
    """The day it counts as: a month's last, a year's last; ValueError if it is not (reduced) ISO 8601."""
    if re.fullmatch(r"[0-9]{4}", iso):
        return date(int(iso), 12, 31)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", iso):
        first = date.fromisoformat(f"{iso}-01")
        return first.replace(day=monthrange(first.year, first.month)[1])
    return date.fromisoformat(iso)


class EvidenceKind(StrEnum):
    LINK = "link"
    CITATION = "citation"
    FILE = "file"


class EvidenceProblem(StrEnum):
    """Why typed evidence is refused."""

    SCHEME = "scheme"  # anything but http and https, such as javascript:
    CREDENTIALS = "credentials"
    BAD_LINK = "bad_link"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"  # control characters


@dataclass(frozen=True, slots=True)
class EvidenceReading:
    """A link, a citation or a file (its SHA-256), or a problem; a blank has neither kind nor problem."""

    kind: EvidenceKind | None = None
    text: str = ""
    problem: EvidenceProblem | None = None


_WEB = re.compile(r"https?:", re.IGNORECASE)
_FILE = re.compile(r"file:([0-9a-f]{64})")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:(?://|[^\s]*$)", re.IGNORECASE)
_LIVE = ("javascript:", "vbscript:", "livescript:", "data:", "file:", "blob:", "filesystem:", "view-source:")


def typed_file(sha256: str) -> str:
    """What stands in the box of evidence for a file that was handed in."""
    return f"file:{sha256}"


def file_of(text: str) -> str:
    """The SHA-256 of the file that stands in the box of evidence, "" for anything else."""
    found = _FILE.fullmatch(text.strip())
    return found[1] if found else ""


def read_evidence(text: str) -> EvidenceReading:
    """A link (http or https, without a password), a file that was handed in, or for other text a citation.

    A scheme that a browser could run is refused in any disguise; "Title: subtitle" is a citation.
    """
    text = text.strip()
    if not text:
        return EvidenceReading()
    if digest := file_of(text):
        return EvidenceReading(EvidenceKind.FILE, digest)
    problem = _problem_of(text)
    if problem:
        return EvidenceReading(text=text, problem=problem)
    return EvidenceReading(EvidenceKind.LINK if _WEB.match(text) else EvidenceKind.CITATION, text)


def _problem_of(text: str) -> EvidenceProblem | None:
    if len(text) > LONGEST_EVIDENCE:
        return EvidenceProblem.TOO_LONG
    kept = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign)[0] not in "CZ")
    if "".join(kept).lower().startswith(_LIVE):
        return EvidenceProblem.SCHEME
    if any(unicodedata.category(sign)[0] == "C" and sign not in "\t\r\n" for sign in text):
        return EvidenceProblem.UNREADABLE
    if _WEB.match(text):
        return _problem_of_link(text)
    return EvidenceProblem.SCHEME if _SCHEME.match(text) else None


def _problem_of_link(text: str) -> EvidenceProblem | None:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        return EvidenceProblem.BAD_LINK
    if "@" in parts.netloc:
        return EvidenceProblem.CREDENTIALS
    if not parts.hostname or re.search(r"[\s\\<>\"]", text):
        return EvidenceProblem.BAD_LINK
    return None
