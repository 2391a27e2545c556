"""Tables taken along: the rows of the page, all of them, as files with real values."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from indicators.exports import FIGURE_FIELDS, figures
from indicators.models import Evidence
from indicators.periods import Calendar, year_of
from indicators.rows import Typed
from programs.models import Assignment, Program, SignIn
from tests import builders as make
from tests.indicators.stage import make_stage
from tests.monitoring.reading import Scene, get, make_scene, text_of

pytestmark = pytest.mark.django_db
LIVE = '=HYPERLINK("http://x")'


def lines_of(response: Any) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of their columns."""
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith('attachment; filename="')
    content = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(content)))


def sheets_of(response: Any) -> list[list[list[Any]]]:
    """The sheets of a workbook, as rows of cells."""
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return [book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))]


def about(response: Any) -> dict[str, Any]:
    """What the last sheet says."""
    return dict(sheets_of(response)[-1])


def test_the_program_list_as_filtered_and_sorted_and_all_its_pages() -> None:
    for number in range(30):
        make.make_program(code=f"P{number:02}", name=f"Program {number:02}", starts_on=date(2026, 1, 1))
    make.make_program(code="OTHER", name="Another")
    admin = make.make_administrator()
    address = reverse("program-list")
    shown = text_of(get(admin, address, text="Program", sort="-name", page="2"))
    assert "?text=Program&amp;sort=-name&amp;format=csv" in shown
    rows = lines_of(get(admin, address, text="Program", sort="-name", format="csv"))
    assert [row["Code"] for row in rows] == [f"P{number:02}" for number in reversed(range(30))]
    assert {row["From"] for row in rows} == {"2026-01-01"}
    assert {row["Illustrative"] for row in rows} == {"no"}
    sheet, _about = sheets_of(get(admin, address, text="Program", sort="-name", format="xlsx"))
    assert sheet[1][:2] == ["P29", "Program 29"]
    assert sheet[1][sheet[0].index("From")] == date(2026, 1, 1)
    assert sheet[1][sheet[0].index("Sites")] == 0.0


def test_the_last_sheet_says_what_was_chosen_when_by_whom_and_where() -> None:
    make_scene()
    admin = make.make_administrator()
    told = about(get(admin, reverse("program-list"), text="Program", format="xlsx"))
    assert told["Name, code or what it does"] == "Program"
    assert told["Made by"] == admin.shown_name
    assert told["Page"] == f"http://testserver{reverse('program-list')}?text=Program"
    assert told["Rows"] == 1.0
    assert isinstance(told["Made at (Lima)"], datetime)


def test_a_file_holds_only_what_its_reader_may_see() -> None:
    scene = make_scene()
    make.make_program(code="OTHER")
    assert [it["Code"] for it in lines_of(get(scene.manager, reverse("program-list"), format="csv"))] == [
        "READ"
    ]
    assert lines_of(get(make.make_user(), reverse("program-list"), format="csv")) == []
    sites = {it["Site"] for it in lines_of(get(scene.of_north, reverse("report-list"), format="csv"))}
    everywhere = {it["Site"] for it in lines_of(get(scene.manager, reverse("report-list"), format="csv"))}
    assert everywhere >= {"North", "South"}
    assert sites == {it["Site"] for it in listed(scene.of_north)}


def listed(user: Any) -> list[dict[str, str]]:
    """What the page of reports lists for a person, by the words that are in it."""
    shown = text_of(get(user, reverse("report-list")))
    return [{"Site": name} for name in ("North", "South") if re.search(f"<td[^>]*> ?{name} ?</td>", shown)]


def test_reports_come_with_days_and_words_and_without_links() -> None:
    scene = make_scene()
    (row, *_) = lines_of(get(scene.manager, reverse("report-list"), format="csv"))
    assert row["State"] == "approved"
    assert date.fromisoformat(row["Due"]).isoformat() == row["Due"]
    assert datetime.fromisoformat(row["Submitted"]).tzinfo is not None
    assert "Report" not in row
    sheet, told = sheets_of(get(scene.manager, reverse("report-list"), state="approved", format="xlsx"))
    assert isinstance(sheet[1][sheet[0].index("Due")], date)
    assert isinstance(sheet[1][sheet[0].index("Submitted")], datetime)
    assert ["State", "approved"] in told


