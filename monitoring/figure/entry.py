"""An entry of the ledger, ready for its template: what it says, who said so, what it replaced and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.urls import NoReverseMatch, reverse

from indicators import words
from indicators.addresses import Links
from indicators.formatting import figure_text
from indicators.models import Entry, Evidence, Result, Step, StepKind
from indicators.values import EntryKind, ReportState
from monitoring.cells import target_text, target_words
from monitoring.figure.page import part_code
from monitoring.looking_back import LookBack
from programs.access import Reach
from programs.models import Program


@dataclass(frozen=True, slots=True)
class Chained:
    """One entry of the chain that it belongs to: the same series, period and kind."""

    number: int
    address: str
    figure: str
    at: datetime | None
    who: str
    reason: str
    here: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with what its page needs from the database."""

    program: Program
    entry: Entry
    same: list[Entry]
    previous: str  # the hash of the entry before it in the program's ledger; "" for who may not see it
    steps: list[Step]
    typed_by: str


def entry_for(program: Program, number: int, own: Reach, moment: datetime | None) -> ShownEntry | None:
    """The entry of that number, None where it is not for the reader or not there yet; 6 queries.

    Who may see some sites alone sees no hash of the chain: from these the figures of others can be guessed.
    """
    found = Entry.objects.recorded_by(moment).filter(program=program, number=number)
    entry = found.select_related(
        "series__site",
        "series__category__dimension",
        "series__indicator",
        "period",
        "evidence",
        "approved_by",
        "submitted_by",
        "approval__report",
    ).first()
    if entry is None or not (own.sites is None or entry.series.site_id in own.sites):
        return None
    return ShownEntry(
        program=program,
        entry=entry,
        same=list(Entry.objects.recorded_by(moment).same_as(entry)),
        previous=_hash_before(entry) if own.sites is None else "",
        steps=_steps(entry, moment),
        typed_by=_typist(entry),
    )


def _hash_before(entry: Entry) -> str:
    before = Entry.objects.filter(program=entry.program_id, number=(entry.number or 0) - 1)
    found = before.values_list("hash", flat=True).first()
    return bytes(found).hex() if found else ""


def _steps(entry: Entry, moment: datetime | None) -> list[Step]:
    """What happened to its report, with the remarks; none of what was set without a report."""
    if entry.approval is None:
        return []
    steps = Step.objects.filter(report=entry.approval.report_id).select_related("by").defer("content")
    if moment is not None:
        steps = steps.filter(at__lte=moment)
    return list(steps.prefetch_related("remarks").order_by("pk"))


def _typist(entry: Entry) -> str:
    """Who typed it, "" where its row may have been typed anew since."""
    if entry.approval is None or entry.approval.report.state != ReportState.APPROVED:
        return ""
    if entry.approval.submission != entry.approval.report.submission:
        return ""
    rows = Result.objects.filter(report=entry.approval.report_id, series=entry.series_id)
    typed = rows.select_related("typed_by").first()
    return typed.typed_by.shown_name if typed else ""


def entry_page(shown: ShownEntry, own: Reach, links: Links, back: LookBack) -> dict[str, Any]:
    """All that the template shows."""
    entry, series = shown.entry, shown.entry.series
    chain = list(_chain(shown, links))
    sees_drafts = own.sees_report(series.site_id)
    sees_hashes = own.sites is None
    return {
        "program": shown.program,
        "program_address": links.program,
        "entry": entry,
        "indicator": series.indicator,
        "indicator_address": links.indicator(series.indicator.code),
        "what": words.ENTRY_KINDS[entry.kind],
        "value": _value(entry),
        "certainty": words.CERTAINTIES[entry.certainty],
        "figure_address": _figure_address(entry, links),
        "report_address": _report_address(entry, back) if sees_drafts else "",
        "steps": [_step(step, entry, sees_drafts=sees_drafts) for step in reversed(shown.steps)],
        "typed_by": shown.typed_by,
        "evidence": _evidence(entry.evidence),
        "chain": chain if len(chain) > 1 else [],
        "in_force": chain[-1].here,
        "replaced": next((it for it, later in pairwise(chain) if later.here), None),
        "replaced_by": next((later for it, later in pairwise(chain) if it.here), None),
        "change": words.CHANGES[entry.change] if entry.change else "",
        "hash": bytes(entry.hash or b"").hex() if sees_hashes else "",
        "previous": shown.previous,
        "utc": entry.recorded_at.astimezone(UTC).isoformat(sep=" ") if entry.recorded_at else "",
    }


def _value(entry: Entry) -> str:
    """The value on the page, of a target of a milestone the day by which."""
    meaning = entry.series.indicator.meaning
    return target_text(entry.figure(meaning), meaning)


def _text(entry: Entry, of: Entry) -> str:
    meaning = of.series.indicator.meaning
    write = target_words if entry.kind == EntryKind.TARGET else figure_text
    return write(entry.figure(meaning), meaning)


def _chain(shown: ShownEntry, links: Links) -> Iterable[Chained]:
    """Everything said in its place, the oldest first, with why it was said anew."""
    for entry in shown.same:
        yield Chained(
            number=entry.number or 0,
            address=links.entry(entry.number or 0),
            figure=_text(entry, shown.entry),
            at=entry.recorded_at,
            who=entry.approved_by.shown_name,
            reason=entry.reason or _why_reopened(entry, shown.steps),
            here=entry.pk == shown.entry.pk,
            in_force=entry.pk == shown.same[-1].pk,
        )


def _why_reopened(entry: Entry, steps: Sequence[Step]) -> str:
    """Why its report was reopened before it was approved anew; "" for the first."""
    before = [it for it in steps if it.kind == StepKind.REOPENED and it.pk < (entry.approval_id or 0)]
    return before[-1].reason if before and entry.supersedes_id else ""


def _figure_address(entry: Entry, links: Links) -> str:
    """The figure that stands in its place, by the indicator's rules."""
    series = entry.series
    sites = (series.site.code,) if series.site else ()
    kind = "" if entry.kind == EntryKind.ACTUAL else entry.kind
    if kind == EntryKind.BASELINE:
        return ""
    return links.figure(
        series.indicator.code, entry.period.span, kind=kind, sites=sites, part=part_code(series.category)
    )


def _report_address(entry: Entry, back: LookBack) -> str:
    """The page of its report, which is always of today."""
    if entry.approval is None or back.moment:
        return ""
    return reverse("report-entry", args=[entry.approval.report_id])


def _step(step: Step, entry: Entry, *, sees_drafts: bool) -> dict[str, object]:
    """One step of the report; what a manager remarked on a draft is for who may see drafts."""
    tells = sees_drafts or step.kind == StepKind.REOPENED
    remarks = [it.text for it in step.remarks.all() if it.series_id == entry.series_id]
    return {
        "at": step.at,
        "who": step.by.shown_name,
        "what": words.STEPS[step.kind],
        "reason": step.reason if tells else "",
        "changes": remarks if tells else [],
        "hash": "",
    }


def _evidence(evidence: Evidence | None) -> dict[str, str] | None:
    """What it rests on, with its digest; of a file the address that it is taken along from."""
    if evidence is None:
        return None
    address = ""
    if evidence.kind == "file":
        try:
            address = reverse("evidence", args=[evidence.pk])
        except NoReverseMatch:
            address = ""
    return {
        "kind": evidence.kind,
        "kind_name": evidence.get_kind_display(),
        "text": evidence.text,
        "published": evidence.published,
        "sha256": evidence.sha256,
        "address": address,
    }
