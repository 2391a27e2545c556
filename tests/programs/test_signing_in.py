"""Signing in with a password, resetting it, sessions, and what is written down."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core import mail
from django.db import Error, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from programs.models import SignIn, User
from programs.signing_in.adapters import SEEN
from tests import builders as make
from tests.programs.entering import SIGN_IN, enter, entered, said

pytestmark = pytest.mark.django_db
ANOTHER = "quite another password"
TOO_MANY = "Too many failed attempts"


@pytest.fixture
def rosa() -> User:
    return make.make_user(username="rosa", email="Rosa@Example.org", first_name="Rosa")


def log() -> list[tuple[Any, ...]]:
    return list(SignIn.objects.order_by("pk").values_list("user__username", "how", "factor", "succeeded"))


# --- the way in ------------------


@pytest.mark.parametrize("name", ["rosa", "ROSA", "rosa@example.org", "Rosa@EXAMPLE.org", " rosa "])
def test_in_by_user_name_or_address(client: Client, rosa: User, name: str) -> None:
    assert enter(client, name)["Location"] == "/"
    assert entered(client, rosa)
    assert log() == [("rosa", "password", "", True)]


def test_a_wrong_password_is_told_and_written_down(client: Client, rosa: User) -> None:
    response = enter(client, "rosa@example.org", "wrong")
    assert "belong together" in response.content.decode()
    assert not entered(client, rosa)
    assert log() == [("rosa", "password", "", False)]


def test_of_an_unknown_person_nothing_is_kept_but_the_attempt(client: Client) -> None:
    enter(client, "my-password-by-mistake", "wrong")
    assert log() == [(None, "password", "", False)]
    assert "mistake" not in str(SignIn.objects.values().get())


def test_nobody_learns_whether_a_name_is_known(rosa: User) -> None:
    pages: list[tuple[int, str]] = []
    for name in ("rosa", "nobody", "rosa@example.org", "nobody@example.org"):
        response = enter(Client(REMOTE_ADDR=f"10.0.0.{len(pages)}"), name, "wrong")
        pages.append((response.status_code, said(response).replace(name, "")))
    assert len(set(pages)) == 1


def test_a_closed_account_stays_closed(client: Client, rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert "closed" in client.get(enter(client, "rosa")["Location"]).content.decode()
    assert not entered(client, rosa)
    assert log() == []


@pytest.mark.parametrize("path", ["/sign-up/", "/signup/", "/accounts/signup/", "/account/signup/"])
def test_nobody_registers(client: Client, path: str) -> None:
    client.force_login(make.make_user())
    assert client.get(path).status_code == 404


# --- limits ------------------


def lock_out(client: Client, name: str) -> None:
    for _attempt in range(5):
        assert TOO_MANY not in enter(client, name, "wrong").content.decode()


@pytest.mark.parametrize("name", ["rosa", "nobody"])
def test_after_five_failures_even_the_right_password_waits(client: Client, rosa: User, name: str) -> None:
    lock_out(client, name)
    other = Client(REMOTE_ADDR="10.9.8.7")
    assert TOO_MANY in enter(other, name).content.decode()
    assert not entered(other, rosa)


def test_a_success_between_does_not_count(client: Client, rosa: User) -> None:
    for _attempt in range(7):
        enter(Client(), "rosa")
    enter(client, "rosa")
    assert entered(client, rosa)


def test_one_address_does_not_try_many_people(client: Client, rosa: User) -> None:
    for number in range(10):
        enter(client, f"person{number}", "wrong")
    assert TOO_MANY in enter(client, "rosa").content.decode()
    assert enter(Client(REMOTE_ADDR="10.9.8.7"), "rosa")["Location"] == "/"


def test_all_processes_of_a_site_count_together(client: Client, rosa: User, settings: Any) -> None:
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "programs_cache"}}
    lock_out(client, "rosa")
    assert TOO_MANY in enter(client, "rosa").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM programs_cache")
        assert cursor.fetchone()[0] > 0


def test_too_many_requests_have_a_page(client: Client) -> None:
    for _request in range(30):
        enter(client, "", "")
    response = enter(client, "", "")
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


# --- a new password ------------------


def link_in(text: str) -> str:
    return re.findall(r"http://testserver(/\S+)", text)[0]  # type: ignore[no-any-return]  # one group


def ask(address: str) -> Any:
    return Client().post(reverse("account_reset_password"), {"email": address})


def test_a_reset_answers_the_same_for_everybody(rosa: User) -> None:
    pages = {
        (ask(address).status_code, ask(address)["Location"]) for address in ("rosa@example.org", "x@y.pe")
    }
    assert len(pages) == 1
    assert {message.to[0] for message in mail.outbox} == {"rosa@example.org"}


def test_a_link_sets_a_password_once(client: Client, rosa: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(rosa)
    ask("ROSA@example.org")
    link = link_in(str(mail.outbox[0].body))
    form = client.get(link)["Location"]
    assert link.split("-", 1)[1] not in form
    done = client.post(form, {"password1": ANOTHER, "password2": ANOTHER})
    assert done["Location"] == "/account/password/reset/done/"
    assert not entered(client, rosa)
    assert enter(Client(), "rosa", ANOTHER)["Location"] == "/"
    assert "/sign-in/" in elsewhere.get("/account/")["Location"]
    assert "does not work any more" in Client().get(link).content.decode()


@pytest.mark.parametrize(
    ("language", "words", "subject"),
    [("es", "Hola, Rosa", "Elija una contraseña nueva"), ("en", "Dear Rosa", "Choose a new password")],
)
def test_an_e_mail_speaks_the_persons_language(rosa: User, language: str, words: str, subject: str) -> None:
    User.objects.filter(pk=rosa.pk).update(language=language)
    ask("rosa@example.org")
    assert words in mail.outbox[0].body
    assert mail.outbox[0].subject == f"Rendir: {subject}"


def test_a_weak_password_is_refused(client: Client, rosa: User) -> None:
    client.force_login(rosa)
    sent = {"oldpassword": make.PASSWORD, "password1": "12345", "password2": "12345"}
    assert "too short" in client.post("/account/password/", sent).content.decode()


def change(client: Client, old: str = make.PASSWORD) -> Any:
    sent = {"oldpassword": old, "password1": ANOTHER, "password2": ANOTHER}
    return client.post("/account/password/", sent)


def test_a_changed_password_ends_the_other_sessions(client: Client, rosa: User) -> None:
    other = Client()
    for one in (client, other):
        enter(one, "rosa")
    assert change(client)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert "/sign-in/" in other.get("/account/")["Location"]


def test_the_old_password_is_asked_for(client: Client, rosa: User) -> None:
    client.force_login(rosa)
    assert "This is not your password" in change(client, "wrong").content.decode()
    assert enter(Client(), "rosa")["Location"] == "/"


def test_a_change_is_told_by_e_mail(client: Client, rosa: User, settings: Any) -> None:
    settings.SENDS_EMAIL = True
    client.force_login(rosa)
    change(client)
    assert mail.outbox[0].to == ["rosa@example.org"]
    assert "If it was not you" in mail.outbox[0].body


# --- sessions ------------------


def test_a_session_gets_another_key_at_the_sign_in(client: Client, rosa: User) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    before = session.session_key
    enter(client, "rosa")
    assert client.session.session_key != before


def test_a_session_lasts_twelve_hours_from_its_last_use(client: Client, rosa: User, settings: Any) -> None:
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    enter(client, "rosa")
    session = client.session
    session[SEEN] = time.time() - 601
    session.save()
    client.get("/account/")
    assert client.session[SEEN] > time.time() - 60
    assert client.session.get_expiry_age() == 12 * 3600
    assert client.session.get_expire_at_browser_close()


# --- what is kept ------------------


def test_an_address_belongs_to_one_person(rosa: User) -> None:
    assert User.objects.get(email="ROSA@EXAMPLE.ORG") == rosa
    with pytest.raises(IntegrityError, match="user_email_is_unique"), transaction.atomic():
        make.make_user(email="rosa@EXAMPLE.org")
    with pytest.raises(IntegrityError, match="user_email_is_in_small_letters"), transaction.atomic():
        connection.cursor().execute("UPDATE programs_user SET email = 'Rosa@x.pe'")
    make.make_user()
    make.make_user()  # without any address


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE programs_signin SET succeeded = true",
        "DELETE FROM programs_signin",
        "DELETE FROM programs_user",
    ],
)
def test_sign_ins_are_only_ever_added_to(client: Client, rosa: User, attack: str) -> None:
    enter(client, "rosa", "wrong")
    with pytest.raises(Error), transaction.atomic():
        connection.cursor().execute(f"{attack}; SET CONSTRAINTS ALL IMMEDIATE")
    assert log() == [("rosa", "password", "", False)]


# --- the own account ------------------


def test_the_account_page_tells_the_own_sign_ins(
    client: Client, rosa: User, django_assert_num_queries: Any
) -> None:
    enter(client, "rosa", "wrong")
    enter(client, "rosa")
    SignIn.objects.create(user=make.make_user(), how="passkey", succeeded=True)
    page = client.get("/account/").content.decode()
    assert "signed in" in page
    assert "refused" in page
    assert ">passkey<" not in page
    with django_assert_num_queries(5):  # session, person, work to do, factors, sign-ins
        client.get("/account/")
    for _more in range(5):
        SignIn.objects.create(user=rosa, how="password", succeeded=True)
    with django_assert_num_queries(5):
        client.get("/account/")


def test_the_language_is_kept_and_follows_the_person(client: Client, rosa: User) -> None:
    enter(client, "rosa")
    assert client.post("/account/language/", {"language": "xx"})["Location"] == "/account/"
    assert User.objects.get().language == ""
    client.post("/account/language/", {"language": "es"})
    assert User.objects.get().language == "es"
    other = Client()
    enter(other, "rosa")
    assert other.cookies["django_language"].value == "es"
