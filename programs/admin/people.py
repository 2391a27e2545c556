"""People, and what they do in which program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from allauth.account import admin as account_admin
from allauth.mfa import admin as mfa_admin
from allauth.socialaccount import admin as social_admin
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as AccountAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.actions import end_sessions
from programs.admin.base import OneProgramForm, PartInline, RuledAdmin
from programs.admin.history import Trail
from programs.admin.signing_in import SigningInPages
from programs.models import Assignment, Invitation, Program, SecondFactor, User, has_second_factor

if TYPE_CHECKING:
    from django.db.models import QuerySet

APPROVERS = 2  # whoever typed or submitted a report can't approve it


def warn_of_lone_approvers(request: HttpRequest, programs: Iterable[Program]) -> None:
    """Say so for each program without a second person who can approve; one query each."""
    for program in programs:
        managers = list(
            User.objects.filter(is_active=True, assignments__program=program, assignments__role="manager")
            .distinct()
            .order_by("username")[:APPROVERS]
        )
        if len(managers) < APPROVERS:
            messages.warning(request, _lone_approver(program, managers))


def _lone_approver(program: Program, managers: list[User]) -> str:
    if not managers:
        return _(
            "Nobody can approve the reports of %(program)s: give somebody the role of a manager, best to two."
        ) % {"program": program}
    return _(
        "Only %(person)s can approve the reports of %(program)s, and nobody approves what they typed or "
        "submitted: give a second person the role of a manager."
    ) % {"program": program, "person": managers[0].shown_name}


class AssignmentForm(OneProgramForm[Assignment]):
    of_program = {"site": gettext_lazy("This site belongs to another program.")}


class UserAssignmentInline(PartInline[Assignment, User]):
    model = Assignment
    form = AssignmentForm
    fields = ("program", "role", "site")
    autocomplete_fields = ("site",)
    verbose_name_plural = gettext_lazy("roles")


ADMINISTRATOR_HELP = gettext_lazy(
    "Keeps all definitions in these pages and sees every program. "
    "Reporting and approving need a role in a program as well."
)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A person's names, address and standing; passwords are the person's own business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_superuser"].label = _("Administrator")
        self.fields["is_superuser"].help_text = str(ADMINISTRATOR_HELP)

    def clean_email(self) -> str:
        """In small letters, as it is kept, so that another's is recognized."""
        return str(self.cleaned_data["email"]).lower()


class NewPersonForm(PersonForm):
    """A person who has no password yet, and is invited to choose one."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT002  # as Django has it
        self.instance.set_unusable_password()
        person: User = super().save(commit)
        return person


@admin.register(User)
class UserAdmin(SigningInPages, RuledAdmin[User], AccountAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    list_display = (
        "username",
        "shown_name",
        "email",
        "is_active",
        "is_administrator",
        "accepted",
        "second_factor",
        "last_login",
    )
    list_display_links = ("username", "shown_name")
    list_filter = ("is_active", "is_superuser", "assignments__role", "assignments__program")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    inlines = (UserAssignmentInline,)
    readonly_fields = ("last_login", "date_joined", "accepted", "second_factor", "invited")
    frozen_fields = ("username",)
    fieldsets = (
        (None, {"fields": ("username",)}),
        (gettext_lazy("Person"), {"fields": (("first_name", "last_name"), "email", "language")}),
        (gettext_lazy("Account"), {"fields": ("is_active", "is_superuser", ("last_login", "date_joined"))}),
        (gettext_lazy("Signing in"), {"fields": ("invited", "accepted", "second_factor")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username",)}),
        (gettext_lazy("Person"), {"fields": (("first_name", "last_name"), "email", "language")}),
        (gettext_lazy("Account"), {"fields": ("is_superuser",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        taken = Invitation.objects.filter(user=OuterRef("pk"), accepted_at__isnull=False)
        return (
            super().get_queryset(request).annotate(has_factor=has_second_factor(), has_accepted=Exists(taken))
        )

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, obj: User) -> bool:
        return bool(getattr(obj, "has_factor", False))

    @admin.display(description=gettext_lazy("has a password"), boolean=True)
    def accepted(self, obj: User) -> bool:
        """By accepting an invitation, or from before there were any."""
        return bool(getattr(obj, "has_accepted", False)) or obj.has_usable_password()

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def shown_name(self, obj: User) -> str:
        return obj.get_full_name()

    @admin.display(description=gettext_lazy("administrator"), boolean=True, ordering="is_superuser")
    def is_administrator(self, obj: User) -> bool:
        return obj.is_administrator

    def why_frozen(self, obj: User) -> str:
        return _(
            "The ledger names this person by the user name, so it can't be changed. "
            "Names and address can be; for another user name, make a new account and close this one."
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            end_sessions(user=obj)  # or whoever was signed in would be so again once the account is opened

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = set(form.instance.assignments.values_list("program", flat=True))
        super().save_related(request, form, formsets, change)
        closed = "is_active" in form.changed_data
        if closed or any(formset.has_changed() for formset in formsets):
            after = set(form.instance.assignments.values_list("program", flat=True))
            warn_of_lone_approvers(request, Program.objects.filter(pk__in=before | after))

    def trails(self, obj: User) -> list[Trail]:
        factors = Trail(SecondFactor, "user_id")
        return [*super().trails(obj), Trail(Assignment, "user_id"), factors]


@admin.register(Assignment)
class AssignmentAdmin(RuledAdmin[Assignment]):
    form = AssignmentForm
    list_display = ("user", "role", "program", "site")
    list_select_related = ("user", "program", "site")
    list_filter = ("role", "program")
    search_fields = (
        "user__username",
        "user__first_name",
        "user__last_name",
        "program__code",
        "program__name",
    )
    autocomplete_fields = ("user", "program", "site")
    fields = ("user", "program", "role", "site")

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        warn_of_lone_approvers(request, [obj.program])

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        super().delete_model(request, obj)
        warn_of_lone_approvers(request, [obj.program])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> None:
        programs = list(Program.objects.filter(assignments__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        warn_of_lone_approvers(request, programs)


admin.site.unregister(Group)  # roles are kept in assignments
# secrets, and what people connect themselves: not to be typed into; providers stand in the settings
admin.site.unregister(account_admin.EmailAddress)
admin.site.unregister(mfa_admin.Authenticator)
admin.site.unregister([social_admin.SocialApp, social_admin.SocialToken, social_admin.SocialAccount])
