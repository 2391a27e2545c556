"""The illustrative programs: every state is there, and the same ledger for a seed and a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.db.models import F

from indicators.actions import open_periods
from indicators.files import read_file
from indicators.judging import Status
from indicators.keeping import content_of
from indicators.ledger import load_books
from indicators.models import Entry, Indicator, Report, ReportAuthor, Result, Step
from indicators.periods import Span, quarter
from monitoring.demo.illustrative import load_illustrative, load_program
from monitoring.demo.people import open_accounts
from monitoring.demo.tables import read_sheets
from programs.models import Program, Site, User
from tests.monitoring.stage import filled

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

TODAY = date(2025, 2, 20)  # early in a year there is least to make
QUARTERS: list[Span] = [quarter(2024, number) for number in (1, 2, 3, 4)]
LAST = QUARTERS[-1]
CHAIN: dict[str, list[bytes]] = {}  # of one program, made before all the others and taken back
TWICE = "PA-ILL"


def hashes(code: str) -> list[bytes]:
    found = Entry.objects.filter(program__code=code).order_by("number").values_list("hash", flat=True)
    return [bytes(it or b"") for it in found]


def make_all() -> None:
    with transaction.atomic():
        sheet = next(sheet for sheet in read_sheets() if sheet["program"]["code"] == TWICE)
        load_program(sheet, TODAY, "rendir")
        CHAIN[TWICE] = hashes(TWICE)
        transaction.set_rollback(True)
    load_illustrative(TODAY)
    open_accounts()
    open_periods(today=TODAY)


pytestmark = pytest.mark.django_db  # each test in a transaction of its own, inside that of the module


@pytest.fixture(scope="module", autouse=True)
def programs(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The four programs as they stood on a day, made once."""
    with filled(django_db_blocker, make_all):
        yield


def test_there_are_four_programs_with_twenty_sites() -> None:
    assert Program.objects.count() == 4
    assert Site.objects.count() == 20
    assert 38 <= Indicator.objects.count() <= 45


def test_every_program_says_that_it_is_illustrative() -> None:
    for program in Program.objects.all():
        assert program.illustrative
        assert program.code.endswith("-ILL")
        assert "(illustrative)" in program.name
    assert not Entry.objects.filter(program__illustrative=False).exists()


def test_same_seed_and_day_give_the_same_ledger() -> None:
    assert len(CHAIN[TWICE]) > 300
    assert hashes(TWICE) == CHAIN[TWICE]


