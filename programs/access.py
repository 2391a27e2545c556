"""Who may see and do what. Every address is closed until a rule opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from programs.models import Assignment, Program, User

View = Callable[..., HttpResponseBase]
OPENED = "opened_to"
# addresses of parts that bring their own permission check
GUARDED_ELSEWHERE = frozenset({"admin"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person may see and do in one program; `sites` None means all, with totals."""

    administrator: bool = False
    manager: bool = False
    viewer: bool = False
    reporter_everywhere: bool = False
    reporter_sites: frozenset[int] = frozenset()

    @property
    def sites(self) -> frozenset[int] | None:
        """The only sites whose figures may be seen, or None for all sites and totals."""
        everywhere = self.administrator or self.manager or self.viewer or self.reporter_everywhere
        return None if everywhere else self.reporter_sites

    @property
    def plans(self) -> bool:
        """May set targets and baselines."""
        return self.administrator or self.manager

    @property
    def reviews(self) -> bool:
        """May return, approve and reopen."""
        return self.manager

    def reports_for(self, site_id: int | None) -> bool:
        """May draft and submit for a site, or (None) for the program itself."""
        return self.manager or self.reporter_everywhere or site_id in self.reporter_sites

    def sees_report(self, site_id: int | None) -> bool:
        """May see what is drafted for a site: whoever reports for it, managers, administrators."""
        return self.administrator or self.reports_for(site_id)


def reaches(user: User) -> dict[int, Reach]:
    """By program id, what this person may do there; one query. Administrators: see `reach`."""
    found: dict[int, list[tuple[str, int | None]]] = {}
    rows = Assignment.objects.filter(user=user).values_list("program_id", "role", "site_id")
    for program_id, role, site_id in rows if user.is_active else ():
        found.setdefault(program_id, []).append((role, site_id))
    return {program_id: reach_by(user, roles) for program_id, roles in found.items()}


def reach_by(user: User, roles: Iterable[tuple[str, int | None]]) -> Reach:
    """What these roles, each perhaps for one site, open to a person."""
    everywhere = {role for role, site_id in roles if site_id is None}
    return Reach(
        administrator=user.is_administrator,
        manager="manager" in everywhere,
        viewer="viewer" in everywhere,
        reporter_everywhere="reporter" in everywhere,
        reporter_sites=frozenset(site_id for role, site_id in roles if site_id is not None),
    )


def reach(user: User, program: Program | int) -> Reach | None:
    """What this person may do in one program, None for nothing at all; one query."""
    program_id = program if isinstance(program, int) else program.pk
    found = reaches(user).get(program_id)
    return Reach(administrator=True) if found is None and user.is_administrator else found


def opened_to(rule: str) -> Callable[[View], View]:
    """Open a view: `rule` says in one word to whom (anyone, signed_in); its own look-up scopes the rest."""

    def mark(view: View) -> View:
        setattr(view, OPENED, rule)
        return view

    return mark


class ClosedUnlessOpened:
    """Middleware: a view that no rule opened answers 404, whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if any("\x00" in text for text in (request.path, *_asked_for(request))):
            raise Http404  # no code, label or text that is kept has this character
        match: ResolverMatch | None = request.resolver_match
        if match is not None and match.app_name in GUARDED_ELSEWHERE:
            return
        if getattr(view, OPENED, None) is None:
            raise Http404


def _asked_for(request: HttpRequest) -> Iterator[str]:
    return (text for texts in request.GET.lists() for part in texts for text in part)


def program_for(user: User, code: str) -> tuple[Program, Reach]:
    """The program of this code and what the person may do in it, 404 where that is nothing; 1 query."""
    mine = Assignment.objects.filter(program=OuterRef("pk"), user=user)
    roles = ArraySubquery(mine.values(json=JSONObject(role="role", site="site_id")))
    found = Program.objects.filter(code=code).annotate(roles=roles).first()
    given = getattr(found, "roles", []) if user.is_active else []
    own = [(it["role"], it["site"]) for it in given]
    if found is None or not (own or user.is_administrator):
        raise Http404
    return found, reach_by(user, own)


def signed_in(request: HttpRequest) -> User:
    """The person who asks; the middleware has seen to it that there is one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
