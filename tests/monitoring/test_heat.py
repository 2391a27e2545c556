"""The heatmap of reports, and which of them came in, in time or late."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.periods import Calendar, Span, life, other, parse_label
from indicators.series import Reports, ReportStanding
from monitoring.portfolio.heat import WORST, heat_of, last_quarters, standing_of
from monitoring.reports import Tally, came_late, tally

TODAY = date(2026, 11, 22)
Q3, Q4 = parse_label("2026 Q3"), parse_label("2026 Q4")
DUE = date(2026, 10, 15)


def report(state: str | None, in_on: date | None = None, due_on: date | None = DUE) -> ReportStanding:
    return ReportStanding(state, due_on, in_on)


@pytest.mark.parametrize(
    ("state", "in_on", "due_on", "status"),
    [
        ("approved", date(2026, 10, 15), DUE, "approved"),  # on its due day is in time
        ("approved", date(2026, 10, 16), DUE, "late"),
        ("submitted", date(2026, 10, 10), DUE, "submitted"),
        ("submitted", date(2026, 11, 1), DUE, "late"),
        ("approved", date(2026, 11, 1), None, "approved"),  # without a due day nothing is late
        ("returned", date(2026, 10, 10), DUE, "overdue"),
        ("draft", None, DUE, "overdue"),
        (None, None, DUE, "overdue"),
        ("draft", None, date(2026, 11, 22), "due"),
        ("returned", date(2026, 10, 10), date(2026, 11, 30), "due"),
        ("draft", None, None, "due"),
    ],
)
def test_how_one_report_stands(state: str, in_on: date | None, due_on: date | None, status: str) -> None:
    assert standing_of(report(state, in_on, due_on), Q3, TODAY) == status


def test_what_has_not_ended_is_not_due() -> None:
    assert standing_of(report("draft", due_on=date(2027, 1, 15)), Q4, TODAY) == "not_due"
    assert standing_of(report("returned", due_on=date(2027, 1, 15)), Q4, TODAY) == "not_due"


def test_the_worst_report_decides_and_all_are_counted() -> None:
    found: Reports = {
        (1, Q3): report("approved", date(2026, 10, 1)),
        (2, Q3): report("submitted", date(2026, 10, 1)),
        (3, Q3): report("approved", date(2026, 10, 20)),
        (4, Q4): report("draft", due_on=date(2027, 1, 15)),
    }
    (late, not_due) = heat_of(found, [Q3, Q4], TODAY)
    assert (late.status, late.received, late.all) == ("late", 3, 3)
    assert (not_due.status, not_due.received, not_due.all) == ("not_due", 0, 1)
    missing = heat_of({**found, (5, Q3): report("draft")}, [Q3], TODAY)[0]
    assert (missing.status, missing.received, missing.all) == ("overdue", 3, 4)


def test_every_standing_has_its_place_in_the_order() -> None:
    assert sorted(WORST, key=WORST.index) == list(WORST)
    assert WORST[0] == "overdue"
    assert WORST[-1] == "approved"


def test_periods_of_all_lengths_belong_to_the_quarter_in_which_they_end() -> None:
    found: Reports = {
        (None, parse_label(text)): report("approved", date(2026, 1, 10), None)
        for text in ("2026-07", "2026-08", "2026 H1", "2025", "FY2026", "2026 Q3")
    }
    found = {
        **found,
        (None, other("by publication")): report("approved"),
        (1, life(None, None)): report(None),
    }
    quarters = [parse_label(text) for text in ("2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3")]
    assert [cell.all for cell in heat_of(found, quarters, TODAY)] == [1, 0, 1, 4]
    assert heat_of(found, quarters, TODAY)[1].status is None


def test_the_last_eight_quarters_go_no_further_than_today() -> None:
    def labels(until: date, calendar: Calendar = Calendar.CALENDAR) -> list[str]:
        return [it.label for it in last_quarters(until, TODAY, calendar)]

    assert labels(date(2026, 9, 30))[0] == "2024 Q4"
    assert labels(date(2026, 9, 30))[-1] == "2026 Q3"
    assert labels(date(2030, 12, 31))[-1] == "2026 Q4"
    assert len(labels(date(2026, 9, 30))) == 8
    assert labels(date(2026, 9, 30), Calendar.FISCAL) == labels(date(2026, 9, 30))


def test_a_tally_of_a_period_counts_what_ends_in_it_and_came_in_time() -> None:
    found: Reports = {
        (1, Q3): report("approved", date(2026, 10, 15)),
        (2, Q3): report("approved", date(2026, 10, 16)),
        (3, Q3): report("returned", date(2026, 10, 10)),
        (4, Q3): report("submitted", date(2026, 10, 10)),
        (1, parse_label("2026-08")): report("approved", date(2026, 9, 10), date(2026, 9, 15)),
        (1, parse_label("2026 Q2")): report(None),
        (1, Q4): report(None, due_on=date(2027, 1, 15)),
        (None, other("by publication")): report("approved"),
    }
    assert tally(found, TODAY, Q3) == Tally(all=5, received=4, in_review=1, overdue=1, on_time=3)
    assert tally(found, TODAY, Q4) == Tally()
    assert tally(found, TODAY, parse_label("2026")).all == 6
    whole = tally(found, TODAY)
    assert (whole.all, whole.received) == (7, 5)
    assert tally(found, TODAY, Q3) + tally(found, TODAY, Q3) == Tally(10, 8, 2, 2, 6)


def test_late_needs_both_days() -> None:
    assert came_late(report("approved", date(2026, 10, 16)))
    assert not came_late(report("approved", date(2026, 10, 15)))
    assert not came_late(report("draft"))
    assert not came_late(report("approved", date(2026, 10, 16), None))


def test_a_quarter_is_the_same_in_both_calendars() -> None:
    fiscal: Span = parse_label("FY2026 Q4")
    assert heat_of({(1, Q3): report("approved")}, [fiscal], TODAY)[0].all == 1
