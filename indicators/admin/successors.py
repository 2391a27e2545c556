"""The page on which an indicator is closed and its successor opened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.models import fields_for_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from indicators.actions import Refused, Succession, succeed
from indicators.actions.succeeding import CHANGEABLE, last_figure_on
from indicators.formatting import day as written
from indicators.models import Dimension, Indicator
from indicators.periods import KIND_OF, MONTHS, Calendar, Frequency, Kind, label, shifted, span_at
from programs.access import signed_in
from programs.admin.base import RuledAdmin

BACK, AHEAD = 8, 4  # periods to choose from, before and after the running one
FIELDSETS: Any = (
    (gettext_lazy("From when on, and why"), {"fields": ("closed_on", "reason")}),
    (
        gettext_lazy("What is measured from then on"),
        {
            "fields": (
                "code", ("name", "name_es"), ("measure", "unit", "unit_es", "factor"),
                ("accumulation", "direction"),
                ("counted", "may_exceed"), "dimensions",
            )
        },
    ),
    (
        gettext_lazy("How figures combine"),
        {
            "fields": (
                ("over_sites", "over_time"), ("numerator_over_time", "denominator_over_time"),
                ("reported_by", "frequency", "calendar"),
            )
        },
    ),
    (
        gettext_lazy("Reference sheet"),
        {
            "fields": (
                ("definition", "definition_es"), ("numerator_label", "numerator_label_es"),
                ("denominator_label", "denominator_label_es"), ("source", "source_es"),
                ("method", "method_es"), ("limitations", "limitations_es"),
                ("responsible", "responsible_es"), "vocabulary", "standard_code",
            ),
            "classes": ("collapse",),
        },
    ),
)  # fmt: skip


def closings(indicator: Indicator, today: date) -> list[tuple[date, str]]:
    """The last days of its periods about today on which it can close, with what follows; 2 queries."""
    kind = KIND_OF.get(Frequency(indicator.frequency), Kind.MONTH)
    calendar = Calendar(indicator.calendar)
    after = last_figure_on(indicator) or date.min
    found = []
    for number in range(-BACK, AHEAD + 1):
        span = shifted(span_at(kind, today, calendar), number * MONTHS[kind])
        if span.last and after <= span.last == (indicator.closed_on or span.last):
            text = _("%(first)s on; the last period of the old one is %(last)s")
            words = {"first": label(shifted(span, MONTHS[kind]), calendar), "last": label(span, calendar)}
            found.append((span.last, text % words))
    if indicator.closed_on and not found:
        return [(indicator.closed_on, written(indicator.closed_on + timedelta(days=1)))]
    return found


class SuccessorForm(forms.Form):
    """What a successor is to be, beginning as what its predecessor was."""

    closed_on = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=date.fromisoformat)
    reason = forms.CharField(
        label=gettext_lazy("What is measured otherwise, and why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It stands at the break of the series on every page."),
    )
    dimensions = forms.ModelMultipleChoiceField(
        Dimension.objects.all(), required=False, label=gettext_lazy("Broken down by")
    )

    def __init__(self, data: Any, *, indicator: Indicator, today: date) -> None:
        given = {name: getattr(indicator, name) for name in CHANGEABLE} | {"code": ""}
        given["dimensions"] = list(indicator.breakdowns.values_list("dimension", flat=True))
        super().__init__(data, initial=given)
        self.fields |= fields_for_model(Indicator, CHANGEABLE)
        choices = [(last_on.isoformat(), text) for last_on, text in closings(indicator, today)]
        self.fields["closed_on"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def say(self, refused: Refused) -> None:
        """What the action said no to, beside its field."""
        for complaint in refused.complaints:
            self.add_error(complaint.field if complaint.field in self.fields else None, complaint.message)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CHANGEABLE}


class SucceedingAdmin(RuledAdmin[Indicator]):
    """With a page that closes an indicator and opens its successor, after saying what comes of it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.successor_view)
        own = path("<path:object_id>/successor/", view, name="indicators_indicator_successor")
        return [own, *super().get_urls()]

    def successor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form; then what would come of it; then, confirmed, the successor's page."""
        indicator = self.get_object(request, unquote(object_id))
        if indicator is None:
            return HttpResponseRedirect(self.address("changelist"))
        if not self.has_change_permission(request, indicator):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = SuccessorForm(data, indicator=indicator, today=timezone.localdate())
        if form.is_valid() and "back" not in request.POST:
            done = _succeed(request, form, indicator)
            if done is not None and "confirmed" in request.POST:
                return self._succeeded(request, indicator, done)
            if done is not None:
                return self._page(request, indicator, form, _consequences(indicator, done))
        return self._page(request, indicator, form, [])

    def _succeeded(self, request: HttpRequest, old: Indicator, done: Succession) -> HttpResponse:
        for text in _consequences(old, done):
            messages.info(request, text)
        return HttpResponseRedirect(self.address("change", done.indicator.pk))

    def _page(
        self, request: HttpRequest, indicator: Indicator, form: SuccessorForm, consequences: list[str]
    ) -> HttpResponse:
        plain: Any = form  # the admin's fieldsets take any form; its stubs know those of models only
        context = {
            **self.admin_site.each_context(request),
            "title": _("Close this indicator and open its successor"),
            "subtitle": str(indicator),
            "adminform": AdminForm(plain, FIELDSETS, {}, model_admin=self),
            "errors": form.non_field_errors(),
            "changed": _changed(form) if consequences else [],
            "consequences": consequences,
            "form": form,
            "opts": self.opts,
            "original": indicator,
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
        }
        return TemplateResponse(request, "admin/successor.html", context)


