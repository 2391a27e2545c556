from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.models.bilingual import Bilingual
from programs.models.codes import CodeField, code_is_plain


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Objective(Bilingual, models.Model):
    """A node of a program's results framework, which is a tree."""

    class Level(models.TextChoices):
        GOAL = "goal", _("goal")
        OUTCOME = "outcome", _("outcome")
        OUTPUT = "output", _("output")

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="objectives", verbose_name=_("program")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("serves")
    )
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    code = CodeField()
    name = models.CharField(_("name"), max_length=240)
    name_es = models.CharField(_("name in Spanish"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ("program", "code")
        constraints = [
            code_is_plain("objective"),
            models.CheckConstraint(
                condition=Q(level__in=("goal", "outcome", "output")), name="objective_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="objective_is_not_its_own_parent",
                violation_error_message=_("An objective can't serve itself."),
            ),
            models.UniqueConstraint(
                fields=["program", "code"],
                name="objective_code_is_unique",
                violation_error_message=_("Another objective of this program has this code."),
            ),
            models.UniqueConstraint(fields=["id", "program"], name="objective_with_program"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
