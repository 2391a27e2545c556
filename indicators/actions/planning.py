"""How targets and baselines are set, corrected and revised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.opening import periods_of
from indicators.actions.refusals import Changed, NotAllowed, Refused
from indicators.actions.reporting import check_texts, keep_evidence
from indicators.digests import digest_of_evidence
from indicators.messages import Complaint, said
from indicators.models import Category, Entry, Indicator, Series
from indicators.periods import Span
from indicators.reading import read_day
from indicators.rows import Row, Trouble, Typed, read_row
from indicators.values import Absence, Change, EntryKind, Measure
from programs.access import reach
from programs.models import Program, Site, User

UNSEEN = -1  # the page did not say which entry it saw


@dataclass(frozen=True, slots=True)
class Plan:
    """One target or baseline as typed, for a series in a span; blank takes back what stands.

    `seen` is the id of the entry in force that the page showed, None if it showed none.
    Of a milestone the target is a day: give it in `typed.day`.
    """

    indicator_id: int
    span: Span
    typed: Typed
    kind: EntryKind = EntryKind.TARGET
    site_id: int | None = None
    category_id: int | None = None
    seen: int | None = UNSEEN
    expected: bool = False
    name: str = field(default="", compare=False)  # of the page's field, for complaints

    @property
    def key(self) -> tuple[int, int | None, int | None, str]:
        """What is planned, for whom: indicator, site, category and the span's label."""
        return self.indicator_id, self.site_id, self.category_id, self.span.label


@transaction.atomic
def set_plans(
    *,
    program_id: int,
    by: User,
    plans: Sequence[Plan],
    reason: str,
    change: Change | None = None,
    at: datetime | None = None,
) -> list[Entry]:
    """Enter targets and baselines in the ledger; what equals the one in force is left alone.

    Whatever is set anew needs to say whether it corrects or revises, and every change its reason.
    Raises NotAllowed, Changed (another entry is in force than `seen`) or Refused with a complaint for each
    plan. At most 23 queries, whatever the number of plans.
    """
    _check_may_plan(program_id, by)
    _check_plans(plans, reason)
    indicators = _indicators(program_id, plans)
    rows = _read(indicators, plans)
    _check_keys(program_id, indicators, plans)
    in_force = _in_force(program_id, plans)
    wanted = [plan for plan in plans if _differs(plan, rows[plan], in_force.get((plan.kind, plan.key)))]
    if not wanted:
        return []
    _check_reason(wanted, in_force, reason, change)
    _check_seen(wanted, in_force)
    places = _places(program_id, by, indicators, wanted, rows)
    return Entry.objects.bulk_create(
        _entry(
            plan,
            rows[plan],
            in_force.get((plan.kind, plan.key)),
            change=change,
            reason=reason.strip(),
            recorded_at=at,
            **places[plan],
        )
        for plan in wanted
    )


def _check_may_plan(program_id: int, by: User) -> None:
    """NotAllowed for who may not; the program stays locked, so that plans are entered one after the other."""
    own = reach(by, Program.objects.select_for_update(no_key=True).get(pk=program_id))
    if own is None or not own.plans:
        raise NotAllowed(_("Only managers of this program and administrators set targets and baselines."))


def _check_plans(plans: Sequence[Plan], reason: str) -> None:
    """Refused for what is no plan, for one given twice, and for texts that can't be kept."""
    if any(plan.kind == EntryKind.ACTUAL for plan in plans):
        raise Refused(_("Only targets and baselines are set here. Actual figures are reported."))
    if len({(plan.kind, plan.key) for plan in plans}) < len(plans):
        raise Refused(_("The same target was given twice. Nothing was saved."))
    check_texts({(None, "reason"): reason})
    check_texts({(None, plan.name or "explanation"): plan.typed.explanation for plan in plans})


def _indicators(program_id: int, plans: Iterable[Plan]) -> dict[int, Indicator]:
    wanted = {plan.indicator_id for plan in plans}
    found = Indicator.objects.filter(program_id=program_id).in_bulk(wanted)
    if len(found) < len(wanted):
        raise Refused(_("This program has no such indicator. Nothing was saved."))
    return found


def _check_keys(program_id: int, indicators: dict[int, Indicator], plans: Iterable[Plan]) -> None:
    """Refused for a site of another program, or a category of another indicator."""
    sites = {plan.site_id for plan in plans} - {None}
    if Site.objects.filter(program_id=program_id, pk__in=sites).count() < len(sites):
        raise Refused(_("This program has no such site. Nothing was saved."))
    if any(
        plan.site_id is not None and indicators[plan.indicator_id].reported_by == "program" for plan in plans
    ):
        raise Refused(_("This indicator is reported by the program: it has no targets by site."))
    categories = {(plan.indicator_id, plan.category_id) for plan in plans if plan.category_id is not None}
    known = Category.objects.filter(pk__in={category for _indicator, category in categories})
    pairs = set(known.values_list("dimension__breakdowns__indicator", "pk"))
    if categories - pairs:
        raise Refused(_("This indicator has no such category. Nothing was saved."))


def _read(indicators: dict[int, Indicator], plans: Iterable[Plan]) -> dict[Plan, Row]:
    rows = {plan: _row(indicators[plan.indicator_id], plan) for plan in plans}
    complaints = [
        Complaint(said(trouble), field=plan.name or trouble.field)
        for plan, row in rows.items()
        for trouble in row.troubles
    ]
    if complaints:
        raise Refused(complaints)
    return rows


