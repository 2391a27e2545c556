"""The bench measures what it says, on data made through the actions; and its limits of queries hold."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from indicators.models import Entry
from monitoring.bench import chain, measuring, verifying
from monitoring.bench.data import Size
from monitoring.bench.measuring import Measured
from monitoring.bench.run import in_words, measured
from tests.builders import make_user

pytestmark = pytest.mark.django_db
OF_A_PAGE, OF_A_CHANGE = 12, 25


def test_every_row_is_measured_and_what_was_tried_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "TIMES", 1)
    monkeypatch.setattr(chain, "TIMES", 1)
    monkeypatch.setattr(verifying, "ENTRIES", 300)
    said: list[str] = []
    rows = {row.name: row for row in measured(Size(3, 3, 2, 1), timezone.localdate(), said.append)}
    assert "3 indicators, 3 sites, 6 reports" in said[0]
    assert "18 figures, 18 parts" in said[0]
    assert Entry.objects.filter(kind="actual").count() == 36
    pages = ("program page", "indicator page", "portfolio", "report entry", "review")
    assert all((rows[name].queries or 99) <= OF_A_PAGE and rows[name].ratio for name in pages)
    changes = ("save 3 results and 3 parts", "submit of 3", "approve of 3")
    assert all((rows[name].queries or 99) <= OF_A_CHANGE for name in changes)
    assert rows["ledger export, 48 rows"].queries == 2
    assert {"approval with the hash chain", "approval without it", "verify 300 entries"} <= rows.keys()


def test_a_row_says_whether_it_stays_within_its_limit() -> None:
    within = Measured("page", 12.34, 11, 2_000, 4.0, 60)
    assert in_words(within) == ("page", "12.3", "11", "2,000", "3.1 ×", "60", "ok")
    over = Measured("export", 1_234.5, limit=500)
    assert in_words(over) == ("export", "1,234", "", "", "", "500", "OVER")


def test_the_command_prints_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Measured("program page", 40.0, 11, 50_000, 10.0, 60), Measured("approval without it", 80.0)]
    monkeypatch.setattr("monitoring.management.commands.bench.scratch_database", nullcontext)
    monkeypatch.setattr("monitoring.management.commands.bench.measured", lambda *_args: iter(rows))
    out = StringIO()
    call_command("bench", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[1].startswith("page or operation")
    assert lines[2].split() == ["program", "page", "40.0", "11", "50,000", "4.0", "×", "60", "ok"]
    gc.unfreeze()


def test_a_page_that_fails_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="answers 404"):
        measuring.measured_page("none", make_user(), "/programs/NONE/")
