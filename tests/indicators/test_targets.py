"""The targets of a year on one page, and one target or baseline by itself."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import Plan, set_plans
from indicators.forms.targets import load_grid
from indicators.models import Entry, Indicator
from indicators.periods import Calendar, parse_label
from indicators.rows import Typed
from indicators.values import Change
from programs.models import User
from tests.builders import (
    assign,
    make_administrator,
    make_indicator,
    make_site,
    make_user,
)
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage

pytestmark = pytest.mark.django_db


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(stage: Stage, **query: str) -> str:
    return reverse("targets", args=[stage.program.code, 2026], query=query or None)


def page(response: Any) -> str:
    content: bytes = response.content
    return unescape(content.decode())


def boxes(response: Any) -> dict[str, str]:
    """The text of every box of a page, hidden ones too, by name."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", response.content.decode()):
        attributes = {name: unescape(text) for name, text in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if "name" in attributes and attributes.get("type") != "radio":
            found[attributes["name"]] = attributes.get("value", "")
    return found


def box(indicator: Indicator, key: str = "2026_Q3") -> str:
    return f"target-{indicator.pk}-{key}"


def send(stage: Stage, typed: dict[str, str], *, client: Client | None = None, **more: str) -> Any:
    """What comes of opening the page, typing this and setting it."""
    client = client or signed(stage.manager)
    where = address(stage, **{key: more.pop(key) for key in ("site", "calendar") if key in more})
    shown = boxes(client.get(where))
    return client.post(where, shown | {"reason": "The work plan"} | more | typed)


def put(stage: Stage, value: str, change: Change | None = None, **more: Any) -> None:
    plan = Plan(stage.indicator.pk, more.pop("span", parse_label("2026 Q3")), Typed(value=value), **more)
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="So", change=change)


def standing(stage: Stage) -> dict[tuple[str, str | None], str]:
    """What is in force, by period and site."""
    entries = Entry.objects.standing().filter(program=stage.program).select_related("period", "series__site")
    return {
        (e.period.label, e.series.site.name if e.series.site else None): str(e.value or e.numerator or e.day)
        for e in entries
    }


# --- who ---


@pytest.mark.parametrize("name", ["targets", "plan-set"])
def test_managers_and_administrators_plan(name: str) -> None:
    stage = make_stage()
    people = {role: make_user() for role in ("viewer", "reporter")}
    for role, user in people.items():
        assign(user, stage.program, role)
    where = reverse(name, args=[stage.program.code, 2026][: 2 if name == "targets" else 1])
    expected = [(stage.manager, 200), (make_administrator(), 200), (make_user(), 404)]
    for user, status in (*expected, *((user, 403) for user in people.values())):
        client = signed(user)
        assert client.get(where).status_code == status
        assert client.post(where).status_code in ({302, 422} if status == 200 else {status})
    assert stage.entries() == []


NOWHERE = [
    "/programs/none/targets/2026/", "/programs/{}/targets/1/", "/programs/{}/targets/9999/",
    "/programs/{}/targets/2026/?site=none", "/programs/none/plan/",
]  # fmt: skip


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found(path: str) -> None:
    stage = make_stage()
    assert signed(stage.manager).get(path.format(stage.program.code)).status_code == 404


# --- the page ---


def test_an_indicator_has_boxes_for_its_periods_and_the_year() -> None:
    stage = make_stage()
    yearly = make_indicator(stage.program, frequency="year")
    monthly = make_indicator(stage.program, frequency="month")
    names = set(boxes(signed(stage.manager).get(address(stage))))
    assert {name for name in names if name.startswith(f"target-{stage.indicator.pk}-")} == {
        box(stage.indicator, key) for key in ("2026", "2026_Q1", "2026_Q2", "2026_Q3", "2026_Q4")
    }
    assert {name for name in names if name.startswith(f"target-{yearly.pk}-")} == {box(yearly, "2026")}
    assert len([name for name in names if name.startswith(f"target-{monthly.pk}-")]) == 13


def test_periods_of_every_length_lie_one_above_the_other() -> None:
    stage = make_stage()
    for frequency in ("month", "half", "year", "irregular"):
        make_indicator(stage.program, frequency=frequency)
    make_indicator(stage.program, frequency="half", calendar="fiscal")
    grid = load_grid(stage.program, None, 2026, Calendar.CALENDAR)
    heads = [[(place.label, place.width) for place in line] for line in grid.heads]
    assert heads[:3] == [
        [("2026 H1", 6), ("2026 H2", 6)],
        [("", 3), ("FY2026 H2", 6), ("", 3)],
        [(f"2026 Q{n}", 3) for n in (1, 2, 3, 4)],
    ]
    assert [label for label, _width in heads[3]] == [f"2026-{n:02}" for n in range(1, 13)]
    rows = [row for group in grid.groups for row in group.rows]
    assert {sum(place.width for place in row.places) for row in rows} == {grid.width + 1} == {13}


