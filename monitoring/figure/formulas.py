"""How a figure was made and judged, in words and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators import words
from indicators.combining import has_parts, latest_first
from indicators.formatting import derived, number, percent, ratio, signed_percent
from indicators.judging import HUNDRED, Status
from indicators.periods import Span
from indicators.planning import grows_with_time
from indicators.scoring import Score
from indicators.values import Figure, Meaning, Measure, OverSites, OverTime
from indicators.working import Way, Working

MOST = 40  # so many numbers are written out


def value_text(figure: Figure, meaning: Meaning) -> str:
    """The bare number of a figure, as it stands in a formula."""
    if figure.value is None:
        return ""
    if meaning.measure is Measure.RATIO and has_parts(figure):
        return ratio(figure.value, meaning.factor)
    return number(figure.value)


def rule_of(meaning: Meaning, way: Way) -> OverSites | OverTime:
    """The indicator's rule for that way of combining."""
    return meaning.over_time if way is Way.OVER_TIME else meaning.over_sites


def in_words(meaning: Meaning, working: Working) -> list[str]:
    """The formula as sentences, of each part too where these are combined in their turn."""
    valued = [it.span for it in working.parts if it.combined.figure is not None]
    if working.way is Way.EXACTLY:
        return [_("For exactly this period and place: nothing was combined.")]
    over_time = working.way is Way.OVER_TIME
    said = [_over_time(meaning, valued) if over_time else _over_sites(meaning, len(valued))]
    if working.sites_below > 1:
        over = str(words.OVER_SITES[meaning.over_sites])
        said.append(_("Each of them over its sites: %(rule)s.") % {"rule": over})
    below = any(not it.entered and not it.whole for it in working.parts)
    if below and working.way is Way.OVER_SITES:
        over = str(words.OVER_TIME[meaning.over_time])
        said.append(_("Each of them over its periods: %(rule)s.") % {"rule": over})
    return said


def _over_sites(meaning: Meaning, n: int) -> str:
    if meaning.over_sites is OverSites.SUM:
        return ngettext("Sum of %(n)s site.", "Sum of %(n)s sites.", n) % {"n": n}
    if meaning.over_sites is OverSites.AVERAGE:
        return _("Average of the sites that reported: %(n)s.") % {"n": n}
    if meaning.over_sites is OverSites.POOLED:
        return _("Pooled over the sites: the sum of their numerators by the sum of their denominators.")
    if meaning.over_sites is OverSites.ALL:
        return _("How many of the sites have it done.")
    return _("By its rule, a value counts only for the site that it was reported for.")


def _over_time(meaning: Meaning, valued: Sequence[Span]) -> str:
    """How the periods make the whole, given that of each figure; those of a baseline may be of many sites."""
    n, figures = len(set(valued)), len(valued)
    said = {
        OverTime.SUM: _sum_over_time(n, figures),
        OverTime.AVERAGE: _("Average of the periods that were reported: %(n)s."),
        OverTime.MAXIMUM: _("The highest of %(n)s periods."),
        OverTime.LATEST: _("The latest of the periods that were reported."),
        OverTime.POOLED: _pooled(meaning),
        OverTime.ONCE: _("Once done, done: the first period that says so counts."),
        OverTime.NONE: _("By its rule, a value counts only for the period that it was reported for."),
    }
    return (
        said[meaning.over_time] % {"n": n} if "%(n)s" in said[meaning.over_time] else said[meaning.over_time]
    )


def _sum_over_time(periods: int, figures: int) -> str:
    if periods < figures:
        return ngettext("Sum of %(n)s figure.", "Sum of %(n)s figures.", figures) % {"n": figures}
    return ngettext("Sum of %(n)s period.", "Sum of %(n)s periods.", periods)


def _pooled(meaning: Meaning) -> str:
    if not latest_first(meaning):
        return _("Pooled over the periods: the sum of their numerators by the sum of their denominators.")
    above, below = (
        str(words.PART_OVER_TIME[it]) for it in (meaning.numerator_over_time, meaning.denominator_over_time)
    )
    return _(
        "Pooled over the periods: of the numerators the %(above)s, of the denominators the %(below)s."
    ) % {
        "above": above,
        "below": below,
    }


def in_numbers(meaning: Meaning, working: Working, whole: Figure | None) -> str:
    """The formula with the parts' values; "" where nothing is calculated, or too much to be written out."""
    parts = [it.combined.figure for it in working.parts if it.combined.figure is not None]
    parts = [it for it in parts if it.value is not None]
    if whole is None or whole.value is None or working.way is Way.EXACTLY or not 1 < len(parts) <= MOST:
        return ""
    rule, result = rule_of(meaning, working.way), value_text(whole, meaning)
    texts = [value_text(it, meaning) for it in parts]
    if rule in (OverSites.SUM, OverTime.SUM):
        return f"{' + '.join(texts)} = {result}"
    if rule in (OverSites.AVERAGE, OverTime.AVERAGE):
        return f"({' + '.join(texts)}) / {len(texts)} = {result}"
    if rule in (OverSites.POOLED, OverTime.POOLED):
        return _pooled_numbers(meaning, working.way, parts, result)
    if rule is OverTime.MAXIMUM:
        return f"max({'; '.join(texts)}) = {result}"
    return ""


