"""What stands around the rows of a report that is typed: what is in the way, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.translation import gettext as _

from indicators.forms.rows import OF_MEASURE, lines_of
from indicators.messages import Complaint
from indicators.models import Report
from indicators.sheets import IndicatorRow, Line, Sheet
from indicators.values import Measure

ARROW = '<span aria-hidden="true">{}</span><span class="usa-sr-only">{}</span>'


def row_words(report: Report) -> dict[str, str]:
    """The words that stand in every row, looked up once."""
    return {
        "less": format_html(ARROW, "↓", _("less is better")),
        "more": format_html(ARROW, "↑", _("more is better")),
        "target": _("Target"),
        "period": str(report.period),
        "so_far": _("So far this year"),
        "mend": _("To be mended:"),
        "notes": _("Note, evidence, no value"),
    }


def box_after_last(sheet: Sheet) -> str:
    """The id of the box after the last one that the latest save changed; "" after all or for none."""
    lines, saved_at = [(row, line) for row in sheet.rows for line in lines_of(row)], sheet.report.saved_at
    changed = (at for at, (_row, line) in enumerate(lines) if saved_at and line.typed_at == saved_at)
    last = max(changed, default=-1)
    following = lines[last + 1 : last + 2] if last >= 0 else []
    return next((f"{_first_field(row)}-{line.series.pk}" for row, line in following), "")


def summary(sheet: Sheet, complaints: Sequence[Complaint]) -> list[dict[str, str]]:
    """What stands in the way, each with the name of its row and the id of its box."""
    names = {line.series.pk: _name_of(row, line) for row in sheet.rows for line in lines_of(row)}
    return [
        {
            "name": names.get(it.series_id or 0, ""),
            "message": it.message,
            "id": f"{it.field}-{it.series_id}" if it.series_id in names else "",
        }
        for it in complaints
    ]


def _first_field(row: IndicatorRow) -> str:
    return OF_MEASURE[Measure(row.indicator.measure)][0]


def _name_of(row: IndicatorRow, line: Line) -> str:
    category = line.series.category
    return " · ".join(one.shown_name for one in (row.indicator, category) if one)
