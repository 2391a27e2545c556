from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from programs.signing_in.oidc import PROVIDER


class SignInView(LoginView):  # type: ignore[misc]  # allauth has no types
    """Password, passkey, or single sign-on where the settings name a provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        wanted = context.get("redirect_field_value") or ""
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        begin = reverse("openid_connect_login", args=[PROVIDER])
        return context | {
            "wanted": wanted,
            "single_sign_on": settings.SINGLE_SIGN_ON,
            "single_sign_on_url": f"{begin}{query}",
        }


sign_in = SignInView.as_view()
