"""Makes the illustrative programs: a seeded generator that plays the clock through the actions people use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from random import Random
from typing import Any

from django.db import transaction

from monitoring.demo.blueprint import lay_program
from monitoring.demo.plans import Planner
from monitoring.demo.reports import Reporter
from monitoring.demo.spanish import say_in_spanish
from monitoring.demo.tables import read_sheets
from monitoring.demo.years import LIMA, Years
from programs.models import Program

SEED = "rendir"
Say = Callable[[str], None]


def load_illustrative(today: date, *, seed: str = SEED, say: Say = lambda _said: None) -> int:
    """Make every illustrative program that is not there yet, each in one transaction; the number of new ones.

    For a given seed and day the ledger is the same, to its hashes.
    """
    new = 0
    for sheet in read_sheets():
        if not Program.objects.filter(code=sheet["program"]["code"]).exists():
            load_program(sheet, today, seed)
            size = f"{len(sheet['indicator'])} indicators, {len(sheet['site'])} sites"
            say(f"{sheet['program']['name']}: {size}")
            new += 1
    return new


@transaction.atomic
def load_program(sheet: Mapping[str, Any], today: date, seed: str) -> None:
    """Everything that had happened in one program before today, one event after the other."""
    years = Years(today)
    laid = lay_program(sheet, years.begins)
    say_in_spanish(laid.program)
    planner = Planner(laid, years, Random(f"{seed} {laid.program.code}"))  # noqa: S311 - a game, no secret
    reporter = Reporter(laid, years, seed, planner)
    midnight = datetime.combine(today, time(), LIMA)
    events = [event for event in (*planner.events(), *reporter.events()) if event[0] < midnight]
    for _at, act in sorted(events, key=lambda event: event[0]):
        act()
