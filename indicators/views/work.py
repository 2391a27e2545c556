"""What a person has to do, and the list of all reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.forms.filters import ReportFilter
from indicators.tables import ReportTable, lay_out
from indicators.views.taking import work_taken
from indicators.work import load_work
from programs.access import opened_to, reaches, signed_in
from programs.taking import addresses, as_file, offer, taken, wanted

PER_PAGE = 25


@opened_to("signed in")
@require_safe
def my_work(request: HttpRequest) -> HttpResponseBase:
    """What waits for who is signed in, and what they did lately; at most 10 queries."""
    work = load_work(signed_in(request), timezone.localdate())
    if file_format := wanted(request):
        return as_file(request, work_taken(work), file_format)
    page = {"work": work, "today": work.today} | addresses(request)
    return render(request, "indicators/my_work.html", page)


@opened_to("signed in")
@require_safe
def report_list(request: HttpRequest) -> HttpResponseBase:
    """The reports that the reader may know of, narrowed and sorted, in pages or taken along; at most 10."""
    user, today = signed_in(request), timezone.localdate()
    form = ReportFilter(request.GET, user=user)
    table: Any = ReportTable(
        form.narrowed(today), today=today, own=reaches(user), everything=user.is_administrator
    )
    table.filter_form = form
    lay_out(request, table, PER_PAGE)
    offer(request, table)
    if file := taken(request, table):
        return file
    return render(request, "indicators/report_list.html", {"table": table})
