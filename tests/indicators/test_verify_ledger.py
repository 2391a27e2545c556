"""The ledger computed anew: every way of tampering is named, and what is right stays right."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from indicators.actions import Plan, reopen, set_plans
from indicators.chain import CONTENT, JOINS, read_heads, verify_chains
from indicators.keeping import path_of
from indicators.ledger import head_of
from indicators.periods import parse_label
from indicators.rows import Typed
from indicators.values import Change, EntryKind
from tests.builders import break_down, hand_in, make_dimension, make_period, make_report, make_series
from tests.indicators.at_once import at_once
from tests.indicators.stage import MEASURED, MILESTONE, RATIO, Stage, insert_entry, make_stage, sql

QUARTER = parse_label("2026 Q3")
ANEW = """
DO $$ DECLARE row record; BEGIN
    FOR row IN SELECT id FROM indicators_entry WHERE program_id = {} ORDER BY number LOOP
        UPDATE indicators_entry e SET hash = sha256(coalesce((
            SELECT b.hash FROM indicators_entry b WHERE b.program_id = e.program_id AND b.number < e.number
            ORDER BY b.number DESC LIMIT 1
        ), ''::bytea) || convert_to(ledger_content(e), 'UTF8')) WHERE id = row.id;
    END LOOP;
END $$
"""


def make_ledger() -> Stage:
    """A stage with five entries: a figure that cites a document, corrected; a target, revised; a baseline."""
    stage = make_stage(program={"illustrative": True})
    other = stage.another()
    sql("UPDATE indicators_series SET from_on = '2030-01-01' WHERE id = %s", other.pk)
    stage.approve(Typed(value="12", evidence="Register, page 1", published="2026-10"))
    reopen(report_id=stage.report.pk, by=stage.manager, reason="Counted twice")
    stage.report.refresh_from_db()
    stage.approve(Typed(value="13", evidence="Register, page 1", published="2026-10"))
    for value in ("10", "11"):
        plan(stage, value)
    plan(stage, "5", kind=EntryKind.BASELINE)
    return stage


def plan(stage: Stage, value: str, kind: EntryKind = EntryKind.TARGET) -> None:
    set_plans(
        program_id=stage.program.pk,
        by=stage.manager,
        plans=[Plan(stage.indicator.pk, QUARTER, Typed(value=value), kind, stage.site.pk)],
        reason="The work plan",
        change=Change.REVISES,
    )


def past_triggers(*statements: str) -> None:
    """Run by SQL what the triggers, and the uniqueness of supersedes, would refuse."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    tables = [row[0] for row in sql(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )]  # fmt: skip
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        sql(statement)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def said(*options: str) -> str:
    out = StringIO()
    call_command("verify_ledger", *options, stdout=out)
    return out.getvalue()


def refused(*options: str) -> str:
    with pytest.raises(CommandError) as caught:
        said(*options)
    assert caught.value.returncode == 1
    return str(caught.value)


def drop_unique(column: str) -> str:
    """The statement that takes away the constraint that this column of an entry is unique."""
    rows = sql(
        "SELECT conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid"
        " AND a.attnum = ANY(c.conkey) WHERE c.conrelid = 'indicators_entry'::regclass"
        " AND contype = 'u' AND attname = %s",
        column,
    )
    return f'ALTER TABLE indicators_entry DROP CONSTRAINT "{rows[0][0]}"'


# --- what is right ---


@pytest.mark.django_db
def test_an_untouched_ledger_fits_and_its_head_is_said() -> None:
    stage, empty = make_ledger(), make_stage()
    head = head_of(stage.program)
    assert head is not None
    text = said()
    assert f"{stage.program.code}/5/{head.digest}  {head.recorded_at:%Y-%m-%d}T" in text
    assert "The ledger fits: 1 programs, 5 entries in " in text
    assert empty.program.code not in text
    assert "0 entries" in said("--program", empty.program.code)


@pytest.mark.django_db
def test_no_ledger_at_all_fits() -> None:
    assert "The ledger fits: 0 programs, 0 entries" in said()


