"""Files through the form of a report: no fault, no change when refused, no file that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Evidence, Series
from tests.hostile.files import KINDS, NAMES, PDF, PNG, REFUSED, TAKEN, Chosen, with_files
from tests.hostile.ground import Ground, seen_in
from tests.hostile.inputs import QUICK, texts
from tests.hostile.pages import Form, page_of, text_of
from tests.hostile.tables import digests
from tests.hostile.tried import TRIED

pytestmark = pytest.mark.django_db

DONE = (200, 302)
TEXT = b"The register of the commission says 12."
WAYS = ("", "save/", "submit/")
SAVING = WAYS[:2]  # handing in keeps what was typed before it refuses: only with a file that is taken


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A folder for the files of one test alone."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path


@pytest.fixture
def paper(ground: Ground) -> tuple[Client, Form, str]:
    """The form of the reporter's draft, and the number of a row in it."""
    client, path = ground.client("reporter"), f"/reports/{ground.ours.reports['draft'].pk}/"
    form = next(it for it in page_of(client.get(path), path).forms if it.id == "report")
    key = next(it.name for it in form.fields if it.kind == "file").partition("-")[2]
    return client, form, key


def lying(folder: Path) -> set[str]:
    """Where every file lies below a folder, whole or not."""
    return {str(path.relative_to(folder / "evidence")) for path in folder.rglob("*") if path.is_file()}


def known(before: set[int]) -> set[str]:
    return set(Evidence.objects.exclude(pk__in=before).exclude(stored="").values_list("stored", flat=True))


def typed_in(form: Form) -> dict[str, str]:
    """What the page sends with no file chosen, and none taken away."""
    return {name: text for name, text in form.posted().items() if not name.startswith(("file-", "unfile-"))}


def is_refused(response: Any) -> bool:
    """Rows that a page sends by itself are answered, refused or not, with where they stand."""
    return response.status_code not in DONE or response.get("Rendir-Saved") == "no"


def hand_in(
    folder: Path,
    paper: tuple[Client, Form, str],
    files: list[Chosen],
    way: str = "",
    more: Mapping[str, str] | None = None,
) -> Any:
    """The answer; whatever it is, nothing lies in the folder that the database does not know."""
    client, form, _key = paper
    sent = typed_in(form)
    body, kind = with_files({**sent, **(more or {})}, files)
    before, rows = digests(), set(Evidence.objects.values_list("pk", flat=True))
    headers = {"HX-Request": "true"} if way == "save/" else {}
    with transaction.atomic():
        response = client.post(form.address + way, body, content_type=kind, headers=headers)
        told = (way, [(it.name[:80], it.kind[:40], it.content[:40]) for it in files], response.status_code)
        assert response.status_code < 500, told
        assert (told, page_of(response).alive) == (told, [])
        assert (told, seen_in(text_of(response), "reporter")) == (told, [])
        assert (told, lying(folder)) == (told, known(rows))
        if is_refused(response) and len(files) == 1:
            assert (told, [name for name, now in digests().items() if now != before[name]]) == (told, [])
            assert (told, lying(folder)) == (told, set())
        transaction.set_rollback(True)
    for path in folder.rglob("*"):
        path.unlink() if path.is_file() else None
    TRIED["files handed in"] += len(files)
    return response


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(folder: Path, paper: tuple[Client, Form, str], case: str) -> None:
    for way in WAYS:
        response = hand_in(folder, paper, [Chosen(f"file-{paper[2]}", REFUSED[case])], way)
        assert (way, is_refused(response)) == (way, True)


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_taken_is_given_back_so_that_it_never_runs(
    folder: Path, paper: tuple[Client, Form, str], case: str
) -> None:
    client, form, key = paper
    sent = typed_in(form)
    body, kind = with_files(sent, [Chosen(f"file-{key}", TAKEN[case], "x.html", "text/html")])
    assert client.post(form.address, body, content_type=kind).status_code == 302
    response = client.get(f"/evidence/{Evidence.objects.latest('pk').pk}/")
    assert response.content == TAKEN[case]
    assert not response["Content-Type"].startswith("text/html")
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "html" not in response["Content-Disposition"].rpartition(".")[2]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_name_and_a_type_may_be_anything(folder: Path, paper: tuple[Client, Form, str]) -> None:
    for at, name in enumerate(NAMES):
        kind = KINDS[at % len(KINDS)]
        content = PNG if at % 3 else TEXT
        hand_in(folder, paper, [Chosen(f"file-{paper[2]}", content, name, kind)], SAVING[at % 2])


def test_many_files_at_once(folder: Path, paper: tuple[Client, Form, str]) -> None:
    many = [Chosen(f"file-{number}", TEXT) for number in range(101)]
    assert hand_in(folder, paper, many).status_code in (400, 413)
    twice = [Chosen(f"file-{paper[2]}", content) for content in (TEXT, PDF, b"", TEXT + TEXT)]
    hand_in(folder, paper, twice)


def test_a_file_for_a_row_of_another_is_refused(
    ground: Ground, folder: Path, paper: tuple[Client, Form, str]
) -> None:
    """With and without the boxes of that row, and for numbers that are none."""
    theirs = ground.theirs.known()["series"]
    beside = Series.objects.filter(site=ground.ours.sites[1], category=None)[0].pk
    for key in (theirs, beside, 0, -1, "9" * 30, "x", "1.5", ""):
        for more in ({}, {f"value-{key}": "7", f"evidence-{key}": ""}):
            before, rows = digests(), known(set())
            with transaction.atomic():
                hand_in(folder, paper, [Chosen(f"file-{key}", TEXT)], more=more)
                assert (key, known(set()) - rows) == (key, set())
                transaction.set_rollback(True)
            assert digests() == before


BEGINNINGS = (
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"GIF89a",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"RIFF\x00\x00\x00\x00WEBP",
)


def test_a_file_may_be_anything(folder: Path, paper: tuple[Client, Form, str]) -> None:
    @QUICK
    @given(st.sampled_from(BEGINNINGS), st.binary(max_size=300), texts, texts, st.sampled_from(SAVING))
    def anything(begins: bytes, rest: bytes, name: str, kind: str, way: str) -> None:
        plain = (name.replace('"', "'"), "".join(kind.split()))
        hand_in(folder, paper, [Chosen(f"file-{paper[2]}", begins + rest, *plain)], way)

    anything()
