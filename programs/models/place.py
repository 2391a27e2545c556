from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Place(models.Model):
    """Where something is: a department of Peru by its UBIGEO code, a port, an area."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        DEPARTMENT = "department", _("department")
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district")
        FACILITY = "facility", _("facility")
        AREA = "area", _("area")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    ubigeo = models.CharField(
        _("UBIGEO code"), max_length=6, blank=True, help_text=_("2, 4 or 6 digits, as INEI gives them.")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("country", "department", "province", "district", "facility", "area")),
                name="place_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ubigeo__regex=r"^(\d{2}|\d{4}|\d{6})?$"),
                name="place_ubigeo_has_2_4_or_6_digits",
                violation_error_message=_("A UBIGEO code has 2, 4 or 6 digits."),
            ),
            models.UniqueConstraint(
                fields=["ubigeo"],
                condition=~Q(ubigeo=""),
                name="place_ubigeo_is_unique",
                violation_error_message=_("Another place has this UBIGEO code."),
            ),
            models.UniqueConstraint(
                fields=["name", "kind", "parent"],
                nulls_distinct=False,
                name="place_name_is_unique",
                violation_error_message=_("This place is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
