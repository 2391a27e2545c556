"""What a reader may choose for a performance table, all in its address so that it can be shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from indicators import words
from indicators.judging import Status
from indicators.ledger import ProgramBook
from indicators.models import Objective
from indicators.periods import Calendar, Kind, Span, label, parse_label
from monitoring.performance.columns import Reach
from monitoring.performance.table import offered_spans, reach_between

BY = [
    ("", gettext_lazy("usual")),
    ("month", gettext_lazy("months")),
    ("quarter", gettext_lazy("quarters")),
    ("half", gettext_lazy("half-years")),
    ("year", gettext_lazy("years")),
    ("life", gettext_lazy("life of program")),
]
LEVELS = {str(value): name for value, name in Objective.Level.choices}
STATUSES = {str(it): words.STATUSES[it] for it in Status}


class Several(forms.MultipleChoiceField):
    """Any of some values, all where none is chosen; shown as a list of boxes that folds."""

    widget = forms.CheckboxSelectMultiple

    nothing = pgettext_lazy("choices", "all")

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, **more)


class Statuses(Several):
    nothing = pgettext_lazy("statuses", "any")


class OfTheProgram(Several):
    """The same of values that are known once the program is: those that don't exist are told then."""

    def valid_value(self, value: str) -> bool:
        return True


class PerformanceForm(forms.Form):
    """The stretch and the part of a program that its table shows; what is wrong is told, and left out."""

    by = forms.ChoiceField(label=gettext_lazy("Columns"), choices=BY, required=False)
    calendar = forms.ChoiceField(
        label=gettext_lazy("Calendar"), choices=list(words.CALENDARS.items()), required=False
    )
    site = OfTheProgram(label=gettext_lazy("Sites"))
    level = Several(label=gettext_lazy("Levels"), choices=list(LEVELS.items()))
    status = Statuses(label=gettext_lazy("Status"), choices=list(STATUSES.items()))
    categories = forms.BooleanField(label=gettext_lazy("With all breakdowns"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["from"] = forms.CharField(label=_("From"), required=False, widget=forms.Select)
        self.fields["to"] = forms.CharField(label=_("To"), required=False, widget=forms.Select)
        self.order_fields(["from", "to", "by", "calendar", "site", "level", "status", "categories"])
        self.full_clean()

    def offer(self, book: ProgramBook) -> frozenset[int] | None:
        """Fill the lists to choose from; the sites that were chosen, None for all."""
        spans = offered_spans(book, self.calendar_chosen, self.kind_chosen)
        for name in ("from", "to"):
            labels = [label(span, self.calendar_chosen) for span in spans]
            if (given := str(self.data.get(name, "")).strip()) and given not in labels:
                labels.insert(0, given)
            self._choices(name, [("", _("latest")), *((text, text) for text in labels)])
        sites = sorted(book.sites.values(), key=lambda site: site.name)
        self._choices("site", [(site.code, site.name) for site in sites])
        wanted = set(self.cleaned_data.get("site") or ()) - {""}
        if wanted - {site.code for site in sites}:
            self.add_error("site", _("This program has no such site."))
        return frozenset(site.pk for site in sites if site.code in wanted) or None

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        if isinstance(widget, forms.Select | forms.CheckboxSelectMultiple):
            widget.choices = list(choices)

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

    @property
    def levels(self) -> list[str]:
        return list(self.cleaned_data.get("level") or ())

    @property
    def statuses(self) -> list[str]:
        return list(self.cleaned_data.get("status") or ())

    @property
    def with_categories(self) -> bool:
        return bool(self.cleaned_data.get("categories"))

    def refuse_status(self) -> None:
        """Say that no period can have a status yet."""
        self.add_error("status", _("No period shown has ended, so none has a status. Choose earlier ones."))
