"""The ground, made once for each module and taken back after it; and the figures of what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.hostile import tried
from tests.hostile.ground import Ground, make_ground
from tests.monitoring.stage import filled

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """Two programs, of which one is attacked by the people of the other."""
    made: list[Ground] = []
    with filled(django_db_blocker, lambda: made.append(make_ground())):
        yield made[0]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many addresses, roles, methods and inputs were tried."""
    for line in tried.lines():
        terminalreporter.write_line(line)
