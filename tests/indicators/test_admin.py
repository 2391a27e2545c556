"""The administration of measurement, the calendar and the ledger, and what all its pages have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import reopen, send_back
from indicators.admin.ledger import plain
from indicators.models import (
    Breakdown,
    Category,
    Dimension,
    Entry,
    Evidence,
    Indicator,
    Objective,
    Period,
    Report,
    Result,
    Series,
    Step,
)
from indicators.rows import Typed
from programs.models import Assignment, Organization, Place, Program, Site, User
from tests import builders
from tests.admin_pages import address, complaints, form_at, messages_of

pytestmark = pytest.mark.django_db

READ_ONLY = (Entry, Report, Step, Evidence)
NOT_ADDED = (*READ_ONLY, Series)
EVERY = (
    Program,
    Site,
    Place,
    Organization,
    Objective,
    Indicator,
    Dimension,
    Period,
    User,
    Assignment,
    *NOT_ADDED,
)


@dataclass
class Approved:
    """An indicator by sex at one site, with a report that was reopened and approved figures."""

    site: Site
    indicator: Indicator
    dimension: Dimension
    series: Series
    report: Report
    reporter: User
    manager: User


def make_approved(number: int = 0) -> Approved:
    site = builders.make_site(place=builders.make_place(), organization=builders.make_organization())
    dimension = builders.make_dimension("women", "men")
    goal = builders.make_objective(site.program, level="goal")
    indicator = builders.make_indicator(
        site.program, objective=builders.make_objective(site.program, parent=goal), direction="increase"
    )
    builders.break_down(indicator, dimension)
    series = builders.make_series(indicator, site)
    parts = [builders.make_series(indicator, site, category) for category in dimension.categories.all()]
    reporter, manager = builders.make_user(), builders.make_user()
    builders.assign(reporter, site.program, "reporter", site)
    builders.assign(manager, site.program, "manager")
    period = builders.make_period(f"{2026 - number} Q3")
    report = builders.submitted(
        builders.make_report(site=site, period=period), _values(series, parts, "8"), reporter
    )
    report = send_back(
        report_id=report.pk, by=manager, submission=report.submission, remarks={series.pk: "Really?"}
    )
    builders.approved(report, _values(series, parts, "12"), reporter, manager)
    reopen(report_id=report.pk, by=manager, reason="counted twice")
    return Approved(site, indicator, dimension, series, report, reporter, manager)


def _values(series: Series, parts: list[Series], whole: str) -> dict[Series, str | Typed]:
    half = str(int(whole) // 2)
    said = Typed(value=whole, evidence=f"Register, page {whole}")
    return {series: said} | dict.fromkeys(parts, half)


@pytest.fixture
def world() -> Approved:
    return make_approved()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.make_administrator(username="admin"))
    return client


def last(model: type[Model]) -> Any:
    found = model._default_manager.order_by("pk").last()
    assert found is not None
    return found


# --- every page ------------------------------------------------------------


def test_every_model_of_the_administration_is_tried_below() -> None:
    assert set(admin.site._registry) == set(EVERY)


def pages(model: type[Model]) -> list[str]:
    every = [address(model, "changelist"), address(model, "change", last(model).pk)]
    return every if model in NOT_ADDED else [*every, address(model, "add")]


@pytest.mark.parametrize("model", EVERY)
def test_every_page_is_there_for_an_administrator(
    administrator: Client, world: Approved, model: type[Model]
) -> None:
    for page in pages(model):
        assert administrator.get(page).status_code == 200, page
    assert administrator.get(address(model, "changelist"), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("who", ["manager", "reporter", "viewer", "anonymous"])
def test_no_page_is_there_for_anybody_else(client: Client, world: Approved, who: str) -> None:
    if who == "viewer":
        builders.assign(viewer := builders.make_user(), world.site.program, "viewer")
        client.force_login(viewer)
    elif who != "anonymous":
        client.force_login(getattr(world, who))
    for model in EVERY:
        for page in pages(model):
            response = client.get(page, follow=True)
            if who == "anonymous":
                assert response.redirect_chain[-1][0].startswith("/sign-in/")
            else:
                assert response.status_code == 404, page


@pytest.mark.parametrize("model", EVERY)
def test_a_list_asks_the_same_of_the_database_however_long_it_is(
    administrator: Client, world: Approved, model: type[Model]
) -> None:
    few = queries_of_list(administrator, model)
    make_approved(1)
    make_approved(2)
    assert queries_of_list(administrator, model) == few
    assert few <= 12


def queries_of_list(client: Client, model: type[Model]) -> int:
    url = address(model, "changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


@pytest.mark.parametrize("model", READ_ONLY)
def test_the_ledger_is_only_looked_at(administrator: Client, world: Approved, model: type[Model]) -> None:
    row = last(model)
    count = model._default_manager.count()
    assert administrator.get(address(model, "add")).status_code == 403
    assert administrator.post(address(model, "add"), {}).status_code == 403
    assert administrator.post(address(model, "change", row.pk), {"text": "x"}).status_code == 403
    assert administrator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(address(model, "changelist"), data)
    assert model._default_manager.count() == count
    page = administrator.get(address(model, "changelist")).content.decode()
    assert "delete_selected" not in page
    assert administrator.get(address(model, "history", row.pk))["Location"] == address(
        model, "change", row.pk
    )


def test_a_report_shows_its_steps_and_what_was_typed(administrator: Client, world: Approved) -> None:
    page = administrator.get(address(Report, "change", world.report.pk)).content.decode()
    assert "counted twice" in page
    assert f"{world.indicator} · women" in page
    assert "Register, page 12" in page
    step = Step.objects.get(kind="returned")
    assert "Really?" in administrator.get(address(Step, "change", step.pk)).content.decode()


def test_an_entry_shows_its_figure_and_its_hash(administrator: Client, world: Approved) -> None:
    entry = world.series.entries.get()
    page = administrator.get(address(Entry, "change", entry.pk)).content.decode()
    assert bytes(entry.hash or b"").hex() in page
    assert str(world.indicator) in page


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (Entry(value=Decimal("1926.50")), "1,926.50"),
        (Entry(numerator=Decimal(812), denominator=Decimal(1090)), "812 / 1,090"),
        (Entry(value=Decimal(1), day="2018-03"), "2018-03"),
        (Entry(absence="withheld"), "withheld"),
        (Result(), "–"),
    ],
)
def test_a_figure_stands_as_it_was_given(row: Entry | Result, shown: str) -> None:
    assert plain(row) == shown


# --- frozen definitions ------------------------------------------------------------


def test_what_gives_figures_their_meaning_is_frozen(administrator: Client, world: Approved) -> None:
    url = address(Indicator, "change", world.indicator.pk)
    response = administrator.get(url)
    page = response.content.decode()
    assert "what gives them their meaning can&#x27;t be changed" in page
    assert f"{address(Indicator, 'add')}?predecessor={world.indicator.pk}" in page
    fields = set(response.context["adminform"].form.fields)
    assert "name" in fields
    assert fields.isdisjoint({"code", "unit", "direction", "measure", "reported_by", "program"})
    data = form_at(administrator, url, unit="hectares", name="A better name")
    administrator.post(url, data)
    world.indicator.refresh_from_db()
    assert (world.indicator.unit, world.indicator.name) == ("people", "A better name")


def test_an_indicator_without_figures_is_not_frozen(administrator: Client) -> None:
    indicator = builders.make_indicator()
    url = address(Indicator, "change", indicator.pk)
    administrator.post(url, form_at(administrator, url, unit="hectares"))
    indicator.refresh_from_db()
    assert indicator.unit == "hectares"


def test_a_successor_begins_as_its_predecessor_was(administrator: Client, world: Approved) -> None:
    url = f"{address(Indicator, 'add')}?predecessor={world.indicator.pk}"
    data = form_at(administrator, url, code="I-2", **{"breakdowns-TOTAL_FORMS": 0})
    said = messages_of(administrator.post(address(Indicator, "add"), data, follow=True))
    successor = Indicator.objects.get(code="I-2")
    assert successor.predecessor == world.indicator
    assert (successor.objective, successor.meaning) == (world.indicator.objective, world.indicator.meaning)
    assert any("is not closed yet" in text for text in said)
    assert administrator.get(f"{address(Indicator, 'add')}?predecessor=no").status_code == 200


@pytest.mark.parametrize("who", ["site", "dimension", "program", "period", "user"])
def test_every_frozen_definition_says_why(administrator: Client, world: Approved, who: str) -> None:
    obj = {
        "site": world.site,
        "dimension": world.dimension,
        "program": world.site.program,
        "period": world.report.period,
        "user": world.manager,
    }[who]
    response = administrator.get(address(type(obj), "change", obj.pk))
    assert "The ledger" in response.content.decode()
    field = {"period": "label", "user": "username"}.get(who, "code")
    assert field not in response.context["adminform"].form.fields


def test_a_trigger_that_refuses_is_a_message_not_an_error(
    administrator: Client, world: Approved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first figure was approved between the page and its answer."""
    url = address(Indicator, "change", world.indicator.pk)
    monkeypatch.setattr("indicators.admin.measurement._has_entries", lambda indicator: False)
    data = form_at(administrator, url, unit="hectares", name="Typed")
    response = administrator.post(url, data)
    assert response.status_code == 200
    assert "Close it and open its successor instead." in complaints(response)["__all__"][0]
    assert response.context["adminform"].form["name"].value() == "Typed"
    world.indicator.refresh_from_db()
    assert world.indicator.unit == "people"


