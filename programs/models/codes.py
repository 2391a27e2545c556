"""What every natural code has in common: it names a thing in addresses, exports and the ledger."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MESSAGE = _(
    "A code has letters, digits, dots, hyphens and underscores only, and starts with a letter or digit."
)


class CodeField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A short natural code, safe in an address and in a file name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("verbose_name", _("code"))
        kwargs.setdefault("validators", [RegexValidator(CODE, MESSAGE)])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django types every option apart


def code_is_plain(model: str) -> models.CheckConstraint:
    """The constraint that holds `CODE` for the field `code` of a model."""
    return models.CheckConstraint(
        condition=models.Q(code__regex=CODE), name=f"{model}_code_is_plain", violation_error_message=MESSAGE
    )
