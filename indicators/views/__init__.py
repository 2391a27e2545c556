"""What has to be done, a report as it is typed, checked, submitted and reviewed, and the plan."""

from indicators.views.entry import report_check, report_entry, report_save, report_submit
from indicators.views.evidence import evidence
from indicators.views.planning import plan_set, targets
from indicators.views.review import report_approve, report_reopen, report_review, report_send_back
from indicators.views.work import my_work, report_list

__all__ = [
    "evidence",
    "my_work",
    "plan_set",
    "report_approve",
    "report_check",
    "report_entry",
    "report_list",
    "report_reopen",
    "report_review",
    "report_save",
    "report_send_back",
    "report_submit",
    "targets",
]
