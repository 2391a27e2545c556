"""A stage for tests of actions and of the ledger: a program with its people, and ways to ask the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from indicators.actions import approve
from indicators.actions.reporting import digest_of_results
from indicators.models import Entry, Indicator, Report, Series, Step
from indicators.rows import Typed
from programs.models import Program, Site, User
from tests.builders import (
    approved,
    assign,
    make_indicator,
    make_period,
    make_program,
    make_report,
    make_series,
    make_site,
    make_user,
    submitted,
)


@dataclass(slots=True)
class Stage:
    """A program with one site, a reporter, a manager, and one indicator to be reported for 2026 Q3."""

    program: Program
    site: Site
    reporter: User
    manager: User
    indicator: Indicator
    series: Series
    report: Report

    def submit(self, value: str | Typed = "12") -> Report:
        """The report with this value in its only row, handed in by the reporter."""
        self.report = submitted(self.report, {self.series: value}, self.reporter)
        return self.report

    def approve(self, value: str | Typed = "12") -> Report:
        """The same, approved by the manager."""
        self.report = approved(self.report, {self.series: value}, self.reporter, self.manager)
        return self.report

    def sign(self) -> Report:
        """The submitted report approved by the manager, as it stands."""
        self.report = approve(
            report_id=self.report.pk,
            by=self.manager,
            submission=self.report.submission,
            digest=digest_of_results(self.report),
        )
        return self.report

    def another(self, **meaning: Any) -> Series:
        """The series of one more indicator at the same site."""
        indicator = make_indicator(self.program, **meaning)
        return make_series(indicator, None if indicator.reported_by == "program" else self.site)

    def entries(self) -> list[Entry]:
        """The ledger of the program, in its order."""
        return list(Entry.objects.filter(program=self.program).order_by("number"))


def make_stage(*, program: Mapping[str, Any] | None = None, period: str = "2026 Q3", **meaning: Any) -> Stage:
    """A stage whose program and whose indicator have these properties."""
    run = make_program(**program or {})
    site = make_site(run)
    reporter, manager = make_user(), make_user()
    assign(reporter, run, "reporter")
    assign(manager, run, "manager")
    indicator = make_indicator(run, **meaning)
    by_program = indicator.reported_by == "program"
    series = make_series(indicator, None if by_program else site)
    report = make_report(run, None if by_program else site, make_period(period))
    return Stage(run, site, reporter, manager, indicator, series, report)


RATIO: dict[str, Any] = {
    "measure": "ratio",
    "accumulation": "stock",
    "over_sites": "pooled",
    "over_time": "pooled",
    "factor": 100,
}
MILESTONE: dict[str, Any] = {
    "measure": "milestone",
    "accumulation": "stock",
    "over_sites": "all",
    "over_time": "once",
    "counted": False,
}
MEASURED: dict[str, Any] = {"counted": False}


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers, past every rule in Python."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def insert(table: str, **columns: object) -> int:
    """Adds a row by SQL and returns its id."""
    names, marks = ", ".join(columns), ", ".join("%s" for _ in columns)
    rows = sql(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id", *columns.values())
    return int(rows[0][0])


NOTHING: dict[str, object] = {
    "value": None,
    "numerator": None,
    "denominator": None,
    "day": "",
    "absence": "",
    "certainty": "exact",
    "explanation": "",
    "evidence_id": None,
}


def insert_entry(stage: Stage, **columns: object) -> int:
    """Adds an entry by SQL: a target of 10 for the stage's report's period, unless told otherwise."""
    values: dict[str, object] = {
        **NOTHING,
        "series_id": stage.series.pk,
        "period_id": stage.report.period_id,
        "kind": "target",
        "value": 10,
        "expected": False,
        "published": "",
        "change": "",
        "reason": "",
        "approved_by_id": stage.manager.pk,
    }
    return insert("indicators_entry", **values | columns)


def insert_actual(stage: Stage, **columns: object) -> int:
    """Adds the entry that approving the stage's submitted report would add, unless told otherwise."""
    steps = Step.objects.filter(report=stage.report, submission=stage.report.submission)
    submission, approval = (steps.get(kind=kind) for kind in ("submitted", "approved"))
    values: dict[str, object] = {
        "kind": "actual",
        "value": 12,
        "approval_id": approval.pk,
        "submitted_by_id": submission.by_id,
        "approved_by_id": approval.by_id,
    }
    return insert_entry(stage, **values | columns)


def insert_result(stage: Stage, **columns: object) -> int:
    """Adds a result of 12 to the stage's report by SQL, unless told otherwise."""
    texts = (
        "typed",
        "numerator_typed",
        "denominator_typed",
        "day_typed",
        "evidence_typed",
        "published_typed",
    )
    values: dict[str, object] = {
        **NOTHING,
        **dict.fromkeys(texts, ""),
        "report_id": stage.report.pk,
        "series_id": stage.series.pk,
        "value": 12,
        "typed_by_id": stage.reporter.pk,
        "typed_at": "2026-10-02T12:00:00Z",
        "typists": "{}",
    }
    return insert("indicators_result", **values | columns)


def insert_step(stage: Stage, kind: str, by: User, **columns: object) -> int:
    """Adds a step to the stage's report by SQL, for the submission that would be right."""
    values: dict[str, object] = {
        "report_id": stage.report.pk,
        "kind": kind,
        "submission": stage.report.submission + (kind == "submitted"),
        "by_id": by.pk,
        "reason": "",
        "digest": "0" * 64,
    }
    return insert("indicators_step", **values | columns)


def diagnosis(error: DatabaseError) -> psycopg.errors.Diagnostic:
    """What PostgreSQL said of an error."""
    assert isinstance(error.__cause__, psycopg.Error)
    return error.__cause__.diag


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """What is inside has to be refused by the constraint of this name, and by no other."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():  # noqa: PT012 - a way to refuse
        yield
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    said = diagnosis(caught.value)
    assert said.constraint_name == constraint, said.message_primary


@contextmanager
def without_trigger(table: str, trigger: str) -> Iterator[None]:
    """Inside, one trigger is off: what stands behind it has to hold alone."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
