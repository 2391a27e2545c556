"""The tables of the app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.formatting import away, day, status_html, status_word
from indicators.models import OPEN_STATES, Report
from indicators.models.report import ReportQuerySet
from programs.access import Reach
from programs.models.bilingual import shown_first


def lay_out(request: HttpRequest, table: Any, per_page: int) -> None:
    """Sort the table as asked for, and turn to the page asked for; how long a page is, is not asked."""
    tables.RequestConfig(request, paginate=False).configure(table)
    table.paginate(per_page=per_page)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))


class ReportTable(tables.Table):  # type: ignore[misc]  # it publishes no types
    """Reports that the reader may know of; each is a link where the reader may see what it says."""

    program = tables.Column(_("Program"), accessor="program__name", order_by="named")
    site = tables.Column(_("Site"), accessor="site__name", default="–")
    period = tables.Column(_("Period"), order_by=("begins", "period__label"))
    state = tables.Column(_("State"))
    due = tables.Column(pgettext_lazy("a day", "Due"), accessor="period__due_on", default="–")
    submitted_at = tables.Column(_("Submitted"), default="–")
    open = tables.Column(_("Report"), accessor="pk", orderable=False, exclude_from_export=True)

    file_name = "reports"
    caption = _("Reports")
    empty_text = _("No reports here.")

    class Meta:
        order_by = ("-period", "program", "site")

    def __init__(
        self, reports: ReportQuerySet, *, today: date, own: Mapping[int, Reach], everything: bool
    ) -> None:
        begins = Coalesce("period__first_on", date.min)  # what was published without days is no news
        super().__init__(reports.annotate(named=shown_first("program__name"), begins=begins))
        self.today, self.own, self.everything = today, own, everything

    def render_program(self, record: Report) -> SafeString:
        return record.program.name_html

    def value_program(self, record: Report) -> str:
        return record.program.shown_name

    def render_state(self, record: Report) -> SafeString:
        return status_html(record.state)

    def value_state(self, record: Report) -> str:
        return status_word(record.state)

    def render_due(self, value: date, record: Report) -> SafeString:
        if record.state in OPEN_STATES and value < self.today:
            return status_html("overdue", f"{day(value)} ({away(value, self.today)})")
        return format_html("{}", day(value))

    def value_due(self, value: date) -> date:
        return value

    def render_submitted_at(self, value: Any) -> str:
        return day(timezone.localtime(value).date())

    def value_submitted_at(self, value: datetime) -> datetime:
        return value

    def render_open(self, record: Report) -> SafeString:
        reach = self.own.get(record.program_id)
        if not (self.everything or (reach is not None and reach.sees_report(record.site_id))):
            return format_html('<span class="quiet">{}</span>', _("not for you to open"))
        return format_html(
            '<a href="{}">{} <span class="usa-sr-only">{}</span></a>',
            reverse("report-entry", args=[record.pk]),
            _("Open"),
            record,
        )
