from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.ledger import load_books
from monitoring.looking_back import look_back
from monitoring.overview import about
from monitoring.program_page import program_page
from programs.access import opened_to, program_for, signed_in


@opened_to("signed in")
@require_safe
def program(request: HttpRequest, code: str) -> HttpResponse:
    """A program at a glance; 9 queries, 10 as of a day."""
    found, own = program_for(signed_in(request), code)
    back = look_back(request)
    books = load_books([found], today=back.today, sites={found.pk: own.sites}, as_of=back.moment)
    page = program_page(found, books[found.pk], about(found), own, back)
    return render(request, "monitoring/program.html", {**page, "back": back})
