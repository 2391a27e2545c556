"""One target or baseline, for any period, site and category of a program."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import periods, words
from indicators.actions import Changed, Plan, Refused, set_plans
from indicators.forms.targets import said_of
from indicators.models import Category, Entry, Indicator, Period
from indicators.models.result import TYPED
from indicators.periods import Kind, Span
from indicators.rows import Typed
from indicators.values import Change, EntryKind, Measure
from programs.models import Program, Site, User

KINDS = [(kind, words.ENTRY_KINDS[kind]) for kind in (EntryKind.TARGET, EntryKind.BASELINE)]
OF_MEASURE = {
    Measure.NUMBER: {"value"},
    Measure.RATIO: {"value", "numerator", "denominator"},
    Measure.MILESTONE: {"day"},
}
MISPLACED = {
    "value": gettext_lazy("The target of a milestone is a day."),
    "numerator": gettext_lazy("Only a ratio has two parts."),
    "denominator": gettext_lazy("Only a ratio has two parts."),
    "day": gettext_lazy("Only a milestone has a day."),
}


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A category with the name of its dimension before it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.dimension}: {obj}"


def text(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    """A box for text that need not be filled."""
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=TYPED, **more)


def choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **{"required": False} | more)


class PlanForm(forms.Form):
    """What is planned, for whom and when, on what evidence and why; 4 queries to show it."""

    kind = choice(
        gettext_lazy("What"), KINDS, required=True, initial=EntryKind.TARGET, widget=forms.RadioSelect
    )
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), to_field_name="code", label=gettext_lazy("Indicator")
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), to_field_name="code", required=False, label=gettext_lazy("Site")
    )
    category = CategoryField(Category.objects.none(), required=False, label=gettext_lazy("Category"))
    period = choice(gettext_lazy("Period"), [])
    label = text(
        gettext_lazy("or another period"),
        gettext_lazy("As 2025, FY2026, 2025 H1, 2025 Q4, 2025-11 or 2018–2022."),
        widget=forms.TextInput(attrs={"size": 12}),
    )
    value = text(gettext_lazy("Value"), gettext_lazy("1,926.5; of a milestone's baseline yes or no"))
    numerator = text(gettext_lazy("Numerator"), gettext_lazy("of a ratio, instead of its value"))
    denominator = text(gettext_lazy("Denominator"), gettext_lazy("of a ratio, instead of its value"))
    day = text(gettext_lazy("Day"), gettext_lazy("of a milestone: 2027-03-15, 2027-03 or 2027"))
    absence = choice(gettext_lazy("or no value because"), [("", ""), *list(words.ABSENCES.items())[:-1]])
    certainty = choice(gettext_lazy("How certain"), list(words.CERTAINTIES.items()))
    expected = forms.BooleanField(label=gettext_lazy("Expected rather than observed"), required=False)
    evidence = text(
        gettext_lazy("Evidence"), gettext_lazy("A link, or the title of a document and its year.")
    )
    published = text(gettext_lazy("Published on"), gettext_lazy("As 2018-05-20, 2018-05 or 2018."))
    reason = text(gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    change = choice(gettext_lazy("If one is in force"), list(words.CHANGES.items()), widget=forms.RadioSelect)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, program: Program, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.program = program
        self.conflict = False
        own: dict[str, tuple[Any, Any]] = {
            "indicator": (program.indicators.order_by("code"), _("choose")),
            "site": (program.sites.order_by("name"), _("the program as a whole")),
            "category": (self._categories(), _("the whole")),
        }
        for name, (choices, empty) in own.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset, field.empty_label = choices, empty
        cast(forms.ChoiceField, self.fields["period"]).choices = [("", _("choose")), *self._periods]

    def _categories(self) -> Any:
        of_program = Category.objects.filter(dimension__breakdowns__indicator__program=self.program)
        return (
            of_program.select_related("dimension").order_by("dimension__name", "position", "name").distinct()
        )

    @cached_property
    def _spans(self) -> dict[str, Span]:
        """Every period that there is, and the program's life, by label."""
        spans = {period.label: period.span for period in Period.objects.all()}
        if self.program.starts_on and self.program.ends_on:
            life = periods.life(self.program.starts_on, self.program.ends_on)
            spans = {life.label: life, **spans}
        return spans

    @property
    def _periods(self) -> list[tuple[str, str]]:
        named = {Kind.LIFE: words.KINDS["life"], Kind.OTHER: words.KINDS["other"]}
        return [
            (label, f"{label} ({named[span.kind]})" if span.kind in named else label)
            for label, span in self._spans.items()
        ]

    def clean_label(self) -> str:
        """The label as the period has it, whatever calendar it was written in."""
        written: str = self.cleaned_data["label"]
        if not written:
            return ""
        try:
            return periods.parse_label(written).label
        except ValueError as error:
            raise forms.ValidationError(_("This is no period. Write it like 2025 Q4.")) from error

    def clean(self) -> dict[str, Any]:
        """One period, chosen or written; nothing in a box that the indicator has no use for."""
        data = super().clean() or self.cleaned_data
        labels = {data.get("period"), data.get("label")} - {"", None}
        if not labels and not {"period", "label"} & set(self.errors):
            self.add_error("period", _("Choose a period, or write another one."))
        if len(labels) > 1:
            self.add_error("label", _("Choose a period or write another one, not both."))
        indicator = data.get("indicator")
        if indicator is not None:
            self._check_boxes(indicator, data)
        return data

    def _check_boxes(self, indicator: Indicator, data: dict[str, Any]) -> None:
        fit = OF_MEASURE[Measure(indicator.measure)]
        if indicator.measure == Measure.MILESTONE and data.get("kind") == EntryKind.BASELINE:
            fit = {"value", "day"}
        for name, message in MISPLACED.items():
            if name not in fit and data.get(name):
                self.add_error(name, str(message))

    @property
    def _span(self) -> Span:
        label = self.cleaned_data["label"] or self.cleaned_data["period"]
        return self._spans.get(label) or periods.parse_label(label)

    def _in_force(self) -> Entry | None:
        """What the ledger says of this now; 1 query."""
        data = self.cleaned_data
        return (
            Entry.objects.in_force()
            .filter(
                kind=data["kind"],
                series__indicator=data["indicator"],
                series__site=data["site"],
                series__category=data["category"],
                period__label=self._span.label,
            )
            .select_related("series__indicator", "approved_by")
            .first()
        )

    def set(self, by: User) -> list[Entry]:
        """Set what was typed; Changed unless the page had shown what is in force now."""
        data, entry = self.cleaned_data, self._in_force()
        if entry is not None and entry.pk != data["seen"]:
            self.data = {**self.data.dict(), "seen": str(entry.pk)}  # type: ignore[attr-defined]  # a QueryDict
            raise Changed(
                _(
                    "%(text)s is in force, set by %(who)s. "
                    "Say whether you correct or revise it, and set it again."
                )
                % {"text": said_of(entry), "who": entry.approved_by.shown_name}
            )
        plan = Plan(
            indicator_id=data["indicator"].pk,
            span=self._span,
            typed=self._typed(),
            kind=EntryKind(data["kind"]),
            site_id=data["site"].pk if data["site"] else None,
            category_id=data["category"].pk if data["category"] else None,
            seen=entry.pk if entry else None,
            expected=data["expected"],
        )
        change = Change(data["change"]) if data["change"] else None
        return set_plans(
            program_id=self.program.pk, by=by, plans=[plan], reason=data["reason"], change=change
        )

    def _typed(self) -> Typed:
        data = self.cleaned_data
        boxes = ("value", "numerator", "denominator", "day", "absence", "evidence", "published")
        return Typed(certainty=data["certainty"] or "exact", **{name: data[name] for name in boxes})

    def refuse(self, refusal: Refused) -> None:
        """Set each complaint beside its box, or over all of them."""
        self.conflict = isinstance(refusal, Changed)
        for complaint in refusal.complaints:
            self.add_error(complaint.field if complaint.field in self.fields else None, complaint.message)

    @property
    def wrong(self) -> list[dict[str, str]]:
        """What stands in the way, each with the name and the id of its box."""
        return [
            {
                "name": "" if name == "__all__" else str(self.fields[name].label),
                "id": "" if name == "__all__" else self._id_of(name),
                "message": str(message),
            }
            for name, said in self.errors.items()
            for message in said
        ]

    def _id_of(self, name: str) -> str:
        return self[name].id_for_label or f"id_{name}_0"
