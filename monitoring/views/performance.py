from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from programs.access import opened_to, program_for, signed_in


@opened_to("signed in")
@require_safe
def performance(request: HttpRequest, code: str) -> HttpResponse:
    """A program's performance table."""
    program_for(signed_in(request), code)
    return HttpResponse("")
