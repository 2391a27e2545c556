from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import choices_are_known
from indicators.values import ReportState

if TYPE_CHECKING:
    from programs.models import User


State = ReportState
OPEN_STATES = (State.DRAFT, State.RETURNED)


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, user: User) -> ReportQuerySet:
        """The reports whose drafts this person may see: own sites', own programs' as manager, or all."""
        if user.is_administrator:
            return self
        mine = user.assignments.all()
        everywhere = mine.filter(Q(role="manager") | Q(role="reporter", site=None))
        return self.filter(
            Q(program__in=everywhere.values("program"))
            | Q(site__in=mine.filter(role="reporter", site__isnull=False).values("site"))
        )

    def listed_for(self, user: User) -> ReportQuerySet:
        """The reports of which this person may know that they exist, and in what state they are."""
        if user.is_administrator:
            return self
        mine = user.assignments.all()
        everywhere = mine.filter(site=None)
        return self.filter(
            Q(program__in=everywhere.values("program"))
            | Q(site__in=mine.filter(site__isnull=False).values("site"))
        )


class Report(models.Model):
    """What one site (or the program itself) says for one period."""

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="reports")
    site = models.ForeignKey("programs.Site", models.PROTECT, null=True, blank=True, related_name="reports")
    period = models.ForeignKey("Period", models.PROTECT, related_name="reports")
    state = models.CharField(
        _("state"), max_length=9, choices=list(words.STATES.items()), default=State.DRAFT
    )
    submission = models.PositiveSmallIntegerField(_("submissions"), default=0)
    version = models.PositiveIntegerField(_("version"), default=0)  # counts the saves
    saved_by = models.ForeignKey("programs.User", models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            choices_are_known("report", "state", State),
            models.UniqueConstraint(
                fields=["program", "site", "period"],
                nulls_distinct=False,
                name="report_is_unique",
                violation_error_message=_("This report is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site or self.program} · {self.period}"

    @property
    def is_open(self) -> bool:
        """May be typed into: draft or returned, and its period not locked."""
        return self.state in OPEN_STATES and not self.period.locked


class ReportAuthor(models.Model):
    """That a person typed a value of a report or submitted it, in any submission; only added to.

    Filled by triggers, so that no way of writing a result escapes it.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="authors")
    user = models.ForeignKey("programs.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="report_author_is_unique")]

    def __str__(self) -> str:
        return f"{self.user} · {self.report}"
