"""What a list of reports is narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models import Period, Report
from indicators.models.report import ReportQuerySet
from indicators.periods import Span, parse_label
from programs.models import Program, Site, User


class ProgramField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A program, by its name in the language of the page."""

    def label_from_instance(self, obj: Program) -> str:
        return obj.shown_name


class ReportFilter(forms.Form):
    """What the reports that the reader may know of are narrowed by; 3 queries to show it."""

    program = ProgramField(Program.objects.none(), required=False, label=_("Program"))
    site = forms.ModelChoiceField(Site.objects.none(), required=False, label=_("Site"))
    period = forms.ModelChoiceField(Period.objects.none(), required=False, label=_("Period"))
    state = forms.ChoiceField(
        choices=[("", _("any")), *words.STATES.items()], required=False, label=_("State")
    )
    ends = forms.CharField(required=False, max_length=20, label=_("Period ends in"))
    late = forms.BooleanField(required=False, label=_("Late only"))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.listed = Report.objects.listed_for(user)
        offered: dict[str, Any] = {
            "program": Program.objects.filter(pk__in=self.listed.values("program")),
            "site": Site.objects.filter(pk__in=self.listed.values("site")),
            "period": Period.objects.filter(pk__in=self.listed.values("period")),
        }
        for name, choices in offered.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset, field.empty_label = choices, _("any")

    def clean_ends(self) -> Span | None:
        text = self.cleaned_data["ends"].strip()
        try:
            return parse_label(text) if text else None
        except ValueError as wrong:
            raise forms.ValidationError(_("There is no such period. Write 2026 or 2026 Q3.")) from wrong

    def narrowed(self, today: date) -> ReportQuerySet:
        """The reports that fit; a box that is not understood narrows nothing, and says so."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        found = self.listed.late(today) if wanted.pop("late", False) else self.listed.asking()
        ends: Span | None = wanted.pop("ends", None)
        if ends is not None:
            found = found.filter(period__last_on__range=(ends.first or date.min, ends.last or date.max))
        return found.with_submitted_at().filter(**wanted)
