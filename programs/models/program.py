from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from programs.models.bilingual import Bilingual
from programs.models.codes import CodeField, code_is_plain

if TYPE_CHECKING:
    from programs.models.organization import Organization
    from programs.models.place import Place
    from programs.models.user import User


class ProgramQuerySet(models.QuerySet["Program"]):
    def for_user(self, user: User) -> ProgramQuerySet:
        """The programs that this person has a role in; all of them for an administrator."""
        if user.is_administrator:
            return self
        return self.filter(pk__in=user.assignments.values("program"))

    def managed_by(self, user: User) -> ProgramQuerySet:
        """The programs whose targets this person may set."""
        if user.is_administrator:
            return self
        return self.filter(pk__in=user.assignments.filter(role="manager").values("program"))

    def with_text(self, text: str) -> ProgramQuerySet:
        """The programs whose name, code or summary, in either language, holds a text."""
        texts = ("code", "name", "name_es", "summary", "summary_es")
        return self.filter(reduce(or_, (Q(**{f"{name}__icontains": text}) for name in texts)))

    def with_counts(self) -> ProgramQuerySet:
        """Each with the number of its indicators and sites."""
        return self.annotate(
            indicator_count=Count("indicators", distinct=True), site_count=Count("sites", distinct=True)
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Program(Bilingual, models.Model):
    """What is run, by whom, from when to when (either may be unknown); real or illustrative."""

    class Component(models.TextChoices):
        COUNTERNARCOTICS = "counternarcotics", _("Counternarcotics")
        DEMAND_REDUCTION = "demand_reduction", _("Demand reduction")
        CITIZEN_SECURITY = "citizen_security", _("Citizen security")
        BORDER_SECURITY = "border_security", _("Border security")
        RULE_OF_LAW = "rule_of_law", _("Rule of law")
        DEFENSE = "defense", _("Defense")

    code = CodeField(unique=True, error_messages={"unique": _("Another program has this code.")})
    name = models.CharField(_("name"), max_length=160)
    name_es = models.CharField(_("name in Spanish"), max_length=160, blank=True)
    component = models.CharField(_("component"), max_length=20, choices=Component.choices)
    summary = models.TextField(_("what it does"), blank=True)
    summary_es = models.TextField(_("what it does, in Spanish"), blank=True)
    leads: models.ManyToManyField[Organization, models.Model] = models.ManyToManyField(
        "Organization", blank=True, related_name="led_programs", verbose_name=_("lead organizations")
    )
    partners: models.ManyToManyField[Organization, models.Model] = models.ManyToManyField(
        "Organization", blank=True, related_name="programs", verbose_name=_("partners")
    )
    places: models.ManyToManyField[Place, models.Model] = models.ManyToManyField(
        "Place", blank=True, related_name="programs", verbose_name=_("places")
    )
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("The document that these facts come from.")
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("Its figures are made up to show the system at work.")
    )
    tolerance = models.DecimalField(
        _("tolerance in points"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(10),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(50))],
        help_text=_("How far from the target still counts as near or met."),
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ("component", "name")
        constraints = [
            code_is_plain("program"),
            models.CheckConstraint(
                condition=Q(
                    component__in=(
                        "counternarcotics",
                        "demand_reduction",
                        "citizen_security",
                        "border_security",
                        "rule_of_law",
                        "defense",
                    )
                ),
                name="program_component_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="program_ends_after_it_starts",
                violation_error_message=_("A program can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0, tolerance__lte=50),
                name="program_tolerance_is_0_to_50",
                violation_error_message=_("The tolerance is from 0 to 50 points."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def summary_html(self) -> SafeString:
        """What it does, as `shown_html`."""
        return self.shown_html("summary")
