from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import (
    ExactDecimalField,
    IsoDayField,
    choices_are_known,
    day_is_iso,
    numbers_are_sound,
)
from indicators.rows import figure_of
from indicators.values import Absence, Certainty, Change, EntryKind, Figure, Meaning


class EntryQuerySet(models.QuerySet["Entry"]):
    def recorded_by(self, moment: datetime | None) -> EntryQuerySet:
        """What the ledger held at a moment; all of it for None."""
        return self if moment is None else self.filter(recorded_at__lte=moment)

    def in_force(self, moment: datetime | None = None) -> EntryQuerySet:
        """What counted at a moment, or counts now: recorded by then and not superseded by then."""
        later = Entry.objects.recorded_by(moment).filter(supersedes=OuterRef("pk"))
        return self.recorded_by(moment).filter(~Exists(later))

    def standing(self, moment: datetime | None = None) -> EntryQuerySet:
        """What is in force and not withdrawn."""
        return self.in_force(moment).exclude(absence=Absence.WITHDRAWN)

    def numbers_of(self, keys: Collection[int]) -> dict[int, int]:
        """The numbers of entries by their ids; 1 query."""
        found = self.filter(pk__in=keys, number__isnull=False).values_list("pk", "number")
        return {key: number for key, number in found if number is not None}

    def same_as(self, entry: Entry) -> EntryQuerySet:
        """Everything said of that entry's series and period in that kind, in the order of the ledger."""
        same = self.filter(series=entry.series_id, period=entry.period_id, kind=entry.kind)
        return same.select_related("approved_by").order_by("number")


class Entry(models.Model):
    """The ledger: an actual, a target or a baseline of one series in one period. Never changed.

    Number, hash, program and recorded_at are set by the trigger that admits the row.
    """

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="entries", verbose_name=_("program")
    )
    series = models.ForeignKey("Series", models.PROTECT, related_name="entries", verbose_name=_("series"))
    period = models.ForeignKey(
        "Period", models.PROTECT, related_name="entries", verbose_name=_("reporting period")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=list(words.ENTRY_KINDS.items()))
    value = ExactDecimalField(_("value"), null=True, blank=True)
    numerator = ExactDecimalField(_("numerator"), null=True, blank=True)
    denominator = ExactDecimalField(_("denominator"), null=True, blank=True)
    day = IsoDayField(_("day"))
    absence = models.CharField(_("absence"), max_length=17, blank=True, choices=list(words.ABSENCES.items()))
    certainty = models.CharField(
        _("certainty"), max_length=9, choices=list(words.CERTAINTIES.items()), default=Certainty.EXACT
    )
    expected = models.BooleanField(_("expected rather than observed"), default=False)
    explanation = models.TextField(_("explanation"), blank=True)
    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("evidence")
    )
    published = IsoDayField(_("published"))
    change = models.CharField(_("set anew to"), max_length=8, blank=True, choices=list(words.CHANGES.items()))
    reason = models.TextField(_("reason"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("in place of"),
    )
    approval = models.ForeignKey(
        "Step", models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("approval")
    )
    submitted_by = models.ForeignKey(
        "programs.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    approved_by = models.ForeignKey(
        "programs.User", models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), null=True)
    number = models.PositiveBigIntegerField(_("number"), null=True)
    hash = models.BinaryField(_("hash"), max_length=32, null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("program", "number")
        constraints = [
            *numbers_are_sound("entry"),
            choices_are_known("entry", "kind", EntryKind),
            choices_are_known("entry", "absence", Absence, blank=True),
            choices_are_known("entry", "certainty", Certainty),
            choices_are_known("entry", "change", Change, blank=True),
            day_is_iso("entry", "day"),
            day_is_iso("entry", "published"),
            models.CheckConstraint(
                condition=Q(absence="", value__isnull=False)
                | Q(absence="", numerator__isnull=False, denominator__isnull=False, value=None)
                | (~Q(absence="") & Q(value=None, numerator=None, denominator=None, day="")),
                name="entry_has_a_value_or_an_absence",
            ),
            models.CheckConstraint(
                condition=~Q(absence="withdrawn") | Q(supersedes__isnull=False),
                name="entry_withdrawn_supersedes",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="actual", approval__isnull=False, submitted_by__isnull=False, change="", reason=""
                )
                | (
                    Q(kind__in=("target", "baseline"), approval=None, submitted_by=None)
                    & (
                        Q(supersedes=None, change="")
                        | (Q(supersedes__isnull=False) & ~Q(change="") & ~Q(reason=""))
                    )
                ),
                name="entry_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by=None) | ~Q(submitted_by=F("approved_by")),
                name="entry_approved_by_another",
                violation_error_message=_("Nobody approves what they submitted."),
            ),
            models.UniqueConstraint(
                fields=["series", "period", "kind"],
                condition=Q(supersedes=None),
                name="entry_first_stands_once",
            ),
            models.UniqueConstraint(fields=["program", "number"], name="entry_number_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}/{self.number}"

    def figure(self, meaning: Meaning) -> Figure:
        """The same as a figure of the rules; a ratio's value is derived."""
        return figure_of(
            meaning,
            self.value,
            self.numerator,
            self.denominator,
            self.day,
            self.absence,
            self.certainty,
            self.expected,
        )
