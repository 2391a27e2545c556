from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.ledger import load_books
from indicators.tables import lay_out
from monitoring.forms import PortfolioForm, ProgramFilter
from monitoring.portfolio import portfolio_of
from monitoring.portfolio_page import portfolio_page
from monitoring.tables import ProgramTable
from programs.access import opened_to, reaches, signed_in
from programs.models import Program

ON_A_PAGE = 25


@opened_to("signed in")
@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """Every program that a person may see: how its indicators stand, which reports are missing; 8 queries."""
    user, today = signed_in(request), timezone.localdate()
    programs = list(Program.objects.for_user(user))
    sites = {} if user.is_administrator else {key: own.sites for key, own in reaches(user).items()}
    books = load_books(programs, today=today, sites=sites)
    form = PortfolioForm(request.GET, today)
    found = portfolio_of(programs, books, form.span(today))
    page = portfolio_page(found, form.calendar_chosen)
    return render(request, "monitoring/portfolio.html", {"form": form, "page": page, "portfolio": found})


@opened_to("signed in")
@require_safe
def program_list(request: HttpRequest) -> HttpResponse:
    """The programs that a person may see, to sort, filter and page through; 2 queries."""
    form = ProgramFilter(request.GET)
    programs = form.chosen(Program.objects.for_user(signed_in(request)).with_counts())
    table = ProgramTable(programs, filter_form=form)
    lay_out(request, table, ON_A_PAGE)
    return render(request, "monitoring/program_list.html", {"table": table})


@opened_to("signed in")
@require_safe
def performance_choose(request: HttpRequest) -> HttpResponse:
    """The programs to choose a performance table from; 1 query."""
    programs = Program.objects.for_user(signed_in(request))
    components = [
        (name, found)
        for value, name in Program.Component.choices
        if (found := [it for it in programs if it.component == value])
    ]
    return render(request, "monitoring/performance_choose.html", {"components": components})
