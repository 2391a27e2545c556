"""The ledger and what leads to it: to be looked at, never changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from indicators.models import Entry, Evidence, Remark, Report, ReportAuthor, Result, Step
from programs.admin.base import ReadOnlyAdmin, ReadOnlyInline

NUMBERS = ("value", "numerator", "denominator")


def plain(row: Entry | Result) -> str:
    """The value with the decimals that were given, both parts of a ratio, or why there is none."""
    if row.absence:
        return str(row.get_absence_display())
    if row.numerator is not None and row.denominator is not None:
        return f"{_number(row.numerator)} / {_number(row.denominator)}"
    return (row.day or _number(row.value)) if row.value is not None else "–"


def _number(value: Decimal) -> str:
    return f"{value:,f}"


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin[Entry]):
    list_display = (
        "number", "program", "kind", "indicator", "site", "category", "period", "figure", "recorded_at",
        "approved_by",
    )  # fmt: skip
    list_select_related = (
        "program", "series__indicator", "series__site", "series__category", "period", "approved_by",
        "supersedes",
    )  # fmt: skip
    list_filter = ("program", "kind", "change", "absence", "certainty")
    search_fields = (
        "series__indicator__code", "series__indicator__name", "series__site__code", "series__site__name",
        "period__label", "explanation", "reason",
    )  # fmt: skip
    date_hierarchy = "recorded_at"
    ordering = ("-recorded_at", "-number")
    readonly_fields = ("figure", "indicator", "site", "category", "fingerprint")
    fieldsets = (
        (_("What"), {"fields": ("program", "indicator", "site", "category", "period", "kind")}),
        (_("How much"), {"fields": ("figure", *NUMBERS, "day", "absence", "certainty", "expected")}),
        (_("On what ground"), {"fields": ("explanation", "evidence", "published", "change", "reason")}),
        (
            _("By whom, when, in place of what"),
            {
                "fields": (
                    "submitted_by", "approved_by", "approval", "recorded_at", "supersedes", "number",
                    "fingerprint",
                )
            },
        ),
    )  # fmt: skip

    @admin.display(description=_("indicator"), ordering="series__indicator__code")
    def indicator(self, obj: Entry) -> str:
        return str(obj.series.indicator)

    @admin.display(description=_("site"), ordering="series__site__name")
    def site(self, obj: Entry) -> str:
        return str(obj.series.site or "–")

    @admin.display(description=_("category"))
    def category(self, obj: Entry) -> str:
        return str(obj.series.category or "–")

    @admin.display(description=_("figure"))
    def figure(self, obj: Entry) -> str:
        return plain(obj)

    @admin.display(description=_("hash"))
    def fingerprint(self, obj: Entry) -> str:
        return bytes(obj.hash or b"").hex()


class ResultInline(ReadOnlyInline[Result, Report]):
    model = Result
    fields = ("row", "typed", "figure", "explanation", "evidence", "typed_by", "typed_at")
    readonly_fields = ("row", "figure")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        rows = super().get_queryset(request)
        return rows.select_related(
            "report__site", "report__program", "report__period", "series__indicator", "series__category",
            "evidence", "typed_by",
        )  # fmt: skip

    @admin.display(description=_("row"))
    def row(self, obj: Result) -> str:
        category = obj.series.category
        return f"{obj.series.indicator} · {category}" if category else str(obj.series.indicator)

    @admin.display(description=_("read as"))
    def figure(self, obj: Result) -> str:
        return plain(obj)


class StepInline(ReadOnlyInline[Step, Report]):
    model = Step
    fields = ("submission", "kind", "by", "at", "reason", "digest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        rows = super().get_queryset(request)
        return rows.select_related("report__site", "report__program", "report__period", "by")


class AuthorInline(ReadOnlyInline[ReportAuthor, Report]):
    model = ReportAuthor
    fields = ("user",)
    verbose_name_plural = _("who typed or submitted any of it, and so can't approve it")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportAuthor]:
        rows = super().get_queryset(request)
        return rows.select_related("report__site", "report__program", "report__period", "user")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin[Report]):
    list_display = ("where", "program", "period", "state", "submission", "due_on", "saved_by", "saved_at")
    list_select_related = ("program", "site", "period", "saved_by")
    list_filter = ("state", "program", "period__kind", "period__locked")
    search_fields = ("program__code", "program__name", "site__code", "site__name", "period__label")
    date_hierarchy = "period__last_on"
    ordering = ("-period__last_on", "program", "site")
    inlines = (StepInline, ResultInline, AuthorInline)
    fields = ("program", "site", "period", "state", "submission", "version", "saved_by", "saved_at")

    @admin.display(description=_("site"), ordering="site__name")
    def where(self, obj: Report) -> str:
        return str(obj.site or obj.program)

    @admin.display(description=_("due on"), ordering="period__due_on")
    def due_on(self, obj: Report) -> Any:
        return obj.period.due_on


class RemarkInline(ReadOnlyInline[Remark, Step]):
    model = Remark
    fields = ("row", "text")
    readonly_fields = ("row",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Remark]:
        rows = super().get_queryset(request)
        return rows.select_related("series__indicator", "series__category")

    @admin.display(description=_("row"))
    def row(self, obj: Remark) -> str:
        category = obj.series.category
        return f"{obj.series.indicator} · {category}" if category else str(obj.series.indicator)


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin[Step]):
    list_display = ("at", "report", "kind", "submission", "by", "reason")
    list_display_links = ("at", "report")
    list_select_related = ("report__program", "report__site", "report__period", "by")
    list_filter = ("kind", "report__program")
    search_fields = (
        "report__program__code",
        "report__site__name",
        "report__period__label",
        "reason",
        "by__username",
    )
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    inlines = (RemarkInline,)
    fields = ("report", "kind", "submission", "by", "at", "reason", "digest")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin[Evidence]):
    list_display = ("text", "kind", "published", "program", "created_by", "created_at")
    list_select_related = ("program", "created_by")
    list_filter = ("kind", "program")
    search_fields = ("text", "sha256")
    fields = ("program", "kind", "text", "published", "sha256", "created_by", "created_at")
    readonly_fields = ("created_at",)
