"""How an indicator is closed and goes on, measured otherwise, as its successor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.forms.models import model_to_dict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.actions.opening import Opened, lay_series, open_periods
from indicators.actions.parts import lay_parts
from indicators.actions.refusals import NotAllowed, Refused
from indicators.formatting import day as written
from indicators.messages import Complaint
from indicators.models import Breakdown, Category, Entry, Indicator, Result, Series
from indicators.periods import KIND_OF, Calendar, Frequency, span_at
from indicators.values import Absence, EntryKind
from programs.models import User

# what may be otherwise in the successor; besides these, by which dimensions it is broken down
MEANING = (
    "measure", "unit", "factor", "counted", "may_exceed", "accumulation", "direction", "over_sites",
    "over_time", "numerator_over_time", "denominator_over_time", "reported_by", "frequency", "calendar",
)  # fmt: skip
SHEET = (
    "definition", "numerator_label", "denominator_label", "source", "method", "limitations", "responsible",
    "vocabulary", "standard_code",
)  # fmt: skip
SPANISH = (
    "name_es", "unit_es", "definition_es", "numerator_label_es", "denominator_label_es", "source_es",
    "method_es", "limitations_es", "responsible_es",
)  # fmt: skip
CHANGEABLE = ("code", "name", *MEANING, *SHEET, *SPANISH)
ONE_DAY = timedelta(days=1)
SHOWN = 12  # periods and reports that a refusal names


@dataclass(frozen=True, slots=True)
class Succession:
    """What came of it; `left` are the periods of the closed one's targets that nothing took over."""

    indicator: Indicator
    series: int
    opened: Opened
    left: tuple[str, ...]


@transaction.atomic
def succeed(
    *,
    indicator_id: int,
    by: User,
    closed_on: date,
    changes: Mapping[str, Any],
    reason: str,
    today: date,
    dimensions: Collection[int] | None = None,
) -> Succession:
    """Close an indicator and open the one that goes on in its place the day after, with some things changed.

    The successor has its objective, reference sheet, breakdowns (or the `dimensions` of these ids) and the
    same sites; reports not submitted yet ask for it from then on. Targets are not taken over: they were set
    for what was measured before. Raises NotAllowed but for administrators, or Refused with a complaint by
    field. 30 queries, whatever the number of sites.
    """
    if not by.is_administrator:
        raise NotAllowed(_("Only administrators close an indicator and open its successor."))
    old = Indicator.objects.select_for_update().get(pk=indicator_id)
    by_dimension = set(old.breakdowns.values_list("dimension", flat=True))
    wanted = by_dimension if dimensions is None else set(dimensions)
    new = _successor(old, closed_on, changes, reason)
    _check(old, new, closed_on, otherwise=wanted != by_dimension)
    left = targets_after(old, closed_on)
    went_on = _close(old, closed_on)
    new.save()
    Breakdown.objects.bulk_create(Breakdown(indicator=new, dimension_id=it) for it in sorted(wanted))
    laid = _lay(old, new, went_on)
    return Succession(new, laid, open_periods(today=today, program_ids=[old.program_id]), left)


def targets_after(indicator: Indicator, day: date) -> tuple[str, ...]:
    """The labels of the periods that end after a day and have a target in force; 1 query."""
    targets = Entry.objects.in_force().filter(
        series__indicator=indicator, kind=EntryKind.TARGET, period__last_on__gt=day
    )
    found = targets.exclude(absence=Absence.WITHDRAWN).order_by("period__first_on", "period__last_on")
    return tuple(dict.fromkeys(found.values_list("period__label", flat=True)))


def _successor(old: Indicator, closed_on: date, changes: Mapping[str, Any], reason: str) -> Indicator:
    """The new indicator, not saved yet."""
    kept = {field: getattr(old, field) for field in CHANGEABLE}
    return Indicator(
        program_id=old.program_id,
        objective_id=old.objective_id,
        predecessor=old,
        starts_on=closed_on + ONE_DAY,
        break_reason=reason.strip(),
        **kept | {field: changes[field] for field in CHANGEABLE if field in changes},
    )


def _check(old: Indicator, new: Indicator, closed_on: date, *, otherwise: bool) -> None:
    complaints = [*_of_old(old, closed_on), *_of_days(old, new, closed_on), *_of_change(old, new, otherwise)]
    try:
        new.full_clean(exclude=["predecessor"])
    except ValidationError as error:
        complaints += [
            Complaint(message, field="" if field == NON_FIELD_ERRORS else field)
            for field, messages in error.message_dict.items()
            for message in messages
        ]
    if complaints:
        raise Refused(complaints)


