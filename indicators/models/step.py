from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import choices_are_known


class StepKind(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REOPENED = "reopened"


class Step(models.Model):
    """One step in a report's life, never changed: an approval is a step of the kind `approved`.

    `digest` is the SHA-256 of the results, explanations and evidence that were submitted or approved.
    """

    report = models.ForeignKey("Report", models.PROTECT, related_name="steps", verbose_name=_("report"))
    kind = models.CharField(_("kind"), max_length=9, choices=list(words.STEPS.items()))
    submission = models.PositiveSmallIntegerField(_("submission"))
    by = models.ForeignKey("programs.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    # the server's clock, set by a trigger; only illustrative programs may give it
    at = models.DateTimeField(_("at"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    # of a submission, the rows as they stood; what was recorded before this was kept has none
    content = models.JSONField(_("content"), default=None, null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("id",)
        constraints = [
            choices_are_known("step", "kind", StepKind),
            models.CheckConstraint(
                condition=Q(kind__in=("returned", "reopened")) | Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="step_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reopened") | ~Q(reason=""),
                name="step_reopening_has_a_reason",
                violation_error_message=_("Say why the report is reopened."),
            ),
            models.UniqueConstraint(
                fields=["report", "submission", "kind"],
                name="step_stands_once",
                violation_error_message=_("This was done already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.get_kind_display()}"


class Remark(models.Model):
    """What a manager wrote on one row when sending a report back."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="remarks")
    series = models.ForeignKey("Series", models.PROTECT, related_name="+")
    text = models.TextField(_("remark"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
            models.UniqueConstraint(fields=["step", "series"], name="remark_stands_once"),
        ]

    def __str__(self) -> str:
        return self.text
