"""The site served as a role that owns nothing: everything that people do works, and the command says how."""

from __future__ import annotations

import io
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from indicators.actions import Plan, reopen, send_back, set_plans
from indicators.models import Entry
from indicators.periods import parse_label
from indicators.rows import Typed
from indicators.values import Change
from monitoring.role import statements
from programs.models import Place, Site, User
from tests import builders as make
from tests.admin_pages import address, form_at
from tests.indicators.desk import Desk, make_desk
from tests.monitoring.role import Role, application_role, superuser


@pytest.fixture
def role(transactional_db: None) -> Iterator[Role]:
    with application_role() as made:
        yield made


def signed_in(person: User) -> Client:
    client = Client()
    assert client.login(username=person.username, password=make.PASSWORD)
    return client


def said(name: str, *options: str) -> str:
    out = io.StringIO()
    call_command(name, *options, stdout=out)
    return out.getvalue()


def report_it(desk: Desk) -> None:
    """Typed and sent back, mended and approved, reopened and corrected."""
    report = make.submitted(desk.now(), desk.typed(), desk.reporter)
    send_back(report_id=report.pk, by=desk.manager, submission=1, remarks={desk.counted.pk: "Really?"})
    make.approved(
        desk.now(), desk.typed() | {desk.ratio: Typed(absence="withheld")}, desk.reporter, desk.manager
    )
    reopen(report_id=report.pk, by=desk.manager, reason="Counted twice")
    cited = Typed(value="12", evidence="Register, page 1", explanation="Counted again")
    make.approved(desk.now(), desk.typed() | {desk.counted: cited}, desk.reporter, desk.manager)


def plan_it(desk: Desk) -> None:
    for value in ("10", "11"):
        plan = Plan(
            desk.counted.indicator_id, parse_label("2026 Q3"), Typed(value=value), site_id=desk.site.pk
        )
        set_plans(
            program_id=desk.program.pk, by=desk.manager, plans=[plan], reason="So", change=Change.REVISES
        )


def test_everything_that_people_do_works_through_the_role(role: Role) -> None:
    desk, administrator = make_desk(), make.make_administrator()
    place = make.make_place()
    with role.serving():
        report_it(desk)
        plan_it(desk)
        reader = signed_in(desk.manager)
        for page in ("my-work", "report-list", "portfolio", "program-list"):
            assert reader.get(reverse(page)).status_code == 200
        for page in ("program", "performance"):
            assert reader.get(reverse(page, args=[desk.program.code])).status_code == 200
        keeper = signed_in(administrator)
        site = address(Site, "change", desk.site.pk)
        assert keeper.post(site, form_at(keeper, site, name="Renamed")).status_code == 302
        person = address(User, "change", desk.viewer.pk)
        assert keeper.post(person, form_at(keeper, person, first_name="Ana")).status_code == 302
        gone = keeper.post(address(Place, "delete", place.pk), {"post": "yes"})
        assert gone.status_code == 302
        said("open_periods")
        assert "The ledger fits: 1 programs" in said("verify_ledger")
        assert said("figures").count("\n") > 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, count(*) FROM programs_siteevent WHERE name = 'Renamed'")
            assert cursor.fetchone() == (role.name, 1)
        with pytest.raises(ProgrammingError, match="permission denied"):
            Entry.objects.update(value=1)
    assert not Place.objects.filter(pk=place.pk).exists()
    assert Entry.objects.filter(kind="actual", supersedes__isnull=False).count() == 2


def test_the_sql_may_be_run_again(role: Role) -> None:
    with connection.cursor() as cursor:
        before = _rights(role)
        for statement in statements(role.name):
            cursor.execute(statement)
        assert _rights(role) == before


def _rights(role: Role) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = %s"
            " ORDER BY 1, 2",
            [role.name],
        )
        return list(cursor.fetchall())


def test_a_role_that_may_more_is_refused(role: Role) -> None:
    script = ";".join(statements(role.name))
    with superuser() as keeper:
        keeper.execute(f"ALTER ROLE {role.name} CREATEDB")
        with pytest.raises(psycopg.errors.RaiseException, match="may more than"):
            keeper.execute(script)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Robert'); DROP", "", "pg_signal_backend", "with space", "9", "a" * 64])
def test_what_is_no_name_of_a_role_is_said(name: str) -> None:
    with pytest.raises(CommandError, match="is no plain name"):
        said("application_role", "--name", name)


@pytest.mark.django_db
def test_the_command_prints_one_transaction_and_changes_nothing() -> None:
    lines = said("application_role", "--name", "rendir_web").splitlines()
    assert (lines[1], lines[-1]) == ("BEGIN;", "COMMIT;")
    assert 'GRANT SELECT, INSERT ON public."indicators_entry" TO "rendir_web";' in lines
    assert 'GRANT SELECT ON public."django_migrations" TO "rendir_web";' in lines
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'rendir_web'")
        assert cursor.fetchone() == (0,)
