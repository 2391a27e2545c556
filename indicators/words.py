"""What the values of every choice are called, for people, in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words  # the stubs' name for a lazy text

MEASURES: dict[str, Words] = {
    "number": _("number"),
    "ratio": _("ratio"),
    "milestone": _("milestone"),
}
ACCUMULATIONS: dict[str, Words] = {
    "flow": _("flow (happens over a span)"),
    "stock": _("stock (a state at a moment)"),
}
DIRECTIONS: dict[str, Words] = {
    "increase": _("increase"),
    "decrease": _("decrease"),
}
OVER_SITES: dict[str, Words] = {
    "sum": _("sum"),
    "average": _("average"),
    "pooled": _("pooled"),
    "all": _("n of m"),
    "none": _("none"),
}
OVER_TIME: dict[str, Words] = {
    "sum": _("sum"),
    "average": _("average"),
    "maximum": _("maximum"),
    "latest": _("latest"),
    "pooled": _("pooled"),
    "once": _("once done, done"),
    "none": _("none"),
}
PART_OVER_TIME: dict[str, Words] = {
    "sum": _("sum"),
    "latest": _("latest"),
}
REPORTED_BY: dict[str, Words] = {
    "sites": _("its sites"),
    "program": _("the program"),
}
KINDS: dict[str, Words] = {
    "month": _("month"),
    "quarter": _("quarter"),
    "half": _("half-year"),
    "year": _("year"),
    "life": _("life of program"),
    "other": _("other"),
}
FREQUENCIES: dict[str, Words] = {
    "month": _("monthly"),
    "quarter": _("quarterly"),
    "half": _("half-yearly"),
    "year": _("yearly"),
    "irregular": _("irregular"),
}
CALENDARS: dict[str, Words] = {
    "calendar": _("calendar year"),
    "fiscal": _("U.S. fiscal year"),
}
ABSENCES: dict[str, Words] = {
    "no_activity": _("no activity"),
    "not_applicable": _("not applicable"),
    "not_yet_available": _("not yet available"),
    "withheld": _("withheld"),
    "withdrawn": _("withdrawn"),
}
CERTAINTIES: dict[str, Words] = {
    "exact": _("exact"),
    "more_than": _("more than"),
    "about": _("about"),
    "estimate": _("estimate"),
}
ADDITIVITIES: dict[str, Words] = {
    "exhaustive": _("exactly to the whole"),
    "partial": _("to the whole or less"),
    "overlapping": _("never (overlapping)"),
}
ENTRY_KINDS: dict[str, Words] = {
    "actual": _("actual"),
    "target": _("target"),
    "baseline": _("baseline"),
}
CHANGES: dict[str, Words] = {
    "corrects": _("correct a typing error"),
    "revises": _("revise the plan"),
}
STATES: dict[str, Words] = {
    "draft": _("draft"),
    "submitted": _("submitted"),
    "returned": _("returned"),
    "approved": _("approved"),
}
STEPS: dict[str, Words] = {
    "submitted": _("submitted"),
    "returned": _("sent back"),
    "approved": _("approved"),
    "reopened": _("reopened"),
}

# Why a combined value is missing: in a cell, and in a sentence below the table.
MISSING: dict[str, Words] = {
    "not_expected": _("not expected"),
    "not_applicable": _("not applicable"),
    "not_reported": _("not reported"),
    "not_yet_available": _("not yet available"),
    "withheld": _("withheld"),
    "not_added": _("cannot be combined"),
    "parts": _("cannot be combined"),
    "no_denominator": _("no value (0 of 0)"),
    "different": _("cannot be combined"),
    "misfit": _("periods do not fit"),
}
MISSING_WHY: dict[str, Words] = {
    "not_added": _(
        "Cannot be combined: by its rule, a value counts only for the site and the period that it was "
        "reported for."
    ),
    "parts": _("Cannot be combined: ratios published without numerator and denominator can't be pooled."),
    "misfit": _(
        "Periods do not fit: those that it is reported for do not fill these days, so they can't make a "
        "value. See its own calendar."
    ),
    "no_denominator": _("No value: both parts of the ratio are 0."),
    "not_reported": _("Not reported: at least one report is missing, and none is there to show."),
}
CAUTIONS: dict[str, Words] = {
    "targets_disagree": _("The target set for the whole differs from what its parts make together."),
    "targets_differ": _("Targets of ratios that differ make none for the whole: it needs one of its own."),
    "baseline_not_comparable": _("The baseline is of another number of months, so nothing is judged by it."),
    "rate_too_low": _(
        "A rate whose cases add up over time: periods that are missing count as none, so it is too low."
    ),
    "rate_of_years": _(
        "A rate over more than a year holds the cases of all that time, not those of one year."
    ),
}

# How a figure stands against its target, a report against its due day: from good to bad, then the rest.
STATUSES: dict[str, Words] = {
    "exceeded": _("exceeded"),
    "met": _("met"),
    "near": _("near"),
    "late": _("late"),
    "behind": _("behind"),
    "overdue": _("overdue"),
    "incomplete": _("incomplete"),
    "running": _("running"),
    "in_review": _("in review"),
    "due": _("due"),
    "not_due": _("not due"),
    "no_target": _("no target"),
    # the states of a report
    "draft": _("draft"),
    "submitted": _("in review"),
    "returned": _("returned"),
    "approved": _("approved"),
}
STATUS_GLYPHS: dict[str, str] = {
    "exceeded": "▲",
    "met": "●",
    "near": "◐",
    "behind": "▼",
    "late": "◑",
    "incomplete": "◌",
    "running": "…",
    "no_target": "–",
    "not_due": "○",
    "due": "◷",
    "overdue": "!",
    "in_review": "✎",
    "draft": "○",
    "submitted": "✎",
    "returned": "↩",
    "approved": "✓",
}
# good, fair, bad, busy or none: the names of the hues in rendir.css
STATUS_HUES: dict[str, str] = {
    "exceeded": "good",
    "met": "good",
    "near": "fair",
    "late": "fair",
    "behind": "bad",
    "overdue": "bad",
    "running": "busy",
    "due": "busy",
    "in_review": "busy",
    "submitted": "busy",
    "returned": "fair",
    "approved": "good",
}
CERTAINTY_MARKS: dict[str, Words | str] = {
    "exact": "",
    "more_than": ">",
    "about": "≈",
    "estimate": pgettext_lazy("before a number", "est."),
}