def _succeed(request: HttpRequest, form: SuccessorForm, indicator: Indicator) -> Succession | None:
    """What comes of it, which is undone again unless it was confirmed; None with complaints on the form."""
    try:
        with transaction.atomic():
            done = succeed(
                indicator_id=indicator.pk,
                by=signed_in(request),
                closed_on=form.cleaned_data["closed_on"],
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                dimensions=[it.pk for it in form.cleaned_data["dimensions"]],
                today=timezone.localdate(),
            )
            if "confirmed" not in request.POST:
                transaction.set_rollback(True)
            return done
    except Refused as refused:
        form.say(refused)
        return None


def _changed(form: SuccessorForm) -> list[tuple[str, str, str]]:
    """What is otherwise: the field, what it was, what it will be."""
    found = []
    for name in form.changed_data:
        if name in CHANGEABLE and name != "code":
            field = form.fields[name]
            choices = dict(getattr(field, "choices", ()))
            before, after = form.initial.get(name), form.cleaned_data[name]
            found.append((capfirst(str(field.label)), _shown(before, choices), _shown(after, choices)))
    return found


def _shown(value: Any, choices: dict[Any, Any]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(choices.get(value, value)) or "–"


def _consequences(old: Indicator, done: Succession) -> list[str]:
    new, series = done.indicator, done.series
    start = new.starts_on
    last = start and start - timedelta(days=1)
    said = [
        _("%(old)s closes on %(day)s. Its figures stay as they are.") % {"old": old, "day": written(last)},
        _("%(new)s goes on from %(day)s. Figures of the two are never combined.")
        % {"new": new, "day": written(start)},
        ngettext("%(n)s series is opened for it.", "%(n)s series are opened for it.", series) % {"n": series},
        _("Reports of later periods that are not submitted yet ask for the successor."),
    ]
    if done.opened.reports:
        text = ngettext("%(n)s report is opened.", "%(n)s reports are opened.", done.opened.reports)
        said.append(text % {"n": done.opened.reports})
    if done.left:
        text = _("Targets are not taken over: set those of %(periods)s anew for the successor.")
        said.append(text % {"periods": ", ".join(done.left)})
    else:
        said.append(_("The successor has no targets yet."))
    return said
