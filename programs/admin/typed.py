"""Django's generic classes, such that they can be subscripted at run time as in the type checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.forms import BaseInlineFormSet, ModelForm
else:
    from django import forms
    from django.contrib import admin

    class _Subscriptable:
        def __class_getitem__(cls, _types):
            return cls

    class ModelAdmin(_Subscriptable, admin.ModelAdmin):
        """Django's own."""

    class TabularInline(_Subscriptable, admin.TabularInline):
        """Django's own."""

    class ModelForm(_Subscriptable, forms.ModelForm):
        """Django's own."""

    class BaseInlineFormSet(_Subscriptable, forms.BaseInlineFormSet):
        """Django's own."""


__all__ = ["BaseInlineFormSet", "ModelAdmin", "ModelForm", "TabularInline"]
