"""What joins a program to its organizations and places, so that its history is kept too."""

from __future__ import annotations

import pghistory
from django.utils.translation import gettext_lazy as _

from programs.models.program import Program

tracked = pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)


@tracked
class ProgramLead(Program.leads.through):  # type: ignore[name-defined,misc]  # made by Django at run time
    """That an organization leads a program."""

    class Meta:
        proxy = True
        verbose_name = _("lead organization")
        verbose_name_plural = _("lead organizations")


@tracked
class ProgramPartner(Program.partners.through):  # type: ignore[name-defined,misc]  # made by Django at run time
    """That an organization is a partner of a program."""

    class Meta:
        proxy = True
        verbose_name = _("partner")
        verbose_name_plural = _("partners")


@tracked
class ProgramPlace(Program.places.through):  # type: ignore[name-defined,misc]  # made by Django at run time
    """That a program works in a place."""

    class Meta:
        proxy = True
        verbose_name = _("place")
        verbose_name_plural = _("places")
