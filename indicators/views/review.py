"""A submitted report as its reviewer sees it; sent back, approved, and reopened when it turns out wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import Changed, NotAllowed, Refused, approve, reopen, send_back
from indicators.actions.reporting import digest_of_results
from indicators.content import Content, content_of, differences
from indicators.forms import differing, review
from indicators.forms.rows import lines_of
from indicators.forms.sent import number_of, read_remarks
from indicators.models import Report, State
from indicators.sheets import Sheet, load_sheet
from indicators.views.loading import about, listed_report, reach_in
from indicators.views.taking import review_taken
from programs.access import Reach, opened_to, signed_in
from programs.models import User
from programs.resending import typed_is_kept
from programs.taking import addresses, as_file, wanted


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed on the page, and why it was refused; both are shown again."""

    remarks: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""
    refusal: Refused | NotAllowed | None = None
    shown: Content | None = None  # by the page that sent it

    @property
    def status(self) -> int:
        if self.refusal is None:
            return 200
        if isinstance(self.refusal, NotAllowed):
            return 403
        return 409 if isinstance(self.refusal, Changed) else 422

    @property
    def alerts(self) -> list[str]:
        """What is said on top of the page."""
        if isinstance(self.refusal, Refused):
            return [it.message for it in self.refusal.complaints if it.series_id is None]
        return [str(self.refusal)] if self.refusal else []

    @property
    def at_rows(self) -> dict[int, list[str]]:
        """What is said at rows, by series id."""
        at_rows: dict[int, list[str]] = {}
        for it in self.refusal.complaints if isinstance(self.refusal, Refused) else ():
            if it.series_id is not None:
                at_rows.setdefault(it.series_id, []).append(it.message)
        return at_rows


@opened_to("signed in")
@require_safe
def report_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was reported, worst first, beside what it is to be judged by, or that as a file; 12 queries."""
    user = signed_in(request)
    report = listed_report(user, pk)
    if file_format := wanted(request):
        _check_may_look(user, report)
        return as_file(request, review_taken(load_sheet(report, today=timezone.localdate())), file_format)
    return _page(request, user, report, Said())


@typed_is_kept
@opened_to("signed in")
@require_POST
def report_send_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return the report with the remarks typed."""
    user = signed_in(request)
    report = listed_report(user, pk)
    remarks, reason = read_remarks(request.POST), request.POST.get("reason", "")
    submission, shown = number_of(request.POST.get("submission")), _shown(request, report)
    try:
        send_back(report_id=report.pk, by=user, submission=submission, remarks=remarks, reason=reason)
    except (Refused, NotAllowed) as refusal:
        return _page(request, user, listed_report(user, pk), Said(remarks, reason, refusal, shown))
    messages.success(request, _("%(report)s was sent back.") % {"report": report})
    return redirect("my-work")


@typed_is_kept
@opened_to("signed in")
@require_POST
def report_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter the figures in the ledger, exactly as the page had shown them."""
    user = signed_in(request)
    report = listed_report(user, pk)
    remarks, reason = read_remarks(request.POST), request.POST.get("reason", "")
    shown = _shown(request, report)
    try:
        if reach_in(user, report).reviews:  # others are told that they may not
            _check_no_remarks(remarks, reason)
        approve(
            report_id=report.pk,
            by=user,
            submission=number_of(request.POST.get("submission")),
            digest=request.POST.get("digest", ""),
            shown=shown,
        )
    except (Refused, NotAllowed) as refusal:
        return _page(request, user, listed_report(user, pk), Said(remarks, reason, refusal, shown))
    messages.success(
        request, _("%(report)s was approved: its figures are in the ledger.") % {"report": report}
    )
    return redirect("report-entry", report.pk)


@typed_is_kept
@opened_to("signed in")
@require_POST
def report_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give an approved report back for correction."""
    user = signed_in(request)
    report = listed_report(user, pk)
    reason, looked_at = request.POST.get("reason", ""), request.POST.get("submission")
    submission = None if looked_at is None else number_of(looked_at)
    try:
        reopen(report_id=report.pk, by=user, reason=reason, submission=submission)
    except (Refused, NotAllowed) as refusal:
        return _page(request, user, listed_report(user, pk), Said({}, reason, refusal))
    messages.success(
        request,
        _("%(report)s is reopened. Its figures stay in force until corrected ones are approved.")
        % {"report": report},
    )
    return redirect("report-entry", report.pk)


