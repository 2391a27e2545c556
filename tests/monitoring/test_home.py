"""Where a person's day begins."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import builders as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "address"),
    [
        (["reporter"], "/my-work/"),
        (["manager"], "/portfolio/"),
        (["viewer"], "/portfolio/"),
        (["reporter", "manager"], "/portfolio/"),
        ([], "/portfolio/"),
    ],
)
def test_where_a_day_begins(roles: list[str], address: str) -> None:
    person, program = make.make_user(), make.make_program()
    for role in roles:
        make.assign(person, program, role)
    client = Client()
    client.force_login(person)
    assert client.get("/")["Location"] == address


def test_an_administrator_begins_at_the_portfolio() -> None:
    client = Client()
    client.force_login(make.make_administrator())
    assert client.get("/")["Location"] == "/portfolio/"
