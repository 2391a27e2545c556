"""The portfolio and the list of programs: counts, totals, what is missing, for whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from indicators.periods import Calendar, label
from tests import builders as make
from tests.monitoring.reading import get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db
MOST = 16


def test_each_program_counts_its_indicators_by_status() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, reverse("portfolio")))
    assert f"<strong>{scene.quarter.label}</strong>" in shown
    assert "Program READ" in shown
    assert "Reports: 2 of 2 received" in shown
    assert 'met 1"' in shown  # the sentence of the bar
    assert "People trained" in shown
    assert "105 %" in shown


def test_only_programs_that_one_has_a_part_in() -> None:
    scene = make_scene()
    make_scene("TWO")
    shown = text_of(get(scene.manager, reverse("portfolio")))
    assert "Program TWO" not in shown
    assert "1 program " in shown
    assert "Program TWO" in text_of(get(make.make_administrator(), reverse("portfolio")))
    assert "will stand here" in text_of(get(make.make_user(), reverse("portfolio")))


def test_a_reporter_of_one_site_sees_its_figure_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, reverse("portfolio")))
    assert ">12 <" in shown
    assert ">42 <" not in shown
    assert "Reports: 1 of 1 received" in shown


def test_overdue_reports_and_those_that_await_review_are_counted() -> None:
    scene = make_scene()
    make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    report = make.make_report(scene.program, scene.south, make.make_period("2010 Q1"))
    make.submitted(report, {scene.series(scene.south): "3"}, scene.reporter)
    assert "Reports: 2 of 2 received, 0 on time" in text_of(get(scene.manager, reverse("portfolio")))
    shown = text_of(get(scene.manager, reverse("portfolio"), period="2010 Q1"))
    assert "Reports: 1 of 2 received, 0 on time" in shown  # submitted today, due sixteen years ago
    assert 'overdue</span> <span class="num">1</span>' in shown
    assert 'in review</span> <span class="num">1</span>' in shown


def test_another_period_and_the_other_calendar() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, reverse("portfolio"), period="2010", calendar="fiscal"))
    assert "<strong>2010</strong>" in shown
    assert "overdue" in shown  # its days are not known, so it was expected then
    shown = text_of(get(scene.manager, reverse("portfolio"), calendar="fiscal"))
    assert f"<strong>{label(scene.quarter, Calendar.FISCAL)}</strong>" in shown
    for period in ("soon", "0001 Q1", "9999"):
        wrong = text_of(get(scene.manager, reverse("portfolio"), period=period))
        assert "There is no such period" in wrong
        assert f"<strong>{scene.quarter.label}</strong>" in wrong


def test_a_program_whose_figures_are_old_shows_the_last_of_them() -> None:
    program = make.make_program(code="OLD", illustrative=True)
    manager, reporter = make.make_user(), make.make_user()
    make.assign(manager, program, "manager")
    make.assign(reporter, program, "reporter")
    seized = make.make_indicator(
        program,
        code="SEIZED",
        name="Narcotics seized",
        frequency="year",
        reported_by="program",
        closed_on="2018-12-31",
    )
    series = make.make_series(seized)
    report = make.make_report(program, None, make.make_period("2018"))
    make.approved(report, {series: "55"}, reporter, manager)
    shown = text_of(get(manager, reverse("portfolio")))
    assert "1 indicator, nothing expected in the period" in shown
    assert "Narcotics seized" in shown
    assert '<span class="of">2018</span>' in shown
    assert "illustrative</span>" in shown


def test_the_list_is_filtered_sorted_and_paged() -> None:
    administrator = make.make_administrator()
    for number in range(30):
        days = {"starts_on": "2025-01-01", "ends_on": "2027-12-31"} if number == 0 else {}
        make.make_program(code=f"N{number:02}", name=f"Program {number:02}", illustrative=not number, **days)
    make.make_program(code="LAW", name="Courts", component="rule_of_law")
    address = reverse("program-list")
    first = text_of(get(administrator, address))
    assert "1 to 25 of 31" in first
    assert "Courts" in text_of(get(administrator, address, component="rule_of_law"))
    assert "Program 01" not in text_of(get(administrator, address, component="rule_of_law"))
    assert "Program 07" in text_of(get(administrator, address, text="n07"))
    real = text_of(get(administrator, address, illustrative="yes"))
    assert "Program 00" in real
    assert "1 Jan 2025" in real
    assert "31 Dec 2027" in real
    assert "Program 01" not in real
    assert "Program 29" in text_of(get(administrator, address, sort="-name"))
    assert "No program fits." in text_of(get(administrator, address, text="nothing of the kind"))
    assert "1 to 25 of 31" in text_of(get(administrator, address, component="none"))


@pytest.mark.parametrize(("language", "order"), [("en", "CBA"), ("es", "BCA")])
def test_the_list_goes_by_the_names_that_are_shown(language: str, order: str) -> None:
    viewer = make.make_user()
    for code, name, spanish in (("A", "Ships", "Naves"), ("B", "Customs", "Aduanas"), ("C", "Borders", "")):
        make.assign(viewer, make.make_program(code=code, name=name, name_es=spanish), "viewer")
    client = Client()
    client.force_login(viewer)
    client.cookies["django_language"] = language
    page = client.get(reverse("program-list")).content.decode()
    assert "".join(re.findall(r'href="/programs/([ABC])/"', page)) == order


def test_the_list_holds_only_programs_one_has_a_part_in() -> None:
    scene = make_scene()
    make.make_program(code="OTHER", name="Another program")
    assert "Another program" not in text_of(get(scene.manager, reverse("program-list")))


def test_lists_take_as_many_queries_for_three_programs_as_for_one() -> None:
    scene = make_scene()
    addresses = ("portfolio", "program-list", "performance-choose")
    one = [queries_of(scene.manager, reverse(name)) for name in addresses]
    for code in ("TWO", "THREE"):
        make.assign(scene.manager, make_scene(code).program, "manager")
    assert [queries_of(scene.manager, reverse(name)) for name in addresses] == one
    assert max(one) <= MOST
