"""What is said to a person when something stands in the way: what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.files import FileProblem
from indicators.reading import DayProblem, EvidenceProblem, Problem
from indicators.rows import RowProblem, Trouble

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words  # the stubs' name for a lazy text


@dataclass(frozen=True, slots=True)
class Complaint:
    """What stands in the way: in which row (series id) and field, if in any, and how to mend it."""

    message: str
    series_id: int | None = None
    field: str = ""


SAID: dict[str, Words] = {
    Problem.NOT_A_NUMBER: gettext_lazy("This can't be read as a number. Write digits, like 1926.5."),
    Problem.AMBIGUOUS: gettext_lazy("This can be read in two ways."),
    Problem.NOTATION: gettext_lazy(
        "Write a point before the decimals and commas between thousands, like 1,926.5."
    ),
    Problem.PERCENT: gettext_lazy("Leave the percent sign out."),
    Problem.TOO_LONG: gettext_lazy(
        "This number is too long: at most 15 digits before the point and 6 after it."
    ),
    Problem.NEGATIVE: gettext_lazy("This is counted, so it can't be negative."),
    Problem.NOT_WHOLE: gettext_lazy("This is counted, so it has to be a whole number."),
}
SAID_OF_DAYS: dict[str, Words] = {
    DayProblem.NOT_A_DAY: gettext_lazy("Write a day, a month or a year, like 2018-03-15, 2018-03 or 2018."),
    DayProblem.NO_SUCH_DAY: gettext_lazy("There is no such day in the calendar."),
    DayProblem.AMBIGUOUS: gettext_lazy("This day can be read in two ways."),
}
SAID_OF_EVIDENCE: dict[str, Words] = {
    EvidenceProblem.SCHEME: gettext_lazy(
        "A link has to start with https:// or http://. Anything else is a citation."
    ),
    EvidenceProblem.CREDENTIALS: gettext_lazy("Leave the user name and password out of the link."),
    EvidenceProblem.BAD_LINK: gettext_lazy("This link is not complete."),
    EvidenceProblem.TOO_LONG: gettext_lazy("This is too long: at most 2,000 characters."),
    EvidenceProblem.UNREADABLE: gettext_lazy("This has characters that can't be shown."),
}
SAID_OF_ROWS: dict[str, Words] = {
    RowProblem.BOTH: gettext_lazy("Give a value or say why there is none, not both."),
    RowProblem.HALF: gettext_lazy("A ratio needs both its parts."),
    RowProblem.PARTS_AND_VALUE: gettext_lazy("Give the two parts or the published value, not both."),
    RowProblem.ABOVE: gettext_lazy("The first part can't be above the second one."),
    RowProblem.NEGATIVE_DENOMINATOR: gettext_lazy("The second part can't be negative."),
    RowProblem.NOT_YES_OR_NO: gettext_lazy("Say yes or no."),
    RowProblem.DAY_WITHOUT_YES: gettext_lazy("Only what is done has a day. Say yes, or clear the day."),
    RowProblem.DAY_AFTER_PERIOD: gettext_lazy("This day comes after the end of the period."),
    RowProblem.NO_ACTIVITY_OF_STOCK: gettext_lazy(
        "This is a state at a moment: “no activity” does not fit it."
    ),
    RowProblem.UNKNOWN_CHOICE: gettext_lazy("Choose one of the list."),
    RowProblem.EVIDENCE_MISSING: gettext_lazy("Say what was published on that day: a link or a citation."),
    RowProblem.FILE_IS_UNDATED: gettext_lazy(
        "A day of publication stands beside a link or a citation, not beside a file. Clear it."
    ),
}
SAID_OF_FILES: dict[str, Words] = {
    FileProblem.EMPTY: gettext_lazy("This file is empty."),
    FileProblem.TOO_LARGE: gettext_lazy("This file is too large."),
    FileProblem.UNKNOWN: gettext_lazy(
        "This file is none of the kinds that are taken: PDF, picture (PNG, JPEG, WebP, GIF), office document "
        "(docx, xlsx, pptx, odt, ods, odp), or text and CSV in UTF-8."
    ),
    FileProblem.BROKEN: gettext_lazy(
        "This file is damaged or not complete. Open it, save it anew and try again."
    ),
    FileProblem.MACROS: gettext_lazy(
        "This document carries macros or programs. Save it without them, or as PDF."
    ),
    FileProblem.TOO_MUCH: gettext_lazy("There is too much in this file. Make it smaller, or save it as PDF."),
    FileProblem.MARKUP: gettext_lazy("This is the text of a web page. Save the page as PDF."),
}
TABLES = (
    (Problem, SAID),
    (DayProblem, SAID_OF_DAYS),
    (EvidenceProblem, SAID_OF_EVIDENCE),
    (RowProblem, SAID_OF_ROWS),
)


def said(trouble: Trouble) -> str:
    """The message of a trouble, with what could be written instead."""
    text = next(str(table[trouble.problem]) for kind, table in TABLES if isinstance(trouble.problem, kind))
    if not trouble.alternatives:
        return text
    return f"{text} " + _("Write %(ways)s.") % {"ways": _(" or ").join(trouble.alternatives)}
