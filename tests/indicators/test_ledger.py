"""The ledger of whole programs as pages and tables read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import Plan, approve, reopen, save, set_plans, submit
from indicators.actions.reporting import digest_of_results
from indicators.ledger import ProgramBook, head_of, load_books
from indicators.models import Entry, Period, Report, Series
from indicators.moments import end_of, parse_as_of
from indicators.periods import parse_label
from indicators.rows import Typed
from indicators.values import Change, EntryKind, ReportState
from tests.builders import (
    approved,
    break_down,
    make_dimension,
    make_indicator,
    make_period,
    make_report,
    make_series,
    make_site,
)
from tests.indicators.stage import Stage, make_stage

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
QUARTER = parse_label("2026 Q3")


def book_of(stage: Stage, as_of: datetime | None = None, sites: frozenset[int] | None = None) -> ProgramBook:
    books = load_books([stage.program], today=TODAY, as_of=as_of, sites={stage.program.pk: sites})
    return books[stage.program.pk]


def actual(
    stage: Stage, as_of: datetime | None = None, sites: frozenset[int] | None = None
) -> Decimal | None:
    figure = book_of(stage, as_of, sites).score(stage.indicator, QUARTER).actual.figure
    return figure.value if figure else None


# --- moments ---


def test_a_day_ends_in_lima() -> None:
    assert end_of(date(2026, 3, 31)).astimezone(UTC) == datetime(2026, 4, 1, 4, 59, 59, 999999, tzinfo=UTC)
    assert parse_as_of("2026-03-31") == end_of(date(2026, 3, 31))
    assert parse_as_of("2026-03-31T12:00") == datetime(2026, 3, 31, 17, tzinfo=UTC)
    assert parse_as_of("2026-03-31T12:00Z") == datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert parse_as_of("20260331") == end_of(date(2026, 3, 31))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-03-32",
        "31/03/2026",
        "9999-12-31",
        "0001-01-01",
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words, which differ by version
        parse_as_of(text)


# --- what counted when ---

NOON = datetime(2026, 10, 10, 17, tzinfo=UTC)
DAY = timedelta(days=1)


def _at(stage: Stage, at: datetime, value: str) -> None:
    """The stage's report approved with this value at this moment, reopened a little before if need be."""
    if stage.report.state == ReportState.APPROVED:
        reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake", at=at)
        stage.report.refresh_from_db()
    typed = {stage.series.pk: Typed(value=value)}
    report = save(
        report_id=stage.report.pk, by=stage.reporter, typed=typed, version=stage.report.version, at=at
    )
    report = submit(report_id=report.pk, by=stage.reporter, version=report.version, at=at)
    digest = digest_of_results(report)
    approve(report_id=report.pk, by=stage.manager, submission=report.submission, digest=digest, at=at)
    stage.report.refresh_from_db()


def test_as_of_a_day_is_what_was_known_at_its_end() -> None:
    stage = make_stage(program={"illustrative": True})
    _at(stage, NOON, "12")
    _at(stage, NOON + 2 * DAY, "13")
    days = [date(2026, 10, day) for day in (9, 10, 11, 12)]
    assert [actual(stage, end_of(day)) for day in days] == [None, 12, 12, 13]
    assert actual(stage) == 13
    assert actual(stage, NOON) == 12
    assert actual(stage, NOON - timedelta(microseconds=1)) is None
    assert [entry.value for entry in Entry.objects.in_force(end_of(days[2]))] == [12]
    assert [entry.value for entry in Entry.objects.standing()] == [13]


def test_a_report_stood_then_as_its_steps_say() -> None:
    stage = make_stage(program={"illustrative": True})
    _at(stage, NOON, "12")
    reopen(report_id=stage.report.pk, by=stage.manager, reason="A mistake", at=NOON + DAY)
    key = (stage.site.pk, QUARTER)
    moments = (NOON - DAY, NOON, NOON + DAY, None)
    states = [book_of(stage, moment).reports[key].state for moment in moments]
    assert states == [None, "approved", "returned", "returned"]


def _plan(stage: Stage, value: str, at: datetime, change: Change | None = None) -> None:
    plan = Plan(stage.indicator.pk, QUARTER, Typed(value=value), site_id=stage.site.pk)
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="So", change=change, at=at)


def test_the_target_that_counts_is_the_one_in_force_at_the_end() -> None:
    stage = make_stage(program={"illustrative": True})
    for month, (value, change) in enumerate(
        (("10", None), ("20", Change.REVISES), ("21", Change.CORRECTS), ("30", Change.REVISES)), 7
    ):
        _plan(stage, value, datetime(2026, month, 20, tzinfo=UTC), change)
    targets = book_of(stage).score(stage.indicator, QUARTER).targets
    found = [figure.value for figure in (targets.original, targets.counting, targets.latest) if figure]
    assert found == [10, 21, 30]
    then = book_of(stage, datetime(2026, 7, 31, tzinfo=UTC)).score(stage.indicator, QUARTER).targets
    assert then.latest
    assert then.latest.value == 10


def test_a_target_is_recorded_on_the_day_in_lima() -> None:
    stage = make_stage(program={"illustrative": True})
    _plan(stage, "10", datetime(2026, 10, 1, 4, 59, tzinfo=UTC))
    late = make_stage(program={"illustrative": True})
    _plan(late, "10", datetime(2026, 10, 1, 5, 0, tzinfo=UTC))
    found = [book_of(one).score(one.indicator, QUARTER).targets.set_later for one in (stage, late)]
    assert found == [False, True]


