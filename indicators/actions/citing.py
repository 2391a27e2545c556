"""Which evidence a row may name: whatever is typed, and files that its typist holds or sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.actions.refusals import Refused
from indicators.messages import Complaint
from indicators.models import Evidence
from programs.models import User


def files_of(
    program_id: int, by: User, wanted: Mapping[int, str], handed: Collection[str] = ()
) -> dict[str, int]:
    """By digest, the ids of the files that rows (by series id) name; 1 query for any.

    Refused for a file that this person neither sees, nor has handed in before, nor hands in now
    (`handed`): a digest alone opens no file.
    """
    if not wanted:
        return {}
    files = Evidence.objects.filter(program=program_id, kind=Evidence.Kind.FILE, sha256__in=wanted.values())
    seen = Evidence.objects.seen_by(by).filter(sha256__in=wanted.values()).values("pk")
    own = Q(created_by=by) | Q(sha256__in=handed) | Q(pk__in=seen)
    found = dict(files.filter(own).values_list("sha256", "pk"))
    complaints = [
        Complaint(_("This file is not known. Choose it anew."), key, "evidence")
        for key, digest in wanted.items()
        if digest not in found
    ]
    if complaints:
        raise Refused(complaints)
    return found
