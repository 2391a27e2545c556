from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from programs.access import opened_to


@opened_to("anyone")
@login_not_required
@require_safe
def icon(request: HttpRequest) -> HttpResponseRedirect:
    """Where the icon is, for a browser that looks for it by itself beside an answer that names none."""
    # "no such page" would set a cookie over that of a page opened meanwhile, whose saves would be refused
    return HttpResponseRedirect(static("rendir/icon.svg"))
