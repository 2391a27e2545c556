"""The performance table: figures, choices, what is taken along; and the same as rows by command."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from indicators.addresses import slug_of
from indicators.chain import read_heads
from indicators.ledger import head_of
from indicators.models import Dimension
from indicators.moments import end_of
from indicators.periods import (
    Calendar,
    Kind,
    label,
    shifted,
    span_at,
    year_of,
)
from indicators.rows import Typed
from indicators.values import EntryKind
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, text_of

TODAY = date(2026, 11, 22)


def page(code: str = "READ") -> str:
    return reverse("performance", args=[code])


def rows_of(*options: str) -> list[dict[str, str]]:
    """What the command writes, as rows by name."""
    out = io.StringIO()
    call_command("performance", "--program", "READ", *options, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def row_for(rows: list[dict[str, str]], period: str, category: str = "") -> dict[str, str]:
    (row,) = [it for it in rows if it["period"] == period and it["category"] == category]
    return row


@pytest.mark.django_db
def test_the_page_has_target_actual_and_achievement() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page()))
    assert f"<th data-latest scope=colgroup colspan=3>{scene.quarter.label}" in shown
    assert '>40<span class="under">set later</span></a><td>' in shown
    assert ">42</a> <i>2/2</i><td>" in shown
    address = f"../indicators/PEOPLE/figures/{slug_of(scene.quarter)}/"
    assert f'<a href="{address}?kind=target">40' in shown
    assert f'<a href="{address}">42</a>' in shown
    assert f'<a class=met href="{address}#judged"><b>met</b> 105 %</a>' in shown
    assert "105 %" in shown
    assert "the ledger holds 3 entries" in shown
    assert "as of now" in shown


@pytest.mark.django_db
def test_an_outsider_gets_neither_page_nor_file() -> None:
    make_scene()
    for query in ({}, {"format": "csv"}):
        assert get(make.make_user(), page(), **query).status_code == 404


@pytest.mark.django_db
def test_a_reporter_of_one_site_gets_its_figures_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, page()))
    assert ">12</a>" in shown
    assert ">42</a>" not in shown
    assert "South" not in shown
    rows = list(csv.DictReader(io.StringIO(raw(get(scene.of_north, page(), format="csv")))))
    assert {row["actual"] for row in rows if row["kind"] == "quarter"} <= {"12", ""}
    assert get(scene.of_north, page(), site="SOUTH").status_code == 200
    assert "no such site" in text_of(get(scene.of_north, page(), site="SOUTH"))


def raw(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.mark.django_db
def test_page_file_and_command_say_the_same() -> None:
    scene = make_scene()
    span = {"from": scene.quarter.label, "to": scene.quarter.label}
    response = get(scene.manager, page(), format="csv", **span)
    assert response["Content-Type"].startswith("text/csv")
    assert "READ-performance.csv" in response["Content-Disposition"]
    taken = list(csv.DictReader(io.StringIO(raw(response))))
    by_command = rows_of("--from", scene.quarter.label, "--to", scene.quarter.label)
    address = f"http://testserver{reverse('figure', args=['READ', 'PEOPLE', slug_of(scene.quarter)])}"
    assert row_for(taken, scene.quarter.label)["address"] == address
    assert [{**row, "address": f"http://testserver{row['address']}"} for row in by_command] == taken
    row = row_for(taken, scene.quarter.label)
    expected = {
        "actual": "42",
        "target": "40",
        "against": "40",
        "achievement": "1.05",
        "status": "met",
        "complete": "2/2",
    }
    assert expected.items() <= row.items()
    assert "105 %" in text_of(get(scene.manager, page(), **span))


@pytest.mark.django_db
def test_the_head_of_the_ledger_stands_on_paper_and_in_every_file() -> None:
    scene = make_scene()
    before, head = timezone.now(), head_of(scene.program)
    shown = text_of(get(scene.manager, page()))
    assert f'<code class="ledger-head">{head}</code>' in shown
    assert read_heads(shown) == read_heads(str(head))  # one, and whole
    taken = list(csv.DictReader(io.StringIO(raw(get(scene.manager, page(), format="csv")))))
    assert {row["ledger"] for row in taken + rows_of()} == {str(head)}
    scene.correct(scene.north, "15")
    assert head_of(scene.program) != head
    then = list(csv.DictReader(io.StringIO(raw(get(scene.manager, page(), format="csv", as_of=str(TODAY))))))
    assert {row["ledger"] for row in then} <= {str(head_of(scene.program, end_of(TODAY))), ""}
    assert {row["ledger"] for row in rows_of("--as-of", before.isoformat())} == {str(head)}


@pytest.mark.django_db
def test_who_sees_one_site_gets_no_head() -> None:
    """From the hashes, and guesses, the figures of other sites could be found."""
    scene = make_scene()
    assert read_heads(text_of(get(scene.of_north, page()))) == []
    taken = list(csv.DictReader(io.StringIO(raw(get(scene.of_north, page(), format="csv")))))
    assert {row["ledger"] for row in taken} == {""}


@pytest.mark.django_db
def test_one_site_alone() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(), site="NORTH"))
    assert ">12</a>" in shown
    assert ">42</a>" not in shown
    taken = list(csv.DictReader(io.StringIO(raw(get(scene.manager, page(), site="NORTH", format="csv")))))
    assert row_for(taken, scene.quarter.label)["actual"] == "12"
    assert {row["site"] for row in taken} == {"NORTH"}


@pytest.mark.django_db
def test_the_other_calendar_and_coarser_columns() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(), calendar="fiscal"))
    assert label(scene.quarter, Calendar.FISCAL) in shown
    year_label = year_of(scene.quarter.first or TODAY, Calendar.CALENDAR).label
    shown = text_of(get(scene.manager, page(), by="year", **{"from": year_label, "to": year_label}))
    assert f"scope=colgroup colspan=3>{scene.quarter.label}" not in shown
    assert re.search(f"<th [^>]*scope=colgroup colspan=3[^>]*>{year_label}", shown)


@pytest.mark.django_db
def test_chosen_quarters_are_shown_without_a_half_that_has_a_target() -> None:
    scene = make_scene()
    half = span_at(Kind.HALF, scene.quarter.first or TODAY, Calendar.FISCAL)
    scene.plan("90", half)
    assert half.label in text_of(get(scene.manager, page()))
    shown = text_of(get(scene.manager, page(), by="quarter"))
    assert half.label not in shown
    assert f"scope=colgroup colspan=3>{scene.quarter.label}" in shown


@pytest.mark.django_db
def test_wrong_choices_are_told_and_left_out() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(), **{"from": "soon", "to": "2020", "as_of": "yesterday"}))
    assert "There is no such period" in shown
    assert "Write the day as" in shown
    beyond = text_of(get(scene.manager, page(), **{"from": "0001", "to": "9999", "as_of": "9999-12-31"}))
    assert beyond.count("There is no such period") == 2
    assert "Write the day as" in beyond
    turned = text_of(get(scene.manager, page(), **{"from": "2026 Q2", "to": "2025 Q2", "site": "NOWHERE"}))
    assert "This is before the first period." in turned
    assert "This program has no such site." in turned


@pytest.mark.django_db
def test_a_wide_table_is_printed_in_sheets() -> None:
    """Eight quarters, two years, the life: eleven columns, four on a sheet."""
    scene = make_scene()
    assert text_of(get(scene.manager, page())).count("<table") == 1
    assert text_of(get(scene.manager, page(), paper="on")).count("<table") == 3


@pytest.mark.django_db
def test_breakdowns_stand_below_their_indicator_when_asked_for() -> None:
    scene = broken_down()
    assert "women" not in text_of(get(scene.manager, page()))
    shown = text_of(get(scene.manager, page(), categories="on"))
    assert re.search("<tr class=part><th scope=row><b>[^<]+: </b>women<td", shown)
    category = Dimension.objects.get().categories.get(name="women").code
    assert row_for(rows_of(), "2010 Q1", category)["actual"] == "7"


def broken_down() -> Scene:
    scene = make_scene()
    dimension = make.make_dimension()
    indicator = make.make_indicator(scene.program, code="BOTH")
    make.break_down(indicator, dimension)
    whole = make.make_series(indicator, scene.north)
    women, men = (
        make.make_series(indicator, scene.north, it) for it in dimension.categories.order_by("position")
    )
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    people = scene.series(scene.north)
    values = {whole: "10", women: "7", men: "3", people: "1"}
    make.approved(report, values, scene.reporter, scene.manager)
    return scene


@pytest.mark.django_db
def test_as_of_an_earlier_moment_the_old_figure_stands() -> None:
    scene = make_scene()
    before = timezone.now()
    scene.correct(scene.north, "15")
    assert row_for(rows_of(), scene.quarter.label)["actual"] == "45"
    assert row_for(rows_of("--as-of", before.isoformat()), scene.quarter.label)["actual"] == "42"
    assert ">45</a>" in text_of(get(scene.manager, page()))
    shown = text_of(get(scene.manager, page(), as_of=before.isoformat()))
    assert ">42</a>" in shown
    assert "the ledger holds 3 entries" in shown


@pytest.mark.django_db
def test_as_of_a_day_long_past_nothing_is_known() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(), as_of="2020-01-01"))
    assert "as of the end of 1 Jan 2020" in shown
    assert ">42</a>" not in shown


@pytest.mark.django_db
def test_rows_have_baseline_original_target_and_the_reason_for_nothing() -> None:
    scene = make_scene(over_sites="none", over_time="none", direction="decrease")
    before = shifted(scene.quarter, -3)
    scene.plan("100", before, EntryKind.BASELINE)
    row = row_for(rows_of(), scene.quarter.label)
    assert (row["baseline"], row["baseline_period"]) == ("100", before.label)
    assert (row["original_target"], row["set_later"]) == ("40", "true")
    assert (row["actual"], row["reason"]) == ("", "not_added")


@pytest.mark.django_db
def test_a_milestone_is_written_as_its_day() -> None:
    scene = make_scene()
    milestone = make.make_indicator(
        scene.program,
        code="LAW",
        measure="milestone",
        accumulation="stock",
        over_sites="all",
        over_time="once",
        reported_by="program",
        counted=False,
    )
    series = make.make_series(milestone)
    report = make.make_report(scene.program, None, scene.period)
    day = str(scene.quarter.first)[:7]
    make.approved(report, {series: Typed(value="yes", day=day)}, scene.reporter, scene.manager)
    rows = [row for row in rows_of() if row["indicator"] == "LAW"]
    assert row_for(rows, scene.quarter.label)["actual"] == day


@pytest.mark.django_db
def test_json_has_numbers_and_nulls() -> None:
    scene = make_scene()
    out = io.StringIO()
    call_command("performance", "--program", "READ", "--format", "json", stdout=out)
    (row,) = [it for it in json.loads(out.getvalue()) if it["period"] == scene.quarter.label]
    assert row["actual"] == 42
    assert row["baseline"] is None
    assert row["achievement"] == 1.05


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--program", "NONE"], "no program with the code 'NONE'"),
        (["--program", "READ", "--from", "soon"], "--from 'soon' is not the label"),
        (["--program", "READ", "--from", "2026", "--to", "2025"], "--to is before --from"),
        (["--program", "READ", "--as-of", "yesterday"], "no day and no moment"),
    ],
)
def test_the_command_says_what_is_wrong(options: list[str], said: str) -> None:
    make.make_program(code="READ")
    with pytest.raises(CommandError, match=said):
        call_command("performance", *options)


@pytest.mark.django_db
def test_a_program_without_indicators_says_what_will_stand_there() -> None:
    make.make_program(code="EMPTY")
    assert "will stand here" in text_of(get(make.make_administrator(), page("EMPTY")))


@pytest.mark.django_db
def test_one_chooses_among_the_programs_one_may_see() -> None:
    scene = make_scene()
    make.make_program(code="OTHER", name="Another program")
    shown = text_of(get(scene.manager, reverse("performance-choose")))
    assert page() in shown
    assert "Another program" not in shown
    assert "will stand here" in text_of(get(make.make_user(), reverse("performance-choose")))


@pytest.mark.django_db
def test_nothing_is_taken_along_of_a_choice_that_cannot_be_read() -> None:
    scene = make_scene()
    response = get(scene.manager, page(), site="NOWHERE", format="csv")
    assert response["Content-Type"].startswith("text/html")
    assert "This program has no such site." in text_of(response)
