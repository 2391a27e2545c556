from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from programs.access import opened_to, signed_in
from programs.forms import LanguageForm
from programs.models import SecondFactor, User
from programs.tables import OwnSignInTable

SHOWN = 10  # own sign-ins on the page


@opened_to("signed in")
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What a person can see and change about the own account; 2 queries."""
    user = signed_in(request)
    kinds = list(SecondFactor.objects.filter(user=user).values_list("type", flat=True))
    page = {
        "person": user,
        "language_form": LanguageForm(initial={"language": user.language or translation.get_language()}),
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "sign_ins": OwnSignInTable(list(user.sign_ins.order_by("-at", "-pk")[:SHOWN]), request=request),
    }
    return render(request, "programs/account.html", page)


@opened_to("anyone")
@login_not_required
def language_switch(request: HttpRequest) -> HttpResponseBase:
    """Turns the page to the other language; who is signed in gets their e-mails in it from then on too."""
    form = LanguageForm(request.POST if request.method == "POST" else {})
    if isinstance(request.user, User) and form.is_valid():
        _keep(request.user, form.cleaned_data["language"])
    return set_language(request)


def _keep(user: User, language: str) -> None:
    user.language = language
    user.save(update_fields=["language"])


@opened_to("signed in")
@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Keeps the language of the person's e-mails and pages."""
    user, form = signed_in(request), LanguageForm(request.POST)
    response = redirect("account")
    if form.is_valid():
        _keep(user, form.cleaned_data["language"])
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
        with translation.override(user.language):
            messages.success(request, _("The language was changed."))
    return response
