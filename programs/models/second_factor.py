"""The second factors of people, which allauth keeps, with a history of their own."""

from __future__ import annotations

import pghistory
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from programs.models.assignment import Assignment
from programs.models.user import User

# recovery codes are for whoever has lost the other one: alone they are no second factor
COUNT = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
    exclude=["data", "last_used_at", "created_at"],  # no secret goes into the history
)
class SecondFactor(Authenticator):  # type: ignore[misc]  # allauth has no types
    """An authenticator app, a passkey, or a set of recovery codes."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")


def has_second_factor(user: str = "pk") -> Exists:
    """For a query of people (or of what names them in this column): whether they have a second factor."""
    return Exists(SecondFactor.objects.filter(user=OuterRef(user), type__in=COUNT))


def lacks_second_factor(user: User) -> bool:
    """Whether this is a manager or an administrator without a second factor; one query."""
    manages = Exists(Assignment.objects.filter(user=OuterRef("pk"), role=Assignment.Role.MANAGER))
    needs = User.objects.filter(Q(is_superuser=True) | manages, pk=user.pk)
    return needs.exclude(has_second_factor()).exists()
