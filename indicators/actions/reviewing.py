"""What managers do with a submitted report: send it back, approve it, reopen it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.refusals import Changed, NotAllowed, Refused
from indicators.actions.reporting import (
    check_texts,
    check_unlocked,
    digest_of_results,
    locked_report,
    reach_of,
)
from indicators.content import Content, content_of, meaning_of, meanings_in
from indicators.models import Entry, Remark, Report, ReportAuthor, Result, Series, State, Step, StepKind
from indicators.sheets import load_sheet
from indicators.values import Absence, EntryKind
from programs.models import User

Told = tuple[str | int | None, ...]


def _check_may_review(report: Report, by: User, state: State) -> None:
    if not reach_of(by, report).reviews:
        raise NotAllowed(_("Only a manager of this program can do this."))
    if ReportAuthor.objects.filter(report=report, user=by).exists():
        raise NotAllowed(
            _("You typed or submitted figures of this report. Another manager has to review it.")
        )
    check_unlocked(report)
    if report.state != state:
        raise Refused(
            _("This report is %(state)s now, so this can't be done.") % {"state": report.get_state_display()}
        )


def _check_same_submission(report: Report, submission: int) -> None:
    if submission != report.submission:
        raise Changed(_("This report was submitted anew since you opened it. Look at it again."))


def _take(report: Report, kind: StepKind, state: State, by: User, at: datetime | None, **more: str) -> Step:
    """Record a step and bring the report into its new state; 2 queries."""
    step = Step.objects.create(report=report, kind=kind, submission=report.submission, by=by, at=at, **more)
    report.state = state
    report.save(update_fields=["state"])
    return step


@transaction.atomic
def send_back(
    *,
    report_id: int,
    by: User,
    submission: int,
    remarks: Mapping[int, str],
    reason: str = "",
    at: datetime | None = None,
) -> Report:
    """Return a submitted report with remarks on rows (by series id), a reason for the whole, or both.

    Raises NotAllowed, Changed (another submission than the one that was looked at) or Refused. 9 queries.
    """
    report = locked_report(report_id)
    _check_may_review(report, by, State.SUBMITTED)
    _check_same_submission(report, submission)
    said = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if not said and not reason.strip():
        raise Refused(_("Say what has to be mended: on a row, or for the whole report."))
    check_texts({(None, "reason"): reason, **{(key, "remark"): text for key, text in said.items()}})
    own = Series.objects.of_report_to(report.program_id, report.site_id).filter(pk__in=said)
    if own.count() != len(said):
        raise Refused(_("This report has no such row. Nothing was saved."))
    step = _take(report, StepKind.RETURNED, State.RETURNED, by, at, reason=reason.strip())
    Remark.objects.bulk_create(Remark(step=step, series_id=key, text=text) for key, text in said.items())
    return report


@transaction.atomic
def approve(
    *,
    report_id: int,
    by: User,
    submission: int,
    digest: str,
    shown: Content | None = None,
    at: datetime | None = None,
) -> Report:
    """Enter the figures of a submitted report in the ledger, as the page with this digest showed them.

    `shown` is all that the page showed of them, their meaning and targets, too. What equals the figure in
    force is left alone, what differs supersedes it, what is gone is withdrawn. Raises NotAllowed (who typed
    or submitted any of it can't approve), Changed (anything differs from what the page showed) or Refused.
    At most 22 queries, whatever the number of figures.
    """
    report = locked_report(report_id)
    _check_may_review(report, by, State.SUBMITTED)
    _check_same_submission(report, submission)
    if digest != digest_of_results(report):
        raise Changed(
            _("The figures changed since you opened this page. Nothing was approved: look at them again.")
        )
    _check_shown(report, shown)
    submitted = Step.objects.get(report=report, kind=StepKind.SUBMITTED, submission=submission)
    _check_same_meaning(report, submitted)
    step = Step.objects.create(
        report=report, kind=StepKind.APPROVED, submission=submission, by=by, at=at, digest=digest
    )
    Entry.objects.bulk_create(_entries(report, step, submitted.by_id, at))
    report.state = State.APPROVED
    report.save(update_fields=["state"])
    return report


def _check_shown(report: Report, shown: Content | None) -> None:
    """Changed where anything that the page showed is another one now; 7 queries."""
    if shown is not None and shown != content_of(load_sheet(report, today=timezone.localdate())):
        raise Changed(
            _("Something changed since you opened this page. Nothing was approved: see what is different.")
        )


def _check_same_meaning(report: Report, submitted: Step) -> None:
    """Refused where a definition gives the figures another meaning than when they were submitted; 1 query."""
    before = meanings_in(submitted.content or {})
    series = Series.objects.filter(pk__in=before).select_related("indicator")
    now = {str(one.pk): meaning_of(one.indicator) for one in series}
    names = [one.indicator.shown_name for one in series if now[str(one.pk)] != before[str(one.pk)]]
    if names:
        raise Refused(
            _("The definition of %(names)s changed since this was submitted. Send it back to be looked at.")
            % {"names": ", ".join(names)}
        )


def _entries(report: Report, step: Step, submitted_by: int, at: datetime | None) -> list[Entry]:
    """What has to be added to the ledger for its figures to be those of the report; 2 queries."""
    results = Result.objects.filter(report=report).select_related("evidence").order_by("series_id")
    said = {result.series_id: result for result in results if _says_something(result)}
    in_force = {
        entry.series_id: entry
        for entry in Entry.objects.in_force().filter(
            kind=EntryKind.ACTUAL,
            period=report.period_id,
            series__in=Series.objects.of_report_to(report.program_id, report.site_id),
        )
    }
    common = {
        "program_id": report.program_id,
        "period_id": report.period_id,
        "kind": EntryKind.ACTUAL,
        "approval": step,
        "submitted_by_id": submitted_by,
        "approved_by_id": step.by_id,
        "recorded_at": at,
    }
    added = [
        Entry(**common, series_id=key, supersedes=in_force.get(key), **_columns(result))
        for key, result in said.items()
        if key not in in_force or _content(in_force[key]) != _content(result)
    ]
    gone = [
        Entry(**common, series_id=key, supersedes=entry, absence=Absence.WITHDRAWN)
        for key, entry in in_force.items()
        if key not in said and entry.absence != Absence.WITHDRAWN
    ]
    return added + gone


def _says_something(result: Result) -> bool:
    return bool(result.absence) or result.value is not None or result.numerator is not None


def _columns(result: Result) -> dict[str, object]:
    return {
        "value": result.value,
        "numerator": result.numerator,
        "denominator": result.denominator,
        "day": result.day,
        "absence": result.absence,
        "certainty": result.certainty,
        "explanation": result.explanation,
        "evidence_id": result.evidence_id,
        "published": result.evidence.published if result.evidence else "",
    }


def _content(row: Entry | Result) -> Told:
    """What makes a figure another figure; numbers with the decimals that were given."""
    return (
        _plain(row.value),
        _plain(row.numerator),
        _plain(row.denominator),
        row.day,
        row.absence,
        row.certainty,
        row.explanation,
        row.evidence_id,
    )


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


@transaction.atomic
def reopen(
    *, report_id: int, by: User, reason: str, submission: int | None = None, at: datetime | None = None
) -> Report:
    """Give an approved report back for correction; its figures stay in force until the next approval.

    `submission` is the one that was looked at. Raises NotAllowed, Changed (it is another one) or Refused
    (without a reason, or when it is not approved). 5 queries.
    """
    report = locked_report(report_id)
    _check_may_review(report, by, State.APPROVED)
    if submission is not None:
        _check_same_submission(report, submission)
    if not reason.strip():
        raise Refused(_("Say why the report is reopened."))
    check_texts({(None, "reason"): reason})
    _take(report, StepKind.REOPENED, State.RETURNED, by, at, reason=reason.strip())
    return report
