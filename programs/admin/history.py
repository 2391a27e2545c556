"""The history of definitions, as a table that a person reads: who, when, what, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory.core
from django.db.models import Field, ForeignKey, Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import User

DONE = {"insert": gettext_lazy("added"), "update": gettext_lazy("changed"), "delete": gettext_lazy("removed")}
NOT_TOLD = frozenset({"id", "password", "last_login", "is_staff"})
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Trail:
    """A tracked model, and the column of its events that holds the id of the thing whose page it is."""

    model: type[Model]
    column: str


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done; `what` is empty for the thing itself whose page it is."""

    at: datetime
    who: str
    done: str
    what: str
    changes: tuple[Change, ...]


def told(trails: Iterable[Trail], pk: int) -> list[Event]:
    """What was done, the latest first; one query for each trail, each kind of thing named, and the people."""
    rows = [row for number, trail in enumerate(trails) for row in _rows(trail, pk, own=number == 0)]
    people = _people(row.pgh_context for _trail, row, _before in rows)
    names = _names(rows)
    events = [_event(trail, row, before, people, names) for trail, row, before in rows]
    # what was done in one transaction has one time: of that, the last stays first
    return sorted((event for event in reversed(events) if event), key=lambda event: event.at, reverse=True)


Row = tuple[tuple[Trail, bool], Any, Any]  # trail and whether it is the thing's own, event, the one before
Names = dict[type[Model], dict[Any, Model]]


def _rows(trail: Trail, pk: int, *, own: bool) -> Iterator[Row]:
    """Each event with the one before it of the same object."""
    (events,) = pghistory.core.event_models(tracks_model=trail.model, include_missing_pgh_obj=True)
    before: dict[Any, Any] = {}
    rows: Any = events._default_manager.filter(**{trail.column: pk})  # noqa: SLF001  # documented
    for event in rows.select_related("pgh_context").order_by("pgh_id"):
        yield (trail, own), event, before.get(event.id)
        before[event.id] = event


def _columns(trail: Trail) -> Iterator[Field[Any, Any]]:
    hidden = NOT_TOLD | {trail.column.removesuffix("_id")}
    return (field for field in trail.model._meta.concrete_fields if field.name not in hidden)


def _model(field: Any) -> type[Model]:
    """The model that a foreign key points to."""
    found: type[Model] = field.related_model
    return found


def _people(contexts: Iterable[Any]) -> dict[int | None, str]:
    ids = {context.metadata.get("user") for context in contexts if context}
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in=ids - {None})}


def _names(rows: Iterable[Row]) -> Names:
    """What the foreign keys of all events point to; one query for each model."""
    wanted: dict[type[Model], set[Any]] = {}
    for (trail, _own), event, _before in rows:
        for field in _columns(trail):
            if isinstance(field, ForeignKey):
                wanted.setdefault(_model(field), set()).add(getattr(event, field.attname, None))
    return {
        model: model._default_manager.in_bulk(ids - {None})  # noqa: SLF001  # documented
        for model, ids in wanted.items()
    }


def _event(
    owned: tuple[Trail, bool], row: Any, before: Any, people: dict[int | None, str], names: Names
) -> Event | None:
    trail, own = owned
    told = [
        Change(capfirst(str(field.verbose_name)), _shown(field, before, names), _shown(field, row, names))
        for field in _columns(trail)
        if hasattr(row, field.attname)
    ]
    changes = tuple(change for change in told if change.before != change.after)
    if row.pgh_label == "update" and not changes:
        return None
    gone = row.pgh_label == "delete"
    metadata = row.pgh_context.metadata if row.pgh_context else {}
    return Event(
        at=row.pgh_created_at,
        who=people.get(metadata.get("user"), _("the system")),
        done=str(DONE.get(row.pgh_label, row.pgh_label)),
        what="" if own else _what(trail, row, names),
        changes=() if gone else changes,
    )


def _what(trail: Trail, row: Any, names: Names) -> str:
    """Which part it was: its kind, and its name or what it joins."""
    kind = capfirst(str(trail.model._meta.verbose_name))
    keys = [field for field in _columns(trail) if isinstance(field, ForeignKey)]
    name = getattr(row, "name", "") or " · ".join(
        shown for field in keys if (shown := _shown(field, row, names)) != NOTHING
    )
    return f"{kind} {name}" if name else kind


def _shown(field: Field[Any, Any], row: Any, names: Names) -> str:
    """A column of an event as a person reads it."""
    value = None if row is None else getattr(row, field.attname)
    if value is None or value == "":
        return NOTHING
    if isinstance(field, ForeignKey):
        known = names.get(_model(field), {}).get(value)
        return str(known) if known is not None else _("one that is gone (no. %(id)s)") % {"id": value}
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)
