"""Every state change: one function, one transaction, whoever calls it."""

from indicators.actions.attaching import attach
from indicators.actions.opening import Opened, lay_series, open_period, open_periods, open_report
from indicators.actions.planning import Plan, set_plans
from indicators.actions.refusals import Changed, NotAllowed, Refused
from indicators.actions.reporting import merge, save, submit
from indicators.actions.reviewing import approve, reopen, send_back
from indicators.actions.succeeding import Succession, succeed
from indicators.messages import Complaint

__all__ = [
    "Changed",
    "Complaint",
    "NotAllowed",
    "Opened",
    "Plan",
    "Refused",
    "Succession",
    "approve",
    "attach",
    "lay_series",
    "merge",
    "open_period",
    "open_periods",
    "open_report",
    "reopen",
    "save",
    "send_back",
    "set_plans",
    "submit",
    "succeed",
]
