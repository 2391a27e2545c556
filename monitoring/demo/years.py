"""When everything happened: the periods of an illustrative program and the moments of its people. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from indicators.periods import Calendar, Frequency, Span, quarter, spans_within, year

LIMA = ZoneInfo("America/Lima")
SETTLED = timedelta(days=16)  # after its end, a quarter's reports are due
WORK_BEGINS, WORK_ENDS = 8, 18  # o'clock


@dataclass(frozen=True, slots=True)
class Years:
    """The past and the running calendar year as seen from today."""

    today: date

    @property
    def begins(self) -> date:
        return date(self.today.year - 1, 1, 1)

    @property
    def both(self) -> tuple[int, int]:
        return self.today.year - 1, self.today.year

    def ended(self, frequency: Frequency, calendar: Calendar) -> list[Span]:
        """The periods of a frequency that lie in these years and have ended, in order."""
        spans = spans_within(frequency, calendar, self.begins, self.today)
        return [span for span in spans if span.last and span.last < self.today]

    def planned(self, frequency: Frequency, calendar: Calendar) -> Iterator[Span]:
        """The periods of a frequency that targets are set for: all that end in these years."""
        yield from spans_within(frequency, calendar, self.begins, date(self.today.year, 12, 31))

    def back(self, quarters: int) -> Span | None:
        """The quarter that many before the last one that was due; None before these years."""
        ended = [
            span
            for span in self.ended(Frequency.QUARTER, Calendar.CALENDAR)
            if span.last and span.last + SETTLED <= self.today
        ]
        return ended[-1 - quarters] if quarters < len(ended) else None

    def before(self) -> tuple[Span, tuple[Span, ...]]:
        """The year before these years, and its quarters: where baselines are from."""
        number = self.today.year - 2
        return year(number), tuple(quarter(number, one) for one in (1, 2, 3, 4))


def moment(day: date, rng: Random) -> datetime:
    """Some minute of that day's work, in Lima."""
    clock = time(rng.randrange(WORK_BEGINS, WORK_ENDS), rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, clock, LIMA)


@dataclass(frozen=True, slots=True)
class Diary:
    """The moments of one report: begun, submitted, sent back, mended, approved, reopened."""

    begun: datetime
    submitted: datetime
    returned: datetime
    mended: datetime
    approved: datetime
    reopened: datetime
    corrected: datetime
    approved_again: datetime


def diary(span: Span, rng: Random) -> Diary:
    """A plausible course of one report; each moment comes after the one before."""
    last = span.last or date.max
    days = [rng.randint(1, 4), rng.randint(1, 7), rng.randint(1, 2), rng.randint(1, 2), rng.randint(1, 3)]
    later = [rng.randint(20, 30), rng.randint(1, 3), rng.randint(1, 4)]
    moments = []
    day = last
    for more in (*days, *later):
        day += timedelta(days=more)
        moments.append(moment(day, rng))
    return Diary(*moments)
