"""Targets and baselines: a year of a program on one page, and one by itself for any period."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indicators import words
from indicators.actions import Changed, Complaint, Refused, set_plans
from indicators.forms.planning import PlanForm
from indicators.forms.targets import Grid, load_grid
from indicators.periods import Calendar
from indicators.reading import YEARS
from indicators.values import Change
from indicators.views.taking import targets_taken
from programs.access import opened_to, program_for, signed_in
from programs.models import Program, Site, User
from programs.resending import typed_is_kept
from programs.taking import addresses, as_file, wanted

WRONG, CONFLICT = 422, 409


def planned_program(user: User, code: str) -> Program:
    """The program, 404 for whoever has no part in it, 403 for whoever may not plan; 1 query."""
    program, own = program_for(user, code)
    if not own.plans:
        raise PermissionDenied
    return program


@typed_is_kept
@opened_to("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """The targets of a program, or of one site, in a year: shown and set; at most 12 and 25 queries."""
    user = signed_in(request)
    program = planned_program(user, code)
    if year not in YEARS:
        raise Http404
    sites = list(Site.objects.filter(program=program).order_by("name"))
    grid = load_grid(program, _site(request, sites), year, _calendar(request))
    if request.method != "POST":
        if file_format := wanted(request):
            return as_file(request, targets_taken(grid), file_format)
        return _page(request, grid, sites)
    try:
        grid.take(request.POST.dict())
        set_count = _set(request, user, grid)
    except Refused as refusal:
        grid = grid if not isinstance(refusal, Changed) else _again(request, grid)
        return _page(request, grid, sites, refusal)
    _tell(request, set_count)
    return redirect(request.get_full_path())


def _site(request: HttpRequest, sites: Sequence[Site]) -> Site | None:
    code = request.GET.get("site")
    if not code:
        return None
    found = next((site for site in sites if site.code == code), None)
    if found is None:
        raise Http404
    return found


def _calendar(request: HttpRequest) -> Calendar:
    return Calendar.FISCAL if request.GET.get("calendar") == Calendar.FISCAL else Calendar.CALENDAR


def _change(request: HttpRequest) -> Change | None:
    chosen = request.POST.get("change")
    return Change(chosen) if chosen in set(Change) else None


def _set(request: HttpRequest, user: User, grid: Grid) -> int:
    """Set what was typed; how many targets were set."""
    plans = grid.plans()
    entries = set_plans(
        program_id=grid.program.pk,
        by=user,
        plans=plans,
        reason=request.POST.get("reason", ""),
        change=_change(request),
    )
    return len(entries)


def _again(request: HttpRequest, grid: Grid) -> Grid:
    """The grid as it stands now, with what was typed still in its boxes."""
    now = load_grid(grid.program, grid.site, _number_of(grid), grid.calendar)
    now.take(request.POST.dict())
    return now


def _number_of(grid: Grid) -> int:
    return int(grid.year.label[-4:])


def _tell(request: HttpRequest, count: int) -> None:
    if not count:
        messages.info(request, _("Nothing was changed."))
        return
    said = ngettext("%(count)d target was set.", "%(count)d targets were set.", count) % {"count": count}
    messages.success(request, said)


def _page(
    request: HttpRequest, grid: Grid, sites: Sequence[Site], refusal: Refused | None = None
) -> HttpResponse:
    complaints: Sequence[Complaint] = refusal.complaints if refusal else ()
    grid.complain(complaints)
    number = _number_of(grid)
    program = grid.program
    context = {
        "grid": grid,
        "program": program,
        "sites": sites,
        "label": grid.year.label,
        "years": [(step, reverse("targets", args=[program.code, number + step])) for step in (-1, 1)],
        "calendars": list(words.CALENDARS.items()),
        "changes": list(words.CHANGES.items()),
        "trail": trail(program),
        "complaints": grid.summary(complaints),
        "said": {it.field: it.message for it in complaints},
        "reason": request.POST.get("reason", ""),
        "change": request.POST.get("change", ""),
        "query": request.GET.urlencode(),
    } | addresses(request)
    status = 200 if refusal is None else CONFLICT if isinstance(refusal, Changed) else WRONG
    return render(request, "indicators/targets.html", context, status=status)


def trail(program: Program) -> list[tuple[str, str]]:
    return [(program.name_html, reverse("program", args=[program.code]))]


@typed_is_kept
@opened_to("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_set(request: HttpRequest, code: str) -> HttpResponseBase:
    """One target or baseline for any period: shown and set; at most 12 and 25 queries."""
    user = signed_in(request)
    program = planned_program(user, code)
    form = PlanForm(
        request.POST if request.method == "POST" else None, program=program, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        try:
            entries = form.set(user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _tell(request, len(entries))
            return redirect(request.get_full_path())
    status = 200 if request.method != "POST" else CONFLICT if form.conflict else WRONG
    context = {"form": form, "program": program, "trail": trail(program)}
    return render(request, "indicators/plan_set.html", context, status=status)
