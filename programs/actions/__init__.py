"""What changes about people, one function each."""

from programs.actions.people import (
    NotAccepted,
    NotInvited,
    accept_invitation,
    end_sessions,
    invite,
    reset_second_factors,
)
from programs.actions.signing_in import record_sign_in

__all__ = [
    "NotAccepted",
    "NotInvited",
    "accept_invitation",
    "end_sessions",
    "invite",
    "record_sign_in",
    "reset_second_factors",
]
