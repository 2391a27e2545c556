"""Deviations and moves, ready for their template: what stands where, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.addresses import Links
from indicators.formatting import figure_html, signed_percent, status_html
from indicators.models import Entry
from indicators.scoring import Verdict
from indicators.values import Measure
from monitoring.cells import share_of, target_text
from monitoring.portfolio.movements import Move, Scored, moved_most, widest
from monitoring.portfolio.standing import Subject


@dataclass(frozen=True, slots=True)
class Said:
    """An explanation as it stands in the ledger: of which site (None: the program), of which period."""

    text: str
    site: str | None
    period: str


@dataclass(frozen=True, slots=True)
class Why:
    """The newest explanation of a figure, and how many others there are."""

    text: str = ""
    of: str = ""
    others: str = ""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One indicator: by how much it is off or moved, what it says, and why."""

    name: str
    href: str
    program: str
    program_href: str
    mark: SafeString
    figure: SafeString
    figure_href: str
    against: SafeString
    unit: str
    why: Why = field(default_factory=Why)


@dataclass(frozen=True, slots=True)
class ShownMovements:
    under: list[ShownItem]
    over: list[ShownItem]
    moved: list[ShownItem]


def movements_page(scored: Iterable[Scored[Subject]], links: Mapping[int, Links]) -> ShownMovements:
    """The widest deviations and the largest moves with the explanations given; 1 query."""
    known = list(scored)
    under, over = widest(known)
    moved = moved_most(known)
    said = explanations([*under, *over, *(move.scored for move in moved)])
    return ShownMovements(
        [_deviation(it, links, said) for it in under],
        [_deviation(it, links, said) for it in over],
        [_move(it, links, said) for it in moved],
    )


def explanations(scored: Iterable[Scored[Subject]]) -> dict[int, Said]:
    """By entry id, what was explained where these figures come from, the newest first; 1 query."""
    keys = {key for it in scored for key in _sources(it.now)}
    rows = (
        Entry.objects.filter(pk__in=keys)
        .exclude(explanation="")
        .order_by("-number")
        .values_list("pk", "explanation", "series__site__name", "period__label")
    )
    return {key: Said(text, site, period) for key, text, site, period in rows}


def _sources(score: Verdict) -> tuple[int, ...]:
    return score.actual.figure.sources if score.actual.figure else ()


def _why(score: Verdict, said: Mapping[int, Said]) -> Why:
    """Of several explanations the newest; those of one site and the same words count once."""
    own = set(_sources(score))
    found = list(dict.fromkeys(it for key, it in said.items() if key in own))
    if not found:
        return Why()
    first, others = found[0], len(found) - 1
    more = ngettext("and %(n)d more", "and %(n)d more", others) % {"n": others} if others else ""
    period = first.period if first.period != score.span.label else ""
    return Why(first.text, " · ".join(it for it in (first.site, period) if it), more)


def _deviation(it: Scored[Subject], links: Mapping[int, Links], said: Mapping[int, Said]) -> ShownItem:
    mark = status_html(it.now.judgement.status, share_of(it.now.judgement) or None)
    target = target_text(it.now.against, it.meaning) if it.now.against else ""
    against = SafeString(_("target %(figure)s") % {"figure": target})
    return _item(it, links, said, mark=mark, against=against)


def _move(it: Move[Subject], links: Mapping[int, Links], said: Mapping[int, Said]) -> ShownItem:
    better = _("for the better") if it.better else _("for the worse")
    arrow = "↗" if it.share > 0 else "↘"
    mark = SafeString(
        f'<span class="status status--{"good" if it.better else "bad"}">'
        f'<span class="status__glyph" aria-hidden="true">{arrow}</span>{signed_percent(it.share)} '
        f'<span class="move__way">{better}</span></span>'
    )
    before = it.scored.before
    was = figure_html(before.actual.figure, it.scored.meaning) if before else ""
    against = SafeString(_("before: %(figure)s") % {"figure": was})
    return _item(it.scored, links, said, mark=mark, against=against)


def _item(
    it: Scored[Subject],
    links: Mapping[int, Links],
    said: Mapping[int, Said],
    *,
    mark: SafeString,
    against: SafeString,
) -> ShownItem:
    program, indicator = it.subject
    own = links[program.pk]
    return ShownItem(
        name=indicator.name_html,
        href=own.indicator(indicator.code),
        program=program.name_html,
        program_href=own.program,
        mark=mark,
        figure=figure_html(it.now.actual.figure, it.meaning),
        figure_href=own.figure(indicator.code, it.now.span),
        against=against,
        unit="" if it.meaning.measure is Measure.MILESTONE else indicator.shown_unit,
        why=_why(it.now, said),
    )
