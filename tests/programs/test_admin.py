"""The administration of the mandate and of people."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from programs.admin.refusals import Refusal, refusal_of
from programs.models import Assignment, Organization, Place, Program, Site, User
from tests import builders
from tests.admin_pages import address, complaints, form_at, messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.make_administrator(username="admin", first_name="Ada", last_name="Min"))
    return client


# --- who may enter ------------------------------------------------------------


def test_the_front_door_is_the_sites_own(client: Client) -> None:
    response = client.get(reverse("admin:index"))
    assert response.status_code == 302
    response = client.get(response["Location"])
    assert response["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("is_staff", [True, False])
def test_only_administrators_enter(client: Client, is_staff: bool) -> None:
    client.force_login(builders.make_user(is_staff=is_staff))
    assert client.get(reverse("admin:index"), follow=True).status_code == 404
    assert client.get(reverse("admin:login")).status_code == 404


def test_an_administrator_is_sent_on_from_the_sign_in(administrator: Client) -> None:
    assert administrator.get(reverse("admin:login"))["Location"] == reverse("admin:index")


def test_signing_out_leads_to_the_sites_sign_in(administrator: Client) -> None:
    assert administrator.post(reverse("admin:logout"))["Location"] == reverse("sign-in")


def test_the_index_is_grouped_by_what_an_administrator_does(administrator: Client) -> None:
    groups = administrator.get(reverse("admin:index")).context["app_list"]
    assert [
        (group["app_label"], [model["object_name"] for model in group["models"]]) for group in groups
    ] == [
        ("portfolio", ["Program", "Site", "Place", "Organization"]),
        ("measurement", ["Objective", "Indicator", "Dimension", "Series"]),
        ("calendar", ["Period"]),
        ("people", ["User", "Assignment"]),
        ("ledger", ["Entry", "Report", "Step", "Evidence"]),
    ]


@pytest.mark.parametrize("app", ["programs", "indicators"])
def test_each_app_has_its_page(administrator: Client, app: str) -> None:
    assert administrator.get(reverse("admin:app_list", args=[app])).status_code == 200


# --- choices ------------------------------------------------------------


def test_a_site_says_in_a_search_box_to_which_program_it_belongs(administrator: Client) -> None:
    site = builders.make_site(name="Callao", program=builders.make_program(name="Ports"))
    found = administrator.get(
        reverse("admin:autocomplete"),
        {"term": "calla", "app_label": "programs", "model_name": "assignment", "field_name": "site"},
    ).json()
    assert found["results"] == [{"id": str(site.pk), "text": "Callao (Ports)"}]


def test_an_organization_stands_as_it_is(administrator: Client) -> None:
    builders.make_organization(name="DEVIDA")
    found = administrator.get(
        reverse("admin:autocomplete"),
        {"term": "dev", "app_label": "programs", "model_name": "program", "field_name": "leads"},
    ).json()
    assert [one["text"] for one in found["results"]] == ["DEVIDA"]


# --- roles ------------------------------------------------------------


def test_a_site_of_another_program_is_refused_beside_the_site(administrator: Client) -> None:
    foreign = builders.make_site()
    data = {
        "user": builders.make_user().pk,
        "program": builders.make_program().pk,
        "role": "reporter",
        "site": foreign.pk,
    }
    response = administrator.post(address(Assignment, "add"), data)
    assert complaints(response) == {"site": ["This site belongs to another program."]}
    assert not Assignment.objects.exists()


def test_only_a_reporter_has_a_site(administrator: Client) -> None:
    site = builders.make_site()
    data = {"user": builders.make_user().pk, "program": site.program_id, "role": "viewer", "site": site.pk}
    response = administrator.post(address(Assignment, "add"), data)
    assert complaints(response) == {"__all__": ["Only a reporter can be limited to one site."]}


def test_roles_are_given_on_the_page_of_the_program(administrator: Client) -> None:
    site, user = builders.make_site(), builders.make_user()
    builders.make_site(name="elsewhere")
    url = address(Program, "change", site.program_id)
    page = administrator.get(url).content.decode()
    assert "elsewhere" not in page
    row = {f"assignments-0-{name}": value for name, value in
           {"user": user.pk, "role": "reporter", "site": site.pk}.items()}  # fmt: skip
    data = form_at(administrator, url, **row, **{"assignments-TOTAL_FORMS": 1})
    response = administrator.post(url, data, follow=True)
    assert user.assignments.get().site == site
    assert any("Nobody can approve the reports" in text for text in messages_of(response))


def test_a_program_without_a_second_approver_is_told_so(administrator: Client) -> None:
    program = builders.make_program(name="Ports")
    for username, expected in (("first", "Only first can approve the reports of Ports"), ("second", None)):
        data = {
            "user": builders.make_user(username=username).pk,
            "program": program.pk,
            "role": "manager",
            "site": "",
        }
        said = messages_of(administrator.post(address(Assignment, "add"), data, follow=True))
        assert any(expected in text for text in said) if expected else len(said) == 1
    assert Assignment.objects.count() == 2


def test_taking_the_last_manager_away_is_told(administrator: Client) -> None:
    manager, program = builders.make_user(), builders.make_program(name="Ports")
    role = builders.assign(manager, program, "manager")
    url = address(Assignment, "delete", role.pk)
    said = messages_of(administrator.post(url, {"post": "yes"}, follow=True))
    assert any("Nobody can approve the reports of Ports" in text for text in said)


def test_taking_several_roles_away_is_told_for_each_program(administrator: Client) -> None:
    roles = [builders.assign(builders.make_user(), builders.make_program(), "manager") for _ in range(2)]
    data = {"action": "delete_selected", "_selected_action": [role.pk for role in roles], "post": "yes"}
    said = messages_of(administrator.post(address(Assignment, "changelist"), data, follow=True))
    assert sum("Nobody can approve" in text for text in said) == 2
    assert not Assignment.objects.exists()


# --- people ------------------------------------------------------------


def test_a_person_is_added_with_name_address_and_roles(administrator: Client) -> None:
    program = builders.make_program()
    data = form_at(
        administrator,
        address(User, "add"),
        username="rosa",
        first_name="Rosa",
        last_name="Quispe",
        email="rosa@example.org",
        is_superuser="on",
        **{
            "assignments-TOTAL_FORMS": 1,
            "assignments-0-program": program.pk,
            "assignments-0-role": "manager",
            "assignments-0-site": "",
        },
    )
    response = administrator.post(address(User, "add"), data, follow=True)
    rosa = User.objects.get(username="rosa")
    assert (rosa.shown_name, rosa.email, rosa.is_staff, rosa.is_superuser) == (
        "Rosa Quispe", "rosa@example.org", True, True,
    )  # fmt: skip
    assert not rosa.has_usable_password()
    assert rosa.assignments.get().program == program
    assert any("Only Rosa Quispe can approve" in text for text in messages_of(response))


def test_one_box_makes_an_administrator_and_unmakes_one(administrator: Client) -> None:
    person = builders.make_administrator()
    url = address(User, "change", person.pk)
    response = administrator.get(url)
    assert "Administrator" in response.content.decode()
    assert "groups" not in response.context["adminform"].form.fields
    administrator.post(url, form_at(administrator, url, is_superuser=None))
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_closing_the_account_of_a_manager_is_told(administrator: Client) -> None:
    person, program = builders.make_user(), builders.make_program()
    builders.assign(person, program, "manager")
    url = address(User, "change", person.pk)
    said = messages_of(administrator.post(url, form_at(administrator, url, is_active=None), follow=True))
    assert any("Nobody can approve" in text for text in said)


def test_an_account_that_is_opened_again_is_signed_in_nowhere(administrator: Client) -> None:
    person, thief, other = builders.make_user(), Client(), Client()
    thief.force_login(person)
    other.force_login(builders.make_user())
    url = address(User, "change", person.pk)
    for active in (None, "on"):
        administrator.post(url, form_at(administrator, url, is_active=active))
    person.refresh_from_db()
    assert person.is_active
    assert [one.get("/account/").status_code for one in (thief, other)] == [302, 200]


def test_roles_can_be_added_on_the_page_of_a_person(administrator: Client) -> None:
    person, foreign = builders.make_user(), builders.make_site()
    url = address(User, "change", person.pk)
    row = {
        "assignments-TOTAL_FORMS": 1,
        "assignments-0-program": builders.make_program().pk,
        "assignments-0-role": "reporter",
        "assignments-0-site": foreign.pk,
    }
    response = administrator.post(url, form_at(administrator, url, **row))
    assert complaints(response) == {"assignments-0-site": ["This site belongs to another program."]}


# --- what the database refuses ------------------------------------------------------------


def test_a_taken_code_is_said_beside_the_code(administrator: Client) -> None:
    first = builders.make_site(code="A")
    second = builders.make_site(first.program, code="B", name="Second")
    url = address(Site, "change", second.pk)
    response = administrator.post(url, form_at(administrator, url, code="A", name="Typed"))
    assert response.status_code == 200
    assert complaints(response) == {"code": ["Another site of this program has this code."]}
    assert response.context["adminform"].form["name"].value() == "Typed"
    second.refresh_from_db()
    assert (second.code, second.name) == ("B", "Second")


def test_what_other_things_rest_on_is_not_deleted(administrator: Client) -> None:
    site = builders.make_site()
    url = address(Program, "delete", site.program_id)
    assert "Cannot delete" in administrator.post(url, {"post": "yes"}).content.decode()
    assert Program.objects.filter(pk=site.program_id).exists()


def test_a_refusal_while_deleting_is_a_message(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something came to rest on it between the question and the answer."""
    program = builders.make_site().program

    def nothing_rests_on_it(*args: Any) -> Any:
        return [], {}, set(), []

    monkeypatch.setattr("django.contrib.admin.options.ModelAdmin.get_deleted_objects", nothing_rests_on_it)
    one = administrator.post(address(Program, "delete", program.pk), {"post": "yes"}, follow=True)
    assert messages_of(one) == ["This can't be deleted, for other things rest on it: 1 sites."]
    data = {"action": "delete_selected", "_selected_action": [program.pk], "post": "yes"}
    many = administrator.post(address(Program, "changelist"), data, follow=True)
    assert messages_of(many) == ["This can't be deleted, for other things rest on it: 1 sites."]
    assert Program.objects.filter(pk=program.pk).exists()