def test_making_them_again_changes_nothing() -> None:
    before = Entry.objects.count(), Report.objects.count(), User.objects.count()
    assert load_illustrative(TODAY) == 0
    assert (Entry.objects.count(), Report.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("state", ["approved", "submitted", "returned", "draft"])
def test_reports_are_in_every_state(state: str) -> None:
    ended = Report.objects.filter(period__last_on__lt=TODAY, state=state)
    assert ended.exists()


def test_one_report_is_overdue_and_never_begun() -> None:
    overdue = Report.objects.filter(state="draft", period__due_on__lt=TODAY, version=0)
    assert [(str(report.site), report.period.label) for report in overdue] == [
        ("Zona de Leoncio Prado", "2024 Q4")
    ]


def test_most_figures_are_met_or_near() -> None:
    found: Counter[Status | None] = Counter()
    for book in load_books(Program.objects.all(), today=TODAY).values():
        for indicator in book.indicators:
            for site in book.sites if indicator.reported_by == "sites" else (None,):
                statuses = (book.score(indicator, span, {site}).judgement.status for span in QUARTERS)
                found.update(statuses)
    good, judged = (
        sum(found[one] for one in wanted)
        for wanted in (
            (Status.MET, Status.NEAR),
            (Status.MET, Status.NEAR, Status.BEHIND, Status.EXCEEDED),
        )
    )
    assert 0.6 < good / judged < 0.9
    assert min(found[Status.BEHIND], found[Status.EXCEEDED]) > 0
    assert found[Status.OVERDUE]
    assert found[Status.IN_REVIEW]


@pytest.mark.parametrize("change", ["revises", "corrects"])
def test_a_target_was_set_anew(change: str) -> None:
    anew = Entry.objects.filter(kind="target", change=change)
    assert anew.exists()
    for entry in anew:
        assert entry.reason
        assert entry.supersedes is not None
        assert entry.supersedes.value != entry.value


def test_a_figure_was_corrected_after_it_was_reopened() -> None:
    corrected = Entry.objects.filter(kind="actual", supersedes__isnull=False)
    assert corrected.exists()
    for entry in corrected.select_related("approval", "supersedes"):
        assert entry.approval is not None
        assert Step.objects.filter(report=entry.approval.report_id, kind="reopened").exists()


@pytest.mark.parametrize("absence", ["no_activity", "not_applicable", "not_yet_available", "withheld"])
def test_absences_of_each_kind_are_there(absence: str) -> None:
    assert Entry.objects.filter(kind="actual", absence=absence).exists()


def test_measures_frequencies_and_breakdowns_of_each_kind_are_there() -> None:
    def kinds(field: str) -> set[str]:
        return set(Indicator.objects.values_list(field, flat=True))

    assert kinds("measure") == {"number", "ratio", "milestone"}
    assert kinds("frequency") == {"month", "quarter", "half", "year"}
    assert kinds("over_time") == {"sum", "average", "maximum", "latest", "pooled", "once", "none"}
    assert kinds("over_sites") == {"sum", "average", "pooled", "all", "none"}
    assert kinds("breakdowns__dimension__additivity") >= {"exhaustive", "partial", "overlapping"}


def test_unique_persons_are_reported_for_the_year_too() -> None:
    whole_year = Entry.objects.filter(
        kind="actual", series__indicator__over_time="none", period__kind="year", series__category=None
    )
    assert whole_year.exists()


def test_nobody_approved_what_they_typed() -> None:
    assert not Entry.objects.filter(submitted_by=F("approved_by")).exists()
    for step in Step.objects.filter(kind="approved"):
        assert not ReportAuthor.objects.filter(report=step.report_id, user=step.by_id).exists()


def test_what_is_off_its_target_is_explained() -> None:
    for book in load_books(Program.objects.all(), today=TODAY).values():
        for indicator in book.indicators:
            for site in book.sites if indicator.reported_by == "sites" else ():
                one = book.score(indicator, LAST, {site})
                if one.judgement.status in (Status.EXCEEDED, Status.BEHIND) and one.actual.figure:
                    entry = Entry.objects.get(pk=one.actual.figure.sources[0])
                    assert entry.explanation, (indicator, site)


def test_the_clock_was_played_up_to_yesterday() -> None:
    for program in Program.objects.all():
        recorded = program.entries.order_by("number").values_list("recorded_at", flat=True)
        moments = [moment for moment in recorded if moment]
        assert moments == sorted(moments)
        assert moments[-1].date() <= TODAY


def test_the_reporter_has_something_to_do() -> None:
    reporter = User.objects.get(username="reporter")
    todo = Report.objects.for_user(reporter).filter(period__last_on__lt=TODAY).exclude(state="approved")
    assert {report.state for report in todo} == {"draft", "returned"}
    assert {report.site.name for report in todo if report.site} == {"Comisaría de Bellavista"}
    draft = todo.get(state="draft")
    assert Result.objects.filter(report=draft).exists()


def test_evidence_is_mostly_given() -> None:
    whole = Entry.objects.filter(kind="actual", series__category=None, absence="")
    given = whole.exclude(evidence=None).count()
    assert 0.8 < given / whole.count() < 1


def test_some_figures_rest_on_a_file() -> None:
    found = Entry.objects.filter(kind="actual", evidence__kind="file").select_related("evidence")
    kinds = set()
    for entry in found:
        assert entry.evidence is not None
        kinds.add(entry.evidence.content_type)
        content = content_of(entry.evidence.stored, entry.evidence.sha256)
        assert content is not None
        assert read_file(content, entry.evidence.text, 100_000).content_type == entry.evidence.content_type
    assert kinds == {"text/csv", "application/pdf", "image/png"}


def test_the_weeks_of_a_register_add_up_to_the_figure() -> None:
    entry = Entry.objects.get(kind="actual", evidence__content_type="text/csv")
    assert entry.evidence is not None
    content = content_of(entry.evidence.stored, entry.evidence.sha256) or b""
    numbers = [int(line.rpartition(",")[2]) for line in content.decode().splitlines() if line[:1].isdigit()]
    assert len(numbers) == 13
    assert sum(numbers) == entry.value
