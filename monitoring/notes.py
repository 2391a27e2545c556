"""Sentences below a table for whatever in its cells needs one."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators import words
from indicators.scoring import Score
from monitoring.cells import WAITING


def notes_of(scores: Sequence[Score]) -> list[str]:
    """Why values are missing, what to beware of, which targets were set later: each once."""
    reasons = {str(it.reason) for it in scores if it.reason and it.judgement.status not in WAITING}
    cautions = {str(caution) for it in scores for caution in it.cautions}
    found = [str(text) for reason, text in words.MISSING_WHY.items() if reason in reasons]
    found += [str(text) for caution, text in words.CAUTIONS.items() if caution in cautions]
    if any(it.targets.set_later for it in scores):
        found.append(_("Set later: the target was first recorded after its period had ended."))
    if any(it.actual.want > 1 and it.actual.figure for it in scores):
        found.append(_("4/5 beside a value: how many of the expected figures it rests on."))
    if any(it.narrowed for it in scores):
        found.append(
            _("Against another figure: where some are missing, the targets of what was reported count.")
        )
    if any(_by_deviation(it) for it in scores):
        found.append(
            _("A percentage with a sign is the distance from the target, where achievement can't be said.")
        )
    return found


def _by_deviation(score: Score) -> bool:
    judged = score.judgement
    return judged.achievement is None and bool(judged.deviation)
