"""What a reader may choose for a page: the stretch of time, the calendar, the site. Sent by GET."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from indicators import words
from indicators.ledger import ProgramBook
from indicators.periods import Calendar, Kind, Span, label, parse_label
from monitoring.columns import Reach
from monitoring.performance import offered_spans, reach_between
from monitoring.portfolio import last_ended_quarter, offered_periods
from programs.models import Program
from programs.models.program import ProgramQuerySet

BY = [
    ("", gettext_lazy("usual")),
    ("month", gettext_lazy("months")),
    ("quarter", gettext_lazy("quarters")),
    ("half", gettext_lazy("half-years")),
    ("year", gettext_lazy("years")),
]


class PerformanceForm(forms.Form):
    """The stretch and the part of a program that its table shows; what is wrong is told, and left out."""

    calendar = forms.ChoiceField(
        label=gettext_lazy("Calendar"), choices=list(words.CALENDARS.items()), required=False
    )
    by = forms.ChoiceField(label=gettext_lazy("Columns"), choices=BY, required=False)
    site = forms.CharField(label=gettext_lazy("Site"), required=False, widget=forms.Select)
    categories = forms.BooleanField(label=gettext_lazy("With breakdowns"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["from"] = forms.CharField(label=_("From"), required=False, widget=forms.Select)
        self.fields["to"] = forms.CharField(label=_("To"), required=False, widget=forms.Select)
        self.order_fields(["from", "to", "by", "calendar", "site", "categories"])
        self.full_clean()

    def offer(self, book: ProgramBook) -> frozenset[int] | None:
        """Fill the lists to choose from; the site that was chosen, None for all."""
        spans = offered_spans(book, self.calendar_chosen, self.kind_chosen)
        for name in ("from", "to"):
            labels = [label(span, self.calendar_chosen) for span in spans]
            if (given := str(self.data.get(name, "")).strip()) and given not in labels:
                labels.insert(0, given)
            self._choices(name, _("latest"), [(text, text) for text in labels])
        sites = sorted(book.sites.values(), key=lambda site: site.name)
        self._choices("site", pgettext("sites", "all"), [(site.code, site.name) for site in sites])
        wanted = self.cleaned_data.get("site")
        chosen = frozenset(site.pk for site in sites if site.code == wanted)
        if wanted and not chosen:
            self.add_error("site", _("This program has no such site."))
        return chosen or None

    def _choices(self, name: str, nothing: str, choices: Sequence[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        if isinstance(widget, forms.Select):
            widget.choices = [("", nothing), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("from", "to"):
            cleaned[name] = self._span(name, cleaned.get(name) or "")
        first, last = cleaned["from"], cleaned["to"]
        if first and last and last.last < first.first:
            self.add_error("to", _("This is before the first period."))
        return cleaned

    def _span(self, name: str, text: str) -> Span | None:
        try:
            span = parse_label(text) if text.strip() else None
        except ValueError:
            span = None
            self.add_error(name, _("There is no such period. Write 2026, 2026 Q3, 2026-07 or FY2027 Q1."))
        return span if span and span.kind is not Kind.LIFE else None

    @property
    def calendar_chosen(self) -> Calendar:
        return Calendar(self.cleaned_data.get("calendar") or Calendar.CALENDAR)

    @property
    def kind_chosen(self) -> Kind | None:
        """The kind of period of the columns, None for the one that most indicators have."""
        wanted = self.cleaned_data.get("by")
        return Kind(wanted) if wanted else None

    @property
    def reach(self) -> Reach:
        """From which day to which the table goes."""
        return reach_between(self.cleaned_data.get("from"), self.cleaned_data.get("to"))


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
