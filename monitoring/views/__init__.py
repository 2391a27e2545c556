"""The reading side: who stands where, as far as the reader may see."""

from monitoring.views.figure import entry, figure
from monitoring.views.health import healthz
from monitoring.views.home import home
from monitoring.views.icon import icon
from monitoring.views.indicator import indicator
from monitoring.views.performance import performance, performance_parts
from monitoring.views.portfolio import performance_choose, portfolio, program_list
from monitoring.views.program import program

__all__ = [
    "entry",
    "figure",
    "healthz",
    "home",
    "icon",
    "indicator",
    "performance",
    "performance_choose",
    "performance_parts",
    "portfolio",
    "program",
    "program_list",
]
