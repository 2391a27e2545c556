"""A small OpenID Connect provider: discovery, authorize, token with a signed JWT, keys, userinfo."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "rendir", "a secret of the two"
HTTP_OK, HTTP_FOUND, HTTP_WRONG = 200, 302, 400


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Answers for one person; what a test changes here makes its answers wrong."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = self.signing_key = new_key()
        self.person: dict[str, Any] = {"sub": "42", "email": "rosa@example.org", "email_verified": True}
        self.userinfo: dict[str, Any] = {}  # instead of the person
        self.claims: dict[str, Any] = {}  # besides, or instead of, what belongs into the token
        self.issuer = address
        self.asked: dict[str, dict[str, str]] = {}  # by code: what it was asked with

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "one", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent: back, with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        asked = self.asked.pop(sent.get("code", ""), None)  # a code works once
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not known or challenge != asked.get("code_challenge"):
            return None
        claims = {"iss": self.address, "aud": CLIENT, "exp": time.time() + 60, "nonce": asked["nonce"]}
        claims |= self.person | self.claims
        return {
            "access_token": "open",
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.signing_key, "RS256", {"kid": "one"}),
        }


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine, for as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    provider = _Answers.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:  # named by http.server
        path, asked = urlsplit(self.path).path, self._read(urlsplit(self.path).query)
        if path == "/authorize":
            self.send_response(HTTP_FOUND)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
            return
        pages: dict[str, Any] = {
            "/.well-known/openid-configuration": self.provider.discovery,
            "/keys": self.provider.keys,
            "/userinfo": lambda: self.provider.userinfo or self.provider.person,
        }
        self._answer(pages[path]())

    def do_POST(self) -> None:  # named by http.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self.provider.token(self._read(body)))

    def _read(self, query: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(query).items()}

    def _answer(self, said: dict[str, Any] | None) -> None:
        self.send_response(HTTP_WRONG if said is None else HTTP_OK)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said or {"error": "invalid_grant"}).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named by http.server
        """Quietly."""
