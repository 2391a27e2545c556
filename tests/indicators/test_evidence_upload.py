"""A file handed in with a row: kept, shown, replaced, taken away, refused."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase

from indicators import keeping
from indicators.actions import NotAllowed, Refused, approve, save, send_back, set_plans
from indicators.actions.attaching import attach
from indicators.actions.planning import Plan
from indicators.actions.reporting import digest_of_results
from indicators.digests import digest_of_evidence
from indicators.forms.sent import was_of
from indicators.merging import marks_of
from indicators.models import Entry, Evidence, Result, Series, Step
from indicators.periods import parse_label
from indicators.reading import typed_file
from indicators.rows import Typed
from programs.models import User
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in
from tests.indicators.stage import sql

pytestmark = pytest.mark.django_db
CONTENT = b"Name;Day\nThe register says 12;2026-08-02\n"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def a_file(content: bytes = CONTENT, name: str = "register.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")  # what a browser says of it counts for nothing


def send(
    desk: Desk, boxes: Mapping[str, object] | None = None, *, by: User | None = None, htmx: bool = False
) -> HttpResponseBase:
    """Post the counted row as the page does, with these boxes besides."""
    key = desk.counted.pk
    saved = Result.objects.filter(report=desk.report, series=key).first()
    shown = {key: marks_of(saved.as_typed if saved else Typed()), desk.women.pk: {}, desk.men.pk: {}}
    row: dict[str, object] = {
        f"value-{key}": "12",
        f"evidence-{key}": "",
        f"was-{key}": was_of(shown),
        "version": str(desk.now().version),
    }
    headers = {"HX-Request": "true"} if htmx else {}
    return signed_in(by or desk.reporter).post(
        desk.url("report-save"), row | dict(boxes or {}), headers=headers
    )


def result(desk: Desk) -> Result:
    return Result.objects.select_related("evidence").get(report=desk.report, series=desk.counted)


def held(desk: Desk) -> Evidence:
    """The evidence of the counted row."""
    evidence = result(desk).evidence
    assert evidence is not None
    return evidence


def kept_files() -> set[Path]:
    return {path for path in Path(settings.EVIDENCE_DIR).rglob("*") if path.is_file()}


def field(desk: Desk, name: str = "file") -> str:
    return f"{name}-{desk.counted.pk}"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_file_is_kept_with_its_row(desk: Desk, htmx: bool) -> None:
    before = kept_files()
    response = send(desk, htmx=htmx, boxes={field(desk): a_file()})
    assert response.status_code == (200 if htmx else 302)
    kept = held(desk)
    assert (kept.kind, kept.text, kept.size) == ("file", "register.csv", len(CONTENT))
    assert kept.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (kept.content_type, kept.created_by) == ("text/csv", desk.reporter)
    assert result(desk).typed == "12"
    assert result(desk).evidence_typed == typed_file(kept.sha256)
    assert desk.now().version == 1
    assert kept_files() - before == {keeping.path_of(kept.stored)}


def test_it_lies_under_a_random_name_for_nobody_else_to_read(desk: Desk) -> None:
    send(desk, {field(desk): a_file()})
    path = keeping.path_of(held(desk).stored)
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not Path(settings.EVIDENCE_DIR).is_relative_to(settings.BASE_DIR / "templates")
    assert "register" not in str(path)
    assert held(desk).sha256 not in str(path)


def test_the_page_shows_name_size_and_digest_and_carries_the_file_along(desk: Desk) -> None:
    send(desk, {field(desk): a_file()})
    kept = held(desk)
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    assert f'href="/evidence/{kept.pk}/">register.csv</a>' in page
    assert f"SHA-256 {kept.sha256[:8]}" in page
    assert f'value="{typed_file(kept.sha256)}"' in page
    assert f'name="unfile-{desk.counted.pk}"' in page
    assert f'<textarea id="evidence-{desk.counted.pk}"' not in page


def test_every_row_offers_to_choose_a_file(desk: Desk) -> None:
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    assert page.count('type="file"') == 3
    assert 'enctype="multipart/form-data"' in page
    assert page.count('hx-encoding="multipart/form-data"') == 3


def test_a_row_that_has_a_file_offers_another_instead(desk: Desk) -> None:
    assert page_of(signed_in(desk.reporter).get(desk.url())).count("or a file: ") == 3
    assert "another file instead, " in page_of(send(desk, htmx=True, boxes={field(desk): a_file()}))
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    assert (page.count("or a file: "), page.count("another file instead, ")) == (2, 1)


def test_a_row_that_saves_itself_is_shown_anew_with_its_file(desk: Desk) -> None:
    page = page_of(send(desk, htmx=True, boxes={field(desk): a_file()}))
    assert f'<div id="evidence-{desk.counted.pk}-box" hx-swap-oob="true">' in page
    assert "register.csv</a>" in page


def test_a_row_without_a_file_keeps_what_is_being_typed(desk: Desk) -> None:
    page = page_of(send(desk, htmx=True, boxes={field(desk, "evidence"): "A report, 2026"}))
    assert f'id="evidence-{desk.counted.pk}-box"' not in page


def test_saving_the_page_again_keeps_the_file(desk: Desk) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    send(desk, {field(desk, "evidence"): typed_file(kept.sha256), field(desk, "value"): "13"})
    assert (held(desk), result(desk).typed) == (kept, "13")


def test_a_file_takes_the_place_of_a_link(desk: Desk) -> None:
    send(desk, {field(desk, "evidence"): "https://example.org/report", field(desk): a_file()})
    assert held(desk).kind == "file"


def test_another_file_takes_the_place_of_the_first(desk: Desk) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    said = {field(desk, "evidence"): typed_file(kept.sha256), field(desk, "unfile"): "yes"}
    send(desk, {**said, field(desk): a_file(b"another", "another.txt")})
    assert held(desk).text == "another.txt"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_file_is_taken_off_the_draft(desk: Desk, htmx: bool) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    said = {field(desk, "evidence"): typed_file(kept.sha256), field(desk, "unfile"): "yes"}
    response = send(desk, said, htmx=htmx)
    assert result(desk).evidence is None
    assert Evidence.objects.filter(pk=kept.pk).exists()
    if htmx:
        assert f'<textarea id="evidence-{desk.counted.pk}"' in page_of(response)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_file_is_said_beside_its_field_and_the_rest_stays_typed(desk: Desk, htmx: bool) -> None:
    before = kept_files()
    send(desk)
    bad = a_file(b"<svg onload='alert(1)'></svg>", "picture.png")
    response = send(desk, htmx=htmx, boxes={field(desk): bad, field(desk, "value"): "14"})
    page = page_of(response)
    assert response.status_code == (200 if htmx else 422)
    where = page[page.index(f'id="evidence-{desk.counted.pk}-wrong"') :]
    assert "This is the text of a web page." in where[:400]
    assert htmx or 'value="14"' in page
    assert result(desk).typed == "12"
    assert (kept_files(), Evidence.objects.count()) == (before, 0)


def test_a_large_file_is_refused_with_the_limit(desk: Desk, settings: object) -> None:
    settings.EVIDENCE_MB = 1  # type: ignore[attr-defined]  # pytest-django's settings
    page = page_of(send(desk, {field(desk): a_file(b"x" * 1_000_001, "long.txt")}))
    assert "This file is too large. At most 1 MB are kept." in page
    assert send(desk, {field(desk): a_file(b"x" * 1_000_000, "long.txt")}).status_code == 302


def test_good_files_of_a_page_are_held_on_when_one_is_refused(desk: Desk) -> None:
    key = desk.ratio.pk
    more: dict[str, object] = {f"evidence-{key}": "", f"was-{key}": str(key), f"file-{key}": a_file(b"")}
    page = page_of(send(desk, {field(desk): a_file(), **more}))
    assert "This file is empty." in page
    assert f'value="{typed_file(hashlib.sha256(CONTENT).hexdigest())}"' in page


def test_the_same_content_is_the_same_evidence_under_its_first_name(desk: Desk) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    before = kept_files()
    again = attach(
        report_id=desk.report.pk, by=desk.manager, series_id=desk.ratio.pk, name="b.txt",
        content=b"The register says 12.",
    )  # fmt: skip
    assert (again, again.text, kept_files()) == (kept, "register.txt", before)


def test_who_hands_in_what_another_site_has_may_cite_it(desk: Desk) -> None:
    series = Series.objects.get(indicator=desk.counted.indicator, site=desk.other_site, category=None)
    other = make.make_report(desk.program, desk.other_site)
    kept = make.hand_in(other, series, desk.colleague, CONTENT)
    send(desk, {field(desk): a_file()})
    assert held(desk) == kept


def test_a_digest_alone_cites_nothing(desk: Desk) -> None:
    series = Series.objects.get(indicator=desk.counted.indicator, site=desk.other_site, category=None)
    other = make.make_report(desk.program, desk.other_site)
    kept = make.hand_in(other, series, desk.colleague, CONTENT)
    page = page_of(send(desk, {field(desk, "evidence"): typed_file(kept.sha256)}))
    assert "This file is not known. Choose it anew." in page
    assert not Result.objects.filter(report=desk.report).exists()


def test_a_file_of_another_program_is_not_cited(desk: Desk) -> None:
    elsewhere = make.make_program()
    make.assign(desk.reporter, elsewhere, "manager")
    site = make.make_site(elsewhere)
    series = make.make_series(make.make_indicator(elsewhere), site)
    kept = make.hand_in(make.make_report(elsewhere, site), series, desk.reporter)
    row = Typed(evidence=typed_file(kept.sha256))
    with pytest.raises(Refused, match="not known"):
        save(report_id=desk.report.pk, by=desk.reporter, typed={desk.counted.pk: row}, version=0)


@pytest.mark.parametrize("who", ["viewer", "outsider"])
def test_nobody_else_hands_in(desk: Desk, who: str) -> None:
    before = kept_files()
    with pytest.raises(NotAllowed):
        attach(
            report_id=desk.report.pk, by=getattr(desk, who), series_id=desk.counted.pk, name="a.txt",
            content=CONTENT,
        )  # fmt: skip
    assert kept_files() == before


def test_nothing_is_handed_in_to_a_submitted_report(desk: Desk) -> None:
    desk.submitted()
    before = kept_files()
    response = send(desk, {field(desk): a_file()})
    assert response.status_code == 422
    assert "can’t be changed" in page_of(response) or "can&#x27;t be changed" in page_of(response)
    assert (kept_files(), Evidence.objects.count()) == (before, 0)


def test_a_file_of_a_foreign_row_is_refused(desk: Desk) -> None:
    foreign = make.make_series(make.make_indicator(desk.program), desk.other_site)
    for series in (foreign, desk.women):
        with pytest.raises(Refused, match="no such row"):
            attach(report_id=desk.report.pk, by=desk.reporter, series_id=series.pk, name="a", content=CONTENT)
    key = foreign.pk
    assert send(desk, {f"value-{key}": "1", f"file-{key}": a_file()}).status_code == 422
    assert not Evidence.objects.exists()


def test_a_file_without_its_row_is_left_alone(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    client.post(desk.url("report-save"), {"version": "0", f"file-{desk.counted.pk}": a_file()})
    client.post(desk.url("report-save"), {"version": "0", "file-x": a_file(), "file-" + "9" * 30: a_file()})
    assert not Result.objects.exists()
    assert not Evidence.objects.exists()


def test_a_file_that_meets_another_persons_save_is_not_lost(desk: Desk) -> None:
    send(desk, by=desk.colleague, boxes={field(desk, "evidence"): "A citation"})
    as_before = was_of({desk.counted.pk: {}, desk.women.pk: {}, desk.men.pk: {}})
    response = send(desk, {field(desk): a_file(), "version": "0", field(desk, "was"): as_before})
    page = page_of(response)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert response.status_code == 409
    assert f'value="{typed_file(digest)}"' in page
    assert f"file with SHA-256 {digest[:8]}…" in page
    assert "A citation" in page


def test_who_hands_in_a_file_has_typed(desk: Desk) -> None:
    make.hand_in(desk.report, desk.counted, desk.other_manager)
    report = make.submitted(desk.now(), with_file(desk), desk.reporter)
    with pytest.raises(NotAllowed):
        approve(report_id=report.pk, by=desk.other_manager, submission=1, digest=digest_of_results(report))


def with_file(desk: Desk, **more: str) -> dict[Series, str | Typed]:
    """Every row, the counted one with the file that it holds."""
    return {**desk.typed(), desk.counted: replace(result(desk).as_typed, value="12", **more)}


def test_the_digest_of_a_submission_covers_the_file(desk: Desk) -> None:
    make.hand_in(desk.report, desk.counted, desk.reporter)
    make.submitted(desk.now(), with_file(desk), desk.reporter)
    first = Step.objects.get().digest
    assert first == digest_of_results(desk.now())
    send_back(report_id=desk.report.pk, by=desk.manager, submission=1, remarks={desk.counted.pk: "?"})
    make.hand_in(desk.now(), desk.counted, desk.reporter, b"Another register says 12.")
    assert digest_of_results(desk.now()) != first


def test_the_ledger_takes_the_digest_of_the_file(desk: Desk) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    make.approved(desk.now(), with_file(desk), desk.reporter, desk.manager)
    entry = Entry.objects.get(series=desk.counted)
    assert entry.evidence == kept
    content = sql("SELECT ledger_content(e) FROM indicators_entry e WHERE id = %s", entry.pk)[0][0]
    assert kept.sha256 in content


def test_a_file_has_no_day_of_publication(desk: Desk) -> None:
    make.hand_in(desk.report, desk.counted, desk.reporter)
    with pytest.raises(Refused, match="not beside a file"):
        make.submitted(desk.now(), with_file(desk, published="2026-08"), desk.reporter)
    assert held(desk).published == ""


def test_a_plan_cites_no_file(desk: Desk) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    plan = Plan(
        desk.counted.indicator_id, parse_label("2026"), Typed(value="5", evidence=typed_file(kept.sha256))
    )
    with pytest.raises(Refused, match="can't stand here"):
        set_plans(program_id=desk.program.pk, by=desk.manager, plans=[plan], reason="planned")


def test_no_text_has_the_digest_of_a_link(desk: Desk) -> None:
    content = b'["citation", "A report", ""]'
    assert hashlib.sha256(content).hexdigest() == digest_of_evidence("citation", "A report", "")
    with pytest.raises(Refused, match="none of the kinds"):
        attach(
            report_id=desk.report.pk, by=desk.reporter, series_id=desk.counted.pk, name="a", content=content
        )


def test_a_file_of_a_row_that_was_never_committed_is_left_for_the_command(desk: Desk) -> None:
    before = kept_files()
    with transaction.atomic():
        make.hand_in(desk.report, desk.counted, desk.reporter)
        transaction.set_rollback(True)
    assert not Evidence.objects.exists()
    left = kept_files() - before
    assert {f"{path.parent.name}/{path.name}" for path in left} <= set(keeping.orphans([], older_than=-1))
    assert len(left) == 1
    assert not set(keeping.orphans([])) & {f"{path.parent.name}/{path.name}" for path in left}


@pytest.mark.parametrize("column", ["stored", "size", "sha256", "text"])
def test_what_is_kept_of_a_file_never_changes(desk: Desk, column: str) -> None:
    kept = make.hand_in(desk.report, desk.counted, desk.reporter)
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        Evidence.objects.filter(pk=kept.pk).update(**{column: 1})


def test_names_are_shown_as_text_only(desk: Desk) -> None:
    send(desk, {field(desk): a_file(name="<img src=x onerror=alert(1)>.csv")})
    assert held(desk).text == "_img src=x onerror=alert(1)_.csv"
    assert "<img" not in page_of(signed_in(desk.reporter).get(desk.url()))


def test_handing_in_asks_the_same_however_many_rows_there_are(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django's fixture
        attach(
            report_id=desk.report.pk, by=desk.reporter, series_id=desk.counted.pk, name="a.txt",
            content=CONTENT,
        )  # fmt: skip
