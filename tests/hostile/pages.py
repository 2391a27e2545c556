"""What a page is made of: its forms with their fields, and whether any of it was born from what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

BORN = "zq7"  # what every hostile text carries where it would become a tag, an attribute or a script
LEADING_OUT = ("javascript:", "data:text", "vbscript:")
ADDRESSES = ("href", "src", "action", "formaction", "srcdoc", "xlink:href", "poster", "data")
NEVER_SENT = ("submit", "button", "file", "image", "reset")  # by a press elsewhere, and with no file picked
RUN = ("script", "style", "title", "textarea", "iframe", "noscript")


@dataclass(slots=True)
class Field:
    """A field of a form: its name, what it holds, and what it offers."""

    name: str
    kind: str
    value: str
    offered: list[str] = field(default_factory=list)
    is_chosen: bool = True  # a radio button or a box that is marked, an option that is picked


@dataclass(slots=True)
class Form:
    """A form as the browser has it."""

    address: str
    method: str
    fields: list[Field] = field(default_factory=list)
    id: str = ""
    also: set[str] = field(default_factory=set)  # where its other buttons send it

    def posted(self) -> dict[str, str]:
        """What a press of a button without a name sends."""
        told = [it for it in self.fields if it.kind not in NEVER_SENT and it.is_chosen]
        return {it.name: it.value for it in told}


class Page(HTMLParser):
    """A page with its forms and with all that came alive."""

    def __init__(self, text: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.alive: list[str] = []
        self._open: list[Form] = []
        self._far: list[tuple[str, Field, str]] = []  # fields outside, by the id of their form
        self._select: Field | None = None
        self._text: Field | None = None
        self._run = ""
        self.feed(text)
        self.close()
        by_id = {form.id: form for form in self.forms}
        for name, far, also in self._far:
            if form := by_id.get(name):  # a part of a page names a form that is on the page already
                form.fields.append(far)
                form.also |= {also} - {""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._watch(tag, given)
        self._run = tag if tag in ("script", "style") else ""
        if tag == "form":
            form = Form(urljoin(self.address, given.get("action", "")), given.get("method", "get").lower())
            form.id = given.get("id", "")
            self.forms.append(form)
            self._open.append(form)
        elif tag in ("input", "select", "textarea", "button"):
            self._add(tag, given)
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._select.offered.append(value)
            if "selected" in given:
                self._select.value, self._select.is_chosen = value, True

    def _add(self, tag: str, given: dict[str, str]) -> None:
        one = Field(given.get("name", ""), given.get("type", tag), given.get("value", ""))
        if one.kind in ("radio", "checkbox") and "checked" not in given:
            one.offered, one.value, one.is_chosen = [one.value], "", False
        if tag == "select":
            one.is_chosen = False
        self._select, self._text = (one if tag == kind else None for kind in ("select", "textarea"))
        also = urljoin(self.address, given["formaction"]) if "formaction" in given else ""
        if "disabled" in given or not (one.name or also):
            return
        if "form" in given:
            self._far.append((given["form"], one, also))
        elif self._open:
            self._open[-1].fields.append(one)
            self._open[-1].also |= {also} - {""}

    def handle_endtag(self, tag: str) -> None:
        self._run = ""
        if tag == "form" and self._open:
            self._open.pop()
        if tag == "select" and (select := self._select) is not None:
            if not select.is_chosen and select.offered:  # a browser picks the first
                select.value, select.is_chosen = select.offered[0], True
            self._select = None
        if tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data
        if self._run and BORN in data.lower():
            self.alive.append(f"inside <{self._run}>: {data[:80]}")

    def handle_comment(self, data: str) -> None:
        if BORN in data.lower():
            self.alive.append(f"comment: {data[:80]}")

    def _watch(self, tag: str, given: dict[str, str]) -> None:
        if BORN in tag or any(BORN in name for name in given):
            self.alive.append(f"<{tag} {sorted(given)}>")
        for name in ADDRESSES:
            wanted = "".join(given.get(name, "").lower().split())
            if wanted.startswith(LEADING_OUT) or (wanted.startswith("//") and BORN in wanted):
                self.alive.append(f"{name}={wanted[:80]}")


def text_of(response: Any) -> str:
    """What an answer says, streamed or not."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def page_of(response: Any, address: str = "/") -> Page:
    """An answer as a page; nothing else than HTML is one."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return Page(text_of(response) if is_html else "", address)
