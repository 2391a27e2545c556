"""An indicator's page: every period, its reference sheet, where its series breaks, and its ledger."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from indicators.actions import Plan, open_period, set_plans
from indicators.models import Entry, Indicator
from indicators.periods import other, shifted
from indicators.rows import Typed
from indicators.values import Change, EntryKind
from tests import builders as make
from tests.monitoring.reading import get, make_scene, text_of

pytestmark = pytest.mark.django_db


def page(indicator: str = "PEOPLE", code: str = "READ") -> str:
    return reverse("indicator", args=[code, indicator])


def plain(shown: str) -> str:
    """The page without its links."""
    return re.sub("<a [^>]*>|</a>", "", shown)


def test_it_shows_periods_sites_and_the_reference_sheet() -> None:
    scene = make_scene(definition="Everyone who finished the course", responsible="The trainer")
    shown = text_of(get(scene.manager, page()))
    assert f'<th scope="row">{scene.quarter.label}</th>' in shown
    assert '42</a> <span class="of">2/2</span>' in shown
    assert "Everyone who finished the course" in shown
    assert "The trainer" in shown
    assert ">North</th>" in shown
    assert ">South</th>" in shown
    assert "105 %" in shown


def test_whoever_has_no_part_in_it_gets_no_such_page() -> None:
    scene = make_scene()
    make_scene("TWO")
    assert get(make.make_user(), page()).status_code == 404
    assert get(scene.manager, page(code="TWO")).status_code == 404
    assert get(scene.manager, page("NONE")).status_code == 404


def test_a_reporter_of_one_site_sees_its_figures_and_entries_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, page()))
    assert "12" in shown
    assert "South" not in shown
    assert ">42" not in shown
    assert "<strong>30</strong>" not in plain(shown)
    assert "<strong>40</strong>" not in plain(shown)  # the program's target
    assert "<strong>12</strong>" in plain(shown)
    hashes = [bytes(it.hash or b"").hex()[:8] for it in Entry.objects.all()]
    assert not [it for it in hashes if it in shown]  # from these the figures of others can be guessed


def test_the_ledger_says_who_when_why_and_what_it_replaced() -> None:
    scene = make_scene()
    scene.correct(scene.north, "15")
    shown = text_of(get(scene.manager, page()))
    last = Entry.objects.order_by("number").last()
    assert last is not None
    assert f"no. 4 {bytes(last.hash or b'').hex()[:8]}" in shown
    assert "replaces 12 (no. 1)" in shown
    assert "replaced by no. 4" in shown
    assert f"reported by {scene.reporter.username}, approved by {scene.manager.username}" in shown
    assert "“" not in shown  # the marks come by style
    assert "Counted anew" in shown


def test_a_withdrawn_figure_and_a_target_taken_back_say_so() -> None:
    scene = make_scene()
    plan = Plan(scene.indicator.pk, scene.quarter, Typed())
    set_plans(
        program_id=scene.program.pk,
        by=scene.manager,
        plans=[plan],
        reason="Set by mistake",
        change=Change.CORRECTS,
    )
    assert "takes back 40 (no. 3)" in text_of(get(scene.manager, page()))


@pytest.mark.parametrize(
    ("change", "said"),
    [(Change.REVISES, "revises 40 (no. 3): the plan changed"), (Change.CORRECTS, "corrects 40 (no. 3)")],
)
def test_a_target_set_anew_shows_against_what_else_it_is_measured(change: Change, said: str) -> None:
    scene = make_scene()
    plan = Plan(scene.indicator.pk, scene.quarter, Typed(value="60"))
    set_plans(program_id=scene.program.pk, by=scene.manager, plans=[plan], reason="Anew", change=change)
    shown = text_of(get(scene.manager, page()))
    assert said in shown
    assert ("latest 60" in shown) == (
        change == Change.REVISES
    )  # recorded after the period: it does not count
    assert ("latest 70 %" in shown) == (change == Change.REVISES)


def test_a_ratio_shows_its_parts() -> None:
    scene = make_scene()
    calls = make.make_indicator(
        scene.program,
        code="CALLS",
        measure="ratio",
        factor=100,
        accumulation="stock",
        over_sites="pooled",
        over_time="pooled",
        unit="%",
    )
    series = make.make_series(calls, scene.north)
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    values = {series: Typed(numerator="3", denominator="4"), scene.series(scene.north): Typed(value="1")}
    make.approved(report, values, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page("CALLS")))
    assert '<span class="under">3 of 4</span>' in shown
    assert "75 (3 of 4)" in shown


def test_a_series_that_breaks_leads_to_the_one_before_and_after() -> None:
    scene = make_scene()
    Indicator.objects.filter(pk=scene.indicator.pk).update(closed_on=date(2029, 12, 31))
    make.make_indicator(
        scene.program,
        code="NEXT",
        name="People trained, counted once",
        predecessor=scene.indicator,
        starts_on=date(2030, 1, 1),
    )
    shown = text_of(get(scene.manager, page()))
    assert 'href="../../indicators/NEXT/"' in shown
    assert "Figures before and after are never combined" in shown
    shown = text_of(get(scene.manager, page("NEXT")))
    assert 'Until 2029 Q4: <a href="../../indicators/PEOPLE/"' in shown


def test_what_was_published_without_days_is_listed_by_its_label() -> None:
    scene = make_scene()
    coca = make.make_indicator(
        scene.program,
        code="COCA",
        unit="hectare",
        accumulation="stock",
        direction="decrease",
        over_time="latest",
        frequency="irregular",
        counted=False,
    )
    series = make.make_series(coca, scene.north)
    period = open_period(span=other("at publication (2013)"))
    report = make.make_report(scene.program, scene.north, period)
    row = Typed(value="1000", certainty="about", evidence="Fact sheet, page 2")
    make.approved(report, {series: row}, scene.reporter, scene.manager)
    scene.indicator = coca
    scene.plan("22000", make.make_period("1996").span, EntryKind.BASELINE, site_id=scene.north.pk)
    shown = text_of(get(scene.manager, page("COCA")))
    assert '<th scope="row">at publication (2013)</th>' in shown
    assert "22,000" in shown
    assert "−95.5 %" in shown
    assert "Against baseline" in shown
    assert "Fact sheet, page 2" in shown


def test_categories_stand_below_the_whole_that_they_were_approved_with() -> None:
    scene = make_scene()
    dimension = make.make_dimension(name="Sex")
    both = make.make_indicator(scene.program, code="BOTH")
    make.break_down(both, dimension)
    whole = make.make_series(both, scene.north)
    women, men = (make.make_series(both, scene.north, it) for it in dimension.categories.order_by("position"))
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    values = {whole: "10", women: "7", men: "3", scene.series(scene.north): "1"}
    make.approved(report, values, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page("BOTH")))
    assert "By category: Sex" in shown
    assert "The categories add up to the whole." in shown
    assert re.search(r'<span>women <a class="figure" href="../../ledger/\d+/">7</a> <code', shown)


def test_a_long_ledger_shows_its_newest_part_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.timeline.SHOWN", 2)
    scene = make_scene()
    short = text_of(get(scene.manager, page()))
    assert "Show all entries" in short
    assert "<strong>12</strong>" not in plain(short)
    whole = text_of(get(scene.manager, page(), ledger="all"))
    assert "Show all entries" not in whole
    assert "<strong>12</strong>" in plain(whole)


def test_the_course_of_three_periods_is_drawn() -> None:
    scene = make_scene()
    for back in (3, 6):
        report = make.make_report(
            scene.program, scene.north, make.make_period(shifted(scene.quarter, -back).label)
        )
        make.approved(report, {scene.series(scene.north): str(back)}, scene.reporter, scene.manager)
    first = shifted(scene.quarter, -6).label
    assert f"From 6 in {first} to 42 in {scene.quarter.label}" in text_of(get(scene.manager, page()))


def test_an_indicator_without_figures_says_what_will_stand_there() -> None:
    scene = make_scene()
    make.make_indicator(scene.program, code="NEW", frequency="irregular")
    shown = text_of(get(scene.manager, page("NEW")))
    assert "will stand here" in shown
