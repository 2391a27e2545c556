from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models.program import Program
from programs.models.user import User

SHOWN_FOR = timedelta(days=90)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def of_program(self, program: Program) -> SignInQuerySet:
        """Those of the people who have a role in a program now."""
        return self.filter(user__in=User.objects.filter(assignments__program=program))

    def recent(self) -> SignInQuerySet:
        """Those of the last 90 days, the latest first."""
        return self.filter(at__gte=timezone.now() - SHOWN_FOR).order_by("-at", "-pk")


class SignIn(models.Model):
    """That somebody signed in, or tried to; only ever added to. What an unknown person typed is not kept."""

    class How(models.TextChoices):
        PASSWORD = "password", _("password")
        PASSKEY = "passkey", _("passkey")
        SINGLE_SIGN_ON = "single_sign_on", _("single sign-on")

    class Factor(models.TextChoices):
        NONE = "", _("none")
        TOTP = "totp", _("authenticator app")
        WEBAUTHN = "webauthn", _("passkey")
        RECOVERY_CODES = "recovery_codes", _("recovery code")

    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="sign_ins", verbose_name=_("person")
    )
    at = models.DateTimeField(_("moment"), db_default=Now())
    how = models.CharField(_("how"), max_length=20, choices=How.choices)
    factor = models.CharField(_("second factor"), max_length=20, choices=Factor.choices, blank=True)
    succeeded = models.BooleanField(_("succeeded"))

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=("password", "passkey", "single_sign_on")), name="signin_how_is_known"
            ),
            models.CheckConstraint(
                condition=Q(factor__in=("", "totp", "webauthn", "recovery_codes")),
                name="signin_factor_is_known",
            ),
            models.CheckConstraint(
                condition=Q(succeeded=False) | Q(user__isnull=False), name="signin_success_has_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or '–'} · {self.get_how_display()}"
