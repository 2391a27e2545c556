"""An indicator that is measured otherwise from some day on: closed, and followed by its successor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions import NotAllowed, Refused, Succession, save, set_plans, succeed
from indicators.actions.planning import Plan
from indicators.models import Indicator, Objective, Report, Series
from indicators.periods import parse_label
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.admin_pages import address, messages_of
from tests.indicators.stage import Stage, insert_entry, make_stage, refused_by, sql

pytestmark = pytest.mark.django_db

END, START, TODAY = date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 22)
OTHERWISE: dict[str, Any] = {"code": "NEW", "unit": "families"}


def stage_of_two_sites(**meaning: Any) -> Stage:
    """A stage with a second site, broken down by sex, with 12 approved of 2026 Q3."""
    stage = make_stage(**meaning)
    dimension = make.make_dimension("women", "men")
    make.break_down(stage.indicator, dimension)
    parts = [make.make_series(stage.indicator, stage.site, it) for it in dimension.categories.all()]
    make.make_series(stage.indicator, make.make_site(stage.program))
    values = {stage.series: "12"} | dict.fromkeys(parts, "6")
    make.approved(stage.report, values, stage.reporter, stage.manager)
    return stage


def draft_of(stage: Stage, value: str = "") -> Report:
    """The draft of the stage's site for 2026 Q4, with a value typed in the row of the indicator."""
    draft = make.make_report(stage.program, stage.site, make.make_period("2026 Q4"))
    if not value:
        return draft
    typed = {stage.series.pk: Typed(value=value)}
    return save(report_id=draft.pk, by=stage.reporter, typed=typed, version=draft.version)


def followed(stage: Stage, changes: dict[str, Any] | None = None, **overrides: Any) -> Succession:
    """The succession of the stage's indicator at the end of 2026 Q3, unless told otherwise."""
    given: dict[str, Any] = {
        "indicator_id": stage.indicator.pk,
        "by": make.make_administrator(),
        "closed_on": END,
        "changes": OTHERWISE if changes is None else changes,
        "reason": "Families are asked, not people.",
        "today": TODAY,
    }
    return succeed(**given | overrides)


# --- the action ------------------------------------------------------------


def test_one_closes_and_the_other_goes_on() -> None:
    stage = stage_of_two_sites(definition="Whoever took part", direction="decrease")
    new = followed(stage).indicator
    old = Indicator.objects.get(pk=stage.indicator.pk)
    new.refresh_from_db()
    assert (old.closed_on, new.starts_on, new.predecessor, new.closed_on) == (END, START, old, None)
    assert (new.unit, new.break_reason) == ("families", "Families are asked, not people.")
    assert (new.objective, new.definition, new.direction) == (old.objective, "Whoever took part", "decrease")
    assert list(new.breakdowns.values_list("dimension")) == list(old.breakdowns.values_list("dimension"))


def test_its_series_are_those_of_the_same_sites_from_the_next_day_on() -> None:
    stage = stage_of_two_sites()
    gone = make.make_series(stage.indicator, make.make_site(stage.program), to_on=date(2025, 12, 31))
    later = make.make_series(stage.indicator, make.make_site(stage.program), from_on=date(2027, 1, 1))
    done = followed(stage)
    laid = Series.objects.filter(indicator=done.indicator)
    assert done.series == laid.count() == 3 * 3  # three sites, each whole and by sex
    days: dict[int | None, date | None] = dict(laid.filter(category=None).values_list("site", "from_on"))
    assert days.pop(later.site_id) == date(2027, 1, 1)
    assert gone.site_id not in days
    assert set(days.values()) == {START}
    old = Series.objects.filter(indicator=stage.indicator).exclude(pk__in=[gone.pk, later.pk])
    assert set(old.values_list("to_on", flat=True)) == {END}


def test_who_reports_and_how_it_is_broken_down_may_change_too() -> None:
    stage = stage_of_two_sites()
    done = followed(stage, {"code": "NEW", "reported_by": "program"}, dimensions=[])
    assert [(it.site, it.category, it.from_on) for it in done.indicator.series.all()] == [(None, None, START)]
    assert not done.indicator.breakdowns.exists()


