"""What measurement adds to the pages of the mandate: objectives, series of new sites, what is frozen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.admin.frozen import FrozenCodes
from indicators.admin.objectives import ObjectiveInline
from indicators.admin.opening import lay_series_of_sites, open_due, targets_link
from indicators.models import Entry, Objective
from programs.admin import people, portfolio
from programs.admin.history import Trail
from programs.models import Program, Site, User


class SiteCodes(FrozenCodes[Site, Program]):
    """The sites of a program; the codes of those that the ledger names stay."""

    def frozen(self) -> set[int]:
        entries = Entry.objects.filter(program=self.instance.pk, series__site__isnull=False)
        return set(entries.values_list("series__site", flat=True).distinct())


class SiteInline(portfolio.SiteInline):
    formset = SiteCodes


admin.site.unregister([Program, Site, User])


@admin.register(Program)
class ProgramAdmin(portfolio.ProgramAdmin):
    inlines = (SiteInline, ObjectiveInline, portfolio.ProgramAssignmentInline)
    actions = ("open_reports",)

    def is_frozen(self, obj: Program) -> bool:
        return obj.entries.exists()

    def why_frozen(self, obj: Program) -> str:
        return _(
            "The ledger has figures of this program, so its code and whether it is illustrative "
            "can't be changed. Everything else can; a program that is over gets the day on which it ended."
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is Site:
            lay_series_of_sites(request, formset.new_objects)

    def page_links(self, obj: Program) -> list[tuple[str, str]]:
        add = f"{reverse('admin:indicators_indicator_add')}?program={obj.pk}"
        return [targets_link(obj), (_("Add an indicator"), add)]

    def trails(self, obj: Program) -> list[Trail]:
        return [*super().trails(obj), Trail(Objective, "program_id")]

    @admin.action(description=gettext_lazy("Open the reports that are due"))
    def open_reports(self, request: HttpRequest, queryset: QuerySet[Program]) -> None:
        """Open what is due in the chosen programs."""
        open_due(request, list(queryset.values_list("pk", flat=True)))


@admin.register(Site)
class SiteAdmin(portfolio.SiteAdmin):
    def is_frozen(self, obj: Site) -> bool:
        return Entry.objects.filter(series__site=obj).exists()

    def why_frozen(self, obj: Site) -> str:
        return _(
            "The ledger has figures of this site, so its code can't be changed. "
            "A site that is no longer run gets the day on which it closed; "
            "what opens in its place is a new site."
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            lay_series_of_sites(request, [form.instance])

    def page_links(self, obj: Site) -> list[tuple[str, str]]:
        return [
            (_("Its series"), f"{reverse('admin:indicators_series_changelist')}?site__id__exact={obj.pk}")
        ]


@admin.register(User)
class UserAdmin(people.UserAdmin):
    def is_frozen(self, obj: User) -> bool:
        return Entry.objects.filter(Q(submitted_by=obj) | Q(approved_by=obj)).exists()
