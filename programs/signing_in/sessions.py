from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Sessions in the database; a cookie with a sign that no text there can hold names none."""

    def _validate_session_key(self, key: Any) -> bool:
        is_one = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs leave it out
        return bool(is_one) and "\x00" not in key