def _row(indicator: Indicator, plan: Plan) -> Row:
    """The plan as read; the target of a milestone is that it is done by a day."""
    if indicator.measure != Measure.MILESTONE or plan.kind == EntryKind.BASELINE:
        return read_row(indicator.meaning, plan.typed)
    reading = read_day(plan.typed.day)
    if reading.problem is not None:
        return Row(troubles=(Trouble("day", reading.problem, reading.alternatives),))
    rest = read_row(indicator.meaning, Typed(evidence=plan.typed.evidence, published=plan.typed.published))
    return Row(
        value=Decimal(1) if reading.day else None,
        day=reading.day or "",
        evidence_kind=rest.evidence_kind,
        evidence=rest.evidence,
        published=rest.published,
        troubles=rest.troubles,
    )


InForce = dict[tuple[str, tuple[int, int | None, int | None, str]], Entry]


def _in_force(program_id: int, plans: Iterable[Plan]) -> InForce:
    """The entries in force, by kind and key, of whatever the plans speak of; 1 query."""
    entries = (
        Entry.objects.in_force()
        .filter(
            program_id=program_id,
            kind__in={plan.kind for plan in plans},
            series__indicator__in={plan.indicator_id for plan in plans},
            period__label__in={plan.span.label for plan in plans},
        )
        .select_related("series", "period", "evidence")
    )
    return {
        (e.kind, (e.series.indicator_id, e.series.site_id, e.series.category_id, e.period.label)): e
        for e in entries
    }


def _differs(plan: Plan, row: Row, entry: Entry | None) -> bool:
    stands = entry is not None and entry.absence != Absence.WITHDRAWN
    if not row.says_something:
        return stands
    if entry is None or not stands:
        return True
    said = (plan.expected, plan.typed.explanation, _digest(row))
    stood = (entry.expected, entry.explanation, entry.evidence.sha256 if entry.evidence else "")
    return said != stood or _content(row) != _content(entry)


def _content(row: Row | Entry) -> tuple[str, ...]:
    """What makes a target another one; numbers with the decimals that were given."""
    numbers = (row.value, row.numerator, row.denominator)
    return (*(str(number) for number in numbers), row.day, row.absence, row.certainty)


def _check_reason(plans: Iterable[Plan], in_force: InForce, reason: str, change: Change | None) -> None:
    complaints = []
    if not reason.strip():
        complaints.append(Complaint(_("Say why, for whoever reads the ledger later."), field="reason"))
    if change is None and any((plan.kind, plan.key) in in_force for plan in plans):
        complaints.append(
            Complaint(_("Say whether this corrects a typing error or revises the plan."), field="change")
        )
    if complaints:
        raise Refused(complaints)


def _check_seen(plans: Iterable[Plan], in_force: InForce) -> None:
    for plan in plans:
        entry = in_force.get((plan.kind, plan.key))
        if plan.seen not in (UNSEEN, entry.pk if entry else None):
            raise Changed(
                _(
                    "Somebody else set %(what)s since you opened this page. "
                    "Nothing was saved: look at it again."
                )
                % {"what": plan.span.label}
            )


def _series(
    program_id: int, indicators: dict[int, Indicator], plans: Iterable[Plan]
) -> dict[tuple[int, int | None, int | None], int]:
    """By indicator, site and category, the ids of the series; what is new is made; 3 queries."""
    wanted = {plan.key[:3] for plan in plans}
    dimensions = dict(
        Category.objects.filter(pk__in={key[2] for key in wanted if key[2]}).values_list("pk", "dimension_id")
    )
    Series.objects.bulk_create(
        [
            Series(
                program_id=program_id,
                indicator=indicators[indicator_id],
                site_id=site_id,
                category_id=category_id,
                dimension_id=dimensions.get(category_id) if category_id else None,
            )
            for indicator_id, site_id, category_id in sorted(wanted, key=str)
        ],
        ignore_conflicts=True,
    )
    found = Series.objects.filter(indicator__in={key[0] for key in wanted})
    return {(one.indicator_id, one.site_id, one.category_id): one.pk for one in found}


def _places(
    program_id: int, by: User, indicators: dict[int, Indicator], plans: Sequence[Plan], rows: dict[Plan, Row]
) -> dict[Plan, dict[str, object]]:
    """By plan, whose its entry is and what it rests on: program, series, period, approver, evidence."""
    series = _series(program_id, indicators, plans)
    periods = periods_of({plan.span for plan in plans})
    evidence = keep_evidence(program_id, by, _evidence(rows[plan] for plan in plans))
    return {
        plan: {
            "program_id": program_id,
            "series_id": series[plan.key[:3]],
            "period": periods[plan.span],
            "approved_by": by,
            "evidence_id": evidence.get(_digest(rows[plan])),
        }
        for plan in plans
    }


def _evidence(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    return [(row.evidence_kind, row.evidence, row.published) for row in rows if row.evidence]


def _digest(row: Row) -> str:
    return digest_of_evidence(row.evidence_kind, row.evidence, row.published) if row.evidence else ""


def _entry(
    plan: Plan, row: Row, superseded: Entry | None, *, change: Change | None, **columns: object
) -> Entry:
    takes_back = not row.says_something
    return Entry(
        **columns,
        kind=plan.kind,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        day=row.day,
        absence=Absence.WITHDRAWN if takes_back else row.absence,
        certainty=row.certainty,
        expected=plan.expected,
        explanation=plan.typed.explanation,
        published=row.published,
        supersedes=superseded,
        change=change if superseded and change else "",
    )
