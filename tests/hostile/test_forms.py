"""Every form of the site, with each id in it pointed at what belongs to another program or site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from indicators.merging import mark_of
from indicators.models import Result, Series
from tests.hostile.ground import FIGURES, STATES, Ground, seen_in, walked
from tests.hostile.pages import Field, Form, page_of, text_of
from tests.hostile.tables import digests, unchanged
from tests.hostile.tried import TRIED

pytestmark = pytest.mark.django_db

NOT_HERE = {"sign-out", "sign-in", "set_language"}  # forms without an object
OF_A_PERSON = ("/account/", "/sign-in/")  # forms that name nothing but who sends them
NUMBERED = re.compile(r"\b([0-9]+)\b")
# fields that name something of a program: by what its keys are known on the ground
NAMING = {
    "program": ("program", "code"),
    "site": ("site", "site_code"),
    "indicator": ("indicator", "indicator_code"),
    "category": ("category",),
    "seen": ("entry",),
    "from": ("code",),
    "to": ("code",),
    "period": ("code",),
}
# fields that hold a word of a list, a number of a version, or free text
HARMLESS = {
    "csrfmiddlewaretoken", "next", "then", "version", "submission", "digest", "reason", "change", "calendar",
    "kind", "label", "value", "numerator", "denominator", "day", "absence", "certainty", "expected",
    "evidence", "published", "state", "late", "by", "as_of", "categories", "text", "component",
    "illustrative", "language", "sort", "page", "notes", "shown", "ends", "level", "map", "status",
}  # fmt: skip
# what is said of a row that is not sent is passed over, and the rest is saved
UNWRITTEN = ("was-", "file-", "unfile-")
PAGES_MORE = ("/programs/OURS/targets/2025/?site=OUR0",)
TYPED = {
    "value": "7",
    "numerator": "7",
    "denominator": "9",
    "remark": "look",
    "reason": "because",
    "target": "9",
}
CHOSEN = {"change": "corrects", "kind": "target", "indicator": "OURS-0", "site": "OUR1", "period": "2025 Q3"}


def forms_of(ground: Ground, client: Client) -> Iterator[tuple[str, Form]]:
    """Every form on every page that a person may open, each once, with the address of its page."""
    found: set[tuple[str, str, tuple[str, ...]]] = set()
    addresses = [
        ground.ours.address(pattern, state)
        for pattern in walked()
        for state in (STATES.values() if "pk" in pattern.pattern.converters else ("draft",))
    ]
    for address in (*addresses, *PAGES_MORE):
        response = client.get(address)
        if response.status_code != 200:
            continue
        for form in page_of(response, address).forms:
            name = resolve(urlsplit(form.address).path).url_name
            key = (form.address, form.method, tuple(it.name for it in form.fields))
            is_personal = name in NOT_HERE or form.address.startswith(OF_A_PERSON)
            if not is_personal and key not in found:
                found.add(key)
                yield address, form


def filled(form: Form, entry: object) -> dict[str, str]:
    """The form as a person would fill it: one box of each sort, a reason, and the choices of our program."""
    sent, sorts = form.posted(), set[str]()
    if {"seen", "indicator"} <= set(sent):
        sent["seen"] = str(entry)  # what stands where the choices lead
    for it in form.fields:
        sort = it.name.split("-")[0]
        if it.name in CHOSEN and (it.kind in ("radio", "select")):
            sent[it.name] = CHOSEN[it.name]
        elif it.kind in ("text", "textarea", "input") and sort in TYPED and sort not in sorts and fits(it):
            sent[it.name] = TYPED[sort]
            sorts.add(sort)
    return sent


def fits(it: Field) -> bool:
    """Of a plan only what is in force is set anew; a plan of a number has no parts."""
    return bool(it.value) if it.name.startswith("target-") else it.name not in ("numerator", "denominator")


def pointed(form: Form, sent: dict[str, str], ground: Ground) -> Iterator[tuple[str, dict[str, str]]]:
    """The form with one field at a time pointed at something else's."""
    known, sorts = ground.theirs.known(), set[str]()
    beside = Series.objects.filter(site=ground.ours.sites[1], category=None)[0].pk
    for it in form.fields:
        sort = it.name.split("-")[0]
        keys = [str(known[name]) for name in NAMING.get(it.name, ())]
        if NUMBERED.search(it.name) and sort not in sorts:
            sorts.add(sort)
            for key in (known["indicator" if sort == "target" else "series"], beside):
                rest = {name: text for name, text in sent.items() if name != it.name}
                text = NUMBERED.sub(str(key), it.value) if sort == "was" else TYPED.get(sort, "7")
                yield it.name, rest | {NUMBERED.sub(str(key), it.name, count=1): text}
        elif not NUMBERED.search(it.name) and it.name:
            assert (form.address, it.name, bool(keys) or it.name in HARMLESS) == (form.address, it.name, True)
        for key in keys:
            yield it.name, {**sent, it.name: f"{it.value.split(':')[0]}:{key}" if ":" in it.value else key}