def test_what_is_withdrawn_is_no_figure() -> None:
    stage = make_stage(frequency="irregular")
    stage.approve("12")
    reopen(report_id=stage.report.pk, by=stage.manager, reason="Never was")
    stage.report.refresh_from_db()
    stage.approve("")
    assert actual(stage) is None
    assert [entry.absence for entry in stage.entries()] == ["", "withdrawn"]


def test_baselines_are_those_in_force() -> None:
    stage = make_stage(accumulation="stock", over_time="latest")
    for value, change in (("400", None), ("410", Change.CORRECTS)):
        plan = Plan(
            stage.indicator.pk, parse_label("2025"), Typed(value=value), EntryKind.BASELINE, stage.site.pk
        )
        set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="So", change=change)
    baseline = book_of(stage).score(stage.indicator, QUARTER).baseline
    assert baseline
    assert baseline.figure.value == 410


# --- who sees what ---


def _two_sites() -> tuple[Stage, int]:
    stage = make_stage()
    other = make_site(stage.program)
    stage.approve("12")
    report = make_report(stage.program, other, make_period("2026 Q3"))
    approved(report, {make_series(stage.indicator, other): "30"}, stage.reporter, stage.manager)
    plan = Plan(stage.indicator.pk, QUARTER, Typed(value="50"))
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="So")
    return stage, other.pk


def test_a_reader_of_one_site_sees_its_figures_and_no_totals() -> None:
    stage, other = _two_sites()
    assert actual(stage) == 42
    own = frozenset({stage.site.pk})
    assert actual(stage, sites=own) == 12
    book = book_of(stage, sites=own)
    assert set(book.sites) == {stage.site.pk}
    assert {site for site, _span in book.reports} == {stage.site.pk}
    assert book.score(stage.indicator, QUARTER).targets.latest is None
    assert actual(stage, sites=frozenset({other})) == 30
    assert actual(stage, sites=frozenset()) is None


def test_categories_come_on_request_in_their_order() -> None:
    stage = make_stage()
    break_down(stage.indicator, dimension := make_dimension("women", "men"))
    parts = [
        make_series(stage.indicator, stage.site, one) for one in dimension.categories.order_by("position")
    ]
    rows: dict[Series, str | Typed] = {stage.series: "5", parts[0]: "2", parts[1]: "3"}
    approved(stage.report, rows, stage.reporter, stage.manager)
    assert book_of(stage).categories == {}
    [book] = load_books([stage.program], today=TODAY, categories=True).values()
    found = [
        (category.name, one.score(QUARTER).actual.figure)
        for category, one in book.categories[stage.indicator.pk]
    ]
    assert [(name, figure.value) for name, figure in found if figure] == [
        ("women", Decimal(2)),
        ("men", Decimal(3)),
    ]


def test_why_a_whole_has_no_value_is_said_of_its_categories() -> None:
    stage = make_stage()
    break_down(stage.indicator, dimension := make_dimension("women", "men"))
    women, men = dimension.categories.order_by("position")
    other = make_site(stage.program)
    rows: dict[Series, str | Typed] = {stage.series: "5"}
    rows |= {
        make_series(stage.indicator, stage.site, one): value for one, value in ((women, "2"), (men, "3"))
    }
    approved(stage.report, rows, stage.reporter, stage.manager)
    whole = make_series(stage.indicator, other)
    make_series(stage.indicator, other, women)
    make_series(stage.indicator, other, men, to_on=date(2025, 12, 31))
    nothing = Typed(absence="no_activity")
    approved(make_report(site=other), {whole: nothing}, stage.reporter, stage.manager)
    [book] = load_books([stage.program], today=TODAY, categories=True).values()
    scores = [one.score(QUARTER).actual for _category, one in book.categories[stage.indicator.pk]]
    assert [(it.figure.value, it.complete) for it in scores if it.figure] == [
        (Decimal(2), "2/2"),
        (Decimal(3), "1/1"),
    ]


def test_the_head_is_the_last_entry() -> None:
    stage = make_stage()
    assert head_of(stage.program) is None
    stage.approve()
    head, last = head_of(stage.program), stage.entries()[-1]
    assert head
    assert (head.number, head.recorded_at) == (1, last.recorded_at)
    assert bytes(last.hash or b"").hex().startswith(head.digest)


def _queries(indicators: int, sites: int) -> int:
    stage = make_stage()
    every = [stage.indicator, *(make_indicator(stage.program) for _ in range(indicators - 1))]
    places = [stage.site, *(make_site(stage.program) for _ in range(sites - 1))]
    for place in places:
        own = list(Series.objects.filter(site=place)) + [
            make_series(one, place) for one in every if (one, place) != (stage.indicator, stage.site)
        ]
        report = make_report(stage.program, place, make_period("2026 Q3"))
        approved(report, dict.fromkeys(own, "5"), stage.reporter, stage.manager)
    with CaptureQueriesContext(connection) as queries:
        book = book_of(stage)
    assert len(book.indicators) == indicators
    assert sum(len(one.actuals) for one in book.books.values()) == indicators * sites
    return len(queries)


def test_size_does_not_change_the_number_of_queries() -> None:
    assert _queries(2, 1) == _queries(20, 4) <= 6
    assert Report.objects.count() == 5
    assert Period.objects.count() == 1


def test_sites_stand_in_the_order_of_their_names() -> None:
    stage = make_stage()
    names = ("Zorritos", "Áncash", "Barranca")
    sites = [make_site(stage.program, name=name) for name in names]
    for site in sites:
        make_series(stage.indicator, site)
    book = book_of(stage)
    ordered = list(book.sites)
    assert ordered != sorted(ordered)  # or the order of their ids would do
    assert [it.site for it in book.books[stage.indicator.pk].sites] == ordered
