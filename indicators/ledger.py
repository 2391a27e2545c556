"""The ledger of whole programs, read in a constant number of queries and ready to be scored.

Every page, table and export that shows a combined or judged figure asks here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, F, FilteredRelation, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from indicators.models import Category, Dimension, Entry, Indicator, Period, Report, Series, Step
from indicators.models.entry import EntryQuerySet
from indicators.models.series import expected_days
from indicators.models.step import StepKind
from indicators.periods import Calendar, Days, Frequency, Span, overlaps
from indicators.planning import Recorded
from indicators.prepared import SOME_IDS, Prepared, any_of
from indicators.reading import YEARS
from indicators.rows import figure_of
from indicators.scoring import IndicatorBook, Score
from indicators.series import ReportStanding, SiteDays
from indicators.values import Absence, Change, EntryKind, Figure, Meaning, ReportState
from programs.models import Program, Site

LIMA = ZoneInfo("America/Lima")
ACTUAL, BASELINE, WITHDRAWN = str(EntryKind.ACTUAL), str(EntryKind.BASELINE), Absence.WITHDRAWN


def _in_lima(moment: str) -> Cast:
    """The day of a moment in Lima; no TruncDate, which looks at every row once more when it comes."""
    return Cast(Func(Value(str(LIMA)), F(moment), function="timezone"), DateField())


# of targets only, since a moment costs more to read than all other columns of a row together
RECORDED_ON = Case(When(kind=EntryKind.TARGET, then=_in_lima("recorded_at")))
Pending = Mapping[tuple[int, Span], Figure]  # by series id and span: what is typed, not yet approved
STATE_AFTER = {
    "submitted": ReportState.SUBMITTED,
    "returned": ReportState.RETURNED,
    "approved": ReportState.APPROVED,
    "reopened": ReportState.RETURNED,
}


def end_of(day: date) -> datetime:
    """The last moment of a day in Lima: what "as of" a day means."""
    return datetime.combine(day + timedelta(days=1), time(), LIMA) - timedelta(microseconds=1)


def parse_as_of(text: str) -> datetime:
    """The moment from 1900 to 2100 that an "as of" names, a day meaning its end in Lima; else ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(f"Not a moment from {YEARS[0]} to {YEARS[-1]}: {text[:40]!r}")
    if _is_day(text):
        return end_of(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=LIMA)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Line:
    """The series of one indicator and category (None: the whole), as the database gives them."""

    days: list[SiteDays] = field(default_factory=list)
    actuals: dict[tuple[int | None, Span], Figure] = field(default_factory=dict)
    targets: dict[tuple[int | None, Span], list[Recorded]] = field(default_factory=dict)
    baselines: dict[tuple[int | None, Span], Figure] = field(default_factory=dict)


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
    since: date | None = None,
) -> dict[int, ProgramBook]:
    """By program id, the books of these programs; 6 queries (7 as of a moment), whatever their size.

    1 more with `since`, where a program reports nothing since.

    `sites` names, by program id, the only sites that the reader may see (None: all, with totals);
    `indicator` limits it to one code, which then comes with its predecessor and successor;
    `since` leaves out what ended before, but for baselines and programs of which nothing is reported since.
    """
    books = {program.pk: ProgramBook(program, today) for program in programs}
    only = {key: seen for key, seen in (sites or {}).items() if seen is not None}
    periods = Period.objects.in_bulk()
    for found in _indicators(books, indicator):
        books[found.program_id].indicators.append(found)
    for site in Site.objects.filter(program__in=books).order_by("name"):
        if site.program_id not in only or site.pk in only[site.program_id]:
            books[site.program_id].sites[site.pk] = site
    lines = _lines(books, only, categories)
    entries = _entries(books, lines, as_of, indicator=indicator, categories=categories)
    spans = {key: period.span for key, period in periods.items()}
    if since is None:
        _fill(lines, spans, entries)
    else:
        _fill_since(lines, spans, entries, books.keys(), since)
    _note_reports(books, periods, only, as_of)
    for book in books.values():
        _bind(book, lines)
    return books


