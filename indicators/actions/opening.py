"""What administrators set going: the series that are expected, the periods, the reports that are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indicators.actions.refusals import Refused
from indicators.models import Breakdown, Category, Indicator, Period, Report, Series
from indicators.periods import (
    KIND_OF,
    MONTHS,
    Calendar,
    Frequency,
    Kind,
    Span,
    default_due_on,
    is_regular,
    overlaps,
    shifted,
    span_at,
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

    Refused for days or a label that do not fit its kind, and for a label that another period has.
    """
    _check_span(span)
    try:
        return _period(span, due_on)
    except IntegrityError as error:
        raise Refused(_("Another period has the label %(label)s.") % {"label": span.label}) from error


def _check_span(span: Span) -> None:
    if not is_regular(span.kind, span.first, span.last):
        raise Refused(_("These days are not those of a %(kind)s.") % {"kind": KINDS[span.kind]})
    if span.kind == Kind.LIFE and None in (span.first, span.last):
        raise Refused(_("Only a period of the kind “other” may lack a day."))
    longest = Period._meta.get_field("label").max_length or 0
    if not span.label.strip() or len(span.label) > longest or "\x00" in span.label:
        raise Refused(_("The label of a period has 1 to %(most)d characters.") % {"most": longest})


def _period(span: Span, due_on: date | None) -> Period:
    days: dict[str, date | str | None] = {"first_on": span.first, "last_on": span.last}
    key = {"label": span.label} if span.kind == Kind.OTHER else days
    period, _new = Period.objects.get_or_create(
        kind=span.kind,
        **key,
        defaults={
            "label": span.label,
            "first_on": span.first,
            "last_on": span.last,
            "due_on": None if span.kind in (Kind.OTHER, Kind.LIFE) else due_on or default_due_on(span),
        },
    )
    return period


def open_report(*, program_id: int, site_id: int | None, period: Period) -> Report:
    """The report of a site (or of the program itself) for a period, begun if there is none yet."""
    report, _new = Report.objects.get_or_create(program_id=program_id, site_id=site_id, period=period)
    return report


@transaction.atomic
def open_periods(*, today: date, program_ids: Iterable[int] | None = None) -> Opened:
    """Make the running period and the one before of every frequency in use, and every report expected by now.

    Running it twice changes nothing; nothing is ever removed. 6 queries, and 2 for each new period.
    """
    lines = _lines(program_ids)
    begun = Period.objects.count()
    for span in _running({(line.frequency, line.calendar) for line in lines}, today):
        open_period(span=span)
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
    """A series that is reported, with its days and its indicator's, site's and program's."""

    program_id: int
    site_id: int | None
    frequency: Frequency
    calendar: Calendar
    days: tuple[tuple[date | None, date | None], ...]


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
            (
                (one.from_on, one.to_on),
                (one.indicator.starts_on, one.indicator.closed_on),
                (one.program.starts_on, one.program.ends_on),
                (one.site.opened_on, one.site.closed_on) if one.site else (None, None),
            ),
        )
        for one in series.select_related("indicator", "program", "site")
        if (one.indicator.reported_by == "program") == (one.site_id is None)
    ]


def _running(uses: set[tuple[Frequency, Calendar]], today: date) -> set[Span]:
    now = {span_at(KIND_OF[frequency], today, calendar) for frequency, calendar in uses}
    return now | {shifted(span, -MONTHS[span.kind]) for span in now}


def _expected(lines: list[_Line], span: Span) -> set[tuple[int, int | None]]:
    """Whose report is expected for a period: program and site."""
    return {
        (line.program_id, line.site_id)
        for line in lines
        if _is_of(line, span) and all(overlaps(span, *days) for days in line.days)
    }


def _is_of(line: _Line, span: Span) -> bool:
    if KIND_OF[line.frequency] != span.kind or span.first is None:
        return False
    return span_at(span.kind, span.first, line.calendar) == span
