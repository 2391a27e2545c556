"""The words of a table, explained in place: what a status means, how a percentage is made."""

from __future__ import annotations

from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.formatting import derived, percent, status_html
from indicators.judging import Status

HUNDRED = Decimal(100)


def glossary(tolerance: Decimal) -> list[tuple[str | SafeString, str]]:
    """Each word and its sentence; `tolerance` is the program's, in points."""
    points = {"points": derived(tolerance, 1)}
    low = {"low": percent((HUNDRED - tolerance) / HUNDRED), "high": percent((HUNDRED + tolerance) / HUNDRED)}
    return [
        (
            "%",
            _(
                "How much of the planned change has happened: (actual − baseline) / (target − baseline). "
                "Where counting starts at zero, simply actual / target. With a sign: the distance from the "
                "target."
            ),
        ),
        ("4/5", _("Beside a value: 4 of 5 expected figures are there; the value is made of those 4.")),
        (status_html(Status.EXCEEDED), _("More than %(high)s of the target: to be explained.") % low),
        (status_html(Status.MET), _("From 100 %% to %(high)s.") % low),
        (
            status_html(Status.NEAR),
            _("Short of the target by at most %(points)s points: from %(low)s on.") % (points | low),
        ),
        (status_html(Status.BEHIND), _("Below %(low)s: to be explained.") % low),
        (
            status_html(Status.INCOMPLETE),
            _(
                "Figures are missing, so it is not judged yet; a percentage is against the targets of what "
                "was reported."
            ),
        ),
        (
            status_html(Status.RUNNING),
            _("The period has not ended: its share of the target so far, beside the time that has gone."),
        ),
        (status_html(Status.LATE), _("A milestone that was done after its day.")),
        (status_html(Status.NO_TARGET), _("There is a value, but nothing to hold it against.")),
        (status_html(Status.OVERDUE), _("The day by which it was to be reported has passed.")),
    ]
