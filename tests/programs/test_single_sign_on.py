"""Single sign-on by OpenID Connect, against a provider on this machine that can be made to lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from programs.models import SignIn, User
from tests import builders as make
from tests.programs.entering import enter, entered, set_up_app
from tests.programs.provider import CLIENT, SECRET, Provider, new_key, running_provider

pytestmark = pytest.mark.django_db
BEGIN = "/sign-in/with/sso/"
FAILED = "did not work"
NO_ACCOUNT = "No account for you here"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as provider:
        settings.SINGLE_SIGN_ON = "the Ministry"
        app = {
            "provider_id": "sso",
            "name": "the Ministry",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield provider


@pytest.fixture
def rosa() -> User:
    return make.make_user(username="rosa", email="rosa@example.org")


def back(client: Client, begin: str = BEGIN) -> str:
    """The address to which the provider sends the browser, once it was asked."""
    asked = client.get(begin)["Location"]
    answer = requests.get(asked, allow_redirects=False, timeout=5)
    return answer.headers["Location"]


def follow(client: Client, address: str) -> str:
    """The page to which that leads."""
    parts = urlsplit(address)
    response = client.get(f"{parts.path}?{parts.query}", follow=True)
    return f"{response.status_code} {response.content.decode()}"


def test_who_has_an_account_is_let_in(client: Client, provider: Provider, rosa: User) -> None:
    assert "Continue with the Ministry" in client.get("/sign-in/").content.decode()
    address = back(client, f"{BEGIN}?next=/account/")
    answer = client.get(address)
    assert answer["Location"] == "/account/"
    assert entered(client, rosa)
    last = SignIn.objects.get()
    assert (last.user, last.how, last.succeeded) == (rosa, "single_sign_on", True)
    assert enter(Client(), "rosa")["Location"] == "/"  # the password is left alone


def test_from_then_on_the_identity_counts_not_the_address(
    client: Client, provider: Provider, rosa: User
) -> None:
    follow(client, back(client))
    provider.person |= {"email": "new@example.org", "email_verified": False}
    other = Client()
    follow(other, back(other))
    assert entered(other, rosa)


@pytest.mark.parametrize("email", ["nobody@example.org", ""])
def test_nobody_else_is_let_in_and_no_account_is_made(
    client: Client, provider: Provider, rosa: User, email: str
) -> None:
    provider.person["email"] = email
    page = follow(client, back(client))
    assert page.startswith("403")
    assert NO_ACCOUNT in page
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert SignIn.objects.filter(user=None, how="single_sign_on", succeeded=False).count() == 1


@pytest.mark.parametrize("verified", [False, "false", None, 0, "yes"])
def test_an_address_that_is_not_verified_proves_nothing(
    client: Client, provider: Provider, rosa: User, verified: object
) -> None:
    provider.person["email_verified"] = verified
    assert NO_ACCOUNT in follow(client, back(client))
    assert not entered(client, rosa)


def test_address_and_proof_come_from_one_place(client: Client, provider: Provider, rosa: User) -> None:
    provider.person = {"sub": "42", "email": "rosa@example.org"}
    provider.userinfo = {"sub": "42", "email": "x@example.org", "email_verified": True}
    assert NO_ACCOUNT in follow(client, back(client))


def test_a_closed_account_stays_closed(client: Client, provider: Provider, rosa: User) -> None:
    follow(client, back(client))
    User.objects.update(is_active=False)
    other = Client()
    assert "closed" in follow(other, back(other))
    assert not entered(other, rosa)


def test_the_second_factor_is_asked_for_here_too(client: Client, provider: Provider, rosa: User) -> None:
    client.force_login(rosa)
    set_up_app(client)
    other = Client()
    assert "Second factor" in follow(other, back(other))
    assert not entered(other, rosa)


# --- answers that are none ------------------


def test_an_answer_without_a_question(client: Client, provider: Provider, rosa: User) -> None:
    assert FAILED in follow(client, f"{BEGIN}back/?code=x&state=y")
    assert FAILED in follow(client, f"{BEGIN}back/?code=x")


def test_an_answer_to_somebody_elses_question(client: Client, provider: Provider, rosa: User) -> None:
    address = back(Client())
    assert FAILED in follow(client, address)
    assert not entered(client, rosa)


def test_an_answer_counts_once(client: Client, provider: Provider, rosa: User) -> None:
    address = back(client)
    follow(client, address)
    client.post("/sign-out/")
    assert FAILED in follow(client, address)
    assert not entered(client, rosa)


def test_the_code_of_another_question(client: Client, provider: Provider, rosa: User) -> None:
    """A code that was caught elsewhere is slipped under the own question: proof key and nonce differ."""
    caught = parse_qs(urlsplit(back(Client())).query)["code"][0]
    state = parse_qs(urlsplit(back(client)).query)["state"][0]
    assert FAILED in follow(client, f"{BEGIN}back/?code={caught}&state={state}")
    assert not entered(client, rosa)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another site"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": "another person"},
    ],
)
def test_a_token_that_is_not_for_us(
    client: Client, provider: Provider, rosa: User, claims: dict[str, Any]
) -> None:
    provider.userinfo = dict(provider.person)
    provider.claims = claims
    assert FAILED in follow(client, back(client))
    assert not entered(client, rosa)
    assert not SocialAccount.objects.exists()


def test_a_token_signed_by_somebody_else(client: Client, provider: Provider, rosa: User) -> None:
    provider.signing_key = new_key()
    assert FAILED in follow(client, back(client))
    assert not entered(client, rosa)


def test_a_provider_that_calls_itself_something_else(client: Client, provider: Provider) -> None:
    provider.issuer = "https://evil.example"
    assert FAILED in client.get(BEGIN).content.decode()


def test_a_provider_that_is_not_there(client: Client, provider: Provider, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://127.0.0.1:9"
    }
    assert FAILED in client.get(BEGIN).content.decode()


def test_a_cancelled_sign_on_says_so(client: Client, provider: Provider) -> None:
    state = parse_qs(urlsplit(back(client)).query)["state"][0]
    assert "was cancelled" in follow(client, f"{BEGIN}back/?error=access_denied&state={state}")


def test_nothing_of_the_address_goes_to_the_provider(client: Client, provider: Provider) -> None:
    asked = client.get(f"{BEGIN}?process=connect&scope=all&auth_params=prompt%3Dnone&next=//evil.example")
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in query
    assert "evil" not in asked["Location"]


def test_the_way_back_leads_nowhere_else(client: Client, provider: Provider, rosa: User) -> None:
    answer = client.get(back(client, f"{BEGIN}?next=//evil.example/"))
    assert answer["Location"] == "/"


def test_without_a_provider_there_is_no_such_page(client: Client, rosa: User) -> None:
    assert client.get(BEGIN).status_code == 404
    assert "Continue with" not in client.get("/sign-in/").content.decode()
