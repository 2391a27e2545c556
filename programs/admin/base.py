"""What all pages of the administration share: refusals as messages, frozen fields, links, history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DataError, IntegrityError, transaction
from django.db.models import CharField, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.admin.history import Trail, told
from programs.admin.refusals import Refusal, refusal_of
from programs.admin.typed import ModelAdmin, ModelForm, TabularInline
from programs.models.codes import CodeField

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Model)
REFUSED = "refused_by_the_database"
HISTORY = 100  # events on one page
CODE_SHOWN, NAME_SHOWN = 10, 22  # characters that a row has room for
UNREADABLE = (ValueError, OverflowError, DataError)  # what Django lets through of the words in an address


class OneProgramForm(ModelForm[M]):
    """A form whose `of_program` fields may only hold what belongs to the same program."""

    of_program: ClassVar[dict[str, Any]] = {}  # field: what is said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        program = cleaned.get("program")
        program_id = program.pk if program else getattr(self.instance, "program_id", None)
        for field, message in self.of_program.items():
            other = cleaned.get(field)
            if other is not None and other.program_id != program_id:
                self.add_error(field, str(message))
        return cleaned


def refusing(form: type[forms.ModelForm[M]], refusal: Refusal) -> type[forms.ModelForm[M]]:
    """The form once more, with what the database said about it."""

    class Refusing(form):  # type: ignore[misc,valid-type]  # the form is known at run time only
        def full_clean(self) -> None:
            super().full_clean()
            if self.is_bound:
                self.add_error(refusal.field_in(self.fields), refusal.message)

    return Refusing


class RelatedAdmin(ModelAdmin[M]):
    """Lists, pages and search boxes ask for what their rows name together with the rows."""

    list_select_related: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; where the words in its address name nothing, the whole list is offered instead."""
        if request.method == "POST" or not request.GET:
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                response = super().changelist_view(request, extra_context)
                return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except UNREADABLE:
            messages.warning(request, _("That choice can't be read. This is the whole list."))
            return HttpResponseRedirect(request.path)


class RuledAdmin(RelatedAdmin[M]):
    """What the database refuses comes as a message, with everything that was typed still there."""

    change_form_template = "admin/definition_change_form.html"
    object_history_template = "admin/definition_history.html"
    fixed_fields: ClassVar[Sequence[str]] = ()  # chosen when it is made, and never changed
    frozen_fields: ClassVar[Sequence[str]] = ()  # not changed once the ledger has entries of it

    # --- refusals ------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            setattr(request, REFUSED, refusal_of(error))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self,
        request: HttpRequest,
        obj: M | None = None,
        change: bool = False,  # noqa: FBT002  # as Django has it
        **kwargs: Any,
    ) -> type[forms.ModelForm[M]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, REFUSED, None)
        if (
            refusal is None
            and obj is not None
            and request.method == "POST"
            and self._posts_frozen(request, obj)
        ):
            refusal = Refusal(self.why_frozen(obj))
        return refusing(form, refusal) if refusal else form

    def _posts_frozen(self, request: HttpRequest, obj: M) -> bool:
        """Whether what was sent would change a frozen field: its page was opened before it was frozen."""
        if not any(name in request.POST for name in self.frozen_fields) or not self.is_frozen(obj):
            return False
        fields = forms.models.fields_for_model(self.model, self.frozen_fields)
        stands = forms.models.model_to_dict(obj, self.frozen_fields)
        return any(
            field.has_changed(
                field.prepare_value(stands[name]),
                field.widget.value_from_datadict(request.POST, {}, name),
            )
            for name, field in fields.items()
            if name in request.POST or isinstance(field, forms.BooleanField)  # an empty box is not sent
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except IntegrityError as error:
            messages.error(request, refusal_of(error).message)
            return HttpResponseRedirect(self.address("change", unquote(object_id)))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; an action on several rows is done to all of them or to none."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except IntegrityError as error:
            messages.error(request, refusal_of(error).message)
            return HttpResponseRedirect(request.get_full_path())

    # --- fields that stay ------------------------------------------------------------------

    def is_frozen(self, obj: M) -> bool:
        """Whether the ledger has entries that rest on it; at most one query."""
        return False

    def why_frozen(self, obj: M) -> str:
        """Why the frozen fields can't be changed, and what to do instead."""
        raise NotImplementedError  # whoever freezes fields says why

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is None:
            return fields
        return [*fields, *self.fixed_fields, *(self.frozen_fields if self.is_frozen(obj) else ())]

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        """The groups of fields; one with frozen fields says why they are."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.frozen_fields or not self.is_frozen(obj):
            return fieldsets
        why = self.why_frozen(obj)
        return [
            (name, {**options, "description": why} if self._has_frozen(options["fields"]) else options)
            for name, options in fieldsets
        ]

    def _has_frozen(self, fields: Iterable[str | Sequence[str]]) -> bool:
        flat = {name for one in fields for name in ([one] if isinstance(one, str) else one)}
        return not flat.isdisjoint(self.frozen_fields)

    # --- links ------------------------------------------------------------------

    def page_links(self, obj: M) -> list[tuple[str, str]]:
        """Where to go on from here, as text and address."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = context.get("original")
        links = self.page_links(obj) if obj is not None else []
        return super().render_change_form(request, context | {"page_links": links}, *args, **kwargs)

    def address(self, page: str, *args: object) -> str:
        """The address of one of its pages: changelist, add, change, delete, history."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    # --- history ------------------------------------------------------------------

    def trails(self, obj: M) -> list[Trail]:
        """Whose history stands on its history page: its own, and that of what is part of it."""
        return [Trail(self.model, "id")]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Who changed what from what to what, and when, the latest first."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return HttpResponseRedirect(self.address("changelist"))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(told(self.trails(obj), obj.pk), HISTORY).get_page(request.GET.get("p"))
        return TemplateResponse(
            request,
            self.object_history_template,
            {
                **self.admin_site.each_context(request),
                "title": _("History: %(what)s") % {"what": obj},
                "subtitle": None,
                "page": page,
                "module_name": capfirst(str(self.opts.verbose_name_plural)),
                "object": obj,
                "opts": self.opts,
                **(extra_context or {}),
            },
        )


class ReadOnlyAdmin(RelatedAdmin[M]):
    """What is only ever added to, or belongs to those who report: to be looked at."""

    actions = None
    change_form_template = "admin/read_only_change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Its own rows are its history."""
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[unquote(object_id)])
        )


class PartInline(TabularInline[M, P]):
    """Rows of a thing on its page; the choices of each list are asked for once, not once a row."""

    extra = 0
    of_program_fields: ClassVar[Sequence[str]] = ()  # lists that offer only what is of the program

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.of_program_fields:
            model: Any = db_field.related_model
            kwargs["queryset"] = model.objects.filter(program=self.program_of(request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField) and db_field.name not in self.autocomplete_fields:
            choices: Any = field.choices
            field.choices = list(choices)
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row has room for its lists, not for four buttons beside each."""
        if isinstance(db_field, CharField) and not db_field.choices:
            size = CODE_SHOWN if isinstance(db_field, CodeField) else NAME_SHOWN
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "in-row", "size": size})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def program_of(self, request: HttpRequest) -> str | None:
        """The id of the program whose page this is."""
        match = request.resolver_match
        return match.kwargs.get("object_id") if match else None


class ReadOnlyInline(PartInline[M, P]):
    """Rows to be looked at."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
