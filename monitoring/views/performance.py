from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.exports import in_order
from indicators.ledger import ProgramBook, head_of, load_books
from indicators.models import Series
from monitoring.glossary import glossary
from monitoring.links import links_for
from monitoring.looking_back import LookBack, look_back
from monitoring.performance.book import about_table, performance_book
from monitoring.performance.columns import Column
from monitoring.performance.form import PerformanceForm
from monitoring.performance.page import Folds, breakdown_rows, performance_page
from monitoring.performance.table import (
    FIELDS,
    Performance,
    assemble,
    choose_columns,
    last_ended,
    narrowed,
    plain_rows,
)
from programs.access import Reach, opened_to, program_for, signed_in
from programs.models import Program
from programs.taking import address, choices_of, csv_file, made, wanted, xlsx_file


class Chosen(NamedTuple):
    """A table as it was chosen, with what it was made from."""

    program: Program
    own: Reach
    form: PerformanceForm
    back: LookBack
    book: ProgramBook
    sites: frozenset[int] | None
    table: Performance
    judged_in: Column | None  # the period whose status decides which rows are there

    @property
    def seen(self) -> frozenset[int] | None:
        """The sites that the figures are of: those chosen, or that the reader may see (None: all)."""
        return self.own.sites if self.sites is None else self.sites

    @property
    def only_sites(self) -> str:
        """The names of the sites that are all the reader may see; "" for who sees everything."""
        if self.own.sites is None:
            return ""
        return ", ".join(site.name for site in self.book.sites.values())

    @property
    def is_wrong(self) -> bool:
        """Whether something that was chosen can't be read."""
        return bool(self.form.errors or self.back.problem)


@opened_to("signed in")
@require_safe
def performance(request: HttpRequest, code: str) -> HttpResponseBase:
    """A program's performance table as a page or (`format=csv`, `xlsx`) a file; 9 queries, 10 as of a day."""
    file_format = wanted(request)
    chosen = _chosen(request, code, full=file_format == "csv")
    if file_format and not chosen.is_wrong:  # else the page says what can't be read
        return _file(request, chosen, file_format)
    return render(request, "monitoring/performance.html", _page(request, chosen))


@opened_to("signed in")
@require_safe
def performance_parts(request: HttpRequest, code: str, indicator_code: str) -> HttpResponse:
    """The breakdown rows of one indicator of that table, to be put in below it; 13 queries."""
    chosen = _chosen(request, code, categories=False)
    own, back = chosen.own, chosen.back
    book = load_books(
        [chosen.program],
        today=back.today,
        sites={chosen.program.pk: own.sites},
        as_of=back.moment,
        indicator=indicator_code,
        categories=True,
    )[chosen.program.pk]
    if not book.indicators:
        raise Http404
    table = assemble(book, chosen.table.columns, categories=True, sites=chosen.sites)
    return HttpResponse(breakdown_rows(table, links_for(chosen.book, "../", back, chosen.seen)))


def _chosen(request: HttpRequest, code: str, *, full: bool = False, categories: bool | None = None) -> Chosen:
    """The table that is asked for; 7 queries, 8 as of a day."""
    program, own = program_for(signed_in(request), code)
    form, back = PerformanceForm(request.GET), look_back(request)
    if categories is None:
        categories = form.with_categories
    books = load_books(
        [program], today=back.today, sites={program.pk: own.sites}, as_of=back.moment, categories=categories
    )
    book = books[program.pk]
    sites = form.offer(book)
    columns = choose_columns(book, form.calendar_chosen, form.reach, by=form.kind_chosen, full=full)
    table = assemble(book, columns, categories=categories, sites=sites, levels=form.levels)
    column = last_ended(columns, back.today) if form.statuses else None
    if column is not None:
        table = narrowed(table, column, form.statuses)
    elif form.statuses:
        form.refuse_status()
    return Chosen(program, own, form, back, book, sites, table, column)


def _page(request: HttpRequest, chosen: Chosen) -> dict[str, object]:
    """What the template shows; 2 queries."""
    program, own, form, back, book, _chosen_sites, table, column = chosen
    paper = request.GET.get("paper") == "on"
    links = links_for(book, "../", back, chosen.seen)
    unfolded = form.with_categories
    folds = Folds(
        Series.objects.filter(program=program).breakdown_names(own.sites),
        _with(request, categories="" if unfolded else "on"),
        unfolded,
    )
    return {
        "program": program,
        "form": form,
        "shown": performance_page(
            table, links, folds, latest=last_ended(table.columns, back.today), paper=paper
        ),
        "judged_in": column,
        "paper": paper,
        "paper_url": _with(request, paper="" if paper else "on"),
        # for who sees all of the ledger: from its hashes the figures of other sites can be guessed
        "head": head_of(program, back.moment) if own.sites is None else None,
        "back": back,
        "now": timezone.now(),
        "csv_url": address(request, "csv"),
        "xlsx_url": address(request, "xlsx"),
        "glossary": glossary(program.tolerance),
        "only_sites": chosen.only_sites,
        "chosen": choices_of(form),
    }


def _file(request: HttpRequest, chosen: Chosen, file_format: str) -> HttpResponseBase:
    """The table to take along; 1 query where its reader may know the ledger's head."""
    program, own, form, back, book, _chosen_sites, table, column = chosen
    head = head_of(program, back.moment) if own.sites is None else None
    name = f"{program.code}-performance"
    if file_format == "csv":
        named = " ".join(it.code for it in book.sites.values() if chosen.seen and it.pk in chosen.seen)
        root = request.build_absolute_uri(reverse("program", args=[program.code]))
        links = links_for(book, root, back, chosen.seen)
        return csv_file(name, FIELDS, in_order(FIELDS, plain_rows(book, table, links, named, head=head)))
    about = [*about_table(program, form, back, column, chosen.only_sites), *made(request)]
    if head is not None:
        about.append((_("Ledger head"), str(head)))
    foot = f"{program.shown_name} · {name}"
    return xlsx_file(name, performance_book(table, about, foot))


def _with(request: HttpRequest, **changes: str) -> str:
    """The same page with another choice; "" takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
