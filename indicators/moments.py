"""Days and moments in Lima, where the programs are: what "as of" a day means."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateField, F, Func, Value
from django.db.models.functions import Cast

from indicators.reading import YEARS

LIMA = ZoneInfo("America/Lima")


def in_lima(moment: str) -> Cast:
    """The day of a moment in Lima; no TruncDate, which looks at every row once more when it comes."""
    return Cast(Func(Value(str(LIMA)), F(moment), function="timezone"), DateField())


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
