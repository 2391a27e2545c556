"""The bench measures what it says, on data made through the actions; and its limits of queries hold."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from indicators.models import Entry
from monitoring.bench import chain, measuring, verifying
from monitoring.bench.data import Size
from monitoring.bench.measuring import Measured
from monitoring.bench.run import Sizes, in_words, measured
from tests.builders import make_user

pytestmark = pytest.mark.django_db
OF_A_PAGE, OF_A_PORTFOLIO, OF_A_CHANGE = 13, 15, 25


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is measured once, and the long ledger is short."""
    monkeypatch.setattr(measuring, "TIMES", 1)
    monkeypatch.setattr(chain, "TIMES", 1)
    monkeypatch.setattr(verifying, "ENTRIES", 300)


SMALL = Sizes(
    program=Size(3, 3, 2, 1), table=Size(4, 2, 3, 0), of_portfolio=Size(0, 1, 1, 0), programs=2, indicators=3
)


@pytest.mark.usefixtures("once")
def test_every_row_is_measured_and_what_was_tried_is_taken_back() -> None:
    said: list[str] = []
    found = list(measured(SMALL, timezone.localdate(), said.append))
    rows = {row.name: row for row in found}
    assert "BENCH: 3 indicators, 3 sites, 6 reports" in said[0]
    assert "18 figures, 18 parts" in said[0]
    assert Entry.objects.filter(program__code="BENCH", kind="actual").count() == 36
    pages = ("program page", "indicator page", "figure page, of a year", "report entry", "review")
    assert all((rows[name].queries or 99) <= OF_A_PAGE and rows[name].ratio for name in pages)
    changes = ("save 3 results and 3 parts", "submit of 3", "approve of 3")
    assert all((rows[name].queries or 99) <= OF_A_CHANGE for name in changes)
    assert rows["ledger export, 48 rows"].queries == 2
    assert {"entry page", "approval with the hash chain", "approval without it"} <= rows.keys()
    assert rows["verify 300 entries"].queries == 2
    assert all(row.cpu_ms is not None for row in found)


@pytest.mark.usefixtures("once")
def test_the_portfolio_and_the_long_table_have_data_of_their_own() -> None:
    said: list[str] = []
    found = list(measured(SMALL, timezone.localdate(), said.append, ("portfolio", "table")))
    assert [row.name for row in found] == [
        "portfolio, 2 programs, 3 indicators",
        "performance table, 4 indicators, 3 periods",
        "its workbook",
    ]
    assert [text.partition(",")[0] for text in said] == [
        "P00: 2 indicators",
        "P01: 1 indicators",
        "LONG: 4 indicators",
    ]
    assert [row.queries for row in found if (row.queries or 99) > OF_A_PORTFOLIO] == []


def test_a_row_says_whether_it_stays_within_its_limit() -> None:
    within = Measured("page", 12.34, 11, 2_000, 4.0, 60, 7.06)
    assert in_words(within) == ("page", "12.3", "7.1", "11", "2,000", "3.1 ×", "60", "ok")
    over = Measured("export", 1_234.5, limit=500)
    assert in_words(over) == ("export", "1,234", "", "", "", "", "500", "OVER")


def test_the_command_prints_a_table_of_the_parts_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Measured("program page", 40.0, 11, 50_000, 10.0, 60, 35.0), Measured("approval without it", 80.0)]
    asked: list[object] = []

    def stand_in(*given: object) -> Iterator[Measured]:
        asked.append(given[-1])
        return iter(rows)

    monkeypatch.setattr("monitoring.management.commands.bench.scratch_database", nullcontext)
    monkeypatch.setattr("monitoring.management.commands.bench.measured", stand_in)
    out = StringIO()
    call_command("bench", "pages", stdout=out)
    lines = out.getvalue().splitlines()
    assert asked == [["pages"]]
    assert lines[1].startswith("page or operation")
    assert lines[2].split() == ["program", "page", "40.0", "35.0", "11", "50,000", "4.0", "×", "60", "ok"]
    gc.unfreeze()


def test_a_part_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="No such part: nothing"):
        call_command("bench", "nothing")


def test_a_page_that_fails_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="answers 404"):
        measuring.measured_page("none", make_user(), "/programs/NONE/")
