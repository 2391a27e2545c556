"""What waits for a person: the number in the header, and the lists of the page "My work"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Report, State
from indicators.prepared import SOME_DAY, SOMEBODY, Prepared
from programs.access import Reach, reaches
from programs.models import Program, User

DONE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Awaiting:
    """How many reports wait for a person: in all, to review, returned, overdue; and overdue with others."""

    total: int = 0
    review: int = 0
    returned: int = 0
    overdue: int = 0
    overdue_elsewhere: int = 0


# every page counts by it
_AWAITING = Prepared(
    lambda: Report.objects.awaiting(User(pk=SOMEBODY), SOME_DAY), user=SOMEBODY, today=SOME_DAY
)


def load_awaiting(user: User, today: date) -> Awaiting:
    """How much waits for a person, of each kind; 1 query."""
    counts = {state: rest for state, *rest in _AWAITING.rows(user=user.pk, today=today)}
    waiting = {state: count for state, (count, _overdue, _elsewhere) in counts.items()}
    return Awaiting(
        total=sum(waiting.values()),
        review=waiting.get(State.SUBMITTED, 0),
        returned=waiting.get(State.RETURNED, 0),
        overdue=counts[State.DRAFT][1] if State.DRAFT in counts else 0,
        overdue_elsewhere=sum(elsewhere for _count, _overdue, elsewhere in counts.values()),
    )


def work_awaiting(request: HttpRequest) -> dict[str, Callable[[], Awaiting]]:
    """For the header, how much waits for who is signed in; 1 query, once a page asks for it."""

    @cache
    def awaiting() -> Awaiting:
        if not request.user.is_authenticated:
            return Awaiting()
        return load_awaiting(request.user, timezone.localdate())

    return {"awaiting": awaiting}


@dataclass(frozen=True, slots=True)
class Task:
    """One report of a list, with why it came back."""

    report: Report
    status: str
    reason: str = ""
    reason_by: str = ""


@dataclass(slots=True)
class Work:
    """What a person has to do, and has done; `programs` are those that they manage, with their counts."""

    today: date
    review: list[Task] = field(default_factory=list)
    others_review: list[Task] = field(default_factory=list)  # own typing: another manager has to approve it
    overdue: list[Task] = field(default_factory=list)
    returned: list[Task] = field(default_factory=list)
    due: list[Task] = field(default_factory=list)
    coming: list[Task] = field(default_factory=list)
    late_in_programs: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)
    programs: list[dict[str, object]] = field(default_factory=list)
    writes: bool = False

    @property
    def sections(self) -> list[tuple[str, list[Task], str, str]]:
        """What the page lists: title, tasks, the words of their buttons and where these lead."""
        return [
            (_("Awaiting your review"), self.review, _("Review"), "report-review"),
            (_("Overdue"), self.overdue, _("Continue"), "report-entry"),
            (_("Returned"), self.returned, _("Mend"), "report-entry"),
            (_("Due"), self.due, _("Continue"), "report-entry"),
            (_("Overdue in your programs"), self.late_in_programs, _("Look"), "report-entry"),
            (_("Another manager has to approve"), self.others_review, _("Look"), "report-review"),
            (_("Coming"), self.coming, _("Start"), "report-entry"),
            (_("Done"), self.done, _("Look"), "report-entry"),
        ]

    @property
    def is_clear(self) -> bool:
        """True when nothing waits for this person."""
        return not (self.review or self.overdue or self.returned or self.due)

    @property
    def is_empty(self) -> bool:
        """True for who neither writes nor reviews anything."""
        return not (self.writes or self.programs)


def load_work(user: User, today: date) -> Work:
    """All that waits for a person, and what they did lately; at most 6 queries."""
    work = Work(today, programs=[_named(one) for one in Report.objects.counted_for(user, today)])
    own = reaches(user)
    work.writes = any(one.reporter_everywhere or one.reporter_sites for one in own.values())
    for report in Report.objects.tasks_of(user):
        _sort_in(work, report, own[report.program_id])
    work.review.sort(key=lambda task: (task.report.submitted_at is None, task.report.submitted_at))
    done = Report.objects.lately_done_by(user)[:DONE_SHOWN] if work.writes else ()
    work.done = [Task(report, report.state) for report in done]
    return work


def _named(counts: dict[str, object]) -> dict[str, object]:
    """The counts of a program, with its name in the language of the page."""
    program = Program(name=str(counts["program__name"]), name_es=str(counts["program__name_es"]))
    return counts | {"name": program.name_html}


def _sort_in(work: Work, report: Report, own: Reach) -> None:
    writes = own.reporter_everywhere or report.site_id in own.reporter_sites
    if report.state == State.SUBMITTED:
        if own.manager:
            (work.others_review if report.is_own else work.review).append(Task(report, "submitted"))
    elif writes:
        task = _task(report, work.today)
        getattr(work, task.status).append(task)
    elif _standing(report, work.today) == "overdue":
        work.late_in_programs.append(_task(report, work.today))


def _task(report: Report, today: date) -> Task:
    back = report.back_steps[-1] if report.state == State.RETURNED and report.back_steps else None
    if back is None:
        return Task(report, _standing(report, today))
    reason = back.reason or next((remark.text for remark in back.remarks.all()), "")
    return Task(report, "returned", reason, back.by.shown_name)


def _standing(report: Report, today: date) -> str:
    """Whether an open report is overdue, due, or of a period that has not ended."""
    period = report.period
    if period.due_on is not None and period.due_on < today:
        return "overdue"
    return "coming" if period.last_on is not None and period.last_on >= today else "due"
