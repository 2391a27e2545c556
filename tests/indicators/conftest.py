"""What tests of the database's own rules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction


@pytest.fixture
def never_committed() -> Iterator[None]:
    """The test leaves things half done, such as a step without its state: nobody asks at its end."""
    yield
    if connection.in_atomic_block:  # not in the few tests that commit
        transaction.set_rollback(True)
