"""A person's browser, as far as writing needs one: cookies, forms as they stand, no redirects followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import Cookie, CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

PATIENCE = 30.0  # seconds for an answer
BROKEN = 500  # statuses from here on say nothing about what was kept


class LostError(Exception):
    """No answer came, or none that says what was kept."""


@dataclass(slots=True)
class Form:
    """A form as it stands on a page: where it goes, and what it would send."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str

    def form(self, name: str) -> Form | None:
        """The form with this id, or with this end of its action."""
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms.get(name) or next(
            (form for form in parser.forms.values() if form.action.endswith(name)), None
        )


class Browser:
    """One person who is signed in."""

    def __init__(self, origin: str, session: str) -> None:
        self.origin = origin
        jar = CookieJar()
        jar.set_cookie(_cookie("sessionid", session))
        self._opener = build_opener(HTTPCookieProcessor(jar), _Stay())

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask(Request(f"{self.origin}{path}"))  # noqa: S310 - http, by the line above

    def post(self, path: str, fields: dict[str, str], *, by_itself: bool = False) -> Answer:
        """What is said to a form that is sent, by a person or by the page itself."""
        more = {"HX-Request": "true"} if by_itself else {}
        return self._ask(Request(f"{self.origin}{path}", urlencode(fields).encode(), more))  # noqa: S310 - http

    def _ask(self, request: Request) -> Answer:
        try:
            with self._opened(request) as said:
                if "Content-Length" not in said.headers:  # a server that is killed breaks off anywhere
                    raise LostError("The answer broke off.")
                answer = Answer(said.status or 0, said.headers.get("Location", ""), said.read().decode())
        except (OSError, HTTPException) as error:
            raise LostError(str(error)) from error
        if answer.status >= BROKEN:
            raise LostError(answer.status)
        return answer

    def _opened(self, request: Request) -> Any:
        try:
            return self._opener.open(request, timeout=PATIENCE)
        except HTTPError as said:
            return said


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer: it says that what was sent is kept."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Forms(HTMLParser):
    """Collects the forms of a page by id or action, with the fields inside and those that name them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self._form = ""
        self._field: tuple[str, str] | None = None  # the form and name of the textarea or select that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = found.get("id") or found.get("action", "")
            self.forms.setdefault(self._form, Form()).action = found.get("action", "")
        form, name = found.get("form", self._form), found.get("name", "")
        if tag == "input" and name:
            self._set(form, name, found.get("value", ""))
        elif tag in ("textarea", "select") and name:
            self._set(form, name, "")
            self._field = (form, name)
        elif tag == "option" and self._field and "selected" in found:
            self._set(*self._field, found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._field and self.lasttag == "textarea":
            self._set(*self._field, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag in ("textarea", "select"):
            self._field = None

    def _set(self, form: str, name: str, text: str) -> None:
        self.forms.setdefault(form, Form()).fields[name] = text


def _cookie(name: str, value: str) -> Cookie:
    return Cookie(
        0, name, value, None, False, "127.0.0.1", False, False, "/", True, False, None, True, None, None, {}
    )  # fmt: skip