class _Diagnosis:
    def __init__(self, name: str | None) -> None:
        self.constraint_name, self.message_primary = name, "said by the database"


class _Cause(Exception):
    def __init__(self, name: str | None, sqlstate: str) -> None:
        self.diag, self.sqlstate = _Diagnosis(name), sqlstate


@pytest.mark.parametrize(
    ("name", "sqlstate", "message", "fields"),
    [
        ("place_name_is_unique", "23505", "This place is there already.", ("parent", "kind", "name")),
        ("assignment_site_is_for_reporters", "23514", "Only a reporter can be limited to one site.", ()),
        ("programs_program_code_key", "23505", "There is one like this already. Nothing was saved.", ()),
        ("a_key", "23503", "Other things rest on this, or what it rests on is gone. Nothing was saved.", ()),
        (None, "23001", "The database refuses this: said by the database. Nothing was saved.", ()),
    ],
)
def test_what_a_constraint_says(
    name: str | None, sqlstate: str, message: str, fields: tuple[str, ...]
) -> None:
    error = IntegrityError()
    error.__cause__ = _Cause(name, sqlstate)
    assert refusal_of(error) == Refusal(message, fields)


def test_a_refusal_is_said_at_the_first_field_that_is_there() -> None:
    refusal = Refusal("no", ("code", "program"))
    assert refusal.field_in({"program": 1, "code": 2}) == "code"
    assert refusal.field_in({"program": 1}) == "program"
    assert refusal.field_in({}) is None