@pytest.mark.django_db
@pytest.mark.parametrize("meaning", [{}, MEASURED, RATIO, MILESTONE, {"reported_by": "program"}])
def test_the_content_of_all_is_what_each_was_hashed_with(meaning: dict[str, Any]) -> None:
    stage = make_stage(**meaning)
    value: dict[object, Typed] = {
        "ratio": Typed(numerator="1", denominator="3"),
        "milestone": Typed(value="no"),
    }
    break_down(stage.indicator, dimension := make_dimension())
    part = make_series(stage.indicator, stage.series.site, dimension.categories.first())
    sql("UPDATE indicators_series SET from_on = '2030-01-01' WHERE id = %s", part.pk)
    stage.approve(value.get(stage.indicator.measure, Typed(value="7", explanation='Huánuco \\ "x"\n\t€ 😀')))
    sql(
        "INSERT INTO indicators_entry (series_id, period_id, approved_by_id, kind, value, change, reason,"
        " day, absence, certainty, expected, explanation, published)"
        " VALUES (%s, %s, %s, 'baseline', NULL, '', '', '', 'withheld', 'exact', true, 'á', '')",
        part.pk, stage.report.period_id, stage.manager.pk,
    )  # fmt: skip
    rows = sql(f"SELECT ledger_content(e), {CONTENT} FROM {JOINS} WHERE e.program_id = %s", stage.program.pk)
    assert len(rows) == 2
    assert all(by_function == by_all for by_function, by_all in rows)
    assert [chain.fault for chain in verify_chains()] == [None]


SETTINGS = [
    "DateStyle = 'German'", "DateStyle = 'SQL, MDY'", "TimeZone = 'Asia/Tokyo'", "TimeZone = 'America/Lima'",
    "IntervalStyle = 'iso_8601'", "extra_float_digits = -5", "bytea_output = 'escape'", "lc_numeric = 'C'",
    "standard_conforming_strings = off",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("setting", SETTINGS)
def test_it_fits_under_every_setting_of_a_session(setting: str) -> None:
    make_ledger()
    other = make_stage()
    sql(f"SET LOCAL {setting}")
    insert_entry(other, explanation="Huánuco \\ “quoted”")
    assert "2 programs, 6 entries" in said()
    sql(f"RESET {setting.split(' ', maxsplit=1)[0]}")
    assert "2 programs, 6 entries" in said()


# --- what is wrong: the statement, the entry that is named, and how ---

OWN = "program_id = {program}"
ALTERED = {
    "value": f"UPDATE indicators_entry SET value = 99 WHERE number = 2 AND {OWN}",
    "decimals": f"UPDATE indicators_entry SET value = 13.0 WHERE number = 2 AND {OWN}",
    "hash": f"UPDATE indicators_entry SET hash = sha256('x') WHERE number = 2 AND {OWN}",
    "moment": "UPDATE indicators_entry SET recorded_at = recorded_at + interval '1 us' "
    f"WHERE number = 2 AND {OWN}",
    "who approved": f"UPDATE indicators_entry SET approved_by_id = {{reporter}} WHERE number = 3 AND {OWN}",
}
BEHIND = {
    "user name": "UPDATE programs_user SET username = 'another' WHERE id = {reporter}",
    "program code": "UPDATE programs_program SET code = 'OTHER' WHERE id = {program}",
    "site code": "UPDATE programs_site SET code = 'OTHER' WHERE id = {site}",
    "indicator code": "UPDATE indicators_indicator SET code = 'OTHER' WHERE id = {indicator}",
    "period label": "UPDATE indicators_period SET kind = 'other', label = 'summer', due_on = NULL "
    "WHERE id = {period}",
    "evidence digest": "UPDATE indicators_evidence SET sha256 = repeat('0', 64) WHERE program_id = {program}",
    "approval digest": "UPDATE indicators_step SET digest = repeat('0', 64) WHERE by_id = {manager}",
}


def tampered(stage: Stage, *statements: str) -> None:
    ids = {
        "program": stage.program.pk, "site": stage.site.pk, "indicator": stage.indicator.pk,
        "period": stage.report.period_id, "reporter": stage.reporter.pk, "manager": stage.manager.pk,
    }  # fmt: skip
    past_triggers(*(statement.format(**ids) for statement in statements))


@pytest.mark.django_db
@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_entry_is_named(what: str) -> None:
    stage = make_ledger()
    tampered(stage, ALTERED[what])
    number = 3 if "who" in what else 2
    assert f"{stage.program.code}: entry {number} does not fit: altered" in refused()


@pytest.mark.django_db
@pytest.mark.parametrize("what", BEHIND)
def test_what_an_entry_names_was_altered(what: str) -> None:
    stage, untouched = make_ledger(), make_stage(period="2026 Q2")
    untouched.approve()
    tampered(stage, BEHIND[what])
    assert "entry 1 does not fit: altered" in refused()
    assert untouched.program.code in said("--program", untouched.program.code)


@pytest.mark.django_db
def test_the_code_of_a_category_was_altered() -> None:
    stage = make_stage()
    break_down(stage.indicator, dimension := make_dimension("women"))
    category = dimension.categories.get()
    make_series(stage.indicator, stage.site, category)
    plans = [
        Plan(stage.indicator.pk, QUARTER, Typed(value="5"), site_id=stage.site.pk, category_id=category.pk)
    ]
    set_plans(program_id=stage.program.pk, by=stage.manager, plans=plans, reason="So")
    past_triggers(f"UPDATE indicators_category SET code = 'MEN' WHERE id = {category.pk}")
    assert "entry 1 does not fit: altered" in refused()


@pytest.mark.django_db
def test_the_text_of_evidence_was_altered() -> None:
    stage = make_ledger()
    tampered(stage, "UPDATE indicators_evidence SET text = 'Another book' WHERE program_id = {program}")
    assert "entry 1 does not fit: the evidence it cites was altered or is gone" in refused()


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [False, True])
def test_a_file_that_is_evidence_was_altered_or_is_gone(gone: bool) -> None:
    stage = make_stage()
    kept = hand_in(stage.report, stage.series, stage.reporter)
    stage.approve(Typed(value="12", evidence=f"file:{kept.sha256}"))
    assert "1 entries" in said()
    path = path_of(kept.stored)
    path.unlink()
    if not gone:
        path.write_bytes(b"Another book")
    assert "entry 1 does not fit: the evidence it cites was altered or is gone" in refused()


