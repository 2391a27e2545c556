"""What is different, in words: what a page had shown or a submission had said, and what stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.core import signing
from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import words
from indicators.content import Content, Difference
from indicators.models import Indicator, Step, StepKind

LABELS = {
    "name": gettext_lazy("name"),
    "value": gettext_lazy("value"),
    "absence": gettext_lazy("no value because"),
    "certainty": gettext_lazy("how certain"),
    "explanation": gettext_lazy("explanation"),
    "evidence": gettext_lazy("evidence"),
    "published": gettext_lazy("published on"),
    "target": gettext_lazy("target"),
}
TABLES = {"absence": words.ABSENCES, "certainty": words.CERTAINTIES}
OF_MEANING = "is_"  # how the fields of a definition begin


def said(found: Iterable[Difference]) -> list[dict[str, str]]:
    """Each difference with its row, what it is called, and both texts as people write them."""
    return [
        {
            "row": it.row,
            "label": _label(it.field),
            "before": _text(it.field, it.before),
            "now": _text(it.field, it.now),
        }
        for it in found
    ]


def _label(name: str) -> str:
    if name.startswith(OF_MEANING):
        return str(_column(name).verbose_name)
    return str(LABELS.get(name, name))


def _column(name: str) -> Field[Any, Any]:
    """The column of a definition that a difference is of."""
    return cast("Field[Any, Any]", Indicator._meta.get_field(name.removeprefix(OF_MEANING)))


def _text(name: str, text: str) -> str:
    if not text:
        return _("(empty)")
    if name.startswith(OF_MEANING):
        table = dict(_column(name).flatchoices)
        return str(table.get(text, {"True": _("yes"), "False": _("no")}.get(text, text)))
    return str(TABLES.get(name, {}).get(text, text))


def of_report(found: Iterable[Difference]) -> list[Difference]:
    """What the report itself says otherwise, without targets and definitions."""
    return [it for it in found if it.field != "target" and not it.field.startswith(OF_MEANING)]


def submissions(steps: Iterable[Step]) -> list[Step]:
    """What was submitted, the latest first, as far as it was kept."""
    found = [step for step in steps if step.kind == StepKind.SUBMITTED]
    return [step for step in reversed(found) if step.content]


def carried(content: Content, salt: str) -> str:
    """What a page shows, signed, so that it comes back as it was."""
    return signing.dumps(content, salt=salt, compress=True)


def brought_back(text: str | None, salt: str) -> Content | None:
    """What the page had shown; nothing at all of what somebody else wrote, None where nothing came."""
    if text is None:
        return None
    try:
        content: Content = signing.loads(text, salt=salt)
    except signing.BadSignature:
        return {}
    return content
