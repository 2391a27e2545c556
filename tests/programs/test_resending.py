"""What was typed by somebody who is signed out by now, or signed in anew, comes back to be sent again."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that is to be sent again."""
    form = page.rsplit("<form", maxsplit=1)[-1]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(text) for name, text in found}


def test_who_is_signed_out_gets_back_what_was_typed(desk: Desk) -> None:
    text = 'rain,\n"and" <b>mud</b>'
    sent = desk.full() | {f"explanation-{desk.counted.pk}": text, "then": "check"}
    client = Client()
    response = client.post(desk.url(), sent)
    page = page_of(response)
    assert response.status_code == 401
    assert "You are not signed in any more." in page
    assert f'action="{desk.url()}"' in page
    back = {name: found for name, found in fields(page).items() if name != "csrfmiddlewaretoken"}
    assert back == sent
    assert "<b>" not in page
    client.force_login(desk.reporter)
    assert client.post(desk.url(), back).status_code == 302
    assert desk.text(desk.counted, "explanation") == text


@pytest.mark.parametrize(
    ("sender", "leads_to"),
    [("http://testserver", "report"), ("https://evil.example", "home"), ("", "home")],
)
def test_signing_in_leads_to_the_page_that_it_was_typed_on(desk: Desk, sender: str, leads_to: str) -> None:
    client = Client()
    came_from = {"Referer": f"{sender}{desk.url()}"} if sender else {}
    page = page_of(client.post(desk.url("report-submit"), desk.full(), headers=came_from))
    found = re.search(r'href="(/sign-in/\?next=[^"]*)"', page)
    assert found
    person = {"login": desk.reporter.username, "password": make.PASSWORD}
    entered = client.post(unescape(found[1]), person)
    assert entered["Location"] == {"report": desk.url(), "home": "/"}[leads_to]


def test_a_page_of_before_signing_in_anew_is_handed_back(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.reporter)
    response = client.post(desk.url(), desk.full() | {"csrfmiddlewaretoken": "x" * 64}, headers=HERE)
    page = page_of(response)
    assert response.status_code == 403
    assert "You signed in anew since that page was opened." in page
    assert desk.text(desk.counted) == ""
    assert client.post(desk.url(), fields(page), headers=HERE).status_code == 302
    assert desk.text(desk.counted) == "12"


@pytest.mark.parametrize(
    "sender",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/a"}, {}],
)
def test_what_another_site_sends_is_not_handed_back(desk: Desk, sender: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.reporter)
    response = client.post(desk.url(), desk.full(), headers=sender)
    assert response.status_code == 403
    assert not fields(page_of(response)).get(f"value-{desk.counted.pk}")
    assert "Send it again" not in page_of(response)


@pytest.mark.parametrize("name", ["report-save", "report-submit", "report-entry"])
def test_a_row_of_somebody_who_is_signed_out_is_answered_with_no_page(desk: Desk, name: str) -> None:
    response = Client().post(desk.url(name), desk.full(), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert page_of(response) == ""
    assert "Location" not in response


def test_a_row_of_a_page_from_before_is_refused_without_a_page_to_put_in(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.reporter)
    response = client.post(desk.url("report-save"), desk.full(), headers=HERE | {"HX-Request": "true"})
    assert response.status_code == 403
    assert "Rendir-Saved" not in response
    assert "Send it again" not in page_of(response)


def test_who_typed_nothing_is_led_to_sign_in(desk: Desk) -> None:
    assert "/sign-in/" in Client().get(desk.url())["Location"]
    assert "/sign-in/" in Client().post(desk.url())["Location"]


def test_passwords_are_never_handed_back() -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"username": "a", "login": "a", "password": make.PASSWORD}
    response = client.post("/sign-in/", typed, headers=HERE)
    assert response.status_code == 403
    assert make.PASSWORD not in page_of(response)