def test_drafts_ask_for_the_successor_from_then_on(client: Client) -> None:
    stage = stage_of_two_sites()
    draft = draft_of(stage)
    new = followed(stage).indicator
    client.force_login(stage.reporter)
    page = client.get(reverse("report-entry", args=[draft.pk])).content.decode()
    assert new.unit in page
    expected = Series.objects.expected_between(START, date(2026, 12, 31)).filter(
        site=stage.site, category=None
    )
    assert [it.indicator for it in expected] == [new]


def test_reports_of_its_own_frequency_are_opened() -> None:
    stage = stage_of_two_sites()
    done = followed(stage, {"code": "NEW", "frequency": "month"})
    labels = set(Report.objects.filter(program=stage.program).values_list("period__label", flat=True))
    assert {"2026-10", "2026-11"} <= labels
    assert done.opened.reports >= 4


def test_targets_are_left_and_named() -> None:
    stage = stage_of_two_sites()
    plans = [
        Plan(indicator_id=stage.indicator.pk, span=parse_label(label), typed=Typed(value="9"))
        for label in ("2026 Q3", "2026 Q4", "2026", "2027")
    ]
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=plans, reason="the plan")
    done = followed(stage)
    assert done.left == ("2026", "2026 Q4", "2027")
    assert not done.indicator.series.filter(entries__kind="target").exists()


