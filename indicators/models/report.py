from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from indicators import words
from indicators.models.fields import choices_are_known
from indicators.models.result import Result
from indicators.models.series import Series
from indicators.models.step import Step, StepKind
from indicators.values import ReportState
from programs.models import Assignment

if TYPE_CHECKING:
    from programs.models import User


State = ReportState
Annotations: TypeAlias = dict[str, Any]  # their names are declared on the model
OPEN_STATES = (State.DRAFT, State.RETURNED)


@cache  # every page counts by it, and to put it together takes longer than to ask
def _asks_for_nothing() -> Q:
    """A draft in which nothing was typed, and nothing is expected any more."""
    regular = Q(state=State.DRAFT, period__kind__in=("month", "quarter", "half", "year"))
    typed = Result.objects.begun().filter(report=OuterRef("pk"))
    return Q(regular, ~Exists(Series.objects.asked_in_report()), ~Exists(typed))


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, user: User) -> ReportQuerySet:
        """The reports whose drafts this person may see: own sites', own programs' as manager, or all."""
        if user.is_administrator:
            return self
        mine = user.assignments.all()
        everywhere = mine.filter(Q(role="manager") | Q(role="reporter", site=None))
        return self.filter(
            Q(program__in=everywhere.values("program"))
            | Q(site__in=mine.filter(role="reporter", site__isnull=False).values("site"))
        )

    def listed_for(self, user: User) -> ReportQuerySet:
        """The reports of which this person may know that they exist, and in what state they are."""
        if user.is_administrator:
            return self
        mine = user.assignments.all()
        everywhere = mine.filter(site=None)
        return self.filter(
            Q(program__in=everywhere.values("program"))
            | Q(site__in=mine.filter(site__isnull=False).values("site"))
        )

    def written_by(self, user: User) -> ReportQuerySet:
        """The reports that this person drafts and submits as a reporter."""
        mine = user.assignments.filter(role="reporter")
        return self.filter(
            Q(program__in=mine.filter(site=None).values("program"))
            | Q(site__in=mine.filter(site__isnull=False).values("site"))
        )

    def managed_by(self, user: User) -> ReportQuerySet:
        """The reports of the programs that this person is a manager of."""
        return self.filter(program__in=user.assignments.filter(role="manager").values("program"))

    def asking(self) -> ReportQuerySet:
        """Without the drafts that ask for nothing: nothing was typed, and nothing is expected any more.

        So is what was begun before its indicators, its site or its program were closed; it waits for nobody.
        """
        return self.exclude(_asks_for_nothing())

    def open(self) -> ReportQuerySet:
        """Draft or returned, in a period that is not locked, and asking for something."""
        return self.asking().filter(state__in=OPEN_STATES, period__locked=False)

    def in_review(self) -> ReportQuerySet:
        """Submitted, and neither returned nor approved since."""
        return self.filter(state=State.SUBMITTED, period__locked=False)

    def overdue(self, today: date) -> ReportQuerySet:
        """Still open after their due day."""
        return self.open().filter(period__due_on__lt=today)

    def late(self, today: date) -> ReportQuerySet:
        """Overdue, or first submitted after their due day."""
        first = Step.objects.filter(report=OuterRef("pk"), kind=StepKind.SUBMITTED).order_by("id")
        return self.annotate(first_submitted_at=Subquery(first.values("at")[:1])).filter(
            Q(pk__in=self.overdue(today).values("pk")) | Q(first_submitted_at__date__gt=F("period__due_on"))
        )

    def awaiting(self, user: User, today: date) -> models.QuerySet[Report, dict[str, Any]]:
        """By state, how many reports wait for this person: in all, overdue of these, and overdue with others.

        Own reports that are returned or of an ended period, and others' to review: what the person typed or
        submitted waits for another manager. Overdue with others is what they manage, and do not write.
        """
        roles = user.assignments.all()
        writes = Q(program__in=roles.filter(role="reporter", site=None).values("program")) | Q(
            site__in=roles.filter(role="reporter", site__isnull=False).values("site")
        )
        manages = Q(program__in=roles.filter(role="manager").values("program"))
        others = ~Exists(ReportAuthor.objects.filter(report=OuterRef("pk"), user=user))
        ended = Q(state=State.RETURNED) | Q(state=State.DRAFT, period__last_on__lt=today)
        late = Q(state__in=OPEN_STATES, period__due_on__lt=today)
        own = writes & ended | manages & others & Q(state=State.SUBMITTED)
        with_others = manages & ~writes & late
        found: Annotations = {
            "waiting": Count("pk", filter=own),
            "overdue": Count("pk", filter=own & late & Q(state=State.DRAFT)),
            "elsewhere": Count("pk", filter=with_others),
        }
        waiting = self.asking().filter(own | with_others, period__locked=False)
        return waiting.order_by("state").values("state").annotate(**found)

    def for_page(self, user: User) -> ReportQuerySet:
        """With all that a page of one report names, and what decides what its reader may do.

        That is `is_own`, `has_other_approver` and `roles`, the reader's in the report's program.
        """
        authors = ReportAuthor.objects.filter(report=OuterRef("pk"))
        theirs = authors.filter(report=OuterRef(OuterRef("pk"))).values("user")
        approvers = (
            Assignment.objects.filter(program=OuterRef("program"), role="manager", user__is_active=True)
            .exclude(user=user)
            .exclude(user__in=theirs)
        )
        roles = Assignment.objects.filter(user=user, program=OuterRef("program"))
        found: Annotations = {
            "is_own": Exists(authors.filter(user=user)),
            "has_other_approver": Exists(approvers),
            "roles": ArraySubquery(roles.values(pair=JSONObject(role="role", site="site_id"))),
        }
        return self.select_related("program", "site", "period", "saved_by").annotate(**found)

    def with_submitted_at(self) -> ReportQuerySet:
        """With its program, site and period, and when it was last submitted (`submitted_at`)."""
        steps = Step.objects.filter(report=OuterRef("pk"), kind=StepKind.SUBMITTED).order_by("-id")
        found = self.select_related("program", "site", "period")
        at: Annotations = {"submitted_at": Subquery(steps.values("at")[:1])}
        return found.annotate(**at)

    def with_progress(self) -> ReportQuerySet:
        """The same with `filled` of `expected` rows."""
        filled = Result.objects.filled().filter(report=OuterRef("pk"), series__category=None)
        expected = Series.objects.expected_in_report()
        counts: Annotations = {"filled": _count(filled), "expected": _count(expected)}
        return self.with_submitted_at().annotate(**counts)

    def tasks_of(self, user: User) -> ReportQuerySet:
        """The reports not approved yet that this person writes or reviews, with all that a list says."""
        mine = Q(pk__in=self.written_by(user).values("pk")) | Q(pk__in=self.managed_by(user).values("pk"))
        back = Step.objects.filter(kind__in=(StepKind.RETURNED, StepKind.REOPENED)).order_by("id")
        own: Annotations = {"is_own": Exists(ReportAuthor.objects.filter(report=OuterRef("pk"), user=user))}
        back_steps: Any = Prefetch(
            "steps", back.select_related("by").prefetch_related("remarks"), to_attr="back_steps"
        )
        return (
            self.asking()
            .with_progress()
            .filter(mine, period__locked=False)
            .exclude(state=State.APPROVED)
            .annotate(**own)
            .prefetch_related(back_steps)
            .order_by("period__due_on", "program__name", "site__name", "pk")
        )

    def lately_done_by(self, user: User) -> ReportQuerySet:
        """The reports that this person writes and that are handed in, the latest period first."""
        done = self.written_by(user).filter(state__in=(State.SUBMITTED, State.APPROVED))
        return done.select_related("program", "site", "period").order_by("-period__last_on", "-pk")

    def counted_for(self, user: User, today: date) -> list[dict[str, Any]]:
        """For each program that this person manages, how many reports are in which state; 1 query."""
        late = Q(state__in=OPEN_STATES, period__locked=False, period__due_on__lt=today)
        counts = {str(state): Count("pk", filter=Q(state=state)) for state in State}
        by_program = (
            self.managed_by(user)
            .asking()
            .values("program", "program__name", "program__name_es", "program__illustrative")
        )
        return list(by_program.annotate(**counts, overdue=Count("pk", filter=late)).order_by("program__name"))