def test_codes_in_the_ledger_stay_and_others_may_change(administrator: Client, world: Approved) -> None:
    Category.objects.create(dimension=world.dimension, code="new", name="not known", position=9)
    url = address(Dimension, "change", world.dimension.pk)
    data = form_at(administrator, url)
    rows = {row.code: number for number, row in enumerate(world.dimension.categories.all())}
    codes = {f"categories-{number}-code": f"changed-{number}" for number in rows.values()}
    names = {f"categories-{number}-name": f"Name {number}" for number in rows.values()}
    administrator.post(url, data | codes | names)
    after = list(world.dimension.categories.order_by("position").values_list("code", "name"))
    kept = [code for code in rows if code != "new"]
    assert after == [(kept[0], "Name 0"), (kept[1], "Name 1"), ("changed-2", "Name 2")]


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
    second = builders.make_indicator(objective=first.objective, predecessor=first)
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


# --- the calendar ------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "quarter", "first_on": "2026-07-01"}, ("2026 Q3", date(2026, 9, 30), date(2026, 10, 15))),
        ({"kind": "year", "first_on": "2026-10-01"}, ("FY2027", date(2027, 9, 30), date(2027, 10, 15))),
        (
            {"kind": "month", "first_on": "2026-02-01", "last_on": "2026-02-28", "due_on": "2026-03-05"},
            ("2026-02", date(2026, 2, 28), date(2026, 3, 5)),
        ),
        (
            {"kind": "life", "first_on": "2018-01-01", "last_on": "2022-12-31"},
            ("2018–2022", date(2022, 12, 31), None),
        ),
        ({"kind": "other", "label": "by publication"}, ("by publication", None, None)),
    ],
)
def test_a_period_is_filled_in_from_its_kind_and_first_day(
    administrator: Client, typed: dict[str, str], expected: tuple[str, date | None, date | None]
) -> None:
    assert administrator.post(address(Period, "add"), typed).status_code == 302
    period = Period.objects.get()
    assert (period.label, period.last_on, period.due_on) == expected


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"kind": "quarter", "first_on": "2026-02-01"}, "first_on", "A quarter begins on the 1st of"),
        ({"kind": "quarter"}, "first_on", "Give the first day."),
        ({"kind": "month", "first_on": "2026-02-01", "last_on": "2026-02-27"}, "last_on", "on 2026-02-28"),
        ({"kind": "life", "first_on": "2026-02-01"}, "last_on", "Give the last day."),
        (
            {"kind": "life", "first_on": "2026-02-02", "last_on": "2026-02-01", "label": "x"},
            "__all__",
            "can't end before",
        ),
        ({"kind": "other"}, "label", "Write the label"),
        ({"kind": "month", "first_on": "2026-02-01", "label": "x"}, "label", "of this one is 2026-02."),
        ({"kind": "other", "label": "2018", "due_on": "2026-01-01"}, "__all__", "is never due"),
        ({"kind": "decade", "first_on": "2026-02-01"}, "kind", "Select a valid choice"),
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_refused_beside_its_field(
    administrator: Client, typed: dict[str, str], field: str, said: str
) -> None:
    found = complaints(administrator.post(address(Period, "add"), typed))
    assert said in found[field][0]
    assert not Period.objects.exists()


