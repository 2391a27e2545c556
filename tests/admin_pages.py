"""The pages of the administration as a browser has them: what is in the form is what is posted back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

Posted = dict[str, Any]


def address(model: type, page: str, *args: object) -> str:
    """The address of a model's page in the administration."""
    meta: Any = model._meta  # type: ignore[attr-defined]  # any model
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def form_at(client: Client, url: str, **changes: Any) -> Posted:
    """What a browser would post back from a form, with these changes; None takes a field away."""
    response = client.get(url)
    assert response.status_code == 200
    data: Posted = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        data.update(_fields(form))
    return {name: value for name, value in (data | changes).items() if value is not None}


def _fields(form: BaseForm) -> Iterator[tuple[str, Any]]:
    for bound in form:
        value = bound.value()
        if bound.field.disabled or value is None or value is False:
            continue
        if isinstance(value, (date, datetime)):
            value = value.isoformat()
        yield bound.html_name, list(value) if isinstance(value, (list, tuple)) else str(value)


def complaints(response: Any) -> dict[str, list[str]]:
    """What the page says is wrong, by field; `__all__` is the top of the form, inlines have their prefix."""
    context = response.context
    said = {name: list(errors) for name, errors in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            said |= {f"{form.prefix}-{name}": list(errors) for name, errors in form.errors.items()}
        if inline.formset.non_form_errors():
            said[inline.formset.prefix] = list(inline.formset.non_form_errors())
    return said


def messages_of(response: Any) -> list[str]:
    """The messages at the top of the page."""
    return [str(message) for message in response.context["messages"]]
