"""What every answer carries, what a refusal says, and what is left in the log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from monitoring.logs import Line
from monitoring.urls import urlpatterns as real
from programs.access import opened_to
from programs.models import Program
from tests.hostile.ground import Ground
from tests.hostile.pages import text_of

pytestmark = pytest.mark.django_db

SECRET = "Tz-4711-typed"


@opened_to("anyone")
@login_not_required
def falls(request: HttpRequest, key: str = "") -> HttpResponse:
    """A view with a fault, in the midst of what was typed."""
    password = request.POST.get("password", "")
    try:
        int(password)
    except ValueError:
        with transaction.atomic():
            Program.objects.create(code=password, name=password, component=password)
    return HttpResponse(password)


urlpatterns = [path("falls/", falls), path("falls/<str:key>/", falls), *real]

NEEDED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'",
}  # fmt: skip


def check_headers(at: object, response: Any) -> None:
    found = {name: response.headers.get(name) for name in NEEDED}
    assert (at, found) == (at, NEEDED)
    assert (at, set(response.headers["Content-Security-Policy"].split("; ")) >= POLICY) == (at, True)
    assert (at, "unsafe" in response.headers["Content-Security-Policy"]) == (at, False)
    assert (at, "Cache-Control" in response.headers) == (at, True)


def answers(ground: Ground) -> dict[str, Any]:
    """An answer of every kind."""
    anyone, manager = Client(raise_request_exception=False), ground.client("manager")
    forged = ground.client("manager", enforce_csrf_checks=True)
    reviewed = f"/reports/{ground.ours.reports['submitted'].pk}/review/"
    found = {
        "200": manager.get("/portfolio/"),
        "200 without session": anyone.get("/sign-in/"),
        "302": anyone.get("/portfolio/"),
        "301": manager.get("/portfolio"),
        "404": manager.get("/nothing/"),
        "404 to nobody": anyone.get("/nothing/"),
        "403": ground.client("viewer").get(reviewed),
        "403 of another form": forged.post("/language/", {"language": "es"}),
        "405": manager.post("/portfolio/"),
        "400": anyone.get("/", headers={"Host": "evil.example"}),
        "500": anyone.post("/falls/", {"password": SECRET}),
        "200 static": anyone.get("/static/rendir/rendir.css"),
        "404 static": anyone.get("/static/nothing.css"),
        "200 export": manager.get("/programs/OURS/performance/?format=csv"),
        "200 healthz": anyone.get("/healthz"),
        "200 admin": ground.client("administrator").get("/admin/"),
    }
    with override_settings(SECURE_SSL_REDIRECT=True):
        plain = Client()  # its middleware is made anew, with this setting
        found["301 to https"] = plain.get("/portfolio/")
        found["400 before https"] = plain.get("/", headers={"Host": "evil.example"})
    static: Any = found["200 static"]
    for close in static._resource_closers:  # as a server would, but the connection stays
        close()
    return found


@override_settings(ROOT_URLCONF="tests.hostile.test_answers")
def test_every_answer_has_its_headers(ground: Ground) -> None:
    found = answers(ground)
    for name, response in found.items():
        assert (name, str(response.status_code)) == (name, name[:3])
        check_headers(name, response)
    for name in ("200", "200 export", "404", "500"):
        assert "private" in found[name]["Cache-Control"]


REFUSALS = {
    "400": "This could not be read", "403": "is not open to you", "403 of another form": "out of date",
    "404": "no such page", "405": "not opened like this", "500": "Something went wrong",
}  # fmt: skip


@override_settings(ROOT_URLCONF="tests.hostile.test_answers")
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_looks_like_the_site_and_tells_nothing(ground: Ground, name: str) -> None:
    text = text_of(answers(ground)[name])
    assert REFUSALS[name] in text
    assert "rendir/rendir.css" in text
    assert 'class="brand"' in text
    for detail in (
        "Traceback",
        "Exception",
        "django",
        "CSRF_",
        "evil.example",
        SECRET,
        "urlconf",
        "/nothing/",
    ):
        assert (name, detail, detail in text.replace('value="/nothing/"', "")) == (name, detail, False)


@override_settings(ROOT_URLCONF="tests.hostile.test_answers")
def test_the_log_tells_where_it_failed_and_not_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = SECRET
    client.post(f"/falls/{SECRET}/?token={SECRET}", {"password": SECRET})
    client.post("/sign-in/", {"username": "somebody", "password": SECRET})
    lines = "\n".join(map(Line("%(levelname)s %(message)s").format, caplog.records))
    assert "Internal Server Error: /falls/…/" in lines
    assert "test_answers.py" in lines
    assert "builtins.ValueError" in lines
    assert SECRET not in lines


def test_an_error_of_the_database_is_named_by_its_rule() -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Program.objects.create(code="C", name=SECRET, component="none")
    raised = caught.value
    failure = (IntegrityError, raised, raised.__traceback__)
    record = logging.LogRecord("x", 40, "x", 1, "failed\r\nERROR forged", (), failure)
    line = Line("%(message)s").format(record)
    assert "programs_program" in line
    assert SECRET not in line
    assert line.splitlines()[0] == "failed  ERROR forged"
