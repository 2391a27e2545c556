"""Pages in Spanish say nothing of ours in English: no text of the catalogue stands on them as it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from programs.models import User
from tests import builders as make
from tests.monitoring.reading import make_scene
from tests.programs.test_bilingual import pages_of
from tests.test_spanish import ENTRIES, translations

SHORTEST = 15  # letters of a text that can't be a name or a word of somebody's
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
UNSEEN = frozenset({"script", "style"})
SAID = ("title", "aria-label", "alt", "placeholder")  # what attributes say to people
ADMIN = ("", "programs/program/", "indicators/indicator/", "indicators/dimension/", "indicators/entry/")
OWN = ("/account/", "/account/second-factor/", "/account/password/")


class Said(HTMLParser):
    """The texts of a page: what stands on it and what its attributes say; what is marked as English aside."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.aside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.texts += [text for name in SAID if (text := known.get(name)) and known.get("lang") != "en"]
        if tag in UNSEEN or (tag == "span" and known.get("lang") == "en") or (self.aside and tag == "span"):
            self.aside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.aside and self.aside[-1] == tag:
            self.aside.pop()

    def handle_data(self, data: str) -> None:
        if not self.aside:
            self.texts.append(data)


@cache
def english() -> frozenset[str]:
    """The long parts of our texts that are another one in Spanish, without what is filled in."""
    found = set()
    for (_context, text), entry in ENTRIES.items():
        spanish = " ".join(translations(entry))
        parts = (" ".join(part.split()) for part in PLACEHOLDER.split(text))
        found |= {part for part in parts if len(part) >= SHORTEST and " " in part and part not in spanish}
    return frozenset(found)


def left_in_english(page: str) -> set[str]:
    """The texts of ours that a page says in English."""
    parser = Said()
    parser.feed(page)
    said = " ".join(" ".join(parser.texts).split())
    return {text for text in english() if text in said}


def shown(user: User | None, path: str) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    response: Any = client.get(path, follow=True)
    assert response.status_code == 200, path
    return str(response.content.decode())


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language that a request was answered in would be that of the next test too."""
    with override("en"):
        yield


@pytest.mark.django_db
def test_no_page_of_a_manager_or_reporter_is_left_in_english() -> None:
    scene = make_scene()
    for user in (scene.manager, scene.reporter, scene.of_north):
        for path in (*pages_of(scene).values(), *OWN):
            if user == scene.manager or path.count("/") < 4:  # what a reporter may see too
                assert left_in_english(shown(user, path)) == set(), path


@pytest.mark.django_db
def test_no_page_of_the_administration_is_left_in_english() -> None:
    make_scene()
    administrator = make.make_administrator(username="admin")
    for part in ADMIN:
        assert left_in_english(shown(administrator, f"/admin/{part}")) == set(), part
        if part and "entry" not in part:
            assert left_in_english(shown(administrator, f"/admin/{part}add/")) == set(), part


@pytest.mark.django_db
def test_signing_in_is_not_left_in_english() -> None:
    for path in ("/sign-in/", "/account/password/reset/"):
        assert left_in_english(shown(None, path)) == set(), path


def test_the_walk_finds_what_is_left_in_english() -> None:
    assert len(english()) > 300
    some = max(english(), key=len)
    assert left_in_english(f"<p>{some}</p>") == {some} | {it for it in english() if it in some}
    assert left_in_english(f'<p lang="es"><span lang="en">{some}</span></p>') == set()
