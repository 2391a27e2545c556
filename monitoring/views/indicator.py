from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.ledger import head_of, load_books
from monitoring.glossary import glossary
from monitoring.indicator.history import history_of
from monitoring.indicator.page import indicator_page
from monitoring.indicator.timeline import timeline_of
from monitoring.indicator.turns import with_turns
from monitoring.links import links_for
from monitoring.looking_back import look_back
from monitoring.page_books import about_page, indicator_book
from programs.access import opened_to, program_for, signed_in
from programs.taking import address, as_file, wanted


@opened_to("signed in")
@require_safe
def indicator(request: HttpRequest, code: str, indicator_code: str) -> HttpResponseBase:
    """How an indicator has gone and what that rests on; 10 queries, 11 as of a day; as a file 8 and 9."""
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
    history = history_of(book, shown)
    if (file_format := wanted(request)) and not back.problem:
        head = head_of(found, back.moment) if own.sites is None else None
        taken = indicator_book(history, shown, found, about_page(book, own, back, head))
        return as_file(request, taken, file_format)
    everything = "all" in request.GET.getlist("ledger")
    ledger = timeline_of(shown, own.sites, links, moment=back.moment, everything=everything)
    context = {
        **indicator_page(book, history, shown, links),
        "ledger": ledger,
        "lines": with_turns(ledger, shown, own, back.moment),
        "only_sites": "" if own.sites is None else ", ".join(site.name for site in book.sites.values()),
        "csv_url": address(request, "csv"),
        "xlsx_url": address(request, "xlsx"),
        "glossary": glossary(found.tolerance),
        "back": back,
    }
    return render(request, "monitoring/indicator.html", context)
