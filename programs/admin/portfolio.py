"""Programs, sites, places and organizations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.admin.base import PartInline, RuledAdmin
from programs.admin.history import Trail
from programs.admin.people import AssignmentForm, warn_of_lone_approvers
from programs.models import (
    Assignment,
    Organization,
    Place,
    Program,
    ProgramLead,
    ProgramPartner,
    ProgramPlace,
    Site,
)


class SiteInline(PartInline[Site, Program]):
    model = Site
    fields = ("code", "name", "place", "opened_on", "closed_on")
    autocomplete_fields = ("place",)
    show_change_link = True


class ProgramAssignmentInline(PartInline[Assignment, Program]):
    model = Assignment
    form = AssignmentForm
    fields = ("user", "role", "site")
    autocomplete_fields = ("user",)
    of_program_fields = ("site",)
    verbose_name_plural = gettext_lazy("people and their roles")


@admin.register(Program)
class ProgramAdmin(RuledAdmin[Program]):
    list_display = ("code", "name", "component", "is_illustrative", "starts_on", "ends_on")
    list_display_links = ("code", "name")
    list_filter = ("component", "illustrative", "places", "leads")
    search_fields = ("code", "name", "name_es", "summary", "summary_es", "leads__name", "partners__name")
    autocomplete_fields = ("leads", "partners", "places")
    inlines: ClassVar[tuple[type[PartInline[Any, Program]], ...]] = (SiteInline, ProgramAssignmentInline)
    frozen_fields = ("code", "illustrative")
    fieldsets = (
        (
            None,
            {"fields": ("code", ("name", "name_es"), "component", ("summary", "summary_es"), "illustrative")},
        ),
        (gettext_lazy("From when to when"), {"fields": (("starts_on", "ends_on"),)}),
        (gettext_lazy("By whom and where"), {"fields": ("leads", "partners", "places", "source")}),
        (gettext_lazy("How it is judged"), {"fields": ("tolerance",)}),
    )

    @admin.display(description=gettext_lazy("illustrative"), ordering="illustrative")
    def is_illustrative(self, obj: Program) -> str:
        return _("illustrative") if obj.illustrative else ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(formset.model is Assignment and formset.has_changed() for formset in formsets):
            warn_of_lone_approvers(request, [form.instance])

    def trails(self, obj: Program) -> list[Trail]:
        links = (ProgramLead, ProgramPartner, ProgramPlace, Assignment, Site)
        return [*super().trails(obj), *(Trail(model, "program_id") for model in links)]


@admin.register(Site)
class SiteAdmin(RuledAdmin[Site]):
    list_display = ("code", "name", "program", "place", "organization", "opened_on", "closed_on")
    list_display_links = ("code", "name")
    list_select_related = ("program", "place", "organization")
    list_filter = ("program", "place__kind", "organization")
    search_fields = ("code", "name", "program__code", "program__name", "place__name")
    autocomplete_fields = ("program", "place", "organization")
    fixed_fields = ("program",)
    frozen_fields = ("code",)
    fieldsets = (
        (None, {"fields": ("program", "code", "name")}),
        (gettext_lazy("Where and by whom"), {"fields": ("place", "organization")}),
        (gettext_lazy("From when to when"), {"fields": (("opened_on", "closed_on"),)}),
    )

    def trails(self, obj: Site) -> list[Trail]:
        return [*super().trails(obj), Trail(Assignment, "site_id")]


@admin.register(Place)
class PlaceAdmin(RuledAdmin[Place]):
    list_display = ("name", "kind", "ubigeo", "parent")
    list_select_related = ("parent",)
    list_filter = ("kind",)
    search_fields = ("name", "ubigeo")
    autocomplete_fields = ("parent",)


@admin.register(Organization)
class OrganizationAdmin(RuledAdmin[Organization]):
    list_display = ("name", "short_name")
    search_fields = ("name", "short_name")
