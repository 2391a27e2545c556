"""What administrators set going from several pages, and what they are told of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.actions import lay_series, open_periods
from indicators.models import Indicator
from programs.models import Program, Site


def lay_series_of_sites(request: HttpRequest, sites: list[Site]) -> None:
    """Give new sites the series of their programs' site-reported indicators, and say how many."""
    if not sites:
        return
    programs = {site.program_id for site in sites}
    indicators = Indicator.objects.filter(program__in=programs, reported_by="sites", closed_on=None)
    say_laid(request, lay_series(indicators=indicators, sites=sites))


def say_laid(request: HttpRequest, laid: int) -> None:
    if laid:
        text = ngettext("%(n)s series was laid.", "%(n)s series were laid.", laid)
        messages.info(request, text % {"n": laid})


def open_due(request: HttpRequest, program_ids: list[int] | None = None) -> None:
    """Open what is due by today, of all programs or of these, and say what was opened."""
    opened = open_periods(today=timezone.localdate(), program_ids=program_ids)
    if not opened.periods and not opened.reports:
        messages.info(request, _("Everything that is due is open already. Nothing was changed."))
        return
    messages.success(
        request,
        _("Opened: %(periods)s and %(reports)s.")
        % {
            "periods": ngettext("%(n)s period", "%(n)s periods", opened.periods) % {"n": opened.periods},
            "reports": ngettext("%(n)s report", "%(n)s reports", opened.reports) % {"n": opened.reports},
        },
    )


def targets_link(program: Program) -> tuple[str, str]:
    """The page where the targets of the running year are set."""
    year = timezone.localdate().year
    return _("Targets of %(year)s") % {"year": year}, reverse("targets", args=[program.code, year])
