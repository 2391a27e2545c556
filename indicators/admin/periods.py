"""The calendar: periods, when they are due, which are locked, and the opening of what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from indicators import periods
from indicators.admin.opening import open_due
from indicators.formatting import day
from indicators.models import Period
from indicators.periods import Kind, Span
from programs.admin.base import RuledAdmin
from programs.admin.typed import ModelForm

BEGINS: dict[str, Any] = {
    Kind.MONTH: gettext_lazy("A month begins on its first day."),
    Kind.QUARTER: gettext_lazy("A quarter begins on the 1st of January, April, July or October."),
    Kind.HALF: gettext_lazy("A half-year begins on the 1st of January, April, July or October."),
    Kind.YEAR: gettext_lazy("A year begins on the 1st of January, a U.S. fiscal year on the 1st of October."),
}


class PeriodForm(ModelForm[Period]):
    """A period by its kind and first day; what is left empty is filled in from the calendar."""

    class Meta:
        model = Period
        fields = ("kind", "first_on", "last_on", "label", "due_on", "locked")
        help_texts = {
            "last_on": gettext_lazy("Left empty, it follows from the kind and the first day."),
            "label": gettext_lazy("Left empty, it follows from kind and days. The kind “other” needs one."),
            "due_on": gettext_lazy("Left empty for a new period, it is 15 days after the last day."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "label" in self.fields:
            self.fields["label"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in self.fields and cleaned.get("kind") and not self.errors:
            self._fill(cleaned, Kind(cleaned["kind"]))
        return cleaned

    def _fill(self, cleaned: dict[str, Any], kind: Kind) -> None:
        span = self._span(kind, cleaned["first_on"], cleaned["last_on"])
        if kind is Kind.OTHER and not cleaned["label"]:
            self.add_error("label", _("Write the label under which it was published."))
        if span is None:
            return
        if cleaned["label"] not in ("", span.label):
            self.add_error("label", _("The label of this one is %(label)s.") % {"label": span.label})
        cleaned["last_on"], cleaned["label"] = span.last, span.label
        if self.instance.pk is None and kind in BEGINS:
            cleaned["due_on"] = cleaned["due_on"] or periods.default_due_on(span)

    def _span(self, kind: Kind, first: date | None, last: date | None) -> Span | None:
        """The span of these days; None where a message was put beside a field instead."""
        if kind is Kind.OTHER:
            return None
        if first is None:
            self.add_error("first_on", _("Give the first day."))
            return None
        if kind is Kind.LIFE:
            return self._life(first, last)
        try:
            span = periods.span_of(kind, first)
        except ValueError:
            self.add_error("first_on", str(BEGINS[kind]))
            return None
        if last not in (None, span.last):
            self.add_error("last_on", _("This one ends on %(day)s.") % {"day": day(span.last)})
            return None
        return span

    def _life(self, first: date, last: date | None) -> Span | None:
        if last is None:
            self.add_error("last_on", _("Give the last day."))
            return None
        return periods.life(first, last) if first <= last else None


@admin.register(Period)
class PeriodAdmin(RuledAdmin[Period]):
    form = PeriodForm
    change_list_template = "admin/period_change_list.html"
    list_display = ("label", "kind", "first_on", "last_on", "due_on", "is_locked", "reports", "approved")
    list_filter = ("kind", "locked")
    date_hierarchy = "first_on"
    search_fields = ("label",)
    frozen_fields = ("kind", "first_on", "last_on", "label")
    fieldsets = (
        (None, {"fields": ("kind", "first_on", "last_on", "label")}),
        (None, {"fields": ("due_on", "locked")}),
    )
    actions = ("lock", "unlock")

    def get_queryset(self, request: HttpRequest) -> Any:
        approved = Count("reports", filter=Q(reports__state="approved"))
        return super().get_queryset(request).annotate(report_count=Count("reports"), approved_count=approved)

    @admin.display(description=gettext_lazy("reports"))
    def reports(self, obj: Any) -> int:
        return int(obj.report_count)

    @admin.display(description=pgettext_lazy("reports", "approved"))
    def approved(self, obj: Any) -> int:
        return int(obj.approved_count)

    @admin.display(description=gettext_lazy("locked"), ordering="locked")
    def is_locked(self, obj: Period) -> str:
        return _("locked") if obj.locked else ""

    def is_frozen(self, obj: Period) -> bool:
        return obj.entries.exists()

    def why_frozen(self, obj: Period) -> str:
        return _(
            "The ledger has figures of this period, so its kind, days and label can't be changed. "
            "Its due day can, and it can be locked."
        )

    @admin.action(description=gettext_lazy("Lock the chosen periods"))
    def lock(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        """No saving, submitting, approving or reopening of their reports from now on."""
        n = Period.objects.filter(pk__in=queryset.values("pk"), locked=False).update(locked=True)
        messages.success(
            request, ngettext("%(n)s period was locked.", "%(n)s periods were locked.", n) % {"n": n}
        )

    @admin.action(description=gettext_lazy("Unlock the chosen periods"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        """Their reports can be worked on again."""
        n = Period.objects.filter(pk__in=queryset.values("pk"), locked=True).update(locked=False)
        messages.success(
            request, ngettext("%(n)s period was unlocked.", "%(n)s periods were unlocked.", n) % {"n": n}
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.open_due)
        return [path("open-due/", view, name="indicators_period_open_due"), *super().get_urls()]

    def open_due(self, request: HttpRequest) -> HttpResponse:
        """Make the running periods and every report that is due; done twice it changes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        open_due(request)
        return HttpResponseRedirect(self.address("changelist"))
