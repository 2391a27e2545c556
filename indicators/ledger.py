"""The ledger of whole programs, read in a constant number of queries and ready to be scored.

Every page, table and export that shows a combined or judged figure asks here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from indicators.books import IndicatorBook
from indicators.lines import Belonging, Line, Lines, entries_of, fill, fill_since, load_lines
from indicators.models import Category, Entry, Indicator, Period, Report, Series, Step
from indicators.models.series import expected_days
from indicators.models.step import StepKind
from indicators.moments import in_lima
from indicators.periods import Calendar, Frequency, Span, overlaps
from indicators.prepared import SOME_IDS, Prepared, any_of
from indicators.scoring import Score
from indicators.series import ReportStanding
from indicators.values import Figure, ReportState
from programs.models import Program, Site

Pending = Mapping[tuple[int, Span], Figure]  # by series id and span: what is typed, not yet approved
STATE_AFTER = {
    "submitted": ReportState.SUBMITTED,
    "returned": ReportState.RETURNED,
    "approved": ReportState.APPROVED,
    "reopened": ReportState.RETURNED,
}


@dataclass(slots=True)
class ProgramBook:
    """A program's indicators with all that is on record of each, as far as its reader may see."""

    program: Program
    today: date
    indicators: list[Indicator] = field(default_factory=list)
    sites: dict[int, Site] = field(default_factory=dict)
    books: dict[int, IndicatorBook] = field(default_factory=dict)
    categories: dict[int, list[tuple[Category, IndicatorBook]]] = field(default_factory=dict)
    reports: dict[tuple[int | None, Span], ReportStanding] = field(default_factory=dict)
    report_ids: dict[tuple[int | None, Span], int] = field(default_factory=dict)
    replaced: dict[int, Figure] = field(default_factory=dict)  # by series id, where another is pending

    def score(self, indicator: Indicator, span: Span, sites: Collection[int | None] | None = None) -> Score:
        """The score of one indicator in a span, over all that the reader may see or some of it."""
        return self.books[indicator.pk].score(span, sites)


def load_books(
    programs: Iterable[Program],
    *,
    today: date,
    sites: Mapping[int, frozenset[int] | None] | None = None,
    as_of: datetime | None = None,
    indicator: str | None = None,
    categories: bool = False,
    objectives: bool = True,
    since: date | None = None,
) -> dict[int, ProgramBook]:
    """By program id, the books of these programs; 6 queries (7 as of a moment), whatever their size.

    `sites` names, by program id, the only sites that the reader may see (None: all, with totals);
    `indicator` limits it to one code, which then comes with its predecessor and successor; its objective
    comes with each unless `objectives` are of no use; `since` leaves out what ended before, but for baselines
    and programs of which nothing is reported since, for which it takes 1 query more.
    """
    books = {program.pk: ProgramBook(program, today) for program in programs}
    only = {key: seen for key, seen in (sites or {}).items() if seen is not None}
    periods = Period.objects.in_bulk()
    _define(books, only, _indicators(books, indicator, objectives=objectives))
    lines = _lines(books, only, one_indicator=indicator is not None, categories=categories)
    entries = entries_of(lines, books, as_of, one_indicator=indicator is not None, categories=categories)
    spans = {key: period.span for key, period in periods.items()}
    if since is None:
        fill(lines, spans, entries)
    else:
        fill_since(lines, spans, entries, books.keys(), since)
    _note_reports(books, periods, only, as_of)
    for book in books.values():
        _bind(book, lines)
    return books


def _define(
    books: Mapping[int, ProgramBook], only: Mapping[int, frozenset[int]], indicators: QuerySet[Indicator]
) -> None:
    """Put the indicators, and the sites that the reader may see, into their programs' books; 2 queries."""
    for indicator in indicators:
        books[indicator.program_id].indicators.append(indicator)
    for site in Site.objects.filter(program__in=books).order_by("name"):
        if site.program_id not in only or site.pk in only[site.program_id]:
            books[site.program_id].sites[site.pk] = site


def _lines(
    books: Mapping[int, ProgramBook],
    only: Mapping[int, frozenset[int]],
    *,
    one_indicator: bool,
    categories: bool,
) -> Lines:
    """The series of the books' indicators; 1 query."""
    programs = {key: book.program for key, book in books.items()}
    indicators = {it.pk: it for book in books.values() for it in book.indicators}
    sites = {key: site for book in books.values() for key, site in book.sites.items()}
    of = Q(indicator__in=indicators) if one_indicator else Q(program__in=books)
    found = Series.objects.filter(of)
    return load_lines(programs, indicators, sites, found, categories=categories, only=only)


