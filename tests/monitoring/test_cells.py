"""How a score stands in cells: to date, by a day, against the time gone, or why there is nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.addresses import Links, Place
from indicators.combining import Combined, Missing
from indicators.judging import Judgement, Pace, Status
from indicators.models import Indicator
from indicators.periods import Kind, Span, other, parse_label, quarter, year
from indicators.planning import Baseline, Targets
from indicators.scoring import Score
from indicators.series import ReportStanding
from indicators.values import Certainty, Figure, Meaning, Measure
from monitoring.cells import (
    against_html,
    anchor,
    baseline_html,
    judged_html,
    missing_html,
    share_of,
    target_html,
    target_words,
    three,
)
from monitoring.notes import notes_of
from monitoring.performance.dense import cells_of
from monitoring.performance.table import Row
from monitoring.reports import is_overdue, standings_of, status_of, tally
from monitoring.strips import bullet_html, ends_of

COUNTED = Meaning()
X = Place("/x/", "/x/#judged", "/t/")
MILESTONE = Meaning(measure=Measure.MILESTONE)
NOTHING = Combined(None, 0, 5, Missing.NOT_REPORTED)
FIFTY = Figure(Decimal(50))


def score(**parts: object) -> Score:
    plain = Score(
        span=year(2026),
        actual=Combined(Figure(Decimal(40)), 4, 5),
        targets=Targets(FIFTY, FIFTY, FIFTY),
        against=FIFTY,
        baseline=None,
        judgement=Judgement(status=Status.NEAR),
    )
    return plain._replace(**parts)  # type: ignore[arg-type]  # any part of a score


def test_nothing_expected_is_only_heard() -> None:
    assert three(None, COUNTED, X) == (
        '<td class="num first" colspan="3"><span class="usa-sr-only">not expected</span></td>'
    )


def test_a_value_that_is_missing_takes_two_cells_and_its_word() -> None:
    cells = three(score(actual=NOTHING, judgement=Judgement(status=Status.OVERDUE)), COUNTED, X, " year")
    assert cells.startswith(
        '<td class="num first year"><a href="/t/">50</a></td><td class="num year" colspan="2">'
    )
    assert '<a href="/x/"><span class="status' in cells
    assert "overdue" in cells
    assert '<span class="of">0/5</span>' in cells


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (Missing.NOT_ADDED, "cannot be combined"),
        (Missing.WITHHELD, "withheld"),
        (Missing.NO_DENOMINATOR, "no value (0 of 0)"),
        (Missing.NOT_EXPECTED, "no figure yet"),
    ],
)
def test_why_there_is_no_value(reason: Missing, word: str) -> None:
    found = missing_html(score(actual=Combined(None, 0, 1, reason), judgement=Judgement()))
    assert found == f'<span class="absent">{word}</span>'


def test_without_a_reason_nothing_is_said() -> None:
    assert not missing_html(score(actual=Combined(None, 0, 0), judgement=Judgement()))


def test_the_target_of_a_running_span_says_what_counts_to_date() -> None:
    running = score(judgement=Judgement(status=Status.RUNNING), against=Figure(Decimal(30)))
    assert target_html(running, COUNTED) == '50<span class="under">30 to date</span>'
    assert not target_html(score(targets=Targets()), COUNTED)


def test_a_percentage_to_date_says_what_it_is_of_also_where_the_whole_span_has_no_target_yet() -> None:
    held = Judgement(Decimal("0.9"), status=Status.RUNNING)
    running = score(targets=Targets(), judgement=held, against=Figure(Decimal(30)))
    assert target_html(running, COUNTED) == '<span class="under">30 to date</span>'


def test_a_milestone_has_a_day_for_its_target() -> None:
    by = Figure(Decimal(1), day="2027-03")
    assert target_html(score(targets=Targets(by, by, by)), MILESTONE) == "by March 2027"
    assert target_words(by, MILESTONE) == "by March 2027"
    assert target_words(FIFTY, COUNTED) == "50"


def test_what_is_known_of_the_achievement() -> None:
    assert "80 %" in judged_html(score(judgement=Judgement(Decimal("0.8"), status=Status.BEHIND)), COUNTED)
    assert "−20 %" in judged_html(score(judgement=Judgement(None, Decimal("-0.2"), Status.BEHIND)), COUNTED)
    assert "near" in judged_html(score(), COUNTED)
    of_year = score(judgement=Judgement(status=Status.RUNNING), pace=Pace(Decimal("0.45"), Decimal("0.89")))
    assert "45 %" in judged_html(of_year, COUNTED)
    assert "at 89 % of the time" in judged_html(of_year, COUNTED)
    assert "no target</span>" in judged_html(score(judgement=Judgement(status=Status.NO_TARGET)), COUNTED)


@pytest.mark.parametrize(
    ("status", "against", "aim"),
    [
        (Status.INCOMPLETE, 20, 20),
        (Status.INCOMPLETE, 50, None),  # all of what counts
        (Status.INCOMPLETE, None, None),
        (Status.RUNNING, 20, None),  # says its target to date itself
        (Status.NEAR, 20, None),
    ],
)
def test_an_incomplete_percentage_and_its_bar_are_of_what_was_reported(
    status: Status, against: int | None, aim: int | None
) -> None:
    judged = Judgement(Decimal("0.9"), status=status, start=Decimal(70))
    held = Figure(Decimal(against)) if against else None
    one = score(judgement=judged, against=held, actual=Combined(Figure(Decimal(25)), 3, 5))
    said = "against 20, the targets of what was reported"
    assert (said in against_html(one, COUNTED, why=True)) == bool(aim)
    assert ("against 20<" in judged_html(one, COUNTED)) == bool(aim)
    assert ("Against another figure" in " ".join(notes_of([one]))) == bool(aim)
    row = Row(Indicator(code="ONE"), None, COUNTED, None, None, [one])
    assert ("against 20<" in cells_of(row, Links(""), ["x"])[0]) == bool(aim)
    target, start = ends_of(one, Figure(Decimal(90)))
    assert (str(target), str(start)) == ((str(aim), "70") if aim else ("50", "90"))
    assert ends_of(one, None)[1] is None
    assert f"target {aim or 50}," in f"{bullet_html(one, FIFTY)}"


@pytest.mark.parametrize(
    ("judgement", "said"),
    [
        (Judgement(achievement=Decimal("0.905"), deviation=Decimal(2), status=Status.NEAR), "90.5 %"),
        (Judgement(deviation=Decimal("-0.05"), status=Status.NEAR), "−5 %"),
        (Judgement(deviation=Decimal("0.2"), status=Status.MET), "+20 %"),
        (Judgement(achievement=Decimal(0), deviation=Decimal(-1), status=Status.BEHIND), "0 %"),
        (Judgement(), ""),
    ],
)
def test_where_achievement_is_not_known_the_distance_judged(judgement: Judgement, said: str) -> None:
    assert share_of(judgement) == said


def test_a_baseline_names_its_periods() -> None:
    one = Baseline(Figure(Decimal(7), certainty=Certainty.ABOUT), (quarter(2024, 4),))
    assert "2024 Q4" in baseline_html(one, COUNTED)
    assert "about" in baseline_html(one, COUNTED)
    several = Baseline(FIFTY, (quarter(2024, 2), quarter(2024, 3)))
    assert "2024 Q2 – 2024 Q3" in baseline_html(several, COUNTED)


def test_a_period_has_a_place_on_the_page() -> None:
    assert anchor(quarter(2026, 3)) == "p-2026-q3"
    assert anchor(other("…")) == "p-life"


def test_notes_say_each_thing_once() -> None:
    scores = [score(actual=Combined(None, 0, 2, Missing.PARTS), judgement=Judgement())] * 2
    assert notes_of(scores) == [
        "Cannot be combined: ratios published without numerator and denominator can't be pooled."
    ]
    assert notes_of([score(judgement=Judgement(None, Decimal("0.1"), Status.MET))]) == [
        "4/5 beside a value: how many of the expected figures it rests on.",
        "A percentage with a sign is the distance from the target, where achievement can't be said.",
    ]


TODAY = date(2026, 11, 22)
Q3, Q4 = quarter(2026, 3), quarter(2026, 4)


@pytest.mark.parametrize(
    ("state", "due_on", "status"),
    [
        ("approved", None, "approved"),
        ("submitted", date(2026, 10, 15), "submitted"),
        ("returned", date(2026, 10, 15), "returned"),
        ("draft", date(2026, 10, 15), "overdue"),
        ("draft", TODAY, "due"),
        (None, None, "due"),
    ],
)
def test_how_a_report_stands(state: str | None, due_on: date | None, status: str) -> None:
    assert status_of(ReportStanding(state, due_on), Q3, TODAY) == status


def test_a_report_is_overdue_from_the_day_after_its_due_day() -> None:
    assert not is_overdue(ReportStanding("draft", TODAY), Q3, TODAY)
    assert is_overdue(ReportStanding("returned", date(2026, 11, 21)), Q3, TODAY)
    assert not is_overdue(ReportStanding("approved", date(2026, 11, 21)), Q3, TODAY)
    assert status_of(ReportStanding("draft", date(2027, 1, 15)), Q4, TODAY) == "not_due"


def test_reports_are_counted_once_their_period_has_ended() -> None:
    reports: dict[tuple[int | None, Span], ReportStanding] = {
        (1, Q3): ReportStanding("draft", date(2026, 10, 15)),
        (2, Q3): ReportStanding("submitted", date(2026, 10, 15)),
        (1, Q4): ReportStanding("draft", date(2027, 1, 15)),
    }
    found = tally(reports, TODAY)
    assert (found.all, found.received, found.in_review, found.overdue) == (2, 1, 1, 1)
    table = standings_of(reports, {1: "One", 2: "Two", 3: "Three"}, TODAY)
    assert [line.name for line in table.lines] == ["One", "Two"]
    assert [place.status for place in table.lines[1].places] == ["submitted", None]
    assert table.spans == [Q3, Q4]
    assert Q3.kind is Kind.QUARTER


def approved(*labels: str) -> dict[tuple[int | None, Span], ReportStanding]:
    return {(1, parse_label(it)): ReportStanding("approved", date(2026, 1, 15)) for it in labels}


def test_reports_stand_by_their_last_day_the_shorter_first() -> None:
    reports = approved("2026", "2026-10", "FY2026 H2", "2026 Q4", "2026-09", "2026 Q3")
    shown = [it.label for it in standings_of(reports, {1: "One"}, TODAY).spans]
    assert shown == ["2026-09", "2026 Q3", "FY2026 H2", "2026-10", "2026 Q4", "2026"]


@pytest.mark.parametrize(
    ("state", "site", "shown"),
    [
        (None, 1, True),
        ("draft", 1, True),
        ("returned", 1, True),
        ("submitted", 1, False),
        ("approved", 1, False),
        (None, 2, False),  # of a site that the reader may not see
    ],
)
def test_what_is_overdue_of_an_earlier_period_is_not_hidden(
    state: str | None, site: int, shown: bool
) -> None:
    """As a report of the second quarter that nobody sent in, after eight monthly ones."""
    reports = approved(*(months := [f"2026-{month:02}" for month in range(3, 11)]))
    reports[site, parse_label("2025 Q2")] = ReportStanding(state, date(2025, 7, 15))
    found = standings_of(reports, {1: "One"}, TODAY)
    labels = [it.label for it in found.spans]
    assert labels == ["2025 Q2"] * shown + months
    assert len(found.lines[0].places) == len(labels)
