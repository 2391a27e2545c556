"""A report under review: what the reviewer sees, sends back, approves and reopens; and what is refused."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import save, send_back, submit
from indicators.actions.planning import Plan, set_plans
from indicators.actions.reporting import digest_of_results
from indicators.models import Entry, Remark, Report, Result, Series, State
from indicators.periods import quarter
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in
from tests.indicators.test_entry import grown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def seen(report: Report) -> dict[str, str]:
    """What the page of a submitted report carries along."""
    return {"submission": str(report.submission), "digest": digest_of_results(report)}


# the page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("reporter", 403), ("viewer", 403), ("outsider", 404)],
)
def test_who_reviews(desk: Desk, who: str, status: int) -> None:
    desk.submitted()
    client = signed_in(getattr(desk, who))
    assert client.get(desk.url("report-review")).status_code == status
    if status != 200:
        for name in ("report-approve", "report-send-back", "report-reopen"):
            assert client.post(desk.url(name), {"reason": "x"}).status_code == status
        assert desk.now().state == State.SUBMITTED


def test_an_administrator_looks_but_does_not_decide(desk: Desk) -> None:
    report, client = desk.submitted(), signed_in(make.make_administrator())
    page = page_of(client.get(desk.url("report-review")))
    assert "You can look at this report, but not decide on it." in page
    assert desk.url("report-approve") not in page
    assert client.post(desk.url("report-approve"), seen(report)).status_code == 403
    assert client.post(desk.url("report-approve"), seen(report) | {"reason": "Why?"}).status_code == 403


def test_everything_beside_what_it_is_judged_by(desk: Desk) -> None:
    for label, value in (("2025 Q3", "10"), ("2026 Q2", "4")):
        report = make.make_report(desk.program, desk.site, make.make_period(label))
        parts = {desk.women: value, desk.men: "0"}
        rest: dict[Series, str | Typed] = {
            desk.ratio: Typed(numerator="3", denominator="4"),
            desk.milestone: "no",
        }
        make.approved(report, {desk.counted: value, **parts, **rest}, desk.reporter, desk.manager)
    plan = Plan(desk.counted.indicator_id, quarter(2026, 3), Typed(value="60"), site_id=desk.site.pk)
    set_plans(program_id=desk.program.pk, by=desk.manager, plans=[plan], reason="the plan")
    said = Typed(value="22", explanation="two <more> courses", evidence="https://example.org/register")
    make.submitted(desk.now(), desk.typed() | {desk.counted: said, desk.men: "15"}, desk.reporter)
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    row = page[page.index(f'id="row-{desk.counted.pk}"') :].split("</tbody>")[0]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
    for text in (
        "22",
        "60",
        "36.7 %",
        "63.3 % under",
        "off target: behind",
        "3.1 × its usual",
        "women 7",
        "men 15",
    ):
        assert text in words
    assert "two &lt;more&gt; courses" in row
    assert 'href="https://example.org/register"' in row
    assert page.index(f'id="row-{desk.counted.pk}"') < page.index(f'id="row-{desk.ratio.pk}"')
    assert "no evidence" in page
    assert "Approve 3 figures" in page
    assert "With 2 parts by category." in page


def test_who_typed_does_not_approve(desk: Desk) -> None:
    save(report_id=desk.report.pk, by=desk.manager, typed={desk.women.pk: Typed(value="7")}, version=0)
    report = make.submitted(desk.now(), desk.typed(), desk.reporter)
    client = signed_in(desk.manager)
    page = page_of(client.get(desk.url("report-review")))
    assert "Another manager has to review it." in page
    assert desk.url("report-approve") not in page
    assert "ask an administrator to name another manager" not in page
    response = client.post(desk.url("report-approve"), seen(report))
    assert response.status_code == 403
    assert "Another manager has to review it." in page_of(response)
    assert not Entry.objects.exists()


def test_a_program_without_a_second_manager_is_told_so(desk: Desk) -> None:
    desk.other_manager.assignments.all().delete()
    make.submitted(desk.now(), desk.typed(), desk.manager)
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    assert "ask an administrator to name another manager" in page


def test_a_draft_does_not_wait_for_a_review(desk: Desk) -> None:
    page = page_of(signed_in(desk.manager).get(desk.url("report-review")))
    assert "This report does not wait for a review." in page
    assert desk.url("report-approve") not in page


# sending back ------------------------------------------------------------------------------------------


def test_send_back_with_remarks(desk: Desk) -> None:
    report = desk.submitted()
    form = seen(report) | {f"remark-{desk.counted.pk}": "counted twice?", f"remark-{desk.ratio.pk}": " "}
    response = signed_in(desk.manager).post(desk.url("report-send-back"), form, follow=True)
    assert "was sent back" in page_of(response)
    assert desk.now().state == State.RETURNED
    assert [remark.text for remark in Remark.objects.all()] == ["counted twice?"]
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    row = page[page.index(f'id="row-{desk.counted.pk}"') : page.index(f'id="row-{desk.ratio.pk}"')]
    assert "counted twice?" in row
    assert "Sent back by manager" in page


def test_send_back_without_a_word(desk: Desk) -> None:
    response = signed_in(desk.manager).post(desk.url("report-send-back"), seen(desk.submitted()))
    assert response.status_code == 422
    assert "Say what has to be mended" in page_of(response)
    assert desk.now().state == State.SUBMITTED


@pytest.mark.parametrize("text", ["no\x00", "x" * 1_000_000])
def test_remarks_that_cannot_be_kept(desk: Desk, text: str) -> None:
    form = seen(desk.submitted()) | {f"remark-{desk.counted.pk}": text, f"remark-{desk.ratio.pk}": "fine"}
    response = signed_in(desk.manager).post(desk.url("report-send-back"), form)
    page = page_of(response)
    assert response.status_code == 422
    assert "kept" in page[page.index(f'id="row-{desk.counted.pk}"') :]
    assert f"{text}</textarea>" in page
    assert "fine</textarea>" in page
    assert not Remark.objects.exists()


def test_a_remark_on_a_row_of_another_report(desk: Desk) -> None:
    theirs = make.make_series(make.make_indicator(desk.program), desk.other_site)
    form = seen(desk.submitted()) | {f"remark-{theirs.pk}": "x", f"remark-{desk.counted.pk}": "kept here"}
    response = signed_in(desk.manager).post(desk.url("report-send-back"), form)
    assert response.status_code == 422
    assert "This report has no such row." in page_of(response)
    assert "kept here</textarea>" in page_of(response)
    assert desk.now().state == State.SUBMITTED


def test_send_back_what_was_submitted_anew(desk: Desk) -> None:
    old = seen(desk.submitted())
    send_back(report_id=desk.report.pk, by=desk.other_manager, submission=1, remarks={}, reason="mend")
    submit(report_id=desk.report.pk, by=desk.reporter, version=1)
    form = old | {f"remark-{desk.counted.pk}": "counted twice?"}
    response = signed_in(desk.manager).post(desk.url("report-send-back"), form)
    assert response.status_code == 409
    assert "submitted anew since you opened it" in page_of(response)
    assert "counted twice?</textarea>" in page_of(response)
    assert desk.now().state == State.SUBMITTED


# approving ---------------------------------------------------------------------------------------------


def approval(desk: Desk, by: User | None = None) -> dict[str, str]:
    """The form of the page, as a browser would send it."""
    page = page_of(signed_in(by or desk.manager).get(desk.url("report-review")))
    return dict(re.findall(r'name="(submission|digest)" value="([^"]*)"', page))


def test_approve(desk: Desk) -> None:
    desk.submitted()
    response = signed_in(desk.manager).post(desk.url("report-approve"), approval(desk), follow=True)
    assert "its figures are in the ledger" in page_of(response)
    assert desk.now().state == State.APPROVED
    assert Entry.objects.count() == 5
    assert "approved" in page_of(response)


def test_approve_twice(desk: Desk) -> None:
    desk.submitted()
    client, form = signed_in(desk.manager), approval(desk)
    client.post(desk.url("report-approve"), form)
    response = client.post(desk.url("report-approve"), form)
    assert response.status_code == 422
    assert "This report is approved now, so this can&#x27;t be done." in page_of(response)
    assert Entry.objects.count() == 5


def test_approve_what_changed_since_the_page_was_opened(desk: Desk) -> None:
    desk.submitted()
    form = approval(desk)
    send_back(report_id=desk.report.pk, by=desk.other_manager, submission=1, remarks={}, reason="mend")
    save(report_id=desk.report.pk, by=desk.reporter, typed={desk.milestone.pk: Typed(value="no")}, version=1)
    submit(report_id=desk.report.pk, by=desk.reporter, version=2)
    response = signed_in(desk.manager).post(desk.url("report-approve"), form)
    assert response.status_code == 409
    assert "submitted anew since you opened it" in page_of(response)
    assert "not done" in page_of(response)
    assert not Entry.objects.exists()


def test_approve_with_another_digest(desk: Desk) -> None:
    form = seen(desk.submitted()) | {"digest": "0" * 64}
    response = signed_in(desk.manager).post(desk.url("report-approve"), form)
    assert response.status_code == 409
    assert "The figures changed since you opened this page." in page_of(response)
    assert desk.now().state == State.SUBMITTED


@pytest.mark.parametrize("submission", ["", "x", "-1", "1" * 40, None])
def test_approve_with_a_submission_that_is_none(desk: Desk, submission: str | None) -> None:
    form = seen(desk.submitted())
    form.pop("submission")
    form |= {} if submission is None else {"submission": submission}
    assert signed_in(desk.manager).post(desk.url("report-approve"), form).status_code == 409
    assert not Entry.objects.exists()


def test_approving_never_drops_a_remark_unread(desk: Desk) -> None:
    form = seen(desk.submitted()) | {f"remark-{desk.counted.pk}": "counted twice?"}
    response = signed_in(desk.manager).post(desk.url("report-approve"), form)
    assert response.status_code == 422
    assert "Clear them to approve." in page_of(response)
    assert "counted twice?</textarea>" in page_of(response)
    assert desk.now().state == State.SUBMITTED


def test_approve_in_a_locked_period(desk: Desk) -> None:
    form = seen(desk.submitted())
    desk.report.period.locked = True
    desk.report.period.save()
    response = signed_in(desk.manager).post(desk.url("report-approve"), form)
    assert response.status_code == 422
    assert "is locked" in page_of(response)
    assert not Entry.objects.exists()


# reopening ---------------------------------------------------------------------------------------------


def test_reopen_with_a_reason(desk: Desk) -> None:
    desk.approved()
    client = signed_in(desk.manager)
    assert desk.url("report-reopen") in page_of(client.get(desk.url()))
    response = client.post(desk.url("report-reopen"), {"reason": "a typing error"}, follow=True)
    assert "Its figures stay in force" in page_of(response)
    assert "a typing error" in page_of(response)
    assert desk.now().state == State.RETURNED
    assert Entry.objects.in_force().count() == 5


def test_reopen_without_a_reason(desk: Desk) -> None:
    desk.approved()
    response = signed_in(desk.manager).post(desk.url("report-reopen"), {"reason": " "})
    assert response.status_code == 422
    assert "Say why the report is reopened." in page_of(response)
    assert desk.now().state == State.APPROVED


def test_reopening_is_not_offered_to_reporters(desk: Desk) -> None:
    desk.approved()
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    assert desk.url("report-reopen") not in page
    assert "approved" in page


def test_what_could_not_be_read_is_shown_as_typed(desk: Desk) -> None:
    save(
        report_id=desk.report.pk, by=desk.reporter, typed={desk.counted.pk: Typed(value="about 7")}, version=0
    )
    assert "typed: about 7" in page_of(signed_in(desk.manager).get(desk.url("report-review")))


# how many queries --------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for draft in (grown(5, 1), grown(50, 20)):
        assert draft.saved_by
        report = submit(report_id=draft.pk, by=draft.saved_by, version=1)
        manager = User.objects.get(assignments__program=report.program_id, assignments__role="manager")
        client, url = signed_in(manager), f"/reports/{report.pk}/"
        client.get(url)
        with CaptureQueriesContext(connection) as page:
            assert client.get(f"{url}review/").status_code == 200
        with CaptureQueriesContext(connection) as approved:
            assert client.post(f"{url}approve/", seen(report)).status_code == 302
        assert (
            Entry.objects.filter(program=report.program_id).count()
            == Result.objects.filter(report=report).count()
        )
        counts.append((len(page), len(approved)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12
    assert counts[0][1] <= 25
