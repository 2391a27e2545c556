"""People are invited; they choose their password, and an administrator can clear a lost second factor."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from programs.models import Invitation, SecondFactor, User

WORKS_FOR = timedelta(days=7)


class NotInvited(Exception):
    """A closed account is not invited."""


class NotAccepted(Exception):
    """The link was used, has run out, was replaced by a newer one, or never was."""


@transaction.atomic
def invite(*, user: User, by: User) -> str:
    """The secret of a new link for this person, for 7 days and once; an earlier link stops working."""
    found = User.objects.select_for_update().get(pk=user.pk)
    if not found.is_active:
        raise NotInvited
    now = timezone.now()
    Invitation.objects.filter(user=found, accepted_at=None, expires_at__gt=now).update(expires_at=now)
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(user=found, digest=digest_of(secret), sent_by=by, expires_at=now + WORKS_FOR)
    return secret


def invited_by(secret: str) -> User | None:
    """The person whom this link invites, None where it does not work (any more); one query."""
    found = Invitation.objects.open().filter(digest=digest_of(secret)).select_related("user").first()
    return found.user if found else None


@transaction.atomic
def accept_invitation(*, secret: str, password: str) -> User:
    """Gives the invited person this password, once; raises NotAccepted where the link does not work."""
    found = (
        Invitation.objects.open()
        .select_for_update(of=("self", "user"))
        .select_related("user")
        .filter(digest=digest_of(secret))
        .first()
    )
    if found is None:
        raise NotAccepted
    found.accepted_at = timezone.now()
    found.save(update_fields=["accepted_at"])
    found.user.set_password(password)
    found.user.save(update_fields=["password"])
    return found.user


@transaction.atomic
def reset_second_factors(*, user: User, here: str | None = None) -> int:
    """Takes all second factors of a person away, and says how many there were; the history keeps them.

    Whoever is signed in as this person is signed out, but for the session `here` in which it is done.
    """
    _rows, by_model = SecondFactor.objects.filter(user=user).delete()
    end_sessions(user=user, here=here)
    return sum(by_model.values())


def end_sessions(*, user: User, here: str | None = None) -> None:
    """Ends the sessions of a person but for `here`; 2 queries, reads every session that has not run out."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=here)
    theirs = [one.pk for one in running if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
