from indicators.models.dimension import Breakdown, Category, Dimension
from indicators.models.entry import Entry
from indicators.models.evidence import Evidence
from indicators.models.indicator import Indicator, ReportedBy
from indicators.models.objective import Objective
from indicators.models.period import Period
from indicators.models.report import OPEN_STATES, Report, ReportAuthor, State
from indicators.models.result import Result
from indicators.models.series import Series
from indicators.models.step import Remark, Step, StepKind

__all__ = [
    "OPEN_STATES",
    "Breakdown",
    "Category",
    "Dimension",
    "Entry",
    "Evidence",
    "Indicator",
    "Objective",
    "Period",
    "Remark",
    "Report",
    "ReportAuthor",
    "ReportedBy",
    "Result",
    "Series",
    "State",
    "Step",
    "StepKind",
]
