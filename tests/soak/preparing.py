"""What the soak writes in: programs that several writers share, and a site with reports for each of them."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from indicators.actions import lay_series
from indicators.models import Indicator, Period, Series
from monitoring.bench.data import quarters_before
from programs.models import Program, Site, User
from tests import builders as make
from tests.soak.writer import Desk, Row

PROGRAMS = 2  # each with a ledger that half of the writers add to
QUARTERS = 2  # of which each writer has a report


def prepare(writers: int) -> list[Desk]:
    """The desks of so many writers."""
    programs = [make.make_program(code=f"SOAK{number + 1}") for number in range(PROGRAMS)]
    indicators = {program.pk: _indicators(program) for program in programs}
    periods = [make.make_period(span.label) for span in quarters_before(timezone.localdate(), QUARTERS)]
    return [
        _desk(programs[n % PROGRAMS], indicators[programs[n % PROGRAMS].pk], periods) for n in range(writers)
    ]


def _indicators(program: Program) -> list[Indicator]:
    """Three that are counted, the last one of them by sex."""
    objective = make.make_objective(program)
    indicators = [make.make_indicator(objective=objective) for _ in range(3)]
    make.break_down(indicators[-1], make.make_dimension("women", "men"))
    return indicators


def _desk(program: Program, indicators: list[Indicator], periods: list[Period]) -> Desk:
    site = make.make_site(program)
    lay_series(indicators=indicators, sites=[site])
    reporter, manager = make.make_user(password=None), make.make_user(password=None)
    make.assign(reporter, program, "reporter", site)
    make.assign(manager, program, "manager")
    return Desk(
        reporter=_session(reporter),
        manager=_session(manager),
        reports=[make.make_report(program, site, period).pk for period in periods],
        rows=[_row(indicator, site) for indicator in indicators],
    )


def _row(indicator: Indicator, site: Site) -> Row:
    series = Series.objects.filter(indicator=indicator, site=site)
    parts = series.exclude(category=None).order_by("category__position")
    return Row(series.get(category=None).pk, tuple(parts.values_list("pk", flat=True)))


def _session(user: User) -> str:
    """The session of a person who signed in a moment ago."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
