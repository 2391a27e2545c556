"""The baselines and targets of an illustrative program, and how they were revised and corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from indicators.actions import Plan, set_plans
from indicators.periods import Calendar, Frequency, Kind, Span, overlaps, year
from indicators.rows import Typed
from indicators.values import Change, EntryKind, Measure, OverTime
from monitoring.demo.blueprint import Laid, Measured, Unit
from monitoring.demo.course import Place, baseline, due_on, level, times, whole_year, written
from monitoring.demo.years import Years, moment

Event = tuple[datetime, Callable[[], None]]
STUDY, WORK_PLAN = (12, 2), (12, 11)  # month and day in the year before
CORRECTED_AFTER = REVISED_AFTER = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Planner:
    """What the managers of one program plan, as events of its course."""

    laid: Laid
    years: Years
    rng: Random

    def events(self) -> Iterator[Event]:
        """Baselines, each year's targets, then what was corrected and revised."""
        first = self.years.begins.year
        yield self._set(
            date(first - 1, *STUDY), list(self._baselines()), "Baseline study of the year before."
        )
        for number in self.years.both:
            plans = [self._mistyped(plan) for plan in self._targets(number)]
            yield self._set(
                date(number - 1, *WORK_PLAN), plans, f"Work plan {number}, agreed with the partners."
            )
        for line in self.laid.story["corrections"]:
            if right := self._target_of(line):
                day = date(right.span.last.year - 1 if right.span.last else first, *WORK_PLAN)
                yield self._set(day + CORRECTED_AFTER, [right], line["reason"], Change.CORRECTS)
        for line in self.laid.story["revisions"]:
            if (old := self._target_of(line)) and old.span.first:
                new = self._times(old, line["factor"])
                yield self._set(old.span.first + REVISED_AFTER, [new], line["reason"], Change.REVISES)

    def _set(self, day: date, plans: list[Plan], reason: str, change: Change | None = None) -> Event:
        at, manager = moment(day, self.rng), self.rng.choice(self.laid.managers)
        program_id = self.laid.program.pk

        def act() -> None:
            set_plans(program_id=program_id, by=manager, plans=plans, reason=reason, change=change, at=at)

        return at, act

    def _target_of(self, line: dict[str, Any]) -> Plan | None:
        """The target that a line of the story speaks of, as it should be."""
        span = self.years.back(line["back"])
        one, unit = self.laid.measured[line["indicator"]], self.laid.units[line["site"]]
        return self._period_target(one, unit, span) if span else None

    def _mistyped(self, plan: Plan) -> Plan:
        """The target as it was typed at first: wrong where the story corrects it later."""
        for line in self.laid.story["corrections"]:
            right = self._target_of(line)
            if right and right.key == plan.key:
                return self._times(plan, line["factor"])
        return plan

    def _times(self, plan: Plan, factor: float) -> Plan:
        meaning = next(
            one.meaning for one in self.laid.measured.values() if one.indicator.pk == plan.indicator_id
        )
        text = times(plan.typed.value, Decimal(str(factor)), meaning)
        return replace(plan, typed=replace(plan.typed, value=text))

    def _baselines(self) -> Iterator[Plan]:
        before, quarters = self.years.before()
        for one in self.laid.measured.values():
            spans = {"year": (before,), "quarters": quarters}.get(one.course.baseline, ())
            for unit in self.units_of(one):
                for span in spans:
                    typed = baseline(one.course, one.meaning, self.place(unit, span))
                    yield self._plan(one, unit.id, span, typed, EntryKind.BASELINE)

    def _targets(self, number: int) -> Iterator[Plan]:
        for one in self.laid.measured.values():
            if one.course.targets == "year":
                yield self._year_target(one, number)
                continue
            frequency, calendar = Frequency(one.indicator.frequency), Calendar(one.indicator.calendar)
            spans = [
                span
                for span in self.years.planned(frequency, calendar)
                if span.last and span.last.year == number
            ]
            if one.meaning.over_time == OverTime.NONE:
                spans.append(year(number))
            for unit in self.units_of(one):
                yield from (self._period_target(one, unit, span) for span in spans if is_open(unit, span))

    def _year_target(self, one: Measured, number: int) -> Plan:
        """One for the whole program: annual targets are all there are."""
        span = year(number)
        open_units = [unit for unit in self.units_of(one) if is_open(unit, span)]
        size = sum((unit.size for unit in open_units), Decimal(0))
        place = Place("", size, span, self.laid.begins)
        typed = Typed(value=written(whole_year(one.course, one.meaning, place), one.meaning))
        return self._plan(one, None, span, typed)

    def _period_target(self, one: Measured, unit: Unit, span: Span) -> Plan:
        place = self.place(unit, span)
        if one.meaning.measure == Measure.MILESTONE:
            return self._plan(one, unit.id, span, Typed(day=due_on(one.course, self.laid.begins).isoformat()))
        return self._plan(
            one, unit.id, span, Typed(value=written(level(one.course, one.meaning, place), one.meaning))
        )

    def _plan(
        self, one: Measured, site_id: int | None, span: Span, typed: Typed, kind: EntryKind = EntryKind.TARGET
    ) -> Plan:
        return Plan(indicator_id=one.indicator.pk, site_id=site_id, span=span, typed=typed, kind=kind)

    def units_of(self, one: Measured) -> list[Unit]:
        """Who reports an indicator: the program or its sites."""
        by_program = one.indicator.reported_by == "program"
        return [unit for unit in self.laid.units.values() if (unit.id is None) == by_program]

    def place(self, unit: Unit, span: Span) -> Place:
        """The unit in a span, as the numbers depend on it."""
        return Place(unit.code, unit.size, span, self.laid.begins)


def is_open(unit: Unit, span: Span) -> bool:
    """Whether the unit is open on a day of the span."""
    return overlaps(span, unit.opened_on, unit.closed_on)


def is_whole_year_given(one: Measured, span: Span) -> bool:
    """Whether the year is reported too: what is never added up over quarters."""
    return span.kind == Kind.YEAR and one.meaning.over_time == OverTime.NONE
