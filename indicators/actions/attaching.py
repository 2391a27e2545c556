"""How a file becomes evidence: checked, kept on the disk, then known to the database."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from indicators import keeping
from indicators.actions.refusals import Refused
from indicators.actions.reporting import check_may_type, locked_report
from indicators.files import FileProblem, FileReading, read_file, shown_name
from indicators.messages import SAID_OF_FILES, Complaint
from indicators.models import Evidence, Series
from programs.models import User

MEGABYTE = 1_000_000


@transaction.atomic
def attach(*, report_id: int, by: User, series_id: int, name: str, content: bytes) -> Evidence:
    """Keep a file as evidence for a row of an open report; `save` of the row then makes it the row's own.

    The same content is the same evidence, under its first name. Raises NotAllowed or Refused (a closed
    report, a foreign row, a file that is not taken). At most 8 queries.
    """
    report = locked_report(report_id)
    check_may_type(report, by)
    own = Series.objects.of_report_to(report.program_id, report.site_id)
    if not own.filter(pk=series_id, category=None).exists():
        raise Refused(_("This report has no such row. Nothing was saved."))
    reading = read_file(content, name, settings.EVIDENCE_MB * MEGABYTE)
    if reading.problem is not None:
        raise Refused(Complaint(_said(reading.problem), series_id, "evidence"))
    return _kept(report.program_id, by, name, content, reading)


def _said(problem: FileProblem) -> str:
    text = str(SAID_OF_FILES[problem])
    if problem is not FileProblem.TOO_LARGE:
        return text
    return f"{text} " + _("At most %(most)s MB are kept.") % {"most": settings.EVIDENCE_MB}


def _kept(program_id: int, by: User, name: str, content: bytes, reading: FileReading) -> Evidence:
    """The evidence that this content is; the file lies on the disk before its row does."""
    digest = hashlib.sha256(content).hexdigest()
    same = Evidence.objects.filter(program_id=program_id, sha256=digest)
    if known := same.first():
        return known
    stored = keeping.put(content)
    one = Evidence(
        program_id=program_id,
        kind=Evidence.Kind.FILE,
        text=shown_name(name, reading.content_type),
        sha256=digest,
        stored=stored,
        size=len(content),
        content_type=reading.content_type,
        created_by=by,
    )
    Evidence.objects.bulk_create([one], ignore_conflicts=True)
    kept = same.get()
    if kept.stored != stored:  # somebody else was faster with the same content
        keeping.discard(stored)
    return kept
