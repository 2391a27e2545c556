"""What the boxes of a report's rows are called."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext

from indicators.forms.attached import offer_words
from indicators.values import Measure

NOTE_LABELS = {
    "explanation": gettext_lazy("Explanation"),
    "evidence": gettext_lazy("Evidence: a link, or a citation with title and year"),
    "published": gettext_lazy("Published on"),
    "certainty": gettext_lazy("How certain"),
    "absence": gettext_lazy("No value because"),
    "value": gettext_lazy("Published without parts"),
}
LABELS = {
    "value": gettext_lazy("value"),
    "numerator": gettext_lazy("numerator"),
    "denominator": gettext_lazy("denominator"),
    "day": gettext_lazy("day"),
    "absence": gettext_lazy("no value because"),
    "certainty": gettext_lazy("how certain"),
    "explanation": gettext_lazy("explanation"),
    "evidence": gettext_lazy("evidence"),
    "published": gettext_lazy("published on"),
}


def note_words() -> dict[str, str]:
    """What boxes are called, looked up once for a page."""
    labels = {f"{field}:": str(text) for field, text in LABELS.items()}
    between = {
        Measure.RATIO: pgettext("so many of so many", "of"),
        Measure.MILESTONE: pgettext("a day", "on"),
    }
    notes = {field: str(text) for field, text in NOTE_LABELS.items()}
    return notes | labels | between | offer_words(settings.EVIDENCE_MB)
