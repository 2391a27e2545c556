"""People and their sign-ins, as lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.models import Assignment, SignIn

WHOLE = {"td": {"class": "nowrap"}}  # a day is not broken into lines


def moment(at: datetime | None) -> str:
    """The day and minute, in the site's own time."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT") if at else ""


def _quiet(text: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', text)


class RoleTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    """Every role in a program, a row each."""

    person = tables.Column(_("Person"), accessor="user")
    role = tables.Column(_("Role"))
    site = tables.Column(_("Site"), empty_values=())
    since = tables.Column(_("Since"), attrs=WHOLE)
    second_factor = tables.Column(_("Second factor"))
    last_sign_in = tables.Column(_("Last sign-in"), accessor="user__last_login", empty_values=(), attrs=WHOLE)

    file_name = "roles"

    class Meta:
        empty_text = _("Nobody has a role in this program yet. An administrator gives roles.")

    @property
    def caption(self) -> str:
        return gettext("A row for each role: who has several stands here several times.")

    def render_person(self, record: Assignment) -> str | SafeString:
        if record.user.is_active:
            return record.user.shown_name
        closed = gettext("account closed")
        return format_html('{} <span class="illustrative">{}</span>', record.user.shown_name, closed)

    def value_person(self, record: Assignment) -> str:
        return record.user.shown_name

    def render_role(self, record: Assignment) -> str:
        return record.get_role_display()

    def render_site(self, record: Assignment) -> str | SafeString:
        return record.site.name if record.site else _quiet(gettext("whole program"))

    def render_since(self, value: datetime) -> str:
        return day(value)

    def value_since(self, value: datetime) -> date:
        return timezone.localtime(value).date()

    def render_second_factor(self, value: bool) -> str | SafeString:
        return gettext("set") if value else _quiet(gettext("not set"))

    def render_last_sign_in(self, record: Assignment) -> str | SafeString:
        return moment(record.user.last_login) or _quiet(gettext("never"))

    def value_last_sign_in(self, record: Assignment) -> datetime | str:
        return record.user.last_login or gettext("never")


class OwnSignInTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    """Sign-ins, the latest first."""

    at = tables.Column(_("Moment"), attrs=WHOLE)
    how = tables.Column(_("How"))
    succeeded = tables.Column(_("Outcome"))

    file_name = "sign-ins"

    class Meta:
        orderable = False
        empty_text = _("Nobody has signed in here yet.")

    @property
    def caption(self) -> str:
        return gettext("The latest ten")

    def render_at(self, value: datetime) -> str:
        return moment(value)

    def value_at(self, value: datetime) -> datetime:
        return value

    def render_how(self, record: SignIn) -> str:
        steps: list[Any] = [record.get_how_display()]
        if record.factor:
            steps.append(record.get_factor_display())
        return " + ".join(map(str, steps))

    def render_succeeded(self, value: bool) -> SafeString:
        kind, glyph, word = ("good", "✓", gettext("signed in")) if value else ("bad", "✕", gettext("refused"))
        return format_html(
            '<span class="status status--{}">'
            '<span class="status__glyph" aria-hidden="true">{}</span>{}</span>', kind, glyph, word
        )  # fmt: skip

    def value_succeeded(self, value: bool) -> str:
        return gettext("signed in") if value else gettext("refused")


class SignInTable(OwnSignInTable):
    """The sign-ins of several people."""

    person = tables.Column(_("Person"), accessor="user")

    class Meta(OwnSignInTable.Meta):
        sequence = ("at", "person", "...")
        empty_text = _("Nobody with a role in this program signed in within the last 90 days.")

    @property
    def caption(self) -> str:
        return gettext("The last 90 days")

    def render_person(self, record: SignIn) -> str:
        return record.user.shown_name if record.user else ""