def test_people_and_their_sign_ins_are_two_files() -> None:
    scene = make_scene()
    SignIn.objects.create(user=scene.reporter, how="password", succeeded=True)
    page = reverse("people", args=["READ"])
    roles = lines_of(get(scene.manager, page, format="csv"))
    assert {row["Person"] for row in roles} == {
        it.user.shown_name for it in Assignment.objects.select_related("user")
    }
    signs = lines_of(get(scene.manager, page, **{"sign-ins-format": "csv"}))
    assert [row["Outcome"] for row in signs] == ["signed in"]
    assert get(scene.of_north, page, format="csv").status_code == 403
    assert get(make.make_user(), page, format="csv").status_code == 404


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_text_of_a_person_becomes_a_formula(file_format: str) -> None:
    scene = make_scene()
    Program.objects.filter(pk=scene.program.pk).update(name=LIVE)
    response = get(scene.manager, reverse("program-list"), format=file_format)
    if file_format == "csv":
        assert lines_of(response)[0]["Program"] == f"'{LIVE}"
    else:
        assert sheets_of(response)[0][1][1] == LIVE  # a text, see test_workbook


def test_an_unknown_format_is_the_page() -> None:
    scene = make_scene()
    assert get(scene.manager, reverse("program-list"), format="exe")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_file_asks_the_database_as_often_whatever_its_length(file_format: str) -> None:
    scene: Scene = make_scene()
    names = ("program-list", "report-list")
    admin = make.make_administrator()
    one = [queries_of_file(admin, reverse(name), format=file_format) for name in names]
    for number in range(3):
        make_scene(f"MORE{number}")
    assert [queries_of_file(admin, reverse(name), format=file_format) for name in names] == one
    assert scene.program.code == "READ"


