"""The Spanish catalogue: complete, compiled, and of the texts that the code has now."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.conftest import IN_CI

BASE: Path = settings.BASE_DIR
CATALOGUE = Path("locale/es/LC_MESSAGES/django.po")
SOURCES = ("indicators", "monitoring", "programs", "templates")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
PLAIN, PLURAL, IN_CONTEXT = {"_", "gettext", "gettext_lazy"}, {"ngettext"}, {"pgettext", "pgettext_lazy"}

Text = tuple[str, str]  # context and English text


def entries(path: Path) -> dict[Text, polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path))}


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


ENTRIES = entries(BASE / CATALOGUE)


def test_every_text_is_translated() -> None:
    assert len(ENTRIES) > 700
    assert [text for text, entry in ENTRIES.items() if not all(translations(entry)) or entry.fuzzy] == []


def test_numbers_have_a_singular_and_a_plural() -> None:
    assert polib.pofile(str(BASE / CATALOGUE)).metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert {len(translations(entry)) for entry in ENTRIES.values() if entry.msgid_plural} == {2}


def test_translations_fill_in_the_same_things() -> None:
    for entry in ENTRIES.values():
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in translations(entry):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_translations_begin_and_end_as_their_texts() -> None:
    for entry in ENTRIES.values():
        for text in translations(entry):
            assert text[:1].isspace() == entry.msgid[:1].isspace(), entry.msgid
            assert text.endswith(".") or not is_sentence(entry.msgid), entry.msgid


def test_the_compiled_catalogue_says_the_same() -> None:
    compiled = polib.mofile(str((BASE / CATALOGUE).with_suffix(".mo")))
    said = {(entry.msgctxt or "", entry.msgid): translations(entry) for entry in compiled}
    assert said == {text: translations(entry) for text, entry in ENTRIES.items()}, "run make messages"


def test_the_catalogue_has_the_texts_of_the_code(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        (pytest.fail if IN_CI else pytest.skip)("gettext is not installed")
    for name in SOURCES:
        shutil.copytree(BASE / name, tmp_path / name, ignore=shutil.ignore_patterns("static", "__pycache__"))
    (tmp_path / "locale").mkdir()
    options = ["--locale", "es", "--extension", "html,py,txt", "--no-obsolete"]
    command = [sys.executable, "-m", "django", "makemessages", *options]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    collected = set(entries(tmp_path / CATALOGUE))
    assert collected - set(ENTRIES) == set(), "run make messages and translate these"
    assert set(ENTRIES) - collected == set(), "run make messages, which removes these"


def test_no_text_is_hidden_from_the_catalogue() -> None:
    """Texts inside an f-string, for one, are not collected by every version of gettext."""
    files = (path for name in SOURCES for path in (BASE / name).rglob("*.py"))
    found = {text for path in files for text in texts_of(ast.parse(path.read_text(encoding="utf-8")))}
    assert found - set(ENTRIES) == set()


def texts_of(tree: ast.AST) -> Iterator[Text]:
    """The texts that a module asks a translation of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in PLAIN | PLURAL and words:
                yield "", str(words[0])
            elif node.func.id in IN_CONTEXT and words:
                yield str(words[0]), str(words[1])


def is_sentence(text: str) -> bool:
    return text[:1].isupper() and text.endswith(".")


@pytest.mark.django_db
def test_a_page_in_spanish(client: Client) -> None:
    with override("en"):  # the language of the request would be that of the next test too
        page = client.get(reverse("sign-in"), headers={"accept-language": "es-PE,es;q=0.9"}).content.decode()
    assert '<html lang="es">' in page
    assert "<title>Iniciar sesión · Rendir</title>" in page
