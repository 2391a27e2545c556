from __future__ import annotations

from programs.models import SignIn, User


def record_sign_in(*, user: User | None, how: str, factor: str = "", succeeded: bool) -> None:
    """Writes down that somebody signed in, or tried to; of an unknown person only that; one query."""
    SignIn.objects.create(user=user, how=how, factor=factor, succeeded=succeeded)