def test_yearly_indicators_alone_have_one_column() -> None:
    stage = make_stage(frequency="year")
    grid = load_grid(stage.program, None, 2026, Calendar.CALENDAR)
    assert (grid.heads, grid.width) == ([], 0)
    assert [[place.width for place in row.places] for group in grid.groups for row in group.rows] == [[1]]


def test_a_fiscal_year_has_its_own_quarters() -> None:
    stage = make_stage()
    shown = signed(stage.manager).get(address(stage, calendar="fiscal"))
    assert [name for name in boxes(shown) if name.startswith("target-")] == [
        box(stage.indicator, key) for key in ("2025_Q4", "2026_Q1", "2026_Q2", "2026_Q3", "FY2026")
    ]
    assert "FY2026 Q1" in page(shown)


def test_what_has_no_place_is_left_out() -> None:
    stage = make_stage()
    closed = make_indicator(stage.program, closed_on=date(2025, 12, 31))
    by_program = make_indicator(stage.program, reported_by="program")
    names = boxes(signed(stage.manager).get(address(stage)))
    of_site = boxes(signed(stage.manager).get(address(stage, site=stage.site.code)))
    assert (box(closed) in names, box(by_program) in names, box(by_program) in of_site) == (
        False,
        True,
        False,
    )


def test_a_box_shows_what_is_in_force_and_what_it_was_at_first() -> None:
    stage = make_stage()
    put(stage, "10")
    assert "first 10" not in page(signed(stage.manager).get(address(stage)))
    put(stage, "1,200", Change.REVISES)
    shown = signed(stage.manager).get(address(stage))
    assert boxes(shown)[box(stage.indicator)] == "1,200"
    assert "first 10" in page(shown)


# --- setting ---


def test_a_target_in_force_is_one_click_from_its_entry() -> None:
    stage = make_stage()
    put(stage, "10")
    put(stage, "12", Change.REVISES)
    client = signed(stage.manager)
    shown = page(client.get(address(stage)))
    found = re.findall(r'href="(/programs/[^/]+/ledger/[0-9]+/)"', shown)
    assert found == [f"/programs/{stage.program.code}/ledger/2/"]
    assert "12" in page(client.get(found[0]))


def test_what_is_typed_is_set_and_nothing_else() -> None:
    stage = make_stage()
    other = make_indicator(stage.program)
    put(stage, "10")
    response = send(stage, {box(other): "1,200", box(other, "2026"): "5000"})
    assert (response.status_code, response["Location"]) == (302, address(stage))
    found = {(e.series.indicator_id, e.period.label): e.value for e in stage.entries()}
    assert found == {
        (stage.indicator.pk, "2026 Q3"): 10,
        (other.pk, "2026 Q3"): 1200,
        (other.pk, "2026"): 5000,
    }
    assert {entry.reason for entry in stage.entries()} == {"So", "The work plan"}
    assert "2 targets were set." in page(response.client.get(address(stage)))


def test_targets_of_one_site() -> None:
    stage = make_stage()
    put(stage, "10")
    send(stage, {box(stage.indicator): "4"}, site=stage.site.code)
    assert standing(stage) == {("2026 Q3", None): "10", ("2026 Q3", stage.site.name): "4"}


def test_a_ratio_is_written_with_its_parts_or_without_and_a_milestone_as_a_day() -> None:
    stage = make_stage()
    ratio, published, done = (
        make_indicator(stage.program, **RATIO),
        make_indicator(stage.program, **RATIO),
        make_indicator(stage.program, **MILESTONE),
    )
    send(stage, {box(ratio): "812 / 1,090", box(published): "74.5", box(done): "March 2027"})
    entries = {entry.series.indicator_id: entry for entry in stage.entries()}
    assert (entries[ratio.pk].numerator, entries[ratio.pk].denominator) == (812, 1090)
    assert str(entries[published.pk].value) == "74.5"
    assert entries[done.pk].day == "2027-03"
    shown = boxes(signed(stage.manager).get(address(stage)))
    assert (shown[box(ratio)], shown[box(done)]) == ("812 / 1,090", "2027-03")
    assert send(stage, {}).status_code == 302
    assert len(stage.entries()) == 3


def test_how_certain_a_target_is_stays_when_its_number_changes() -> None:
    stage = make_stage(counted=False)
    plan = Plan(
        stage.indicator.pk, parse_label("2026"), Typed(value="1926", certainty="about"), expected=True
    )
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="So")
    shown = boxes(signed(stage.manager).get(address(stage)))
    assert shown[box(stage.indicator, "2026")] == "1926"  # 1,926 could be read in two ways
    send(stage, {box(stage.indicator, "2026"): "2000"}, change="revises")
    last = stage.entries()[-1]
    assert (last.value, last.certainty, last.expected) == (2000, "about", True)


def test_an_empty_box_takes_a_target_back() -> None:
    stage = make_stage()
    put(stage, "10")
    send(stage, {box(stage.indicator): " "}, change="corrects")
    assert [entry.absence for entry in stage.entries()] == ["", "withdrawn"]
    shown = page(signed(stage.manager).get(address(stage)))
    assert "first 10" in shown


