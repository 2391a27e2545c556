from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import choices_are_known
from indicators.periods import Calendar, Frequency
from indicators.values import Accumulation, Direction, Meaning, Measure, OverSites, OverTime
from programs.models.bilingual import Bilingual
from programs.models.codes import CodeField, code_is_plain


class ReportedBy(StrEnum):
    SITES = "sites"
    PROGRAM = "program"


# domain: over sites, over time; by measure, and for numbers by accumulation
COMBINATIONS = (
    Q(
        measure="number",
        accumulation="flow",
        over_sites__in=("sum", "average", "none"),
        over_time__in=("sum", "average", "maximum", "none"),
    )
    | Q(
        measure="number",
        accumulation="stock",
        over_sites__in=("sum", "average", "none"),
        over_time__in=("latest", "average", "maximum", "none"),
    )
    | Q(
        measure="ratio",
        accumulation="stock",
        over_sites__in=("pooled", "none"),
        over_time__in=("pooled", "latest", "none"),
    )
    | Q(measure="milestone", accumulation="stock", over_sites="all", over_time="once")
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Indicator(Bilingual, models.Model):
    """What is measured and how: the reference sheet, and the rules its figures are combined by."""

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="indicators", verbose_name=_("program")
    )
    objective = models.ForeignKey(
        "Objective", models.PROTECT, related_name="indicators", verbose_name=_("objective")
    )
    code = CodeField()
    name = models.CharField(_("name"), max_length=240)
    name_es = models.CharField(_("name in Spanish"), max_length=240, blank=True)
    # what gives its figures their meaning: frozen once it has an entry
    measure = models.CharField(_("measure"), max_length=9, choices=list(words.MEASURES.items()))
    unit = models.CharField(_("unit"), max_length=40)
    factor = models.DecimalField(
        _("factor"),
        max_digits=6,
        decimal_places=0,
        default=Decimal(1),
        help_text=_("Of ratios: 100 for a percentage, 100,000 for a rate per 100,000, else 1."),
    )
    counted = models.BooleanField(
        _("counted"), default=True, help_text=_("Whole numbers, never negative. Else it is measured.")
    )
    may_exceed = models.BooleanField(
        _("may exceed"), default=False, help_text=_("Of ratios: the numerator may be above the denominator.")
    )
    accumulation = models.CharField(
        _("flow or stock"), max_length=5, choices=list(words.ACCUMULATIONS.items())
    )
    direction = models.CharField(_("direction"), max_length=8, choices=list(words.DIRECTIONS.items()))
    over_sites = models.CharField(_("over sites"), max_length=8, choices=list(words.OVER_SITES.items()))
    over_time = models.CharField(_("over time"), max_length=8, choices=list(words.OVER_TIME.items()))
    numerator_over_time = models.CharField(
        _("numerator over time"), max_length=6, default="sum", choices=list(words.PART_OVER_TIME.items())
    )
    denominator_over_time = models.CharField(
        _("denominator over time"), max_length=6, default="sum", choices=list(words.PART_OVER_TIME.items())
    )
    reported_by = models.CharField(
        _("reported by"), max_length=7, choices=list(words.REPORTED_BY.items()), default="sites"
    )
    frequency = models.CharField(
        _("frequency"), max_length=9, choices=list(words.FREQUENCIES.items()), default=Frequency.QUARTER
    )
    calendar = models.CharField(
        _("calendar"), max_length=8, choices=list(words.CALENDARS.items()), default=Calendar.CALENDAR
    )
    # reference sheet: words, which may be bettered at any time
    definition = models.TextField(_("definition"), blank=True)
    numerator_label = models.CharField(_("numerator"), max_length=120, blank=True)
    denominator_label = models.CharField(_("denominator"), max_length=120, blank=True)
    source = models.CharField(_("means of verification"), max_length=300, blank=True)
    method = models.TextField(_("method of collection"), blank=True)
    limitations = models.TextField(_("known limitations"), blank=True)
    responsible = models.CharField(_("responsible"), max_length=160, blank=True)
    vocabulary = models.CharField(
        _("vocabulary"), max_length=60, blank=True, help_text=_("Where the standard code comes from.")
    )
    standard_code = models.CharField(_("standard code"), max_length=60, blank=True)
    # the same in Spanish, which may be bettered at any time too
    unit_es = models.CharField(_("unit in Spanish"), max_length=40, blank=True)
    definition_es = models.TextField(_("definition in Spanish"), blank=True)
    numerator_label_es = models.CharField(_("numerator in Spanish"), max_length=120, blank=True)
    denominator_label_es = models.CharField(_("denominator in Spanish"), max_length=120, blank=True)
    source_es = models.CharField(_("means of verification in Spanish"), max_length=300, blank=True)
    method_es = models.TextField(_("method of collection in Spanish"), blank=True)
    limitations_es = models.TextField(_("known limitations in Spanish"), blank=True)
    responsible_es = models.CharField(_("responsible in Spanish"), max_length=160, blank=True)
    starts_on = models.DateField(_("expected from"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    predecessor = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("succeeds"),
        help_text=_("The closed indicator whose series this one goes on with, after a break."),
    )
    break_reason = models.CharField(
        _("why the series breaks"),
        max_length=500,
        blank=True,
        help_text=_("What is measured otherwise than before, and why. It stands at the break on every page."),
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("program", "code")
        constraints = [
            code_is_plain("indicator"),
            choices_are_known("indicator", "measure", Measure),
            choices_are_known("indicator", "accumulation", Accumulation),
            choices_are_known("indicator", "direction", Direction),
            choices_are_known("indicator", "over_sites", OverSites),
            choices_are_known("indicator", "over_time", OverTime),
            choices_are_known("indicator", "reported_by", ReportedBy),
            choices_are_known("indicator", "frequency", Frequency),
            choices_are_known("indicator", "calendar", Calendar),
            models.CheckConstraint(
                condition=Q(numerator_over_time__in=("sum", "latest"))
                & Q(denominator_over_time__in=("sum", "latest")),
                name="indicator_parts_over_time_are_known",
            ),
            models.CheckConstraint(
                condition=COMBINATIONS,
                name="indicator_combines_as_its_measure_allows",
                violation_error_message=_(
                    "These rules do not go together. Numbers: sum, average or none over sites; "
                    "over time a flow has sum, average, maximum or none, a stock has latest instead of sum. "
                    "Ratios are stocks: pooled or none over sites; pooled, latest or none over time. "
                    "Milestones are stocks: n of m, once done."
                ),
            ),
            models.CheckConstraint(
                condition=Q(factor__in=(1, 100, 100000)) & (Q(measure="ratio") | Q(factor=1)),
                name="indicator_factor_is_1_100_or_100000",
                violation_error_message=_("The factor is 1, 100 or 100,000, and 1 for all but ratios."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__gte=F("starts_on")),
                name="indicator_closes_after_it_starts",
                violation_error_message=_("An indicator can't close before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(standard_code="") | ~Q(vocabulary=""),
                name="indicator_standard_code_has_a_vocabulary",
                violation_error_message=_("Say which vocabulary the standard code comes from."),
            ),
            models.UniqueConstraint(
                fields=["program", "code"],
                name="indicator_code_is_unique",
                violation_error_message=_("Another indicator of this program has this code."),
            ),
            models.UniqueConstraint(fields=["id", "program"], name="indicator_with_program"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def shown_unit(self) -> str:
        """Its unit in the language of the page, as far as given."""
        return self.shown("unit")

    @property
    def meaning(self) -> Meaning:
        """The rules that its figures are combined and judged by."""
        return _meaning(
            self.measure,
            self.accumulation,
            self.direction,
            self.over_sites,
            self.over_time,
            self.numerator_over_time,
            self.denominator_over_time,
            Decimal(self.factor),
            self.counted,
            self.may_exceed,
        )


@lru_cache(maxsize=1024)
def _meaning(  # noqa: PLR0913, PLR0917  # the columns, in their order
    measure: str,
    accumulation: str,
    direction: str,
    over_sites: str,
    over_time: str,
    numerator_over_time: str,
    denominator_over_time: str,
    factor: Decimal,
    counted: bool,
    may_exceed: bool,
) -> Meaning:
    """The same meaning for the same columns: pages ask for it a thousand times."""
    return Meaning(
        measure=Measure(measure),
        accumulation=Accumulation(accumulation),
        direction=Direction(direction),
        over_sites=OverSites(over_sites),
        over_time=OverTime(over_time),
        numerator_over_time=OverTime(numerator_over_time),
        denominator_over_time=OverTime(denominator_over_time),
        factor=factor,
        counted=counted,
        may_exceed=may_exceed,
    )
