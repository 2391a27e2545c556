"""What the pages write through the template library."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

D = Decimal


def rendered(source: str, **context: object) -> str:
    return Template("{% load rendir %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ value|figure }}", D("1926.50"), "1,926.50"),
        ("{{ value|figure }}", None, ""),
        ("{{ value|day }}", "2018-03", "March 2018"),
        ("{{ value|of:5 }}", 4, "4 of 5"),
        ("{{ value|host }}", "https://www.gao.gov/products", "www.gao.gov"),
        ("{{ value|host }}", "javascript:alert(1)", ""),
        ("{{ value|host }}", "https://[", ""),
    ],
)
def test_filters(source: str, value: object, text: str) -> None:
    assert rendered(source, value=value) == text


def test_days_are_counted_from_the_day_passed_in() -> None:
    context = {"on": date(2027, 1, 15), "today": date(2027, 1, 3)}
    assert rendered("{{ on|due:today }}", **context) == "due 15 Jan 2027 (in 12 days)"


def test_drawings_say_in_words_what_they_show() -> None:
    assert "<title>Actual 398, target 380</title>" in rendered("{% progress a t %}", a=D(398), t=D(380))
    counts = {"met": 61, "behind": 23, "near": 0}
    assert "<title>met 61, behind 23</title>" in rendered("{% status_bar counts %}", counts=counts)
    assert "near" not in rendered("{% status_counts counts %}", counts=counts)
    assert "<title>Rising</title>" in rendered("{% sparkline values 'Rising' %}", values=[D(1), D(2)])


@pytest.mark.parametrize(
    "source", ["{% progress a t %}", "{% status_bar counts %}", "{% sparkline values 's' %}"]
)
def test_drawings_need_no_style(source: str) -> None:
    drawn = rendered(source, a=D(1), t=D(2), counts={"met": 1}, values=[D(1)])
    assert "style=" not in drawn
    assert "<style" not in drawn


def test_only_a_link_to_the_web_becomes_a_link() -> None:
    link = SimpleNamespace(kind="link", text="https://www.gao.gov/x", published="2018-07")
    html = render_to_string("_evidence.html", {"evidence": link})
    assert 'rel="noopener noreferrer"' in html
    assert "July 2018" in html
    bad = SimpleNamespace(kind="link", text="javascript:alert(1)", published="")
    assert "href" not in render_to_string("_evidence.html", {"evidence": bad})


def test_the_navigation_marks_where_one_is(settings: object) -> None:
    request = SimpleNamespace(path="/in/")
    html = rendered("{% nav_item 'sign-in' 'Sign in' 3 %}", request=request)
    assert '<span class="count">3</span>' in html


def test_a_performance_table_is_within_the_page_where_it_is_chosen() -> None:
    request = SimpleNamespace(path="/programs/MPS/performance/")
    assert "aria-current" in rendered("{% nav_item 'performance-choose' 'Performance' %}", request=request)
    assert "aria-current" not in rendered("{% nav_item 'program-list' 'Programs' %}", request=request)