def _of_old(old: Indicator, closed_on: date) -> list[Complaint]:
    if Indicator.objects.filter(predecessor=old).exists():
        return [Complaint(_("This indicator has a successor already."))]
    if old.closed_on is not None and old.closed_on != closed_on:
        text = _("This indicator was closed on %(day)s: its successor starts the day after.")
        return [Complaint(text % {"day": written(old.closed_on)}, field="closed_on")]
    if old.starts_on is not None and closed_on < old.starts_on:
        return [Complaint(_("An indicator can't close before it starts."), field="closed_on")]
    found = figures_after(old, closed_on)
    if not found:
        return []
    named = get_text_list([*found[:SHOWN], *(["…"] if len(found) > SHOWN else [])], _("and"))
    text = _("There are figures of later periods: %(periods)s. Choose a later day, or take them back first.")
    return [Complaint(text % {"periods": named}, field="closed_on")]


def figures_after(indicator: Indicator, day: date) -> list[str]:
    """The periods ending after a day with a figure approved or typed of it; 2 queries."""
    approved = Entry.objects.in_force().filter(series__indicator=indicator, kind=EntryKind.ACTUAL)
    approved = approved.exclude(absence=Absence.WITHDRAWN).filter(period__last_on__gt=day)
    typed = Result.objects.filter(series__indicator=indicator, report__period__last_on__gt=day)
    typed = typed.exclude(value=None, numerator=None, absence="").exclude(report__state="approved")
    spans = {
        *approved.values_list("period__first_on", "period__label"),
        *typed.values_list("report__period__first_on", "report__period__label"),
    }
    return [label for _first_on, label in sorted(spans)]


def last_figure_on(indicator: Indicator) -> date | None:
    """The last day of the latest period with a figure approved or typed of it; 2 queries."""
    approved = Entry.objects.in_force().filter(series__indicator=indicator, kind=EntryKind.ACTUAL)
    approved = approved.exclude(absence=Absence.WITHDRAWN)
    typed = Result.objects.filter(series__indicator=indicator).exclude(report__state="approved")
    typed = typed.exclude(value=None, numerator=None, absence="")
    found = (
        approved.aggregate(last=Max("period__last_on"))["last"],
        typed.aggregate(last=Max("report__period__last_on"))["last"],
    )
    return max((day for day in found if day), default=None)


def _of_days(old: Indicator, new: Indicator, closed_on: date) -> list[Complaint]:
    """No period is cut: one ends a period of its own, the other begins with one of its own."""
    complaints = []
    if old.frequency != Frequency.IRREGULAR and _period_at(old, closed_on).last != closed_on:
        text = _("It closes at the end of a period: that one ends on %(day)s.")
        day = _period_at(old, closed_on).last
        complaints.append(Complaint(text % {"day": written(day)}, field="closed_on"))
    start = closed_on + ONE_DAY
    known = new.frequency in KIND_OF and new.calendar in list(Calendar)
    if known and _period_at(new, start).first != start:
        text = _("Its first period has to begin on %(day)s, the day after: choose another frequency or day.")
        complaints.append(Complaint(text % {"day": written(start)}, field="frequency"))
    return complaints


def _period_at(indicator: Indicator, day: date) -> Any:
    return span_at(KIND_OF[Frequency(indicator.frequency)], day, Calendar(indicator.calendar))


def _of_change(old: Indicator, new: Indicator, otherwise: bool) -> list[Complaint]:
    complaints = []
    if not new.break_reason:
        complaints.append(Complaint(_("Say what is measured otherwise, and why."), field="reason"))
    fields = [field for field in CHANGEABLE if field != "code"]
    if not otherwise and model_to_dict(old, fields) == model_to_dict(new, fields):
        complaints.append(Complaint(_("Nothing is measured otherwise: then the series need not break.")))
    return complaints


def _close(old: Indicator, closed_on: date) -> list[Series]:
    """Close the indicator and its series; those that would have gone on, as they were."""
    reported = Q(site=None) if old.reported_by == "program" else Q(site__isnull=False)
    series = Series.objects.filter(indicator=old)
    went_on = list(series.filter(reported, category=None).exclude(to_on__lte=closed_on))
    old.closed_on = closed_on
    old.save(update_fields=["closed_on"])
    open_then = series.filter(Q(from_on=None) | Q(from_on__lte=closed_on)).filter(
        Q(to_on=None) | Q(to_on__gt=closed_on)
    )
    open_then.update(to_on=closed_on)
    return went_on


def _lay(old: Indicator, new: Indicator, went_on: Collection[Series]) -> int:
    """Give the successor the series of the same sites, with their categories; the number of them."""
    start = new.starts_on
    if new.reported_by == old.reported_by:
        Series.objects.bulk_create(
            Series(
                program_id=new.program_id,
                indicator=new,
                site_id=one.site_id,
                from_on=max(one.from_on or start, start) if start else one.from_on,
                to_on=one.to_on,
            )
            for one in went_on
        )
        categories = Category.objects.filter(dimension__breakdowns__indicator=new, retired_on=None)
        lay_parts(indicators=[new], categories=categories, today=start or date.min)
    else:
        lay_series(indicators=[new])
        Series.objects.filter(indicator=new).update(from_on=start)
    return Series.objects.filter(indicator=new).count()