def test_a_period_stands_once(administrator: Client) -> None:
    builders.make_period("2026 Q3")
    data = {"kind": "quarter", "first_on": "2026-07-01"}
    found = complaints(administrator.post(address(Period, "add"), data))
    assert found == {
        "__all__": ["This period is there already."],
        "label": ["Another period has this label."],
    }


def test_the_due_day_of_a_frozen_period_can_move_and_it_can_be_locked(
    administrator: Client, world: Approved
) -> None:
    url = address(Period, "change", world.report.period_id)
    administrator.post(url, form_at(administrator, url, due_on="2026-11-01", locked="on"))
    period = Period.objects.get(pk=world.report.period_id)
    assert (period.due_on, period.locked) == (date(2026, 11, 1), True)


def test_chosen_periods_are_locked_and_unlocked(administrator: Client) -> None:
    first, second = builders.make_period("2026 Q1"), builders.make_period("2026 Q2")
    for action, locked in (("lock", True), ("unlock", False)):
        data = {"action": action, "_selected_action": [first.pk, second.pk]}
        said = messages_of(administrator.post(address(Period, "changelist"), data, follow=True))
        assert said == [f"2 periods were {action}ed."]
        assert set(Period.objects.values_list("locked", flat=True)) == {locked}


def test_what_is_due_is_opened_once(administrator: Client) -> None:
    builders.make_series(builders.make_indicator(), None)
    site = builders.make_site()
    builders.make_series(builders.make_indicator(site.program), site)
    url = address(Period, "open_due")
    assert "Opened: 2 periods and 2 reports." in messages_of(administrator.post(url, follow=True))
    before = set(Report.objects.values_list("pk", flat=True))
    assert messages_of(administrator.post(url, follow=True)) == [
        "Everything that is due is open already. Nothing was changed."
    ]
    assert set(Report.objects.values_list("pk", flat=True)) == before
    assert administrator.get(url).status_code == 405


