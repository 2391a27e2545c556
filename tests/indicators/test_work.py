"""What waits for whom: my work, the number in the header, and the list of reports."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import lay_series, open_period, reopen, save, send_back
from indicators.models import Report, State
from indicators.periods import Kind, Span
from indicators.rows import Typed
from indicators.work import load_work
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
WORK, REPORTS = "/my-work/", "/reports/"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def words(response: HttpResponseBase) -> str:
    """The text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_of(response)))


def number(client: Client) -> str:
    """The number beside "My work" in the header."""
    found = re.search(r'My work <span class="count">(\d+)</span>', page_of(client.get(WORK)))
    return found[1] if found else ""


def test_what_a_reporter_has_to_do(desk: Desk) -> None:
    due = make.make_report(desk.program, desk.site, make.make_period("2026 Q2", due_on=date(2031, 1, 1)))
    coming = make.make_report(desk.program, desk.site, make.make_period("2031 Q4"))
    save(report_id=desk.report.pk, by=desk.reporter, typed={desk.counted.pk: Typed(value="1")}, version=0)
    work = load_work(desk.reporter, TODAY)
    assert [task.report for task in work.overdue] == [desk.report]
    assert [task.report for task in work.due] == [due]
    assert [task.report for task in work.coming] == [coming]
    assert (work.overdue[0].report.filled, work.overdue[0].report.expected) == (1, 3)
    page = words(signed_in(desk.reporter).get(WORK))
    assert "1 of 3 rows filled" in page
    assert "due 15 Oct 2026" in page
    assert number(signed_in(desk.reporter)) == "2"


def test_the_reason_of_a_return_stands_in_the_list(desk: Desk) -> None:
    desk.submitted()
    remarks = {desk.counted.pk: "counted twice?"}
    send_back(report_id=desk.report.pk, by=desk.manager, submission=1, remarks=remarks)
    page = words(signed_in(desk.reporter).get(WORK))
    assert "“counted twice?” manager" in page
    assert "Mend" in page


def test_the_reason_of_a_reopening_too(desk: Desk) -> None:
    desk.approved()
    reopen(report_id=desk.report.pk, by=desk.manager, reason="a typing error")
    assert "“a typing error” manager" in words(signed_in(desk.reporter).get(WORK))


def test_what_is_done(desk: Desk) -> None:
    desk.approved()
    work = load_work(desk.reporter, TODAY)
    assert [task.report for task in work.done] == [desk.report]
    assert "Nothing waits for you." in page_of(signed_in(desk.reporter).get(WORK))
    assert number(signed_in(desk.reporter)) == ""


def test_a_reporter_of_one_site_sees_that_site_only(desk: Desk) -> None:
    theirs = make.make_report(desk.program, desk.other_site)
    own = load_work(desk.reporter, TODAY)
    assert [task.report for task in own.overdue] == [desk.report]
    both = load_work(desk.colleague, TODAY)
    assert {task.report for task in both.overdue} == {desk.report, theirs}


def test_what_awaits_review_oldest_first(desk: Desk) -> None:
    first = make.make_report(desk.program, desk.site, make.make_period("2026 Q2"))
    make.submitted(desk.now(), desk.typed(), desk.reporter)
    make.submitted(first, desk.typed() | {desk.milestone: "no"}, desk.reporter)
    work = load_work(desk.manager, TODAY)
    assert [task.report for task in work.review] == [desk.report, first]
    assert number(signed_in(desk.manager)) == "2"
    assert desk.url("report-review") in page_of(signed_in(desk.manager).get(WORK))


def test_what_a_manager_typed_waits_for_another(desk: Desk) -> None:
    make.submitted(desk.now(), desk.typed(), desk.manager)
    assert [task.report for task in load_work(desk.manager, TODAY).others_review] == [desk.report]
    assert [task.report for task in load_work(desk.other_manager, TODAY).review] == [desk.report]
    assert (number(signed_in(desk.manager)), number(signed_in(desk.other_manager))) == ("", "1")


def test_a_manager_sees_what_is_overdue_and_how_many_there_are(desk: Desk) -> None:
    work = load_work(desk.manager, TODAY)
    assert [task.report for task in work.late_in_programs] == [desk.report]
    assert [(row["draft"], row["overdue"], row["approved"]) for row in work.programs] == [(1, 1, 0)]
    page = page_of(signed_in(desk.manager).get(WORK))
    assert f"/reports/?program={desk.program.pk}" in page


@pytest.mark.parametrize("who", ["viewer", "administrator"])
def test_who_has_nothing_to_do_is_told_what_would_stand_here(desk: Desk, who: str) -> None:
    person = desk.viewer if who == "viewer" else make.make_administrator()
    page = page_of(signed_in(person).get(WORK))
    assert "The reports that you write or review will stand here." in page
    assert "First site" not in page


def test_a_locked_report_waits_for_nobody(desk: Desk) -> None:
    desk.submitted()
    desk.report.period.locked = True
    desk.report.period.save()
    assert load_work(desk.manager, TODAY).review == []
    assert number(signed_in(desk.manager)) == ""


