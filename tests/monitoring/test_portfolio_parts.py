"""The parts of the portfolio: what awaits, is off target, and moved; the heatmap, the map, the file."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from indicators.ledger import load_books
from indicators.moments import end_of
from indicators.periods import shifted
from indicators.rows import Typed
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, queries_of, text_of
from tests.monitoring.test_every_number import make_rich_scene

pytestmark = pytest.mark.django_db
ADDRESS = "/portfolio/"


def in_peru(scene: Scene) -> None:
    """North lies in Callao, by its district alone; South nowhere."""
    callao = make.make_place(name="Callao", kind="department", ubigeo="07")
    scene.north.place = make.make_place(name="Bellavista", kind="district", ubigeo="", parent=callao)
    scene.north.save()


def before(scene: Scene, value: str) -> None:
    """What both sites reported for the quarter before."""
    period = make.make_period(shifted(scene.quarter, -3).label)
    for site in (scene.north, scene.south):
        report = make.make_report(scene.program, site, period)
        typed = Typed(value=value, explanation="As counted before")
        make.approved(report, {scene.series(site): typed}, scene.reporter, scene.manager)


def part(shown: str, start: str, end: str) -> str:
    """What stands between two texts of a page."""
    return shown.split(start, 1)[1].split(end, 1)[0]


# deviations and moves ------------------------------------------------------------------------------------


def test_who_is_furthest_behind_stands_there_with_the_explanation_given() -> None:
    scene = make_scene()
    scene.plan("100", scene.quarter, site_id=scene.north.pk)
    scene.plan("100", scene.quarter, site_id=scene.south.pk)
    make.assign(viewer := make.make_user(), scene.program, "viewer")
    scene.correct(scene.north, "7")
    shown = text_of(get(viewer, ADDRESS))
    behind = part(shown, "<h3>Behind</h3>", "<h3>Exceeded</h3>")
    assert "No indicator is behind" in behind  # the program's own target of 40 comes first: 37 of 40 is near
    shown = text_of(get(scene.of_north, ADDRESS))
    behind = part(shown, "<h3>Behind</h3>", "<h3>Exceeded</h3>")
    assert "People trained" in behind
    assert "7 %" in behind
    assert "<b>North:</b> Counted anew" in behind
    assert "South" not in behind


def test_what_moved_most_is_told_with_what_it_was() -> None:
    scene = make_scene()
    before(scene, "14")
    moved = part(text_of(get(scene.manager, ADDRESS)), "What moved most since", "Reports by quarter")
    assert "+50 % " in moved
    assert "for the better" in moved
    assert "before: 28" in moved
    assert ">42</a>" in moved
    assert "As counted" in moved
    assert "and 1 more" in moved  # of the other site
    still = text_of(get(scene.of_north, ADDRESS))
    assert "−14.3 %" in part(still, "What moved most since", "Reports by quarter")


def test_why_nothing_moved_is_told_of_what_has_ended_and_of_what_runs() -> None:
    scene = make_scene()
    long_past = part(
        text_of(get(scene.manager, ADDRESS, period="2012")), "What moved most", "Reports by quarter"
    )
    assert "No indicator has complete figures of both 2011 and 2012" in long_past
    assert "will stand here" not in long_past
    running = shifted(scene.quarter, 3).label
    assert "once two periods in a row are complete" in text_of(get(scene.manager, ADDRESS, period=running))


def test_how_many_are_not_judged_stands_under_the_widest() -> None:
    scene = make_scene()
    assert "judged: approved" not in text_of(get(scene.manager, ADDRESS))
    for code in ("CALLS", "VISITS"):
        make.make_series(make.make_indicator(scene.program, code=code), scene.north)
    shown = part(text_of(get(scene.manager, ADDRESS)), "Furthest from their targets", "<details")
    assert "2 indicators are not judged: approved figures of theirs are missing." in shown
    href = re.search(r'href="([^"]*reports/[^"]*)"', shown)
    assert href is not None
    assert scene.north.name in text_of(get(scene.manager, href.group(1)))
    then = text_of(get(scene.manager, ADDRESS, as_of=str(timezone.localdate())))
    assert href.group(1) not in part(then, "Furthest from their targets", "<details")


def test_better_and_worse_since_the_period_before() -> None:
    scene = make_scene()
    before(scene, "10")
    scene.plan("100", shifted(scene.quarter, -3))
    shown = text_of(get(scene.manager, ADDRESS))
    assert "1 better" in part(shown, 'class="table portfolio"', "</table>")
    assert f"Status since {shifted(scene.quarter, -3).label}:" in shown
    assert f'<th scope="col"> Status since {shifted(scene.quarter, -3).label} </th>' in shown
    other = make_scene("TWO")
    before(other, "10")
    other.plan("15", shifted(other.quarter, -3))  # 20 exceeded it, and 42 of 40 is only met
    assert "1 worse" in part(text_of(get(other.manager, ADDRESS)), 'class="table portfolio"', "</table>")


def test_a_count_leads_to_the_indicators_that_stand_so() -> None:
    scene = make_scene()
    make.make_series(make.make_indicator(scene.program, code="CALLS", name="Calls answered"), scene.north)
    table = part(text_of(get(scene.manager, ADDRESS)), 'class="table portfolio"', "</table>")
    href = re.search(r'href="([^"]*status=met[^"]*)"', table)
    assert href is not None
    shown = text_of(get(scene.manager, href.group(1).replace("&amp;", "&")))
    assert "People trained" in part(shown, "<tbody", "</table>")
    assert "Calls answered" not in part(shown, "<tbody", "</table>")


# reports -------------------------------------------------------------------------------------------------


def test_the_first_submission_decides_whether_a_report_came_in_time() -> None:
    scene = make_scene()
    today = timezone.localdate()
    key = (scene.north.pk, scene.quarter)

    def came_in() -> object:
        return load_books([scene.program], today=today)[scene.program.pk].reports[key].in_on

    assert came_in() == today
    scene.correct(scene.north, "13")  # submitted once more
    assert came_in() == today
    books = load_books([scene.program], today=today, as_of=end_of(today))
    assert books[scene.program.pk].reports[key].in_on == today
    books = load_books([scene.program], today=today, as_of=end_of(today - timedelta(days=1)))
    assert books[scene.program.pk].reports[key].in_on is None
    assert books[scene.program.pk].reports[key].state is None


def test_a_cell_of_the_heatmap_leads_to_its_reports() -> None:
    scene = make_scene()
    old = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    shown = text_of(get(scene.manager, ADDRESS))
    cells = part(shown, '<table class="heat">', "</table>")
    assert f"Program READ, {scene.quarter.label}: came in late, 2 of 2 reports in" in cells
    assert "none asked for" in cells
    href = re.search(r'href="(/reports/[^"]+)"', cells)
    assert href is not None
    listed = text_of(get(scene.manager, href.group(1).replace("&amp;", "&")))
    assert f"North · {scene.quarter.label}" in listed
    assert "2010 Q1" not in part(listed, "<tbody>", "</tbody>")
    assert str(old.period) == "2010 Q1"
    wrong = text_of(get(scene.manager, reverse("report-list"), ends="soon"))
    assert "There is no such period" in wrong


def test_a_program_without_reports_is_left_out_of_the_heatmap_and_counted() -> None:
    scene = make_scene()
    make.assign(scene.manager, make.make_program(code="NONE", name="Without reports"), "manager")
    shown = text_of(get(scene.manager, ADDRESS))
    assert "Without reports" not in part(shown, '<table class="heat">', "</table>")
    assert "1 program without a report" in shown


def test_what_awaits_a_person_is_told_today_and_not_of_another_day() -> None:
    scene = make_scene()
    assert "Awaits you" not in text_of(get(scene.manager, ADDRESS))
    period = make.make_period("2010 Q1")
    make.make_report(scene.program, scene.north, period)
    report = make.make_report(scene.program, scene.south, period)
    make.submitted(report, {scene.series(scene.south): "3"}, scene.reporter)
    shown = text_of(get(scene.manager, ADDRESS))
    assert "1 report to review" in shown
    assert "1 report overdue in your programs" in shown
    assert "1 report of yours overdue" in text_of(get(scene.of_north, ADDRESS))
    today = text_of(get(scene.manager, ADDRESS, as_of=str(timezone.localdate())))
    assert "Awaits you" not in today


# the map -------------------------------------------------------------------------------------------------


def test_the_map_says_how_many_reports_of_each_department_are_in() -> None:
    scene = make_scene()
    in_peru(scene)
    rows = part(text_of(get(scene.manager, ADDRESS)), "The map as a table", "</table>")
    assert 'id="place-07"' in rows
    assert "100 % (1 of 1)" in rows
    assert "Not on the map" in rows
    assert f"/programs/READ/performance/?site={scene.north.code}" in rows


def test_the_map_shows_a_program_and_one_of_its_indicators() -> None:
    scene = make_scene()
    in_peru(scene)
    scene.plan("100", scene.quarter, site_id=scene.north.pk)
    of_program = text_of(get(scene.manager, ADDRESS, map="READ"))
    assert "0 % (0 of 1)" in part(of_program, 'id="place-07"', "</tr>")
    assert "nothing judged" in part(of_program, 'id="place-none"', "</tr>")
    assert 'value="READ/PEOPLE"' in of_program
    assert 'value="READ/PEOPLE"' not in text_of(get(scene.manager, ADDRESS))
    shown = text_of(get(scene.manager, ADDRESS, map="READ/PEOPLE"))
    row = part(shown, 'id="place-07"', "</tr>")
    href = re.search(r'<a class="figure" href="([^"]+)">12</a>', row)
    assert href is not None
    assert "12" in text_of(get(scene.manager, href.group(1).replace("&amp;", "&")))


def test_a_map_shows_only_what_its_reader_may_see() -> None:
    scene = make_scene()
    in_peru(scene)
    other = make_scene("TWO")
    in_peru_of_other = part(text_of(get(scene.of_north, ADDRESS)), 'id="map"', "</section>")
    assert "North" in in_peru_of_other
    assert "South" not in in_peru_of_other
    shown = text_of(get(scene.manager, ADDRESS, map=other.program.code))
    assert "There is no map of that" in shown
    assert "Program TWO" not in shown
    for name in ("READ/NONE", "READ/", "NONE/PEOPLE", "/"):
        wrong = "There is no map of that" in text_of(get(scene.manager, ADDRESS, map=name))
        assert wrong == (name != "READ/")


def test_a_closed_site_is_on_no_map_of_a_later_period() -> None:
    scene = make_scene()
    in_peru(scene)
    scene.north.closed_on = "2020-12-31"
    scene.north.save()
    assert 'id="place-07"' not in text_of(get(scene.manager, ADDRESS))


# files and days ------------------------------------------------------------------------------------------


def test_the_table_is_taken_along_in_numbers_with_what_it_is_of() -> None:
    scene = make_scene()
    response = get(scene.manager, ADDRESS, format="xlsx", calendar="fiscal")
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    heads, row = book.get_sheet_by_index(0).to_python()
    found = dict(zip(heads, row, strict=True))
    assert (found["Code"], found["Received"], found["On time"], found["met"]) == ("READ", 2, 0, 1)
    assert (found["Value"], found["Achieved"]) == (42, 1.05)
    about = {str(name): value for name, value in book.get_sheet_by_index(1).to_python()}
    assert about["Calendar"] == "U.S. fiscal year"
    assert about["Sites"] == "all sites, with totals"
    limited = text_of(get(scene.of_north, ADDRESS, format="csv"))
    assert ",12," in limited
    assert ",42," not in limited
    own = CalamineWorkbook.from_filelike(BytesIO(get(scene.of_north, ADDRESS, format="xlsx").content))
    assert "Program READ: North" in str(own.get_sheet_by_index(1).to_python())
    assert "There is no such period" in text_of(get(scene.manager, ADDRESS, format="csv", period="soon"))


def test_every_link_keeps_the_day_that_is_looked_back_to() -> None:
    scene = make_scene()
    in_peru(scene)
    before(scene, "10")
    day = str(timezone.localdate())
    shown = text_of(get(scene.manager, ADDRESS, as_of=day, map="READ/PEOPLE"))
    content = part(shown, '<div class="toolbar">', "</main>")
    links = [href for href in re.findall(r'href="([^"#][^"]*)"', content) if href != ADDRESS]
    assert len(links) > 15
    assert [href for href in links if f"as_of={day}" not in href] == []


def test_every_part_takes_as_many_queries_for_three_programs_as_for_one() -> None:
    scene = make_scene()
    in_peru(scene)
    before(scene, "10")
    queries: list[dict[str, str]] = [
        {},
        {"map": "READ"},
        {"map": "READ/PEOPLE"},
        {"as_of": str(timezone.localdate())},
        {"format": "csv"},
    ]
    one = [queries_of(scene.manager, ADDRESS, **query) for query in queries]
    for code in ("TWO", "THREE"):
        more = make_scene(code)
        before(more, "10")
        make.assign(scene.manager, more.program, "manager")
    assert [queries_of(scene.manager, ADDRESS, **query) for query in queries] == one
    assert max(one) <= 16


def test_what_is_left_out_of_the_ledger_changes_no_score() -> None:
    scene = make_rich_scene()
    old = make_scene("OLD")
    today, quarter = timezone.localdate(), scene.quarter
    spans = (quarter, shifted(quarter, -3))
    programs = [scene.program, old.program]
    whole = load_books(programs, today=today)
    recent = load_books(programs, today=today, since=spans[-1].first)
    for program in programs:
        book = whole[program.pk]
        for indicator in book.indicators:
            for span in spans:
                assert recent[program.pk].score(indicator, span) == book.score(indicator, span)
    kept = recent[scene.program.pk].books[scene.indicator.pk].actuals
    assert {span.label for _site, span in kept} == {span.label for span in spans}
    assert kept != whole[scene.program.pk].books[scene.indicator.pk].actuals


def test_of_a_program_that_reports_nothing_any_more_all_is_read() -> None:
    scene = make_scene()
    today = timezone.localdate()
    for since, read in ((scene.quarter.first, 2), (today, 2)):
        books = load_books([scene.program], today=today, since=since)
        assert len(books[scene.program.pk].books[scene.indicator.pk].actuals) == read


def test_the_course_of_a_figure_is_that_of_the_ledger_at_the_sites_one_sees() -> None:
    scene = make_scene()
    before(scene, "10")
    label = shifted(scene.quarter, -3).label
    assert f"{label}: 20, {scene.quarter.label}: 42" in text_of(get(scene.manager, ADDRESS))
    assert f"{label}: 10, {scene.quarter.label}: 12" in text_of(get(scene.of_north, ADDRESS))
    day = str(timezone.localdate() - timedelta(days=1))
    assert f"{label}: 20" not in text_of(get(scene.manager, ADDRESS, as_of=day))
    scene.correct(scene.north, "13")
    assert f"{scene.quarter.label}: 43" in text_of(get(scene.manager, ADDRESS))
