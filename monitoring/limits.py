"""What is larger than a page of this site ever sends is refused before it is read, in words."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
MEGABYTE = 1_000_000
CHUNK = 65_536
DRAINED = 10  # times the limit: who sends no more than that is told, and need not wonder at a broken line


class BoundedRequests:
    """Middleware: a request as a whole is limited, with all its files; nothing of a larger one is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _length(request) <= settings.REQUEST_MAX_BYTES:
            return self.get_response(request)
        _drain(request)
        return too_large(request)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0


def _drain(request: HttpRequest) -> None:
    """Read on and forget: a browser listens to the answer only after it has sent everything."""
    left = min(_length(request), DRAINED * settings.REQUEST_MAX_BYTES)
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)


def too_large(request: HttpRequest) -> HttpResponse:
    """The page that says so; for a row that saves itself, a note on the page that is open."""
    context = {"most": settings.REQUEST_MAX_BYTES // MEGABYTE}
    if "HX-Request" not in request.headers:
        return render(request, "413.html", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    response = render(request, "indicators/_too_large.html", context)
    response["Rendir-Saved"] = "no"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read, or was too much of it."""
    if isinstance(exception, TOO_MUCH):
        return too_large(request)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
