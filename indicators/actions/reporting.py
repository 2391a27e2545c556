"""What reporters do: save a draft, submit it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.citing import files_of
from indicators.actions.refusals import Changed, NotAllowed, Refused
from indicators.content import content_of
from indicators.digests import digest_of, digest_of_evidence
from indicators.formatting import day
from indicators.merging import Edit
from indicators.messages import Complaint, said
from indicators.models import Evidence, Report, Result, Series, State, Step, StepKind
from indicators.models.result import COLUMNS, TYPED
from indicators.reading import EvidenceKind
from indicators.rows import BLANK, FIELDS, Row, RowProblem, Typed, read_row
from indicators.sheets import load_sheet
from programs.access import Reach, reach
from programs.models import User


def locked_report(report_id: int) -> Report:
    """The report, locked until the transaction ends, with its period, site and program; one query."""
    query = Report.objects.select_related("program", "site", "period")
    return query.select_for_update(of=("self",)).get(pk=report_id)


def reach_of(user: User, report: Report) -> Reach:
    """What the person may do in the report's program; NotAllowed for nothing at all."""
    found = reach(user, report.program_id)
    if found is None:
        raise NotAllowed(_("This report belongs to a program that you have no part in."))
    return found


def check_unlocked(report: Report) -> None:
    """Refused when an administrator has locked the period."""
    if report.period.locked:
        raise Refused(
            _("The period %(period)s is locked: its reports can't be changed.") % {"period": report.period}
        )


def check_may_type(report: Report, by: User) -> None:
    """NotAllowed for who does not report here, Refused for a report that is not open."""
    if not reach_of(by, report).reports_for(report.site_id):
        raise NotAllowed(_("You can't report for this site."))
    check_unlocked(report)
    if not report.is_open:
        raise Refused(
            _("This report is %(state)s and can't be changed.") % {"state": report.get_state_display()}
        )


@transaction.atomic
def save(
    *,
    report_id: int,
    by: User,
    typed: Mapping[int, Typed],
    version: int,
    at: datetime | None = None,
) -> Report:
    """Keep what was typed in the rows (by series id), readable or not; rows not named stay as they are.

    Raises NotAllowed, Refused (a closed report, a foreign series, text that can't be kept) or Changed
    (somebody saved another text since `version`). At most 12 queries, whatever the number of rows.
    """
    report = locked_report(report_id)
    check_may_type(report, by)
    _check_keepable(typed)
    before = _results_of(report)
    stands = {key: before[key].as_typed if key in before else BLANK for key in typed}
    differs = {key: stands[key] for key, row in typed.items() if row != stands[key]}
    if differs and version != report.version:
        raise _changed(report, differs)
    return _save(report, by=by, typed=typed, before=before, at=at)


@transaction.atomic
def merge(
    *,
    report_id: int,
    by: User,
    edits: Mapping[int, Edit],
    version: int,
    at: datetime | None = None,
    handed: Collection[str] = (),
) -> Report:
    """Keep the boxes that a person changed (by series id) and leave the others as they stand by now.

    Raises what `save` raises; Changed only where somebody else typed another text in the same box since it
    was shown, and nobody chose one of the two. `handed` are the digests of files that come with the edits.
    At most 13 queries, whatever the number of rows.
    """
    report = locked_report(report_id)
    check_may_type(report, by)
    _check_keepable({key: edit.typed for key, edit in edits.items()})
    before = _results_of(report)
    stands = {key: before[key].as_typed if key in before else BLANK for key in edits}
    unseen = version != report.version
    merged = {key: edit.onto(stands[key], unseen=unseen) for key, edit in edits.items()}
    _series_of(report, {key: row.row for key, row in merged.items() if row.conflicts})
    conflicts = {key: row.conflicts for key, row in merged.items() if row.conflicts}
    if conflicts:
        raise _changed(report, {key: stands[key] for key in conflicts}, conflicts)
    typed = {key: row.row for key, row in merged.items()}
    return _save(report, by=by, typed=typed, before=before, at=at, handed=handed)


