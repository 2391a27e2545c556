"""The administration of measurement: what belongs together, and the series that are laid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import (
    Breakdown,
    Dimension,
    Indicator,
    Objective,
    Series,
)
from programs.models import Program, Site
from tests import builders
from tests.admin_pages import address, complaints, form_at, messages_of
from tests.indicators.approved import Approved, make_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Approved:
    return make_approved()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.make_administrator(username="admin"))
    return client


# --- what belongs together ------------------------------------------------------------


def indicator_data(program: Program, objective: Objective, **overrides: Any) -> dict[str, Any]:
    return {
        "program": program.pk, "objective": objective.pk, "code": "NEW", "name": "New", "measure": "number",
        "unit": "people", "factor": "1", "accumulation": "flow", "direction": "increase", "counted": "on",
        "over_sites": "sum", "over_time": "sum", "numerator_over_time": "sum", "denominator_over_time": "sum",
        "reported_by": "sites", "frequency": "quarter", "calendar": "calendar",
        "breakdowns-TOTAL_FORMS": 0, "breakdowns-INITIAL_FORMS": 0,
    } | overrides  # fmt: skip


def test_an_objective_of_another_program_is_refused_beside_it(administrator: Client) -> None:
    program, foreign = builders.make_program(), builders.make_objective()
    response = administrator.post(address(Indicator, "add"), indicator_data(program, foreign))
    assert complaints(response) == {"objective": ["This objective belongs to another program."]}
    assert not Indicator.objects.exists()


def test_a_predecessor_of_another_program_is_refused_beside_it(administrator: Client) -> None:
    objective, foreign = builders.make_objective(), builders.make_indicator()
    data = indicator_data(objective.program, objective, predecessor=foreign.pk)
    response = administrator.post(address(Indicator, "add"), data)
    assert complaints(response) == {"predecessor": ["This belongs to another program."]}


def test_rules_that_do_not_go_together_are_refused(administrator: Client) -> None:
    objective = builders.make_objective()
    data = indicator_data(objective.program, objective, accumulation="stock")
    said = complaints(administrator.post(address(Indicator, "add"), data))
    assert said["__all__"][0].startswith("These rules do not go together.")


def test_an_objective_serves_no_other_program_and_not_itself(administrator: Client) -> None:
    goal = builders.make_objective(level="goal")
    outcome = builders.make_objective(goal.program, parent=goal)
    output = builders.make_objective(goal.program, parent=outcome, level="output")
    url = address(Objective, "change", goal.pk)
    for parent, expected in (
        (output, "This objective serves the one you are changing."),
        (builders.make_objective(), "This objective belongs to another program."),
    ):
        response = administrator.post(url, form_at(administrator, url, parent=parent.pk))
        assert complaints(response)["parent"] == [expected]
    url = address(Objective, "change", output.pk)
    assert administrator.post(url, form_at(administrator, url, parent=goal.pk)).status_code == 302


def test_a_circle_that_only_the_database_sees_is_said_beside_its_field(administrator: Client) -> None:
    first = builders.make_indicator(closed_on=date(2026, 1, 1))
    second = builders.make_indicator(
        objective=first.objective, predecessor=first, starts_on=date(2026, 1, 2), closed_on=date(2026, 12, 31)
    )
    url = address(Indicator, "change", first.pk)
    response = administrator.post(url, form_at(administrator, url, predecessor=second.pk))
    assert complaints(response) == {"predecessor": ["An indicator can't succeed itself."]}


# --- series ------------------------------------------------------------


def test_a_new_indicator_has_its_series(administrator: Client) -> None:
    site, dimension = builders.make_site(), builders.make_dimension()
    builders.make_site(site.program)
    data = indicator_data(site.program, builders.make_objective(site.program)) | {
        "breakdowns-TOTAL_FORMS": 1,
        "breakdowns-0-dimension": dimension.pk,
    }
    said = messages_of(administrator.post(address(Indicator, "add"), data, follow=True))
    assert Indicator.objects.get().series.count() == 2 * 3
    assert "6 series were laid." in said


def test_an_indicator_of_the_program_has_one_series(administrator: Client) -> None:
    site = builders.make_site()
    data = indicator_data(site.program, builders.make_objective(site.program), reported_by="program")
    administrator.post(address(Indicator, "add"), data)
    assert [series.site for series in Series.objects.all()] == [None]


def test_a_new_site_has_its_series(administrator: Client) -> None:
    indicator = builders.make_indicator()
    builders.make_indicator(indicator.program, reported_by="program")
    builders.make_indicator()
    data = {"program": indicator.program_id, "code": "S", "name": "Callao"}
    administrator.post(address(Site, "add"), data)
    series = Series.objects.get()
    assert (series.indicator, series.site) == (indicator, Site.objects.get(code="S"))
    url = address(Site, "change", series.site_id)
    series.delete()
    administrator.post(url, form_at(administrator, url, name="Callao port"))
    assert not Series.objects.exists()


def test_a_site_added_on_the_page_of_its_program_has_its_series(administrator: Client) -> None:
    indicator = builders.make_indicator()
    url = address(Program, "change", indicator.program_id)
    row = {"sites-TOTAL_FORMS": 1, "sites-0-code": "S", "sites-0-name": "Callao"}
    administrator.post(url, form_at(administrator, url, **row))
    assert Series.objects.get().site == Site.objects.get(code="S")


def test_a_new_category_has_its_series(administrator: Client) -> None:
    site, dimension = builders.make_site(), builders.make_dimension()
    indicator = builders.make_indicator(site.program)
    builders.break_down(indicator, dimension)
    url = address(Dimension, "change", dimension.pk)
    row = {"categories-TOTAL_FORMS": 3, "categories-2-position": 3, "categories-2-code": "X",
           "categories-2-name": "not known"}  # fmt: skip
    administrator.post(url, form_at(administrator, url, **row))
    assert not Series.objects.exists()
    whole = builders.make_series(indicator, site, from_on=date(2020, 1, 1))
    builders.make_series(indicator, None)
    row = {"categories-TOTAL_FORMS": 4, "categories-3-position": 4, "categories-3-code": "Y",
           "categories-3-name": "other"}  # fmt: skip
    said = messages_of(administrator.post(url, form_at(administrator, url, **row), follow=True))
    assert "1 series was laid." in said
    series = Series.objects.get(category__code="Y")
    assert (series.site, series.from_on) == (site, whole.from_on)


def test_a_new_category_of_what_has_figures_is_expected_from_today_on(
    administrator: Client, world: Approved
) -> None:
    over = builders.make_series(
        world.indicator, builders.make_site(world.site.program), to_on=date(2020, 1, 1)
    )
    url = address(Dimension, "change", world.dimension.pk)
    row = {"categories-TOTAL_FORMS": 3, "categories-2-position": 3, "categories-2-code": "X",
           "categories-2-name": "not known"}  # fmt: skip
    administrator.post(url, form_at(administrator, url, **row))
    days = dict(Series.objects.filter(category__code="X").values_list("site", "from_on"))
    assert days == {world.site.pk: timezone.localdate(), over.site_id: None}


def test_a_breakdown_comes_and_goes_with_its_series(administrator: Client) -> None:
    site, first, second = builders.make_site(), builders.make_dimension(), builders.make_dimension("a", "b")
    indicator = builders.make_indicator(site.program)
    builders.break_down(indicator, first)
    for category in (None, *first.categories.all()):
        builders.make_series(indicator, site, category)
    url = address(Indicator, "change", indicator.pk)
    changes = {
        "breakdowns-TOTAL_FORMS": 2,
        "breakdowns-0-DELETE": "on",
        "breakdowns-1-dimension": second.pk,
    }
    administrator.post(url, form_at(administrator, url, **changes))
    assert [breakdown.dimension for breakdown in Breakdown.objects.all()] == [second]
    assert set(Series.objects.values_list("dimension", flat=True)) == {None, second.pk}
    assert Series.objects.count() == 3


def test_breakdowns_are_frozen_once_the_ledger_has_figures(administrator: Client, world: Approved) -> None:
    response = administrator.get(address(Indicator, "change", world.indicator.pk))
    (breakdowns,) = [one for one in response.context["inline_admin_formsets"] if one.opts.model is Breakdown]
    assert not breakdowns.has_add_permission
    assert not breakdowns.has_delete_permission


def test_a_series_without_figures_can_be_removed_and_one_with_can_not(
    administrator: Client, world: Approved
) -> None:
    spare = builders.make_series(world.indicator, builders.make_site(world.site.program))
    url = address(Indicator, "change", world.indicator.pk)
    data = form_at(administrator, url)
    rows = {data[name]: name for name in data if name.startswith("series-") and name.endswith("-id")}
    box = rows[str(spare.pk)].replace("-id", "-DELETE")
    assert administrator.post(url, data | {box: "on"}).status_code == 302
    assert not Series.objects.filter(pk=spare.pk).exists()
    data = form_at(administrator, url)
    rows = {data[name]: name for name in data if name.startswith("series-") and name.endswith("-id")}
    box = rows[str(world.series.pk)].replace("-id", "-DELETE")
    response = administrator.post(url, data | {box: "on"})
    assert response.status_code == 200
    assert Series.objects.filter(pk=world.series.pk).exists()


def test_the_days_of_a_series_are_kept(administrator: Client, world: Approved) -> None:
    url = address(Series, "change", world.series.pk)
    administrator.post(url, form_at(administrator, url, from_on="2026-01-01"))
    world.series.refresh_from_db()
    assert world.series.from_on == date(2026, 1, 1)
    assert administrator.get(address(Series, "add")).status_code == 403
    found = administrator.get(f"{address(Series, 'changelist')}?indicator__id__exact={world.indicator.pk}")
    assert found.context["cl"].result_count == 3


def test_many_series_stand_on_their_own_list(
    administrator: Client, world: Approved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indicators.admin.measurement.SERIES_SHOWN", 2)
    response = administrator.get(address(Indicator, "change", world.indicator.pk))
    assert [one.opts.model for one in response.context["inline_admin_formsets"]] == [Breakdown]


def test_an_indicator_made_by_mistake_goes_with_its_series(administrator: Client) -> None:
    first, second = builders.make_indicator(), builders.make_indicator()
    builders.make_series(first, builders.make_site(first.program))
    builders.make_series(second, builders.make_site(second.program))
    administrator.post(address(Indicator, "delete", first.pk), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    administrator.post(address(Indicator, "changelist"), data)
    assert not Indicator.objects.exists()


def test_an_indicator_with_figures_is_not_deleted(administrator: Client, world: Approved) -> None:
    response = administrator.post(address(Indicator, "delete", world.indicator.pk), {"post": "yes"})
    assert "Cannot delete" in response.content.decode()
    assert Indicator.objects.filter(pk=world.indicator.pk).exists()
