"""`?as_of=DAY` on every reading page: as it was on that evening, said so, kept from page to page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.addresses import slug_of
from indicators.models import Entry, Report
from indicators.moments import LIMA
from programs.models import Program
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db


def pages(scene: Scene) -> list[str]:
    return [
        reverse("portfolio"),
        reverse("program-list"),
        reverse("performance-choose"),
        reverse("program", args=["READ"]),
        reverse("performance", args=["READ"]),
        reverse("indicator", args=["READ", "PEOPLE"]),
        reverse("figure", args=["READ", "PEOPLE", slug_of(scene.quarter)]),
        reverse("entry", args=["READ", 1]),
    ]


def a_moment_before_the_correction(scene: Scene) -> str:
    before = Entry.objects.latest("number").recorded_at
    assert before is not None
    scene.correct(scene.north, "15")
    return before.isoformat()


def test_every_reading_page_shows_what_was_known_then_and_says_so() -> None:
    scene = make_scene()
    then = a_moment_before_the_correction(scene)
    shown_then = {page: text_of(get(scene.manager, page, as_of=then)) for page in pages(scene)}
    for page, shown in shown_then.items():
        assert re.search(r"<strong>As of \d", shown), page
        assert "Names, sites and definitions are those of today." in shown, page
        assert '<a href="?">Back to today</a>' in shown, page
        assert '<input id="as-of" type="date" name="as_of" value="2' in shown, page
    for page in pages(scene)[3:7]:
        assert "42" in shown_then[page], page
        assert not re.search(r">45[ <]", shown_then[page]), page
        assert re.search(r">45[ <]", text_of(get(scene.manager, page))), page


@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30", "9999-12-31", "0001-01-01", "'\"><script>"])
def test_what_is_no_day_is_said_and_today_is_shown(wrong: str) -> None:
    scene = make_scene()
    for page in pages(scene):
        shown = text_of(get(scene.manager, page, as_of=wrong))
        assert "Write the day as 2026-11-22." in shown, page
        assert "What you see is as of today." in shown, page
        assert "<script>" not in shown.replace("<script src", ""), page
        assert "Back to today" not in shown, page


def test_a_day_that_has_not_come_is_said() -> None:
    scene = make_scene()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for page in pages(scene):
        assert "has not come yet" in text_of(get(scene.manager, page, as_of=tomorrow)), page
    table = reverse("performance", args=["READ"])
    taken = get(scene.manager, table, as_of=tomorrow, format="csv")
    assert taken["Content-Type"].startswith("text/html")  # nothing is taken along as of another day


def test_today_is_the_evening_of_today() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, reverse("program", args=["READ"]), as_of=str(timezone.localdate())))
    assert ">42</a>" in shown


def test_a_day_ends_in_lima() -> None:
    scene = make_scene()
    first = Entry.objects.earliest("number").recorded_at
    assert first is not None
    day = first.astimezone(LIMA).date()
    page = reverse("indicator", args=["READ", "PEOPLE"])
    assert ">12</a>" in text_of(get(scene.manager, page, as_of=day.isoformat()))
    before = text_of(get(scene.manager, page, as_of=(day - timedelta(days=1)).isoformat()))
    assert ">12</a>" not in before


def test_links_and_forms_keep_the_day() -> None:
    scene = make_scene()
    day = timezone.localdate().isoformat()
    for page in pages(scene):
        shown = text_of(get(scene.manager, page, as_of=day))
        inside = re.sub(r"(?s)^.*?<main", "<main", shown)
        links = [
            it
            for it in re.findall(r'href="([^"]*)"', inside)
            if not it.startswith(("#", "/reports", "http")) and it != "?"
        ]
        assert links, page
        assert all(f"as_of={day}" in it for it in links), (page, links)
        for form in re.findall(r'<form class="filter".*?</form>', inside):
            assert f'name="as_of" value="{day}"' in form, page
        assert f"/portfolio/?as_of={day}" in shown, page


def test_the_other_choices_of_a_page_are_kept_by_the_picker() -> None:
    scene = make_scene()
    page = reverse("performance", args=["READ"])
    shown = text_of(get(scene.manager, page, site="NORTH", by="year"))
    picker = re.search(r'<form class="as-of".*?</form>', shown)
    assert picker
    assert '<input type="hidden" name="site" value="NORTH">' in picker[0]
    assert '<input type="hidden" name="by" value="year">' in picker[0]


def test_reports_stand_as_their_steps_say_and_lead_nowhere() -> None:
    scene = make_scene()
    report = scene.reports[scene.north.pk]
    submitted = report.steps.get(kind="submitted").at
    page = reverse("program", args=["READ"])
    assert submitted is not None
    shown = text_of(get(scene.manager, page, as_of=submitted.isoformat()))
    assert "in review" in shown
    assert "/reports/" not in shown.split('id="reports"')[1]
    assert "in review" not in text_of(get(scene.manager, page)).split('id="reports"')[1]


def test_what_awaits_a_person_is_only_told_of_today() -> None:
    scene = make_scene()
    waiting = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    make.submitted(waiting, {scene.series(scene.north): "3"}, scene.reporter)
    assert Report.objects.count() == 3
    page = reverse("portfolio")
    assert 'class="count"' in text_of(get(scene.manager, page))
    assert 'class="count"' not in text_of(get(scene.manager, page, as_of=str(timezone.localdate())))


def test_a_file_is_of_the_day_too_with_addresses_that_keep_it() -> None:
    scene = make_scene()
    then = a_moment_before_the_correction(scene)
    response = get(scene.manager, reverse("performance", args=["READ"]), as_of=then, format="csv")
    text = b"".join(response.streaming_content).decode()
    assert ",42," in text
    assert ",45," not in text
    assert "as_of=" in text


def test_as_of_a_day_as_many_queries_however_many_programs() -> None:
    scene = make_scene()
    day = timezone.localdate().isoformat()
    now, then = (queries_of(scene.manager, reverse("portfolio"), **it) for it in ({}, {"as_of": day}))
    assert then == now + 1  # the steps until then
    for code in ("TWO", "THREE"):
        make_scene(code)
        make.assign(scene.manager, Program.objects.get(code=code), "viewer")
    assert queries_of(scene.manager, reverse("portfolio"), as_of=day) == then
