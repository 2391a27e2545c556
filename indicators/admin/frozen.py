"""Rows whose codes stand in the ledger."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from programs.admin.typed import BaseInlineFormSet, ModelForm

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Model)


class FrozenCodes(BaseInlineFormSet[M, P, ModelForm[M]]):
    """The parts of a thing; the codes of those that the ledger has entries of can't be changed."""

    def frozen(self) -> set[int]:
        """The ids of those parts; one query."""
        raise NotImplementedError

    @cached_property
    def _frozen(self) -> set[int]:
        return self.frozen() if self.instance.pk else set()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk in self._frozen:
            form.fields["code"].disabled = True
            form.fields["code"].widget.attrs["title"] = _("The ledger has figures of it: its code stays.")

    def clean(self) -> None:
        """Refused for another code of such a part: opened before the ledger had figures of it."""
        super().clean()
        for form in self.initial_forms:
            sent = form.data.get(form.add_prefix("code"))
            if form.instance.pk in self._frozen and sent not in (None, form.initial["code"]):
                form.add_error("code", _("The ledger has figures of it: its code stays."))
