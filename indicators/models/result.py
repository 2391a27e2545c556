from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import (
    ExactDecimalField,
    IsoDayField,
    choices_are_known,
    day_is_iso,
    numbers_are_sound,
)
from indicators.rows import Typed
from indicators.values import Absence, Certainty

# where each box of a row is kept as it was typed
COLUMNS = {
    "value": "typed",
    "numerator": "numerator_typed",
    "denominator": "denominator_typed",
    "day": "day_typed",
    "absence": "absence",
    "certainty": "certainty",
    "explanation": "explanation",
    "evidence": "evidence_typed",
    "published": "published_typed",
}
TYPED = 2_000  # characters that are kept of what was typed in one box


class ResultQuerySet(models.QuerySet["Result"]):
    def filled(self) -> ResultQuerySet:
        """Those that hold a value or an absence."""
        return self.filter(~Q(absence="") | Q(value__isnull=False) | Q(numerator__isnull=False))

    def begun(self) -> ResultQuerySet:
        """Those in which anything is typed, whether it could be read or not."""
        return self.exclude(**{box: "" for box in COLUMNS.values() if box != "certainty"})

    def typists(self, report_id: int, series: Collection[int]) -> dict[tuple[int, str], tuple[str, datetime]]:
        """By series id and box, who typed what is saved in these rows of a report, and when; 2 queries."""
        rows = list(self.filter(report=report_id, series__in=series).values_list("series", "typists"))
        people = get_user_model().objects.in_bulk({who for _key, by in rows for who, _at in by.values()})
        return {
            (key, box): (people[who].shown_name, datetime.fromisoformat(at))
            for key, by in rows
            for box, (who, at) in by.items()
            if who in people
        }


class Result(models.Model):
    """One series in one report: what was typed, as typed, beside the number it was read as."""

    report = models.ForeignKey("Report", models.PROTECT, related_name="results")
    series = models.ForeignKey("Series", models.PROTECT, related_name="results")
    typed = models.CharField(_("typed"), max_length=TYPED, blank=True)
    numerator_typed = models.CharField(_("numerator as typed"), max_length=TYPED, blank=True)
    denominator_typed = models.CharField(_("denominator as typed"), max_length=TYPED, blank=True)
    day_typed = models.CharField(_("day as typed"), max_length=TYPED, blank=True)
    evidence_typed = models.CharField(_("evidence as typed"), max_length=TYPED, blank=True)
    published_typed = models.CharField(_("published as typed"), max_length=TYPED, blank=True)
    value = ExactDecimalField(_("value"), null=True, blank=True)
    numerator = ExactDecimalField(_("numerator"), null=True, blank=True)
    denominator = ExactDecimalField(_("denominator"), null=True, blank=True)
    day = IsoDayField(_("day"))
    absence = models.CharField(
        _("no value because"), max_length=17, blank=True, choices=list(words.ABSENCES.items())
    )
    certainty = models.CharField(
        _("certainty"), max_length=9, choices=list(words.CERTAINTIES.items()), default=Certainty.EXACT
    )
    explanation = models.TextField(_("explanation"), blank=True)
    evidence = models.ForeignKey("Evidence", models.PROTECT, null=True, blank=True, related_name="results")
    typed_by = models.ForeignKey("programs.User", models.PROTECT, related_name="+")
    typed_at = models.DateTimeField(_("typed at"))
    # by box, the id of who typed what stands in it, and the moment: two people may have typed in one row
    typists = models.JSONField(_("typed by, box by box"), default=dict, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            *numbers_are_sound("result"),
            choices_are_known("result", "certainty", Certainty),
            models.CheckConstraint(
                condition=Q(absence__in=[str(kind) for kind in Absence if kind != Absence.WITHDRAWN] + [""]),
                name="result_absence_is_known",
            ),
            models.CheckConstraint(
                condition=Q(absence="") | Q(value=None, numerator=None, denominator=None, day=""),
                name="result_has_a_value_or_an_absence",
                violation_error_message=_("Give a value or say why there is none, not both."),
            ),
            day_is_iso("result", "day"),
            models.UniqueConstraint(fields=["report", "series"], name="result_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.series_id}"

    @property
    def as_typed(self) -> Typed:
        """The text of every box, as it was typed."""
        return Typed(**{field: getattr(self, column) for field, column in COLUMNS.items()})
