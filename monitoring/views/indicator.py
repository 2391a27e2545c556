from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.ledger import load_books
from monitoring.indicator_page import indicator_page
from monitoring.timeline import timeline_of
from programs.access import opened_to, program_for, signed_in


@opened_to("signed in")
@require_safe
def indicator(request: HttpRequest, code: str, indicator_code: str) -> HttpResponse:
    """How an indicator has gone and what that rests on; 8 queries."""
    found, own = program_for(signed_in(request), code)
    book = load_books(
        [found],
        today=timezone.localdate(),
        sites={found.pk: own.sites},
        indicator=indicator_code,
        categories=True,
    )[found.pk]
    if not book.indicators:
        raise Http404
    shown = book.indicators[0]
    page = indicator_page(found, book, shown)
    ledger = timeline_of(shown, own.sites, everything="all" in request.GET.getlist("ledger"))
    only = "" if own.sites is None else ", ".join(site.name for site in book.sites.values())
    return render(request, "monitoring/indicator.html", {**page, "ledger": ledger, "only_sites": only})
