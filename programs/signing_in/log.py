"""How somebody signed in, as allauth's own records of the session tell it."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.db.models import Q
from django.http import HttpRequest

from programs.actions import record_sign_in
from programs.models import SignIn, User

FIRST_STEPS = {
    "password": SignIn.How.PASSWORD,
    "password_reset": SignIn.How.PASSWORD,
    "socialaccount": SignIn.How.SINGLE_SIGN_ON,
}


def log_success(request: HttpRequest, user: User) -> None:
    """Writes down a sign-in that is complete, with the first step and the second."""
    how, factor = how_signed_in(get_authentication_records(request, user))
    record_sign_in(user=user, how=how, factor=factor, succeeded=True)


def how_signed_in(records: list[dict[str, object]]) -> tuple[str, str]:
    """The last first step in these records, and the second factor that came after it, "" for none."""
    how, factor = str(SignIn.How.PASSWORD), ""
    for record in records:
        if record["method"] in FIRST_STEPS:
            how, factor = FIRST_STEPS[str(record["method"])], ""
        elif record.get("passwordless"):
            how, factor = SignIn.How.PASSKEY, ""
        elif record["method"] == "mfa":
            factor = str(record["type"])
    return how, factor


def log_failure(user: User | None, how: str, factor: str = "") -> None:
    """Writes down an attempt that failed; of an unknown person nothing but that."""
    record_sign_in(user=user, how=how, factor=factor, succeeded=False)


def person_named(*names: str) -> User | None:
    """The one person who was meant, by user name or address; None where nobody or several were; one query."""
    named = Q()
    for name in filter(None, names):
        named |= Q(username__iexact=name) | Q(email=name)
    found = list(User.objects.filter(named)[:2]) if named else []
    return found[0] if len(found) == 1 else None
