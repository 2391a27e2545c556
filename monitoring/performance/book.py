"""The performance table as a workbook: the same figures, as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators import words
from indicators.formatting import certainty_mark, figure_text, status_word
from indicators.judging import Status
from indicators.planning import Baseline
from indicators.scoring import Score
from indicators.values import Certainty, Figure, Meaning, Measure
from monitoring.cells import about_unit, share_of, target_words
from monitoring.looking_back import LookBack
from monitoring.notes import notes_of
from monitoring.performance.columns import Column
from monitoring.performance.form import PerformanceForm
from monitoring.performance.page import range_label
from monitoring.performance.table import Performance, Row
from programs.models import Program
from programs.taking import choices_of
from programs.workbook import Cell, Sheet, plain, workbook

FIXED = 6  # objective, code, indicator, unit, baseline, what that is of
EACH = 5  # target, actual, completeness, achieved, status
ON_A_SHEET = 2  # periods on a sheet of paper, beside the columns that are repeated; on the first, one
WIDTHS = (9, 12, 50, 16, 12, 18)
SCALE = 55  # so that as many columns fit on a sheet of A4, even in a font wider than Excel's
WIDTHS_EACH = (13, 13, 9, 9, 12)


def performance_book(table: Performance, about: Sequence[tuple[str, object]], foot: str) -> bytes:
    """The table as an XLSX file; `about` says what was chosen and how long the ledger was."""
    scores = [score for row in table.rows for score in row.scores if score is not None]
    notes = [(_("Note"), note) for note in notes_of(scores)]
    told = [(_("Periods"), range_label(table.columns)), *about, *notes]
    return workbook([sheet_of(table)], told, foot)


def about_table(
    program: Program, form: PerformanceForm, back: LookBack, column: Column | None, only: str
) -> list[tuple[str, object]]:
    """What was chosen: the program, its calendar and every filter; `only` names the sites seen."""
    told: list[tuple[str, object]] = [(_("Program"), f"{program.code} · {program.shown_name}")]
    if program.illustrative:
        told.append((_("Illustrative"), _("These figures are made up to show how the site works.")))
    told += choices_of(form)
    if not form.cleaned_data.get("calendar"):
        told.append((_("Calendar"), str(words.CALENDARS[form.calendar_chosen])))
    if column is not None:
        told.append((_("Status in"), column.label))
    if only:
        told.append((_("Figures of"), only))
    return [*told, (_("As of"), back.today if back.moment else _("now"))]


def sheet_of(table: Performance) -> Sheet:
    """The table: three parts of a head, then a row for each indicator and category."""
    columns = table.columns
    top = [("", FIXED), *((it.label, EACH) for it in columns)]
    named = (_("Objective"), _("Code"), _("Indicator"), _("Unit"), _("Baseline"), _("Baseline of"))
    each = (_("Target"), _("Actual"), _("Complete"), _("Achieved"), _("Status"))
    starts = range(1, len(columns), ON_A_SHEET)
    return Sheet(
        title=_("Performance table"),
        heads=[top, [*((it, 1) for it in named), *((name, 1) for _column in columns for name in each)]],
        rows=_rows(table),
        widths=[*WIDTHS, *(WIDTHS_EACH * len(columns))],
        fixed=3,
        scale=SCALE,
        breaks=[FIXED + EACH * start for start in starts],
    )


def _rows(table: Performance) -> Iterator[list[Cell]]:
    for group in table.groups:
        for row in group.rows:
            cells = _head(group.objective.code, row)
            for column, score in zip(table.columns, row.scores, strict=True):
                cells += _cells(column, row.meaning, score)
            yield cells


def _head(objective: str, row: Row) -> list[Cell]:
    name = row.indicator.shown_name if row.category is None else f"    {row.category.shown_name}"
    return [
        Cell(objective, quiet=True),
        Cell(row.indicator.code),
        Cell(name, bold=row.category is None),
        Cell(about_unit(row.indicator).replace("\u00a0", " ")),
        *baseline_cells(row.baseline, row.meaning),
    ]


def baseline_cells(baseline: Baseline | None, meaning: Meaning) -> list[Cell]:
    """The baseline and the period that it is of; two empty cells without one."""
    if baseline is None:
        return [Cell(), Cell()]
    first, last = baseline.periods[0].label, baseline.periods[-1].label
    return [figure_cell(baseline.figure, meaning), Cell(first if first == last else f"{first} – {last}")]


def _cells(column: Column, meaning: Meaning, score: Score | None) -> list[Cell]:
    """Target, actual, completeness, achievement and status; five empty cells where nothing can stand."""
    if score is None:
        return [Cell(total=column.total)] * EACH
    judged, target = score.judgement, score.targets.counting
    return [
        _target(target, meaning, total=column.total),
        _actual(score, meaning, total=column.total),
        Cell(score.complete if score.actual.want > 1 else None, total=column.total, quiet=True),
        Cell(achieved(score), share=True, total=column.total),
        Cell(status_word(judged.status) if judged.status else None, total=column.total),
    ]


def _target(target: Figure | None, meaning: Meaning, *, total: bool) -> Cell:
    if target is None:
        return Cell(total=total)
    if meaning.measure is Measure.MILESTONE:
        return Cell(target_words(target, meaning), total=total)
    return figure_cell(target, meaning, total=total)


def _actual(score: Score, meaning: Meaning, *, total: bool) -> Cell:
    """The value, or in words why there is none."""
    figure = score.actual.figure
    if figure is not None and (figure.value is not None or score.reason is None):
        return figure_cell(figure, meaning, total=total)
    word = words.MISSING[score.reason] if score.reason else ""
    return Cell(str(word), quiet=True, total=total)


def achieved(score: Score) -> Decimal | None:
    """The achievement; of what is running its pace, as the page has it."""
    judged, pace = score.judgement, score.pace
    if pace is None or judged.status is Status.NO_TARGET or share_of(judged):
        return judged.achievement
    return pace.of_target


def figure_cell(figure: Figure | None, meaning: Meaning, *, total: bool = False) -> Cell:
    """A figure as a number with its certainty before it; an absence and a milestone in words."""
    if figure is None:
        return Cell(total=total)
    if figure.value is None or figure.absence is not None:
        return Cell(figure_text(figure, meaning), quiet=figure.absence is not None, total=total)
    if meaning.measure is Measure.MILESTONE:
        return Cell(figure_text(figure, meaning), total=total)
    marks = [_("expected")] if figure.expected else []
    if figure.certainty is not Certainty.EXACT:
        marks.append(certainty_mark(figure.certainty))
    return Cell(plain(figure.value), mark=" ".join(marks), total=total)
