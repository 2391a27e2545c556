"""The places and organizations that programs have in common: made once, found again after."""

from __future__ import annotations

from functools import cache

from monitoring.demo.tables import read_by, read_table
from programs.models import Organization, Place


def load_places() -> dict[str, Place]:
    """Every place of the table by its name; 1 query once they are there."""
    known = {(place.name, place.kind, place.parent_id): place for place in Place.objects.all()}
    found: dict[str, Place] = {}
    for line in read_table("places.csv"):
        parent = found[line["parent"]] if line["parent"] else None
        key = (line["name"], line["kind"], parent.pk if parent else None)
        found[line["name"]] = known.get(key) or Place.objects.create(
            name=line["name"], kind=line["kind"], ubigeo=line["ubigeo"], parent=parent
        )
    return found


def organization(short: str) -> Organization:
    """The organization that the tables call by this name, made if it is not there yet."""
    full = _full_names().get(short)
    name = full["name"] if full else short
    found, _new = Organization.objects.get_or_create(
        name=name, defaults={"short_name": short if full else ""}
    )
    return found


@cache
def _full_names() -> dict[str, dict[str, str]]:
    return read_by("organizations.csv", "short_name")


def parted(cell: str) -> list[str]:
    """The several values of one cell."""
    return [part.strip() for part in cell.split("|") if part.strip()]
