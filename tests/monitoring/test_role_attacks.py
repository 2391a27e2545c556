"""What somebody who holds the application's own database password can try by SQL, and is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from indicators.actions import Plan, send_back, set_plans
from indicators.chain import verify_chains
from indicators.periods import parse_label
from indicators.rows import Typed
from monitoring.role import table_rights
from tests.indicators.stage import Stage, make_stage
from tests.monitoring.attacks import attacks
from tests.monitoring.role import Role, application_role

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db
ATTACKS = attacks()
NEVER_CHANGED = ("entry", "step", "remark", "evidence", "reportauthor")


@dataclass(frozen=True, slots=True)
class Scene:
    """The role, and a program with an approved figure, its target, and a report that was sent back."""

    role: Role
    stage: Stage
    owner: str

    def names(self) -> dict[str, object]:
        """What the statements of the attacks speak of."""
        stage = self.stage
        return {
            "series": stage.series.pk, "period": stage.report.period_id, "report": stage.report.pk,
            "manager": stage.manager.pk, "reporter": stage.reporter.pk, "program": stage.program.pk,
            "indicator": stage.indicator.pk, "site": stage.site.pk,
            "owner": self.owner, "role": self.role.name,
        }  # fmt: skip


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Committed once for all attacks, each of which is taken back."""
    with django_db_blocker.unblock():
        stage = make_stage()
        stage.submit("11")
        send_back(
            report_id=stage.report.pk, by=stage.manager, submission=1, remarks={stage.series.pk: "Twice?"}
        )
        stage.report.refresh_from_db()
        stage.approve(Typed(value="12", evidence="Register, page 1"))
        plan = Plan(stage.indicator.pk, parse_label("2026 Q3"), Typed(value="10"), site_id=stage.site.pk)
        set_plans(program_id=stage.program.pk, by=stage.manager, plans=[plan], reason="The work plan")
        with application_role() as role:
            connection.close()  # nothing of the owner's is open while somebody attacks
            yield Scene(role, stage, str(connection.settings_dict["USER"]))
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_by_sql_fails(scene: Scene, attack: str) -> None:
    statement, expected = ATTACKS[attack]
    with pytest.raises(psycopg.Error) as caught:
        ask(scene, statement, "SET CONSTRAINTS ALL IMMEDIATE")
    assert caught.value.sqlstate == expected, str(caught.value)


def ask(scene: Scene, *told: str) -> list[Any]:
    """What the last of these statements answers to the role; all is taken back."""
    with scene.role.connect() as intruder:
        cursor = intruder.cursor()
        for statement in told:
            cursor.execute(statement.format(**scene.names()).encode())
        found = cursor.fetchall() if cursor.description else []
        intruder.rollback()
        return found


def test_number_hash_moment_and_program_are_the_trigger_s(scene: Scene) -> None:
    forged = (
        "INSERT INTO indicators_entry (series_id, period_id, kind, value, approved_by_id, day, absence,"
        " certainty, expected, explanation, published, change, reason, number, hash, recorded_at, program_id)"
        " VALUES ({series}, {period}, 'baseline', 5, {manager}, '', '', 'exact', false, '', '', '', '', 999,"
        " sha256('x'), '2020-01-01', 0)"
        " RETURNING number, hash <> sha256('x'), recorded_at > now() - interval '1 hour', program_id"
    )
    [(number, fits, recent, program)] = ask(scene, forged)
    assert (number, fits, recent, program) == (3, True, True, scene.stage.program.pk)


@pytest.mark.parametrize("ignored", ["{update_update}", "{insert_insert,update_update,delete_delete}"])
def test_the_history_of_definitions_is_not_switched_off(scene: Scene, ignored: str) -> None:
    """Pgtrigger's own switch, which any session can set."""
    [(before,)] = ask(scene, "SELECT count(*) FROM programs_siteevent")
    switch = (
        f"SELECT set_config('pgtrigger.ignore', '{ignored.replace('{', '{{').replace('}', '}}')}', false)"
    )
    change = "UPDATE programs_site SET name = 'Renamed' WHERE id = {site}"
    [(after,)] = ask(scene, switch, change, "SELECT count(*) FROM programs_siteevent")
    assert after == before + 1


def test_another_search_path_leads_no_function_astray(scene: Scene) -> None:
    """Nothing is found by the bare names: the functions look where they were made for."""
    change = "UPDATE public.programs_site SET name = 'Renamed' WHERE id = {site}"
    count = "SELECT count(*) FROM public.programs_siteevent"
    [(before,)] = ask(scene, count)
    assert ask(scene, "SET search_path = pg_temp", change, count) == [(before + 1,)]


def test_the_role_can_call_what_triggers_call_and_no_more(scene: Scene) -> None:
    [(may,)] = ask(scene, "SELECT has_function_privilege('ledger_content(indicators_entry)', 'EXECUTE')")
    [(triggers,)] = ask(
        scene,
        "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND prorettype = 'trigger'::regtype AND has_function_privilege(oid, 'EXECUTE')",
    )
    assert (may, triggers) == (True, 0)


def test_every_table_that_is_only_added_to_takes_nothing_else(scene: Scene) -> None:
    added_to = sorted(table for table, given in table_rights().items() if given == "SELECT, INSERT")
    assert {f"indicators_{it}" for it in NEVER_CHANGED} | {"programs_userevent"} <= set(added_to)
    found = ask(
        scene,
        "SELECT c.relname, privilege FROM pg_class c,"
        " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS r(privilege)"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND has_table_privilege(c.oid, privilege)",
    )
    assert {privilege for _table, privilege in found} <= {"UPDATE", "DELETE"}
    assert not {table for table, _privilege in found} & set(added_to)


def test_after_all_this_the_ledger_fits(scene: Scene) -> None:
    assert [(chain.count, chain.fault) for chain in verify_chains()] == [(2, None)]
