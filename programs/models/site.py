from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.models.codes import CodeField, code_is_plain


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Site(models.Model):
    """One place where a program works and reports: a station, an academy, a region."""

    program = models.ForeignKey("Program", models.PROTECT, related_name="sites", verbose_name=_("program"))
    code = CodeField()
    name = models.CharField(_("name"), max_length=160)
    place = models.ForeignKey(
        "Place", models.PROTECT, null=True, blank=True, related_name="sites", verbose_name=_("place")
    )
    organization = models.ForeignKey(
        "Organization", models.PROTECT, null=True, blank=True, related_name="sites", verbose_name=_("run by")
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("program", "name")
        constraints = [
            code_is_plain("site"),
            models.UniqueConstraint(
                fields=["program", "code"],
                name="site_code_is_unique",
                violation_error_message=_("Another site of this program has this code."),
            ),
            # what other tables refer to when they hold a site and its program together
            models.UniqueConstraint(fields=["id", "program"], name="site_with_program"),
            models.CheckConstraint(
                condition=Q(closed_on__gte=F("opened_on")),
                name="site_closes_after_it_opens",
                violation_error_message=_("A site can't close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
