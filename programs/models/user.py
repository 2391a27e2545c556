from __future__ import annotations

import pghistory
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login"],
)
class User(AbstractUser):
    """A person with an account; administrators are superusers."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def is_administrator(self) -> bool:
        """True for an active person who keeps the definitions and sees everything."""
        return self.is_active and self.is_superuser

    @property
    def shown_name(self) -> str:
        """The full name, or the user name where none is given."""
        return self.get_full_name() or self.username
