"""The last report of each site."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from indicators.ledger import ProgramBook
from indicators.periods import Calendar, parse_label
from indicators.series import ReportStanding
from monitoring.looking_back import LookBack
from monitoring.program.about import About
from monitoring.program.places import sites_of
from programs.models import Program, Site

TODAY = date(2026, 11, 22)


def last_of(*reports: tuple[str, str]) -> str:
    """The period of the report that stands for the site, of these periods and states in this order."""
    book = ProgramBook(Program(code="PLACES"), TODAY, sites={1: Site(pk=1, name="North", code="N")})
    for label, state in reports:
        book.reports[1, parse_label(label)] = ReportStanding(state, date(2026, 12, 1))
    told = About([], [], [], [], {}, [])
    (shown,) = sites_of(book, told, LookBack(TODAY), Calendar.CALENDAR, lambda it: str(it.status))
    return shown.period


@pytest.mark.parametrize(
    ("reports", "last"),
    [
        ([("2026 Q3", "approved"), ("FY2026 H2", "approved"), ("2026-09", "approved")], "2026-09"),
        ([("2026 Q3", "approved"), ("FY2026 H2", "submitted")], "FY2026 H2"),
        ([("2026 Q2", "returned"), ("2026 Q3", "approved")], "2026 Q3"),
    ],
)
def test_of_several_that_end_last_the_one_that_calls_for_an_act_then_the_shortest(
    reports: list[tuple[str, str]], last: str
) -> None:
    assert {last_of(*order) for order in permutations(reports)} == {last}
