"""What an OpenID Connect provider says of a person, and what of it we take as proven."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any


class Unproven(Exception):
    """The answer is not one to our question, or speaks of two people."""


def proven_address(said: Mapping[str, Any], *, nonce: str | None) -> str:
    """The address that the provider has verified, in small letters, "" for none; else Unproven."""
    token = said.get("id_token")
    if not isinstance(token, Mapping) or not nonce:
        raise Unproven
    if not hmac.compare_digest(str(token.get("nonce") or "").encode(), nonce.encode()):
        raise Unproven
    about = said.get("userinfo") or {}
    if about and about.get("sub") != token.get("sub"):
        raise Unproven
    # address and proof from one place, never the one from here and the other from there
    source = token if "email" in token else about
    verified = source.get("email_verified") in (True, "true")  # a text, at some providers; "false" is none
    return str(source.get("email") or "").lower() if verified else ""
