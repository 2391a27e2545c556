"""The page's way to the formatting of numbers, days and statuses, and to the small drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from indicators import charts, formatting, svg, words

register = template.Library()
PERFORMANCE = "/performance/"  # where a program's table is chosen, which its own address does not begin with
KEEP_AS_OF = ("portfolio", "program-list", "performance-choose")  # the pages that can look back


@register.filter
def figure(value: Decimal | int | None) -> str:
    """A number as it is written; "" for None."""
    return "" if value is None else formatting.number(Decimal(value))


@register.filter
def of(part: int | Decimal, whole: int | Decimal) -> str:
    """So many of so many."""
    return formatting.of(part, whole)


register.filter("day", formatting.day)


@register.filter
def due(on: date | None, today: date) -> str:
    """When a thing is due, and how far that is from today."""
    return formatting.due(on, today)


@register.filter
def host(address: str) -> str:
    """The host of a link to the web, "" for anything else."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme in ("http", "https") else ""


@register.simple_tag
def status(status: str | None, text: str | None = None) -> SafeString:
    """Glyph, word and hue of a status."""
    return formatting.status_html(status, text)


@register.simple_tag
def progress(actual: Decimal | None, target: Decimal | None, baseline: Decimal | None = None) -> str:
    """A bullet bar: the actual value against target and baseline."""
    return svg.bullet_svg(actual, target, baseline)


@register.simple_tag
def status_bar(counts: Mapping[str, int]) -> str:
    """A bar of how many indicators have which status: {"met": 61, …}."""
    parts = (f"{formatting.status_word(status)} {count}" for status, count in counts.items() if count)
    return svg.counts_svg(counts, ", ".join(parts))


@register.inclusion_tag("_status_counts.html")
def status_counts(counts: Mapping[str, int]) -> dict[str, object]:
    """The same in numbers: glyph, word and count of each status that occurs."""
    return {"counts": [(status, counts[status]) for status in words.STATUSES if counts.get(status)]}


@register.simple_tag
def sparkline(values: Sequence[Decimal | None], sentence: str) -> str:
    """The course of a value as a small line; `sentence` says it to who can't see it."""
    return svg.course_svg(values, sentence, (80, charts.HEIGHT))


@register.simple_tag(takes_context=True)
def nav_item(context: Mapping[str, Any], name: str, label: str, count: int | None = None) -> SafeString:
    """A link of the main navigation, marked where one is; it keeps the day that the page looks back to."""
    address = reverse(name)
    back = context.get("back")
    request = context.get("request")
    here = getattr(request, "path", "")
    within = PERFORMANCE if here.endswith("/performance/") else here
    current = within == address or (address != "/" and within.startswith(address))
    mark = mark_safe(' aria-current="page"') if current else ""
    looks_back = bool(back and back.moment)  # what awaits a person is only known of today
    number = format_html(' <span class="count">{}</span>', count) if count and not looks_back else ""
    suffix = back.suffix if back and name in KEEP_AS_OF else ""
    return format_html('<li><a href="{}{}"{}>{}{}</a></li>', address, suffix, mark, label, number)
