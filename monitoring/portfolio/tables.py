"""Lists that can be sorted and paged."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.formatting import day
from programs.models import Program
from programs.models.bilingual import shown_first

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class ProgramTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    """Programs, each with a link to its page; the numbers come annotated."""

    code = tables.Column(_("Code"), visible=False)
    name = tables.Column(_("Program"), order_by="named")
    component = tables.Column(_("Component"))
    starts_on = tables.Column(_("From"))
    ends_on = tables.Column(_("To"))
    indicators = tables.Column(_("Indicators"), accessor="indicator_count", attrs=NUMBER)
    sites = tables.Column(_("Sites"), accessor="site_count", attrs=NUMBER)
    illustrative = tables.Column(_("Illustrative"), visible=False)

    file_name = "programs"

    def __init__(self, programs: QuerySet[Program], **kwargs: Any) -> None:
        self.filter_form, self.back = kwargs.pop("filter_form"), kwargs.pop("back")
        super().__init__(programs.annotate(named=shown_first()), **kwargs)

    @property
    def caption(self) -> str:
        return gettext("Programs that you may see")

    def render_name(self, record: Program) -> SafeString:
        mark = gettext("illustrative")
        illustrative = (
            format_html(' <span class="illustrative">{}</span>', mark) if record.illustrative else ""
        )
        return format_html(
            '<a href="{}{}">{}</a>{}',
            reverse("program", args=[record.code]),
            self.back.suffix,
            record.name_html,
            illustrative,
        )

    def value_name(self, record: Program) -> str:
        return record.shown_name

    def render_component(self, record: Program) -> str:
        return record.get_component_display()

    def render_starts_on(self, record: Program) -> str:
        return day(record.starts_on)

    def value_starts_on(self, value: date) -> date:
        return value

    def render_ends_on(self, record: Program) -> str:
        return day(record.ends_on)

    def value_ends_on(self, value: date) -> date:
        return value

    def value_illustrative(self, value: bool) -> str:
        return gettext("yes") if value else gettext("no")

    class Meta:
        order_by = ("name",)
        default = "–"
        empty_text = _("No program fits.")
