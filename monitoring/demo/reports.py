"""The reports of an illustrative program: drafted, submitted, sent back, approved, reopened, by the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from indicators.actions import Refused, approve, open_period, open_report, reopen, save, send_back, submit
from indicators.actions.attaching import attach
from indicators.actions.reporting import digest_of_results
from indicators.models import Report
from indicators.periods import Calendar, Frequency, Span
from indicators.reading import file_of, typed_file
from indicators.rows import Typed
from indicators.values import Absence, Measure
from monitoring.demo.blueprint import Laid, Measured, Unit
from monitoring.demo.course import broken_down, milestone, result, share, times
from monitoring.demo.papers import Paper, paper_named
from monitoring.demo.plans import Event, Planner, is_open, is_whole_year_given
from monitoring.demo.years import Diary, Years, diary
from programs.models import User

FEW = 0.6  # of the rows stand in a draft
SELDOM = 0.08  # a row has no evidence
OFF = Decimal("0.1")  # reporters know that this much calls for an explanation


@dataclass(slots=True)
class Sheet:
    """One report as it will be: what is typed in each row, and why a row may be off its target."""

    unit: Unit
    span: Span
    rng: Random
    diary: Diary
    manager: User
    rows: dict[int, Typed] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """What is reported in one program, as events of its course."""

    laid: Laid
    years: Years
    seed: str
    planner: Planner

    def events(self) -> Iterator[Event]:
        """Everything that happened to every report of a period that has ended."""
        for unit in self.laid.units.values():
            for span, measured in self._due(unit).items():
                yield from self._course(self._sheet(unit, span, measured))

    def _due(self, unit: Unit) -> dict[Span, list[Measured]]:
        """What a unit reports, by period."""
        found: dict[Span, list[Measured]] = {}
        for one in self.laid.measured.values():
            if unit.code not in one.series:
                continue
            frequency, calendar = Frequency(one.indicator.frequency), Calendar(one.indicator.calendar)
            spans = self.years.ended(frequency, calendar)
            whole = self.years.ended(Frequency.YEAR, Calendar.CALENDAR)
            for span in [*spans, *(span for span in whole if is_whole_year_given(one, span))]:
                if is_open(unit, span):
                    found.setdefault(span, []).append(one)
        return found

    def _sheet(self, unit: Unit, span: Span, measured: list[Measured]) -> Sheet:
        rng = Random(f"{self.seed} {self.laid.program.code} {unit.code} {span.label}")  # noqa: S311 - a game, no secret
        sheet = Sheet(unit, span, rng, diary(span, rng), rng.choice(self.laid.managers))
        for number, one in enumerate(measured):
            self._fill(sheet, one, number)
        return sheet

    def _fill(self, sheet: Sheet, one: Measured, number: int) -> None:
        """Type one indicator with its categories."""
        whole, why = self._whole(sheet, one)
        series = one.series[sheet.unit.code]
        if sheet.rng.random() > SELDOM and not whole.absence:
            text = self.laid.evidence[number % len(self.laid.evidence)]
            whole = replace(whole, evidence=text.format(site=sheet.unit.name, period=sheet.span.label))
        sheet.rows[series], sheet.why[series] = whole, why
        if not whole.absence:
            for parted in one.parts.get(sheet.unit.code, {}).values():
                sheet.rows |= broken_down(whole, one.meaning, parted.additivity, parted.parts, sheet.rng)

    def _whole(self, sheet: Sheet, one: Measured) -> tuple[Typed, str]:
        """The value of the whole, and what explains it should it be off its target."""
        place = self.planner.place(sheet.unit, sheet.span)
        told = [line for line in self._told(sheet, "absences") if line["indicator"] == one.indicator.code]
        if told:
            return Typed(absence=told[0]["is"], explanation=told[0]["explanation"]), ""
        if one.meaning.measure == Measure.MILESTONE:
            return milestone(one.course, place), one.behind
        reached, why = share(one.course, sheet.rng), ""
        for line in self._told(sheet, "shocks"):
            if line["indicator"] == one.indicator.code:
                reached, why = Decimal(str(line["share"])), line["explanation"]
        typed = result(one.course, one.meaning, place, reached, sheet.rng)
        if typed.value == "0":
            return Typed(absence=str(Absence.NO_ACTIVITY)), ""
        usual = one.ahead if reached > 1 else one.behind
        if one.course.targets == "period" and abs(reached - 1) > OFF:
            why = why or usual
        return replace(typed, explanation=why), usual

    def _told(self, sheet: Sheet, part: str) -> list[dict[str, Any]]:
        """What the story tells of this report."""
        return [
            line
            for line in self.laid.story[part]
            if line["site"] == sheet.unit.code and self.years.back(line["back"]) == sheet.span
        ]

    def _course(self, sheet: Sheet) -> Iterator[Event]:
        """The events of one report, up to the state that the story leaves it in."""
        left = next(iter(self._told(sheet, "states")), {"is": "approved"})
        if left["is"] == "unopened":
            return
        times_of = sheet.diary
        if left["is"] == "draft" or sheet.rng.random() < SELDOM * 2:
            yield times_of.begun, partial(self._draft, sheet)
        if left["is"] == "draft":
            return
        yield times_of.submitted, partial(self._submit, sheet, times_of.submitted)
        for line in self._told(sheet, "returns") if left["is"] == "approved" else [left]:
            if "remark" in line:
                yield times_of.returned, partial(self._send_back, sheet, line)
                if left["is"] == "approved":
                    yield times_of.mended, partial(self._mend, sheet, line)
        if left["is"] == "approved":
            yield times_of.approved, partial(self._approve, sheet, times_of.approved)
            yield from self._corrected(sheet)

    def _corrected(self, sheet: Sheet) -> Iterator[Event]:
        for line in self._told(sheet, "reopenings"):
            at = sheet.diary
            yield at.reopened, partial(self._reopen, sheet, line)
            yield at.corrected, partial(self._correct, sheet, line)
            yield at.approved_again, partial(self._approve, sheet, at.approved_again)

    def _report(self, sheet: Sheet) -> Report:
        """The report as it stands, begun if need be."""
        if sheet.report is None:
            sheet.report = open_report(
                program_id=self.laid.program.pk, site_id=sheet.unit.id, period=open_period(span=sheet.span)
            )
        return sheet.report

    def _save(self, sheet: Sheet, rows: Mapping[int, Typed], at: datetime) -> Report:
        report = self._report(sheet)
        sheet.report = save(
            report_id=report.pk, by=sheet.unit.reporter, typed=rows, version=report.version, at=at
        )
        return sheet.report

    def _draft(self, sheet: Sheet) -> None:
        """Some rows, as far as the reporter has come."""
        some = dict(list(sheet.rows.items())[: max(1, int(len(sheet.rows) * FEW))])
        self._save(sheet, some, sheet.diary.begun)

    def _submit(self, sheet: Sheet, at: datetime) -> None:
        """Save everything and submit; what is off its target is explained when that is asked for."""
        self._hand_in(sheet)
        report = self._save(sheet, sheet.rows, at)
        try:
            sheet.report = submit(report_id=report.pk, by=sheet.unit.reporter, version=report.version, at=at)
        except Refused as refused:
            self._explain(sheet, refused)
            report = self._save(sheet, sheet.rows, at)
            sheet.report = submit(report_id=report.pk, by=sheet.unit.reporter, version=report.version, at=at)

    def _hand_in(self, sheet: Sheet) -> None:
        """Give the figures that the story tells of a file as evidence, once."""
        for line in self._told(sheet, "files"):
            one = self.laid.measured[line["indicator"]]
            series = one.series[sheet.unit.code]
            row = sheet.rows[series]
            if file_of(row.evidence):
                continue
            paper = Paper(
                sheet.unit.name, sheet.span.label, one.indicator.name, row.value, one.indicator.unit
            )
            kept = attach(
                report_id=self._report(sheet).pk,
                by=sheet.unit.reporter,
                series_id=series,
                name=line["name"],
                content=paper_named(line["name"], paper, sheet.rng),
            )
            sheet.rows[series] = replace(row, evidence=typed_file(kept.sha256))

    def _explain(self, sheet: Sheet, refused: Refused) -> None:
        """Write down why, in the rows that need it; any other complaint is an error of ours."""
        for complaint in refused.complaints:
            if complaint.field != "explanation" or complaint.series_id is None:
                raise refused
            row = sheet.rows[complaint.series_id]
            sheet.rows[complaint.series_id] = replace(row, explanation=sheet.why[complaint.series_id])

    def _send_back(self, sheet: Sheet, line: Mapping[str, Any]) -> None:
        report = self._report(sheet)
        series = self.laid.measured[line["indicator"]].series[sheet.unit.code]
        sheet.report = send_back(
            report_id=report.pk,
            by=sheet.manager,
            submission=report.submission,
            remarks={series: line["remark"]},
            at=sheet.diary.returned,
        )

    def _mend(self, sheet: Sheet, line: Mapping[str, Any]) -> None:
        """Answer the remark in the row's explanation and submit again."""
        series = self.laid.measured[line["indicator"]].series[sheet.unit.code]
        row = sheet.rows[series]
        answer = f"{row.explanation} Checked after the remark; the figure stands.".strip()
        sheet.rows[series] = replace(row, explanation=answer)
        self._submit(sheet, sheet.diary.mended)

    def _approve(self, sheet: Sheet, at: datetime) -> None:
        report = self._report(sheet)
        sheet.report = approve(
            report_id=report.pk,
            by=sheet.manager,
            submission=report.submission,
            digest=digest_of_results(report),
            at=at,
        )

    def _reopen(self, sheet: Sheet, line: Mapping[str, Any]) -> None:
        report = self._report(sheet)
        sheet.report = reopen(
            report_id=report.pk, by=sheet.manager, reason=line["reason"], at=sheet.diary.reopened
        )

    def _correct(self, sheet: Sheet, line: Mapping[str, Any]) -> None:
        """Type the right figure, break it down anew and submit."""
        one = self.laid.measured[line["indicator"]]
        series = one.series[sheet.unit.code]
        row = sheet.rows[series]
        right = times(row.value, Decimal(str(line["factor"])), one.meaning)
        sheet.rows[series] = replace(row, value=right, explanation=line["explanation"])
        for parted in one.parts.get(sheet.unit.code, {}).values():
            sheet.rows |= broken_down(
                sheet.rows[series], one.meaning, parted.additivity, parted.parts, sheet.rng
            )
        self._submit(sheet, sheet.diary.corrected)
