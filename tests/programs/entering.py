"""Signing in as a person does, for the tests of signing in."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from typing import Any

from django.test import Client

from programs.models import User
from tests import builders as make

SIGN_IN = "/sign-in/"


def enter(client: Client, name: str, password: str = make.PASSWORD, **more: str) -> Any:
    """What the sign-in page answers."""
    return client.post(SIGN_IN, {"login": name, "password": password, **more})


def entered(client: Client, user: User) -> bool:
    """Whether this client is signed in as this person."""
    return client.session.get("_auth_user_id") == str(user.pk)


def said(response: Any) -> str:
    """The page without what differs each time, and without what was typed."""
    page = str(response.content.decode())
    token = response.context["csrf_token"] if response.context else ""
    return page.replace(str(token), "")


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows for this secret now, or some half minutes from now."""
    moment = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def confirm(client: Client) -> None:
    """Types the password once more, as is asked before a factor is changed."""
    response = client.post("/account/confirm/", {"password": make.PASSWORD})
    assert response.status_code == 302


def set_up_app(client: Client) -> str:
    """The secret of an authenticator app that the signed-in person sets up."""
    confirm(client)
    page = client.get("/account/second-factor/app/")
    secret = str(page.context["form"].secret)
    response = client.post("/account/second-factor/app/", {"code": code_of(secret)})
    assert response["Location"] == "/account/second-factor/codes/", response.content
    return secret


def recovery_codes(client: Client) -> list[str]:
    return [str(code) for code in client.get("/account/second-factor/codes/").context["unused_codes"]]
