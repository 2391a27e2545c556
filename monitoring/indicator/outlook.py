"""Where the running year of an indicator would end at its own pace, and how that is said. No queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.forecasting import LATELY, Forecast, forecast, is_forecast, needed
from indicators.formatting import figure_text, number
from indicators.periods import Kind, Span
from indicators.values import Accumulation, Meaning
from monitoring.indicator.history import Moment, is_plain

Counted = Callable[[int], str]
COUNTED: dict[Kind, Counted] = {
    Kind.MONTH: lambda n: ngettext("%(n)d month", "%(n)d months", n) % {"n": n},
    Kind.QUARTER: lambda n: ngettext("%(n)d quarter", "%(n)d quarters", n) % {"n": n},
    Kind.HALF: lambda n: ngettext("%(n)d half-year", "%(n)d half-years", n) % {"n": n},
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of a running year, with its periods to come in order."""

    meaning: Meaning
    year: Moment
    to_date: Decimal
    coming: list[Moment]
    made: Forecast

    @property
    def sentences(self) -> list[str]:
        """Where the year would end, and how that is reckoned."""
        made, kind = self.made, self.coming[0].score.span.kind
        lately = COUNTED[kind](made.lately)
        values = {
            "lately": lately,
            "year": self.year.column.label,
            "value": number(made.value),
            "low": number(made.low),
            "high": number(made.high),
        }
        end = _("At the pace of its last %(lately)s, %(year)s would end at %(value)s") % values
        between = _("(between %(low)s and %(high)s)") % values
        return [f"{end} {between}{self._target()}", self._how()]

    def _target(self) -> str:
        target = self.year.score.targets.counting
        if target is None or target.value is None:
            return "."
        return _("; its target is %(target)s.") % {"target": figure_text(target, self.meaning)}

    def _how(self) -> str:
        made = self.made
        if self.meaning.accumulation is Accumulation.FLOW:
            return _(
                "Each period to come is taken as %(step)s, the mean of the last %(lately)d "
                "(%(lowest)s to %(highest)s)."
            ) % {**_numbers(made, number), "lately": made.lately}
        return _(
            "Each period to come is taken to change it by %(step)s, the mean of the last %(lately)d changes "
            "(%(lowest)s to %(highest)s)."
        ) % {**_numbers(made, signed), "lately": made.lately}

    def points(self) -> Iterator[tuple[Span, Decimal, Decimal, Decimal]]:
        """Of each period to come, its value and between what it would lie."""
        made = self.made
        for nth, moment in enumerate(self.coming, 1):
            steps = (made.step, made.lowest, made.highest)
            if self.meaning.accumulation is Accumulation.FLOW:
                yield moment.score.span, *steps
            else:
                value, low, high = (self.to_date + nth * step for step in steps)
                yield moment.score.span, value, low, high


def outlook_of(moments: Sequence[Moment], meaning: Meaning, today: date) -> Outlook | None:
    """The forecast of the year that runs today; None unless all of it that has ended is there."""
    year = _running(moments, today)
    if year is None or not is_forecast(meaning):
        return None
    plain, ended = _periods(moments, today)
    values: list[Decimal] = []
    for moment in reversed(ended[-LATELY - 1 :]):
        value = _complete(moment)
        if value is None:
            break
        values.insert(0, value)
    coming = [it for it in plain if not _ended(it.score.span, today) and _within(it, year)]
    of_year = [it for it in ended if _within(it, year)]
    to_date = _complete(year)
    if to_date is None or not _is_made_of(to_date, of_year, meaning):
        return None
    made = forecast(meaning, to_date, values, len(coming))
    return Outlook(meaning, year, to_date, coming, made) if made else None


def lack_of(moments: Sequence[Moment], meaning: Meaning, today: date) -> str:
    """Why the year that runs today has no forecast; "" where it has one, or nothing of it is to come."""
    year = _running(moments, today)
    if year is None or outlook_of(moments, meaning, today) is not None:
        return ""
    if not is_forecast(meaning):
        return _("No forecast: there is one only of numbers that add up over time or whose latest counts.")
    plain, ended = _periods(moments, today)
    if not any(_within(it, year) and not _ended(it.score.span, today) for it in plain):
        return ""
    return _lack(year, ended, meaning)


def _lack(year: Moment, ended: Sequence[Moment], meaning: Meaning) -> str:
    of_year = sum(_within(it, year) for it in ended)
    if not of_year:
        return _("No forecast yet: no period of %(year)s has ended.") % {"year": year.column.label}
    counted, least = COUNTED[ended[-1].score.span.kind], needed(meaning)
    if len(ended) < least:
        return _("No forecast yet: it takes at least %(periods)s.") % {"periods": counted(least)}
    lately = ended[-max(LATELY, of_year) :]
    missing = sum(_complete(it) is None for it in lately)
    if not missing:
        return _("No forecast: the value of %(year)s was reported as a whole.") % {"year": year.column.label}
    said = ngettext(
        "No forecast: %(n)d of the last %(periods)s is incomplete.",
        "No forecast: %(n)d of the last %(periods)s are incomplete.",
        missing,
    )
    return said % {"n": missing, "periods": counted(len(lately))}


def _running(moments: Sequence[Moment], today: date) -> Moment | None:
    return next((it for it in moments if _runs(it, today)), None)


def _periods(moments: Sequence[Moment], today: date) -> tuple[list[Moment], list[Moment]]:
    """The single periods, and those of them that have ended."""
    plain = [it for it in moments if is_plain(it) and it.score.span.kind in COUNTED]
    return plain, [it for it in plain if _ended(it.score.span, today)]


def _is_made_of(to_date: Decimal, ended: Sequence[Moment], meaning: Meaning) -> bool:
    """Whether the year's value is what its ended periods make, not one that was reported for all of it."""
    values = [_complete(it) for it in ended]
    known = [it for it in values if it is not None]
    if not known or len(known) < len(values):
        return False
    return to_date == (sum(known) if meaning.accumulation is Accumulation.FLOW else known[-1])


def _runs(moment: Moment, today: date) -> bool:
    span = moment.score.span
    return moment.column.total and span.kind is Kind.YEAR and not _ended(span, today) and _begun(span, today)


def _begun(span: Span, today: date) -> bool:
    return span.first is not None and span.first <= today


def _ended(span: Span, today: date) -> bool:
    return span.last is not None and span.last < today


def _within(moment: Moment, year: Moment) -> bool:
    one, whole = moment.score.span, year.score.span
    return bool(one.first and one.last and whole.first and whole.last) and (
        whole.first <= one.first and one.last <= whole.last  # type: ignore[operator]  # all four are there
    )


def _complete(moment: Moment) -> Decimal | None:
    actual = moment.score.actual
    return actual.figure.value if actual.figure and actual.is_complete else None


def _numbers(made: Forecast, written: Callable[[Decimal], str]) -> dict[str, str]:
    return {
        "step": written(made.step),
        "lowest": written(made.lowest),
        "highest": written(made.highest),
    }


def signed(value: Decimal) -> str:
    """A change with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)
