"""One target or baseline by itself, for any period."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators import periods
from indicators.actions import open_period
from indicators.models import Entry
from indicators.periods import parse_label
from indicators.values import EntryKind
from tests.builders import break_down, make_dimension, make_indicator, make_site
from tests.indicators.stage import MILESTONE, RATIO, Stage, make_stage
from tests.indicators.test_targets import boxes, page, put, refused, signed, standing

pytestmark = pytest.mark.django_db


def plan_set(stage: Stage, **typed: Any) -> Any:
    values = {
        "kind": "target",
        "indicator": stage.indicator.code,
        "reason": "The work plan",
        "certainty": "exact",
    }
    where = reverse("plan-set", args=[stage.program.code])
    return signed(stage.manager).post(where, values | typed)


def test_a_target_for_any_period_site_and_category() -> None:
    stage = make_stage()
    break_down(stage.indicator, dimension := make_dimension("women"))
    category = dimension.categories.get()
    open_period(span=periods.other("by publication"))
    assert plan_set(stage, period="by publication", value="5").status_code == 302
    assert (
        plan_set(stage, label="FY2027 Q1", value="6", site=stage.site.code, category=category.pk).status_code
        == 302
    )
    one, two = stage.entries()
    assert (one.period.label, one.value, one.series.site, one.series.category) == (
        "by publication",
        5,
        None,
        None,
    )
    assert (two.period.label, two.value, two.series.site, two.series.category) == (
        "2026 Q4",
        6,
        stage.site,
        category,
    )


def test_a_baseline_with_its_evidence() -> None:
    stage = make_stage(program={"starts_on": date(2018, 1, 1), "ends_on": date(2022, 12, 31)})
    evidence = {
        "evidence": "https://example.org/a",
        "published": "May 2018",
        "certainty": "about",
        "expected": "on",
    }
    response = plan_set(stage, kind="baseline", period="2018–2022", value="400", **evidence)
    assert response.status_code == 302
    [entry] = stage.entries()
    assert (entry.kind, entry.certainty, entry.expected, entry.published) == (
        "baseline",
        "about",
        True,
        "2018-05",
    )
    assert entry.period.span == parse_label("2018–2022")


MEASURES: list[tuple[dict[str, Any], dict[str, str]]] = [
    (RATIO, {"numerator": "1", "denominator": "4"}),
    (RATIO, {"value": "39.5"}),
    (MILESTONE, {"day": "2027"}),
    (MILESTONE, {"kind": "baseline", "value": "no"}),
    ({}, {"absence": "not_applicable"}),
]


@pytest.mark.parametrize(("meaning", "boxes_typed"), MEASURES)
def test_every_measure_has_its_boxes(meaning: dict[str, Any], boxes_typed: dict[str, str]) -> None:
    stage = make_stage(**meaning)
    assert plan_set(stage, label="2026", **boxes_typed).status_code == 302
    assert len(stage.entries()) == 1


WRONG = [
    ({"value": "many", "label": "2026"}, "id_value"),
    ({"value": "1", "numerator": "1", "label": "2026"}, "id_numerator"),
    ({"value": "1", "day": "2026", "label": "2026"}, "id_day"),
    ({"value": "1"}, "id_period"),
    ({"value": "1", "label": "soon"}, "id_label"),
    ({"value": "1", "label": "2026", "period": "2026 Q3"}, "id_label"),
    ({"value": "1", "period": "never"}, "id_period"),
    ({"value": "1", "label": "2026", "reason": " "}, "id_reason"),
    ({"value": "1", "label": "2026", "evidence": "javascript:alert(1)"}, "id_evidence"),
    ({"value": "1", "label": "2026", "evidence": "A", "published": "soon"}, "id_published"),
    ({"value": "1", "label": "2026", "absence": "withheld"}, "id_absence"),
    ({"value": "1", "label": "2026", "absence": "withdrawn"}, "id_absence"),
    ({"value": "1", "label": "2026", "certainty": "sure"}, "id_certainty"),
    ({"value": "1", "label": "2026", "kind": "actual"}, "id_kind_0"),
    ({"value": "1", "label": "2026", "change": "hides"}, "id_change_0"),
    ({"value": "x" * 2001, "label": "2026"}, "id_value"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_what_does_not_fit_is_said_at_its_box(typed: dict[str, str], field: str) -> None:
    stage = make_stage()
    response = plan_set(stage, **typed)
    text = refused(response)
    assert f'href="#{field}"' in text
    assert f'id="{field}"' in text
    assert boxes(response)["value"] == typed["value"]
    assert stage.entries() == []


@pytest.mark.parametrize("name", ["indicator", "site", "category"])
def test_what_belongs_elsewhere_isrefused(name: str) -> None:
    stage, elsewhere = make_stage(), make_stage()
    break_down(elsewhere.indicator, dimension := make_dimension("women"))
    foreign = {
        "indicator": elsewhere.indicator.code,
        "site": elsewhere.site.code,
        "category": dimension.categories.get().pk,
    }
    response = plan_set(stage, value="7", label="2026", **{name: foreign[name]})
    assert f'href="#id_{name}"' in refused(response)
    assert boxes(response)["value"] == "7"
    assert not Entry.objects.exists()


def test_a_category_of_another_indicator_isrefused() -> None:
    stage = make_stage()
    break_down(make_indicator(stage.program), dimension := make_dimension("women"))
    response = plan_set(stage, value="7", label="2026", category=dimension.categories.get().pk)
    assert "no such category" in refused(response)


def test_what_is_in_force_is_shown_before_it_is_set_anew() -> None:
    stage = make_stage()
    put(stage, "10", kind=EntryKind.TARGET)
    response = plan_set(stage, value="11", period="2026 Q3", change="corrects")
    assert f"10 is in force, set by {stage.manager.shown_name}." in refused(response, 409)
    form = boxes(response)
    assert (form["seen"], form["value"]) == (str(stage.entries()[0].pk), "11")
    assert standing(stage) == {("2026 Q3", None): "10"}
    assert "Say whether" in refused(plan_set(stage, value="11", period="2026 Q3", seen=form["seen"]))
    again = plan_set(stage, value="11", period="2026 Q3", change="corrects", seen=form["seen"])
    assert again.status_code == 302
    assert standing(stage) == {("2026 Q3", None): "11"}


def test_a_link_may_name_what_is_planned() -> None:
    stage = make_stage()
    where = reverse(
        "plan-set", args=[stage.program.code], query={"indicator": stage.indicator.code, "kind": "baseline"}
    )
    text = page(signed(stage.manager).get(where))
    assert f'<option value="{stage.indicator.code}" selected>' in text


def _queries_to_show(indicators: int, sites: int) -> int:
    stage = make_stage()
    for _ in range(sites - 1):
        make_site(stage.program)
    for _ in range(indicators - 1):
        make_indicator(stage.program)
    client = signed(stage.manager)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("plan-set", args=[stage.program.code])).status_code == 200
    return len(queries)


def test_fifty_indicators_take_no_more_queries_than_five() -> None:
    assert _queries_to_show(5, 1) == _queries_to_show(50, 20) <= 12


def test_setting_one_takes_few_queries() -> None:
    stage = make_stage()
    client = signed(stage.manager)
    values = {
        "kind": "target",
        "indicator": stage.indicator.code,
        "reason": "So",
        "label": "2031",
        "value": "5",
    }
    with CaptureQueriesContext(connection) as queries:
        response = client.post(reverse("plan-set", args=[stage.program.code]), values)
    assert response.status_code == 302
    assert len(queries) <= 25
