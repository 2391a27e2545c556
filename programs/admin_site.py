"""The administration as a site: who may enter, and what stands on its first page in which order."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

# by what an administrator does; a model that is in no group stands at the end under "Other"
GROUPS = (
    ("portfolio", _("Portfolio"), ("Program", "Site", "Place", "Organization")),
    ("measurement", _("Measurement"), ("Objective", "Indicator", "Dimension", "Series")),
    ("calendar", _("Calendar"), ("Period",)),
    ("people", _("People"), ("User", "Assignment")),
    ("ledger", _("Ledger (read only)"), ("Entry", "Report", "Step", "Evidence")),
)
OTHER = ("other", _("Other"))


class RendirAdminConfig(AdminConfig):
    """Django's admin, on the site below."""

    default_site = "programs.admin_site.RendirAdminSite"


class Autocomplete(AutocompleteJsonView):
    """The choices of a search box; what belongs to a program says to which."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)  # type: ignore[misc]  # not in the stubs
        program = getattr(obj, "program", None)
        return {**result, "text": f"{obj} ({program})"} if program else {**result}


class RendirAdminSite(admin.AdminSite):
    """For administrators only; the site's own sign-in is its front door."""

    site_header = site_title = "Rendir"
    index_title = _("Administration")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Only an active superuser is an administrator, whatever else is ticked."""
        return request.user.is_active and request.user.is_superuser

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The way to the site's sign-in page; whoever is signed in and no administrator finds nothing."""
        from django.contrib.auth.views import redirect_to_login

        wanted = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out, as everywhere on the site."""
        from django.contrib.auth.views import LogoutView

        return LogoutView.as_view()(request)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The registered models in the groups above; those of one app as Django has them."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        groups = [
            self._group(label, name, [models.pop(one) for one in members if one in models])
            for label, name, members in GROUPS
        ]
        groups.append(self._group(*OTHER, list(models.values())))
        return [group for group in groups if group["models"]]

    def _group(self, label: str, name: Any, models: list[Any]) -> dict[str, Any]:
        return {
            "name": name,
            "app_label": label,
            "app_url": f"{reverse('admin:index', current_app=self.name)}#{label}",
            "has_module_perms": True,
            "models": models,
        }
