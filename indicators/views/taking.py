"""The tables of reporting and planning, taken along: my work, a year's targets, a report's review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from indicators import words
from indicators.formatting import absence_word, certainty_word, figure_text, status_word
from indicators.forms import review, targets, wording
from indicators.forms.rows import lines_of
from indicators.models import Entry
from indicators.sheets import IndicatorRow, Line, Sheet
from indicators.values import Figure, Meaning, Measure
from indicators.work import Task, Work
from programs.taking import Taken
from programs.workbook import Cell, plain


def work_taken(work: Work) -> Taken:
    """What a person has to do and has done, a row for each report; no queries."""
    heads = [
        _("List"),
        _("Program"),
        _("Site"),
        _("Period"),
        _("Due on"),
        _("State"),
        _("Rows filled"),
        _("Rows expected"),
        _("Reason"),
    ]
    rows = [_task(title, task) for title, tasks, _action, _name in work.sections for task in tasks]
    return Taken("my-work", _("My work"), heads, rows)


def _task(title: str, task: Task) -> list[object]:
    report = task.report
    return [
        title,
        report.program.shown_name,
        report.site.name if report.site else "",
        str(report.period),
        report.period.due_on,
        status_word(report.state),
        getattr(report, "filled", None),
        getattr(report, "expected", None),
        task.reason,
    ]


def targets_taken(grid: targets.Grid) -> Taken:
    """The targets of a year, a row for each period that one can stand in; no queries."""
    rows = [
        row for group in grid.groups for it in group.rows for row in _cells(group.objective.code, it.cells)
    ]
    whose = grid.site.name if grid.site else _("the program as a whole")
    label = grid.year.label
    about = [
        (_("Program"), f"{grid.program.code} · {grid.program.shown_name}"),
        (_("For"), whose),
        (_("Year"), label),
    ]
    site = f"-{grid.site.code}" if grid.site else ""
    return Taken(
        f"{grid.program.code}-targets-{label}{site}",
        _("Targets %(year)s") % {"year": label},
        _target_heads(),
        rows,
        about,
    )


def _target_heads() -> list[str]:
    return [
        _("Objective"),
        _("Code"),
        _("Indicator"),
        _("Unit"),
        _("Period"),
        _("From"),
        _("To"),
        _("Target"),
        _("Numerator"),
        _("Denominator"),
        _("Certainty"),
        _("Expected"),
        _("Set by"),
        _("Set at"),
    ]


def _cells(objective: str, cells: Iterable[targets.Cell]) -> Iterator[list[object]]:
    for cell in cells:
        indicator, column = cell.indicator, cell.column
        named = [objective, indicator.code, indicator.shown_name, indicator.shown_unit]
        yield [*named, column.label, column.span.first, column.span.last, *_target(cell.in_force)]


def _target(entry: Entry | None) -> list[object]:
    if entry is None:
        return [None] * 7
    value: object = entry.value
    if entry.absence:
        value = Cell(absence_word(entry.absence), quiet=True)
    elif entry.day:
        value = entry.day
    certainty = str(words.CERTAINTIES[entry.certainty])
    who = entry.approved_by.shown_name
    return [value, entry.numerator, entry.denominator, certainty, entry.expected, who, entry.recorded_at]


def review_taken(sheet: Sheet) -> Taken:
    """A report as its reviewer sees it, worst first, a row for each indicator and category; no queries."""
    heads = [
        _("Code"),
        _("Indicator"),
        _("Category"),
        _("Unit"),
        _("Value"),
        _("Numerator"),
        _("Denominator"),
        _("Certainty"),
        _("Target"),
        _("Achieved"),
        _("Status"),
        _("Last period"),
        _("Same period last year"),
        _("To look at"),
        _("Explanation"),
        _("Evidence"),
        _("Remark last time"),
    ]
    rows = [cells for row in review.worst_first(sheet) for cells in _rows(row)]
    report = sheet.report
    about: list[tuple[str, object]] = [
        (_("Program"), f"{report.program.code} · {report.program.shown_name}"),
        (_("Site"), report.site.name if report.site else _("the program as a whole")),
        (_("Period"), str(report.period)),
        (_("State"), status_word(report.state)),
        (_("Due on"), report.period.due_on),
    ]
    site = f"-{report.site.code}" if report.site else ""
    name = f"{report.program.code}{site}-{report.period.label.replace(' ', '-')}"
    return Taken(name, str(report), heads, rows, about)


def _rows(row: IndicatorRow) -> Iterator[list[object]]:
    for line in lines_of(row):
        whole = line is row.line
        yield [
            *_named(row, line),
            *_value(line.figure, row.indicator.meaning),
            *_judged(row, line, whole=whole),
        ]


def _named(row: IndicatorRow, line: Line) -> list[object]:
    category = line.series.category
    indicator = row.indicator
    named = category.shown_name if category else ""
    return [indicator.code, indicator.shown_name, named, indicator.shown_unit]


def _value(figure: Figure | None, meaning: Meaning) -> list[object]:
    if figure is None:
        return [None] * 4
    return [number_of(figure, meaning), figure.numerator, figure.denominator, certainty_word(figure)]


def number_of(figure: Figure | None, meaning: Meaning) -> object:
    """The value as a number where it is one; an absence and a milestone in words."""
    if figure is None:
        return None
    if figure.value is None or figure.absence is not None or meaning.measure is Measure.MILESTONE:
        return Cell(figure_text(figure, meaning), quiet=figure.absence is not None)
    return plain(figure.value)


def _judged(row: IndicatorRow, line: Line, *, whole: bool) -> list[object]:
    """What a reviewer goes by; of a category its explanation and evidence alone."""
    said = [line.typed.explanation.strip(), line.file.text if line.file else line.read.evidence]
    if not whole:
        return [*[None] * 6, *said, ""]
    meaning, judged = row.indicator.meaning, row.score.judgement
    return [
        number_of(row.score.targets.counting, meaning),
        Cell(judged.achievement, share=True),
        status_word(judged.status) if judged.status else None,
        number_of(row.last, meaning),
        number_of(row.year_before, meaning),
        "; ".join(wording.flag_words(it, row) for it in row.flags),
        *said,
        row.remark,
    ]
