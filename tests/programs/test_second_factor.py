"""The second factor: set up, passed, lost, reset; and required of managers and administrators."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programs.models import SecondFactor, SignIn, User
from tests import builders as make
from tests.admin_pages import address, messages_of
from tests.programs.entering import code_of, enter, entered, recovery_codes, set_up_app

pytestmark = pytest.mark.django_db
CODE_PAGE = "/sign-in/code/"
FACTORS = "/account/second-factor/"


@pytest.fixture
def manager() -> User:
    manager = make.make_user(username="manager", email="manager@example.org")
    make.assign(manager, make.make_program(code="OURS"), "manager")
    return manager


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def with_app(user: User) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a person who has set up an app."""
    client = Client()
    client.force_login(user)
    return set_up_app(client), recovery_codes(client)


# --- passed at the sign-in ------------------


def test_the_password_alone_opens_nothing(client: Client, manager: User) -> None:
    secret, _codes = with_app(manager)
    assert enter(client, "manager")["Location"] == CODE_PAGE
    for path in ("/", "/programs/OURS/", "/admin/", "/account/"):
        assert not entered(client, manager)
        assert client.get(path)["Location"].startswith(("/sign-in/", "/admin/login/"))
    assert client.post(CODE_PAGE, {"code": code_of(secret, 1)})["Location"] == "/"
    assert entered(client, manager)
    last = SignIn.objects.latest("pk")
    assert (last.user, last.how, last.factor, last.succeeded) == (manager, "password", "totp", True)


def test_where_one_wanted_to_go_is_not_forgotten(client: Client, manager: User) -> None:
    secret, _codes = with_app(manager)
    enter(client, "manager", next="/programs/OURS/")
    assert client.post(CODE_PAGE, {"code": code_of(secret, 1)})["Location"] == "/programs/OURS/"


def test_a_wrong_code_is_written_down_and_locks_out(client: Client, manager: User) -> None:
    secret, _codes = with_app(manager)
    enter(client, "manager")
    for _attempt in range(5):
        assert "This code is wrong" in client.post(CODE_PAGE, {"code": "000000"}).content.decode()
    assert SignIn.objects.filter(user=manager, factor="totp", succeeded=False).count() == 5
    late = client.post(CODE_PAGE, {"code": code_of(secret, 1)})
    assert "Too many failed attempts" in late.content.decode()
    assert not entered(client, manager)


def test_a_code_works_once(manager: User) -> None:
    secret, _codes = with_app(manager)
    code = code_of(secret, 1)
    for works in (True, False):
        client = Client()
        enter(client, "manager")
        client.post(CODE_PAGE, {"code": code})
        assert entered(client, manager) is works


def test_a_recovery_code_works_once(manager: User) -> None:
    _secret, codes = with_app(manager)
    assert len(codes) == 10
    for works in (True, False):
        client = Client()
        enter(client, "manager")
        client.post(CODE_PAGE, {"code": codes[0]})
        assert entered(client, manager) is works
    assert SignIn.objects.filter(factor="recovery_codes", succeeded=True).count() == 1


def test_the_way_to_the_administration_is_no_way_round(client: Client) -> None:
    admin = make.make_administrator(username="admin")
    with_app(admin)
    client.post("/admin/login/", {"username": "admin", "password": make.PASSWORD})
    assert not entered(client, admin)
    enter(client, "admin")
    assert "/admin/login/" in client.get("/admin/")["Location"]
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == CODE_PAGE


def test_cancelling_leads_back_to_the_start(client: Client, manager: User) -> None:
    with_app(manager)
    enter(client, "manager")
    client.post("/sign-out/")
    assert client.get("/sign-in/").status_code == 200
    assert client.get(CODE_PAGE)["Location"] == "/sign-in/"


# --- set up and taken away ------------------


def test_a_factor_is_not_changed_without_the_password(client: Client, manager: User) -> None:
    with_app(manager)
    client.force_login(manager)
    for path in ("app/remove/", "codes/new/", "passkeys/add/", "codes/"):
        response = client.get(f"{FACTORS}{path}")
        assert response.status_code == 302, path
        assert response["Location"].startswith("/account/confirm/"), path


