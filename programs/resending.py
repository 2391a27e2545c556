"""A form of somebody who is signed out by now, or signed in anew: what was typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure as plain_failure

View = Callable[..., HttpResponseBase]
Marked = TypeVar("Marked", bound=View)
KEPT = "typed_is_kept"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


def typed_is_kept(view: Marked) -> Marked:
    """Mark a view whose form is handed back to whoever is signed out, to be sent again."""
    setattr(view, KEPT, True)
    return view


class SignedInOrTold(LoginRequiredMiddleware):
    """Whoever is signed out is led to sign in; what they typed is handed back first.

    A row that a page sends by itself is answered with 401, so that no page for signing in is put into it.
    """

    def handle_no_permission(  # type: ignore[override]  # not every answer is a redirect
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseBase:
        if "HX-Request" in request.headers:
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        if getattr(view_func, KEPT, False) and request.method == "POST" and _typed(request):
            return _handed_back(request, HTTPStatus.UNAUTHORIZED)
        return super().handle_no_permission(request, view_func)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form of a page from before signing in anew is handed back; what other sites send is not."""
    match = request.resolver_match
    is_kept = match is not None and getattr(match.func, KEPT, False)
    if "HX-Request" not in request.headers and is_kept and _is_from_here(request) and _typed(request):
        return _handed_back(request, HTTPStatus.FORBIDDEN)
    return plain_failure(request, reason)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields that a person sent, in their order."""
    pairs = ((name, str(text)) for name, texts in request.POST.lists() for text in texts)
    return [(name, text) for name, text in pairs if name != TOKEN]


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form, as the browser says."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(sender)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _sign_in(request: HttpRequest) -> str:
    """Where to sign in, and to come to the page on which it was typed."""
    page = urlsplit(request.headers.get("Referer", "")).path if _is_from_here(request) else ""
    return f"{reverse('sign-in')}?{urlencode({'next': page or '/'})}"


def _handed_back(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    context = {
        "fields": _typed(request),
        "files": bool(request.FILES),
        "signed_out": status == HTTPStatus.UNAUTHORIZED,
        "address": request.get_full_path(),
        "sign_in": _sign_in(request),
    }
    return render(request, "resend.html", context, status=status)