def _salt(report: Report) -> str:
    return f"review of {report.pk}"


def _shown(request: HttpRequest, report: Report) -> Content | None:
    """What the page had shown of the report when it was sent."""
    return differing.brought_back(request.POST.get("shown"), _salt(report))


def _compared(sheet: Sheet, said: Said) -> dict[str, object]:
    """What the page carries of what it shows, and what is different since it, and since each submission."""
    content, known = content_of(sheet), differing.submissions(sheet.steps)
    found: dict[str, object] = {"shown": differing.carried(content, _salt(sheet.report))}
    if isinstance(said.refusal, Changed) and said.shown:
        found["differences"] = differing.said(differences(said.shown, content))
    if sheet.report.state == State.SUBMITTED and known:
        found["moved"] = differing.said(differences(known[0].content or {}, content))
    if len(known) > 1:
        mended = differing.of_report(differences(known[1].content or {}, content))
        found |= {"mended": differing.said(mended), "mended_since": known[1].submission}
    return found


def _check_no_remarks(remarks: Mapping[int, str], reason: str) -> None:
    """Refused where remarks were typed, since approving would drop them unread."""
    if reason.strip() or any(text.strip() for text in remarks.values()):
        raise Refused(
            _("You typed remarks, which only go along when you send it back. Clear them to approve.")
        )


def _check_may_look(user: User, report: Report) -> Reach:
    """What the person may do in the report's program; 403 for who may not review there; 1 query."""
    own = reach_in(user, report)
    if not (own.reviews or own.administrator):
        raise PermissionDenied
    return own


def _page(request: HttpRequest, user: User, report: Report, said: Said) -> HttpResponse:
    own, today = _check_may_look(user, report), timezone.localdate()
    # taken before the rows are read: what changes in between is noticed when it is approved
    digest = digest_of_results(report)
    sheet = load_sheet(report, today=today, submissions=True)
    found = [review.read_row(row, said.remarks, said.at_rows) for row in review.worst_first(sheet)]
    figures = [line for row in sheet.rows for line in lines_of(row) if line.figure is not None]
    parts = sum(line.series.category_id is not None for line in figures)
    rights = _rights(report, own)
    more = {
        "boxes": rights["can_send_back"] or bool(said.remarks),
        "rows": found,
        "digest": digest,
        "steps": review.timeline(sheet),
        "alerts": said.alerts,
        "reason": said.reason,
        "approve_label": _approve_label(len(figures) - parts),
        "parts": parts,
        "flagged": sum(bool(row.flags) for row in found),
    }
    context = about(report, today) | rights | more | _compared(sheet, said) | addresses(request)
    return render(request, "indicators/report_review.html", context, status=said.status)


def _rights(report: Report, own: Reach) -> dict[str, bool]:
    """What the reader may do with the report, and why not."""
    waits = report.state == State.SUBMITTED and not report.period.locked
    approved = report.state == State.APPROVED and not report.period.locked
    return {
        "can_send_back": waits and own.reviews and not report.is_own,
        "can_approve": waits and own.reviews and not report.is_own,
        "is_own": waits and own.reviews and report.is_own,
        "lacks_approver": report.is_own and not report.has_other_approver,
        "can_reopen": approved and own.reviews and not report.is_own,
    }


def _approve_label(figures: int) -> str:
    if not figures:
        return _("Approve without figures")
    return ngettext("Approve %(count)d figure", "Approve %(count)d figures", figures) % {"count": figures}
