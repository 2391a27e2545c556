"""Files as evidence: handed in with a report's rows, and given back to whoever may see what rests on them."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from indicators import keeping
from indicators.actions import Complaint, Refused
from indicators.actions.attaching import MEGABYTE, attach
from indicators.files import ENDINGS
from indicators.forms.sent import Sent, number_of, read_sent
from indicators.merging import Edit
from indicators.models import Evidence
from indicators.reading import typed_file
from programs.access import opened_to, signed_in
from programs.models import User

logger = logging.getLogger(__name__)
FILE = re.compile(r"(file|unfile)-([0-9]+)")
POLICY = "default-src 'none'; sandbox"
UNKNOWN = "application/octet-stream"


@opened_to("signed in")
@require_safe
def evidence(request: HttpRequest, evidence: int) -> HttpResponseBase:
    """A file, to be saved and never shown by the browser itself; 404 for who sees nothing that rests on it.

    Its SHA-256 is computed anew each time: what is not what was handed in is not given out. 1 query.
    """
    seen = Evidence.objects.seen_by(signed_in(request)).filter(kind=Evidence.Kind.FILE)
    found = seen.filter(pk=evidence).first()
    if found is None:
        raise Http404
    content = keeping.content_of(found.stored, found.sha256)
    if content is None:
        logger.error("evidence %s (%s) is missing or was changed", found.pk, found.stored)
        return render(request, "indicators/evidence_lost.html", {"evidence": found}, status=500)
    response = HttpResponse(content, content_type=_type(found))
    said = content_disposition_header(as_attachment=True, filename=found.text)
    response["Content-Disposition"] = said or "attachment"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"  # asked for anew, so that who lost the right gets nothing
    response["ETag"] = f'"{found.sha256}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _type(found: Evidence) -> str:
    if found.content_type not in ENDINGS:
        return UNKNOWN
    return (
        f"{found.content_type}; charset=utf-8"
        if found.content_type.startswith("text/")
        else found.content_type
    )


def received(request: HttpRequest, user: User, report_id: int) -> Sent:
    """What a form sent, with the files that came with it kept, each in the box of its row's evidence."""
    sent = read_sent(request.POST)
    asked = {name for name in request.POST if FILE.fullmatch(name)}
    removed = {number_of(name.partition("-")[2]) for name in asked if name.startswith("unfile-")}
    edits = {key: _with(edit, "") if key in removed else edit for key, edit in sent.edits.items()}
    handed: set[str] = set()
    wrong: list[Complaint] = []
    chosen = {number_of(name.partition("-")[2]): name for name in request.FILES if FILE.fullmatch(name)}
    for key in chosen.keys() & edits.keys():
        file = request.FILES[chosen[key]]
        if not isinstance(file, UploadedFile):
            continue
        content = file.read(settings.EVIDENCE_MB * MEGABYTE + 1)
        try:
            kept = attach(report_id=report_id, by=user, series_id=key, name=file.name or "", content=content)
        except Refused as refusal:
            wrong += refusal.complaints
        else:
            handed.add(kept.sha256)
            edits[key] = _with(edits[key], typed_file(kept.sha256))
    anew = frozenset((removed | chosen.keys()) & edits.keys())
    return replace(sent, edits=edits, handed=frozenset(handed), anew=anew, wrong=tuple(wrong))


def _with(edit: Edit, evidence: str) -> Edit:
    """The row with another text in its box of evidence."""
    return replace(edit, texts={**edit.texts, "evidence": evidence})
