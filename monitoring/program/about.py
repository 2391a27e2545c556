"""What is told of a program besides its figures: who runs it where, its people, its results framework."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from indicators.models import Objective
from programs.models import Assignment, Organization, Place, Program, Site


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role in the program, at one site or (None) everywhere."""

    name: str
    role: str
    site_id: int | None


@dataclass(frozen=True, slots=True)
class SiteAbout:
    """Where a site is, and who runs it; "" where that is not known."""

    place: str
    organization: str


@dataclass(frozen=True, slots=True)
class About:
    """What is told of a program besides its figures."""

    leads: list[str]
    partners: list[str]
    places: list[str]
    people: list[Person]
    sites: dict[int, SiteAbout]
    objectives: list[dict[str, Any]]  # id, parent, level, code, name, name_es

    @property
    def managers(self) -> list[str]:
        """Who approves reports."""
        return list(dict.fromkeys(it.name for it in self.people if it.role == "manager"))

    def reporters(self, sites: Collection[int | None]) -> list[str]:
        """Who reports for any of the sites, None being the program as a whole."""
        return list(
            dict.fromkeys(it.name for it in self.people if it.role == "reporter" and it.site_id in sites)
        )


PERSON = JSONObject(
    first="user__first_name",
    last="user__last_name",
    username="user__username",
    role="role",
    site="site_id",
)
OBJECTIVE = JSONObject(
    id="pk", parent="parent_id", level="level", code="code", name="name", name_es="name_es"
)
SITE = JSONObject(id="pk", place="place__name", organization="organization__name")


def about(program: Program) -> About:
    """Names of organizations, places and people, and the results framework; 1 query."""
    assigned = Assignment.objects.filter(program=OuterRef("pk"), user__is_active=True)
    (row,) = Program.objects.filter(pk=program.pk).values_list(
        ArraySubquery(_names(Organization.objects.filter(led_programs=OuterRef("pk")))),
        ArraySubquery(_names(Organization.objects.filter(programs=OuterRef("pk")))),
        ArraySubquery(_names(Place.objects.filter(programs=OuterRef("pk")))),
        ArraySubquery(assigned.order_by("user__last_name", "user__username").values(json=PERSON)),
        ArraySubquery(Site.objects.filter(program=OuterRef("pk")).order_by("pk").values(json=SITE)),
        ArraySubquery(
            Objective.objects.filter(program=OuterRef("pk")).order_by("code").values(json=OBJECTIVE)
        ),
    )
    leads, partners, places, people, sites, objectives = row
    return About(
        leads,
        partners,
        places,
        [_person(it) for it in people],
        {it["id"]: SiteAbout(it["place"] or "", it["organization"] or "") for it in sites},
        objectives,
    )


def _names(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.order_by("name").values(shown=F("name"))


def _person(it: dict[str, Any]) -> Person:
    name = f"{it['first']} {it['last']}".strip() or it["username"]
    return Person(name, it["role"], it["site"])
