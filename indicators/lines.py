"""The series of whole programs with all that is on record of each, read in two queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Case, Q, When

from indicators.models import Category, Dimension, Entry, Indicator
from indicators.models.entry import EntryQuerySet
from indicators.models.series import SeriesQuerySet, expected_days
from indicators.moments import in_lima
from indicators.periods import Days, Span
from indicators.planning import Recorded
from indicators.rows import figure_of
from indicators.series import SiteDays
from indicators.values import Absence, Change, EntryKind, Figure, Meaning
from programs.models import Program, Site

ACTUAL, BASELINE, WITHDRAWN = str(EntryKind.ACTUAL), str(EntryKind.BASELINE), Absence.WITHDRAWN
# of targets only, since a moment costs more to read than all other columns of a row together
RECORDED_ON = Case(When(kind=EntryKind.TARGET, then=in_lima("recorded_at")))
# rows of plain values cost a tenth of what as many model instances cost
SERIES: tuple[str, ...] = ("pk", "program_id", "indicator_id", "site_id", "from_on", "to_on")
CATEGORY = ("pk", "code", "name", "name_es", "position", "retired_on")
DIMENSION = ("pk", "code", "name", "name_es", "additivity")
ENTRY = (
    "program_id", "kind", "change", RECORDED_ON, "series_id", "period_id",
    "value", "numerator", "denominator", "day", "absence", "certainty", "expected", "pk",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """The series of one indicator and category (None: the whole), as the database gives them."""

    days: list[SiteDays] = field(default_factory=list)
    actuals: dict[tuple[int | None, Span], Figure] = field(default_factory=dict)
    targets: dict[tuple[int | None, Span], list[Recorded]] = field(default_factory=dict)
    baselines: dict[tuple[int | None, Span], Figure] = field(default_factory=dict)


class Belonging(NamedTuple):
    """What one series belongs to, and its own days."""

    program: Program
    indicator: Indicator
    site: Site | None
    category: Category | None
    own: Days
    meaning: Meaning


class Place(NamedTuple):
    """Where the entries of one series go."""

    line: Line
    site_id: int | None
    meaning: Meaning


@dataclass(slots=True)
class Lines:
    """The lines by indicator and category, and where each series belongs."""

    by_key: dict[tuple[int, int | None], Line] = field(default_factory=dict)
    by_series: dict[int, Place] = field(default_factory=dict)
    named: dict[int, Category] = field(default_factory=dict)

    def add(self, series_id: int, to: Belonging) -> None:
        """Take a series in; it is expected of whoever reports its indicator."""
        program, indicator, site, category, own, meaning = to
        key = (indicator.pk, None if category is None else category.pk)
        line = self.by_key.get(key)
        if line is None:
            line = self.by_key[key] = Line()
        site_id = None if site is None else site.pk
        self.by_series[series_id] = Place(line, site_id, meaning)
        if category is not None:
            self.named[category.pk] = category
        if (indicator.reported_by == "program") == (site is None):
            days = expected_days(own, program=program, indicator=indicator, site=site, category=category)
            line.days.append(SiteDays(site_id, *days))


def load_lines(
    programs: Mapping[int, Program],
    indicators: Mapping[int, Indicator],
    sites: Mapping[int, Site],
    series: SeriesQuerySet,
    *,
    categories: bool,
    only: Mapping[int, frozenset[int]],
) -> Lines:
    """The series that the reader may see, in the order of the sites, without figures; 1 query.

    Of the programs in `only` they are those of these sites; of the others the program's own come with them.
    """
    lines = Lines()
    meanings = {key: indicator.meaning for key, indicator in indicators.items()}
    columns = SERIES
    if categories:
        columns += tuple(f"category__{column}" for column in CATEGORY)
        columns += tuple(f"category__dimension__{column}" for column in DIMENSION)
    else:
        series = series.filter(category=None)
    rank = {key: place for place, key in enumerate(sites)}  # the program's own come last
    rows = sorted(series.order_by("pk").values_list(*columns), key=lambda row: rank.get(row[3], len(rank)))
    for pk, program_id, key, site_id, from_on, to_on, *rest in rows:
        if program_id in only and site_id not in only[program_id]:
            continue
        site, category = None if site_id is None else sites[site_id], _category(lines.named, rest)
        own, program = (from_on, to_on), programs[program_id]
        lines.add(pk, Belonging(program, indicators[key], site, category, own, meanings[key]))
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


def entries_of(
    lines: Lines,
    programs: Iterable[int],
    as_of: datetime | None,
    *,
    one_indicator: bool,
    categories: bool,
) -> EntryQuerySet:
    """What is on record of the lines, and a little else: to name thousands of series takes longer."""
    entries = Entry.objects.recorded_by(as_of)
    if one_indicator:
        return entries.filter(series__in=lines.by_series)
    entries = entries.filter(program__in=programs)
    return entries if categories else entries.filter(series__category=None)


def fill_since(
    lines: Lines, spans: Mapping[int, Span], entries: EntryQuerySet, programs: Collection[int], since: date
) -> None:
    """What is of periods that end since a day, all baselines, and all of programs that report nothing since.

    1 query, 1 more where there is such a program: to look for them beforehand would take a third of the time.
    """
    kept = Q(period__in=[key for key, it in spans.items() if it.last is None or it.last >= since])
    kept |= Q(kind=EntryKind.BASELINE)
    silent = set(programs) - fill(lines, spans, entries.filter(kept))
    if silent:
        fill(lines, spans, entries.filter(~kept, program__in=silent))


def fill(lines: Lines, spans: Mapping[int, Span], entries: EntryQuerySet) -> set[int]:
    """Actuals in force, and the whole chains of targets and baselines, oldest first; 1 query.

    What supersedes comes later and takes the place: a search for successors would take as long as the rest.
    Gives the programs with actuals of a period that has a last day, whether the reader sees these or not.
    """
    reporting = set()
    dated = {key for key, span in spans.items() if span.last is not None}
    for program_id, kind, change, day, series_id, period_id, *rest in entries.order_by("number").values_list(
        *ENTRY
    ):
        if kind == ACTUAL and period_id in dated:
            reporting.add(program_id)
        place = lines.by_series.get(series_id)
        if place is None:
            continue  # of a site that the reader may not see
        line, site_id, meaning = place
        key = (site_id, spans[period_id])
        figure = figure_of(meaning, *rest)
        if kind == ACTUAL:
            line.actuals[key] = figure
            if figure.absence is WITHDRAWN:
                del line.actuals[key]
        elif kind == BASELINE:
            line.baselines[key] = figure
        else:
            recorded = Recorded(figure, day, Change(change) if change else None)
            line.targets.setdefault(key, []).append(recorded)
    return reporting
