"""A report as it is typed: shown, saved (whole or row by row), checked and submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions import Changed, Complaint, Refused, merge, submit
from indicators.forms import around, review, rows, wording
from indicators.forms.sent import Sent
from indicators.models import Report, Result
from indicators.rows import BLANK, Typed
from indicators.sheets import load_sheet
from indicators.views.evidence import received
from indicators.views.loading import about, listed_report, reach_in
from programs.access import opened_to, signed_in
from programs.models import User
from programs.resending import typed_is_kept


@dataclass(frozen=True, slots=True)
class Said:
    """What a page is to say when it is shown again: what was typed and not kept, and why."""

    sent: Sent = field(default_factory=Sent)
    refusal: Refused | None = None
    loud: bool = False
    saved: Mapping[int, Typed] = field(default_factory=dict)  # what stands in the rows that were sent

    @property
    def status(self) -> int:
        if self.refusal is None:
            return 200
        return 409 if self.changed else 422

    @property
    def complaints(self) -> Sequence[Complaint]:
        return self.refusal.complaints if self.refusal else ()

    @property
    def changed(self) -> Changed | None:
        return self.refusal if isinstance(self.refusal, Changed) else None

    @property
    def version(self) -> int | None:
        """The version that the page goes on with: its own while what is in its boxes was not weighed yet."""
        return self.sent.version if self.sent.edits and self.changed is None else None

    @property
    def typed(self) -> dict[int, Typed]:
        """The rows as the person left them, over what stands by now."""
        return self.sent.over(self.saved) if self.refusal else {}

    def manner(self, request: HttpRequest, report_id: int, start: str = "") -> rows.Manner:
        """How the rows are shown."""
        at_fields: dict[str, list[str]] = {}
        for complaint in self.complaints:
            if complaint.series_id is not None:
                at_fields.setdefault(f"{complaint.field}-{complaint.series_id}", []).append(complaint.message)
        conflicts = self.changed.conflicts if self.changed else {}
        return rows.Manner(
            loud=self.loud,
            all_open=request.GET.get("notes") == "all",
            start=start,
            said=at_fields,
            sent=self.sent.touched if self.refusal else self.sent.edits,
            kept=self.refusal is None,
            saved=self.saved,
            conflicts=conflicts,
            typists=Result.objects.typists(report_id, conflicts) if conflicts else {},
            anew=self.sent.anew,
        )


def refused(report: Report, sent: Sent, refusal: Refused) -> Said:
    """What to say of rows that were refused, with what stands in them; 1 query."""
    found = Result.objects.filter(report=report, series__in=sent.edits)
    stands = {result.series_id: result.as_typed for result in found}
    return Said(sent, refusal, saved=dict.fromkeys(sent.edits, BLANK) | stands)


@typed_is_kept
@opened_to("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def report_entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet for typing while the report is open for this person, else for reading; at most 12 queries."""
    user = signed_in(request)
    report = listed_report(user, pk)
    if request.method == "POST":
        return _save(request, user, report)
    return _page(request, user, report, Said(loud="check" in request.GET))


