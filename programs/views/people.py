from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from programs.access import opened_to, program_for, signed_in
from programs.models import Assignment, Program, SignIn, User, has_second_factor
from programs.tables import RoleTable, SignInTable
from programs.taking import offer, taken

PER_PAGE = 50


@opened_to("signed in")
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who may do what in a program, and who signed in when, for its managers; 5 queries."""
    program, own = program_for(signed_in(request), code)
    if not own.plans:
        raise PermissionDenied
    signs = SignInTable(
        SignIn.objects.of_program(program).recent().select_related("user"), prefix="sign-ins-"
    )
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(signs)
    roles = RoleTable(list(_roles(program)), request=request, orderable=False)
    for table in (roles, signs):
        table.file_name = f"{program.code}-{table.file_name}"
    offer(request, roles, signs)
    if file := taken(request, roles, signs):
        return file
    page = {
        "program": program,
        "trail": [
            (_("Programs"), reverse("program-list")),
            (program.name_html, reverse("program", args=[program.code])),
        ],
        "roles": roles,
        "administrators": User.objects.filter(is_active=True, is_superuser=True)
        .annotate(second_factor=has_second_factor())
        .order_by("last_name", "first_name", "username"),
        "sign_ins": signs,
        "may_invite": own.administrator,
    }
    return render(request, "programs/people.html", page)


def _roles(program: Program) -> Iterable[Assignment]:
    """Every role, with since when it is as it is and what its person has; by role, then by name."""
    return (
        Assignment.objects.filter(program=program)
        .select_related("user", "site")
        .annotate(since=Max("events__pgh_created_at"), second_factor=has_second_factor("user"))
        .order_by("role", "user__last_name", "user__first_name", "user__username", "site__name")
    )
