"""An approval is bound to what the page showed: what changed since is refused, and told row by row."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import Changed, Refused, approve, lay_series, reopen, save, send_back, submit
from indicators.actions.planning import Plan, set_plans
from indicators.actions.reporting import digest_of_results
from indicators.content import Difference, differences
from indicators.models import Entry, Indicator, Report, State, Step
from indicators.periods import quarter
from indicators.rows import Typed
from indicators.values import Change
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in
from tests.indicators.test_entry import grown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def form_of(desk: Desk) -> dict[str, str]:
    """The form of the page under review, as a browser would send it."""
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    return dict(re.findall(r'name="(submission|digest|shown)" value="([^"]*)"', page))


def told(page: str, table: str = "differences") -> list[tuple[str, ...]]:
    """The rows of a table of differences."""
    if f'id="{table}"' not in page:
        return []
    body = page.split(f'id="{table}"')[1].split("</table>", maxsplit=1)[0].split("<tbody>")[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [tuple(unescape(it.strip()) for it in re.findall(r"<t[hd][^>]*>(.*?)</t", row)) for row in rows]


def plan(desk: Desk, value: str, change: Change | None = None) -> None:
    one = Plan(desk.counted.indicator_id, quarter(2026, 3), Typed(value=value), site_id=desk.site.pk)
    set_plans(program_id=desk.program.pk, by=desk.other_manager, plans=[one], reason="a plan", change=change)


def submitted_anew(desk: Desk, typed: dict[int, Typed]) -> None:
    """Sent back by another manager, mended and submitted again."""
    send_back(report_id=desk.report.pk, by=desk.other_manager, submission=1, remarks={}, reason="mend")
    report = save(report_id=desk.report.pk, by=desk.reporter, typed=typed, version=desk.now().version)
    submit(report_id=desk.report.pk, by=desk.reporter, version=report.version)


def refused(desk: Desk, form: dict[str, str], status: int = 409) -> str:
    response = signed_in(desk.manager).post(desk.url("report-approve"), form)
    assert response.status_code == status
    assert desk.now().state == State.SUBMITTED
    assert not Entry.objects.filter(kind="actual").exists()
    return page_of(response)


def test_what_the_page_showed_is_approved(desk: Desk) -> None:
    plan(desk, "13")
    desk.submitted()
    response = signed_in(desk.manager).post(desk.url("report-approve"), form_of(desk))
    assert response.status_code == 302
    assert desk.now().state == State.APPROVED


def test_what_was_submitted_anew_is_told_row_by_row_and_can_then_be_approved(desk: Desk) -> None:
    desk.submitted()
    form = form_of(desk)
    typed = Typed(value="12", explanation="<rain>", evidence="Register, 2026")
    submitted_anew(desk, {desk.counted.pk: typed, desk.women.pk: Typed("6"), desk.men.pk: Typed("6")})
    page = refused(desk, form)
    assert "submitted anew since you opened it" in page
    assert told(page) == [
        ("Officers trained", "explanation", "(empty)", "<rain>"),
        ("Officers trained", "evidence", "(empty)", "Register, 2026"),
        ("Officers trained · women", "value", "7", "6"),
        ("Officers trained · men", "value", "5", "6"),
    ]
    again = dict(re.findall(r'name="(submission|digest|shown)" value="([^"]*)"', page))
    response = signed_in(desk.manager).post(desk.url("report-approve"), again)
    assert response.status_code == 302
    assert desk.now().state == State.APPROVED


def test_a_target_that_changed_is_told(desk: Desk) -> None:
    plan(desk, "13")
    desk.submitted()
    form = form_of(desk)
    plan(desk, "60", Change.CORRECTS)
    page = refused(desk, form)
    assert "Something changed since you opened this page." in page
    assert told(page) == [("Officers trained", "target", "13", "60")]


def test_a_definition_that_changed_is_told_and_nothing_is_approved(desk: Desk) -> None:
    desk.submitted()
    form = form_of(desk)
    Indicator.objects.filter(pk=desk.counted.indicator_id).update(unit="courses")
    assert told(refused(desk, form)) == [("Officers trained", "unit", "people", "courses")]
    # nor what a page shows that was opened after it changed: what was submitted was something else
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    assert told(page, "moved") == [("Officers trained", "unit", "people", "courses")]
    assert "The definition of Officers trained changed" in refused(desk, form_of(desk), 422)
    send_back(report_id=desk.report.pk, by=desk.manager, submission=1, remarks={}, reason="look")
    submit(report_id=desk.report.pk, by=desk.reporter, version=1)
    response = signed_in(desk.manager).post(desk.url("report-approve"), form_of(desk))
    assert response.status_code == 302


def test_a_breakdown_that_changed_is_told(desk: Desk) -> None:
    desk.submitted()
    form = form_of(desk)
    ratio = desk.ratio.indicator
    make.break_down(ratio, make.make_dimension("north", "south"))
    lay_series(indicators=[ratio])
    page = refused(desk, form)
    assert ("Calls answered · north", "name", "(empty)", "Calls answered · north") in told(page)


@pytest.mark.parametrize("shown", ["", "x", "e30:1abc:forged", "\x00", "x" * 100_000])
def test_what_the_page_never_showed_is_refused(desk: Desk, shown: str) -> None:
    desk.submitted()
    assert "Something changed" in refused(desk, form_of(desk) | {"shown": shown})


def test_what_the_page_of_another_report_showed_is_refused(desk: Desk) -> None:
    desk.submitted()
    other = make.make_report(desk.program, desk.site, make.make_period("2026 Q2"))
    make.submitted(other, desk.typed() | {desk.milestone: "no"}, desk.reporter)
    page = page_of(signed_in(desk.manager).get(f"/reports/{other.pk}/review/"))
    theirs = dict(re.findall(r'name="(shown)" value="([^"]*)"', page))
    refused(desk, form_of(desk) | theirs)


def test_an_approval_without_a_page_is_bound_as_well(desk: Desk) -> None:
    desk.submitted()
    with pytest.raises(Changed):
        approve(report_id=desk.report.pk, by=desk.manager, submission=1, digest="0" * 64)
    Indicator.objects.filter(pk=desk.counted.indicator_id).update(unit="courses")
    digest = digest_of_results(desk.now())
    with pytest.raises(Refused, match="The definition of Officers trained changed"):
        approve(report_id=desk.report.pk, by=desk.manager, submission=1, digest=digest)


def test_what_was_submitted_is_kept_for_good(desk: Desk) -> None:
    desk.submitted()
    submitted_anew(desk, {desk.women.pk: Typed("6"), desk.men.pk: Typed("6")})
    contents = [step.content for step in Step.objects.filter(kind="submitted").order_by("pk")]
    assert [content[str(desk.women.pk)]["value"] for content in contents if content] == ["7", "6"]
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    assert "2 things are different" in page
    assert told(page, "mended") == [
        ("Officers trained · women", "value", "7", "6"),
        ("Officers trained · men", "value", "5", "6"),
    ]


def test_a_report_is_reopened_as_it_was_looked_at(desk: Desk) -> None:
    desk.approved()
    page = page_of(signed_in(desk.manager).get(desk.url()))
    assert 'name="submission" value="1"' in page
    form = {"submission": "1", "reason": "a typing error"}
    reopen(report_id=desk.report.pk, by=desk.other_manager, reason="another one")
    report = submit(report_id=desk.report.pk, by=desk.reporter, version=1)
    approve(report_id=report.pk, by=desk.other_manager, submission=2, digest=digest_of_results(report))
    response = signed_in(desk.manager).post(desk.url("report-reopen"), form)
    assert response.status_code == 409
    assert desk.now().state == State.APPROVED
    assert "a typing error" in page_of(response)


def test_what_is_in_force_stands_beside_what_replaces_it(desk: Desk) -> None:
    desk.approved()
    reopen(report_id=desk.report.pk, by=desk.manager, reason="counted twice")
    typed = {desk.counted.pk: Typed("11"), desk.women.pk: Typed("6")}
    report = save(report_id=desk.report.pk, by=desk.reporter, typed=typed, version=1)
    submit(report_id=report.pk, by=desk.reporter, version=report.version)
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    row = page[page.index(f'id="row-{desk.counted.pk}"') :].split("</tbody>")[0]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
    assert re.search(r"in force: 12 → 11", words)
    assert page.count("in force:") == 1
    there = f"/programs/OURS/indicators/A/figures/2026-Q3/?site={desk.site.code}"
    assert re.search(rf'in force:\s+<a class="figure" href="{re.escape(there)}"', row)


def test_a_report_that_expects_nothing_says_so_at_every_step(desk: Desk) -> None:
    empty = make.make_report(make.make_program(code="EMPTY"), None)
    person, manager = make.make_user(), make.make_user()
    make.assign(person, empty.program, "reporter")
    make.assign(manager, empty.program, "manager")
    client, url = signed_in(person), f"/reports/{empty.pk}/"
    assert "Nothing is expected in this report, so it waits for nobody" in page_of(client.get(url))
    assert client.post(f"{url}submit/", {"version": "0"}).status_code == 302
    review = page_of(signed_in(manager).get(f"{url}review/"))
    assert "Nothing is expected in this report and nothing was given." in review
    assert "Approve without figures" in review
    form = dict(re.findall(r'name="(submission|digest|shown)" value="([^"]*)"', review))
    assert signed_in(manager).post(f"{url}approve/", form).status_code == 302
    assert Report.objects.get(pk=empty.pk).state == State.APPROVED
    assert not Entry.objects.exists()


def test_the_number_of_queries_of_an_approval_does_not_grow() -> None:
    counts = []
    for draft in (grown(3, 1), grown(30, 4)):
        assert draft.saved_by
        report = submit(report_id=draft.pk, by=draft.saved_by, version=1)
        manager = report.program.assignments.get(role="manager").user
        client, url = signed_in(manager), f"/reports/{report.pk}/"
        page = page_of(client.get(f"{url}review/"))
        form = dict(re.findall(r'name="(submission|digest|shown)" value="([^"]*)"', page))
        with CaptureQueriesContext(connection) as queries:
            assert client.post(f"{url}approve/", form).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


def test_differences_are_told_by_row_and_text() -> None:
    before = {"1": {"name": "A", "value": "5"}, "2": {"name": "B", "value": "1", "is_unit": "t"}}
    now = {"1": {"name": "A", "value": "5", "explanation": "rain"}, "3": {"name": "C"}}
    assert differences(before, now) == [
        Difference("A", "explanation", "", "rain"),
        Difference("B", "name", "B", ""),
        Difference("B", "value", "1", ""),
        Difference("C", "name", "", "C"),
    ]
    assert differences(now, now) == []
