"""The reference portfolio: every published figure stands in the ledger as it was published."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from indicators.actions import open_periods
from indicators.judging import Status
from indicators.ledger import load_books
from indicators.models import Entry, Indicator, Period, Report, Series
from indicators.periods import Span, parse_label
from indicators.scoring import Score
from indicators.values import Certainty
from monitoring.demo.reference import load_reference
from monitoring.demo.tables import FOLDER
from programs.models import Place, Program, Site
from tests.monitoring.stage import filled

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

TODAY = date(2026, 11, 22)
TITLES = {
    "000_fc45f4228b58a160.txt": ("U.S.–Peru citizen security cooperation, fact sheet of about 2013", "2013"),
    "004_c2fc7f87f3b59287.txt": ("Peru country summary of about 2019", "2019"),
}
WORDS = {"exact": "exact", "more than": "more_than", "about": "about", "estimate": "estimate"}
MONTHS = {"March": "03", "April": "04", "May": "05", "July": "07", "August": "08"}


pytestmark = pytest.mark.django_db  # each test in a transaction of its own, inside that of the module


@pytest.fixture(scope="module", autouse=True)
def portfolio(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The portfolio, loaded once."""
    with filled(django_db_blocker, load_reference):
        yield


def published() -> list[dict[str, str]]:
    with (FOLDER / "figures.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def label(period: str) -> str:
    """How our periods call one of the table: months by number, all else in the source's words."""
    month, _blank, year = period.partition(" ")
    return f"{year}-{MONTHS[month]}" if month in MONTHS else period


def entry_of(line: dict[str, str]) -> Entry:
    indicator, _slash, category = line["indicator"].partition(" / ")
    kind = line["kind"] if line["kind"] in ("target", "baseline") else "actual"
    return Entry.objects.standing().get(
        program__name=line["program"],
        series__indicator__name=indicator,
        series__category__name=category or None,
        series__site__name=line["site"] or None,
        period__label=label(line["period"]),
        kind=kind,
    )


def score(program: str, name: str, period: str, site: str | None = None) -> Score:
    found = Program.objects.get(name=program)
    book = load_books([found], today=TODAY)[found.pk]
    indicator = Indicator.objects.get(program=found, name=name)
    span = next((it.span for it in Period.objects.filter(label=period)), None) or parse_label(period)
    sites = {Site.objects.get(program=found, name=site).pk} if site else None
    return book.score(indicator, span, sites)


def value(one: Score) -> Decimal:
    assert one.actual.figure is not None
    assert one.actual.figure.value is not None
    return one.actual.figure.value


@pytest.mark.parametrize("line", published(), ids=lambda line: line["id"])
def test_stands_as_published(line: dict[str, str]) -> None:
    entry = entry_of(line)
    certainty, _blank, expected = line["certainty"].partition(" (")
    said = Decimal(1) if line["value"] == "yes" else Decimal(line["value"])
    assert str(entry.value) == str(said)  # with its decimals
    assert entry.certainty == WORDS[certainty]
    assert entry.expected is bool(expected)
    assert entry.series.indicator.unit == line["unit"]
    assert entry.series.indicator.direction == line["direction"]
    assert not entry.program.illustrative


@pytest.mark.parametrize("line", published(), ids=lambda line: line["id"])
def test_cites_its_document(line: dict[str, str]) -> None:
    entry = entry_of(line)
    title, year = TITLES[line["source"]]
    assert entry.evidence is not None
    assert entry.evidence.text == f"{title} ({line['source']})"
    assert (entry.evidence.published, entry.published) == (year, year)


def test_nothing_else_stands_in_the_ledger() -> None:
    assert Entry.objects.count() == len(published()) == 49
    assert Program.objects.count() == 13


def test_actuals_were_reported_by_one_and_approved_by_another() -> None:
    for entry in Entry.objects.filter(kind="actual"):
        assert entry.submitted_by is not None
        assert entry.submitted_by != entry.approved_by
    assert set(Report.objects.values_list("state", flat=True)) == {"approved"}


def test_targets_were_set_before_the_actuals() -> None:
    for program in Program.objects.all():
        kinds = list(program.entries.order_by("number").values_list("kind", flat=True))
        assert kinds == sorted(kinds, key=lambda kind: kind == "actual")


@pytest.mark.parametrize(
    ("period", "first_on"),
    [
        ("2002 to publication (2013)", date(2002, 1, 1)),
        ("2015 to publication (2019)", date(2015, 1, 1)),
        ("to publication (2013)", None),
        ("at publication (2013)", None),
        ("at publication (2019)", None),
        ("unknown (by publication 2019)", None),
        ("once Huanuco is complete", None),
        ("each year once four academies run", None),
    ],
)
def test_odd_spans_keep_their_words(period: str, first_on: date | None) -> None:
    found = Period.objects.get(label=period)
    assert (found.kind, found.first_on, found.last_on, found.due_on) == ("other", first_on, None, None)


def test_a_month_is_a_month() -> None:
    assert Period.objects.get(label="2018-05").kind == "month"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Tactical Command Center and Immigration Intelligence Unit opened", "2017"),
        ("Civil asset forfeiture law passed", "2018-08"),
        ("Public Integrity Secretariat created", ""),
    ],
)
def test_a_milestone_is_done_on_a_day_known_as_far_as_published(name: str, day: str) -> None:
    entry = Entry.objects.get(series__indicator__name=name)
    assert (entry.value, entry.day) == (1, day)


