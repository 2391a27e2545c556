from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from programs.access import opened_to
from programs.actions import NotAccepted, accept_invitation
from programs.actions.people import invited_by
from programs.signing_in.forms import InvitedForm


@opened_to("anyone")
@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person chooses a password; a link that does not work says so, and 404; 1 query to look."""
    user = invited_by(token)
    if user is None:
        return _no_longer(request)
    form = InvitedForm(request.POST or None, user=user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "programs/invitation.html", {"form": form, "person": user})
    try:
        accept_invitation(secret=token, password=form.cleaned_data["password1"])
    except NotAccepted:
        return _no_longer(request)
    messages.success(request, _("Your password is set. Sign in with it."))
    return redirect("sign-in")


def _no_longer(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/invitation_gone.html", status=404)
