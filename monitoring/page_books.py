"""What the pages of a program and of an indicator show, as tables to take along: real numbers and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from indicators.formatting import certainty_word, span_label, status_word
from indicators.ledger import Head, ProgramBook
from indicators.models import Indicator
from indicators.periods import Span
from indicators.scoring import Score
from indicators.values import Figure, Meaning, Measure
from monitoring.cells import about_unit, target_words
from monitoring.indicator.courses import missing
from monitoring.indicator.history import History
from monitoring.looking_back import LookBack
from monitoring.performance.book import achieved, baseline_cells, figure_cell
from monitoring.program.overview import Overview, calendar_of
from programs.access import Reach
from programs.models import Program
from programs.taking import Taken
from programs.workbook import Cell


def program_book(overview: Overview, book: ProgramBook, about: Sequence[tuple[str, object]]) -> Taken:
    """A row for each indicator over the year and over the life of the program, by objective."""
    calendar = calendar_of(book.indicators)
    year, life = span_label(overview.year, calendar), _("Life of program")
    each = [_("Target"), _("Actual"), _("Certainty"), _("Complete")]
    each += [_("Held against"), _("Achieved"), _("Status")]
    heads = [_("Objective"), _("Code"), _("Indicator"), _("Unit"), _("Baseline"), _("Baseline of")]
    heads += [f"{span}: {name}" for span in (year, life) for name in each]
    title = _("Objectives and indicators")
    return Taken(f"{book.program.code}-indicators", title, heads, _program_rows(overview), about)


def _program_rows(overview: Overview) -> Iterator[list[object]]:
    for group in overview.groups:
        for row in group.rows:
            meaning, one = row.book.meaning, row.indicator
            yield [
                group.objective["code"],
                one.code,
                one.shown_name,
                about_unit(one),
                *baseline_cells(row.baseline, meaning),
                *_judged(row.year, meaning),
                *_judged(row.life, meaning),
            ]


def _judged(score: Score | None, meaning: Meaning) -> list[object]:
    """Target, actual, how certain and complete that is, held against what, achievement and status."""
    if score is None:
        return [None] * 7
    judged = score.judgement
    return [
        _target(score.targets.counting, meaning),
        _actual(score, meaning),
        certainty_word(score.actual.figure),
        score.complete if score.actual.want > 1 else None,
        _against(score, meaning),
        Cell(achieved(score), share=True),
        status_word(judged.status) if judged.status else None,
    ]


def _against(score: Score, meaning: Meaning) -> Cell:
    """What the percentage is of, where that is not the target: of what was reported alone, or to date."""
    target = score.targets.counting
    if score.against is None or (target is not None and score.against.value == target.value):
        return Cell()
    return _target(score.against, meaning)


def _actual(score: Score, meaning: Meaning) -> Cell:
    figure = score.actual.figure
    if figure is None or figure.value is None:
        return Cell(missing(score), quiet=True)
    return figure_cell(figure, meaning)


def _target(target: Figure | None, meaning: Meaning) -> Cell:
    if target is not None and meaning.measure is Measure.MILESTONE:
        return Cell(target_words(target, meaning))
    return figure_cell(target, meaning)


def indicator_book(
    history: History, indicator: Indicator, program: Program, about: Sequence[tuple[str, object]]
) -> Taken:
    """A row for each period of the whole, then of each site and of each category over the last periods."""
    heads = [_("Of"), _("Period"), _("From"), _("To"), _("Target"), _("Original target"), _("Actual")]
    heads += [
        _("Certainty"),
        _("Complete"),
        _("Held against"),
        _("Achieved"),
        _("From the target"),
        _("Status"),
    ]
    baseline, baseline_of = baseline_cells(history.baseline, indicator.meaning)
    told = [
        (_("Indicator"), f"{indicator.code} {indicator.shown_name}"),
        (_("Unit"), about_unit(indicator)),
        (_("Baseline"), baseline),
        (_("Baseline of"), baseline_of),
        *about,
    ]
    rows = _indicator_rows(history, indicator.meaning)
    return Taken(f"{program.code}-{indicator.code}", indicator.shown_name, heads, rows, told)


def _indicator_rows(history: History, meaning: Meaning) -> Iterator[list[object]]:
    for moment in history.moments:
        yield _row(_("all"), moment.column.label, moment.score, meaning)
    parts = [(it.name, it) for it in history.sites]
    parts += [(f"{one.dimension}: {it.name}", it) for one in history.breakdowns for it in one.parts]
    for name, part in parts:
        for column, score in zip(history.columns, part.scores, strict=True):
            if score is not None:
                yield _row(name, column.label, score, meaning)


def _row(name: str, label: str, score: Score, meaning: Meaning) -> list[object]:
    span, targets = score.span, score.targets
    target, actual, certainty, complete, against, share, status = _judged(score, meaning)
    return [
        name,
        label,
        *_days(span),
        target,
        _target(targets.original, meaning),
        actual,
        certainty,
        complete,
        against,
        share,
        Cell(score.judgement.deviation, share=True),
        status,
    ]


def _days(span: Span) -> tuple[date | None, date | None]:
    return span.first, span.last


def about_page(book: ProgramBook, own: Reach, back: LookBack, head: Head | None) -> list[tuple[str, object]]:
    """What the last sheet says of where the figures are from; a head only for who sees all of the ledger."""
    program = book.program
    told: list[tuple[str, object]] = [(_("Program"), f"{program.code} · {program.shown_name}")]
    if program.illustrative:
        told.append((_("Illustrative"), _("These figures are made up to show how the site works.")))
    if own.sites is not None:
        told.append((_("Figures of"), ", ".join(site.name for site in book.sites.values())))
    told.append((_("As of"), back.today if back.moment else _("now")))
    if head is not None:
        told.append((_("Ledger head"), str(head)))
    return told
