from __future__ import annotations

from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import choices_are_known
from indicators.periods import Kind, Span


class PeriodQuerySet(models.QuerySet["Period"]):
    def begun_by(self, day: date) -> PeriodQuerySet:
        """The dated periods that had begun on a day."""
        return self.filter(first_on__lte=day)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Period(models.Model):
    """A first and a last day; one published without a day is `other` and known by its label."""

    kind = models.CharField(_("kind"), max_length=7, choices=list(words.KINDS.items()))
    first_on = models.DateField(_("first day"), null=True, blank=True)
    last_on = models.DateField(_("last day"), null=True, blank=True)
    label = models.CharField(
        _("label"),
        max_length=80,
        unique=True,
        error_messages={"unique": _("Another period has this label.")},
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    locked = models.BooleanField(
        _("locked"),
        default=False,
        help_text=_("No saving, submitting, approving or reopening of its reports. Targets are not touched."),
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = (F("last_on").desc(nulls_last=True), "-first_on", "label")
        constraints = [
            choices_are_known("period", "kind", Kind),
            models.CheckConstraint(
                condition=Q(kind="other") | Q(first_on__isnull=False, last_on__isnull=False),
                name="period_has_both_days_unless_other",
                violation_error_message=_("Only a period of the kind “other” may lack a day."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="period_ends_after_it_begins",
                violation_error_message=_("A period can't end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("last_on")),
                name="period_is_due_after_it_ends",
                violation_error_message=_("A period can't be due before it ends."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | ~Q(kind="other"),
                name="period_other_is_never_due",
                violation_error_message=_("A period of the kind “other” is never due."),
            ),
            models.UniqueConstraint(
                fields=["kind", "first_on", "last_on"],
                condition=~Q(kind="other"),
                name="period_days_are_unique",
                violation_error_message=_("This period is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def span(self) -> Span:
        """The same stretch of time, as the rules know it."""
        return Span(Kind(self.kind), self.first_on, self.last_on, self.label)