def of_others(ground: Ground) -> list[tuple[Any, ...]]:
    """What is typed in reports of other sites and programs."""
    own = ground.ours.sites[0]
    return list(Result.objects.exclude(report__site=own).order_by("pk").values_list())


def send(client: Client, form: Form, address: str, sent: dict[str, str], **headers: str) -> Any:
    way = client.post if form.method == "post" else client.get
    return way(address, sent, headers=headers)


@pytest.mark.parametrize("role", ["viewer", "other_site", "reporter", "manager", "administrator"])
def test_no_id_of_a_form_reaches_another_program(ground: Ground, role: str) -> None:
    client = ground.client(role)
    worked = set()
    for page, form in list(forms_of(ground, client)):
        sent = filled(form, ground.ours.known()["entry"])
        for address in sorted({form.address, *form.also}):
            before, others = digests(), of_others(ground)
            with transaction.atomic():
                send(client, form, address, sent)
                changes = digests() != before
                transaction.set_rollback(True)
            if changes:
                worked.add(resolve(urlsplit(address).path).url_name)
            for field, wrong in pointed(form, sent, ground):
                with transaction.atomic():
                    response = send(client, form, address, wrong)
                    changed = [name for name, now in digests().items() if now != before[name]]
                    if field.startswith(UNWRITTEN):
                        changed = [] if of_others(ground) == others else changed
                    transaction.set_rollback(True)
                told = (page, address, field, response.status_code)
                assert (told, changed, response.status_code == 500) == (told, [], False)
                assert (told, seen_in(text_of(response), role)) == (told, [])
                TRIED["forms with an id pointed at another's object"] += 1
    assert worked == {
        "reporter": {"report-entry", "report-submit"},
        "manager": {
            "report-entry", "report-submit", "report-send-back", "report-reopen", "targets", "plan-set",
        },
        "administrator": {"targets", "plan-set"},
    }.get(role, set())  # fmt: skip


@pytest.mark.parametrize("whose", ["mine", "theirs"])
@pytest.mark.parametrize("way", ["", "save/", "submit/"])
def test_no_choice_between_two_texts_reaches_a_row_of_another(ground: Ground, whose: str, way: str) -> None:
    """With every mark that a page could have shown of the row."""
    client, path = ground.client("reporter"), f"/reports/{ground.ours.reports['draft'].pk}/"
    beside = Series.objects.filter(site=ground.ours.sites[1], category=None)[0].pk
    for key in (ground.theirs.known()["series"], beside):
        for mark in map(mark_of, {"", "4", "7", *FIGURES.values()}):
            sent = {f"value-{key}": "7", f"was-{key}": str(key), f"keep-value-{key}": f"{whose} {mark}"}
            with unchanged(whose, key, mark):
                response = client.post(path + way, sent, headers={"HX-Request": "true"} if way else {})
            assert (key, response.status_code < 500, seen_in(text_of(response), "reporter")) == (
                key,
                True,
                [],
            )
            TRIED["forms with an id pointed at another's object"] += 1


@pytest.mark.parametrize("way", ["approve", "send-back"])
def test_what_another_page_had_shown_is_not_told(ground: Ground, way: str) -> None:
    """What the review of the other program carries signed, sent with one of ours that is out of date."""
    theirs, own = ground.theirs.reports["submitted"], ground.ours.reports["submitted"]
    other = Client()
    other.force_login(ground.theirs.manager)
    page = page_of(other.get(f"/reports/{theirs.pk}/review/"))
    sent = next(form for form in page.forms if form.id == "review").posted()
    client = ground.client("manager")
    with unchanged(way):
        response = client.post(f"/reports/{own.pk}/{way}/", {**sent, "submission": "9"})
    assert response.status_code == 409
    assert seen_in(text_of(response), "manager") == []
    TRIED["forms with an id pointed at another's object"] += 1