@pytest.mark.parametrize(
    ("name", "first", "second", "change"),
    [
        ("Cocaine seized", "24.5", "32", 31),
        ("Precursor chemicals seized (national)", "1053", "1926", 83),
    ],
)
def test_seizures_rose_as_published(name: str, first: str, second: str, change: int) -> None:
    before, after = (value(score("Interdiction", name, year)) for year in ("2011", "2012"))
    assert (before, after) == (Decimal(first), Decimal(second))
    assert round((after / before - 1) * 100) == change


def test_narcotics_exceeded_their_target() -> None:
    one = score("Interdiction", "Narcotics seized", "2018")
    assert one.judgement.achievement == Decimal("1.112")
    assert one.judgement.status == Status.EXCEEDED
    assert one.targets.set_later


def test_narcotics_break_down_in_part() -> None:
    parts = Entry.objects.filter(series__indicator__name="Narcotics seized", series__category__isnull=False)
    assert sum(part.value or 0 for part in parts) == Decimal("55.5")
    assert {part.series.dimension.additivity for part in parts if part.series.dimension} == {"partial"}


def test_coca_in_san_martin_fell() -> None:
    one = score("Alternative development", "Coca under cultivation", "at publication (2013)", "San Martin")
    assert value(one) == 1000
    assert one.certainty == Certainty.ABOUT
    baseline = Entry.objects.get(kind="baseline", series__indicator__name="Coca under cultivation")
    assert (baseline.value, baseline.period.label) == (22000, "1996")


def test_poverty_is_shown_without_parts() -> None:
    one = score("Alternative development", "Population in poverty", "2010")
    assert value(one) == 31
    assert one.baseline is not None
    assert one.baseline.figure.value == 67


def test_crime_fell_by_39_percent() -> None:
    assert (
        value(score("Model Police Stations", "Change in crime since 2015", "2015 to publication (2019)"))
        == -39
    )


def test_series_that_broke_are_two_indicators() -> None:
    names = Indicator.objects.filter(name__contains="recursor").values_list("name", flat=True)
    assert len(set(names)) == 2
    coca = Indicator.objects.filter(name="Coca under cultivation")
    assert {indicator.program.code for indicator in coca} == {"AD", "CE"}


def test_nothing_is_overdue() -> None:
    open_periods(today=TODAY)
    assert set(Report.objects.values_list("state", flat=True)) == {"approved"}
    years: list[Span] = [parse_label(str(number)) for number in range(2010, 2027)]
    for book in load_books(Program.objects.all(), today=TODAY).values():
        for indicator in book.indicators:
            found = {book.score(indicator, span).judgement.status for span in years}
            assert found.isdisjoint({Status.OVERDUE, Status.DUE, Status.INCOMPLETE}), indicator


def test_places_have_their_codes() -> None:
    assert Place.objects.filter(kind="department").count() == 25
    assert Place.objects.get(name="Callao", kind="department").ubigeo == "07"
    assert Site.objects.get(name="Jorge Chavez International Airport").place is not None


def test_loading_twice_changes_nothing() -> None:
    def state() -> list[object]:
        return [
            sorted(bytes(it or b"") for it in Entry.objects.values_list("hash", flat=True)),
            *(model.objects.count() for model in (Program, Place, Site, Indicator, Series, Report, Period)),
        ]

    before = state()
    assert load_reference() == 0
    assert state() == before
