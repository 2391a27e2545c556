"""`manage.py open_periods`."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Period, Report
from tests import builders

pytestmark = pytest.mark.django_db


def opened(*arguments: str, **options: Any) -> list[str]:
    out = StringIO()
    call_command("open_periods", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def test_says_what_was_opened_and_opens_it_once() -> None:
    program = builders.make_program(code="PORTS", name="Ports")
    callao = builders.make_site(program, name="Callao")
    builders.make_series(builders.make_indicator(program), callao)
    builders.make_series(builders.make_indicator(program, reported_by="program", frequency="year"))
    first = opened("--on", "2026-11-22")
    assert set(first[:4]) == {"period 2026 Q4", "period 2026 Q3", "period 2026", "period 2025"}
    assert set(first[4:8]) == {
        "report PORTS Callao · 2026 Q3",
        "report PORTS Callao · 2026 Q4",
        "report PORTS Ports · 2025",
        "report PORTS Ports · 2026",
    }
    assert first[8:] == ["2026-11-22: opened 4 periods and 4 reports"]
    before = [set(model.objects.values_list("pk", flat=True)) for model in (Period, Report)]
    assert opened("--on", "2026-11-22") == ["2026-11-22: opened 0 periods and 0 reports"]
    assert before == [set(model.objects.values_list("pk", flat=True)) for model in (Period, Report)]


def test_opens_for_one_program_only() -> None:
    one, other = builders.make_site(), builders.make_site()
    for site in (one, other):
        builders.make_series(builders.make_indicator(site.program), site)
    opened("--program", one.program.code)
    assert set(Report.objects.values_list("site", flat=True)) == {one.pk}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--on", "yesterday"), "is not a day"), (("--program", "nowhere"), "There is no program 'nowhere'")],
)
def test_says_what_it_can_not_read(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        opened(*arguments)
    assert not Report.objects.exists()