def test_nothing_typed_changes_nothing() -> None:
    stage = make_stage()
    put(stage, "10")
    response = send(stage, {}, reason="")
    assert response.status_code == 302
    assert len(stage.entries()) == 1


# --- what is refused keeps everything that was typed ---


def refused(response: Any, status: int = 422) -> str:
    assert response.status_code == status
    return page(response)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("many", "can't be read as a number"),
        ("-1", "can't be negative"),
        ("1.5", "whole number"),
        ("NaN", "can't be read as a number"),
        ("9" * 30, "too long"),
        ("<b>", "can't be read as a number"),
        ("a\x00b", "can't be read as a number"),
    ],
)
def test_a_complaint_stands_beside_its_box_and_links_to_it(typed: str, said: str) -> None:
    stage = make_stage()
    response = send(stage, {box(stage.indicator): typed, box(stage.indicator, "2026"): "7"})
    text = refused(response)
    assert text.count(said) == 2
    assert f'href="#{box(stage.indicator)}"' in text
    kept = boxes(response)
    assert (kept[box(stage.indicator)], kept[box(stage.indicator, "2026")]) == (typed, "7")
    assert "The work plan" in text
    assert "<b>" not in response.content.decode()
    assert stage.entries() == []


def test_a_change_needs_its_reason_and_its_kind() -> None:
    stage = make_stage()
    put(stage, "10")
    response = send(stage, {box(stage.indicator): "11"}, reason=" ")
    text = refused(response)
    assert 'href="#reason"' in text
    assert 'href="#change"' in text
    assert boxes(response)[box(stage.indicator)] == "11"
    assert standing(stage) == {("2026 Q3", None): "10"}
    assert refused(send(stage, {box(stage.indicator): "11"}, change="hides"))


def test_somebody_else_s_change_is_shown_and_not_overwritten() -> None:
    stage = make_stage()
    put(stage, "10")
    put(stage, "20", span=parse_label("2026"))
    client = signed(stage.manager)
    form = boxes(client.get(address(stage)))
    put(stage, "11", Change.REVISES)
    put(stage, "21", Change.REVISES, span=parse_label("2026"))
    change = {"reason": "So", "change": "revises"}
    response = client.post(address(stage), form | change | {box(stage.indicator): "12"})
    text = refused(response, 409)
    assert f"Now 11, set by {stage.manager.shown_name}." in text
    again = boxes(response)
    assert (again[box(stage.indicator)], again[box(stage.indicator, "2026")]) == ("12", "21")
    assert standing(stage) == {("2026 Q3", None): "11", ("2026", None): "21"}
    assert client.post(address(stage), again | change).status_code == 302
    assert standing(stage) == {("2026 Q3", None): "12", ("2026", None): "21"}


def test_the_same_form_sent_twice_sets_once() -> None:
    stage = make_stage()
    client = signed(stage.manager)
    form = boxes(client.get(address(stage))) | {box(stage.indicator): "10", "reason": "So"}
    assert [client.post(address(stage), form).status_code for _ in range(2)] == [302, 302]
    assert len(stage.entries()) == 1


@pytest.mark.parametrize(
    "name", ["target-{}-2026_Q3", "target-{}-2030", "target-x-2026", "target-99999999999999999999-2026"]
)
def test_a_foreign_box_isrefused(name: str) -> None:
    stage, elsewhere = make_stage(), make_stage()
    response = send(stage, {name.format(elsewhere.indicator.pk): "1", box(stage.indicator): "7"})
    assert "Nothing was saved" in refused(response)
    assert boxes(response)[box(stage.indicator)] == "7"
    assert not Entry.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "a:b:c", "target-1-2026:٣", f"target-1-2026:{'9' * 40}"])
def test_a_broken_mark_of_what_was_seen_overwrites_nothing(seen: str) -> None:
    stage = make_stage()
    put(stage, "10")
    response = send(stage, {box(stage.indicator): "12", "seen": seen}, change="revises")
    assert response.status_code == 409
    assert standing(stage) == {("2026 Q3", None): "10"}


# --- speed ---


def _queries(indicators: int, sites: int) -> tuple[int, int]:
    """How many queries it takes to show the page and to revise every target on it."""
    stage = make_stage()
    for _ in range(sites - 1):
        make_site(stage.program)
    for _ in range(indicators - 1):
        make_indicator(stage.program, frequency="month")
    put(stage, "9")
    client = signed(stage.manager)
    with CaptureQueriesContext(connection) as showing:
        shown = boxes(client.get(address(stage)))
    typed = {name: "11" for name in shown if name.startswith("target-")}
    with CaptureQueriesContext(connection) as setting:
        response = client.post(address(stage), shown | typed | {"reason": "So", "change": "revises"})
    assert response.status_code == 302
    assert len(stage.entries()) == 1 + len(typed) == 1 + 13 * (indicators - 1) + 5
    return len(showing), len(setting)


def test_fifty_indicators_and_twenty_sites_take_no_more_queries_than_five_and_one() -> None:
    few, many = _queries(5, 1), _queries(50, 20)
    assert few[0] == many[0] <= 12
    assert few[1] >= many[1] <= 25  # the first one makes the periods, too
