"""A file is given out to whoever sees a draft or a figure that rests on it, and to nobody else."""

from __future__ import annotations

import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from indicators import keeping
from indicators.actions import approve, open_report, save
from indicators.actions.attaching import attach
from indicators.actions.reporting import digest_of_results
from indicators.models import Entry, Evidence, Series
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

pytestmark = pytest.mark.django_db
CONTENT = b"The register says 12."


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def kept(desk: Desk) -> Evidence:
    """A file that a draft rests on."""
    return make.hand_in(desk.report, desk.counted, desk.reporter)


def address(kept: Evidence) -> str:
    return reverse("evidence", args=[kept.pk])


def ask(kept: Evidence, by: User, **headers: str) -> HttpResponseBase:
    return signed_in(by).get(address(kept), headers=headers)


def bound_to(desk: Desk) -> User:
    """A reporter of the other site alone."""
    person = make.make_user()
    make.assign(person, desk.program, "reporter", desk.other_site)
    return person


def into_the_ledger(desk: Desk, kept: Evidence) -> None:
    """Bring the figure that rests on the file into the ledger."""
    report = desk.now()
    rows = {**desk.typed(), desk.counted: Typed(value="12", evidence=f"file:{kept.sha256}")}
    make.approved(report, rows, desk.reporter, desk.manager)
    assert Entry.objects.filter(evidence=kept).exists()


DRAFT = {
    "reporter": 200, "colleague": 200, "manager": 200, "administrator": 200,
    "viewer": 404, "outsider": 404, "bound": 404,
}  # fmt: skip


def person_of(desk: Desk, who: str) -> User:
    if who == "administrator":
        return make.make_administrator()
    return bound_to(desk) if who == "bound" else getattr(desk, who)


@pytest.mark.parametrize("who", DRAFT)
def test_the_file_of_a_draft_is_for_who_sees_the_draft(desk: Desk, kept: Evidence, who: str) -> None:
    response = ask(kept, person_of(desk, who))
    assert response.status_code == DRAFT[who]
    assert (getattr(response, "content", b"") == CONTENT) == (DRAFT[who] == 200)


@pytest.mark.parametrize("who", DRAFT)
def test_the_file_of_a_figure_is_for_who_sees_the_figure(desk: Desk, kept: Evidence, who: str) -> None:
    into_the_ledger(desk, kept)
    expected = {**DRAFT, "viewer": 200}[who]
    assert ask(kept, person_of(desk, who)).status_code == expected


def test_who_is_of_another_site_gets_it_once_that_site_rests_on_it_too(desk: Desk, kept: Evidence) -> None:
    other = Series.objects.get(indicator=desk.counted.indicator, site=desk.other_site, category=None)
    person = bound_to(desk)
    assert ask(kept, person).status_code == 404
    period = desk.report.period
    report = open_report(program_id=desk.program.pk, site_id=desk.other_site.pk, period=period)
    assert make.hand_in(report, other, desk.colleague) == kept
    assert ask(kept, person).status_code == 200


def test_who_takes_it_off_the_draft_sees_it_no_longer(desk: Desk, kept: Evidence) -> None:
    assert ask(kept, desk.reporter).status_code == 200
    report = desk.now()
    save(report_id=report.pk, by=desk.reporter, typed={desk.counted.pk: Typed()}, version=report.version)
    assert ask(kept, desk.reporter).status_code == 404


def test_who_lost_the_role_gets_nothing_even_with_the_file_in_the_browser(desk: Desk, kept: Evidence) -> None:
    tag = ask(kept, desk.reporter)["ETag"]
    assert ask(kept, desk.reporter, if_none_match=tag).status_code == 304
    desk.reporter.assignments.all().delete()
    assert ask(kept, desk.reporter, if_none_match=tag).status_code == 404


def test_a_link_or_a_citation_is_no_file(desk: Desk) -> None:
    report = desk.now()
    rows = {desk.counted.pk: Typed(evidence="A report")}
    save(report_id=report.pk, by=desk.reporter, typed=rows, version=0)
    assert ask(Evidence.objects.get(), desk.reporter).status_code == 404


def test_an_id_that_is_none_is_missing(desk: Desk) -> None:
    assert signed_in(desk.manager).get(f"/evidence/{10**17}/").status_code == 404


def test_it_is_to_be_saved_and_never_run(desk: Desk, kept: Evidence) -> None:
    response = ask(kept, desk.reporter)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="register.txt"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{kept.sha256}"'
    assert response["Content-Length"] == str(kept.size)