@pytest.mark.parametrize(
    ("overrides", "field", "words"),
    [
        (
            {"closed_on": date(2026, 9, 15)},
            "closed_on",
            "that one ends on 30 Sep 2026",
        ),
        ({"closed_on": date(2026, 6, 30)}, "closed_on", "figures of later periods: 2026 Q3"),
        ({"closed_on": date(2019, 12, 31)}, "closed_on", "can't close before it starts"),
        ({"reason": " "}, "reason", "Say what is measured otherwise"),
        ({"changes": {"code": "NEW"}}, "", "Nothing is measured otherwise"),
        ({"changes": {"code": "", "unit": "x"}}, "code", "cannot be blank"),
        ({"changes": {"code": "NEW", "over_time": "latest"}}, "", "These rules do not go together"),
        ({"changes": {"code": "NEW", "frequency": "year"}}, "frequency", "has to begin on 1 Oct 2026"),
        ({"changes": {"code": "NEW", "frequency": "half"}}, "frequency", "has to begin on 1 Oct 2026"),
        ({"changes": {"code": "NEW", "measure": "zzz"}}, "measure", "not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    overrides: dict[str, Any], field: str, words: str
) -> None:
    stage = stage_of_two_sites(starts_on=date(2020, 1, 1))
    with pytest.raises(Refused) as caught:
        followed(stage, **overrides)
    said = {(complaint.field, complaint.message) for complaint in caught.value.complaints}
    assert any(at == field and words in message for at, message in said), said
    assert Indicator.objects.get().closed_on is None


def test_a_fiscal_year_may_follow_a_quarter_that_ends_with_one() -> None:
    changes = {"code": "NEW", "frequency": "year", "calendar": "fiscal"}
    assert followed(stage_of_two_sites(), changes).indicator.starts_on == START


def test_a_code_that_is_taken_is_refused_beside_it() -> None:
    stage = stage_of_two_sites()
    with pytest.raises(Refused, match="has this code"):
        followed(stage, {**OTHERWISE, "code": stage.indicator.code})


def test_there_is_one_successor_and_closing_days_agree() -> None:
    stage = stage_of_two_sites()
    Indicator.objects.filter(pk=stage.indicator.pk).update(closed_on=date(2026, 12, 31))
    with pytest.raises(Refused, match="was closed on 31 Dec 2026"):
        followed(stage)
    assert followed(stage, closed_on=date(2026, 12, 31)).indicator.starts_on == date(2027, 1, 1)
    with pytest.raises(Refused, match="has a successor already"):
        followed(stage, {**OTHERWISE, "code": "THIRD"}, closed_on=date(2026, 12, 31))


def test_what_somebody_typed_of_later_periods_is_not_lost() -> None:
    stage = stage_of_two_sites()
    draft = make.make_report(stage.program, stage.site, make.make_period("2026 Q4"))
    save(
        report_id=draft.pk,
        by=stage.reporter,
        typed={stage.series.pk: Typed(value="3")},
        version=draft.version,
    )
    with pytest.raises(Refused, match="figures of later periods: 2026 Q4"):
        followed(stage)


def test_only_administrators_do_it() -> None:
    stage = stage_of_two_sites()
    with pytest.raises(NotAllowed):
        followed(stage, by=stage.manager)


# --- what the database holds ------------------------------------------------------------


def _update(column: str, value: str, indicator: Indicator) -> None:
    sql(f"UPDATE indicators_indicator SET {column} = {value} WHERE id = %s", indicator.pk)


@pytest.mark.parametrize(
    ("who", "column", "value"),
    [
        ("old", "closed_on", "NULL"),
        ("old", "closed_on", "'2026-12-31'"),
        ("old", "closed_on", "'2026-10-01'"),
        ("new", "starts_on", "NULL"),
        ("new", "starts_on", "'2026-09-30'"),
    ],
)
def test_one_is_closed_before_the_other_starts(who: str, column: str, value: str) -> None:
    stage = stage_of_two_sites()
    new = followed(stage).indicator
    with refused_by("indicator_succeeds_what_is_closed"):
        _update(column, value, new if who == "new" else stage.indicator)


def test_an_open_indicator_has_no_successor() -> None:
    stage = stage_of_two_sites()
    other = make.make_indicator(stage.program, starts_on=START)
    with refused_by("indicator_succeeds_what_is_closed"):
        _update("predecessor_id", str(stage.indicator.pk), other)


@pytest.mark.parametrize("value", ["NULL", "(SELECT max(id) FROM indicators_indicator WHERE code = 'OTHER')"])
def test_what_it_succeeds_stays_once_it_has_figures(value: str) -> None:
    stage = stage_of_two_sites()
    new = followed(stage).indicator
    make.make_indicator(stage.program, code="OTHER", closed_on=date(2020, 12, 31))
    insert_entry(stage, series_id=new.series.filter(category=None)[0].pk)
    with refused_by("meaning_is_frozen"):
        _update("predecessor_id", value, new)


def test_an_indicator_with_figures_is_not_made_a_successor() -> None:
    stage = stage_of_two_sites()
    _update("starts_on", "'2026-07-01'", stage.indicator)
    before = make.make_indicator(stage.program, closed_on=date(2026, 6, 30))
    with refused_by("meaning_is_frozen"):
        _update("predecessor_id", str(before.pk), stage.indicator)


def test_it_closes_after_all_that_was_reported_of_it() -> None:
    stage = stage_of_two_sites()
    with refused_by("indicator_closes_after_its_figures"):
        _update("closed_on", "'2026-06-30'", stage.indicator)
    _update("closed_on", "'2026-09-15'", stage.indicator)  # within the period that was reported


def test_it_closes_after_what_is_typed_of_it_too() -> None:
    stage = stage_of_two_sites()
    draft = make.make_report(stage.program, stage.site, make.make_period("2026 Q4"))
    save(
        report_id=draft.pk,
        by=stage.reporter,
        typed={stage.series.pk: Typed(value="3")},
        version=draft.version,
    )
    with refused_by("indicator_closes_after_its_figures"):
        _update("closed_on", "'2026-09-30'", stage.indicator)


def test_nothing_enters_the_ledger_of_a_later_period() -> None:
    stage = make_stage()
    _update("closed_on", "'2026-06-30'", stage.indicator)
    sql("ALTER TABLE indicators_result DISABLE TRIGGER result_check")
    with refused_by("entry_indicator_is_open"):
        stage.approve()
    sql("ALTER TABLE indicators_result ENABLE TRIGGER result_check")


def test_a_closed_indicator_is_expected_no_more() -> None:
    stage = stage_of_two_sites()
    _update("closed_on", "'2026-09-30'", stage.indicator)
    expected = Series.objects.filter(indicator=stage.indicator)
    assert not expected.expected_between(START, date(2026, 12, 31)).exists()
    assert expected.expected_between(date(2026, 7, 1), END).exists()


# --- the page ------------------------------------------------------------


@pytest.fixture
def administrator(client: Client) -> User:
    user = make.make_administrator()
    client.force_login(user)
    return user


def form_of(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    form = client.get(url).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            data[bound.html_name] = list(value) if isinstance(value, list) else str(value)
    return data | changes


def ready(client: Client, stage: Stage, **changes: Any) -> tuple[str, dict[str, Any]]:
    url = address(Indicator, "successor", stage.indicator.pk)
    given = {"code": "NEW", "unit": "families", "reason": "Asked otherwise", "closed_on": "2026-09-30"}
    return url, form_of(client, url, **given | changes)


def test_it_says_what_comes_of_it_before_anything_is_done(client: Client, administrator: User) -> None:
    stage = stage_of_two_sites()
    insert_entry(stage, period_id=make.make_period("2027").pk)
    url, data = ready(client, stage)
    page = client.post(url, data)
    said = page.context["consequences"]
    assert any("closes on 30 Sep 2026" in text for text in said)
    assert "Targets are not taken over: set those of 2027 anew for the successor." in said
    assert ("Unit", "people", "families") in page.context["changed"]
    assert Indicator.objects.count() == 1
    assert Indicator.objects.get().closed_on is None


def test_confirmed_it_is_done(client: Client, administrator: User) -> None:
    stage = stage_of_two_sites()
    url, data = ready(client, stage)
    answer = client.post(url, data | {"confirmed": "yes"}, follow=True)
    new = Indicator.objects.get(code="NEW")
    assert answer.redirect_chain == [(address(Indicator, "change", new.pk), 302)]
    assert new.predecessor == stage.indicator
    assert any("never combined" in text for text in messages_of(answer))


def test_it_can_be_thought_over(client: Client, administrator: User) -> None:
    stage = stage_of_two_sites()
    url, data = ready(client, stage)
    page = client.post(url, data | {"back": "yes"})
    assert page.context["consequences"] == []
    assert page.context["form"]["unit"].value() == "families"


def test_what_the_action_refuses_stands_beside_its_field(client: Client, administrator: User) -> None:
    stage = stage_of_two_sites()
    url, data = ready(client, stage, code=stage.indicator.code, frequency="year")
    errors = client.post(url, data).context["form"].errors
    assert "has to begin on" in errors["frequency"][0]
    assert "has this code" in str(errors)
    errors = client.post(url, data | {"closed_on": "2026-06-30"}).context["form"].errors
    assert "closed_on" in errors  # its figures are later, so it is not offered


def test_it_is_offered_where_the_change_is_refused(client: Client, administrator: User) -> None:
    stage = stage_of_two_sites()
    url = address(Indicator, "change", stage.indicator.pk)
    way = address(Indicator, "successor", stage.indicator.pk)
    assert client.get(url).content.decode().count(way) >= 2
    assert way in client.post(url, {"unit": "families"}).content.decode()
    followed(stage)
    links = client.get(url).context["page_links"]
    assert way not in [at for _text, at in links]


@pytest.mark.parametrize("who", ["manager", "reporter"])
def test_it_is_for_administrators_only(client: Client, who: str) -> None:
    stage = stage_of_two_sites()
    client.force_login(getattr(stage, who))
    url = address(Indicator, "successor", stage.indicator.pk)
    assert client.get(url).status_code != 200
    client.post(url, {**OTHERWISE, "reason": "x", "closed_on": "2026-09-30", "confirmed": "yes"})
    assert Indicator.objects.count() == 1


def test_one_that_is_not_there_leads_to_the_list(client: Client, administrator: User) -> None:
    for key in ("999999", "zzz"):
        assert client.get(address(Indicator, "successor", key)).status_code == 302
    assert Objective.objects.count() == 0
