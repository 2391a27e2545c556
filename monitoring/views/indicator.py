from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.ledger import load_books
from monitoring.indicator_page import indicator_page
from monitoring.links import links_for
from monitoring.looking_back import look_back
from monitoring.timeline import timeline_of
from programs.access import opened_to, program_for, signed_in


@opened_to("signed in")
@require_safe
def indicator(request: HttpRequest, code: str, indicator_code: str) -> HttpResponse:
    """How an indicator has gone and what that rests on; 8 queries, 9 as of a day."""
    found, own = program_for(signed_in(request), code)
    back = look_back(request)
    book = load_books(
        [found],
        today=back.today,
        sites={found.pk: own.sites},
        as_of=back.moment,
        indicator=indicator_code,
        categories=True,
    )[found.pk]
    if not book.indicators:
        raise Http404
    shown = book.indicators[0]
    links = links_for(book, "../../", back, own.sites)
    page = indicator_page(found, book, shown, links)
    everything = "all" in request.GET.getlist("ledger")
    ledger = timeline_of(shown, own.sites, links, moment=back.moment, everything=everything)
    only = "" if own.sites is None else ", ".join(site.name for site in book.sites.values())
    context = {**page, "ledger": ledger, "only_sites": only, "back": back}
    return render(request, "monitoring/indicator.html", context)
