"""The results framework: what each program is after."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Objective
from programs.admin.base import OneProgramForm, PartInline, RuledAdmin
from programs.models import Program


class ObjectiveForm(OneProgramForm[Objective]):
    of_program = {"parent": gettext_lazy("This objective belongs to another program.")}

    def clean(self) -> dict[str, Any]:
        """A framework is a tree: no objective serves itself, not even by way of others."""
        cleaned = super().clean()
        above, seen = cleaned.get("parent"), set()
        while above is not None and above.pk not in seen:
            if above.pk == self.instance.pk:
                self.add_error("parent", _("This objective serves the one you are changing."))
                break
            seen.add(above.pk)
            above = above.parent
        return cleaned


class ObjectiveInline(PartInline[Objective, Program]):
    model = Objective
    form = ObjectiveForm
    fields = ("code", "level", "name", "name_es", "parent")
    of_program_fields = ("parent",)
    show_change_link = True


@admin.register(Objective)
class ObjectiveAdmin(RuledAdmin[Objective]):
    form = ObjectiveForm
    list_display = ("code", "name", "level", "parent", "program")
    list_display_links = ("code", "name")
    list_select_related = ("parent", "program")
    list_filter = ("level", "program")
    search_fields = ("code", "name", "name_es", "program__code", "program__name", "program__name_es")
    autocomplete_fields = ("program", "parent")
    fixed_fields = ("program",)
    fields = ("program", "code", "level", ("name", "name_es"), "parent")
