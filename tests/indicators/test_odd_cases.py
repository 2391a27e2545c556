"""Cases that meet seldom, against the sentences of the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.cautions import Caution
from indicators.combining import Missing
from indicators.judging import Status
from indicators.ledger import load_books
from indicators.series import SiteDays
from indicators.values import Change, Meaning, OverSites, OverTime
from tests.builders import approved, break_down, make_dimension, make_period, make_report, make_series
from tests.indicators.stage import make_stage
from tests.indicators.test_combining import (
    FLOW,
    MILESTONE,
    NO_ACTIVITY,
    NOT_APPLICABLE,
    STOCK,
    WITHDRAWN,
    WITHHELD,
    Said,
    figure,
)
from tests.indicators.test_scoring import (
    COCA,
    COMPLAINTS,
    Chains,
    Table,
    chain,
    make_book,
    quarters,
    span,
    told,
)

TODAY = date(2026, 11, 22)
ALL: dict[str, Said] = quarters(2025, 1, 2, 3, 4)


# the program's own targets ---


@pytest.mark.parametrize("meaning", [FLOW, STOCK])
@pytest.mark.parametrize(("year", "disagrees"), [(10, True), (4, False), (5, True)])
def test_the_programs_year_and_its_quarters_that_disagree_are_told(
    meaning: Meaning, year: int, disagrees: bool
) -> None:
    own = quarters(2025, 0, 0, 0, 4) | {"2025": year}
    score = make_book(meaning, {1: ALL, 2: ALL}, {None: own}).score(span("2025"))
    assert score.targets.counting == figure(year)
    assert (Caution.TARGETS_DISAGREE in score.cautions) is disagrees


@pytest.mark.parametrize("meaning", [FLOW, STOCK])
def test_a_year_that_the_program_calls_not_applicable_has_the_target_of_its_quarters(
    meaning: Meaning,
) -> None:
    own = quarters(2025, 0, 0, 0, 4) | {"2025": NOT_APPLICABLE}
    targets = make_book(meaning, {1: ALL}, {None: own}, sites=(1,)).score(span("2025")).targets
    assert (targets.counting, targets.original, targets.latest) == (figure(4),) * 3


LATER = chain((10, 2026, None))


@pytest.mark.parametrize(
    ("targets", "chains", "later"),
    [
        ({1: quarters(2025, None, 1, 1, 1)}, {(1, "2025 Q1"): LATER}, True),
        ({1: {"2025": 40}}, {(1, "2025 Q1"): LATER}, False),  # the year's own counts
        ({1: quarters(2025, 1, 1, 1, 1)}, {(1, "2025"): LATER}, True),
        ({None: quarters(2025, 1, 1, 1, 1)}, {(1, "2025 Q1"): LATER}, False),
        (
            {1: quarters(2025, 1, 1, 1, 1), None: quarters(2025, None, 1, 1, 1)},
            {(None, "2025 Q1"): LATER},
            True,
        ),
        ({None: {"2025": 40}}, {(None, "2025 Q1"): LATER}, False),
        ({None: quarters(2025, 1, 1, 1, 1)}, {(None, "2025"): LATER}, True),
    ],
)
def test_set_later_is_only_said_of_targets_that_count(targets: Table, chains: Chains, later: bool) -> None:
    book = make_book(FLOW, {1: ALL}, targets, chains=chains, sites=(1,))
    assert book.score(span("2025")).targets.set_later is later


# one case a line ---

AVERAGE = replace(FLOW, over_sites=OverSites.AVERAGE, over_time=OverTime.AVERAGE)


@pytest.mark.parametrize(
    ("meaning", "actuals", "targets", "said"),
    [
        # withdrawn is as if it had never been there, of an actual and of a target
        (
            FLOW,
            quarters(2025, WITHDRAWN, 2, 3, 4),
            quarters(2025, 1, 1, 1, 1),
            ("9", "3/4", "300.0", "incomplete"),
        ),
        (FLOW, ALL, quarters(2025, WITHDRAWN, 1, 1, 1), ("10", "4/4", None, "no_target")),
        (STOCK, ALL, quarters(2025, 1, 1, 1, WITHDRAWN), ("4", "4/4", None, "no_target")),
        # not applicable leaves the expectation, withheld is missing, no activity is 0
        (
            FLOW,
            quarters(2025, 1, 2, 3, NOT_APPLICABLE),
            quarters(2025, 1, 2, 3),
            ("6", "3/3", "100.0", "met"),
        ),
        (
            FLOW,
            quarters(2025, 1, 2, 3, WITHHELD),
            quarters(2025, 1, 2, 3, 9),
            ("6", "3/4", "100.0", "incomplete"),
        ),
        (
            FLOW,
            quarters(2025, 1, 2, 3, NO_ACTIVITY),
            quarters(2025, 1, 2, 3, 0),
            ("6", "4/4", "100.0", "met"),
        ),
        (
            STOCK,
            quarters(2025, 1, 2, 3, NO_ACTIVITY),
            quarters(2025, 1, 2, 3, 4),
            ("3", "3/4", None, "incomplete"),
        ),
        (
            AVERAGE,
            quarters(2025, 2, 4, NO_ACTIVITY),
            quarters(2025, 2, 4, 0, 5),
            ("2", "3/4", "100.0", "incomplete"),
        ),
        # targets of 0: of an increase by deviation, of a decrease from the baseline of as many months
        (FLOW, quarters(2025, 0, 0, 0, 0), quarters(2025, 0, 0, 0, 0), ("0", "4/4", None, "met")),
        (FLOW, ALL, quarters(2025, 0, 0, 0, 0), ("10", "4/4", None, "met")),
        (COMPLAINTS, ALL, quarters(2025, 0, 0, 0, 0), ("10", "4/4", "75.0", "behind")),
        (COCA, ALL, quarters(2025, 0, 0, 0, 0), ("4", "4/4", "90.0", "near")),
    ],
)
def test_a_past_year(
    meaning: Meaning, actuals: dict[str, Said], targets: dict[str, Said], said: object
) -> None:
    baselines: Table = {1: {"2024": 40}}
    book = make_book(meaning, {1: actuals}, {1: targets}, baselines=baselines, sites=(1,))
    assert told(book.score(span("2025"))) == said


@pytest.mark.parametrize(
    ("done", "by", "status"),
    [
        ("done 2025-03-15", "done 2025-03-15", Status.MET),
        ("done 2025-03-16", "done 2025-03-15", Status.LATE),
        ("done 2025-03", "done 2025-03", Status.MET),
        ("done 2025-03", "done 2025-03-15", Status.LATE),  # a month counts as its last day
        ("done 2025-02-28", "done 2025-02", Status.MET),
        ("done 2024", "done 2025-02", Status.MET),
        ("done", "done", Status.MET),
        ("not done", "done 2025-02", Status.BEHIND),
        ("not done", "done 2025-03-31", Status.BEHIND),
        ("not done", "done 2025-04-01", Status.NOT_DUE),
    ],
)
def test_a_milestone_and_its_day(done: str, by: str, status: Status) -> None:
    book = make_book(MILESTONE, {1: quarters(2025, done)}, {1: quarters(2025, by)}, sites=(1,))
    assert book.score(span("2025 Q1")).judgement.status is status


def test_a_correction_counts_whenever_it_was_recorded_and_a_revision_only_before_the_end() -> None:
    corrected = chain((10, 2024, None), (20, 2026, Change.CORRECTS))
    revised = chain((10, 2024, None), (20, 2026, Change.REVISES))
    chains: Chains = {(1, "2025 Q1"): corrected, (2, "2025 Q1"): revised}
    score = make_book(FLOW, {1: ALL, 2: ALL}, chains=chains).score(span("2025 Q1"))
    targets = score.targets
    assert (targets.counting, targets.original, targets.latest) == (figure(30), figure(30), figure(40))
    assert (score.against_original, score.against_latest) == (None, Decimal(2) / 40)


# what closes ---


def test_the_latest_of_a_closed_site_does_not_count_and_that_of_the_rest_does() -> None:
    days = (SiteDays(1, None, date(2025, 8, 1)), SiteDays(2))
    score = make_book(STOCK, {1: quarters(2025, 9, 9, 9), 2: ALL}, {1: ALL, 2: ALL}, sites=days).score(
        span("2025")
    )
    assert told(score) == ("4", "4/4", "100.0", "met")
    assert score.targets.counting == figure(4)


def test_the_latest_of_a_closed_indicator_is_its_last() -> None:
    days = SiteDays(1, None, date(2025, 6, 30)), SiteDays(2, None, date(2025, 6, 30))
    table: Table = {1: quarters(2025, 1, 2), 2: quarters(2025, 3, 4)}
    book = make_book(STOCK, table, table, sites=days, life=(None, date(2025, 6, 30)))
    assert told(book.score(span("2025"))) == ("6", "4/4", "100.0", "met")
    assert book.score(span("2026")).reason is Missing.NOT_EXPECTED


@pytest.mark.django_db
def test_so_it_is_when_read_from_the_ledger_whole_and_by_category() -> None:
    stage = make_stage(accumulation="stock", over_time="latest")
    break_down(stage.indicator, dimension := make_dimension("women"))
    women = make_series(stage.indicator, stage.site, dimension.categories.get(name="women"))
    for label, value in (("2026 Q1", "5"), ("2026 Q2", "6")):
        report = make_report(stage.program, stage.site, make_period(label))
        approved(report, {stage.series: value, women: value}, stage.reporter, stage.manager)
    year = span("2026")

    def read() -> list[str | None]:
        book = load_books([stage.program], today=date(2027, 2, 1), categories=True)[stage.program.pk]
        (_category, part) = book.categories[stage.indicator.pk][0]
        return [told(it)[0] for it in (book.score(stage.indicator, year), part.score(year))]

    assert read() == ["6", "6"]
    stage.indicator.closed_on = date(2026, 6, 30)
    stage.indicator.save()
    assert read() == ["6", "6"]
    stage.site.closed_on = date(2026, 5, 30)
    stage.site.save()
    assert read() == [None, None]
