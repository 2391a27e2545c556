"""Addresses of which one was opened by nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from monitoring.urls import urlpatterns as ours


def unopened(request: HttpRequest) -> HttpResponse:
    """What nobody should ever see."""
    return HttpResponse("seen")


urlpatterns = [path("unopened/", unopened), *ours]
