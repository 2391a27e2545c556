"""What allauth asks us: nobody registers, what is written down, in which language, what is said."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.models import SecondFactor, SignIn, User
from programs.signing_in import secrecy
from programs.signing_in.identity import Unproven, proven_address
from programs.signing_in.log import log_failure, log_success, person_named

WRONG = _("The user name or e-mail and the password don't belong together.")
SEEN = "seen"  # in the session: when it was last kept, in seconds


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Password, reset, sessions and e-mails."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: an administrator invites."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SEEN] = time.time()
        log_success(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """On to where the person wanted, in the language that the person chose."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = person_named(credentials.get("username", ""), credentials.get("email", ""))
        log_failure(user, SignIn.How.PASSWORD)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Said only to who knows the password."""
        messages.error(request, _("This account is closed. An administrator can open it again."))
        return redirect("sign-in")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """An e-mail in the person's own language."""
        user = context.get("user")
        language = getattr(user, "language", "") or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if user.email and settings.SENDS_EMAIL:
            super().send_notification_mail(
                template_prefix, user, {"user": user, **(context or {})}, user.email
            )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors, their secrets encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, or its time has passed. Type the one that is shown now."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  # as allauth has it
        number = SecondFactor.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        return secrecy.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrecy.decrypt(encrypted_text)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Single sign-on leads into accounts that are there, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """`pre_social_login` looks for the account itself, and leaves its password alone."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Only an answer to our own question counts; a new identity needs an account with its address."""
        asked = (sociallogin.state.get("data") or {}).get("nonce")
        try:
            address = proven_address(sociallogin.account.extra_data, nonce=asked)
        except Unproven:
            raise _refusal(redirect("socialaccount_login_error")) from None
        if sociallogin.is_existing:
            return
        user = User.objects.filter(email=address, is_active=True).first() if address else None
        if user is None:
            page = "socialaccount/no_account.html"
            raise _refusal(render(request, page, {"address": address}, status=403))
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        log_failure(None, SignIn.How.SINGLE_SIGN_ON)


def _refusal(answer: HttpResponse) -> ImmediateHttpResponse:
    """The answer to somebody whom single sign-on does not let in, once it is written down."""
    log_failure(None, SignIn.How.SINGLE_SIGN_ON)
    return ImmediateHttpResponse(answer)
