from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.ledger import load_books
from indicators.models import Entry
from monitoring.figure.entry import entry_for, entry_page
from monitoring.figure.page import FigurePage, NoSuchFigure, asked_for, entries_below, shown_figure
from monitoring.links import links_within
from monitoring.looking_back import look_back
from programs.access import opened_to, program_for, signed_in


@opened_to("signed in")
@require_safe
def figure(request: HttpRequest, code: str, indicator_code: str, period: str) -> HttpResponse:
    """A combined or judged figure with what it was made of; 8 queries, 9 as of a day."""
    found, own = program_for(signed_in(request), code)
    back = look_back(request)
    book = load_books(
        [found],
        today=back.today,
        sites={found.pk: own.sites},
        as_of=back.moment,
        indicator=indicator_code,
        categories="category" in request.GET,
    )[found.pk]
    try:
        asked = asked_for(request.GET, book, own, period)
        shown = shown_figure(asked)
    except NoSuchFigure as nothing:
        raise Http404 from nothing
    links = links_within(found, "../../../../", back, asked.codes)
    numbers = Entry.objects.numbers_of(entries_below(shown))
    page = FigurePage(asked, shown, book, own, links, numbers).context()
    address = request.build_absolute_uri(request.get_full_path())
    return render(request, "monitoring/figure.html", {**page, "back": back, "address": address})


@opened_to("signed in")
@require_safe
def entry(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """An entry of the ledger: what it says, who said so, on which evidence, what it replaced; 7 queries."""
    found, own = program_for(signed_in(request), code)
    back = look_back(request)
    shown = entry_for(found, number, own, back.moment)
    if shown is None:
        raise Http404
    links = links_within(found, "../../", back)
    address = request.build_absolute_uri(request.get_full_path())
    page = entry_page(shown, own, links, back)
    return render(request, "monitoring/entry.html", {**page, "back": back, "address": address})