@pytest.mark.django_db
def test_a_missing_entry_is_named() -> None:
    stage = make_ledger()
    tampered(stage, f"DELETE FROM indicators_entry WHERE number = 4 AND {OWN}")
    assert "entry 5 does not fit: entries 4 to 4 are missing before it" in refused()


@pytest.mark.django_db
def test_a_gap_is_named_though_the_rest_was_chained_anew() -> None:
    stage = make_ledger()
    tampered(
        stage, f"DELETE FROM indicators_entry WHERE number = 4 AND {OWN}", ANEW.replace("{}", "{program}")
    )
    assert "entry 5 does not fit: entries 4 to 4 are missing before it" in refused()


@pytest.mark.django_db
def test_a_chain_that_lost_its_start_is_named() -> None:
    stage = make_ledger()
    tampered(
        stage,
        "DROP INDEX entry_first_stands_once",
        f"UPDATE indicators_entry SET supersedes_id = NULL WHERE number = 2 AND {OWN}",
        f"DELETE FROM indicators_entry WHERE number = 1 AND {OWN}",
    )
    assert "entry 2 does not fit: the chain begins with it: entries 1 to 1 are missing" in refused()


SWAP = [
    f"UPDATE indicators_entry SET number = {to} WHERE number = {at} AND {OWN}"
    for at, to in ((4, 1000), (5, 4), (1000, 5))
]


@pytest.mark.django_db
def test_swapped_numbers_are_named() -> None:
    stage = make_ledger()
    tampered(stage, *SWAP)
    assert "entry 4 does not fit: altered" in refused()
    tampered(stage, ANEW.replace("{}", "{program}"))  # even where the hashes were made to fit
    assert "entry 5 does not fit: out of order" in refused()


@pytest.mark.django_db
def test_a_number_that_stands_twice_is_named() -> None:
    stage = make_ledger()
    tampered(
        stage,
        "ALTER TABLE indicators_entry DROP CONSTRAINT entry_number_stands_once",
        f"UPDATE indicators_entry SET number = 4 WHERE number = 5 AND {OWN}",
    )
    assert "entry 4 does not fit: this number stands twice" in refused()


FORGED = """
INSERT INTO indicators_entry (program_id, series_id, period_id, kind, value, day, absence, certainty,
    expected, explanation, published, change, reason, supersedes_id,
    approved_by_id, recorded_at, number, hash)
SELECT program_id, series_id, {period}, kind, 77, '', '', 'exact',
    false, '', '', {change}, {reason}, {supersedes}, approved_by_id, clock_timestamp(), 6, sha256('forged')
FROM indicators_entry WHERE number = {like} AND program_id = {program}
"""


def forge(stage: Stage, constraint: str, **columns: object) -> None:
    """Adds a sixth entry like one of the others without a constraint that refuses it, and makes it fit."""
    like = {
        "period": "period_id",
        "change": "change",
        "reason": "reason",
        "supersedes": "supersedes_id",
        "like": 4,
    }
    program = stage.program.pk
    past_triggers(constraint, FORGED.format(**like | columns, program=program), ANEW.format(program))