def test_expected_rows_are_those_of_the_sheet(desk: Desk) -> None:
    yearly = make.make_indicator(desk.program, frequency="year", calendar="fiscal")
    closed = make.make_indicator(desk.program, starts_on=date(2020, 1, 1), closed_on=date(2025, 12, 31))
    overall = make.make_indicator(desk.program, reported_by="program")
    lay_series(indicators=[yearly, closed, overall])
    fiscal = make.make_report(desk.program, desk.site, make.make_period("FY2026"))
    calendar = make.make_report(desk.program, desk.site, make.make_period("2025"))
    whole = make.make_report(desk.program, None)
    expected = {report.pk: report.expected for report in Report.objects.with_progress()}
    assert expected == {desk.report.pk: 3, fiscal.pk: 1, calendar.pk: 0, whole.pk: 1}


# the list ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "listed", "opens"),
    [("reporter", True, True), ("manager", True, True), ("viewer", True, False), ("outsider", False, False)],
)
def test_who_sees_what_in_the_list(desk: Desk, who: str, listed: bool, opens: bool) -> None:
    page = page_of(signed_in(getattr(desk, who)).get(REPORTS))
    assert ("First site" in page) == listed
    assert (f'href="{desk.url()}"' in page) == opens


def test_the_list_is_narrowed(desk: Desk) -> None:
    theirs = make.make_report(desk.program, desk.other_site, make.make_period("2031 Q1"))
    desk.approved()
    client = signed_in(desk.manager)

    def shown(**wanted: str | int) -> set[str]:
        page = page_of(client.get(REPORTS, wanted))
        return set(re.findall(r'href="(/reports/\d+/)"', page))

    both = {desk.url(), reverse("report-entry", args=[theirs.pk])}
    assert shown() == both
    assert shown(program=desk.program.pk) == both
    assert shown(site=desk.site.pk) == {desk.url()}
    assert shown(period=theirs.period_id) == both - {desk.url()}
    assert shown(state="approved") == {desk.url()}
    assert shown(state="returned") == set()
    assert shown(late="on") == {desk.url()}  # first handed in after its due day


@pytest.mark.parametrize(
    "query",
    [
        "program=x",
        "site=99999999999999999999999",
        "state=lost",
        "sort=nothing",
        "page=9999",
        "page=x",
    ],
)
def test_a_list_that_is_asked_for_nonsense(desk: Desk, query: str) -> None:
    response = signed_in(desk.manager).get(f"{REPORTS}?{query}")
    assert response.status_code == 200
    assert "First site" in page_of(response)


def test_a_program_of_others_narrows_nothing_and_shows_nothing(desk: Desk) -> None:
    other = make.make_report(make.make_program(name="Hidden program"))
    page = page_of(signed_in(desk.manager).get(REPORTS, {"program": other.program_id}))
    assert "Hidden program" not in page


@pytest.mark.parametrize("column", ["program", "site", "period", "state", "due", "submitted_at"])
def test_the_list_is_sorted(desk: Desk, column: str) -> None:
    make.make_report(desk.program, desk.other_site)
    for order in (column, f"-{column}"):
        assert "aria-sort" in page_of(signed_in(desk.manager).get(REPORTS, {"sort": order}))


def test_what_was_published_without_days_comes_after_what_is_reported(desk: Desk) -> None:
    undated = open_period(span=Span(Kind.OTHER, None, None, "at publication (2013)"), due_on=None)
    old = make.make_report(desk.program, desk.site, undated)
    page = page_of(signed_in(desk.manager).get(REPORTS))
    assert page.index(desk.url()) < page.index(reverse("report-entry", args=[old.pk]))


def test_paper_says_what_the_list_was_narrowed_by_and_which_of_its_rows_it_holds(desk: Desk) -> None:
    for year in range(2010, 2020):
        for quarter in (1, 2, 3):
            make.make_report(desk.program, desk.site, make.make_period(f"{year} Q{quarter}"))
    page = page_of(signed_in(desk.manager).get(REPORTS, {"site": str(desk.site.pk), "state": "draft"}))
    told = [" ".join(it.split()) for it in re.findall(r'<p class="print-only">(.*?)</p>', page, re.DOTALL)]
    assert told[:2] == [f"Site: {desk.site} · State: draft", "1 to 25 of 31"]


def test_the_list_has_pages(desk: Desk) -> None:
    for year in range(2010, 2020):
        for quarter in (1, 2, 3):
            make.make_report(desk.program, desk.site, make.make_period(f"{year} Q{quarter}"))
    page = words(signed_in(desk.manager).get(REPORTS))
    assert "1 to 25 of 31" in page
    assert "26 to 31 of 31" in words(signed_in(desk.manager).get(REPORTS, {"page": 2}))


# how many queries --------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(desk: Desk) -> None:
    counts = []
    for site in (desk.site, desk.other_site):
        client = signed_in(desk.manager)
        make.assign(desk.manager, desk.program, "reporter", site)
        report = make.make_report(desk.program, site, make.make_period("2026 Q2"))
        Report.objects.filter(pk=report.pk).update(state=State.DRAFT)
        found = []
        for url in (WORK, REPORTS):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        counts.append(found)
        for number_of in range(5):
            make.make_report(
                desk.program, make.make_site(desk.program), make.make_period(f"2024 Q{number_of % 4 + 1}")
            )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