def test_what_is_due_is_opened_for_chosen_programs(administrator: Client) -> None:
    site, other = builders.make_site(), builders.make_site()
    builders.make_series(builders.make_indicator(site.program), site)
    builders.make_series(builders.make_indicator(other.program), other)
    data = {"action": "open_reports", "_selected_action": [site.program_id]}
    administrator.post(address(Program, "changelist"), data)
    assert set(Report.objects.values_list("site", flat=True)) == {site.pk}


# --- links and history ------------------------------------------------------------


def test_targets_are_set_on_their_own_page(administrator: Client, world: Approved) -> None:
    for obj in (world.indicator, world.site.program):
        page = administrator.get(address(type(obj), "change", obj.pk)).content.decode()
        assert f"/programs/{world.site.program.code}/targets/" in page


@pytest.mark.parametrize("model", [Indicator, Objective, Dimension, Period, Series, Program])
def test_history_of_every_definition(administrator: Client, world: Approved, model: Any) -> None:
    page = administrator.get(address(model, "history", last(model).pk))
    assert page.status_code == 200
    assert page.context["page"].paginator.count >= 1


def test_history_of_an_indicator_has_its_breakdowns_and_series(
    administrator: Client, world: Approved
) -> None:
    url = address(Indicator, "change", world.indicator.pk)
    administrator.post(url, form_at(administrator, url, name="A better name", closed_on="2026-12-31"))
    events = administrator.get(address(Indicator, "history", world.indicator.pk)).context["page"].object_list
    changed = next(event for event in events if event.done == "changed")
    assert changed.who == "admin"
    assert [(one.field, one.before, one.after) for one in changed.changes] == [
        ("Name", world.indicator.name, "A better name"),
        ("Closed on", "–", "2026-12-31"),
    ]
    kinds = {event.what.split()[0] for event in events if event.what}
    assert kinds == {"Breakdown", "Series"}