def load_book_of(program: Program, series: Iterable[Series], *, today: date, pending: Pending) -> ProgramBook:
    """The book of these series alone (come with indicator and site), with what is pending; 2 queries."""
    book = ProgramBook(program, today)
    lines = _Lines()
    for one in series:
        if one.indicator_id not in book.books and one.category_id is None:
            book.indicators.append(one.indicator)
        if one.site is not None:
            book.sites[one.site.pk] = one.site
        key = _Series(one.pk, program, one.indicator, one.site, one.category, (one.from_on, one.to_on))
        lines.add(key, one.indicator.meaning)
    spans = {key: period.span for key, period in Period.objects.in_bulk().items()}
    _fill(lines, spans, Entry.objects.filter(series__in=lines.by_series))
    for (series_id, span), figure in pending.items():
        line, site_id = lines.by_series[series_id]
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


def _indicators(books: Mapping[int, ProgramBook], code: str | None) -> QuerySet[Indicator]:
    found = Indicator.objects.filter(program__in=books).select_related("objective")
    if code is not None:
        found = found.filter(code=code).select_related("objective", "predecessor", "successor")
    return found.order_by("objective__code", "code")


class _Series(NamedTuple):
    """A series with whatever decides when it is expected."""

    pk: int
    program: Program
    indicator: Indicator
    site: Site | None
    category: Category | None
    own: Days

    def days(self) -> SiteDays:
        """When it is expected."""
        days = expected_days(
            self.own,
            program=self.program,
            indicator=self.indicator,
            site=self.site,
            category=self.category,
        )
        return SiteDays(self.site.pk if self.site else None, *days)


@dataclass(slots=True)
class _Lines:
    """The lines by indicator and category, and where each series belongs."""

    by_key: dict[tuple[int, int | None], Line] = field(default_factory=dict)
    by_series: dict[int, tuple[Line, int | None]] = field(default_factory=dict)
    meanings: dict[int, Meaning] = field(default_factory=dict)
    named: dict[int, Category] = field(default_factory=dict)

    def add(self, series: _Series, meaning: Meaning) -> None:
        """Take a series in; it is expected of whoever reports its indicator."""
        category, site = series.category, series.site
        key = (series.indicator.pk, category.pk if category else None)
        line = self.by_key.get(key)
        if line is None:
            line = self.by_key[key] = Line()
        self.by_series[series.pk] = (line, site.pk if site else None)
        self.meanings[series.pk] = meaning
        if category is not None:
            self.named[category.pk] = category
        if (series.indicator.reported_by == "program") == (site is None):
            line.days.append(series.days())


# rows of plain values cost a tenth of what as many model instances cost
SERIES: tuple[str, ...] = ("pk", "program_id", "indicator_id", "site_id", "from_on", "to_on")
CATEGORY = ("pk", "code", "name", "name_es", "position", "retired_on")
DIMENSION = ("pk", "code", "name", "name_es", "additivity")


def _lines(books: Mapping[int, ProgramBook], only: Mapping[int, frozenset[int]], categories: bool) -> _Lines:
    """The series that the reader may see; those of the program itself only with totals; 1 query."""
    lines = _Lines()
    indicators = {i.pk: i for book in books.values() for i in book.indicators}
    meanings = {key: indicator.meaning for key, indicator in indicators.items()}
    series = Series.objects.filter(indicator__in=indicators).order_by("site_id", "pk")
    columns = SERIES
    if categories:
        columns += tuple(f"category__{column}" for column in CATEGORY)
        columns += tuple(f"category__dimension__{column}" for column in DIMENSION)
    else:
        series = series.filter(category=None)
    for pk, program_id, indicator_id, site_id, from_on, to_on, *rest in series.values_list(*columns):
        if program_id in only and site_id not in only[program_id]:
            continue
        book = books[program_id]
        site = None if site_id is None else book.sites[site_id]
        category = _category(lines.named, rest)
        one = _Series(pk, book.program, indicators[indicator_id], site, category, (from_on, to_on))
        lines.add(one, meanings[indicator_id])
    return lines


