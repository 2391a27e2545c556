"""The day that a page looks back to: asked for by `?as_of=`, kept in every link from page to page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.formatting import day
from indicators.moments import LIMA, parse_as_of

AS_OF = "as_of"


@dataclass(frozen=True, slots=True)
class LookBack:
    """The evening that is looked back to (None: now), and what was wrong with the wish for one.

    `today` is the day that counts as today; `others` are the page's other choices, which the picker keeps.
    """

    today: date
    moment: datetime | None = None
    text: str = ""
    problem: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The day as it is written; "" for now."""
        return day(self.today) if self.moment else ""

    @property
    def picked(self) -> str:
        """The day for the picker, which knows days alone."""
        return self.today.isoformat() if self.moment else ""

    @property
    def suffix(self) -> str:
        """What is added to an address without other choices."""
        return f"?{urlencode({AS_OF: self.text})}" if self.moment else ""

    @property
    def now(self) -> str:
        """The same page as of today."""
        return f"?{urlencode(self.others)}"


def look_back(request: HttpRequest) -> LookBack:
    """What a page is to look back to; today with a `problem` for what is no day, or one that has not come."""
    text, today = request.GET.get(AS_OF, "").strip(), timezone.localdate()
    others = tuple((name, value) for name, values in request.GET.lists() if name != AS_OF for value in values)
    if not text:
        return LookBack(today, others=others)
    try:
        moment = parse_as_of(text)
    except ValueError:
        return LookBack(today, problem=_("Write the day as 2026-11-22."), others=others)
    then = moment.astimezone(LIMA).date()
    if then > today:
        said = _("%(day)s has not come yet.") % {"day": day(then)}
        return LookBack(today, problem=said, others=others)
    return LookBack(then, moment, text, others=others)
