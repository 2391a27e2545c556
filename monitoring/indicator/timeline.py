"""The ledger of one indicator, line by line: who said what, who approved it, what it replaced and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators import words
from indicators.addresses import Links
from indicators.formatting import figure_text, number
from indicators.models import Entry, Evidence, Indicator, Series
from indicators.models.entry import EntryQuerySet
from indicators.values import Absence, EntryKind, Meaning
from monitoring.cells import target_words
from programs.models import User

SHOWN = 40
FETCHED = 5 * SHOWN  # with the categories, which stand below their whole


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, in words."""

    number: int | None
    href: str
    digest: str
    at: datetime | None
    what: str
    figure: str
    of: str
    category: str
    people: str
    change: str
    replaced_by: int | None
    reason: str
    explanation: str
    evidence: Evidence | None
    parts: list[Line]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest entries first; `more` where there are others."""

    lines: list[Line]
    more: bool


def timeline_of(
    indicator: Indicator,
    sites: Collection[int] | None,
    links: Links,
    *,
    moment: datetime | None = None,
    everything: bool = False,
) -> Timeline:
    """What the ledger holds (or held at a moment) of an indicator, of these sites (None: all); 2 queries.

    Who may see some sites alone sees no hashes: from these the figures of other sites can be guessed.
    """
    entries = _entries(indicator, sites).recorded_by(moment)
    found = list(entries if everything else entries[: FETCHED + 1])
    groups = _grouped(found)
    shown = groups if everything else groups[:SHOWN]
    say = _Say(indicator.meaning, links, moment, _names(found), hashes=sites is None)
    more = (len(found) > FETCHED and not everything) or len(groups) > len(shown)
    return Timeline([_line(whole, say, parts) for whole, parts in shown], more)


@dataclass(frozen=True, slots=True)
class _Say:
    """What decides how entries are written."""

    meaning: Meaning
    links: Links
    moment: datetime | None
    names: Mapping[int, str]  # of people by id
    hashes: bool


def _names(entries: Iterable[Entry]) -> dict[int, str]:
    """The names of who reported and approved these, by id; 1 query, since few people made many entries."""
    keys = {key for it in entries for key in (it.approved_by_id, it.submitted_by_id) if key is not None}
    return {key: user.shown_name for key, user in User.objects.in_bulk(keys).items()}


def _grouped(entries: Iterable[Entry]) -> list[tuple[Entry, list[Entry]]]:
    """The newest first, each with its parts: the categories that were approved with their whole."""
    groups: list[tuple[Entry, list[Entry]]] = []
    wholes: dict[tuple[int | None, int | None, int], list[Entry]] = {}
    apart: list[tuple[tuple[int | None, int | None, int], Entry]] = []
    for entry in entries:
        key = (entry.approval_id, entry.series.site_id, entry.period_id)
        if entry.series.category_id is not None:
            apart.append((key, entry))
            continue
        groups.append((entry, []))
        if entry.approval_id is not None:
            wholes[key] = groups[-1][1]
    for key, entry in reversed(apart):
        if key in wholes:
            wholes[key].append(entry)
        else:
            groups.append((entry, []))
    return sorted(groups, key=lambda group: -(group[0].number or 0))


def _entries(indicator: Indicator, sites: Collection[int] | None) -> EntryQuerySet:
    mine = (
        Q(series__indicator=indicator)
        if sites is None
        else Q(series__indicator=indicator, series__site__in=sites)
    )
    return (
        Entry.objects.filter(mine)
        .select_related(
            "series__site",
            "series__category",
            "period",
            "evidence",
            "supersedes",
            "superseded_by",
        )
        .order_by("-number")
    )


def _line(entry: Entry, say: _Say, parts: Iterable[Entry] = ()) -> Line:
    series, meaning = entry.series, say.meaning
    of = [entry.period.label, *_part_names(series)]
    later: Entry | None = getattr(entry, "superseded_by", None)
    if later and say.moment and later.recorded_at and later.recorded_at > say.moment:
        later = None
    return Line(
        number=entry.number,
        href=say.links.entry(entry.number or 0),
        digest=bytes(entry.hash).hex() if entry.hash and say.hashes else "",
        at=entry.recorded_at,
        what=str(words.ENTRY_KINDS[entry.kind]),
        figure=_figure(entry, meaning),
        of=" · ".join(of),
        category=series.category.shown_name if series.category else "",
        people=_people(entry, say.names),
        change=_change(entry, meaning),
        replaced_by=later.number if later else None,
        reason=entry.reason,
        explanation=entry.explanation,
        evidence=entry.evidence,
        parts=[_line(part, say) for part in parts],
    )


def _part_names(series: Series) -> list[str]:
    names = (series.site and series.site.name, series.category and series.category.shown_name)
    return [name for name in names if name]


def _figure(entry: Entry, meaning: Meaning) -> str:
    figure = entry.figure(meaning)
    if entry.kind == EntryKind.TARGET and figure.absence is None:
        return target_words(figure, meaning)
    parts = ""
    if entry.numerator is not None and entry.denominator is not None:
        counts = {"part": number(entry.numerator), "whole": number(entry.denominator)}
        parts = f" ({_('%(part)s of %(whole)s') % counts})"
    return figure_text(figure, meaning) + parts


def _people(entry: Entry, names: Mapping[int, str]) -> str:
    """Who reported and who approved, or who set it."""
    approver = names[entry.approved_by_id]
    if entry.submitted_by_id is None:
        return _("set by %(person)s") % {"person": approver}
    return _("reported by %(reporter)s, approved by %(manager)s") % {
        "reporter": names[entry.submitted_by_id],
        "manager": approver,
    }


def _change(entry: Entry, meaning: Meaning) -> str:
    """What it replaced, and whether that was an error or a change of plan."""
    if entry.supersedes is None:
        return ""
    before = {"number": entry.supersedes.number, "figure": _figure(entry.supersedes, meaning)}
    if entry.absence == Absence.WITHDRAWN:
        return _("takes back %(figure)s (no. %(number)s)") % before
    if entry.change == "revises":
        return _("revises %(figure)s (no. %(number)s): the plan changed") % before
    if entry.change == "corrects":
        return _("corrects %(figure)s (no. %(number)s): a typing error") % before
    return _("replaces %(figure)s (no. %(number)s)") % before