def _results_of(report: Report) -> dict[int, Result]:
    """What stands in the report, by series id; 1 query."""
    return {result.series_id: result for result in Result.objects.filter(report=report)}


def _changed(
    report: Report, saved: Mapping[int, Typed], conflicts: Mapping[int, frozenset[str]] | None = None
) -> Changed:
    return Changed(
        _("Somebody else saved this report since you opened it. Nothing of yours was saved yet."),
        saved,
        by=report.saved_by.shown_name if report.saved_by else "",
        conflicts=conflicts,
    )


def _save(
    report: Report,
    *,
    by: User,
    typed: Mapping[int, Typed],
    before: Mapping[int, Result],
    at: datetime | None,
    handed: Collection[str] = (),
) -> Report:
    """Keep the rows that say another thing than what stands in them."""
    series = _series_of(report, typed)
    changed = {
        key: row for key, row in typed.items() if row != (before[key].as_typed if key in before else BLANK)
    }
    if not changed:
        return report
    moment = _moment(report, at)
    rows = {
        key: read_row(series[key].indicator.meaning, row, report.period.last_on)
        for key, row in changed.items()
    }
    _check_choices(rows)
    evidence = _evidence_of(report, by, rows, handed)
    _keep(report, by=by, at=moment, typed=changed, rows=rows, evidence=evidence, before=before)
    report.version += 1
    report.saved_by, report.saved_at = by, moment
    report.save(update_fields=["version", "saved_by", "saved_at"])
    return report


def _moment(report: Report, at: datetime | None) -> datetime:
    """The server's clock; only in an illustrative program may another one be played."""
    return at if at is not None and report.program.illustrative else timezone.now()


def _series_of(report: Report, typed: Mapping[int, Typed]) -> dict[int, Series]:
    own = Series.objects.of_report_to(report.program_id, report.site_id).select_related("indicator")
    series = {one.pk: one for one in own.filter(pk__in=typed)}
    if set(typed) - set(series):
        raise Refused(_("This report has no such row. Nothing was saved."))
    return series


def _check_keepable(typed: Mapping[int, Typed]) -> None:
    check_texts({(key, field): getattr(row, field) for key, row in typed.items() for field in FIELDS})


def check_texts(texts: Mapping[tuple[int | None, str], str]) -> None:
    """Refused for text (by series id and field) that can't be held, or that nobody types by hand."""
    complaints = [
        Complaint(
            _("This has a character that can't be kept.")
            if "\x00" in text
            else _("This is too long to be kept: at most %(most)s characters.") % {"most": f"{TYPED:,}"},
            key,
            field,
        )
        for (key, field), text in texts.items()
        if "\x00" in text or len(text) > TYPED
    ]
    if complaints:
        raise Refused(complaints)


def _check_choices(rows: Mapping[int, Row]) -> None:
    """Refused for a choice that the page does not offer."""
    never_offered = (RowProblem.UNKNOWN_CHOICE, RowProblem.NO_ACTIVITY_OF_STOCK)
    complaints = [
        Complaint(said(trouble), key, trouble.field)
        for key, row in rows.items()
        for trouble in row.troubles
        if trouble.problem in never_offered
    ]
    if complaints:
        raise Refused(complaints)


def _keep(
    report: Report,
    *,
    by: User,
    at: datetime,
    typed: Mapping[int, Typed],
    rows: Mapping[int, Row],
    evidence: Mapping[str, int],
    before: Mapping[int, Result],
) -> None:
    columns = [*COLUMNS.values(), "value", "numerator", "denominator", "day", "typists"]
    Result.objects.bulk_create(
        [
            Result(
                report=report,
                series_id=key,
                typed_by=by,
                typed_at=at,
                typists=_typists(before.get(key), typed[key], by, at),
                value=row.value,
                numerator=row.numerator,
                denominator=row.denominator,
                day=row.day,
                evidence_id=evidence.get(_digest(row)),
                **{column: getattr(typed[key], field) for field, column in COLUMNS.items()},
            )
            for key, row in rows.items()
        ],
        update_conflicts=True,
        unique_fields=["report", "series"],
        update_fields=[*columns, "evidence", "typed_by", "typed_at"],
    )