def queries_of_file(user: Any, address: str, **query: str) -> int:
    """How many queries a file takes, session included."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        response: Any = client.get(address, query)
        assert b"".join(response.streaming_content) if response.streaming else response.content
    return len(captured)


def test_the_figures_name_their_evidence_and_its_digest() -> None:
    stage = make_stage()
    stage.approve(Typed(value="12", evidence="https://example.org/register"))
    evidence = Evidence.objects.get()
    found = [dict(zip(FIGURE_FIELDS, row, strict=True)) for row in figures()]
    assert FIGURE_FIELDS[-2:] == ("evidence", "evidence_sha256")
    assert {(it["evidence"], it["evidence_sha256"]) for it in found} == {
        ("https://example.org/register", evidence.sha256)
    }


def test_my_work_a_row_for_each_report() -> None:
    stage = make_stage()
    stage.submit()
    page = reverse("my-work")
    assert "?format=xlsx" in text_of(get(stage.manager, page))
    (row,) = lines_of(get(stage.manager, page, format="csv"))
    assert (row["List"], row["Program"], row["State"]) == (
        "Awaiting your review",
        stage.program.name,
        "in review",
    )
    sheet, _about = sheets_of(get(stage.manager, page, format="xlsx"))
    assert isinstance(sheet[1][sheet[0].index("Due on")], date)
    assert lines_of(get(make.make_user(), page, format="csv")) == []


def test_the_targets_of_a_year_with_who_set_them_when() -> None:
    scene = make_scene()
    assert scene.quarter.first is not None
    page = reverse("targets", args=["READ", scene.quarter.first.year])
    assert "?format=csv" in text_of(get(scene.manager, page))
    rows = {row["Period"]: row for row in lines_of(get(scene.manager, page, format="csv"))}
    assert len(rows) == 5  # the quarters and the year
    row = rows[scene.quarter.label]
    assert (row["Code"], row["Target"], row["Set by"]) == ("PEOPLE", "40", scene.manager.shown_name)
    assert row["From"] == scene.quarter.first.isoformat()
    told = about(get(scene.manager, page, site="NORTH", format="xlsx"))
    assert (told["Program"], told["For"]) == ("READ · Program READ", "North")
    assert get(scene.of_north, page, format="csv").status_code == 403
    assert get(make.make_user(), page, format="xlsx").status_code == 404


def test_a_review_sheet_for_who_may_review() -> None:
    scene = make_scene()
    report = scene.reports[scene.north.pk]
    page = reverse("report-review", args=[report.pk])
    assert "?format=csv" in text_of(get(scene.manager, page))
    (row,) = lines_of(get(scene.manager, page, format="csv"))
    expected = {"Code": "PEOPLE", "Value": "12", "Explanation": "As counted", "Category": ""}
    assert expected.items() <= row.items()
    told = about(get(scene.manager, page, format="xlsx"))
    assert (told["Site"], told["State"]) == ("North", "approved")
    assert get(scene.reporter, page, format="csv").status_code == 403
    assert get(make.make_user(), page, format="xlsx").status_code == 404


def pages_with_figures(scene: Scene) -> dict[str, str]:
    """The pages whose files have the figures of the scene, by what stands before the heads of these."""
    root = reverse("program", args=[scene.program.code])
    return {reverse("portfolio"): "", root: "Life of program: ", f"{root}indicators/PEOPLE/": ""}


def test_how_certain_and_how_complete_a_figure_is_goes_along_with_it() -> None:
    scene = make_scene()
    counted = Typed(value="12", certainty="more_than", explanation="At least")
    scene.correct_with(scene.north, {scene.series(scene.north): counted})
    for page, before in pages_with_figures(scene).items():
        row = lines_of(get(scene.manager, page, format="csv"))[0]
        complete = row.get(f"{before}Complete") or row[f"{before}Of"]
        assert (row[f"{before}Certainty"], complete) == ("more than", "2/2"), page
    review = reverse("report-review", args=[scene.reports[scene.north.pk].pk])
    assert lines_of(get(scene.manager, review, format="csv"))[0]["Certainty"] == "more than"


def test_what_was_divided_has_six_decimals_and_what_was_given_its_own() -> None:
    scene = make_scene(counted=False)
    scene.correct(scene.north, "12.50")
    scene.plan("37", scene.quarter, site_id=scene.north.pk)
    page = f"{reverse('program', args=['READ'])}indicators/PEOPLE/"
    rows = lines_of(get(scene.manager, page, format="csv"))
    found = {it["Of"]: it for it in rows if it["Period"] == scene.quarter.label}
    assert found["all"]["Actual"] == "42.50"
    north = [found["North"][it] for it in ("Actual", "Achieved", "From the target")]
    assert north == ["12.50", "0.337838", "-0.662162"]


def test_a_percentage_of_less_than_the_target_says_what_it_is_of() -> None:
    scene = make_scene()
    make.make_series(scene.indicator, make.make_site(scene.program, code="EAST", name="East"))
    for site, value in ((scene.north, "20"), (scene.south, "25")):
        scene.plan(value, scene.quarter, site_id=site.pk)
    root = reverse("program", args=["READ"])
    rows = lines_of(get(scene.manager, f"{root}indicators/PEOPLE/", format="csv"))
    found = {it["Of"]: it for it in rows if it["Period"] == scene.quarter.label}
    told = [found["all"][it] for it in ("Target", "Actual", "Complete", "Held against", "Achieved", "Status")]
    assert told == ["40", "42", "2/3", "45", "0.933333", "incomplete"]
    assert (found["North"]["Target"], found["North"]["Held against"]) == ("20", "")
    (row,) = lines_of(get(scene.manager, root, format="csv"))
    life = [row[f"Life of program: {it}"] for it in ("Held against", "Achieved", "Status")]
    assert life == ["45", "0.933333", "running"]  # the program has no last day


def test_what_is_running_goes_along_with_the_share_that_its_page_shows() -> None:
    scene = make_scene()
    running = year_of(timezone.localdate(), Calendar.CALENDAR)
    if not (running.first and scene.quarter.first and running.first <= scene.quarter.first):
        pytest.skip("From January to March no quarter of the running year has ended")
    scene.plan("67", running)
    root = reverse("program", args=["READ"])
    assert "62.7 %" in text_of(get(scene.manager, root))
    (row,) = lines_of(get(scene.manager, root, format="csv"))
    year = running.label
    assert (row[f"{year}: Achieved"], row[f"{year}: Status"]) == ("0.626866", "running")
    rows = lines_of(get(scene.manager, f"{root}indicators/PEOPLE/", format="csv"))
    row = next(it for it in rows if (it["Of"], it["Period"]) == ("all", year))
    assert (row["Achieved"], row["Status"]) == ("0.626866", "running")
    heads, _each, cells, *_ = sheets_of(get(scene.manager, f"{root}performance/", format="xlsx"))[0]
    at = heads.index(year)
    assert (cells[at], cells[at + 1], *cells[at + 3 : at + 5]) == (67.0, 42.0, 0.626866, "running")
