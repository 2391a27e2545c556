"""The ledger as rows: what is in force, now and at any earlier moment."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.exports import FIGURE_FIELDS, json_lines
from indicators.ledger import head_of
from indicators.models import Entry
from indicators.rows import Typed
from programs.taking import csv_lines
from programs.workbook import plain
from tests import builders as make
from tests.indicators.stage import make_stage
from tests.monitoring.reading import make_scene

SPECIFIED = [
    "kind", "program", "site", "indicator", "category", "period", "value", "numerator", "denominator",
    "absence", "certainty", "expected", "unit", "illustrative", "submitted_by", "approved_by",
    "recorded_at", "supersedes", "number", "hash",
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("1926.50", "1926.50"),
        ("0", "0"),
        ("1E+3", "1E+3"),
        ("33.33333333333333333333333333", "33.333333"),
        ("66.66666666666666666666666667", "66.666667"),
        ("12.50000000000", "12.5"),
        ("100.0000000", "100"),
        ("-0.0000005", "-0.000001"),
    ],
)
def test_given_decimals_stay_and_divided_ones_are_rounded(given: str, written: str) -> None:
    assert str(plain(Decimal(given))) == written


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    rows = [["=HYPERLINK(1)", "+1", "-x", "@a", "\tb", "\rc", "plain", Decimal("-39.0"), -5, None, True]]
    header, line = csv_lines(["a"] * 11, rows)
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert cells[:6] == ["'=HYPERLINK(1)", "'+1", "'-x", "'@a", "'\tb", "'\rc"]
    assert cells[6:] == ["plain", "-39.0", "-5", "", "true"]
    assert header.count("a") == 11


def test_json_of_nothing_is_an_empty_list() -> None:
    assert "".join(json_lines(["a"], [])) == "[]\n"
    assert (
        json.loads("".join(json_lines(["a", "b"], [[Decimal("1.50"), timezone.now().date()]])))[0]["a"] == 1.5
    )


def rows_of(*options: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("figures", *options, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.django_db
def test_one_row_for_each_entry_in_force() -> None:
    scene = make_scene()
    assert list(FIGURE_FIELDS[: len(SPECIFIED)]) == SPECIFIED
    rows = rows_of("--program", "READ")
    assert [(row["kind"], row["site"], row["value"]) for row in rows] == [
        ("actual", "NORTH", "12"),
        ("actual", "SOUTH", "30"),
        ("target", "", "40"),
    ]
    first, entry = rows[0], Entry.objects.get(program=scene.program, number=1)
    assert first["hash"] == bytes(entry.hash or b"").hex()
    assert first["recorded_at"].endswith("Z")
    assert entry.recorded_at is not None
    assert first["recorded_at"][:19] == entry.recorded_at.astimezone(UTC).isoformat()[:19]
    assert (first["submitted_by"], first["approved_by"]) == (scene.reporter.username, scene.manager.username)
    assert (first["illustrative"], first["expected"], first["certainty"]) == ("false", "false", "exact")


@pytest.mark.django_db
def test_a_correction_supersedes_and_as_of_gives_the_old_figure() -> None:
    scene = make_scene()
    before = timezone.now()
    scene.correct(scene.north, "15")
    corrected = [row for row in rows_of() if row["site"] == "NORTH"]
    assert [(row["value"], row["supersedes"], row["number"]) for row in corrected] == [("15", "1", "4")]
    old = [row for row in rows_of("--as-of", before.isoformat()) if row["site"] == "NORTH"]
    assert [(row["value"], row["supersedes"]) for row in old] == [("12", "")]
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert rows_of("--as-of", yesterday) == []


@pytest.mark.django_db
def test_every_row_names_the_head_of_its_program_s_ledger() -> None:
    scene, other = make_scene(), make_stage()
    before, head = timezone.now(), head_of(scene.program)
    other.approve()
    heads = {str(head), str(head_of(other.program))}
    assert {row["ledger"] for row in rows_of()} == heads
    scene.correct(scene.north, "15")
    assert {row["ledger"] for row in rows_of("--program", "READ")} == {str(head_of(scene.program))}
    assert {row["ledger"] for row in rows_of("--as-of", before.isoformat())} == {str(head)}
    out = io.StringIO()
    call_command("figures", "--program", "READ", "--format", "json", stdout=out)
    assert {row["ledger"] for row in json.loads(out.getvalue())} == {str(head_of(scene.program))}


@pytest.mark.django_db
def test_what_is_withdrawn_is_left_out_and_absences_stay() -> None:
    scene = make_scene()
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    row = Typed(absence="not_yet_available")
    make.approved(report, {scene.series(scene.north): row}, scene.reporter, scene.manager)
    assert [it["absence"] for it in rows_of() if it["period"] == "2010 Q1"] == ["not_yet_available"]


@pytest.mark.django_db
def test_the_value_of_a_ratio_is_derived() -> None:
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
    series = make.make_series(calls, scene.north)
    people = scene.series(scene.north)
    for label, parts in (("2010 Q1", ("1", "3")), ("2010 Q2", ("0", "0"))):
        report = make.make_report(scene.program, scene.north, make.make_period(label))
        ratio = Typed(numerator=parts[0], denominator=parts[1])
        make.approved(report, {series: ratio, people: "1"}, scene.reporter, scene.manager)
    found = {row["period"]: row for row in rows_of() if row["indicator"] == "CALLS"}
    cells = [found["2010 Q1"][name] for name in ("value", "numerator", "denominator")]
    assert cells == ["33.333333", "1", "3"]
    assert (found["2010 Q2"]["value"], found["2010 Q2"]["denominator"]) == ("", "0")


@pytest.mark.django_db
def test_json_keeps_numbers_as_numbers() -> None:
    make_scene()
    out = io.StringIO()
    call_command("figures", "--format", "json", stdout=out)
    rows = json.loads(out.getvalue())
    assert [row["value"] for row in rows] == [12, 30, 40]
    assert rows[0]["supersedes"] == ""


@pytest.mark.django_db
def test_it_takes_two_statements_whatever_there_is() -> None:
    make_scene()
    with CaptureQueriesContext(connection) as captured:
        rows_of()
    assert len(captured) == 2  # the rows, and the heads of their chains


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [(["--program", "NONE"], "There are: none at all"), (["--as-of", "soon"], "no day and no moment")],
)
def test_it_says_what_is_wrong(options: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("figures", *options)
