"""The performance table as a page: what is chosen, what folds, words explained, the workbook."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from indicators.judging import Status
from indicators.ledger import head_of
from indicators.models import Dimension, Objective
from indicators.words import STATUS_GLYPHS
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db


def page(code: str = "READ") -> str:
    return reverse("performance", args=[code])


def parts(indicator: str, code: str = "READ") -> str:
    return reverse("performance-parts", args=[code, indicator])


def make_broken_down(scene: Scene, code: str = "BOTH", dimension: Dimension | None = None) -> None:
    """One more indicator, of site North by women and men, reported for the quarter of the scene."""
    dimension = dimension or make.make_dimension("women", "men", name="Sex")
    objective = make.make_objective(scene.program, level="output", code=f"O-{code}", name=f"Output {code}")
    indicator = make.make_indicator(
        scene.program, code=code, name=f"Counted {code}", objective=objective, counted=False
    )
    make.break_down(indicator, dimension)
    whole = make.make_series(indicator, scene.north)
    women, men = (
        make.make_series(indicator, scene.north, it) for it in dimension.categories.order_by("position")
    )
    scene.correct_with(scene.north, {whole: "1010", women: "707", men: "303"})


def make_two() -> Scene:
    scene = make_scene()
    make_broken_down(scene)
    return scene


def rows_of(shown: str) -> list[str]:
    """The names of the indicators that the page shows."""
    return [it for it in ("People trained", "Counted BOTH") if f">{it}</a>" in shown]


def test_several_sites_at_once() -> None:
    scene = make_scene()
    third = make.make_site(scene.program, code="EAST", name="East")
    make.make_series(scene.indicator, third)
    shown = text_of(get(scene.manager, page(), site=["NORTH", "SOUTH"]))
    assert ">42</a> <i>2/2</i>" in shown
    assert "site=NORTH&amp;site=SOUTH" in shown  # in the links of the figures, too
    (row, *_) = sheet_of(get(scene.manager, page(), site=["NORTH", "SOUTH"], format="xlsx"), 1)[2:]
    assert ["Sites", "North, South"] in sheet_of(
        get(scene.manager, page(), site=["NORTH", "SOUTH"], format="xlsx"), 1
    )
    assert row


def test_paper_says_what_was_chosen() -> None:
    scene = make_two()
    shown = text_of(get(scene.manager, page(), site=["NORTH", "SOUTH"], level="output"))
    assert '<p class="print-only"> Sites: North, South · Levels: output </p>' in shown
    assert '<p class="print-only"> ' not in text_of(get(scene.manager, page())).split("<footer")[0]


def test_levels() -> None:
    scene = make_two()
    level = str(scene.indicator.objective.level)
    assert level != "output"
    assert rows_of(text_of(get(scene.manager, page()))) == ["People trained", "Counted BOTH"]
    assert rows_of(text_of(get(scene.manager, page(), level="output"))) == ["Counted BOTH"]
    assert rows_of(text_of(get(scene.manager, page(), level=["output", level]))) == [
        "People trained",
        "Counted BOTH",
    ]
    assert "No indicator fits" in text_of(
        get(
            scene.manager,
            page(),
            level=next(it for it in Objective.Level.values if it not in ("output", level)),
        )
    )


def test_a_status_in_the_last_period_shown_that_has_ended() -> None:
    scene = make_two()
    shown = text_of(get(scene.manager, page(), status="met"))
    assert rows_of(shown) == ["People trained"]
    assert f"1 indicator has the chosen status in {scene.quarter.label}, the last period shown" in shown
    shown = text_of(get(scene.manager, page(), status=["no_target", "behind"], categories="on"))
    assert rows_of(shown) == ["Counted BOTH"]
    assert shown.count("<tr class=part>") == 2


def test_no_status_where_nothing_has_ended() -> None:
    scene = make_scene()
    coming = str(timezone.localdate().year + 1)
    response = get(scene.manager, page(), status="met", **{"from": coming, "to": coming, "format": "csv"})
    assert "none has a status" in text_of(response)


def test_the_life_of_the_program_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(), by="life"))
    assert shown.count("<th scope=colgroup") == 1
    assert "Life of program" in shown
    assert ">42</a>" in shown


@pytest.mark.parametrize("wrong", [{"level": "top"}, {"status": "fine"}, {"by": "week"}])
def test_a_choice_that_is_none_is_told(wrong: dict[str, str]) -> None:
    scene = make_scene()
    response = get(scene.manager, page(), format="xlsx", **wrong)
    assert response["Content-Type"].startswith("text/html")
    assert "field--wrong" in text_of(response)


# breakdowns -------------------------------------------------------------------------------------------------


def test_an_indicator_says_what_it_is_broken_down_by_and_unfolds() -> None:
    scene = make_two()
    shown = text_of(get(scene.manager, page(), by="quarter"))
    assert (
        '<a class=fold href="?by=quarter&amp;categories=on#r-BOTH">by sex<b>: Counted BOTH</b></a>' in shown
    )
    assert shown.count("class=fold") == 1
    assert '<tr id="r-BOTH">' in shown
    unfolded = text_of(get(scene.manager, page(), by="quarter", categories="on"))
    assert '<a class=fold data-unfolded href="?by=quarter#r-BOTH">' in unfolded


def test_the_rows_of_one_indicator_fit_into_the_table() -> None:
    scene = make_two()
    unfolded = text_of(get(scene.manager, page(), categories="on"))
    found = text_of(get(scene.manager, parts("BOTH")))
    assert found.count("<tr class=part>") == 2
    assert ">707</a>" in found
    assert found.strip() in unfolded
    assert "<tr class=part>" not in text_of(get(scene.manager, parts("PEOPLE")))


def test_the_rows_are_of_the_same_choices_and_within_reach() -> None:
    scene = make_two()
    assert get(scene.manager, parts("NONE")).status_code == 404
    assert get(make.make_user(), parts("BOTH")).status_code == 404
    assert "site=NORTH" in text_of(get(scene.of_north, parts("BOTH")))
    of_south = make.make_user()
    make.assign(of_south, scene.program, "reporter", scene.south)
    assert text_of(get(of_south, parts("BOTH"))) == ""
    assert "class=fold" not in text_of(get(of_south, page()))
    long_ago = (timezone.localdate() - timedelta(days=900)).isoformat()
    assert "707" not in text_of(get(scene.manager, parts("BOTH"), as_of=long_ago))


def test_as_many_queries_whatever_there_is_to_show() -> None:
    scene = make_two()
    queries = [queries_of(scene.manager, page()), queries_of(scene.manager, parts("BOTH"))]
    dimension = Dimension.objects.get()
    for number in range(2):
        make_broken_down(scene, f"MORE{number}", dimension)
    make.make_site(scene.program, code="WEST")
    assert [queries_of(scene.manager, page()), queries_of(scene.manager, parts("BOTH"))] == queries
    assert queries_of(scene.manager, page(), categories="on") == queries[0]


# how it stands there ----------------------------------------------------------------------------------------


def test_statuses_have_the_same_glyphs_in_the_style_of_the_table() -> None:
    style = (Path(settings.BASE_DIR) / "monitoring/static/rendir/performance.css").read_text()
    written = dict(re.findall(r'\.dense \.(\w+)::before \{ content: "(.)" / ""; \}', style))
    assert written == {str(it): STATUS_GLYPHS[it] for it in Status}


def test_the_words_are_explained_with_the_program_s_own_tolerance() -> None:
    scene = make_scene()
    scene.program.tolerance = 15
    scene.program.save()
    shown = text_of(get(scene.manager, page()))
    assert "More than 115 % of the target" in shown
    assert "by at most 15 points: from 85 % on" in shown
    assert "4 of 5 expected figures" in shown


def test_a_name_cannot_break_out_of_its_cell() -> None:
    scene = make_scene()
    live = '"><script>alert(1)</script>'
    scene.indicator.name = live
    scene.indicator.save()
    shown = text_of(get(scene.manager, page()))
    assert live not in shown
    assert "&lt;script&gt;alert(1)" in shown


# the workbook -----------------------------------------------------------------------------------------------


def sheet_of(response: Any, number: int = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    found: list[list[Any]] = book.get_sheet_by_index(number).to_python()
    return found


def test_the_workbook_says_what_was_chosen_and_on_which_ledger_it_stands() -> None:
    scene = make_scene()
    response = get(scene.manager, page(), site="NORTH", by="year", calendar="fiscal", format="xlsx")
    assert 'filename="READ-performance.xlsx"' in response["Content-Disposition"]
    told = {name: value for name, value, *_ in sheet_of(response, 1)}
    expected = {
        "Program": "READ · Program READ",
        "Sites": "North",
        "Columns": "years",
        "Calendar": "U.S. fiscal year",
        "As of": "now",
        "Made by": scene.manager.shown_name,
        "Ledger head": str(head_of(scene.program)),
        "Page": f"http://testserver{page()}?site=NORTH&by=year&calendar=fiscal",
    }
    assert {name: told.get(name) for name in expected} == expected
    assert any(12.0 in row for row in sheet_of(response))


def test_the_workbook_of_who_sees_one_site() -> None:
    scene = make_scene()
    response = get(scene.of_north, page(), format="xlsx")
    told = {name: value for name, value, *_ in sheet_of(response, 1)}
    assert told["Figures of"] == "North"
    assert "Ledger head" not in told
    assert not any(42.0 in row or 30.0 in row for row in sheet_of(response))


def test_the_rows_of_who_sees_one_site_name_it() -> None:
    taken = get(make_scene().of_north, page(), format="csv")
    text = b"".join(taken.streaming_content).decode()
    assert {row["site"] for row in csv.DictReader(io.StringIO(text))} == {"NORTH"}


def test_the_workbook_as_of_a_day() -> None:
    scene = make_scene()
    day = timezone.localdate() - timedelta(days=900)
    response = get(scene.manager, page(), as_of=str(day), format="xlsx")
    told = {name: value for name, value, *_ in sheet_of(response, 1)}
    assert told["As of"] == day
    assert not any(42.0 in row for row in sheet_of(response))


def test_the_workbook_has_what_is_shown() -> None:
    scene = make_two()
    rows = sheet_of(get(scene.manager, page(), level="output", categories="on", format="xlsx"))
    assert [row[2].strip() for row in rows[2:]] == ["Counted BOTH", "women", "men"]