def _count(rows: models.QuerySet[Any]) -> Subquery:
    """How many rows a correlated query finds."""
    total = rows.order_by().annotate(total=models.Func(F("pk"), function="COUNT")).values("total")
    return Subquery(total, output_field=models.IntegerField())


class Report(models.Model):
    """What one site (or the program itself) says for one period."""

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="reports", verbose_name=_("program")
    )
    site = models.ForeignKey(
        "programs.Site", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("site")
    )
    period = models.ForeignKey(
        "Period", models.PROTECT, related_name="reports", verbose_name=_("reporting period")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=list(words.STATES.items()), default=State.DRAFT
    )
    submission = models.PositiveSmallIntegerField(_("submissions"), default=0)
    version = models.PositiveIntegerField(_("version"), default=0)  # counts the saves
    saved_by = models.ForeignKey(
        "programs.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)

    if TYPE_CHECKING:  # set by the methods that annotate them
        is_own: bool
        has_other_approver: bool
        filled: int
        expected: int
        submitted_at: datetime | None
        back_steps: list[Step]
        roles: list[dict[str, Any]]

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            choices_are_known("report", "state", State),
            models.UniqueConstraint(
                fields=["program", "site", "period"],
                nulls_distinct=False,
                name="report_is_unique",
                violation_error_message=_("This report is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site or self.program.shown_name} · {self.period}"

    @property
    def is_open(self) -> bool:
        """May be typed into: draft or returned, and its period not locked."""
        return self.state in OPEN_STATES and not self.period.locked


class ReportAuthor(models.Model):
    """That a person typed a value of a report or submitted it, in any submission; only added to.

    Filled by triggers, so that no way of writing a result escapes it.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="authors")
    user = models.ForeignKey("programs.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="report_author_is_unique")]

    def __str__(self) -> str:
        return f"{self.user} · {self.report}"
