"""A program's page: what stands on it, for whom, and with how many queries."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.actions import open_period
from indicators.periods import Calendar, other, shifted, year_of
from indicators.rows import Typed
from indicators.values import EntryKind
from monitoring.bench.data import Size, build
from programs.models import Place, Site
from tests import builders as make
from tests.monitoring.reading import get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db
MOST = 16  # queries of a page, with session, person and the header's count


def page(code: str = "READ") -> str:
    return reverse("program", args=[code])


def test_it_shows_each_indicator_over_the_year_and_the_life() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page()))
    assert "People trained" in shown
    assert shown.count(">42</a>") == 2  # of the year and of the life
    assert '<span class="of">2/' in shown  # how complete the life's value is, of the sites' reports
    assert reverse("performance", args=["READ"]) in shown


def test_an_outsider_gets_no_such_page() -> None:
    make_scene()
    assert get(make.make_user(), page()).status_code == 404
    assert get(make.make_user(), page("NONE")).status_code == 404


def test_a_reporter_of_one_site_sees_its_figure_and_no_total() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, page()))
    assert ">12</a>" in shown
    assert ">42</a>" not in shown
    assert ">30</a>" not in shown
    assert "South" not in shown
    assert "You see the figures of North alone" in shown


def test_reports_stand_by_site_and_period() -> None:
    scene = make_scene()
    make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    shown = text_of(get(scene.manager, page()))
    assert scene.quarter.label in shown
    reports = shown[shown.index('id="reports"') : shown.index('id="sites"')]
    assert len(re.findall("approved</span>", reports)) == 2
    assert "overdue</span>" in shown
    assert f"/reports/{scene.reports[scene.north.pk].pk}/" in shown


def test_a_viewer_sees_states_of_reports_but_no_way_into_them() -> None:
    scene = make_scene()
    viewer = make.make_user()
    make.assign(viewer, scene.program, "viewer")
    shown = text_of(get(viewer, page()))
    assert "approved</span>" in shown
    assert f"/reports/{scene.reports[scene.north.pk].pk}/" not in shown


def test_what_cannot_be_combined_says_so() -> None:
    scene = make_scene(over_sites="none", over_time="none")
    shown = text_of(get(scene.manager, page()))
    assert "cannot be combined" in shown
    assert "a value counts only for the site and the period that it was reported for" in shown


def test_what_was_published_for_another_stretch_stands_with_its_words() -> None:
    """A decreasing stock with a baseline of one year and an actual "at publication"."""
    scene = make_scene()
    coca = make.make_indicator(
        scene.program,
        code="COCA",
        name="Coca",
        unit="hectare",
        accumulation="stock",
        direction="decrease",
        over_time="latest",
        frequency="irregular",
    )
    series = make.make_series(coca, scene.north)
    published = open_period(span=other("at publication (2013)"))
    report = make.make_report(scene.program, scene.north, published)
    row = Typed(value="1000", certainty="about")
    make.approved(report, {series: row}, scene.reporter, scene.manager)
    scene.indicator = coca
    scene.plan("22000", make.make_period("1996").span, EntryKind.BASELINE, site_id=scene.north.pk)
    shown = text_of(get(scene.manager, page()))
    assert "at publication (2013)" in shown
    assert "22,000" in shown
    assert "1996" in shown
    assert "1,000</a>" in shown


def test_objectives_stand_below_what_they_serve_even_without_indicators() -> None:
    scene = make_scene()
    goal = make.make_objective(scene.program, code="G", name="Less crime", level="goal")
    make.make_objective(scene.program, code="A", name="Better stations", parent=goal)
    shown = text_of(get(scene.manager, page()))
    assert shown.index("Less crime") < shown.index("Better stations")
    assert "group--1" in shown


def test_each_indicator_has_its_bar_and_its_course() -> None:
    scene = make_scene()
    for back in (3, 6):
        period = make.make_period(shifted(scene.quarter, -back).label)
        for site in (scene.north, scene.south):
            report = make.make_report(scene.program, site, period)
            make.approved(report, {scene.series(site): str(back)}, scene.reporter, scene.manager)
    assert scene.quarter.first is not None
    scene.plan("100", year_of(scene.quarter.first, Calendar.CALENDAR))
    shown = text_of(get(scene.manager, page()))
    first = shifted(scene.quarter, -6).label
    assert f"<title>From 12 in {first} to 42 in {scene.quarter.label}</title>" in shown
    assert re.search(r"<title>Actual \d+, target 100</title>", shown)
    mine = text_of(get(scene.of_north, page()))
    assert f"<title>From 6 in {first} to 12 in {scene.quarter.label}</title>" in mine


def test_sites_stand_with_their_place_their_people_and_their_last_report() -> None:
    scene = make_scene()
    callao = Place.objects.create(name="Callao", kind="department")
    Site.objects.filter(pk=scene.north.pk).update(place=callao)
    shown = text_of(get(scene.manager, page()))
    sites = shown[shown.index('id="sites"') : shown.index('id="about"')]
    assert f'<a href="{reverse("performance", args=["READ"])}?site=NORTH">North</a>' in sites
    assert "<td>Callao</td>" in sites
    assert f"<td>{scene.of_north.username}</td>" in sites
    assert sites.count("approved</span>") == 2
    about = shown[shown.index('id="about"') :]
    assert scene.reporter.username in about
    assert reverse("people", args=["READ"]) in about
    mine = text_of(get(scene.of_north, page()))
    assert reverse("people", args=["READ"]) not in mine


def test_the_indicators_are_taken_along() -> None:
    scene = make_scene()
    response = get(scene.manager, page(), format="csv")
    (row,) = csv.DictReader(StringIO(b"".join(response.streaming_content).decode()))
    assert (row["Code"], row["Life of program: Actual"]) == ("PEOPLE", "42")
    mine = get(scene.of_north, page(), format="csv")
    (row,) = csv.DictReader(StringIO(b"".join(mine.streaming_content).decode()))
    assert row["Life of program: Actual"] == "12"


def test_who_alone_can_approve_is_told() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page()))
    assert f"Only {scene.manager.username} can approve" in shown
    make.assign(make.make_user(), scene.program, "manager")
    assert "can approve reports of this program" not in text_of(get(scene.manager, page()))


def test_an_empty_program_says_what_will_stand_there() -> None:
    program = make.make_program(code="EMPTY", illustrative=True, starts_on=date(2025, 1, 1))
    manager = make.make_user()
    make.assign(manager, program, "viewer")
    shown = text_of(get(manager, page("EMPTY")))
    assert "will stand here" in shown
    assert "Nobody can approve" in shown
    assert "1 Jan 2025 – …" in shown
    assert "made up to show" in shown


@pytest.mark.parametrize(
    ("one", "other_size"), [(Size(5, 2, 2, 1), Size(50, 2, 2, 1)), (Size(3, 1, 2, 1), Size(3, 20, 2, 1))]
)
def test_the_queries_are_as_many_for_more_indicators_and_sites(one: Size, other_size: Size) -> None:
    today = timezone.localdate()
    small, large = build(one, today=today, code="SMALL"), build(other_size, today=today, code="LARGE")
    addresses = [
        ("program", {}),
        ("performance", {}),
        ("performance", {"categories": "on", "as_of": "2026-01-01"}),
        ("performance", {"format": "csv"}),
    ]
    for name, query in addresses:
        counts = [
            queries_of(it.manager, reverse(name, args=[it.program.code]), **query) for it in (small, large)
        ]
        assert (name, query, counts[0]) == (name, query, counts[1])
        assert counts[1] <= MOST
    of_indicator = [
        queries_of(it.manager, reverse("indicator", args=[it.program.code, "I01"])) for it in (small, large)
    ]
    assert of_indicator[0] == of_indicator[1] <= MOST
    portfolio = [queries_of(it.manager, reverse("portfolio")) for it in (small, large)]
    assert portfolio[0] == portfolio[1] <= MOST
