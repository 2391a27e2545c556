from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Assignment(models.Model):
    """A person's role in a program; a reporter's may be for one site only."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("reporter")
        MANAGER = "manager", _("manager")
        VIEWER = "viewer", _("viewer")

    user = models.ForeignKey("User", models.CASCADE, related_name="assignments", verbose_name=_("person"))
    program = models.ForeignKey(
        "Program", models.CASCADE, related_name="assignments", verbose_name=_("program")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    site = models.ForeignKey(
        "Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("site"),
        help_text=_("For reporters: leave empty for the whole program."),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=("reporter", "manager", "viewer")), name="assignment_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(site=None) | Q(role="reporter"),
                name="assignment_site_is_for_reporters",
                violation_error_message=_("Only a reporter can be limited to one site."),
            ),
            models.UniqueConstraint(
                fields=["user", "program", "role", "site"],
                nulls_distinct=False,
                name="assignment_is_unique",
                violation_error_message=_("This person has this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.program}"
