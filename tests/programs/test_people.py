"""Who may do what in a program, and who signed in when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programs.models import Program, SecondFactor, SignIn, Site, User
from tests import builders as make

pytestmark = pytest.mark.django_db
PAGE = "/programs/OURS/people/"


@pytest.fixture
def program() -> Program:
    return make.make_program(code="OURS", name="Ours")


@pytest.fixture
def site(program: Program) -> Site:
    return make.make_site(program, name="Bellavista")


@pytest.fixture
def manager(program: Program) -> User:
    manager = make.make_user(first_name="Ana", last_name="Torres")
    make.assign(manager, program, "manager")
    return manager


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def sign_in(user: User | None, *, days_ago: int = 0, succeeded: bool = True) -> SignIn:
    at = timezone.now() - timedelta(days=days_ago)
    return SignIn.objects.create(user=user, how="password", succeeded=succeeded, at=at)


def rows(client: Client, table: str) -> list[list[str]]:
    found = client.get(PAGE).context[table]
    return [[str(cell) for _column, cell in row.items()] for row in found.paginated_rows]


def test_every_role_is_told(page: Client, program: Program, site: Site, manager: User) -> None:
    reporter = make.make_user(first_name="Luis", last_name="Paredes", is_active=False)
    make.assign(reporter, program, "reporter", site)
    SecondFactor.objects.create(user=manager, type="totp", data={})
    make.assign(make.make_user(username="elsewhere"), make.make_program(), "manager")
    ana, luis = rows(page, "roles")
    today = str(timezone.localtime().year)
    assert (ana[:3], ana[4]) == (["Ana Torres", "manager", ana[2]], "set")
    assert "whole program" in ana[2]
    assert today in ana[3]
    assert "account closed" in luis[0]
    assert (luis[1], luis[2]) == ("reporter", "Bellavista")
    assert "not set" in luis[4]
    assert "never" in luis[5]


def test_recovery_codes_alone_are_no_second_factor(page: Client, manager: User) -> None:
    SecondFactor.objects.create(user=manager, type="recovery_codes", data={})
    assert "not set" in rows(page, "roles")[0][4]


def test_since_when_is_when_it_last_changed(page: Client, program: Program, site: Site) -> None:
    from programs.models import Assignment

    role = make.assign(make.make_user(last_name="Zz"), program, "viewer")
    events = Assignment.events.rel.related_model.objects.filter(pgh_obj_id=role.pk)  # type: ignore[attr-defined]  # made by pghistory
    assert events.count() == 1
    role.role, role.site = "reporter", site
    role.save()
    assert events.count() == 2
    latest = events.latest("pgh_id").pgh_created_at
    found = next(row.record for row in page.get(PAGE).context["roles"].rows if row.record.pk == role.pk)
    assert found.since == latest


def test_sign_ins_of_these_people_alone(page: Client, program: Program, manager: User) -> None:
    viewer = make.make_user(first_name="Rosa", last_name="Huamán")
    make.assign(viewer, program, "viewer")
    make.assign(viewer, program, "reporter")
    sign_in(viewer, succeeded=False)
    sign_in(manager)
    sign_in(manager, days_ago=89)
    sign_in(manager, days_ago=91)
    sign_in(make.make_user(username="elsewhere"))
    sign_in(None, succeeded=False)
    listed = rows(page, "sign_ins")
    assert [row[1] for row in listed] == ["Ana Torres", "Rosa Huamán", "Ana Torres"]
    assert [("signed in" in row[3], "refused" in row[3]) for row in listed] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_many_sign_ins_come_in_pages(page: Client, manager: User) -> None:
    for _number in range(60):
        sign_in(manager)
    assert len(rows(page, "sign_ins")) == 50
    second = page.get(f"{PAGE}?sign-ins-page=2").context["sign_ins"]
    assert len(list(second.paginated_rows)) == 10


def test_odd_pages_are_pages(page: Client, manager: User) -> None:
    sign_in(manager)
    for odd in ("0", "-1", "x", "999", "9" * 30):
        assert page.get(f"{PAGE}?sign-ins-page={odd}").status_code == 200


def test_as_many_queries_for_three_as_for_one(
    page: Client, program: Program, manager: User, django_assert_num_queries: Any
) -> None:
    sign_in(manager)
    make.make_administrator()
    for _round in range(2):
        with django_assert_num_queries(8):
            page.get(PAGE)
        for _number in range(2):
            person = make.make_user()
            make.assign(person, program, "reporter", make.make_site(program))
            sign_in(person)
            make.make_administrator()


@pytest.mark.parametrize("role", ["viewer", "reporter"])
def test_who_sees_but_does_not_manage(client: Client, program: Program, role: str) -> None:
    person = make.make_user()
    make.assign(person, program, role)
    client.force_login(person)
    assert client.get(PAGE).status_code == 403


def test_an_outsider_finds_nothing(client: Client, program: Program) -> None:
    manager = make.make_user()
    make.assign(manager, make.make_program(), "manager")
    client.force_login(manager)
    assert client.get(PAGE).status_code == 404


def test_an_administrator_finds_the_way_to_invite(client: Client, program: Program) -> None:
    client.force_login(make.make_administrator(first_name="Carmen", last_name="Solís"))
    told = " ".join(client.get(PAGE).content.decode().split())
    assert "Invite a person" in told
    assert "Carmen Solís (second factor not set)" in told


def test_a_manager_does_not(page: Client) -> None:
    assert "Invite a person" not in page.get(PAGE).content.decode()
