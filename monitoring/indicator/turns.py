"""Reports of an indicator that were sent back or reopened: what stands between the entries of its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from indicators import words
from indicators.models import Indicator, Remark, Result, Step
from indicators.models.step import StepKind
from monitoring.indicator.timeline import Line, Timeline
from programs.access import Reach

TURNS = (StepKind.RETURNED, StepKind.REOPENED)


@dataclass(frozen=True, slots=True)
class Turn:
    """A report that went back: by whom, why, and the remarks on this indicator; the hash of what was sent."""

    at: datetime
    what: str
    of: str
    person: str
    reason: str
    remarks: list[str]
    digest: str


def with_turns(
    timeline: Timeline, indicator: Indicator, own: Reach, moment: datetime | None
) -> list[Line | Turn]:
    """The lines of the ledger with what happened between them, the newest first; 1 query.

    Why a report was reopened everybody may read; what a draft was sent back for, who sees drafts.
    """
    found = [
        _turn(step, hashes=own.sites is None)
        for step in _steps(indicator, own, moment)
        if step.kind == StepKind.REOPENED or own.sees_report(step.report.site_id)
    ]
    if timeline.more:
        oldest = min((line.at for line in timeline.lines if line.at), default=None)
        found = [turn for turn in found if oldest and turn.at >= oldest]
    lines: list[Line | Turn] = [*timeline.lines, *found]
    # what was sent back at the very moment of an entry came before it
    return sorted(lines, key=lambda it: (it.at, isinstance(it, Line)), reverse=True)


def _steps(indicator: Indicator, own: Reach, moment: datetime | None) -> QuerySet[Step]:
    reports = Result.objects.filter(series__indicator=indicator).values("report")
    submitted = Step.objects.filter(
        report=OuterRef("report"), submission=OuterRef("submission"), kind=StepKind.SUBMITTED
    )
    remarks = Remark.objects.filter(step=OuterRef("pk"), series__indicator=indicator).order_by("pk")
    seen = Q() if own.sites is None else Q(report__site__in=own.sites)
    until = Q(at__lte=moment) if moment else Q()
    annotations: dict[str, Any] = {
        "submitted_digest": Subquery(submitted.values("digest")[:1]),
        "remarked": ArraySubquery(
            remarks.values(json=JSONObject(text="text", category="series__category__name"))
        ),
    }
    return (
        Step.objects.filter(seen, until, kind__in=TURNS, report__in=reports)
        .select_related("report__site", "report__period", "by")
        .defer("content")
        .annotate(**annotations)
        .order_by("pk")
    )


def _turn(step: Any, *, hashes: bool) -> Turn:
    report = step.report
    of = [report.period.label, *([str(report.site)] if report.site else [])]
    return Turn(
        at=step.at,
        what=str(words.STEPS[step.kind]),
        of=" · ".join(of),
        person=step.by.shown_name,
        reason=step.reason,
        remarks=[": ".join(it for it in (one["category"], one["text"]) if it) for one in step.remarked],
        digest=(step.submitted_digest or "") if hashes else "",
    )
