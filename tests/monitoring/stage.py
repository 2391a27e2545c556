"""A database that is filled once for all tests of a module, and empty again after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker


@contextmanager
def filled(blocker: DjangoDbBlocker, fill: Callable[[], object]) -> Iterator[None]:
    """What `fill` enters is there until the end of the block, then taken back."""
    with blocker.unblock(), transaction.atomic():
        fill()
        yield
        transaction.set_rollback(True)
