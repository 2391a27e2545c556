"""What a curious or dishonest person tries: foreign ids, odd addresses, own approval, forged forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions import set_plans
from indicators.actions.planning import Plan
from indicators.actions.reporting import digest_of_results
from indicators.models import Entry, Period, Report, Result, Series, State, Step
from indicators.periods import parse_label
from indicators.rows import Typed
from programs.models import Assignment, Program, Site, User
from tests import builders as make

pytestmark = pytest.mark.django_db

ODD = (
    "zzz", "-1", "9" * 30, "NaN", "\u202e", "\u0663", "<script>", "__class__", "0001", "9999", "FY0001",
    "9999 Q4", "0001-01", "9999-12", "0001–9999", "9999-12-31", "0001-01-01T00:00+14:00",
    "9999-01-01 – 9999-12-31",
)  # fmt: skip
ASKED = {
    "/portfolio/": ("period", "calendar"),
    "/programs/": ("text", "component", "sort", "page", "per_page"),
    "/reports/": ("program", "site", "period", "state", "sort", "page", "per_page"),
    "/programs/OURS/performance/": ("from", "to", "by", "calendar", "site", "as_of", "format"),
    "/programs/OURS/indicators/IND/": ("ledger",),
    "/programs/OURS/targets/2026/": ("site", "calendar"),
    "/programs/OURS/plan/": ("indicator", "kind", "site", "category", "period", "seen"),
}
NUL = (
    "/programs/%00/", "/programs/OURS%00/performance/", "/programs/OURS/indicators/%00/",
    "/programs/%00/targets/2026/", "/programs/%00/plan/", "/programs/?text=%00", "/reports/?site=%00",
    "/programs/?%00=x", "/admin/autocomplete/?app_label=programs&model_name=site&field_name=place&term=%00",
)  # fmt: skip
OWN_FIGURE, OTHER_FIGURE, PLANNED = "1717017101", "4242024202", "8383038303"


@dataclass
class World:
    """Two sites of a program that both reported, a program of others, and people of every kind."""

    program: Program
    site: Site
    other: Site
    series: Series
    other_series: Series
    foreign_series: Series
    report: Report
    other_report: Report
    foreign_report: Report
    bound: User  # a reporter of `site` alone
    reporter: User
    manager: User
    second: User  # manages too
    stranger: User  # a manager of the other program
    viewer: User

    def reports(self) -> list[tuple[str, int, int]]:
        """Every report with its state and version."""
        return list(Report.objects.order_by("pk").values_list("state", "version", "submission"))


@pytest.fixture
def world() -> World:
    program, elsewhere = make.make_program(code="OURS"), make.make_program(code="THEIRS")
    site = make.make_site(program, code="OWN", name="Own station")
    other = make.make_site(program, code="OTHER", name="Neighbour station")
    indicator = make.make_indicator(program, code="IND")
    foreign = make.make_series(make.make_indicator(elsewhere, code="FOR"), make.make_site(elsewhere))
    names = ("bound", "reporter", "manager", "second", "stranger", "viewer")
    people = {name: make.make_user(username=name) for name in names}
    make.assign(people["bound"], program, "reporter", site)
    make.assign(people["reporter"], program, "reporter")
    make.assign(people["manager"], program, "manager")
    make.assign(people["second"], program, "manager")
    make.assign(people["stranger"], elsewhere, "manager")
    make.assign(people["viewer"], program, "viewer")
    own, others = make.make_series(indicator, site), make.make_series(indicator, other)
    world = World(
        program, site, other, own, others, foreign,
        make.make_report(program, site), make.make_report(program, other),
        make.make_report(site=foreign.site),
        **people,
    )  # fmt: skip
    early = make.make_period("2026 Q2")
    for where, series, figure in ((site, own, OWN_FIGURE), (other, others, OTHER_FIGURE)):
        report = make.make_report(program, where, early)
        make.approved(report, {series: figure}, world.reporter, world.manager)
    set_plans(
        program_id=program.pk,
        by=world.manager,
        plans=[
            Plan(indicator.pk, parse_label("2026 Q2"), Typed(value=PLANNED), site_id=other.pk),
            Plan(indicator.pk, parse_label("2026"), Typed(value=PLANNED)),
        ],
        reason="planned",
    )
    return world


def client_of(person: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(person)
    return client


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


# --- odd addresses ------------------


@pytest.mark.parametrize("path", ASKED)
def test_no_odd_parameter_is_an_error(world: World, path: str) -> None:
    """Each value in one parameter, taken in turn, and in all of them together."""
    client = client_of(world.manager)
    names = ASKED[path]
    for at, value in enumerate(ODD):
        for query in ({names[at % len(names)]: value}, dict.fromkeys(names, value)):
            response = client.get(path, query)
            text_of(response)
            assert (query, response.status_code in (200, 404)) == (query, True)


@pytest.mark.parametrize("path", NUL)
def test_a_nul_in_an_address_names_nothing(world: World, path: str) -> None:
    assert client_of(world.manager).get(path).status_code == 404
    assert Client().get(path).status_code in (302, 404)


@pytest.mark.parametrize(
    "path",
    [
        f"/reports/{'9' * 30}/", "/reports/0/", "/programs/OURS/targets/0/", "/programs/OURS/targets/99999/",
        f"/programs/OURS/targets/{'9' * 30}/", "/programs/OURS\u202e/", "/programs/ours/",
        "/programs/OURS/indicators/FOR/", "/programs/THEIRS/indicators/IND/", "/programs/THEIRS/",
        "/programs/OURS/targets/2026/?site=zzz",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert client_of(world.manager).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/programs/", "/reports/"])
def test_how_long_a_page_is_is_not_asked(world: World, path: str) -> None:
    for i in range(27):
        site = make.make_site(world.program)
        make.make_series(world.series.indicator, site)
        make.make_report(world.program, site, make.make_period("2026 Q1"))
        make.assign(world.manager, make.make_program(code=f"MANY{i}"), "viewer")
    client = client_of(world.manager)
    rows = [
        len(client.get(path, query).context["table"].page.object_list) for query in ({}, {"per_page": 1000})
    ]
    assert rows == [25, 25]
    last = client.get(path, {"page": "99999"})
    assert last.context["table"].page.number == 2


# --- what a reporter of one site learns of the others ------------------


def test_a_reporter_of_one_site_learns_nothing_of_another(world: World) -> None:
    client = client_of(world.bound)
    make.submitted(world.other_report, {world.other_series: OTHER_FIGURE}, world.reporter)
    table = "/programs/OURS/performance/"
    pages = [
        "/portfolio/", "/portfolio/?period=2026", "/programs/", "/reports/", "/my-work/",
        "/programs/OURS/", table,
        f"{table}?site=OTHER", f"{table}?categories=on&as_of=2100-01-01", f"{table}?format=csv",
        f"{table}?format=csv&site=OTHER&from=2026&to=2026", f"/reports/?site={world.other.pk}",
        f"/reports/{world.report.pk}/", f"/reports/{world.report.pk}/check/",
        "/programs/OURS/indicators/IND/?ledger=all",
    ]  # fmt: skip
    total = str(int(OWN_FIGURE) + int(OTHER_FIGURE))
    for page in pages:
        response = client.get(page)
        text = text_of(response).replace(",", "")
        found = [it for it in (OTHER_FIGURE, PLANNED, total, world.other.name) if it in text]
        assert (page, response.status_code, found) == (page, 200, [])
    assert client.get(f"/reports/{world.other_report.pk}/").status_code == 404


def test_the_end_of_the_ledger_is_shown_to_who_sees_all_of_it(world: World) -> None:
    """Hash upon hash, with all that can be guessed of an entry, tells the figures of other sites."""
    path = reverse("performance", args=["OURS"])
    last = Entry.objects.filter(program=world.program).latest("number")
    digest = bytes(last.hash or b"").hex()
    assert digest in text_of(client_of(world.viewer).get(path))
    assert digest not in text_of(client_of(world.bound).get(path))
    assert client_of(world.bound).get(path).context["head"] is None


# --- forged forms ------------------

ROUTES = (
    "report-entry",
    "report-save",
    "report-submit",
    "report-send-back",
    "report-approve",
    "report-reopen",
)


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_posts_into_what_is_not_theirs(world: World, route: str) -> None:
    before = world.reports()
    sent = {"version": "0", "submission": "0", f"value-{world.foreign_series.pk}": "5"}
    for person, report, status in (
        (world.bound, world.other_report, 404),
        (world.bound, world.foreign_report, 404),
        (world.stranger, world.report, 404),
        (world.viewer, world.report, 403),
        (make.make_administrator(), world.report, 403),
    ):
        response = client_of(person).post(reverse(route, args=[report.pk]), sent)
        assert (person, response.status_code) == (person, status)
    assert world.reports() == before


@pytest.mark.parametrize("series", ["other_series", "foreign_series", None])
@pytest.mark.parametrize("route", ["report-entry", "report-save", "report-submit"])
def test_a_hidden_id_of_another_row_is_refused(world: World, series: str | None, route: str) -> None:
    key = getattr(world, series).pk if series else 10**17
    sent = {"version": "0", f"value-{world.series.pk}": "5", f"value-{key}": "7"}
    response = client_of(world.bound).post(reverse(route, args=[world.report.pk]), sent)
    assert response.status_code == 422
    assert not Result.objects.filter(report__in=(world.report, world.other_report)).exists()


def test_a_remark_on_a_row_of_another_report_is_refused(world: World) -> None:
    report = make.submitted(world.report, {world.series: "5"}, world.reporter)
    sent = {"submission": "1", f"remark-{world.other_series.pk}": "mend this"}
    response = client_of(world.manager).post(reverse("report-send-back", args=[report.pk]), sent)
    report.refresh_from_db()
    assert (response.status_code, report.state) == (422, State.SUBMITTED)


ODD_TYPED = (
    "\x00",
    "a\x00b",
    "9" * 30,
    "NaN",
    "Infinity",
    "-5",
    "1e999",
    "1.5",
    "javascript:alert(1)",
    "\u202e5",
)


@pytest.mark.parametrize("typed", [*ODD_TYPED, "x" * 300_000])
def test_odd_text_is_answered_and_never_becomes_a_figure(world: World, typed: str) -> None:
    fields = ("value", "numerator", "denominator", "day", "absence", "certainty", "explanation", "evidence")
    client = client_of(world.reporter)
    path = reverse("report-submit", args=[world.report.pk])
    for field in fields:
        response = client.post(path, {"version": "0", f"{field}-{world.series.pk}": typed})
        assert (field, response.status_code in (302, 409, 422)) == (field, True)
    result = Result.objects.filter(report=world.report).first()
    assert result is None or result.value is None
    assert Report.objects.get(pk=world.report.pk).state == State.DRAFT


@pytest.mark.parametrize("version", [None, "abc", "-1", "", "\u0660", "9" * 30, "1"])
def test_a_form_without_its_version_saves_nothing(world: World, version: str | None) -> None:
    sent = {f"value-{world.series.pk}": "5", **({} if version is None else {"version": version})}
    for route in ("report-entry", "report-save", "report-submit"):
        response = client_of(world.reporter).post(reverse(route, args=[world.report.pk]), sent)
        assert (route, response.status_code) == (route, 409)
    assert not Result.objects.filter(report=world.report).exists()


@pytest.mark.parametrize("submission", [None, "abc", "0", "2", "9" * 30])
def test_an_approval_without_what_the_page_showed_is_refused(world: World, submission: str | None) -> None:
    report = make.submitted(world.report, {world.series: "5"}, world.reporter)
    client, path = client_of(world.manager), reverse("report-approve", args=[report.pk])
    entries = Entry.objects.count()
    right = digest_of_results(report)
    sent = {"digest": right, **({} if submission is None else {"submission": submission})}
    assert client.post(path, sent).status_code == 409
    assert client.post(path, {"submission": "1", "digest": right[:-1]}).status_code == 409
    assert client.post(path, {"submission": "1"}).status_code == 409
    assert Entry.objects.count() == entries
    assert [client.post(path, {"submission": "1", "digest": right}).status_code for _ in "ab"] == [302, 422]
    assert Entry.objects.count() == entries + 1


# --- own approval ------------------


def test_who_typed_and_blanked_a_value_can_not_approve_even_after_the_role_was_taken_and_given(
    world: World,
) -> None:
    client, save = client_of(world.manager), reverse("report-save", args=[world.report.pk])
    assert client.post(save, {"version": "0", f"value-{world.series.pk}": "9"}).status_code == 302
    assert client.post(save, {"version": "1", f"value-{world.series.pk}": ""}).status_code == 302
    world.report.refresh_from_db()
    report = make.submitted(world.report, {world.series: "5"}, world.reporter)
    sent = {"submission": "1", "digest": digest_of_results(report)}
    approve = reverse("report-approve", args=[report.pk])
    assert client.post(approve, sent).status_code == 403
    role = Assignment.objects.filter(user=world.manager, program=world.program)
    role.delete()
    assert client.post(approve, sent).status_code == 404
    make.assign(world.manager, world.program, "manager")
    assert client.post(approve, sent).status_code == 403
    assert client_of(world.second).post(approve, sent).status_code == 302


def test_a_locked_period_takes_nothing(world: World) -> None:
    report = make.submitted(world.report, {world.series: "5"}, world.reporter)
    digest = digest_of_results(report)
    Period.objects.update(locked=True)
    before, steps = world.reports(), Step.objects.count()
    client = client_of(world.manager)
    sent = {"version": "0", "submission": "1", "digest": digest, "reason": "x"}
    approved = Report.objects.filter(state=State.APPROVED)[0]
    for one in (report, world.other_report, approved):
        for route in ROUTES:
            typed = {f"value-{world.other_series.pk}": "1"} if "approve" not in route else {}
            response = client.post(reverse(route, args=[one.pk]), sent | typed)
            assert (route, response.status_code in (409, 422)) == (route, True)
    assert (world.reports(), Step.objects.count()) == (before, steps)


# --- the way in ------------------


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_no_way_in_leads_out(world: World, target: str) -> None:
    sent = {"login": "viewer", "password": make.PASSWORD, "next": target}
    assert Client().post("/sign-in/", sent)["Location"] == "/"
    language = client_of(world.viewer).post("/language/", {"language": "es", "next": target})
    assert "evil" not in language["Location"]
    assert not language["Location"].startswith("javascript")


def test_forms_of_other_sites_are_refused(world: World) -> None:
    client = client_of(world.manager, enforce_csrf_checks=True)
    for route in ROUTES:
        assert client.post(reverse(route, args=[world.report.pk]), {"reason": "x"}).status_code == 403
    for path in (
        "/language/",
        "/sign-in/",
        "/sign-out/",
        "/programs/OURS/plan/",
        "/programs/OURS/targets/2026/",
    ):
        assert client.post(path, {"language": "es"}).status_code == 403


@pytest.mark.parametrize("path", ["/portfolio/", "/nothing-here/", "/healthz", "/", "/admin/", "/sign-in/"])
def test_every_answer_has_its_headers(world: World, path: str) -> None:
    for client in (Client(), client_of(world.manager)):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_closed_account_is_out_at_once(world: World) -> None:
    client = client_of(world.manager)
    assert client.get("/programs/OURS/").status_code == 200
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    assert client.get("/programs/OURS/")["Location"].startswith("/sign-in/")


# --- the administration ------------------


@pytest.mark.parametrize("name", ["entry", "report", "step", "evidence"])
def test_an_administrator_changes_nothing_of_the_ledger(world: World, name: str) -> None:
    client = client_of(make.make_administrator())
    model: Any = {"entry": Entry, "report": Report, "step": Step}.get(name)
    key = model.objects.latest("pk").pk if model else 1
    before = list(model.objects.order_by("pk").values()) if model else []
    for page in (f"{key}/change/", f"{key}/delete/", "add/"):
        response = client.post(
            f"/admin/indicators/{name}/{page}", {"value": "1", "state": "draft", "post": "yes"}
        )
        assert (page, response.status_code in (302, 403)) == (page, True)
    for action in ("delete_selected", "lock"):
        client.post(f"/admin/indicators/{name}/", {"action": action, "_selected_action": key, "post": "yes"})
    if model:
        assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("who", ["bound", "manager", "viewer"])
def test_nobody_else_has_the_search_boxes_of_the_administration(world: World, who: str) -> None:
    client = client_of(getattr(world, who))
    query = "app_label=programs&model_name=site&field_name=program&term="
    assert client.get(f"/admin/autocomplete/?{query}", follow=True).status_code == 404
    assert client.get("/admin/jsi18n/", follow=True).status_code == 404
    assert client.get("/admin/r/1/1/", follow=True).status_code == 404
