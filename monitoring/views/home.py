from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from programs.access import Reach, opened_to, reaches, signed_in


@opened_to("signed in")
@require_safe
def home(request: HttpRequest) -> HttpResponseRedirect:
    """Where a person's day begins: reporters at their work, all others at the portfolio; 1 query."""
    user = signed_in(request)
    own = reaches(user).values()
    only_reports = bool(own) and not user.is_administrator and not any(map(_oversees, own))
    return redirect("my-work" if only_reports else "portfolio")


def _oversees(own: Reach) -> bool:
    return own.manager or own.viewer
