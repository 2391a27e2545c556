from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.models.fields import choices_are_known
from indicators.values import Additivity
from indicators.words import ADDITIVITIES
from programs.models.bilingual import Bilingual
from programs.models.codes import CodeField, code_is_plain


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Dimension(Bilingual, models.Model):
    """How values are broken down; sex by age is one dimension of combined categories."""

    code = CodeField(unique=True, error_messages={"unique": _("Another dimension has this code.")})
    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    additivity = models.CharField(
        pgettext_lazy("categories", "adds up"),
        max_length=12,
        choices=list(ADDITIVITIES.items()),
        default=Additivity.EXHAUSTIVE,
    )

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ("name",)
        constraints = [
            code_is_plain("dimension"),
            choices_are_known("dimension", "additivity", Additivity),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Category(Bilingual, models.Model):
    """One part of a dimension; retired when no longer used, never repurposed."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="categories", verbose_name=_("dimension")
    )
    code = CodeField()
    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("dimension", "position", "name")
        constraints = [
            code_is_plain("category"),
            models.UniqueConstraint(
                fields=["dimension", "code"],
                name="category_code_is_unique",
                violation_error_message=_("Another category of this dimension has this code."),
            ),
            models.UniqueConstraint(fields=["id", "dimension"], name="category_with_dimension"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Breakdown(models.Model):
    """That an indicator is broken down by a dimension; frozen once the indicator has an entry."""

    indicator = models.ForeignKey(
        "Indicator", models.CASCADE, related_name="breakdowns", verbose_name=_("indicator")
    )
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="breakdowns", verbose_name=_("dimension")
    )

    class Meta:
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        ordering = ("indicator", "dimension")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "dimension"],
                name="breakdown_is_unique",
                violation_error_message=_("The indicator is broken down by this dimension already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.dimension)
