from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import CharField, ExpressionWrapper, F, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.periods import Days, days_shared
from programs.models.bilingual import in_spanish

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from indicators.models.dimension import Category
    from indicators.models.indicator import Indicator
    from programs.models import Program, Site

# the same in SQL: of several days the greatest and the least leave out those that are not known
FROM_ON = Greatest("from_on", "program__starts_on", "indicator__starts_on", "site__opened_on")
TO_ON = Least("to_on", "program__ends_on", "indicator__closed_on", "site__closed_on", "category__retired_on")
# of a period of its own frequency, and of its calendar, in a query with `kind` and `begins`
_EXPECTED = Q(indicator__frequency=F("kind")) & (
    Q(indicator__frequency__in=("month", "quarter"))
    | Q(indicator__calendar="calendar", begins__in=(1, 7))
    | Q(indicator__calendar="fiscal", begins__in=(4, 10))
)


def expected_days(
    own: Days, *, program: Program, indicator: Indicator, site: Site | None, category: Category | None
) -> Days:
    """When a series is expected: its own days, as far as whatever it belongs to is there on them."""
    return days_shared(
        (
            own,
            (program.starts_on, program.ends_on),
            (indicator.starts_on, indicator.closed_on),
            (site.opened_on, site.closed_on) if site else (None, None),
            (None, category.retired_on if category else None),
        )
    )


class SeriesQuerySet(models.QuerySet["Series"]):
    def of_report_to(self, program_id: int, site_id: int | None) -> SeriesQuerySet:
        """The series whose actuals one site (or the program itself) reports."""
        by = "program" if site_id is None else "sites"
        site = Q(site=None) if site_id is None else Q(site=site_id)
        return self.filter(site, program=program_id, indicator__reported_by=by)

    def breakdown_names(self, sites: Collection[int] | None) -> dict[int, list[str]]:
        """By indicator id, the names of what it is broken down by at these sites (None: all); 1 query."""
        name = "dimension__name_es" if in_spanish() else "dimension__name"
        parts = self.filter(category__isnull=False)
        parts = parts if sites is None else parts.filter(site__in=sites)
        named = parts.annotate(shown=Coalesce(NullIf(name, Value("")), "dimension__name"))
        found: dict[int, list[str]] = {}
        for indicator_id, shown in named.order_by("shown").values_list("indicator_id", "shown").distinct():
            found.setdefault(indicator_id, []).append(shown)
        return found

    def expected_between(self, first: date | OuterRef, last: date | OuterRef) -> SeriesQuerySet:
        """The series whose `expected_days` overlap a stretch."""
        return self.alias(begins_on=FROM_ON, ends_on=TO_ON).filter(
            Q(begins_on=None) | Q(begins_on__lte=last),
            Q(ends_on=None) | Q(ends_on__gte=first),
            Q(begins_on=None) | Q(ends_on=None) | Q(begins_on__lte=F("ends_on")),
        )

    def expected_in_report(self) -> SeriesQuerySet:
        """The whole series that each report of an outer query is expected to fill; for counting alone."""
        return self._of_outer_report().filter(_EXPECTED)

    def asked_in_report(self) -> SeriesQuerySet:
        """The same, and those that may be given in each report of an outer query, though not expected there.

        Those reported now and then, and those whose longer periods can't be made of their own.
        """
        longer = Q(kind="year", indicator__frequency__in=("month", "quarter", "half"))
        longer |= Q(kind="half", indicator__frequency__in=("month", "quarter"))
        longer |= Q(kind="quarter", indicator__frequency="month")
        now_and_then = Q(indicator__frequency="irregular")
        given = now_and_then | longer & Q(indicator__over_time="none")
        return self._of_outer_report().filter(_EXPECTED | given)

    def _of_outer_report(self) -> SeriesQuerySet:
        """The whole series of whoever gives an outer query's report, on days of its period."""
        by = Q(site=None, indicator__reported_by="program") | Q(
            site__isnull=False, indicator__reported_by="sites"
        )
        month = ExpressionWrapper(OuterRef("period__first_on__month"), IntegerField())
        kind = ExpressionWrapper(OuterRef("period__kind"), CharField())
        return (
            self.annotate(begins=month, kind=kind, place=Coalesce("site", 0))
            .filter(by, category=None, program=OuterRef("program"), place=Coalesce(OuterRef("site"), 0))
            .expected_between(OuterRef("period__first_on"), OuterRef("period__last_on"))
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Series(models.Model):
    """One line of numbers: an indicator, at one site or for the program, whole or one category.

    Its key never changes. Program and dimension stand here too so that foreign keys of two
    columns can refuse a site, an indicator or a category that belongs elsewhere.
    """

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="series", verbose_name=_("program")
    )
    indicator = models.ForeignKey(
        "Indicator", models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    site = models.ForeignKey(
        "programs.Site", models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("site")
    )
    dimension = models.ForeignKey(
        "Dimension", models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("dimension")
    )
    category = models.ForeignKey(
        "Category", models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("category")
    )
    from_on = models.DateField(_("expected from"), null=True, blank=True)
    to_on = models.DateField(_("expected to"), null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("plural", "series")
        ordering = ("indicator", "site", "category")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "site", "category"],
                nulls_distinct=False,
                name="series_key_is_unique",
                violation_error_message=_("This series is there already."),
            ),
            models.CheckConstraint(
                condition=Q(dimension=None, category=None)
                | Q(dimension__isnull=False, category__isnull=False),
                name="series_dimension_is_of_its_category",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="series_ends_after_it_begins",
                violation_error_message=_("A series can't end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        parts = [str(self.indicator), str(self.site or self.program)]
        return " · ".join(parts + ([str(self.category)] if self.category_id else []))

    @property
    def days(self) -> Days:
        """When it is expected; of one that comes with all that it belongs to."""
        return expected_days(
            (self.from_on, self.to_on),
            program=self.program,
            indicator=self.indicator,
            site=self.site,
            category=self.category,
        )
