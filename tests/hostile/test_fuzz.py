"""What takes input takes anything: never a fault, no change when refused, no markup that comes alive."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Report
from indicators.rows import FIELDS
from tests.hostile.ground import Ground, seen_in, walked
from tests.hostile.inputs import LIVE, MARKUP, NUMBERS, OTHER, QUICK, SOAK, ids, texts
from tests.hostile.pages import Form, page_of, text_of
from tests.hostile.tables import digests
from tests.hostile.tried import TRIED

pytestmark = pytest.mark.django_db

DONE = (200, 302)
PAGES = {
    "entry": ("reporter", "/reports/{draft}/"),
    "review": ("manager", "/reports/{submitted}/review/"),
    "reopening": ("manager", "/reports/{approved}/review/"),
    "targets": ("manager", "/programs/OURS/targets/2025/?site=OUR0"),
    "plan": ("manager", "/programs/OURS/plan/"),
    "performance": ("manager", "/programs/OURS/performance/"),
    "portfolio": ("manager", "/portfolio/"),
    "programs": ("manager", "/programs/"),
    "reports": ("manager", "/reports/"),
    "sign-in": ("anonymous", "/sign-in/"),
}
# parameters that no form has: what pages read from their addresses besides
QUERY = (
    "period", "calendar", "text", "component", "sort", "page", "per_page", "program", "site", "state",
    "from", "to", "by", "as_of", "format", "ledger", "indicator", "kind", "category", "seen", "notes",
    "saved", "check", "next", "illustrative", "late", "categories",
)  # fmt: skip
HEADERS = (
    "Host", "Accept-Language", "Accept", "HX-Request", "HX-Target", "HX-Current-URL", "HX-Trigger",
    "X-Forwarded-Proto", "Range", "X-Forwarded-Host", "X-Forwarded-For", "X-CSRFToken", "Referer",
    "Origin", "Content-Type", "If-None-Match", "If-Modified-Since", "Authorization",
    "X-HTTP-Method-Override", "Accept-Encoding", "User-Agent",
)  # fmt: skip
COOKIES = ("sessionid", "csrftoken", "messages", "django_language")


def path_of(ground: Ground, path: str) -> str:
    return path.format(**{state: report.pk for state, report in ground.ours.reports.items()})


def forms_at(client: Client, path: str) -> list[Form]:
    skipped = {"set_language", "sign-out"}
    found = page_of(client.get(path), path).forms
    return [form for form in found if resolve(urlsplit(form.address).path).url_name not in skipped]


def check(response: Any, role: str, told: object) -> None:
    """No fault, nothing alive, nothing foreign, no header that was typed."""
    assert (told, response.status_code < 500) == (told, True)
    page = page_of(response)
    assert (told, page.alive) == (told, [])
    assert (told, seen_in(text_of(response), role)) == (told, []) if not response.streaming else True
    assert "Set-Cookie" not in response.headers
    assert all("\r" not in value and "\n" not in value for value in response.headers.values())


def send(client: Client, form: Form, address: str, sent: dict[str, Any], role: str, **headers: str) -> None:
    """Sent inside a savepoint; refused means that no row of any table is another."""
    before = digests()
    with transaction.atomic():
        way = client.post if form.method == "post" else client.get
        response = way(address, sent, headers=headers)
        check(response, role, (address, sent))
        if form.method == "get" or response.status_code not in DONE:
            changed = [name for name, now in digests().items() if now != before[name]]
            kept = {"report-submit"} & {resolve(urlsplit(address).path).url_name or ""}
            assert ((address, sent), [] if kept else changed) == ((address, sent), [])
        transaction.set_rollback(True)
    TRIED["forms filled with odd input"] += 1


@pytest.mark.parametrize("name", PAGES)
def test_a_form_takes_anything(ground: Ground, name: str) -> None:
    """Any few of its fields hold anything, are left out, or come twice."""
    role, path = PAGES[name]
    client = ground.client(role)
    forms = forms_at(client, path_of(ground, path))
    assert forms

    @QUICK
    @given(st.data())
    def anything(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        names = [it.name for it in form.fields if it.name] or ["x"]
        sent: dict[str, Any] = dict(form.posted())
        for field in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=5)):
            sent[field] = data.draw(texts | ids)
        gone = data.draw(st.none() | st.sampled_from(names))
        sent.pop(gone or "", None)
        twice = data.draw(st.none() | st.sampled_from(names))
        if twice:
            sent[twice] = data.draw(st.lists(texts, min_size=2, max_size=3))
        address = data.draw(st.sampled_from(sorted({form.address, *form.also})))
        headers = data.draw(st.sampled_from([{}, {"HX-Request": "true"}]))
        send(client, form, address, sent, role, **headers)

    anything()


@pytest.mark.parametrize("name", PAGES)
def test_no_markup_comes_alive_in_a_form(ground: Ground, name: str) -> None:
    """All of it at once in every field, and the shortest of it alone; shown again in the answer."""
    role, path = PAGES[name]
    client = ground.client(role)
    for form in forms_at(client, path_of(ground, path)):
        for text in ("".join(MARKUP), *MARKUP[:3]):
            sent = {
                **form.posted(),
                **{it.name: text for it in form.fields if it.kind != "hidden" and it.name},
            }
            for address in (form.address, *form.also):
                send(client, form, address, sent, role)


def test_every_known_trick_in_every_kind_of_box(ground: Ground) -> None:
    """One after the other, typed in all boxes of a report at once, and shown again."""
    client, path = ground.client("reporter"), path_of(ground, "/reports/{draft}/")
    form = forms_at(client, path)[0]
    boxes = [it.name for it in form.fields if it.name.split("-")[0] in FIELDS]
    saved = f"{path}save/"
    for text in (*NUMBERS, *MARKUP, *LIVE, *OTHER)[:: 1 if SOAK else 7]:
        with transaction.atomic():
            sent = {**form.posted(), **dict.fromkeys(boxes, text)}
            check(client.post(f"{path}submit/", sent), "reporter", (path, text))
            check(client.post(saved, sent, headers={"HX-Request": "true"}), "reporter", (saved, text))
            for shown in (path, f"{path}check/"):
                check(client.get(shown), "reporter", (shown, text))
            assert Report.objects.get(pk=ground.ours.reports["draft"].pk).state == "draft"
            transaction.set_rollback(True)
        TRIED["known tricks typed in all boxes of a report"] += 1


@pytest.mark.parametrize("sign", ["9", "<", "\u202e", "\n"])
def test_a_megabyte_is_answered(ground: Ground, sign: str) -> None:
    text = sign * (10**6 // len(sign.encode()))
    for role, path in (PAGES["entry"], PAGES["plan"], PAGES["targets"], PAGES["review"]):
        client = ground.client(role)
        form = forms_at(client, path_of(ground, path))[0]
        for field in [it.name for it in form.fields if it.name][:8:4]:
            send(client, form, form.address, {**form.posted(), field: text}, role)


@pytest.mark.parametrize("role", ["anonymous", "reporter", "manager"])
def test_an_address_takes_any_query(ground: Ground, role: str) -> None:
    client = ground.client(role)
    pages = [ground.ours.address(pattern) for pattern in walked() if pattern.name != "sign-out"]

    @QUICK
    @given(st.sampled_from(pages), st.dictionaries(st.sampled_from(QUERY) | texts, texts, max_size=4))
    def anything(page: str, query: dict[str, str]) -> None:
        before = digests()
        check(client.get(page, query), role, (page, query))
        assert digests() == before
        TRIED["addresses with an odd query"] += 1

    anything()


def test_a_part_of_an_address_takes_anything(ground: Ground) -> None:
    client = ground.client("manager")
    shapes = [str(pattern.pattern) for pattern in walked() if pattern.pattern.converters]

    @QUICK
    @given(st.data())
    def anything(data: st.DataObject) -> None:
        shape = data.draw(st.sampled_from(shapes))
        pieces = [
            quote(data.draw(texts | ids), safe="") if "<" in piece else piece for piece in shape.split("/")
        ]
        path = "/" + "/".join(pieces)
        with transaction.atomic():
            for method in ("GET", "POST"):
                check(client.generic(method, path), "manager", (method, path))
        TRIED["odd parts of addresses"] += 1

    anything()


def test_a_header_and_a_cookie_take_anything(ground: Ground) -> None:
    @QUICK
    @given(
        st.dictionaries(st.sampled_from(HEADERS), texts, max_size=4),
        st.dictionaries(st.sampled_from(COOKIES), texts, max_size=3),
        st.sampled_from(["/portfolio/", "/sign-in/", "/my-work/", "/nothing/", "/admin/", "/programs/OURS/"]),
    )
    def anything(headers: dict[str, str], cookies: dict[str, str], path: str) -> None:
        client = ground.client("reporter")
        for name, value in cookies.items():
            client.cookies[name] = value.encode("latin-1", "replace").decode("latin-1")
        sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        if "Content-Type" in sent:
            sent["Content-Type"] = sent["Content-Type"].replace("multipart", "x")
        role = "anonymous" if "sessionid" in cookies else "reporter"
        check(client.get(path, headers=sent), role, (path, headers, cookies))
        TRIED["odd headers and cookies"] += 1

    anything()


@pytest.mark.parametrize("key", ["\x00" * 40, "x" * 20 + "\x00", "9" * 10_000])
def test_a_session_of_no_such_name_is_none(ground: Ground, key: str) -> None:
    """A quoted cookie brings any sign past every server."""
    client = ground.client("reporter")
    client.cookies["sessionid"] = key
    assert client.get("/portfolio/")["Location"] == "/sign-in/?next=/portfolio/"


BODIES = (b"", b"\x00", b"a=%ff%fe", b"a=%ED%A0%80", b"=&=&", b"a" * 10**6, b"&" * 30_000, b"a[b]=1", b"\xff")
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "x; charset=utf-7",
    "",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_may_be_anything(ground: Ground, body: bytes, kind: str) -> None:
    client = ground.client("reporter")
    before = digests()
    for path in (path_of(ground, "/reports/{draft}/"), "/language/", "/sign-in/"):
        response = client.generic("POST", path, body, kind)  # as it is: post() codes it anew
        assert (path, response.status_code < 500) == (path, True)
    assert digests() == before
    TRIED["odd bodies"] += 1
