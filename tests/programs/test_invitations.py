"""Accounts are invited by an administrator; the link works once, for a while, and is handed over safely."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.actions import NotAccepted, NotInvited, accept_invitation, invite
from programs.actions.people import digest_of
from programs.models import Invitation, User
from tests import builders as make
from tests.admin_pages import address, form_at, messages_of
from tests.programs.entering import enter, entered

pytestmark = pytest.mark.django_db
CHOSEN = {"password1": "a password of my own", "password2": "a password of my own"}
GONE = "does not work any more"


@pytest.fixture
def admin() -> User:
    return make.make_administrator(username="admin", first_name="Ada", last_name="Min")


@pytest.fixture
def administrator(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def rosa() -> User:
    person = make.make_user(username="rosa", first_name="Rosa", email="rosa@example.org")
    person.set_unusable_password()
    person.save()
    return person


def page_of(person: User) -> str:
    return reverse("admin:programs_user_invite", args=[person.pk])


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/invitation/[\w-]+/)", text)
    assert found, text
    return found.group(1)


def test_a_person_is_added_and_invited_by_e_mail(administrator: Client, settings: Any) -> None:
    settings.SENDS_EMAIL = True
    data = form_at(
        administrator, address(User, "add"), username="rosa", email="Rosa@example.org", language="es"
    )
    assert "password1" not in data
    added = administrator.post(address(User, "add"), data)
    rosa = User.objects.get(username="rosa")
    assert added["Location"] == page_of(rosa)
    assert not mail.outbox
    assert "rosa@example.org" in administrator.get(page_of(rosa)).content.decode()
    said = messages_of(administrator.post(page_of(rosa), follow=True))
    assert any("was sent to rosa@example.org" in text for text in said)
    (message,) = mail.outbox
    assert message.to == ["rosa@example.org"]
    person = Client()
    link = link_in(str(message.body))
    assert "rosa" in person.get(link).content.decode()
    assert person.post(link, CHOSEN)["Location"] == "/sign-in/"
    enter(person, "rosa", CHOSEN["password1"])
    assert entered(person, rosa)


def test_without_e_mail_the_link_is_shown_once(administrator: Client, rosa: User) -> None:
    shown = administrator.post(page_of(rosa))
    link = link_in(shown.content.decode())
    assert "no-store" in shown["Cache-Control"]
    assert not mail.outbox
    for page in (page_of(rosa), address(User, "change", rosa.pk)):
        assert link not in administrator.get(page).content.decode()
    assert link.split("/")[2] not in str(list(Invitation.objects.values()))
    assert Client().get(link).status_code == 200


def test_a_link_works_once(administrator: Client, rosa: User) -> None:
    link = link_in(administrator.post(page_of(rosa)).content.decode())
    assert Client().post(link, CHOSEN).status_code == 302
    for again in (Client().get(link), Client().post(link, CHOSEN)):
        assert again.status_code == 404
        assert GONE in again.content.decode()


def test_only_the_newest_link_works(rosa: User, admin: User) -> None:
    first, second = invite(user=rosa, by=admin), invite(user=rosa, by=admin)
    with pytest.raises(NotAccepted):
        accept_invitation(secret=first, password="x")
    assert accept_invitation(secret=second, password="x") == rosa


def test_a_link_runs_out(rosa: User, admin: User) -> None:
    secret = invite(user=rosa, by=admin)
    assert Invitation.objects.get().expires_at - timezone.now() > timedelta(days=6, hours=23)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert GONE in Client().get(f"/invitation/{secret}/").content.decode()
    with pytest.raises(NotAccepted):
        accept_invitation(secret=secret, password="x")


def test_a_closed_account_is_neither_invited_nor_opened(
    administrator: Client, admin: User, rosa: User
) -> None:
    secret = invite(user=rosa, by=admin)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert Client().get(f"/invitation/{secret}/").status_code == 404
    with pytest.raises(NotInvited):
        invite(user=rosa, by=admin)
    assert any("closed" in text for text in messages_of(administrator.post(page_of(rosa), follow=True)))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("12345", "12345", "too short"),
        ("a password of my own", "another", "differ"),
        ("rosa@example", "rosa@example", "too similar"),
    ],
)
def test_a_bad_password_is_explained(rosa: User, admin: User, one: str, other: str, words: str) -> None:
    link = f"/invitation/{invite(user=rosa, by=admin)}/"
    page = Client().post(link, {"password1": one, "password2": other})
    assert words in page.content.decode()
    rosa.refresh_from_db()
    assert not rosa.has_usable_password()


def test_the_administration_tells_who_has_accepted(administrator: Client, admin: User, rosa: User) -> None:
    page = address(User, "change", rosa.pk)
    assert "none sent" in administrator.get(page).content.decode()
    secret = invite(user=rosa, by=admin)
    assert "not accepted" in administrator.get(page).content.decode()
    accept_invitation(secret=secret, password=make.PASSWORD)
    told = administrator.get(page).content.decode()
    assert ", accepted" in told
    assert "not accepted" not in told
    assert Invitation.objects.get().digest == digest_of(secret)


def test_nobody_sets_anothers_password(administrator: Client, rosa: User) -> None:
    for path in (f"/admin/programs/user/{rosa.pk}/password/", f"/admin/programs/user/{rosa.pk}/change/"):
        administrator.post(path, {**CHOSEN, "password": "x", "usable_password": "true"})
    rosa.refresh_from_db()
    assert not rosa.has_usable_password()
    assert administrator.get(f"/admin/programs/user/{rosa.pk}/password/").status_code == 404


def test_only_administrators_invite(client: Client, rosa: User) -> None:
    manager = make.make_user(is_staff=True)
    make.assign(manager, make.make_program(), "manager")
    client.force_login(manager)
    client.post(page_of(rosa))
    assert not Invitation.objects.exists()


def test_the_list_of_people_asks_the_same_for_many(
    administrator: Client, admin: User, django_assert_num_queries: Any
) -> None:
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _number in range(2):
        invite(user=make.make_user(), by=admin)
        with CaptureQueriesContext(connection) as asked:
            administrator.get(address(User, "changelist"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", ["mfa/authenticator", "socialaccount/socialapp", "account/emailaddress"])
def test_no_secret_can_be_typed_into_the_administration(administrator: Client, model: str) -> None:
    assert administrator.get(f"/admin/{model}/").status_code == 404
