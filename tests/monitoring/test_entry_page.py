"""An entry's own page: what it says, who said so, what it replaced and what replaced it, and its hash."""

from __future__ import annotations

from datetime import UTC

import pytest
from django.urls import reverse

from indicators.actions import Plan, reopen, send_back, set_plans
from indicators.models import Entry, Evidence, Report
from indicators.rows import Typed
from indicators.values import Change
from tests import builders as make
from tests.monitoring.reading import Scene, get, make_scene, queries_of, text_of

pytestmark = pytest.mark.django_db
MOST = 11


def page(number: int, code: str = "READ") -> str:
    return reverse("entry", args=[code, number])


def digest_of(number: int) -> str:
    return bytes(Entry.objects.get(number=number, program__code="READ").hash or b"").hex()


def test_it_says_what_was_reported_by_whom_and_stands_in_the_chain() -> None:
    scene = make_scene()
    shown = text_of(get(scene.manager, page(2)))
    assert '<strong class="figure">30</strong> <span class="unit">people</span>' in shown
    assert "Entry no. 2" in shown
    assert "South" in shown
    assert "In force." in shown
    assert f"<dt>Typed by</dt> <dd>{scene.reporter.username}</dd>" in shown
    assert f"<dt>Submitted by</dt> <dd>{scene.reporter.username}</dd>" in shown
    assert f"<dt>Approved by</dt> <dd>{scene.manager.username}</dd>" in shown
    assert "As counted" in shown
    assert digest_of(2) in shown
    assert digest_of(1) in shown  # the hash before it
    entry = Entry.objects.get(number=2)
    assert entry.recorded_at is not None
    assert entry.recorded_at.astimezone(UTC).isoformat(sep=" ") in shown
    assert f'href="{reverse("report-entry", args=[scene.reports[scene.south.pk].pk])}"' in shown
    assert "none: it is the first entry" in text_of(get(scene.manager, page(1)))


def test_a_correction_and_what_it_corrects_name_each_other_and_the_reason() -> None:
    scene = make_scene()
    scene.correct(scene.north, "15")
    old, new = text_of(get(scene.manager, page(1))), text_of(get(scene.manager, page(4)))
    assert 'Not in force: replaced by no. 4 (<a href="../../ledger/4/">15</a>). Counted twice' in old
    assert '<dt>It replaced</dt> <dd><a href="../../ledger/1/">12</a> (no. 1)</dd>' in new
    assert "In force." in new
    assert "Counted twice" in new
    assert "reopened" in new


def test_a_revised_target_says_why() -> None:
    scene = make_scene()
    plan = Plan(scene.indicator.pk, scene.quarter, Typed(value="60"))
    set_plans(
        program_id=scene.program.pk, by=scene.manager, plans=[plan], reason="Two more", change=Change.REVISES
    )
    shown = text_of(get(scene.manager, page(4)))
    assert "Two more" in shown
    assert "revise the plan" in shown
    assert f"<dt>Set by</dt> <dd>{scene.manager.username}</dd>" in shown
    assert "Two more" in text_of(get(scene.manager, page(3)))


def test_evidence_comes_with_its_digest() -> None:
    scene = make_scene()
    row = Typed(value="5", evidence="Register of 2010, page 4", explanation="As counted")
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    make.approved(report, {scene.series(scene.north): row}, scene.reporter, scene.manager)
    shown = text_of(get(scene.manager, page(4)))
    assert "Register of 2010, page 4" in shown
    assert Evidence.objects.get().sha256 in shown


def returned(scene: Scene) -> Report:
    """A report sent back with a remark on its row, then approved."""
    report = make.make_report(scene.program, scene.north, make.make_period("2010 Q1"))
    series = scene.series(scene.north)
    report = make.submitted(report, {series: "7"}, scene.reporter)
    report = send_back(
        report_id=report.pk,
        by=scene.manager,
        submission=report.submission,
        remarks={series.pk: "Seven of whom?"},
        reason="",
    )
    return make.approved(report, {series: "8"}, scene.reporter, scene.manager)


def test_remarks_on_a_draft_are_for_who_may_see_drafts() -> None:
    scene = make_scene()
    returned(scene)
    viewer = make.make_user()
    make.assign(viewer, scene.program, "viewer")
    assert "Seven of whom?" in text_of(get(scene.manager, page(4)))
    shown = text_of(get(viewer, page(4)))
    assert "sent back" in shown
    assert "Seven of whom?" not in shown
    assert "/reports/" not in shown


def test_who_sees_one_site_sees_its_entries_without_the_chain() -> None:
    scene = make_scene()
    shown = text_of(get(scene.of_north, page(1)))
    assert '<strong class="figure">12</strong>' in shown
    assert digest_of(1) not in shown
    assert [get(scene.of_north, page(number)).status_code for number in (2, 3)] == [404, 404]


def test_nobody_else_and_nothing_else() -> None:
    scene = make_scene()
    make_scene("TWO")
    assert get(make.make_user(), page(1)).status_code == 404
    assert get(scene.manager, page(1, "TWO")).status_code == 404
    assert get(scene.manager, page(99)).status_code == 404
    assert get(scene.manager, page(2**70)).status_code == 404


def test_as_of_an_evening_before_its_correction_it_is_in_force() -> None:
    scene = make_scene()
    before = Entry.objects.latest("number").recorded_at
    assert before is not None
    scene.correct(scene.north, "15")
    then = before.isoformat()
    shown = text_of(get(scene.manager, page(1), as_of=then))
    assert "In force." in shown
    assert "Counted twice" not in shown
    assert get(scene.manager, page(4), as_of=then).status_code == 404


def test_what_was_typed_anew_since_names_no_typist() -> None:
    scene = make_scene()
    reopen(report_id=scene.reports[scene.north.pk].pk, by=scene.manager, reason="Look again")
    assert "Typed by" not in text_of(get(scene.manager, page(1)))


def test_queries_stay_the_same_however_often_it_was_replaced() -> None:
    scene = make_scene()
    scene.correct(scene.north, "15")
    before = queries_of(scene.manager, page(1))
    scene.correct(scene.north, "16")
    scene.correct(scene.north, "17")
    assert queries_of(scene.manager, page(1)) == before <= MOST
