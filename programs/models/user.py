from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class EmailAddressField(models.EmailField):  # type: ignore[type-arg]  # not subscriptable at run time
    """An e-mail address, kept and looked for in small letters."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login"],
)
class User(AbstractUser):
    """A person with an account; administrators are superusers."""

    email = EmailAddressField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("The language of e-mails and, after signing in, of the pages."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~Q(email=""),
                name="user_email_is_unique",
                violation_error_message=_("Another person has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))),
                name="user_email_is_in_small_letters",
                violation_error_message=_("An e-mail address is kept in small letters."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=("", *dict(settings.LANGUAGES))), name="user_language_is_known"
            ),
        ]

    @property
    def is_administrator(self) -> bool:
        """True for an active person who keeps the definitions and sees everything."""
        return self.is_active and self.is_superuser

    @property
    def shown_name(self) -> str:
        """The full name, or the user name where none is given."""
        return self.get_full_name() or self.username