def test_the_last_factor_takes_the_recovery_codes_along(client: Client, manager: User) -> None:
    client.force_login(manager)
    set_up_app(client)
    client.post(f"{FACTORS}app/remove/")
    assert not SecondFactor.objects.exists()


def test_no_secret_lies_open_in_the_database(manager: User, settings: Any) -> None:
    secret, codes = with_app(manager)
    kept = str(list(SecondFactor.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)
    settings.SECRET_KEY = "another key " * 5
    client = Client()
    enter(client, "manager")
    client.post(CODE_PAGE, {"code": code_of(secret, 1)})
    assert not entered(client, manager)
    settings.SECRET_KEY_FALLBACKS = ["x"]


# --- required ------------------


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_who_decides_needs_one_before_anything_opens(
    client: Client, manager: User, required: None, role: str
) -> None:
    person = manager if role == "manager" else make.make_administrator()
    client.force_login(person)
    for path in ("/", "/programs/OURS/", "/my-work/", "/account/", "/admin/", "/programs/OURS/people/"):
        assert client.get(path)["Location"] == FACTORS, path
        assert client.post(path)["Location"] == FACTORS, path
    assert "You have none yet" in client.get(FACTORS).content.decode()
    set_up_app(client)
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "reporter"])
def test_others_may_do_without(client: Client, manager: User, required: None, role: str) -> None:
    person = make.make_user()
    make.assign(person, manager.assignments.get().program, role)
    client.force_login(person)
    assert client.get("/account/").status_code == 200


def test_recovery_codes_alone_are_none(client: Client, manager: User, required: None) -> None:
    SecondFactor.objects.create(user=manager, type="recovery_codes", data={})
    client.force_login(manager)
    assert client.get("/")["Location"] == FACTORS


def test_a_row_being_saved_leads_there_too(client: Client, manager: User, required: None) -> None:
    client.force_login(manager)
    response = client.get("/my-work/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == FACTORS


def test_the_rule_costs_one_query(
    client: Client, manager: User, settings: Any, django_assert_num_queries: Any
) -> None:
    with_app(manager)
    client.force_login(manager)
    with django_assert_num_queries(5):
        client.get("/account/")
    settings.SECOND_FACTOR_REQUIRED = True
    with django_assert_num_queries(6):
        client.get("/account/")


# --- lost ------------------


def test_an_administrator_resets_it_and_the_history_tells(client: Client, manager: User) -> None:
    with_app(manager)
    client.force_login(make.make_administrator(first_name="Ada", last_name="Min"))
    page = address(User, "change", manager.pk)
    reset = reverse("admin:programs_user_reset", args=[manager.pk])
    assert reset in client.get(page).content.decode()
    client.get(reset)
    assert SecondFactor.objects.filter(user=manager).count() == 2
    said = messages_of(client.post(reset, follow=True))
    assert any("was reset" in text for text in said)
    assert not SecondFactor.objects.filter(user=manager).exists()
    events = list(client.get(address(User, "history", manager.pk)).context["page"])
    told = [(event.who, event.done) for event in events if event.what == "Second factor"]
    assert told[:2] == [("Ada Min", "removed"), ("Ada Min", "removed")]
    other = Client()
    enter(other, "manager")
    assert entered(other, manager)


def test_a_reset_ends_the_sessions_of_that_person_alone(client: Client, manager: User) -> None:
    with_app(manager)
    other, thief = make.make_user(), Client()
    for one, who in ((client, other), (thief, manager)):
        one.force_login(who)
    administrator = Client()
    administrator.force_login(make.make_administrator())
    administrator.post(reverse("admin:programs_user_reset", args=[manager.pk]))
    assert thief.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert client.get("/account/").status_code == 200
    assert administrator.get("/account/").status_code == 200


def test_who_resets_the_own_goes_on_here_and_is_signed_out_elsewhere(client: Client) -> None:
    admin = make.make_administrator()
    with_app(admin)
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(admin)
    reset = reverse("admin:programs_user_reset", args=[admin.pk])
    assert client.post(reset, follow=True).status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_only_an_administrator_resets(client: Client, manager: User) -> None:
    with_app(manager)
    client.force_login(manager)
    assert client.post(reverse("admin:programs_user_reset", args=[manager.pk])).status_code in (302, 404)
    assert SecondFactor.objects.filter(user=manager).exists()