def _typists(before: Result | None, typed: Typed, by: User, at: datetime) -> dict[str, list[object]]:
    """By box, who typed what stands in it now, and when."""
    stood = before.as_typed if before else BLANK
    known = before.typists if before else {}
    new = [name for name in FIELDS if getattr(typed, name) != getattr(stood, name)]
    return {**known, **{name: [by.pk, at.isoformat()] for name in new}}


def _digest(row: Row) -> str:
    return digest_of_evidence(row.evidence_kind, row.evidence, row.published) if row.evidence else ""


def _evidence_of(
    report: Report, by: User, rows: Mapping[int, Row], handed: Collection[str]
) -> dict[str, int]:
    """By digest, the ids of the evidence of these rows; what is new is added; at most 4 queries."""
    files = {key: row.evidence for key, row in rows.items() if row.evidence_kind == EvidenceKind.FILE}
    said = {_digest(row): row for key, row in rows.items() if row.evidence and key not in files}
    texts = [(row.evidence_kind, row.evidence, row.published) for row in said.values()]
    return files_of(report.program_id, by, files, handed) | keep_evidence(report.program_id, by, texts)


def keep_evidence(program_id: int, by: User, wanted: Iterable[tuple[str, str, str]]) -> dict[str, int]:
    """By digest, the ids of evidence given as (kind, text, published), new or not; at most 3 queries."""
    by_digest = {digest_of_evidence(*one): one for one in wanted}
    if any(kind == EvidenceKind.FILE for kind, _text, _day in by_digest.values()):
        raise Refused(_("A file can't stand here: give a link or a citation."))
    if not by_digest:
        return {}
    mine = Evidence.objects.filter(program_id=program_id, sha256__in=by_digest).values_list("sha256", "pk")
    known = dict(mine)
    new = [
        Evidence(
            program_id=program_id, kind=kind, text=text, published=published, sha256=digest, created_by=by
        )
        for digest, (kind, text, published) in by_digest.items()
        if digest not in known
    ]
    if not new:
        return known
    Evidence.objects.bulk_create(new, ignore_conflicts=True)
    return dict(mine.all())


def digest_of_results(report: Report) -> str:
    """The digest of what stands in a report: values, absences, explanations and evidence; one query."""
    return digest_of(
        Result.objects.filter(report=report).values_list(
            "series__indicator__code",
            "series__dimension__code",
            "series__category__code",
            "value",
            "numerator",
            "denominator",
            "day",
            "absence",
            "certainty",
            "explanation",
            "evidence__sha256",
        )
    )


@transaction.atomic
def submit(*, report_id: int, by: User, version: int, at: datetime | None = None) -> Report:
    """Hand a report to the managers, when nothing stands in the way.

    Raises NotAllowed, Changed (somebody saved since `version`) or Refused with one complaint for
    everything that stands in the way. A constant number of queries, at most 25.
    """
    report = locked_report(report_id)
    check_may_type(report, by)
    if version != report.version:
        raise Changed(
            _("Somebody else saved this report since you opened it. Look at it again before you submit.")
        )
    today = timezone.localdate(_moment(report, at))
    if report.period.last_on is not None and today < report.period.last_on:
        raise Refused(
            _("The period %(period)s has not ended: submit from %(day)s on.")
            % {"period": report.period, "day": day(report.period.last_on)}
        )
    sheet = load_sheet(report, today=today)
    if sheet.complaints:
        raise Refused(sheet.complaints)
    report.submission += 1
    Step.objects.create(
        report=report,
        kind=StepKind.SUBMITTED,
        submission=report.submission,
        by=by,
        at=at,
        digest=digest_of_results(report),
        content=content_of(sheet),
    )
    report.state = State.SUBMITTED
    report.save(update_fields=["state", "submission"])
    return report
