"""A request that is larger than any page sends: refused before it is read, and said so."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from indicators.models import Evidence, Result
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: object) -> Desk:
    settings.REQUEST_MAX_BYTES = 3_000_000  # type: ignore[attr-defined]  # pytest-django's settings
    return make_desk()


def send(desk: Desk, size: int, **headers: str) -> HttpResponse:
    """Post the counted row with a file of so many bytes."""
    file = SimpleUploadedFile("a.txt", b"x" * size)
    boxes = {f"value-{desk.counted.pk}": "12", f"file-{desk.counted.pk}": file, "version": "0"}
    response = signed_in(desk.reporter).post(desk.url("report-save"), boxes, headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def test_a_request_within_the_limit_is_read(desk: Desk) -> None:
    assert send(desk, 2_900_000).status_code == 302


def test_what_is_too_large_is_said_on_a_page(desk: Desk) -> None:
    response = send(desk, 3_000_001)
    assert response.status_code == 413
    assert "what you typed is still there, or offered" in " ".join(page_of(response).split())
    assert "at most 3 MB at once" in page_of(response)
    assert not Result.objects.exists()
    assert not Evidence.objects.exists()


def test_a_row_that_saves_itself_is_told_on_its_page(desk: Desk) -> None:
    response = send(desk, 3_000_001, hx_request="true")
    assert (response.status_code, response["Rendir-Saved"]) == (200, "no")
    assert "at most 3 MB are read at once" in page_of(response)
    assert 'id="alerts"' in page_of(response)


@pytest.mark.parametrize(
    "boxes",
    [{"value-1": "x" * 3_000_000}, {f"value-{number}": "" for number in range(20_001)}],
    ids=["memory", "fields"],
)
def test_what_django_refuses_is_said_in_the_same_words(
    desk: Desk, settings: object, boxes: dict[str, str]
) -> None:
    settings.REQUEST_MAX_BYTES = 50_000_000  # type: ignore[attr-defined]  # a fixture
    response = signed_in(desk.reporter).post(desk.url("report-save"), boxes)
    assert response.status_code == 413
    assert "This was too much at once" in page_of(response)


def test_too_many_files_are_too_much(desk: Desk) -> None:
    files = {f"file-{number}": SimpleUploadedFile("a.txt", b"x") for number in range(101)}
    assert signed_in(desk.reporter).post(desk.url("report-save"), files).status_code == 413


def test_a_form_that_is_cut_is_a_bad_request(desk: Desk) -> None:
    response = signed_in(desk.reporter).post(
        desk.url("report-save"), b"--x\r\n", content_type="multipart/form-data"
    )
    assert response.status_code == 400
    assert "This could not be read" in page_of(response)


@pytest.mark.parametrize("said", ["", "x", "-1", "٣"])
def test_an_odd_length_is_let_to_the_server(desk: Desk, said: str) -> None:
    response = signed_in(desk.reporter).get(desk.url(), CONTENT_LENGTH=said)
    assert response.status_code == 200
