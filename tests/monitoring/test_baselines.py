"""Which baseline a page shows: what the latest figure is measured from; of another, a note tells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.books import IndicatorBook
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Frequency, Span, parse_label
from indicators.planning import Recorded
from indicators.series import SiteDays
from indicators.values import Direction, Figure, Meaning
from monitoring.indicator.history import history_of
from monitoring.indicator.page import other_starts
from monitoring.performance.table import baseline_of, spot_of
from monitoring.program.overview import overview_of
from programs.models import Program, Site

TODAY = date(2026, 11, 22)
FEWER = Meaning(direction=Direction.DECREASE, counted=True)
MORE = Meaning(counted=True)
OPENED = date(2026, 4, 1)  # the second site, so that the first quarter is of the first alone
Q4, Q1, Q2, Q3 = (parse_label(it) for it in ("2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3"))


def book_of(meaning: Meaning = FEWER, *, quarters: tuple[Span, ...] = (Q1, Q2, Q3)) -> IndicatorBook:
    """Two sites of baselines 100 and 40, with their figures and targets of these quarters."""
    expected = {site: [it for it in quarters if site == 1 or it != Q1] for site in (1, 2)}
    baselines: dict[tuple[int | None, Span], Figure] = {
        (1, Q4): Figure(Decimal(100)),
        (2, Q4): Figure(Decimal(40)),
    }
    return IndicatorBook(
        meaning,
        Frequency.QUARTER,
        TODAY,
        [SiteDays(1), SiteDays(2, from_on=OPENED)],
        actuals={(site, it): Figure(Decimal(30)) for site in expected for it in expected[site]},
        targets={
            (site, it): [Recorded(Figure(Decimal(20)), date(2025, 12, 1))]
            for site in expected
            for it in (Q1, Q2, Q3)
        },
        baselines=baselines,
    )


def program_of(book: IndicatorBook) -> tuple[ProgramBook, Indicator]:
    one = Indicator(
        pk=1, code="ONE", objective_id=7, frequency="quarter", calendar="calendar", reported_by="sites"
    )
    sites = {pk: Site(pk=pk, code=f"S{pk}", name=f"Site {pk}") for pk in (1, 2)}
    program = Program(code="P", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    return ProgramBook(program, TODAY, indicators=[one], sites=sites, books={1: book}), one


@pytest.mark.parametrize(
    ("quarters", "labels", "shown", "of"),
    [
        ((Q1, Q2, Q3), "2026 Q1, 2026 Q2, 2026 Q3, 2026 Q4, 2026", 140, "2026 Q3"),
        ((Q1,), "2026 Q1, 2026 Q2, 2026 Q3", 100, "2026 Q1"),  # of the last with a value
        ((Q1, Q2), "2026 Q1, 2026 Q2, 2026 H1", 140, "2026 Q2"),  # the shorter of two that end together
        ((), "2026 Q1, 2026 Q2", 100, "2026 Q1"),  # before any value, the first
    ],
)
def test_the_baseline_is_what_the_latest_figure_is_measured_from(
    quarters: tuple[Span, ...], labels: str, shown: int, of: str
) -> None:
    book = book_of(quarters=quarters)
    scores = [book.score(parse_label(it)) for it in labels.split(", ")]
    found, spot = baseline_of(book, scores), spot_of(scores)
    assert found is not None
    assert spot is not None
    assert (str(found.figure.value), spot.label) == (str(shown), of)
    assert book.score(spot).baseline == found  # where its link leads


def test_without_a_score_that_has_one_it_is_the_latest_on_record() -> None:
    book = book_of()
    found = baseline_of(book, [None])
    assert found is not None
    assert found.figure.value == 140
    assert spot_of([None]) is None


def test_the_program_page_shows_that_of_the_year_and_links_to_it() -> None:
    program, _one = program_of(book_of())
    objectives = [{"id": 7, "parent": None}]
    ((row,),) = [it.rows for it in overview_of(program, objectives).groups]
    assert row.year is not None
    assert (row.baseline, row.baseline_of) == (row.year.baseline, row.year.span)


def notes(meaning: Meaning, quarters: tuple[Span, ...] = (Q1, Q2, Q3)) -> str:
    program, one = program_of(book_of(meaning, quarters=quarters))
    return " ".join(other_starts(history_of(program, one), meaning))


def test_a_note_tells_what_earlier_periods_were_measured_from() -> None:
    said = "Earlier periods were measured from 100, the baseline of the sites then expected."
    assert said in notes(FEWER)
    assert "were measured from" not in notes(FEWER, (Q2, Q3))
    assert "were measured from" not in notes(MORE)  # that starts at zero