def _category(named: Mapping[int, Category], columns: Sequence[Any]) -> Category | None:
    """The category that these columns describe, one instance for all its series."""
    if not columns or columns[0] is None:
        return None
    if columns[0] in named:
        return named[columns[0]]
    own, of_dimension = columns[: len(CATEGORY)], columns[len(CATEGORY) :]
    dimension = Dimension(**dict(zip(DIMENSION, of_dimension, strict=True)))
    return Category(dimension=dimension, **dict(zip(CATEGORY, own, strict=True)))


def _entries(
    books: Iterable[int], lines: _Lines, as_of: datetime | None, *, indicator: str | None, categories: bool
) -> EntryQuerySet:
    """What is on record of the lines, and a little else: to name thousands of series takes longer."""
    entries = Entry.objects.recorded_by(as_of)
    if indicator is not None:
        return entries.filter(series__in=lines.by_series)
    entries = entries.filter(program__in=books)
    return entries if categories else entries.filter(series__category=None)


def _fill_since(
    lines: _Lines, spans: Mapping[int, Span], entries: EntryQuerySet, programs: Collection[int], since: date
) -> None:
    """What is of periods that end since a day, all baselines, and all of programs that report nothing since.

    1 query, 1 more where there is such a program: to look for them beforehand would take a third of the time.
    """
    kept = Q(period__in=[key for key, it in spans.items() if it.last is None or it.last >= since])
    kept |= Q(kind=EntryKind.BASELINE)
    silent = set(programs) - _fill(lines, spans, entries.filter(kept))
    if silent:
        _fill(lines, spans, entries.filter(~kept, program__in=silent))


def _fill(lines: _Lines, spans: Mapping[int, Span], entries: EntryQuerySet) -> set[int]:
    """Actuals in force, and the whole chains of targets and baselines, oldest first; 1 query.

    What supersedes comes later and takes the place: a search for successors would take as long as the rest.
    Gives the programs of which there are actuals of a period with a last day, whether the reader sees them.
    """
    columns = (
        "program_id", "kind", "change", RECORDED_ON, "series_id", "period_id",
        "value", "numerator", "denominator", "day", "absence", "certainty", "expected", "pk",
    )  # fmt: skip
    reporting = set()
    rows = entries.order_by("number").values_list(*columns)
    for program_id, kind, change, recorded_on, series_id, period_id, *rest in rows:
        if kind == ACTUAL and spans[period_id].last is not None:
            reporting.add(program_id)
        if series_id not in lines.by_series:
            continue  # of a site that the reader may not see
        line, site_id = lines.by_series[series_id]
        key = (site_id, spans[period_id])
        figure = figure_of(lines.meanings[series_id], *rest)
        if kind == ACTUAL:
            line.actuals[key] = figure
            if figure.absence is WITHDRAWN:
                del line.actuals[key]
        elif kind == BASELINE:
            line.baselines[key] = figure
        else:
            recorded = Recorded(figure, recorded_on, Change(change) if change else None)
            line.targets.setdefault(key, []).append(recorded)
    return reporting


def _reports() -> QuerySet[Report, tuple[Any, ...]]:
    """The reports of some programs that ask for something, each with the day on which it first came in."""
    first = FilteredRelation("steps", condition=Q(steps__kind=StepKind.SUBMITTED, steps__submission=1))
    asking = Report.objects.asking().filter(program__in=any_of(SOME_IDS)).annotate(first=first)
    return asking.values_list("pk", "program_id", "site_id", "period_id", "state", _in_lima("first__at"))


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
    for report_id, kind, on in steps.values_list("report_id", "kind", _in_lima("at")):
        first = found[report_id][1] if report_id in found else None
        found[report_id] = (STATE_AFTER[kind], first or (on if kind == StepKind.SUBMITTED else None))
    return found


def _bind(book: ProgramBook, lines: _Lines) -> None:
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
