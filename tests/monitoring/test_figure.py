"""A figure's own page: its value, its formula, what it was made of, and how it is judged."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import periods
from indicators.actions import Plan, set_plans
from indicators.addresses import slug_of
from indicators.models import Entry, Series
from indicators.periods import Calendar, shifted, year_of
from indicators.rows import Typed
from indicators.values import Change, EntryKind
from tests import builders as make
from tests.indicators.stage import MILESTONE
from tests.monitoring.reading import Scene, get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db
MOST = 11  # as of a day


def page(slug: str, indicator: str = "PEOPLE", code: str = "READ") -> str:
    return reverse("figure", args=[code, indicator, slug])


def year_slug(scene: Scene) -> str:
    assert scene.quarter.first is not None
    return slug_of(year_of(scene.quarter.first, Calendar.CALENDAR))


def test_a_quarter_lists_its_sites_each_with_its_entry() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter))))
    assert (
        '<strong class="figure">42</strong> <span class="unit">people</span> <span class="of">2/2</span>'
        in shown
    )
    assert "Sum of 2 sites." in shown
    assert "<code>12 + 30 = 42</code>" in shown
    assert '<a href="../../../../ledger/1/">12</a> </td> <td>entry no. 1</td>' in shown
    assert '<a href="../../../../ledger/2/">30</a>' in shown
    assert "42 / 40 = 105 %" in shown
    assert "Met is from 100 % to 110 %." in shown
    assert "counts; set later" in shown


def test_a_year_lists_its_quarters_each_with_its_address() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(year_slug(scene))))
    assert f'<a href="../../../../indicators/PEOPLE/figures/{slug_of(scene.quarter)}/">42</a>' in shown
    assert "Each of them over its sites: sum." in shown
    assert "all sites" in shown


def test_the_figure_of_a_site_leads_to_its_entry() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter)), site="NORTH"))
    assert '<strong class="figure">12</strong>' in shown
    assert "nothing was combined" in shown
    assert '<a href="../../../../ledger/1/">12</a>' in shown
    assert "ledger/2/" not in shown


def test_what_is_missing_is_listed_with_the_state_of_its_report() -> None:
    scene = make_scene()
    earlier = shifted(scene.quarter, -3)
    make.make_report(scene.program, scene.north, make.make_period(earlier.label))
    shown = text_of(get(scene.manager, page(slug_of(earlier))))
    assert shown.count('<span class="absent">not reported</span>') == 2
    assert "overdue" in shown
    assert "no report was asked for" in shown
    assert '<span class="unit"></span>' in shown  # no number to stand beside


def test_a_target_says_whether_it_was_set_for_just_this_or_made_of_others() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter)), kind="target"))
    assert '<strong class="figure">40</strong>' in shown
    assert "nothing was combined" in shown
    assert "the program itself" in shown
    assert '<a href="../../../../ledger/3/">40</a>' in shown
    for quarter in (scene.quarter, *(shifted(scene.quarter, by) for by in (-6, -3, 3))):
        if year_slug(scene) == str(quarter.first)[:4] and quarter != scene.quarter:
            scene.plan("50", quarter)
    whole = text_of(get(scene.manager, page(year_slug(scene)), kind="target"))
    assert "ledger/3/" in whole or "no target set" in whole


def test_a_revised_target_stands_beside_the_one_that_counts() -> None:
    scene = make_scene()
    plan = Plan(scene.indicator.pk, scene.quarter, Typed(value="60"))
    set_plans(
        program_id=scene.program.pk, by=scene.manager, plans=[plan], reason="More", change=Change.REVISES
    )
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter))))
    assert re.search(r"latest</th> <td class=\"num\">60</td> <td class=\"num\">70 %</td>", shown)


def test_a_decrease_is_judged_from_its_baseline_and_says_so() -> None:
    scene = make_scene(direction="decrease", accumulation="stock", over_time="latest")
    before = shifted(scene.quarter, -3)
    scene.plan("92", before, EntryKind.BASELINE)
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter))))
    assert "(42 − 92) / (40 − 92) = 96.2 %" in shown
    assert "Near is within 10 points below 100 %." in shown
    address = f"../../../../indicators/PEOPLE/figures/{slug_of(scene.quarter)}/?kind=baseline"
    assert f'<a href="{address}">92</a>' in shown
    baseline = text_of(get(scene.manager, page(slug_of(scene.quarter)), kind="baseline"))
    assert '<strong class="figure">92</strong>' in baseline
    assert '<a href="../../../../ledger/4/">92</a>' in baseline
    assert "92" in text_of(get(scene.manager, page("latest"), kind="baseline"))


def test_a_running_year_without_a_target_says_what_it_is_held_against() -> None:
    scene = make_scene()
    Series.objects.filter(indicator=scene.indicator).update(from_on=scene.quarter.first)
    for site, target in ((scene.north, "10"), (scene.south, "30")):
        scene.plan(target, scene.quarter, site_id=site.pk)
    today = timezone.localdate()
    years = (year_of(scene.quarter.first or today, calendar) for calendar in Calendar)
    running = next(it for it in years if it.last and it.last >= today)
    shown = text_of(get(scene.manager, page(slug_of(running))))
    assert "42 / 40 = 105 %" in shown
    assert re.search(r"to date: of the periods that have ended</th> <td class=\"num\">40</td>", shown)


def test_where_a_site_is_missing_it_says_which_part_of_the_baseline_counts() -> None:
    scene = make_scene(direction="decrease", accumulation="stock", over_time="latest")
    east = make.make_site(scene.program, code="EAST", name="East")
    make.make_series(scene.indicator, east)
    before = shifted(scene.quarter, -3)
    for site, start, target in ((scene.north, "20", "10"), (scene.south, "60", "25"), (east, "50", "20")):
        scene.plan(start, before, EntryKind.BASELINE, site_id=site.pk)
        scene.plan(target, scene.quarter, site_id=site.pk)
    shown = text_of(get(scene.manager, page(slug_of(scene.quarter))))
    assert "(42 − 80) / (35 − 80) = 84.4 %" in shown
    assert ">130</a> in all; 80 of those that reported." in shown


def test_a_pooled_ratio_shows_numerators_and_denominators() -> None:
    scene = make_scene()
    calls = make.make_indicator(
        scene.program,
        code="CALLS",
        measure="ratio",
        factor=100,
        accumulation="stock",
        over_sites="pooled",
        over_time="pooled",
    )
    for site, typed in ((scene.north, ("3", "4")), (scene.south, ("1", "6"))):
        series = make.make_series(calls, site)
        report = make.make_report(scene.program, site, make.make_period("2010 Q1"))
        row = Typed(numerator=typed[0], denominator=typed[1])
        values = {series: row, scene.series(site): Typed(value="1")}
        make.approved(report, values, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page("2010-Q1", "CALLS")))
    assert "(3 + 1) / (4 + 6) × 100 = 40" in shown
    assert '<span class="under">3 of 4</span>' in shown


def test_a_category_has_figures_of_its_own() -> None:
    scene = make_scene()
    dimension = make.make_dimension(code="SEX")
    both = make.make_indicator(scene.program, code="BOTH")
    make.break_down(both, dimension)
    whole = make.make_series(both, scene.north)
    women, men = (make.make_series(both, scene.north, it) for it in dimension.categories.order_by("position"))
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    values = {whole: "10", women: "7", men: "3", scene.series(scene.north): "1"}
    make.approved(report, values, scene.reporter, scene.manager)
    category = dimension.categories.get(name="women").code
    asked = {"category": category, "dimension": "SEX"}
    shown = text_of(get(scene.manager, page("2010-Q1", "BOTH"), **asked))
    assert ">7 " in shown.replace("</strong>", " ")
    assert "women" in shown
    assert get(scene.manager, page("2010-Q1", "BOTH"), category="NONE").status_code == 404


@pytest.mark.parametrize(
    ("slug", "asked"),
    [
        ("soon", {}),
        ("latest", {}),
        ("2026-Q3", {"kind": "guess"}),
        ("2026-Q3", {"site": "NOWHERE"}),
        ("2026-Q3", {"calendar": "moon"}),
        ("2026-Q3", {"kind": "baseline"}),
        ("latest", {"kind": "baseline"}),
        ("other~12345678", {}),
    ],
)
def test_what_names_no_figure_is_not_found(slug: str, asked: dict[str, str]) -> None:
    scene = make_scene()
    assert get(scene.manager, page(slug), **asked).status_code == 404


def test_totals_are_not_for_who_sees_one_site() -> None:
    scene = make_scene()
    address = page(slug_of(scene.quarter))
    assert get(scene.of_north, address).status_code == 404
    assert get(scene.of_north, address, site="SOUTH").status_code == 404
    assert get(make.make_user(), address).status_code == 404
    shown = text_of(get(scene.of_north, address, site="NORTH"))
    assert '<strong class="figure">12</strong>' in shown
    assert "South" not in shown
    assert get(scene.of_north, address, site="NORTH", kind="target").status_code == 200
    assert ">40<" not in text_of(get(scene.of_north, address, site="NORTH", kind="target"))


def test_as_of_an_earlier_evening_it_lists_the_entries_of_then() -> None:
    scene = make_scene()
    before = Entry.objects.latest("number").recorded_at
    assert before is not None
    scene.correct(scene.north, "15")
    address = page(slug_of(scene.quarter))
    assert "15 + 30 = 45" in text_of(get(scene.manager, address))
    then = text_of(get(scene.manager, address, as_of=before.isoformat()))
    assert "12 + 30 = 42" in then
    assert "../../../../ledger/1/?as_of=" in then


def test_queries_stay_the_same_however_many_sites_and_periods() -> None:
    scene = make_scene()
    address = page(year_slug(scene))
    before = queries_of(scene.manager, address)
    for number in range(3):
        site = make.make_site(scene.program, code=f"MORE{number}")
        report = make.make_report(scene.program, site, scene.period)
        series = make.make_series(scene.indicator, site)
        make.approved(report, {series: Typed(value="1")}, scene.reporter, scene.manager)
    assert queries_of(scene.manager, address) == before
    assert queries_of(scene.manager, address, as_of=str(scene.quarter.last)) <= MOST + 1


def test_a_milestone_was_done_on_a_day_and_is_to_be_done_by_one() -> None:
    scene = make_scene()
    law = make.make_indicator(scene.program, code="LAW", **MILESTONE)
    series = [make.make_series(law, site) for site in (scene.north, scene.south)]
    first = scene.quarter.first
    assert first is not None
    scene.correct_with(scene.north, {series[0]: Typed(value="yes", day=first.isoformat())})
    scene.correct_with(scene.south, {series[1]: "no"})
    done = text_of(get(scene.manager, page(slug_of(scene.quarter), "LAW")))
    assert re.search(r"/\">done \d[^<]*</a>", done)
    assert ">by " not in done
    scene.indicator = law
    for site in (scene.north, scene.south):
        plan = Plan(law.pk, scene.quarter, Typed(day=first.isoformat()), site_id=site.pk)
        set_plans(program_id=scene.program.pk, by=scene.manager, plans=[plan], reason="The work plan")
    planned = text_of(get(scene.manager, page(slug_of(scene.quarter), "LAW"), kind="target"))
    assert re.search(r"/\">by \d[^<]*</a>", planned)


def test_a_target_that_one_site_alone_has_is_said_to_count_for_it_alone() -> None:
    scene = make_scene()
    first = shifted(scene.quarter, -12).first
    assert first is not None
    last_year = year_of(first, Calendar.CALENDAR)
    for number in (1, 2, 3, 4):
        scene.plan("10", periods.quarter(first.year, number), site_id=scene.north.pk)
    scene.plan("50", last_year, site_id=scene.north.pk)
    asked = {"kind": "target"}
    whole = text_of(get(scene.manager, page(slug_of(last_year)), **asked))
    assert re.search(r'site=NORTH">40</a>.{,200}its own target for \d{4} counts for it alone', whole)
    own = text_of(get(scene.manager, page(slug_of(last_year)), site="NORTH", **asked))
    assert '<strong class="figure">50</strong>' in own
    assert "for it alone" not in own
