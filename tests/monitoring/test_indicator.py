"""An indicator's page: every period, its reference sheet, where its series breaks, and its ledger."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from indicators import actions
from indicators.actions import Plan, open_period, set_plans
from indicators.ledger import head_of
from indicators.models import Entry, Indicator, Series, Step
from indicators.periods import other, shifted
from indicators.rows import Typed
from indicators.values import Change, EntryKind
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, text_of

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
    edges = shown[shown.index('class="edges"') : shown.index("chart--wide")]
    assert "Break: until 2029 Q4; then" in edges
    assert "People trained, counted once" in edges
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
    monkeypatch.setattr("monitoring.indicator.timeline.SHOWN", 2)
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


def test_the_bars_say_what_the_table_says() -> None:
    scene = make_scene()
    for back, value in ((3, "11"), (6, "7")):
        period = make.make_period(shifted(scene.quarter, -back).label)
        for site in (scene.north, scene.south):
            report = make.make_report(scene.program, site, period)
            make.approved(report, {scene.series(site): value}, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page()))
    wide = shown[shown.index("chart--wide") : shown.index("chart--narrow")]
    titles = dict(it.split(": ", 1) for it in re.findall("<title>(.*?)</title>", wide) if ": " in it)
    rows = re.findall(r'<th scope="row">(\d{4} Q\d)</th>(.*?)</tr>', plain(shown))
    said = {label: re.search(r"<td class=\"num\">(\d+) <span", cells) for label, cells in rows}
    with_value = {label: it[1] for label, it in said.items() if it}
    assert sorted(with_value.values()) == ["14", "22", "42"]
    for label, value in with_value.items():
        assert titles[label].startswith(f"{value} "), label
        assert f'aria-label="{label}: {value} ' in wide
    north = re.search(r'aria-label="(North\. .*?)"', shown)
    assert north is not None
    assert f"{scene.quarter.label}: 12 " in north[1]
    assert "All on one scale, from 0 to 30" in shown


def test_a_reporter_of_one_site_sees_its_own_bars_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, page()))
    assert f"<title>{scene.quarter.label}: 12 " in shown
    assert f"{scene.quarter.label}: 42" not in shown
    assert "By site" not in shown


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode())))


def test_the_periods_are_taken_along_with_the_sites() -> None:
    scene = make_scene()
    rows = rows_of(get(scene.manager, page(), format="csv"))
    found = {
        row["Of"]: (row["Target"], row["Actual"]) for row in rows if row["Period"] == scene.quarter.label
    }
    assert found == {"all": ("40", "42"), "North": ("", "12"), "South": ("", "30")}
    mine = rows_of(get(scene.of_north, page(), format="csv"))
    assert {row["Actual"] for row in mine if row["Period"] == scene.quarter.label} == {"12"}


def about_sheet(response: Any) -> dict[str, Any]:
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_name("About")
    return {str(row[0]): row[1] for row in sheet.to_python()}


@pytest.mark.parametrize("address", ["indicator", "program"])
def test_the_workbook_says_what_it_stands_on_to_who_sees_all_of_it(address: str) -> None:
    scene = make_scene()
    at = page() if address == "indicator" else reverse("program", args=["READ"])
    whole = about_sheet(get(scene.manager, at, format="xlsx"))
    assert whole["Program"] == "READ · Program READ"
    assert whole["As of"] == "now"
    assert whole["Ledger head"] == str(head_of(scene.program))
    mine = about_sheet(get(scene.of_north, at, format="xlsx"))
    assert "Ledger head" not in mine  # from its hashes the figures of others can be guessed
    assert mine["Figures of"] == "North"


def send_back(scene: Scene) -> Series:
    """The report of North for an earlier quarter goes back once; its series is what was remarked on."""
    series = scene.series(scene.north)
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    make.submitted(report, {series: "5"}, scene.reporter)
    report.refresh_from_db()
    actions.send_back(
        report_id=report.pk,
        by=scene.manager,
        submission=report.submission,
        reason="See the row",
        remarks={series.pk: "Counted twice?"},
    )
    return series


def test_the_ledger_shows_what_was_sent_back_and_reopened() -> None:
    scene = make_scene()
    send_back(scene)
    scene.correct(scene.north, "15")
    shown = text_of(get(scene.manager, page()))
    ledger = shown[shown.index('id="ledger"') :]
    assert "Counted twice?" in ledger
    assert "See the row" in ledger
    assert "Counted twice</p>" in ledger  # why it was reopened
    submission = Step.objects.get(kind="submitted", report__period__label="2010 Q1")
    assert f"submission {submission.digest[:8]}" in ledger
    reopened, approved = ledger.index("reopened"), ledger.index("replaces 12")
    assert approved < reopened < ledger.index("no. 3 ")  # the newest first, each where it happened


def test_what_a_draft_was_sent_back_for_is_for_who_sees_drafts() -> None:
    scene = make_scene()
    send_back(scene)
    scene.correct(scene.south, "31")
    viewer, of_south = make.make_user(), make.make_user()
    make.assign(viewer, scene.program, "viewer")
    make.assign(of_south, scene.program, "reporter", scene.south)
    shown = text_of(get(viewer, page()))
    assert "Counted twice?" not in shown
    assert "<strong>reopened</strong>" in shown
    mine = text_of(get(scene.of_north, page()))
    assert "Counted twice?" in mine
    assert "reopened" not in mine  # that was South's
    assert "submission" not in mine[mine.index('id="ledger"') :]
    assert "Counted twice?" not in text_of(get(of_south, page()))


def test_as_of_before_it_was_sent_back_nothing_is_said_of_it() -> None:
    scene = make_scene()
    before = Entry.objects.latest("number").recorded_at
    assert before is not None
    send_back(scene)
    assert "Counted twice?" not in text_of(get(scene.manager, page(), as_of=before.isoformat()))


def test_a_milestone_has_days_and_no_chart() -> None:
    scene = make_scene()
    done = make.make_indicator(
        scene.program, code="OPEN", measure="milestone", accumulation="stock", over_sites="all",
        over_time="once", unit="yes/no",
    )  # fmt: skip
    series = make.make_series(done, scene.north)
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    row = Typed(value="yes", day="2010-02-03")
    make.approved(report, {series: row, scene.series(scene.north): "1"}, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page("OPEN")))
    assert "North: done 3 Feb 2010" in shown
    assert "chart--wide" not in shown


def test_an_indicator_without_figures_says_what_will_stand_there() -> None:
    scene = make_scene()
    make.make_indicator(scene.program, code="NEW", frequency="irregular")
    shown = text_of(get(scene.manager, page("NEW")))
    assert "will stand here" in shown


def test_what_cannot_be_combined_is_shown_by_site() -> None:
    scene = make_scene(over_sites="none", over_time="maximum")
    shown = text_of(get(scene.manager, page()))
    assert "There is no chart of the whole" in shown
    by_site = plain(shown[shown.index('id="by-site"') : shown.index('id="ledger"')])
    assert re.findall(r'<td class="num">(\d+)', by_site) == ["12", "30"]
    assert "There is no chart of the whole" not in text_of(get(scene.of_north, page()))
