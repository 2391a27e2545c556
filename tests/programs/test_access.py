"""Who may see and do what: every role, alone and together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory

from programs.access import program_for, reach, reaches, signed_in
from programs.models import Program, Site, User
from tests.builders import assign, make_administrator, make_program, make_site, make_user

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class May:
    """What one is expected to be allowed; "own" is the one site of a reporter."""

    sees: str = ""  # all, own
    plans: bool = False
    reviews: bool = False
    reports: str = ""
    sees_reports: str = ""


ROLES: dict[str, tuple[list[tuple[str, bool]], May]] = {
    "viewer": ([("viewer", False)], May(sees="all")),
    "manager": (
        [("manager", False)],
        May(sees="all", plans=True, reviews=True, reports="all", sees_reports="all"),
    ),
    "reporter": ([("reporter", False)], May(sees="all", reports="all", sees_reports="all")),
    "reporter of a site": ([("reporter", True)], May(sees="own", reports="own", sees_reports="own")),
    "viewer and reporter of a site": (
        [("viewer", False), ("reporter", True)],
        May(sees="all", reports="own", sees_reports="own"),
    ),
    "manager and reporter of a site": (
        [("manager", False), ("reporter", True)],
        May(sees="all", plans=True, reviews=True, reports="all", sees_reports="all"),
    ),
}


@pytest.fixture
def program() -> Program:
    return make_program()


@pytest.fixture
def site(program: Program) -> Site:
    return make_site(program)


def _has(extent: str, *, own: bool) -> bool:
    return extent == "all" or (extent == "own" and own)


def _check(user: User, program: Program, site: Site, may: May) -> None:
    other = make_site(program)
    found = reach(user, program)
    assert found is not None
    assert (found.plans, found.reviews) == (may.plans, may.reviews)
    assert found.sites == (None if may.sees == "all" else frozenset({site.pk}))
    for one in (site.pk, other.pk, None):
        own = one == site.pk
        assert found.reports_for(one) == _has(may.reports, own=own)
        assert found.sees_report(one) == _has(may.sees_reports, own=own)


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_reaches_so_far(role: str, program: Program, site: Site) -> None:
    user = make_user()
    assignments, may = ROLES[role]
    for name, of_site in assignments:
        assign(user, program, name, site if of_site else None)
    _check(user, program, site, may)
    assert reach(user, make_program()) is None


def test_an_administrator_sees_all_and_plans_but_neither_reports_nor_reviews(
    program: Program, site: Site
) -> None:
    may = May(sees="all", plans=True, sees_reports="all")
    _check(make_administrator(), program, site, may)


def test_an_administrator_may_have_a_role_besides(program: Program, site: Site) -> None:
    user = make_administrator()
    assign(user, program, "manager")
    may = May(sees="all", plans=True, reviews=True, reports="all", sees_reports="all")
    _check(user, program, site, may)


@pytest.mark.parametrize("make", [make_user, make_administrator])
def test_who_is_not_active_reaches_nothing(make: type, program: Program) -> None:
    user = make(is_active=False)
    assign(user, program, "manager")
    assert reaches(user) == {}
    assert reach(user, program) is None


def test_a_reporter_may_have_several_sites(program: Program, site: Site) -> None:
    user, second = make_user(), make_site(program)
    assign(user, program, "reporter", site)
    assign(user, program, "reporter", second)
    found = reach(user, program.pk)
    assert found is not None
    assert found.sites == frozenset({site.pk, second.pk})


def test_all_programs_are_asked_for_at_once(
    program: Program, site: Site, django_assert_num_queries: object
) -> None:
    user = make_user()
    programs = [program, make_program(), make_program()]
    for one in programs:
        assign(user, one, "viewer")
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert set(reaches(user)) == {one.pk for one in programs}


def test_a_program_is_found_by_whom_it_concerns(program: Program) -> None:
    member, outsider = make_user(), make_user()
    assign(member, program, "viewer")
    found, own = program_for(member, program.code)
    assert (found, own.viewer) == (program, True)
    assert program_for(make_administrator(), program.code)[1].administrator
    for user, code in ((outsider, program.code), (member, "no-such"), (make_administrator(), "no-such")):
        with pytest.raises(Http404):
            program_for(user, code)


def test_querysets_agree_with_reach(program: Program) -> None:
    make_program()
    for name, manages in (("viewer", False), ("reporter", False), ("manager", True)):
        user = make_user()
        assign(user, program, name)
        assert list(Program.objects.for_user(user)) == [program]
        assert list(Program.objects.managed_by(user)) == ([program] if manages else [])
    assert Program.objects.for_user(make_administrator()).count() == 2
    assert Program.objects.managed_by(make_administrator()).count() == 2
    assert not Program.objects.for_user(make_user()).exists()


def test_only_a_person_is_signed_in() -> None:
    request = RequestFactory().get("/")
    request.user = make_user()
    assert signed_in(request) == request.user
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        signed_in(request)
