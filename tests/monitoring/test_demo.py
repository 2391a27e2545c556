"""`manage.py demo`: what it refuses, who may sign in, and that it goes on where it was stopped."""

from __future__ import annotations

import socket
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from indicators.models import Entry
from monitoring.demo import loading, reference
from monitoring.demo.people import ACCOUNTS, PASSWORD, NotLocal, open_accounts
from monitoring.management.commands import demo
from programs.models import Assignment, Program, User
from tests.builders import make_program


def test_refuses_a_site_that_is_not_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LOCAL", False)
    with pytest.raises(CommandError, match="not a local installation"):
        call_command("demo", "--no-serve")


@pytest.mark.django_db
def test_makes_no_known_password_on_a_site_that_is_not_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LOCAL", False)
    with pytest.raises(NotLocal):
        open_accounts()
    assert not User.objects.exists()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_refuses_what_is_no_port(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="give a number from 1 to 65535"):
        demo.free_port()


def test_says_that_a_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(CommandError, match="Choose another"):
            demo.free_port()


@pytest.mark.django_db
def test_accounts_sign_in_and_have_their_roles(client: Client) -> None:
    real, made_up = make_program(), make_program(illustrative=True)
    open_accounts()
    for account in ACCOUNTS:
        assert client.login(username=account.username, password=PASSWORD)
    assert User.objects.get(username="admin").is_administrator
    roles = Assignment.objects.values_list("user__username", "program", "role")
    assert set(roles) == {
        ("manager", made_up.pk, "manager"),
        ("manager", real.pk, "viewer"),
        ("viewer", made_up.pk, "viewer"),
        ("viewer", real.pk, "viewer"),
    }


@pytest.mark.django_db
def test_an_account_that_was_changed_stays_so() -> None:
    open_accounts()
    viewer = User.objects.get(username="viewer")
    viewer.set_password("another one")
    viewer.save()
    open_accounts()
    assert User.objects.get(username="viewer").check_password("another one")


@pytest.mark.django_db
def test_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    enter = reference._report

    def stop(program: Program, *rest: Any) -> None:
        enter(program, *rest)
        if program.code == "INT":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reference, "_report", stop)
        with pytest.raises(KeyboardInterrupt):
            reference.load_reference()
    assert [program.code for program in Program.objects.all()] == ["CE"]
    said: list[str] = []
    assert reference.load_reference(said.append) == 12
    assert Entry.objects.count() == 49
    assert said[0] == "Interdiction: 9 indicators, 16 figures"


@pytest.mark.django_db
def test_loads_everything_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def load_one(_say: object) -> int:
        done.append("reference")
        return 13

    def load_other(_day: date, **_say: object) -> int:
        done.append("illustrative")
        return 0

    monkeypatch.setattr(loading, "load_reference", load_one)
    monkeypatch.setattr(loading, "load_illustrative", load_other)
    said: list[str] = []
    accounts = loading.load_demo(today=date(2026, 11, 22), say=said.append)
    assert done == ["reference", "illustrative"]
    assert accounts == ACCOUNTS
    assert "  13 programs entered." in said
    assert "  They are there already." in said


@pytest.mark.django_db
def test_says_what_it_does_and_whom_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[object] = []
    monkeypatch.setattr(demo, "load_demo", lambda **_rest: ACCOUNTS)
    monkeypatch.setattr(demo, "call_command", lambda *arguments, **_rest: served.append(arguments))
    monkeypatch.setattr(demo, "free_port", lambda: 8123)
    monkeypatch.setattr(connection, "close", lambda: None)
    call_command("demo")
    said = capsys.readouterr().out
    assert "Starting the database" in said
    assert "http://127.0.0.1:8123/" in said
    assert PASSWORD in said
    assert all(account.username in said for account in ACCOUNTS)
    assert served[-1] == ("runserver", "127.0.0.1:8123")
