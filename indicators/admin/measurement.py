"""Indicators with their breakdowns and series, and dimensions with their categories."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions import lay_series
from indicators.actions.parts import lay_parts
from indicators.actions.removing import remove_breakdown, remove_indicators
from indicators.admin.frozen import FrozenCodes
from indicators.admin.opening import say_laid, targets_link
from indicators.admin.refusals import ELSEWHERE
from indicators.admin.successors import SucceedingAdmin
from indicators.models import Breakdown, Category, Dimension, Entry, Indicator, Result, Series
from programs.admin.base import OneProgramForm, PartInline, RuledAdmin
from programs.admin.history import Trail

SERIES_SHOWN = 150  # more stand on their own list, where they can be searched

WHAT = ("measure", "unit", "factor", "counted", "may_exceed", "accumulation", "direction")
HOW = ("over_sites", "over_time", "numerator_over_time", "denominator_over_time")
WHO = ("reported_by", "frequency", "calendar")
SHEET = (
    ("definition", "definition_es"), ("numerator_label", "numerator_label_es"),
    ("denominator_label", "denominator_label_es"), ("source", "source_es"), ("method", "method_es"),
    ("limitations", "limitations_es"), ("responsible", "responsible_es"), "vocabulary", "standard_code",
)  # fmt: skip


class IndicatorForm(OneProgramForm[Indicator]):
    of_program = {
        "objective": gettext_lazy("This objective belongs to another program."),
        "predecessor": ELSEWHERE,
    }


class BreakdownInline(PartInline[Breakdown, Indicator]):
    model = Breakdown
    fields = ("dimension",)

    def _may(self, obj: Indicator | None) -> bool:
        return obj is None or not _has_entries(obj)

    def has_add_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        return self._may(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One is taken away and another added, never turned into another."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(obj)


class SeriesInline(PartInline[Series, Indicator]):
    model = Series
    readonly_fields = ("site", "category")
    fields = ("site", "category", "from_on", "to_on")
    verbose_name_plural = gettext_lazy("series, and the days from and to which each is expected")

    def has_add_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        rows = super().get_queryset(request).select_related("indicator", "program", "site", "category")
        return rows.order_by("site__name", "category__dimension", "category__position")


def _has_entries(indicator: Indicator) -> bool:
    """Whether the ledger has entries of it; one query."""
    return Entry.objects.filter(series__indicator=indicator.pk).exists()


@admin.register(Indicator)
class IndicatorAdmin(SucceedingAdmin):
    form = IndicatorForm
    list_display = ("code", "name", "program", "measure", "unit", "direction", "frequency", "closed_on")
    list_display_links = ("code", "name")
    list_select_related = ("program",)
    list_filter = (
        "program", "measure", "accumulation", "reported_by", "frequency",
        ("closed_on", admin.EmptyFieldListFilter), "breakdowns__dimension",
    )  # fmt: skip
    search_fields = (
        "code", "name", "name_es", "definition", "definition_es", "standard_code", "program__code",
        "program__name", "program__name_es",
    )  # fmt: skip
    autocomplete_fields = ("program", "objective", "predecessor")
    inlines = (BreakdownInline, SeriesInline)
    fixed_fields = ("program",)
    frozen_fields = ("code", *WHAT, *HOW, *WHO, "predecessor")
    fieldsets = (
        (
            gettext_lazy("What is measured"),
            {
                "fields": (
                    "program", "objective", "code", ("name", "name_es"),
                    ("measure", "unit", "unit_es", "factor"),
                    ("accumulation", "direction"), ("counted", "may_exceed"),
                )
            },
        ),
        (
            gettext_lazy("How figures combine"),
            {"fields": (("over_sites", "over_time"), ("numerator_over_time", "denominator_over_time"), WHO)},
        ),
        (gettext_lazy("Reference sheet"), {"fields": SHEET}),
        (
            gettext_lazy("From when to when, and what it goes on with"),
            {"fields": (("starts_on", "closed_on"), "predecessor", "break_reason")},
        ),
    )  # fmt: skip

    def get_inlines(self, request: HttpRequest, obj: Indicator | None) -> Any:
        if obj is None or obj.series.count() > SERIES_SHOWN:
            return (BreakdownInline,)
        return self.inlines

    def is_frozen(self, obj: Indicator) -> bool:
        return _has_entries(obj)

    def why_frozen(self, obj: Indicator) -> str:
        return format_html(
            '{} <a href="{}">{}</a>',
            _("The ledger has figures of this indicator, so what gives them their meaning can't be changed."),
            self.address("successor", obj.pk),
            _("Close this indicator and open its successor."),
        )

    def page_links(self, obj: Indicator) -> list[tuple[str, str]]:
        series = f"{reverse('admin:indicators_series_changelist')}?indicator__id__exact={obj.pk}"
        links = [targets_link(obj.program), (_("Its series"), series)]
        after = Indicator.objects.filter(predecessor=obj).first()
        if after is not None:
            return [*links, (_("Its successor"), self.address("change", after.pk))]
        return [*links, (_("Close it and open its successor"), self.address("successor", obj.pk))]

    # --- what rests on it ------------------------------------------------------------------

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the parts; a breakdown that is taken away takes its unused series with it."""
        if formset.model is not Breakdown:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for breakdown in formset.deleted_objects:
            remove_breakdown(breakdown=breakdown)
        for breakdown in formset.new_objects:
            breakdown.save()
        if change and formset.new_objects:
            new = [breakdown.dimension_id for breakdown in formset.new_objects]
            categories = Category.objects.filter(dimension__in=new, retired_on=None)
            today = timezone.localdate()
            say_laid(request, lay_parts(indicators=[form.instance], categories=categories, today=today))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        indicator = form.instance
        super().save_related(request, form, formsets, change)
        if not change or "reported_by" in form.changed_data:
            say_laid(request, lay_series(indicators=[indicator]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its series go with it, as long as they hold nothing."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        keys = [one.pk for one in objs]
        rest = (
            Entry.objects.filter(series__indicator__in=keys),
            Result.objects.filter(series__indicator__in=keys),
            Indicator.objects.filter(predecessor__in=keys).exclude(pk__in=keys),
        )
        if not any(rows.exists() for rows in rest):
            protected = []
        return listed, counts, lacking, protected

    def delete_model(self, request: HttpRequest, obj: Indicator) -> None:
        remove_indicators(indicators=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Indicator]) -> None:
        remove_indicators(indicators=queryset)

    def trails(self, obj: Indicator) -> list[Trail]:
        return [*super().trails(obj), Trail(Breakdown, "indicator_id"), Trail(Series, "indicator_id")]


@admin.register(Series)
class SeriesAdmin(RuledAdmin[Series]):
    list_display = ("indicator", "site", "category", "program", "from_on", "to_on")
    list_select_related = ("indicator", "site", "category", "program")
    list_filter = ("program", "category__dimension", "indicator__reported_by")
    search_fields = (
        "indicator__code", "indicator__name", "indicator__name_es", "site__code", "site__name",
        "category__name", "category__name_es",
    )  # fmt: skip
    readonly_fields = ("program", "indicator", "site", "category")
    fields = ("program", "indicator", "site", "category", "from_on", "to_on")

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Besides its filters, the series of one indicator or site."""
        return lookup in ("indicator__id__exact", "site__id__exact") or super().lookup_allowed(
            lookup, value, request
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Series are laid with indicators, sites and categories."""
        return False


class CategoryCodes(FrozenCodes[Category, Dimension]):
    """The categories of a dimension; the codes of those that the ledger names stay."""

    def frozen(self) -> set[int]:
        entries = Entry.objects.filter(series__dimension=self.instance.pk)
        return set(entries.values_list("series__category", flat=True).distinct())


class CategoryInline(PartInline[Category, Dimension]):
    model = Category
    formset = CategoryCodes
    fields = ("position", "code", "name", "name_es", "retired_on")


@admin.register(Dimension)
class DimensionAdmin(RuledAdmin[Dimension]):
    list_display = ("code", "name", "additivity")
    list_display_links = ("code", "name")
    list_filter = ("additivity",)
    search_fields = ("code", "name", "name_es", "categories__name", "categories__name_es")
    inlines = (CategoryInline,)
    frozen_fields = ("code", "additivity")
    fieldsets = ((None, {"fields": ("code", ("name", "name_es"), "additivity")}),)

    def is_frozen(self, obj: Dimension) -> bool:
        return Entry.objects.filter(series__dimension=obj).exists()

    def why_frozen(self, obj: Dimension) -> str:
        return _(
            "The ledger has figures by this dimension, so its code and how it adds up can't be changed. "
            "Categories may be added or retired, and their spelling corrected; "
            "for another meaning make a new dimension."
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.new_objects and change:
            indicators = Indicator.objects.filter(breakdowns__dimension=form.instance, closed_on=None)
            today = timezone.localdate()
            say_laid(request, lay_parts(indicators=indicators, categories=formset.new_objects, today=today))

    def trails(self, obj: Dimension) -> list[Trail]:
        return [*super().trails(obj), Trail(Category, "dimension_id")]
