"""A report for whoever may see it, and what every page of a report says of it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.formatting import due
from indicators.forms import wording
from indicators.models import OPEN_STATES, Report
from programs.access import Reach, reach_by
from programs.models import User


def listed_report(user: User, pk: int) -> Report:
    """The report, 404 for whoever may not know of it; 1 query."""
    report = Report.objects.listed_for(user).for_page(user).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def reach_in(user: User, report: Report) -> Reach:
    """What the person may do in the report's program, 403 for whoever may not see what it says."""
    own = reach_by(user, [(role["role"], role["site"]) for role in report.roles])
    if not own.sees_report(report.site_id):
        raise PermissionDenied
    return own


def about(report: Report, today: date) -> dict[str, object]:
    """What the head of every page of a report says."""
    period = report.period
    facts: list[str] = [report.program.name_html] if report.site else []
    facts += [days] if (days := wording.days_text(period)) else []
    if period.due_on and report.state in OPEN_STATES:
        facts.append(due(period.due_on, today))
    if period.locked:
        facts.append(_("locked"))
    return {
        "report": report,
        "heading": f"{report.site or report.program} · {period}",
        "facts": facts,
        "trail": [(_("My work"), reverse("my-work")), (_("Reports"), reverse("report-list"))],
        "last_label": wording.label_before(period) or _("Last period"),
        "year_before_label": wording.label_before(period, 12) or _("A year before"),
    }