def test_a_name_of_the_field_travels_whole(desk: Desk) -> None:
    one = attach(
        report_id=desk.report.pk, by=desk.reporter, series_id=desk.counted.pk,
        name='informe "año" 2026.txt', content=b"x",
    )  # fmt: skip
    save(
        report_id=desk.report.pk, by=desk.reporter,
        typed={desk.counted.pk: Typed(evidence=f"file:{one.sha256}")}, version=0,
    )  # fmt: skip
    said = ask(one, desk.reporter)["Content-Disposition"]
    assert said == "attachment; filename*=utf-8''informe%20_a%C3%B1o_%202026.txt"


@pytest.mark.parametrize("content", [b"Something else was counted.", b"", None])
def test_what_is_not_what_was_handed_in_is_not_given_out(
    desk: Desk, kept: Evidence, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = keeping.path_of(kept.stored)
    path.unlink() if content is None else path.write_bytes(content)
    response = ask(kept, desk.reporter)
    assert response.status_code == 500
    page = page_of(response)
    assert "register.txt is missing, or it is not what was handed in." in page
    assert kept.sha256 in page
    assert "Something else" not in page
    assert f"evidence {kept.pk}" in caplog.text


def test_it_asks_for_the_file_once(desk: Desk, kept: Evidence, django_assert_num_queries: object) -> None:
    client = signed_in(desk.viewer)
    into_the_ledger(desk, kept)
    with django_assert_num_queries(3):  # type: ignore[operator]  # session, person, file
        client.get(address(kept))


def test_review_reading_page_and_ledger_lead_to_the_file(desk: Desk, kept: Evidence) -> None:
    rows = {**desk.typed(), desk.counted: Typed(value="12", evidence=f"file:{kept.sha256}")}
    make.submitted(desk.now(), rows, desk.reporter)
    link = f'<a href="/evidence/{kept.pk}/">register.txt</a>'
    pages = [signed_in(desk.manager).get(desk.url("report-review")), signed_in(desk.reporter).get(desk.url())]
    approve_now(desk)
    indicator = f"/programs/{desk.program.code}/indicators/{desk.counted.indicator.code}/"
    pages.append(signed_in(desk.viewer).get(indicator))
    for page in map(page_of, pages):
        assert link in page
        assert f'title="{kept.sha256}"' in page


def approve_now(desk: Desk) -> None:
    report = desk.now()
    approve(report_id=report.pk, by=desk.manager, submission=1, digest=digest_of_results(report))


# --- the command ---------------


def check(*options: str) -> tuple[int, str]:
    """What `manage.py evidence` says, and how it ends."""
    said = StringIO()
    try:
        call_command("evidence", *options, stdout=said, stderr=said)
    except SystemExit as ended:
        return int(str(ended.code)), said.getvalue()
    return 0, said.getvalue()


def test_the_command_is_content_with_what_is_there(kept: Evidence) -> None:
    ended, said = check()
    assert ended == 0
    assert "1 file, each as it was handed in" in said


@pytest.mark.parametrize(("content", "word"), [(b"The register says 99.", "changed"), (None, "missing")])
def test_the_command_names_what_is_missing_or_changed(
    kept: Evidence, content: bytes | None, word: str
) -> None:
    path = keeping.path_of(kept.stored)
    path.unlink() if content is None else path.write_bytes(content)
    ended, said = check()
    assert ended == 1
    assert f"{word}: {kept.stored}" in said
    assert "register.txt" in said


def test_the_command_finds_and_removes_what_no_row_names(kept: Evidence) -> None:
    old = keeping.put(b"nobody's")
    fresh = keeping.put(b"perhaps on its way")
    half = keeping.path_of(old).with_suffix(keeping.NEW)
    half.write_bytes(b"half")
    for path in (keeping.path_of(old), half):
        os.utime(path, (1, 1))
    ended, said = check()
    assert (ended, f"no row names: {old}\n" in said, fresh in said) == (0, True, False)
    check("--remove-orphans")
    assert not keeping.path_of(old).exists()
    assert not half.exists()
    assert keeping.path_of(fresh).exists()
    assert keeping.path_of(kept.stored).exists()
    keeping.discard(fresh)


def test_evidence_of_a_program_with_no_roles_left_is_for_administrators(desk: Desk, kept: Evidence) -> None:
    response = ask(kept, make.make_administrator())
    assert isinstance(response, HttpResponse)
    assert response.content == CONTENT
