"""Two people on one draft: what is brought together, what is asked, and what is chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from indicators.actions import merge, save
from indicators.merging import Choice, Edit, mark_of, marks_kept, marks_of
from indicators.models import Result, Series
from indicators.rows import Typed
from programs.models import User
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

QUIET = {"HX-Request": "true"}


# the rule ----------------------------------------------------------------------------------------------

SHOWN = Typed(value="5", explanation="as planned")
CASES = [
    # mine, theirs, what is to stand, conflicts
    (SHOWN, SHOWN, SHOWN, set()),
    (Typed("6", explanation="as planned"), SHOWN, Typed("6", explanation="as planned"), set()),
    (
        Typed("6", explanation="as planned"),
        Typed("5", explanation="rain"),
        Typed("6", explanation="rain"),
        set(),
    ),
    (SHOWN, Typed("7", explanation="rain"), Typed("7", explanation="rain"), set()),
    (
        Typed("6", explanation="as planned"),
        Typed("6", explanation="as planned"),
        Typed("6", explanation="as planned"),
        set(),
    ),
    (
        Typed("6", explanation="mud"),
        Typed("7", explanation="as planned"),
        Typed("7", explanation="mud"),
        {"value"},
    ),
    (
        Typed("", explanation="as planned"),
        Typed("7", explanation="as planned"),
        Typed("7", explanation="as planned"),
        {"value"},
    ),
    (Typed("6"), Typed("5", explanation="rain"), Typed("6", explanation="rain"), {"explanation"}),
]


def edit(mine: Typed, choices: dict[str, Choice] | None = None) -> Edit:
    texts = {name: getattr(mine, name) for name in ("value", "explanation", "certainty")}
    return Edit(texts, marks_of(SHOWN), choices or {})


@pytest.mark.parametrize(("mine", "theirs", "stands", "conflicts"), CASES)
def test_boxes_merge_one_by_one(mine: Typed, theirs: Typed, stands: Typed, conflicts: set[str]) -> None:
    merged = edit(mine).onto(theirs, unseen=True)
    assert merged.row == stands
    assert merged.conflicts == conflicts


@pytest.mark.parametrize(("mine", "value"), [(True, "6"), (False, "7")])
def test_a_choice_decides_between_two_texts(*, mine: bool, value: str) -> None:
    theirs = Typed("7", explanation="as planned")
    sent = edit(Typed("6", explanation="mud"), {"value": Choice(mine, mark_of("7"))})
    merged = sent.onto(theirs, unseen=True)
    assert merged.row == Typed(value, explanation="mud")
    assert not merged.conflicts


def test_a_choice_against_a_text_that_is_gone_decides_nothing() -> None:
    sent = edit(Typed("6", explanation="as planned"), {"value": Choice(mine=True, mark=mark_of("7"))})
    assert sent.onto(Typed("8", explanation="as planned"), unseen=True).conflicts == {"value"}


def test_what_the_page_does_not_send_stays() -> None:
    sent = Edit({"value": "6"}, marks_of(SHOWN))
    assert sent.onto(SHOWN, unseen=False).row == Typed("6", explanation="as planned")


def test_without_marks_only_an_unchanged_report_takes_the_row() -> None:
    sent = Edit({"value": "6"})
    assert sent.onto(SHOWN, unseen=False).row == Typed("6")
    assert sent.onto(SHOWN, unseen=True).conflicts == {"value", "explanation"}


def test_a_page_with_another_text_than_what_stands_keeps_its_old_mark() -> None:
    marks = marks_kept(edit(Typed("6", explanation="as planned")), Typed("6", explanation="rain"))
    assert marks == {"value": mark_of("6"), "explanation": mark_of("as planned")}


@pytest.mark.parametrize("text", ["", "\ud800", "x" * 100_000])
def test_a_mark_is_of_one_text(text: str) -> None:
    assert mark_of(text) == mark_of(text)
    assert len(mark_of(text)) == 8
    assert mark_of(text) != mark_of(f"{text} ")


# on the page -------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


class Tab:
    """A page of the report as one person has it open, sent as a browser sends it."""

    def __init__(self, desk: Desk, person: User, *, quiet: bool) -> None:
        self.desk, self.quiet = desk, quiet
        self.client: Client = signed_in(person)
        self.page = page_of(self.client.get(desk.url()))
        self.answer = ""
        self.status = 0

    def form(self, series: Series) -> dict[str, str]:
        """What a browser would send of the row: its boxes as the page has them, and what it carries."""
        row = self.page[self.page.index(f'id="row-{series.pk}"') :].split("</tbody>")[0]
        inputs = re.findall(r'<input id="([a-z]+-\d+)"[^>]* value="([^"]*)"', row)
        areas = re.findall(r'<textarea id="([a-z]+-\d+)"[^>]*>\n([^<]*)</textarea>', row)
        selects = [
            (name, (re.findall(r'<option value="([^"]*)" selected', options) or [""])[0])
            for name, options in re.findall(r'<select id="([a-z]+-\d+)"[^>]*>(.*?)</select>', row)
        ]
        was = re.search(r'id="was-\d+"\s+name="(was-\d+)"\s+value="([^"]*)"', row)
        version = re.search(r'name="version" value="(\d+)"', self.page)
        assert was
        assert version
        return dict(inputs + areas + selects) | {was[1]: was[2], "version": version[1]}

    def type(self, series: Series, **more: str) -> None:
        """Change these boxes of the row and send it."""
        form = self.form(series) | {name.replace("_", "-"): text for name, text in more.items()}
        if self.quiet:
            response = self.client.post(self.desk.url("report-save"), form, headers=QUIET)
        else:
            response = self.client.post(self.desk.url(), form)
        self.status, self.answer = response.status_code, page_of(response)


def saved(desk: Desk, series: Series) -> Typed:
    return Result.objects.get(report=desk.report, series=series).as_typed


@pytest.fixture(params=[True, False], ids=["row by row", "without a script"])
def tabs(request: Any, desk: Desk) -> tuple[Tab, Tab]:
    typed = {desk.counted.pk: Typed(value="5", explanation="as planned")}
    save(report_id=desk.report.pk, by=desk.colleague, typed=typed, version=0)
    return Tab(desk, desk.colleague, quiet=request.param), Tab(desk, desk.reporter, quiet=request.param)


def test_two_boxes_of_one_row_merge(desk: Desk, tabs: tuple[Tab, Tab]) -> None:
    ana, ben = tabs
    key = desk.counted.pk
    ana.type(desk.counted, **{f"value_{key}": "6"})
    ben.type(desk.counted, **{f"explanation_{key}": "rain"})
    assert saved(desk, desk.counted) == Typed(value="6", explanation="rain")
    assert "Two texts" not in ben.answer


def test_a_category_and_its_whole_merge(desk: Desk, tabs: tuple[Tab, Tab]) -> None:
    ana, ben = tabs
    ana.type(desk.counted, **{f"value_{desk.women.pk}": "3"})
    ben.type(desk.counted, **{f"value_{desk.counted.pk}": "7", f"value_{desk.men.pk}": "4"})
    assert [saved(desk, one).value for one in (desk.counted, desk.women, desk.men)] == ["7", "3", "4"]


def test_the_same_text_of_both_is_no_conflict(desk: Desk, tabs: tuple[Tab, Tab]) -> None:
    ana, ben = tabs
    ana.type(desk.counted, **{f"value_{desk.counted.pk}": "6"})
    ben.type(desk.counted, **{f"value_{desk.counted.pk}": "6"})
    assert saved(desk, desk.counted).value == "6"
    assert "Two texts" not in ben.answer


@pytest.mark.parametrize(("whose", "value"), [("mine", "8"), ("theirs", "6")])
def test_of_two_texts_in_one_box_one_is_chosen(
    desk: Desk, tabs: tuple[Tab, Tab], whose: str, value: str
) -> None:
    ana, ben = tabs
    key = desk.counted.pk
    ana.type(desk.counted, **{f"value_{key}": "6"})
    mine = {f"value_{key}": "8", f"explanation_{key}": "rain"}
    ben.type(desk.counted, **mine)
    assert saved(desk, desk.counted) == Typed(value="6", explanation="as planned")
    shown = re.search(rf'<div id="value-{key}-wrong".*?</div>', ben.answer, re.DOTALL)
    assert shown
    assert re.search(r"Keep theirs \(colleague, .+?\)<span[^>]*>6<", shown[0])
    assert re.search(r"Keep yours<span[^>]*>8<", shown[0])
    assert "Two texts for explanation" not in ben.answer
    choice = re.search(rf'name="keep-value-{key}" value="({whose} [^"]+)"', shown[0])
    assert choice
    if not ben.quiet:
        assert ben.status == 409
        ben.page = ben.answer  # the page comes back with all that was typed
        assert ben.form(desk.counted)[f"explanation-{key}"] == "rain"
        mine = {}
    ben.type(desk.counted, **mine, **{f"keep_value_{key}": choice[1]})
    assert saved(desk, desk.counted) == Typed(value=value, explanation="rain")


def test_who_typed_is_known_box_by_box(desk: Desk, tabs: tuple[Tab, Tab]) -> None:
    ana, ben = tabs
    key = desk.counted.pk
    late = Tab(desk, desk.manager, quiet=ben.quiet)
    ana.type(desk.counted, **{f"value_{key}": "6"})
    ben.type(desk.counted, **{f"explanation_{key}": "rain"})
    late.type(desk.counted, **{f"value_{key}": "9", f"explanation_{key}": "mud"})
    assert re.search(r"\(colleague, .+?\)<span[^>]*>6<", late.answer)
    assert re.search(r"\(reporter, .+?\)<span[^>]*>rain<", late.answer)


def test_what_others_typed_in_a_row_is_put_into_the_page(desk: Desk, tabs: tuple[Tab, Tab]) -> None:
    ana, ben = tabs
    if not ben.quiet:
        return
    key = desk.counted.pk
    ana.type(desk.counted, **{f"value_{key}": "6"})
    ben.type(desk.counted, **{f"explanation_{key}": "rain"})
    box = re.search(rf'<input id="value-{key}"[^>]*>', ben.answer)
    assert box
    assert 'value="6"' in box[0]
    assert f'hx-swap-oob="true" data-mark="value-{key}:{mark_of("6")}"' in box[0]
    assert f'id="explanation-{key}"' not in ben.answer
    # a page that does not put it in, since it is being typed in there, does not write over it unasked
    was = re.search(rf'name="was-{key}"\s+value="([^"]*)"', ben.answer)
    assert was
    assert f"value-{key}:{mark_of('5')}" in was[1]


def test_an_action_writes_nothing_when_one_box_is_in_conflict(desk: Desk) -> None:
    from indicators.actions import Changed

    typed = {desk.counted.pk: Typed(value="5")}
    save(report_id=desk.report.pk, by=desk.colleague, typed=typed, version=0)
    edits = {
        desk.counted.pk: Edit({"value": "6"}, {}),
        desk.milestone.pk: Edit({"value": "yes"}, {}),
    }
    with pytest.raises(Changed) as refused:
        merge(report_id=desk.report.pk, by=desk.reporter, edits=edits, version=1)
    assert refused.value.conflicts == {desk.counted.pk: frozenset({"value"})}
    assert desk.text(desk.milestone) == ""
