from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.exports import in_order
from indicators.ledger import ProgramBook, head_of, load_books
from monitoring.forms import PerformanceForm
from monitoring.links import links_for
from monitoring.looking_back import look_back
from monitoring.performance import FIELDS, assemble, choose_columns, plain_rows
from monitoring.performance_page import performance_page
from programs.access import opened_to, program_for, signed_in
from programs.models import Program
from programs.taking import csv_lines


@opened_to("signed in")
@require_safe
def performance(request: HttpRequest, code: str) -> HttpResponseBase:
    """A program's performance table as a page, or (`format=csv`) to take along; 8 queries, 9 as of a day."""
    found, own = program_for(signed_in(request), code)
    form, back = PerformanceForm(request.GET), look_back(request)
    breakdowns = bool(form.cleaned_data.get("categories"))
    book = load_books(
        [found],
        today=back.today,
        sites={found.pk: own.sites},
        as_of=back.moment,
        categories=breakdowns,
    )[found.pk]
    sites = form.offer(book)
    as_csv = request.GET.get("format") == "csv"
    columns = choose_columns(book, form.calendar_chosen, form.reach, by=form.kind_chosen, full=as_csv)
    table = assemble(book, columns, categories=breakdowns, sites=sites)
    seen = own.sites if sites is None else sites
    # for who sees all of the ledger: from its hashes the figures of other sites can be guessed
    head = head_of(found, back.moment) if own.sites is None else None
    if as_csv and not (form.errors or back.problem):  # else the page says what can't be read
        site = str(form.cleaned_data.get("site") or "") if sites else ""
        root = request.build_absolute_uri(reverse("program", args=[found.code]))
        links = links_for(book, root, back, seen)
        return _csv(found, in_order(FIELDS, plain_rows(book, table, links, site, head=head)))
    return render(
        request,
        "monitoring/performance.html",
        {
            "program": found,
            "form": form,
            "shown": performance_page(table, links_for(book, "../", back, seen)),
            "head": head,
            "back": back,
            "now": timezone.now(),
            "csv_url": _with(request, format="csv"),
            "only_sites": _names(book) if own.sites is not None else "",
        },
    )


def _names(book: ProgramBook) -> str:
    return ", ".join(site.name for site in book.sites.values())


def _with(request: HttpRequest, **changes: str) -> str:
    """The same page with another choice."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _csv(program: Program, rows: object) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(FIELDS, rows), content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{program.code}-performance.csv"'
    return response
