"""Who reported and approved, and who may sign in to look at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from programs.models import Assignment, Program, Site, User

PASSWORD = "rendir-demo"  # noqa: S105 - printed by the command, refused on any site but a local one


class NotLocal(Exception):
    """Accounts with a password that everybody knows are for a local installation only."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: what it is called, and what a person can do with it."""

    username: str
    name: tuple[str, str]
    can: str


ACCOUNTS = (
    Account("admin", ("Carmen", "Solís"), "administrator: keeps the definitions and sees everything"),
    Account("manager", ("Ana", "Torres"), "reviews, approves and sets targets"),
    Account(
        "reporter", ("Luis", "Paredes"), "reports for one station of Model Police Stations (illustrative)"
    ),
    Account("viewer", ("Rosa", "Huamán"), "sees every program"),
)
NAMES = {account.username: account.name for account in ACCOUNTS}


def person(username: str, first_name: str, last_name: str) -> User:
    """A person of the past who can't sign in, made if not there yet."""
    found, new = User.objects.get_or_create(
        username=username, defaults={"first_name": first_name, "last_name": last_name}
    )
    if new:
        found.set_unusable_password()
        found.save(update_fields=["password"])
    return found


def demo_person(username: str) -> User:
    """One of the demo accounts, still without a password: that is given by `open_accounts`."""
    return person(username, *NAMES[username])


def assign(user: User, program: Program, role: Assignment.Role, site: Site | None = None) -> None:
    """Give a person a role in a program, if they don't have it."""
    Assignment.objects.get_or_create(user=user, program=program, role=role, site=site)


@transaction.atomic
def open_accounts(*, force: bool = False) -> tuple[Account, ...]:
    """Let the demo accounts sign in, with roles in every program; who has a password is left as is.

    Raises NotLocal on a production site unless forced.
    """
    if not settings.LOCAL and not force:
        raise NotLocal
    for account in ACCOUNTS:
        user = demo_person(account.username)
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.is_staff = user.is_superuser = account.username == "admin"
            user.save()
            _give_roles(user)
    return ACCOUNTS


def _give_roles(user: User) -> None:
    """What `manager` and `viewer` may do where; the others have theirs from elsewhere."""
    if user.username not in ("manager", "viewer"):
        return
    for program in Program.objects.all():
        manages = user.username == "manager" and program.illustrative
        assign(user, program, Assignment.Role.MANAGER if manages else Assignment.Role.VIEWER)