@typed_is_kept
@opened_to("signed in")
@require_POST
def report_save(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep the rows that a page sends by itself, and answer with where they stand now; at most 25 queries."""
    user = signed_in(request)
    report = listed_report(user, pk)
    if "HX-Request" not in request.headers:
        return _save(request, user, report)
    sent = received(request, user, report.pk)
    try:
        report = keep(report.pk, user, sent)
    except Refused as refusal:
        return _answer(request, report.pk, refused(report, sent, refusal))
    return _answer(request, report.pk, Said(sent))


@typed_is_kept
@opened_to("signed in")
@require_POST
def report_submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep what is typed and hand the report in; shown again with what stands in the way."""
    user = signed_in(request)
    report = listed_report(user, pk)
    sent = received(request, user, report.pk)
    try:
        version = _version_to_submit(keep(report.pk, user, sent), user, sent) if sent.edits else sent.version
    except Refused as refusal:
        return _page(request, user, listed_report(user, pk), refused(report, sent, refusal))
    try:
        submit(report_id=report.pk, by=user, version=version)
    except Refused as refusal:
        changed = isinstance(refusal, Changed)
        return _page(request, user, listed_report(user, pk), Said(refusal=refusal, loud=not changed))
    messages.success(request, _("The report was submitted. A manager of the program reviews it now."))
    return redirect("report-entry", pk)


@opened_to("signed in")
@require_safe
def report_check(request: HttpRequest, pk: int) -> HttpResponse:
    """All that stands in the way of submitting, each with a link to its field; 11 queries."""
    user, today = signed_in(request), timezone.localdate()
    report = listed_report(user, pk)
    own = reach_in(user, report)
    sheet = load_sheet(report, today=today)
    context = about(report, today) | {
        "sheet": sheet,
        "complaints": around.summary(sheet, sheet.complaints),
        "not_ended": wording.not_ended(report.period, today),
        "can_type": report.is_open and own.reports_for(report.site_id),
        "lacks_approver": not report.has_other_approver,
        "saved": wording.saved_text(report, sheet),
    }
    return render(request, "indicators/report_check.html", context)


def keep(report_id: int, by: User, sent: Sent) -> Report:
    """Save the boxes that the person touched; Changed where somebody else typed in one of them meanwhile."""
    if sent.wrong:
        raise Refused(sent.wrong)
    return merge(report_id=report_id, by=by, edits=sent.touched, version=sent.version, handed=sent.handed)


def _version_to_submit(saved: Report, user: User, sent: Sent) -> int:
    """The version that this person saw: the one that the page had, or what was just saved on top of it."""
    is_next = saved.version == sent.version + 1 and saved.saved_by_id == user.pk
    return saved.version if is_next else sent.version


def _save(request: HttpRequest, user: User, report: Report) -> HttpResponseBase:
    sent = received(request, user, report.pk)
    try:
        keep(report.pk, user, sent)
    except Refused as refusal:
        return _page(request, user, listed_report(user, report.pk), refused(report, sent, refusal))
    if request.POST.get("then") == "check":
        return redirect("report-check", report.pk)
    return redirect(f"{reverse('report-entry', args=[report.pk])}?saved")


def _page(request: HttpRequest, user: User, report: Report, said: Said) -> HttpResponse:
    today = timezone.localdate()
    own = reach_in(user, report)
    # what was typed is shown in boxes again even when the report has been closed meanwhile
    can_type = own.reports_for(report.site_id) and (report.is_open or bool(said.sent.edits))
    sheet = load_sheet(report, today=today, typed=said.typed)
    goes_on = can_type and "saved" in request.GET
    start = around.box_after_last(sheet) if goes_on else ""
    context = about(report, today) | {
        "sheet": sheet,
        "own": own,
        "can_type": can_type,
        "lacks_approver": report.is_open and not report.has_other_approver,
        "saved": wording.saved_text(report, sheet),
        "not_ended": wording.not_ended(report.period, today),
        "steps": review.timeline(sheet),
        "alerts": [it.message for it in said.complaints if it.series_id is None],
        "version": said.version or report.version,
        "changed": said.changed is not None,
        "refused": bool(said.refusal and said.sent.edits),
    }
    if can_type:
        context["said"] = around.row_words(report)
        context["groups"] = rows.entry_groups(sheet, said.manner(request, report.pk, start))
        at_rows = [it for it in said.complaints if it.series_id is not None]
        context["complaints"] = around.summary(sheet, sheet.complaints if said.loud else at_rows)
    else:
        context["rows"] = [review.read_row(row) for row in sheet.rows]
    template = "indicators/report_entry.html" if can_type else "indicators/report_read.html"
    return render(request, template, context, status=said.status)


def _answer(request: HttpRequest, pk: int, said: Said) -> HttpResponse:
    """Where the rows that were sent stand now; the text in their boxes is left alone."""
    report = Report.objects.select_related("program", "site", "period", "saved_by").get(pk=pk)
    kept = said.refusal is None
    sheet = load_sheet(report, today=timezone.localdate(), typed=said.typed)
    manner = said.manner(request, report.pk)
    context = {
        "report": report,
        "rows": [rows.entry_row(row, manner) for row in sheet.rows if row.line.series.pk in said.sent.edits],
        "saved": wording.saved_text(report, sheet),
        "alerts": [it.message for it in said.complaints if it.series_id is None],
        "version": said.sent.version + 1 if kept and report.version == said.sent.version + 1 else None,
        "kept": kept,
        "changed": said.changed is not None,
    }
    response = render(request, "indicators/_rows_saved.html", context)
    response["Rendir-Saved"] = "yes" if kept else "no"
    return response
