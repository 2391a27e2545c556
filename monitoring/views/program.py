from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.ledger import head_of, load_books
from monitoring.glossary import glossary
from monitoring.looking_back import look_back
from monitoring.page_books import about_page, program_book
from monitoring.program.about import about
from monitoring.program.overview import overview_of
from monitoring.program.page import program_page
from programs.access import opened_to, program_for, signed_in
from programs.taking import address, as_file, wanted


@opened_to("signed in")
@require_safe
def program(request: HttpRequest, code: str) -> HttpResponseBase:
    """A program at a glance, or (`format=csv`, `xlsx`) its indicators as a file; 9 queries, 10 as of a day.

    For the head of the ledger a file takes one more.
    """
    found, own = program_for(signed_in(request), code)
    back, told = look_back(request), about(found)
    books = load_books([found], today=back.today, sites={found.pk: own.sites}, as_of=back.moment)
    book = books[found.pk]
    overview = overview_of(book, told.objectives)
    if (file_format := wanted(request)) and not back.problem:
        head = head_of(found, back.moment) if own.sites is None else None
        taken = program_book(overview, book, about_page(book, own, back, head))
        return as_file(request, taken, file_format)
    page = program_page(overview, book, told, own, back)
    files = {"csv_url": address(request, "csv"), "xlsx_url": address(request, "xlsx")}
    context = {**page, **files, "glossary": glossary(found.tolerance), "back": back}
    return render(request, "monitoring/program.html", context)
