"""Texts in English and perhaps in Spanish: that of the page's language, else the English one, marked."""

from __future__ import annotations

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext


def in_spanish() -> bool:
    """Whether the page is in Spanish."""
    return (get_language() or "").startswith("es")


def shown_first(name: str = "name") -> Combinable:
    """To sort by a name as it is shown: on a Spanish page the Spanish one, where there is one."""
    return Coalesce(NullIf(f"{name}_es", Value("")), name) if in_spanish() else F(name)


class Bilingual:
    """A thing whose texts may have a Spanish one beside them, in the field of that name and `_es`."""

    def shown(self, field: str) -> str:
        """The text of a field in the language of the page, in English where there is no Spanish one."""
        own: str = getattr(self, field)
        spanish: str = getattr(self, f"{field}_es")
        return spanish if spanish and in_spanish() else own

    def shown_html(self, field: str) -> SafeString:
        """The same for a page; what is English on a Spanish page says so, to eyes and to screen readers."""
        text = escape(self.shown(field))
        if not text or not in_spanish() or getattr(self, f"{field}_es"):
            return text
        return mark_safe(f'<span lang="en">{text}</span> {mark_html()}')  # noqa: S308 both are escaped

    @property
    def shown_name(self) -> str:
        """Its name, as `shown`."""
        return self.shown("name")

    @property
    def name_html(self) -> SafeString:
        """Its name, as `shown_html`."""
        return self.shown_html("name")


def mark_html() -> SafeString:
    """The mark beside what is given in English only."""
    title = escape(gettext("given in English only"))
    return mark_safe(f'<abbr class="untranslated" title="{title}">EN</abbr>')  # noqa: S308 escaped
