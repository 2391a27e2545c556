"""What every answer of the site carries, whoever made it: a page, a file, a redirect or a refusal."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string

HEADERS = {
    "Cache-Control": "private, no-cache",  # kept by the reader's browser alone, and asked for anew
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SafeAnswers:
    """Middleware, the outermost: the headers that protect the reader, also where a part within failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html")
        if _signs_out(request, response):
            response["Clear-Site-Data"] = '"cache"'  # a shared computer's back button shows nothing
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _signs_out(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer takes the session away that the request came with."""
    name = settings.SESSION_COOKIE_NAME
    return name in request.COOKIES and name in response.cookies and not response.cookies[name].value