# --- history ------------------------------------------------------------


def test_history_says_who_changed_what_from_what_to_what(administrator: Client) -> None:
    program = builders.make_program(name="Before", tolerance=10)
    one, other = builders.make_organization(name="DEVIDA"), builders.make_organization(name="PNP")
    url = address(Program, "change", program.pk)
    administrator.post(
        url, form_at(administrator, url, name="After", illustrative="on", leads=[one.pk, other.pk])
    )
    page = administrator.get(address(Program, "history", program.pk))
    events = list(page.context["page"])
    assert {(event.who, event.what, event.done) for event in events[:-1]} == {
        ("Ada Min", "Lead organization PNP", "added"),
        ("Ada Min", "Lead organization DEVIDA", "added"),
        ("Ada Min", "", "changed"),
    }
    changed = next(event for event in events if event.done == "changed")
    assert [(one.field, one.before, one.after) for one in changed.changes] == [
        ("Name", "Before", "After"),
        ("Illustrative", "no", "yes"),
    ]
    assert (events[-1].who, events[-1].done) == ("the system", "added")
    assert "Before" in page.content.decode()


def test_history_names_what_is_gone(administrator: Client) -> None:
    person = builders.make_user()
    site = builders.make_site()
    role = builders.assign(person, site.program, "reporter", site)
    role.delete()
    program, number = site.program, site.program_id
    site.delete()
    program.delete()
    events = list(administrator.get(address(User, "history", person.pk)).context["page"])
    assert [event.done for event in events] == ["removed", "added", "added"]
    assert events[0].changes == ()
    assert f"one that is gone (no. {number})" in events[0].what


def test_history_of_nothing_leads_back_to_the_list(administrator: Client) -> None:
    response = administrator.get(address(Program, "history", 999_999))
    assert response["Location"] == address(Program, "changelist")


def test_the_password_is_not_in_the_history(administrator: Client) -> None:
    person = builders.make_user()
    person.set_password("another long password")
    person.save()
    events = list(administrator.get(address(User, "history", person.pk)).context["page"])
    assert [event.done for event in events] == ["added"]


@pytest.mark.parametrize("model", [Program, Site, Place, Organization, User, Assignment])
def test_history_of_every_definition(administrator: Client, model: Any) -> None:
    site = builders.make_site(place=builders.make_place(), organization=builders.make_organization())
    builders.assign(builders.make_user(), site.program, "reporter", site)
    url = address(model, "history", model.objects.order_by("pk").last().pk)
    assert administrator.get(url).status_code == 200
