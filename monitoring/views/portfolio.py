from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.ledger import ProgramBook, load_books
from indicators.tables import lay_out
from monitoring.atlas.page import Atlas, all_places
from monitoring.atlas.shading import Chosen, chosen_by
from monitoring.links import links_for
from monitoring.looking_back import look_back
from monitoring.portfolio.courses import load_courses
from monitoring.portfolio.file import portfolio_file, scope_of
from monitoring.portfolio.form import PortfolioForm, ProgramFilter
from monitoring.portfolio.movements_page import movements_page
from monitoring.portfolio.page import portfolio_page
from monitoring.portfolio.standing import before, portfolio_of
from monitoring.portfolio.tables import ProgramTable
from programs.access import opened_to, reaches, signed_in
from programs.models import Program
from programs.taking import address, as_file, offer, taken, wanted

ON_A_PAGE = 25


@opened_to("signed in")
@require_safe
def portfolio(request: HttpRequest) -> HttpResponseBase:
    """Where all programs that a person may see stand; 11 queries (the file 8), one more as of a day.

    And one more where a program reports nothing since the period before the one that is shown.
    """
    user, back = signed_in(request), look_back(request)
    programs = list(Program.objects.for_user(user))
    sites = {} if user.is_administrator else {key: own.sites for key, own in reaches(user).items()}
    form = PortfolioForm(request.GET, back.today)
    span = form.span(back.today)
    books = load_books(
        programs, today=back.today, sites=sites, as_of=back.moment, objectives=False, since=before(span).first
    )
    found = portfolio_of(programs, books, span, form.calendar_chosen)
    if (file_format := wanted(request)) and not (form.errors or back.problem):  # else the page says it
        scope = scope_of({it: _names(books[it.pk]) if sites.get(it.pk) else None for it in programs})
        return as_file(request, portfolio_file(found, form.calendar_chosen, back, scope), file_format)
    links = {
        it.pk: links_for(books[it.pk], reverse("program", args=[it.code]), back, sites.get(it.pk))
        for it in programs
    }
    courses = load_courses(found.lines, back.moment)
    page = portfolio_page(found, form.calendar_chosen, links, courses)
    chosen = chosen_by(form.map_chosen, books)
    context = {
        "form": form,
        "page": page,
        "moves": movements_page(found.scored, links),
        "map": Atlas(chosen or Chosen(), books, links, found.span, page.label).page(all_places()),
        "map_wrong": chosen is None,
        # without the scores: a template's context is a circle, and lives until Python looks for these
        "portfolio": replace(found, scored=[]),
        "back": back,
        "csv_url": address(request, "csv"),
        "xlsx_url": address(request, "xlsx"),
    }
    return render(request, "monitoring/portfolio.html", context)


def _names(book: ProgramBook) -> list[str]:
    return [site.name for site in book.sites.values()]


@opened_to("signed in")
@require_safe
def program_list(request: HttpRequest) -> HttpResponseBase:
    """The programs that a person may see, to sort, filter, page through and take along; 2 queries."""
    form = ProgramFilter(request.GET)
    programs = form.chosen(Program.objects.for_user(signed_in(request)).with_counts())
    back = look_back(request)
    table = ProgramTable(programs, filter_form=form, back=back)
    lay_out(request, table, ON_A_PAGE)
    offer(request, table)
    if file := taken(request, table):
        return file
    return render(request, "monitoring/program_list.html", {"table": table, "back": back})


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
    context = {"components": components, "back": look_back(request)}
    return render(request, "monitoring/performance_choose.html", context)