def load_book_of(program: Program, series: Iterable[Series], *, today: date, pending: Pending) -> ProgramBook:
    """The book of these series alone (come with indicator and site), with what is pending; 2 queries."""
    book = ProgramBook(program, today)
    lines = Lines()
    for one in series:
        if one.indicator_id not in book.books and one.category_id is None:
            book.indicators.append(one.indicator)
        if one.site is not None:
            book.sites[one.site.pk] = one.site
        own = (one.from_on, one.to_on)
        to = Belonging(program, one.indicator, one.site, one.category, own, one.indicator.meaning)
        lines.add(one.pk, to)
    spans = {key: period.span for key, period in Period.objects.in_bulk().items()}
    fill(lines, spans, Entry.objects.filter(series__in=lines.by_series))
    for (series_id, span), figure in pending.items():
        line, site_id, _meaning = lines.by_series[series_id]
        if (site_id, span) in line.actuals:
            book.replaced[series_id] = line.actuals[site_id, span]
        line.actuals[site_id, span] = figure
    _bind(book, lines)
    return book


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a program's ledger: how many there are, and the hash that stands for all of them.

    As text it is `CODE/COUNT/HASH`: kept elsewhere, on paper or in a file, it shows a rewritten ledger.
    """

    code: str
    number: int
    digest: str
    recorded_at: datetime

    def __str__(self) -> str:
        return f"{self.code}/{self.number}/{self.digest}"


def head_of(program: Program, as_of: datetime | None = None) -> Head | None:
    """The end of the chain, now or as of a moment; None while nothing is on record; 1 query.

    Only for who sees all of the ledger: from its hashes the figures of other sites can be guessed.
    """
    entries = Entry.objects.recorded_by(as_of).filter(program=program).order_by("-number")
    last: tuple[Any, ...] | None = entries.values_list("number", "hash", "recorded_at").first()
    return Head(program.code, last[0], bytes(last[1]).hex(), last[2]) if last else None


def _indicators(
    books: Mapping[int, ProgramBook], code: str | None, *, objectives: bool
) -> QuerySet[Indicator]:
    found = Indicator.objects.filter(program__in=books)
    if objectives:
        found = found.select_related("objective")
    if code is not None:
        found = found.filter(code=code).select_related("predecessor", "successor")
    return found.order_by("objective__code", "code")


def _reports() -> QuerySet[Report, tuple[Any, ...]]:
    """The reports of some programs that ask for something, each with the day on which it first came in."""
    first = FilteredRelation("steps", condition=Q(steps__kind=StepKind.SUBMITTED, steps__submission=1))
    asking = Report.objects.asking().filter(program__in=any_of(SOME_IDS)).annotate(first=first)
    return asking.values_list("pk", "program_id", "site_id", "period_id", "state", in_lima("first__at"))


REPORTS = Prepared(_reports, programs=SOME_IDS)


def _note_reports(
    books: Mapping[int, ProgramBook],
    periods: Mapping[int, Period],
    only: Mapping[int, frozenset[int]],
    as_of: datetime | None,
) -> None:
    """How every report that the reader may see, and that asks for something, stands.

    1 query, 2 as of a moment (by its steps).
    """
    then = None if as_of is None else _stood(books, as_of)
    spans = {key: period.span for key, period in periods.items()}
    for pk, program_id, site_id, period_id, *stands in REPORTS.rows(programs=list(books)):
        book, period = books[program_id], periods[period_id]
        if program_id not in only or site_id in only[program_id]:
            key = (site_id, spans[period_id])
            state, in_on = stands if then is None else then.get(pk) or (None, None)
            book.reports[key] = ReportStanding(state, period.due_on, in_on)
            book.report_ids[key] = pk


def _stood(books: Iterable[int], as_of: datetime) -> dict[int, tuple[ReportState, date | None]]:
    """By report id, the state at a moment and the day of the first submission by then; 1 query."""
    steps = Step.objects.filter(report__program__in=books, at__lte=as_of).order_by("pk")
    found: dict[int, tuple[ReportState, date | None]] = {}
    for report_id, kind, on in steps.values_list("report_id", "kind", in_lima("at")):
        first = found[report_id][1] if report_id in found else None
        found[report_id] = (STATE_AFTER[kind], first or (on if kind == StepKind.SUBMITTED else None))
    return found


def _bind(book: ProgramBook, lines: Lines) -> None:
    indicators = {indicator.pk: indicator for indicator in book.indicators}
    for indicator in book.indicators:
        whole = lines.by_key.get((indicator.pk, None), Line())
        book.books[indicator.pk] = _indicator_book(book, indicator, whole)
    for (indicator_id, category_id), line in lines.by_key.items():
        if category_id is not None and indicator_id in indicators:
            _share_absences(lines.by_key.get((indicator_id, None)), line)
            parts = book.categories.setdefault(indicator_id, [])
            category = lines.named[category_id]
            parts.append((category, _indicator_book(book, indicators[indicator_id], line, category)))
    for parts in book.categories.values():
        parts.sort(key=lambda part: (part[0].dimension.name, part[0].position, part[0].name))


def _share_absences(whole: Line | None, part: Line) -> None:
    """Say of a category why there is no value, where that was said of its whole and its own row is blank."""
    if whole is None:
        return
    days = {it.site: it for it in part.days}
    for (site, span), figure in whole.actuals.items():
        expected = site in days and overlaps(span, days[site].from_on, days[site].to_on)
        if figure.absence is not None and expected:
            part.actuals.setdefault((site, span), figure)


def _indicator_book(
    book: ProgramBook, indicator: Indicator, line: Line, category: Category | None = None
) -> IndicatorBook:
    program = book.program
    return IndicatorBook(
        meaning=indicator.meaning,
        frequency=Frequency(indicator.frequency),
        calendar=Calendar(indicator.calendar),
        today=book.today,
        tolerance=program.tolerance,
        sites=line.days,
        life=expected_days((None, None), program=program, indicator=indicator, site=None, category=category),
        actuals=line.actuals,
        targets=line.targets,
        baselines=line.baselines,
        reports=book.reports,
    )
