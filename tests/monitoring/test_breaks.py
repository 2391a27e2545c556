"""A series that breaks: both indicators on every page, next to each other and never combined."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from indicators.actions import succeed
from indicators.models import Indicator
from monitoring.breaks import break_html, in_succession
from tests import builders as make
from tests.monitoring.pages import numbers_on
from tests.monitoring.reading import Scene, get, make_scene, text_of

pytestmark = pytest.mark.django_db


def broken() -> tuple[Scene, Indicator]:
    """A scene whose indicator is followed by families from the quarter after the reported one on."""
    scene = make_scene()
    make.make_indicator(
        scene.program, objective=scene.indicator.objective, code="PEOPLE-A", name="In between"
    )
    assert scene.quarter.last
    done = succeed(
        indicator_id=scene.indicator.pk,
        by=make.make_administrator(),
        closed_on=scene.quarter.last,
        changes={"code": "Z-FAMILIES", "name": "Families trained", "unit": "families"},
        reason="Whole families take part now.",
        today=date(2026, 11, 22),
    )
    return scene, done.indicator


def page(name: str, scene: Scene, *args: str) -> str:
    return text_of(get(scene.manager, reverse(name, args=[scene.program.code, *args])))


def test_the_page_of_each_tells_of_the_break() -> None:
    scene, new = broken()
    for code, other in (("PEOPLE", "Z-FAMILIES"), (new.code, "PEOPLE")):
        shown = page("indicator", scene, code)
        assert f"Until {scene.quarter.label}:" in shown
        assert "Whole families take part now." in shown
        assert "of this indicator alone" in shown
        assert f"/{other}/" in shown


@pytest.mark.parametrize("name", ["performance", "program"])
def test_the_two_stand_next_to_each_other_in_tables(name: str) -> None:
    scene, _new = broken()
    shown = page(name, scene)
    old, new, between = (
        shown.index(f">{it}<") for it in (scene.indicator.name, "Families trained", "In between")
    )
    assert old < new < between or between < old < new
    assert f"until {scene.quarter.label}" in shown
    assert "in place of PEOPLE" in shown
    assert "figures before and after it are never combined" in shown


def test_an_unbroken_table_says_nothing_of_breaks() -> None:
    assert "Break:" not in page("performance", make_scene())


def test_the_rows_of_the_export_name_what_they_succeed() -> None:
    scene, new = broken()
    url = reverse("performance", args=[scene.program.code])
    answer: Any = get(scene.manager, f"{url}?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["succeeds"] for row in rows if row["indicator"] == "PEOPLE"} == {""}
    assert {row["succeeds"] for row in rows if row["indicator"] == new.code} == {"PEOPLE"}


def test_figures_of_the_two_are_never_combined() -> None:
    scene, new = broken()
    assert "42" in [it.text for it in numbers_on(page("indicator", scene, "PEOPLE"))]
    assert numbers_on(page("indicator", scene, new.code)) == []


def test_each_follows_what_it_succeeds() -> None:
    program = make.make_program()
    objective = make.make_objective(program)
    first = make.make_indicator(objective=objective, closed_on=date(2020, 12, 31))
    other = make.make_indicator(objective=objective)
    second = make.make_indicator(
        objective=objective, predecessor=first, starts_on=date(2021, 1, 1), closed_on=date(2021, 12, 31)
    )
    third = make.make_indicator(objective=objective, predecessor=second, starts_on=date(2022, 1, 1))
    elsewhere = make.make_objective(program)
    fourth_first = make.make_indicator(objective=elsewhere, closed_on=date(2020, 12, 31))
    apart = make.make_indicator(objective=objective, predecessor=fourth_first, starts_on=date(2021, 1, 1))
    given = [third, other, apart, first, second, fourth_first]
    assert in_succession(given) == [other, apart, first, second, third, fourth_first]


@pytest.mark.parametrize(
    ("frequency", "said"),
    [("quarter", "until 2025 Q4"), ("year", "until 2025"), ("irregular", "until 31 Dec 2025")],
)
def test_it_says_until_when(frequency: str, said: str) -> None:
    closed = make.make_indicator(frequency=frequency, closed_on=date(2025, 12, 31))
    assert said in break_html(closed)
    assert break_html(make.make_indicator()) == ""
    loaded = Indicator.objects.get(
        pk=make.make_indicator(closed.program, predecessor=closed, starts_on=date(2026, 1, 1)).pk
    )
    assert "break: since 2026 Q1" in break_html(loaded)
