"""What the database refuses, said to the person who asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, Model, ProtectedError, UniqueConstraint
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words  # the stubs' name for a lazy text

UNIQUE, FOREIGN_KEY = "23505", "23503"  # SQLSTATE


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused and why, and the fields that it may be said at, the best one first."""

    message: str
    fields: tuple[str, ...] = ()

    def field_in(self, names: Container[str]) -> str | None:
        """The field to say it at, None for the top of the form."""
        return next((field for field in self.fields if field in names), None)


# constraints that only the database knows: where to say it, and what; each app adds its own
SAID: dict[str, tuple[tuple[str, ...], Words]] = {
    "assignment_site_is_of_its_program": (
        ("site",),
        gettext_lazy("This site belongs to another program."),
    ),
    "meaning_is_frozen": (
        (),
        gettext_lazy(
            "The ledger has figures that rest on this, so what gives them their meaning can't be changed. "
            "Close it and open its successor instead."
        ),
    ),
}


def refusal_of(error: IntegrityError) -> Refusal:
    """The refusal that stands behind an error of the database, in words."""
    if isinstance(error, ProtectedError):
        return Refusal(_protected(error.protected_objects))
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in SAID:
        fields, message = SAID[name]
        return Refusal(str(message), fields)
    constraint = _constraint(name)
    if constraint is not None and constraint.violation_error_message:
        return Refusal(str(constraint.get_violation_error_message()), _fields(constraint))
    return Refusal(_general(error, getattr(diagnosis, "message_primary", None) or str(error)))


def _protected(objects: set[Model]) -> str:
    names = Counter(str(one._meta.verbose_name_plural) for one in objects)
    what = [f"{count} {name}" for name, count in sorted(names.items(), key=str)]
    return _("This can't be deleted, for other things rest on it: %(what)s.") % {
        "what": get_text_list(what, _("and"))
    }


def _constraint(name: str) -> BaseConstraint | None:
    """The constraint of this name, whichever model declares it."""
    every = (constraint for model in apps.get_models() for constraint in model._meta.constraints)
    return next((constraint for constraint in every if constraint.name == name), None)


def _fields(constraint: BaseConstraint) -> tuple[str, ...]:
    return tuple(reversed(constraint.fields)) if isinstance(constraint, UniqueConstraint) else ()


def _general(error: IntegrityError, said: str) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    if state == UNIQUE:
        return _("There is one like this already. Nothing was saved.")
    if state == FOREIGN_KEY:
        return _("Other things rest on this, or what it rests on is gone. Nothing was saved.")
    return _("The database refuses this: %(said)s. Nothing was saved.") % {"said": said}
