from __future__ import annotations

from programs.models import User


def shown_name(user: User) -> str:
    """What allauth's pages and e-mails call a person."""
    return user.shown_name
