"""What holds for whoever is signed in: a second factor where it is required, and a limit to being idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from programs.models import User, lacks_second_factor
from programs.signing_in.adapters import SEEN

Answer = Callable[[HttpRequest], HttpResponseBase]
KEPT_EVERY = 600  # seconds between two writings of a session in use
# what a person needs to set up a second factor, or to leave
OPEN_WITHOUT = frozenset(
    {
        "healthz",
        "icon",
        "sign-in",
        "account_login",
        "sign-out",
        "account_logout",
        "set_language",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
    }
)


class SecondFactorRequired:
    """A manager or administrator without a second factor sets one up before anything else opens."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """One query, where second factors are required."""
        match, user = request.resolver_match, request.user
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User):
            return None
        if (match and match.view_name in OPEN_WITHOUT) or not lacks_second_factor(user):
            return None
        address = reverse("mfa_index")
        by_script = getattr(request, "htmx", False)
        return HttpResponseClientRedirect(address) if by_script else redirect(address)


class KeptWhileUsed:
    """A session in use is written anew every ten minutes: it ends after its idle limit, not before."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = request.session.get(SEEN)
        if seen is not None and time.time() - seen > KEPT_EVERY:
            request.session[SEEN] = time.time()
        return self.get_response(request)
