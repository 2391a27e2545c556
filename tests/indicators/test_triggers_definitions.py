"""What PostgreSQL keeps as it was, because the ledger rests on it: everything here is plain SQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from indicators.models import Series
from tests.builders import break_down, make_dimension, make_objective, make_series
from tests.indicators.stage import Stage, diagnosis, insert_entry, make_stage, refused_by, sql

pytestmark = pytest.mark.django_db


def _broken_down() -> tuple[Stage, Series]:
    """A stage whose ledger has an actual of one category of a breakdown, besides the whole."""
    stage = make_stage()
    dimension = make_dimension("women")
    break_down(stage.indicator, dimension)
    part = make_series(stage.indicator, stage.site, dimension.categories.get())
    return stage, part


MEANING = {
    "code": "'other'", "measure": "'ratio'", "unit": "'tons'", "factor": "100", "counted": "false",
    "may_exceed": "true", "accumulation": "'stock'", "direction": "'decrease'", "over_sites": "'average'",
    "over_time": "'average'", "numerator_over_time": "'latest'", "denominator_over_time": "'latest'",
    "reported_by": "'program'", "frequency": "'month'", "calendar": "'fiscal'", "predecessor_id": "id",
    "program_id": "-1",
}  # fmt: skip
FROZEN = [
    *(("indicators_indicator", "indicator", f"{column} = {value}") for column, value in MEANING.items()),
    ("programs_program", "program", "code = 'other'"),
    ("programs_program", "program", "illustrative = NOT illustrative"),
    ("programs_site", "site", "code = 'other'"),
    ("programs_site", "site", "program_id = -1"),
    ("programs_user", "user name", "username = 'other'"),
    ("indicators_dimension", "dimension", "code = 'other'"),
    ("indicators_dimension", "dimension", "additivity = 'partial'"),
    ("indicators_category", "category", "code = 'other'"),
    ("indicators_category", "category", "dimension_id = -1"),
    ("indicators_period", "period", "label = 'other'"),
    ("indicators_period", "period", "kind = 'other', due_on = NULL"),
    ("indicators_period", "period", "first_on = '2026-01-01'"),
    ("indicators_period", "period", "last_on = '2026-12-31'"),
]


@pytest.mark.parametrize(("table", "what", "change"), FROZEN)
def test_what_gives_figures_their_meaning_is_frozen(table: str, what: str, change: str) -> None:
    stage, part = _broken_down()
    before = insert_entry(stage, series_id=part.pk, value=1)
    assert before
    keys = {
        "indicator": stage.indicator.pk,
        "program": stage.program.pk,
        "site": stage.site.pk,
        "user name": stage.manager.pk,
        "dimension": part.dimension_id,
        "category": part.category_id,
        "period": stage.report.period_id,
    }
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        sql(f"UPDATE {table} SET {change} WHERE id = %s", keys[what])
    said = diagnosis(caught.value)
    assert said.constraint_name == "meaning_is_frozen"
    assert said.message_primary == f"{what} is frozen: the ledger has entries of it"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicators_indicator SET name = 'Better', definition = 'Better', closed_on = '2027-01-01'",
        "UPDATE programs_program SET name = 'Better', tolerance = 5",
        "UPDATE programs_site SET name = 'Better', closed_on = '2027-01-01'",
        "UPDATE programs_user SET first_name = 'Better'",
        "UPDATE indicators_dimension SET name = 'Better'",
        "UPDATE indicators_category SET name = 'Women', retired_on = '2027-01-01'",
        "UPDATE indicators_period SET due_on = '2026-12-01', locked = true",
        "UPDATE indicators_series SET from_on = '2020-01-01'",
    ],
)
def test_words_and_days_may_be_bettered(statement: str) -> None:
    stage, part = _broken_down()
    insert_entry(stage, series_id=part.pk, value=1)
    sql(statement)


def test_breakdowns_are_frozen_once_there_is_an_entry() -> None:
    stage, part = _broken_down()
    other = make_dimension()
    assert part.dimension_id
    insert_entry(stage, series_id=part.pk, value=1)
    for statement in (
        (
            f"INSERT INTO indicators_breakdown (indicator_id, dimension_id) SELECT indicator_id, {other.pk}"
            " FROM indicators_breakdown"
        ),
        f"UPDATE indicators_breakdown SET dimension_id = {other.pk}",
        "DELETE FROM indicators_breakdown",
    ):
        with refused_by("meaning_is_frozen"):
            sql(statement)


@pytest.mark.parametrize("key", ["program_id", "indicator_id", "site_id", "dimension_id", "category_id"])
def test_the_key_of_a_series_stays(key: str) -> None:
    _stage, part = _broken_down()
    with refused_by("series_key_stays"):
        sql(f"UPDATE indicators_series SET {key} = -1 WHERE id = %s", part.pk)


# --- trees ---


def test_objectives_make_no_circle() -> None:
    top = make_objective()
    middle = make_objective(top.program, parent=top)
    low = make_objective(top.program, parent=middle)
    with refused_by("objective_tree_has_no_circle"):
        sql("UPDATE indicators_objective SET parent_id = %s WHERE id = %s", low.pk, top.pk)
    sql("UPDATE indicators_objective SET parent_id = %s WHERE id = %s", top.pk, low.pk)


def test_no_indicator_succeeds_itself() -> None:
    stage = make_stage()
    second, alone = stage.another(starts_on=date(2028, 1, 1)).indicator, stage.another().indicator
    sql("UPDATE indicators_indicator SET closed_on = '2027-12-31' WHERE id = %s", stage.indicator.pk)
    sql("UPDATE indicators_indicator SET predecessor_id = %s WHERE id = %s", stage.indicator.pk, second.pk)
    for one, earlier in ((stage.indicator, second), (alone, alone)):
        with refused_by("indicator_succession_has_no_circle"):
            sql("UPDATE indicators_indicator SET predecessor_id = %s WHERE id = %s", earlier.pk, one.pk)
