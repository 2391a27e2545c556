"""What administrators set going: the series that are expected, the periods, the reports that are due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.refusals import Refused
from indicators.models import Breakdown, Category, Indicator, Period, Report, Series
from indicators.periods import (
    KIND_OF,
    MONTHS,
    Calendar,
    Days,
    Frequency,
    Kind,
    Span,
    default_due_on,
    is_regular,
    life,
    overlaps,
    shifted,
    span_at,
    span_of,
)
from indicators.words import KINDS
from programs.models import Site


@dataclass(frozen=True, slots=True)
class Opened:
    """How many periods and reports were new."""

    periods: int
    reports: int


@transaction.atomic
def lay_series(*, indicators: Iterable[Indicator], sites: Iterable[Site] | None = None) -> int:
    """Give each indicator the series that it lacks, whole and by category; the number of new ones.

    `sites` limits it to these sites of the indicators' programs. 5 queries.
    """
    wanted = {indicator.pk: indicator for indicator in indicators}
    breakdowns = Breakdown.objects.filter(indicator__in=wanted).values_list("indicator_id", "dimension_id")
    dimensions: dict[int, list[int]] = {}
    for indicator_id, dimension_id in breakdowns:
        dimensions.setdefault(indicator_id, []).append(dimension_id)
    categories: dict[int, list[int]] = {}
    current = Category.objects.filter(retired_on=None).values_list("dimension_id", "pk")
    for dimension_id, category_id in current.filter(dimension__breakdowns__indicator__in=wanted).distinct():
        categories.setdefault(dimension_id, []).append(category_id)
    programs = {indicator.program_id for indicator in wanted.values()}
    places = list(Site.objects.filter(program__in=programs) if sites is None else sites)
    before = Series.objects.filter(indicator__in=wanted).count()
    Series.objects.bulk_create(
        [
            Series(
                program_id=i.program_id,
                indicator=i,
                site_id=site,
                dimension_id=dimension,
                category_id=category,
            )
            for i in wanted.values()
            for site in _reporters(i, places)
            for dimension, category in _parts(dimensions.get(i.pk, ()), categories)
        ],
        ignore_conflicts=True,
    )
    return Series.objects.filter(indicator__in=wanted).count() - before


def _reporters(indicator: Indicator, sites: list[Site]) -> list[int | None]:
    if indicator.reported_by == "program":
        return [None]
    return [site.pk for site in sites if site.program_id == indicator.program_id]


def _parts(
    dimensions: Iterable[int], categories: dict[int, list[int]]
) -> Iterator[tuple[int | None, int | None]]:
    yield None, None
    for dimension in dimensions:
        for category in categories.get(dimension, ()):
            yield dimension, category


def open_period(*, span: Span, due_on: date | None = None) -> Period:
    """The period of this span, made if there is none yet.

    Refused for days or a label that do not fit its kind, and for a label that another period has. 3 queries.
    """
    return periods_of({span}, due_on=due_on)[span]


def periods_of(spans: Collection[Span], *, due_on: date | None = None) -> dict[Span, Period]:
    """By span, its period; what is new is made; Refused for a span that is none.

    1 query, 3 when any is new, whatever their number.
    """
    for span in spans:
        _check_span(span)
    labelled = Period.objects.filter(label__in={span.label for span in spans})
    found = {period.label: period for period in labelled}
    new = [_new_period(span, due_on) for span in sorted(spans) if span.label not in found]
    if new:
        Period.objects.bulk_create(new, ignore_conflicts=True)
        found = {period.label: period for period in labelled.all()}
    for span in spans:
        if span.label not in found or found[span.label].kind != span.kind:
            raise Refused(_("Another period has the label %(label)s.") % {"label": span.label})
    return {span: found[span.label] for span in spans}


def _check_span(span: Span) -> None:
    if not is_regular(span.kind, span.first, span.last):
        raise Refused(_("These days are not those of a %(kind)s.") % {"kind": KINDS[span.kind]})
    if span.kind == Kind.LIFE and None in (span.first, span.last):
        raise Refused(_("Only a period of the kind “other” may lack a day."))
    longest = Period._meta.get_field("label").max_length or 0
    if not span.label.strip() or len(span.label) > longest or "\x00" in span.label:
        raise Refused(_("The label of a period has 1 to %(most)d characters.") % {"most": longest})
    if span.kind != Kind.OTHER and span.first and span.label != _own_label(span):
        raise Refused(_("The label of this period is %(label)s.") % {"label": _own_label(span)})


def _own_label(span: Span) -> str:
    """The one label that the days of a period give it, whatever calendar it was spoken of in."""
    if span.kind == Kind.LIFE or span.first is None:
        return life(span.first, span.last).label
    return span_of(span.kind, span.first).label


def _new_period(span: Span, due_on: date | None) -> Period:
    never_due = span.kind in (Kind.OTHER, Kind.LIFE)
    return Period(
        kind=span.kind,
        label=span.label,
        first_on=span.first,
        last_on=span.last,
        due_on=None if never_due else due_on or default_due_on(span),
    )


def open_report(*, program_id: int, site_id: int | None, period: Period) -> Report:
    """The report of a site (or of the program itself) for a period, begun if there is none yet."""
    report, _new = Report.objects.get_or_create(program_id=program_id, site_id=site_id, period=period)
    return report


@transaction.atomic
def open_periods(*, today: date, program_ids: Iterable[int] | None = None) -> Opened:
    """Make the running period and the one before of every frequency in use, and every report expected by now.

    Running it twice changes nothing; nothing is ever removed. 8 queries.
    """
    lines = _lines(program_ids)
    begun = Period.objects.count()
    periods_of(_running({(line.frequency, line.calendar) for line in lines}, today))
    periods = Period.objects.begun_by(today).filter(locked=False).exclude(kind__in=(Kind.OTHER, Kind.LIFE))
    due = [
        Report(program_id=program_id, site_id=site_id, period=period)
        for period in periods
        for program_id, site_id in sorted(_expected(lines, period.span), key=str)
    ]
    before = Report.objects.count()
    Report.objects.bulk_create(due, ignore_conflicts=True)
    return Opened(periods=Period.objects.count() - begun, reports=Report.objects.count() - before)


@dataclass(frozen=True, slots=True)
class _Line:
    """A series that is reported, with the days in which it is expected."""

    program_id: int
    site_id: int | None
    frequency: Frequency
    calendar: Calendar
    days: Days


def _lines(program_ids: Iterable[int] | None) -> list[_Line]:
    series = Series.objects.filter(category=None).exclude(indicator__frequency=Frequency.IRREGULAR)
    if program_ids is not None:
        series = series.filter(program__in=program_ids)
    return [
        _Line(
            one.program_id,
            one.site_id,
            Frequency(one.indicator.frequency),
            Calendar(one.indicator.calendar),
            one.days,
        )
        for one in series.select_related("indicator", "program", "site", "category")
        if (one.indicator.reported_by == "program") == (one.site_id is None)
    ]


def _running(uses: set[tuple[Frequency, Calendar]], today: date) -> set[Span]:
    now = {span_at(KIND_OF[frequency], today, calendar) for frequency, calendar in uses}
    return now | {shifted(span, -MONTHS[span.kind]) for span in now}


def _expected(lines: list[_Line], span: Span) -> set[tuple[int, int | None]]:
    """Whose report is expected for a period: program and site."""
    return {
        (line.program_id, line.site_id) for line in lines if _is_of(line, span) and overlaps(span, *line.days)
    }


def _is_of(line: _Line, span: Span) -> bool:
    if KIND_OF[line.frequency] != span.kind or span.first is None:
        return False
    return span_at(span.kind, span.first, line.calendar) == span
