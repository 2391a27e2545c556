"""Where a series breaks: one indicator closes, and another goes on in its place. No queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.translation import gettext as _

from indicators.formatting import day as written
from indicators.models import Indicator
from indicators.periods import KIND_OF, Calendar, Frequency, label, span_at

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShownBreak:
    """One break: until when which, since when which other indicator, and why; the page itself has none."""

    until: str
    before: Indicator
    before_address: str
    since: str
    after: Indicator
    after_address: str
    why: str


def in_succession(indicators: Iterable[Indicator]) -> list[Indicator]:
    """The same in their order, but each successor right after what it succeeds, which it then knows."""
    given = list(indicators)
    by_key = {one.pk: one for one in given}
    after: dict[int, Indicator] = {}
    for one in given:
        before = by_key.get(one.predecessor_id or 0)
        if before is not None and before.objective_id == one.objective_id:
            after[before.pk] = one
        if before is not None:
            one.predecessor = before
    follows = {one.pk for one in after.values()}
    return [it for one in given if one.pk not in follows for it in _chain(one, after)]


def _chain(one: Indicator | None, after: dict[int, Indicator]) -> Iterator[Indicator]:
    while one is not None:
        yield one
        one = after.get(one.pk)


def breaks_of(indicator: Indicator, address: Callable[[Indicator], str]) -> Iterator[ShownBreak]:
    """The break before an indicator and the one after it; it comes with its predecessor and successor."""
    before: Indicator | None = indicator.predecessor
    after: Indicator | None = getattr(indicator, "successor", None)
    if before is not None:
        yield _break(before, indicator, address(before), "")
    if after is not None:
        yield _break(indicator, after, "", address(after))


def _break(before: Indicator, after: Indicator, before_address: str, after_address: str) -> ShownBreak:
    return ShownBreak(
        _period_of(before, before.closed_on), before, before_address,
        _period_of(after, after.starts_on), after, after_address, after.break_reason,
    )  # fmt: skip


def _period_of(indicator: Indicator, day: date | None) -> str:
    """The period that it begins or closes with, by its label; of an irregular one the day."""
    if day is None:
        return ""
    if indicator.frequency == Frequency.IRREGULAR:
        return written(day)
    calendar = Calendar(indicator.calendar)
    return label(span_at(KIND_OF[Frequency(indicator.frequency)], day, calendar), calendar)


def succeeded(indicator: Indicator) -> str:
    """The code of the indicator in whose place it is, as far as that is known without asking; else ""."""
    before = indicator._state.fields_cache.get("predecessor")  # Django's, where what was loaded is kept
    return str(before.code) if before else ""


def break_html(indicator: Indicator) -> str:
    """What stands below its name in a table: since when in place of which, and until when it was measured."""
    said = []
    since, old = _period_of(indicator, indicator.starts_on), succeeded(indicator)
    if old:
        said.append(_("break: since %(period)s in place of %(old)s") % {"period": since, "old": old})
    elif indicator.predecessor_id:
        said.append(_("break: since %(period)s") % {"period": since})
    if indicator.closed_on is not None:
        said.append(_("until %(period)s") % {"period": _period_of(indicator, indicator.closed_on)})
    return format_html('<span class="under">{}</span>', "; ".join(said)) if said else ""


def notes_of_breaks(indicators: Iterable[Indicator]) -> list[str]:
    """What to know where a series breaks in a table."""
    if not any(one.predecessor_id for one in indicators):
        return []
    return [
        _(
            "Break: what is measured changed, so figures before and after it are never combined; a total, "
            "that of the life of program too, is of its own row alone."
        )
    ]