@pytest.mark.django_db
def test_a_second_successor_is_named() -> None:
    stage = make_ledger()
    forge(stage, drop_unique("supersedes_id"))
    assert "entry 6 does not fit: it supersedes an entry that was superseded before" in refused()


@pytest.mark.django_db
def test_a_second_first_is_named() -> None:
    stage = make_ledger()
    forge(stage, "DROP INDEX entry_first_stands_once", change="''", reason="''", supersedes="NULL", like=3)
    assert "entry 6 does not fit: it supersedes nothing, though" in refused()


@pytest.mark.django_db
def test_a_successor_of_something_else_is_named() -> None:
    stage = make_ledger()
    forge(stage, "SELECT 1", period=make_period("2026 Q2").pk, supersedes="id")
    assert "entry 6 does not fit: it supersedes an entry of another series, period or kind" in refused()


@pytest.mark.django_db
def test_an_entry_in_the_chain_of_another_program_is_named() -> None:
    stage, elsewhere = make_ledger(), make_stage()
    other = str(elsewhere.program.pk)
    move = f"UPDATE indicators_entry SET program_id = {other}, number = 1 WHERE number = 5 AND {OWN}"
    tampered(stage, move, ANEW.format(other))
    assert f"{elsewhere.program.code}: entry 1 does not fit: its series is of another program" in refused()


@pytest.mark.django_db
def test_a_figure_whose_approval_is_another_s_is_named() -> None:
    stage = make_ledger()
    tampered(
        stage, "UPDATE indicators_step SET by_id = {reporter} WHERE kind = 'approved' AND submission = 2"
    )
    assert "entry 2 does not fit: the approval it names is not its approver's" in refused()


# --- what only a head kept elsewhere shows ---


@pytest.mark.django_db
def test_a_tail_that_was_cut_fits_and_only_a_kept_head_shows_it(tmp_path: Path) -> None:
    stage = make_ledger()
    head = head_of(stage.program)
    export = tmp_path / "export.csv"
    export.write_text(f"value,ledger\n12,{head}\n13,{head}\n")
    assert said("--head", str(export)).count("is in the chain") == 1
    tampered(stage, f"DELETE FROM indicators_entry WHERE number = 5 AND {OWN}")
    assert "4 entries" in said()  # the chain alone says nothing
    assert f"{stage.program.code}: the ledger was cut short" in refused("--head", str(export))


@pytest.mark.django_db
def test_a_chain_that_was_rewritten_fits_and_only_a_kept_head_shows_it() -> None:
    stage = make_ledger()
    old, early = head_of(stage.program), stage.entries()[1]
    tampered(stage, ALTERED["value"], ANEW.replace("{}", "{program}"))
    assert "5 entries" in said()
    assert f"{stage.program.code}: the ledger was rewritten" in refused("--head", str(old))
    first = f"{stage.program.code}/1/{bytes(stage.entries()[0].hash or b'').hex()}"
    assert "is in the chain" in said("--head", first)  # what stands before the change fits
    assert "rewritten" in refused("--head", f"{stage.program.code}/2/{bytes(early.hash or b'').hex()}")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "P1/0/" + "a" * 64, "P1/3/abc", "/no/such/file"])
def test_what_is_no_head_is_said(text: str) -> None:
    with pytest.raises(CommandError, match="is no head"):
        said("--head", text)


def test_heads_are_found_in_any_text() -> None:
    one, two = f"MPS-1/12/{'a' * 64}", f"INT/3/{'0' * 64}"
    found = read_heads(f"<code>{one}</code>, then {two};{one} {two}f")
    assert [str(head) for head in found] == [one, two]


@pytest.mark.django_db
def test_a_file_without_a_head_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("nothing")
    with pytest.raises(CommandError, match="has no head in it"):
        said("--head", str(tmp_path / "empty"))


# --- many at once ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("programs", [1, 3])
def test_it_fits_after_and_while_many_approve_at_once(programs: int) -> None:
    stages = [make_stage() for _ in range(programs)]
    works: list[Callable[[], object]] = []
    for stage in stages:
        for label in ("2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4"):
            report = make_report(stage.program, stage.site, make_period(label))
            own = Stage(
                stage.program,
                stage.site,
                stage.reporter,
                stage.manager,
                stage.indicator,
                stage.series,
                report,
            )
            works.append(own.approve)
    verified: list[object] = []
    works += [lambda: verified.extend(chain.fault for _ in range(10) for chain in verify_chains())] * 2
    assert at_once(*works) == []
    assert set(verified) <= {None}
    assert f"{programs} programs, {4 * programs} entries" in said()