def _pooled_numbers(meaning: Meaning, way: Way, parts: Sequence[Figure], result: str) -> str:
    over_time = way is Way.OVER_TIME
    above = _added([it.numerator for it in parts], meaning.numerator_over_time if over_time else OverTime.SUM)
    below = _added(
        [it.denominator for it in parts], meaning.denominator_over_time if over_time else OverTime.SUM
    )
    if not (above and below):
        return ""
    times = "" if meaning.factor == 1 else f" × {number(meaning.factor)}"
    return f"{above} / {below}{times} = {result}"


def _added(values: Sequence[Decimal | None], rule: OverTime) -> str:
    known = [number(it) for it in values if it is not None]
    if len(known) < len(values):
        return ""
    return known[-1] if rule is OverTime.LATEST else f"({' + '.join(known)})"


def judged_in_numbers(meaning: Meaning, score: Score) -> str:
    """Achievement, else deviation, with its formula; "" where neither is known."""
    judged, figure, against = score.judgement, score.actual.figure, score.against
    if figure is None or against is None or against.value is None:
        return _paced(meaning, score)
    if figure.value is None:
        return ""
    actual, target = _operand(figure.value), _operand(against.value)
    if judged.achievement is not None:
        share = percent(judged.achievement)
        if not judged.start:
            return f"{actual} / {target} = {share}"
        start = _operand(judged.start)
        return f"({actual} − {start}) / ({target} − {start}) = {share}"
    if judged.deviation is not None:
        by = f"|{target}|" if against.value < 0 else target
        return f"({actual} − {target}) / {by} = {signed_percent(judged.deviation)}"
    return ""


def _operand(value: Decimal) -> str:
    """A number of a formula: what was divided has the decimals that it takes to reckon along."""
    return derived(value, 4) if value != round(value, 4) else number(value)


def _paced(meaning: Meaning, score: Score) -> str:
    """The share of the whole target that was reached to date, with its formula."""
    figure, target = score.actual.figure, score.targets.counting
    if score.pace is None or score.pace.of_target is None or figure is None or target is None:
        return ""
    if figure.value is None or target.value is None:
        return ""
    actual, aim, share = _operand(figure.value), _operand(target.value), percent(score.pace.of_target)
    if grows_with_time(meaning) or not score.judgement.start:
        return f"{actual} / {aim} = {share}"
    start = _operand(score.judgement.start)
    return f"({actual} − {start}) / ({aim} − {start}) = {share}"


def judged_in_words(score: Score) -> str:
    """What the share is of: the planned change, or the target."""
    judged = score.judgement
    if judged.achievement is not None:
        if judged.start:
            return _("The share of the planned change, from the baseline to the target, that happened.")
        return _("The share of the target that was reached.")
    if judged.deviation is not None:
        return _("The distance from the target, as no change to the better was planned or no start is known.")
    if score.pace is not None and score.pace.of_target is not None:
        gone = {"share": percent(score.pace.gone)}
        return _("The share of the whole target, while %(share)s of the time has passed.") % gone
    return ""


def status_rule(score: Score, tolerance: Decimal) -> str:
    """Why the status is the one it is."""
    by_share, status = score.judgement.achievement is not None, score.judgement.status
    limits = (("t", tolerance), ("low", HUNDRED - tolerance), ("high", HUNDRED + tolerance))
    t = {name: derived(limit, 1) for name, limit in limits}
    if status is None:
        return ""
    graded = _by_share() if by_share else _by_deviation()
    return (graded.get(status) or _ungraded().get(status, "")) % t


def _by_share() -> dict[Status, str]:
    return {
        Status.EXCEEDED: _("Exceeded is more than %(high)s %%: beyond the target by over %(t)s points."),
        Status.MET: _("Met is from 100 %% to %(high)s %%."),
        Status.NEAR: _("Near is within %(t)s points below 100 %%."),
        Status.BEHIND: _("Behind is below %(low)s %%."),
    }


def _by_deviation() -> dict[Status, str]:
    return {
        Status.MET: _("Met is on the target or on its better side."),
        Status.NEAR: _("Near is within %(t)s %% of the target."),
        Status.BEHIND: _("Behind is more than %(t)s %% from the target, or off a target of 0."),
    }


def _ungraded() -> dict[Status, str]:
    return {
        Status.LATE: _("Late is done after its day."),
        Status.MET: _("Met is done by its day."),
        Status.BEHIND: _("Behind is not done although its day has passed."),
        Status.INCOMPLETE: _(
            "Incomplete: expected figures are missing, so that a percentage is provisional."
        ),
        Status.RUNNING: _("Running: the period has not ended, so nothing is judged yet."),
        Status.NO_TARGET: _("There is no target to judge it by."),
    }
