"""What a reader may choose for a page: the stretch of time, the calendar, the site. Sent by GET."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import words
from indicators.periods import Calendar, Kind, Span, label, parse_label
from monitoring.portfolio.standing import last_ended_quarter, offered_periods
from programs.models import Program
from programs.models.program import ProgramQuerySet

KINDS = [("", gettext_lazy("all")), ("no", gettext_lazy("real")), ("yes", gettext_lazy("illustrative"))]


class ProgramFilter(forms.Form):
    """Which programs a list shows."""

    text = forms.CharField(label=gettext_lazy("Name, code or what it does"), required=False, max_length=100)
    component = forms.ChoiceField(
        label=gettext_lazy("Component"),
        required=False,
        choices=[("", gettext_lazy("all")), *Program.Component.choices],
    )
    illustrative = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=KINDS,
    )

    def chosen(self, programs: ProgramQuerySet) -> ProgramQuerySet:
        """Those of the programs that fit; what is wrong is left out."""
        if not self.is_valid():
            return programs
        wanted = self.cleaned_data
        if text := wanted["text"].strip():
            programs = programs.with_text(text)
        if wanted["component"]:
            programs = programs.filter(component=wanted["component"])
        if wanted["illustrative"]:
            programs = programs.filter(illustrative=wanted["illustrative"] == "yes")
        return programs


class PortfolioForm(forms.Form):
    """The period and the calendar of the portfolio."""

    period = forms.CharField(label=gettext_lazy("Period"), required=False, widget=forms.Select)
    calendar = forms.ChoiceField(
        label=gettext_lazy("Calendar"), choices=list(words.CALENDARS.items()), required=False
    )
    map = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, today: date) -> None:
        super().__init__(data)
        self.full_clean()
        labels = [label(span, self.calendar_chosen) for span in offered_periods(today, self.calendar_chosen)]
        given = label(self.span(today), self.calendar_chosen)
        widget = self.fields["period"].widget
        if isinstance(widget, forms.Select):
            widget.choices = [(text, text) for text in dict.fromkeys([*labels, given])]
        if not str(self.data.get("period", "")).strip():
            self.data = {**data.dict(), "period": given}

    def clean_period(self) -> Span | None:
        text = self.cleaned_data["period"].strip()
        try:
            span = parse_label(text) if text else None
        except ValueError as wrong:
            raise forms.ValidationError(_("There is no such period. Write 2026 or 2026 Q3.")) from wrong
        return span if span and span.kind is not Kind.LIFE else None

    @property
    def calendar_chosen(self) -> Calendar:
        return Calendar(self.cleaned_data.get("calendar") or Calendar.CALENDAR)

    @property
    def map_chosen(self) -> str:
        """What the map shows: "" for reports, a program's code, or PROGRAM/INDICATOR."""
        return str(self.cleaned_data.get("map") or "")

    def span(self, today: date) -> Span:
        """The period that was chosen, else the last quarter that has ended."""
        chosen: Span | None = self.cleaned_data.get("period")
        return chosen or last_ended_quarter(today)
