"""What the map is shaded by: reports in, a program's indicators on track, or the values of an indicator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from indicators.judging import Status
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Span, overlaps
from indicators.scoring import Score
from indicators.values import Measure
from monitoring.atlas.departments import Shade, Step, Where, department_of, equal_steps, even_steps, share_of
from monitoring.reports import RECEIVED, ends_within
from programs.models import Program, Site

ON_TRACK = (Status.EXCEEDED, Status.MET, Status.NEAR)
JUDGED = (*ON_TRACK, Status.LATE, Status.BEHIND)
Spot: TypeAlias = str | None  # the UBIGEO code of a department; None: what lies in none
SHARES = (Decimal(0), Decimal(1))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the map shows; neither is the share of reports that came in."""

    program: Program | None = None
    indicator: Indicator | None = None

    @property
    def value(self) -> str:
        """As it stands in the address."""
        if self.program is None:
            return ""
        return f"{self.program.code}/{self.indicator.code}" if self.indicator else self.program.code


@dataclass(frozen=True, slots=True)
class Located:
    """A site and the program that works there."""

    program: Program
    site: Site


def chosen_by(text: str, books: Mapping[int, ProgramBook]) -> Chosen | None:
    """What a text names of what the reader may see; None if it names nothing that has a map."""
    if not text:
        return Chosen()
    code, _slash, indicator_code = text.partition("/")
    book = next((it for it in books.values() if it.program.code == code and it.sites), None)
    if book is None:
        return None
    if not indicator_code:
        return Chosen(book.program)
    named = next((it for it in mapped_indicators(book) if it.code == indicator_code), None)
    return Chosen(book.program, named) if named else None


def mapped_indicators(book: ProgramBook) -> list[Indicator]:
    """The indicators that its sites report and that have a value to compare."""
    return [it for it in book.indicators if it.reported_by == "sites" and it.measure != Measure.MILESTONE]


def located(
    books: Iterable[ProgramBook], places: Mapping[int, Where], span: Span
) -> dict[Spot, list[Located]]:
    """By department, the sites that are open in the span."""
    found: dict[Spot, list[Located]] = {}
    for book in books:
        for site in book.sites.values():
            if overlaps(span, site.opened_on, site.closed_on):
                spot = department_of(site.place_id, places)
                found.setdefault(spot, []).append(Located(book.program, site))
    return found


@dataclass(frozen=True, slots=True)
class Shading:
    """The shade of each department, the steps of the scale, and the scores that values come from."""

    shades: dict[Spot, Shade]
    steps: list[Step]
    scores: dict[Spot, Score]


def shading_of(
    chosen: Chosen,
    books: Mapping[int, ProgramBook],
    sites: Mapping[Spot, Collection[Located]],
    span: Span,
) -> Shading:
    """How every department with sites stands; of a program or an indicator, scored over its sites there."""
    if chosen.program is None:
        shades = {spot: _reported(books, there, span) for spot, there in sites.items()}
        return Shading(shades, equal_steps(*SHARES), {})
    book = books[chosen.program.pk]
    keys = {spot: frozenset(it.site.pk for it in there) for spot, there in sites.items()}
    if chosen.indicator is None:
        shades = {spot: _on_track(book, found, span) for spot, found in keys.items()}
        return Shading(shades, equal_steps(*SHARES), {})
    scores = {spot: book.score(chosen.indicator, span, found) for spot, found in keys.items()}
    shades = {spot: Shade(_value(it), partial=_is_partial(it)) for spot, it in scores.items()}
    # what lies in no department, or is incomplete, is told and shades nothing
    known = [
        it.value
        for spot, it in shades.items()
        if spot is not None and it.value is not None and not it.partial
    ]
    return Shading(shades, even_steps(known), scores)


def _reported(books: Mapping[int, ProgramBook], there: Iterable[Located], span: Span) -> Shade:
    """The share of the reports that came in, of those that end in the span."""
    received = asked = 0
    for it in there:
        book = books[it.program.pk]
        for (site, period), report in book.reports.items():
            if site == it.site.pk and ends_within(period, span, book.today):
                asked += 1
                received += report.state in RECEIVED
    return share_of(received, asked)


def _on_track(book: ProgramBook, sites: frozenset[int], span: Span) -> Shade:
    """The share of the indicators on track, of those that are judged over these sites."""
    statuses = [
        book.score(it, span, sites).judgement.status for it in book.indicators if it.reported_by == "sites"
    ]
    judged = [it for it in statuses if it in JUDGED]
    return share_of(sum(it in ON_TRACK for it in judged), len(judged))


def _value(score: Score) -> Decimal | None:
    """Its number, None without one."""
    return score.actual.figure.value if score.actual.figure else None


def _is_partial(score: Score) -> bool:
    """Whether there is a value in which some of the expected figures are missing."""
    return _value(score) is not None and not score.actual.is_complete
