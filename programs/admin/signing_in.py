"""What an administrator does about signing in: invite a person, clear a lost second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.actions import NotInvited, invite, reset_second_factors
from programs.models import User
from programs.models.second_factor import SecondFactor

if TYPE_CHECKING:
    from django.contrib.auth.admin import UserAdmin

    Pages = UserAdmin[User]
else:
    Pages = object


class SigningInPages(Pages):
    """Two pages of a person in the administration, each of which asks before it does anything."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/invite/", wrap(self.invite_view), name="programs_user_invite"),
            path("<path:object_id>/reset-second-factor/", wrap(self.reset_view), name="programs_user_reset"),
            *super().get_urls(),
        ]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  # as Django has it
        """An administrator sends a link; nobody sets another's password."""
        raise Http404

    def page_links(self, obj: User) -> list[tuple[str, str]]:
        links = [(_("Send invitation"), reverse("admin:programs_user_invite", args=[obj.pk]))]
        if obj.is_active is False:
            links = []
        if SecondFactor.objects.filter(user=obj).exists():
            links.append((_("Reset second factor"), reverse("admin:programs_user_reset", args=[obj.pk])))
        return links

    @admin.display(description=gettext_lazy("invitation"))
    def invited(self, obj: User) -> str:
        """What became of the newest link."""
        newest = obj.invitations.order_by("-pk").first() if obj.pk else None
        if newest is None:
            return _("none sent")
        sent = date_format(localtime(newest.sent_at), "DATETIME_FORMAT")
        if newest.accepted_at:
            when = date_format(localtime(newest.accepted_at), "DATETIME_FORMAT")
            return _("sent %(sent)s, accepted %(when)s") % {"sent": sent, "when": when}
        until = date_format(localtime(newest.expires_at), "DATETIME_FORMAT")
        return _("sent %(sent)s, not accepted, works until %(until)s") % {"sent": sent, "until": until}

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> Any:
        """Whoever was added is invited next."""
        answer = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST or "_popup" in request.POST:
            return answer
        return HttpResponseRedirect(reverse("admin:programs_user_invite", args=[obj.pk]))

    def invite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks, then sends the link, or shows it once where no e-mail goes out."""
        person = self._person(request, object_id)
        mails = bool(settings.SENDS_EMAIL and person.email)
        page = {"title": _("Invite %(who)s") % {"who": person.shown_name}, "mails": mails}
        if request.method != "POST":
            return self._answer(request, person, "admin/person_invite.html", page)
        try:
            secret = invite(user=person, by=_administrator(request))
        except NotInvited:
            messages.error(request, _("This account is closed: open it before you invite the person."))
            return self._back(person)
        self.log_change(request, person, "Invitation sent." if mails else "Invitation link handed over.")
        link = request.build_absolute_uri(reverse("invitation", args=[secret]))
        if not mails:
            return self._answer(request, person, "admin/person_invite.html", page | {"link": link})
        about = {"user": person, "invited_by": request.user, "link": link}
        get_adapter().send_mail("programs/email/invitation", person.email, about)
        messages.success(request, _("The invitation was sent to %(address)s.") % {"address": person.email})
        return self._back(person)

    def reset_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks, then takes the person's second factors away; the history tells of it."""
        person = self._person(request, object_id)
        if request.method != "POST":
            title = _("Reset the second factor of %(who)s") % {"who": person.shown_name}
            return self._answer(request, person, "admin/person_reset.html", {"title": title})
        here = request.session.session_key if person == request.user else None
        reset_second_factors(user=person, here=here)
        self.log_change(request, person, "Second factor reset.")
        messages.success(
            request,
            _("The second factor was reset and the person signed out: the password alone lets in now."),
        )
        return self._back(person)

    def _person(self, request: HttpRequest, object_id: str) -> User:
        person: User | None = self.get_object(request, object_id)
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def _answer(self, request: HttpRequest, person: User, page: str, more: dict[str, Any]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": person} | more
        return TemplateResponse(request, page, context, headers={"Cache-Control": "no-store"})

    def _back(self, person: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:programs_user_change", args=[person.pk]))


def _administrator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the admin lets nobody else in
    return request.user
