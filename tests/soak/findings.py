"""What is found afterwards: every answered write, nothing half, totals that equal the ledger, the chain."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection

from indicators.digests import digest_of
from indicators.models import Entry, Result, Step
from programs.models import Program
from tests.soak.writer import Outcome, Write


def rows(statement: str, *values: str) -> list[tuple[Any, ...]]:
    """What a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


# Every answered write ---------------------------------------------------------------------------------------


def lost_saves(writes: Iterable[Write]) -> Iterator[str]:
    """Each save that was answered as kept, and is neither there nor under a later one."""
    typed = {(it.report_id, it.series_id): it.typed for it in Result.objects.all()}
    later: dict[tuple[int, int], set[str]] = defaultdict(set)
    for write in reversed(list(writes)):
        if write.kind != "saved" or write.outcome is Outcome.REFUSED:
            continue
        for series, text in write.values.items():
            key = (write.report, series)
            later[key].add(text)
            if write.outcome is Outcome.KEPT and typed.get(key) not in later[key]:
                yield f"lost: {text} in report {write.report}, series {series}, which has {typed.get(key)}"
                break


def lost_steps(writes: Iterable[Write]) -> Iterator[str]:
    """Each report whose steps are not those that were answered as kept, with lost ones here and there."""
    attempts: dict[int, list[Write]] = defaultdict(list)
    for write in writes:
        if write.kind != "saved" and write.outcome is not Outcome.REFUSED:
            attempts[write.report].append(write)
    found: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.order_by("id"):
        found[step.report_id].append(step)
    for report in sorted(attempts.keys() | found.keys()):
        if not explains(attempts[report], found[report]):
            tried = " ".join(
                f"{it.kind}{'' if it.outcome is Outcome.KEPT else '?'}" for it in attempts[report]
            )
            yield f"lost: a step of report {report}: {tried} / {' '.join(it.kind for it in found[report])}"


def explains(attempts: list[Write], steps: list[Step]) -> bool:
    """Whether these steps come from all attempts that were kept, and any of those without an answer."""
    places = {0}
    for write in attempts:
        taken = {place + 1 for place in places if place < len(steps) and _is_of(write, steps[place])}
        places = taken if write.outcome is Outcome.KEPT else taken | places
    return len(steps) in places


def _is_of(write: Write, step: Step) -> bool:
    return write.kind == step.kind and write.digest in ("", step.digest)


# No half of anything ----------------------------------------------------------------------------------------

STATES = """
SELECT r.id, r.state, r.submission, last.kind, last.submitted
FROM indicators_report r
LEFT JOIN LATERAL (
    SELECT (array_agg(s.kind ORDER BY s.id DESC))[1] AS kind,
        count(*) FILTER (WHERE s.kind = 'submitted') AS submitted
    FROM indicators_step s WHERE s.report_id = r.id
) last ON true
WHERE r.submission <> last.submitted
    OR r.state <> CASE WHEN last.kind IS NULL THEN 'draft'
        WHEN last.kind = 'reopened' THEN 'returned' ELSE last.kind END
"""
FIGURES = """
WITH figures AS (
    SELECT r.id AS report, e.series_id, e.value
    FROM indicators_report r
    JOIN indicators_series s ON s.site_id = r.site_id
    JOIN indicators_entry e ON e.series_id = s.id AND e.period_id = r.period_id AND e.kind = 'actual'
    WHERE r.state = 'approved' AND NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id)
), typed AS (
    SELECT r.id AS report, t.series_id, t.value
    FROM indicators_report r JOIN indicators_result t ON t.report_id = r.id WHERE r.state = 'approved'
)
SELECT report, series_id FROM figures FULL JOIN typed USING (report, series_id)
WHERE figures.value IS DISTINCT FROM typed.value
"""
PARTS = """
SELECT t.report_id, s.indicator_id
FROM indicators_result t JOIN indicators_series s ON s.id = t.series_id
WHERE s.indicator_id IN (SELECT indicator_id FROM indicators_breakdown)
GROUP BY t.report_id, s.indicator_id
HAVING sum(t.value) FILTER (WHERE s.category_id IS NULL)
    IS DISTINCT FROM sum(t.value) FILTER (WHERE s.category_id IS NOT NULL)
"""
AUTHORS = """
SELECT report_id, typed_by_id FROM indicators_result
UNION SELECT report_id, by_id FROM indicators_step WHERE kind = 'submitted'
EXCEPT SELECT report_id, user_id FROM indicators_reportauthor
"""


def halves() -> Iterator[str]:
    """What is only half there: a step without its state, an approval without figures, a save, an author."""
    for report, state, submission, kind, submitted in rows(STATES):
        yield f"half: report {report} is {state} ({submission}) after {kind} ({submitted} times submitted)"
    for report, series in rows(FIGURES):
        yield f"half: report {report} is approved, but series {series} has another figure in the ledger"
    for report, indicator in rows(PARTS):
        yield f"half: in report {report} the parts of indicator {indicator} are of another save"
    for report, person in rows(AUTHORS):
        yield f"half: person {person} wrote in report {report} and is not held for it"
    yield from _half_approvals()


def _half_approvals() -> Iterator[str]:
    """Each approval that ever was: the ledger of its report, as it was then, has to be what it approved."""
    approvals = Step.objects.filter(kind="approved").select_related("report")
    for step in approvals.order_by("id"):
        entries = Entry.objects.filter(
            kind="actual",
            period=step.report.period_id,
            series__site=step.report.site_id,
            approval__lte=step.pk,
        )
        stood = {entry.series_id: entry for entry in _with_codes(entries.order_by("number"))}
        if digest_of(_content(entry) for entry in stood.values()) != step.digest:
            yield f"half: approval {step.pk} of report {step.report_id} did not enter all that it approved"


def _with_codes(entries: Any) -> Any:
    return entries.select_related("series__indicator", "series__dimension", "series__category", "evidence")


def _content(entry: Entry) -> tuple[str | Decimal | None, ...]:
    series = entry.series
    return (
        series.indicator.code,
        series.dimension.code if series.dimension else None,
        series.category.code if series.category else None,
        entry.value,
        entry.numerator,
        entry.denominator,
        entry.day,
        entry.absence,
        entry.certainty,
        entry.explanation,
        entry.evidence.sha256 if entry.evidence else None,
    )


# Totals, chain, settings ------------------------------------------------------------------------------------

TOTALS = """
SELECT i.code, d.label, sum(e.value)
FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id AND s.category_id IS NULL
JOIN indicators_indicator i ON i.id = s.indicator_id JOIN indicators_period d ON d.id = e.period_id
JOIN programs_program p ON p.id = e.program_id
WHERE p.code = %s AND e.kind = 'actual'
    AND NOT EXISTS (SELECT FROM indicators_entry l WHERE l.supersedes_id = e.id)
GROUP BY i.code, d.label
"""
CHAIN = """
SELECT program_id, number FROM (
    SELECT program_id, number, hash, row_number() OVER chain AS place,
        sha256(coalesce(lag(hash) OVER chain, ''::bytea) || convert_to(ledger_content(e), 'UTF8')) AS computed
    FROM indicators_entry e WINDOW chain AS (PARTITION BY program_id ORDER BY number)
) chained WHERE number <> place OR hash <> computed
"""


def wrong_totals() -> Iterator[str]:
    """Each total of the performance table that is not the sum of the ledger's rows, added up by SQL."""
    for code in Program.objects.order_by("code").values_list("code", flat=True):
        out = io.StringIO()
        call_command("performance", "--program", code, "--format", "json", stdout=out)
        shown = {
            (row["indicator"], row["period"]): Decimal(str(row["actual"]))
            for row in json.loads(out.getvalue())
            if row["kind"] == "quarter" and not row["category"] and row["actual"] not in ("", None)
        }
        summed = {(indicator, label): total for indicator, label, total in rows(TOTALS, code)}
        for key in sorted(shown.keys() | summed.keys()):
            if shown.get(key) != summed.get(key):
                yield f"total: {code} {key} is {shown.get(key)} on the page, {summed.get(key)} in the ledger"


def broken_chain() -> Iterator[str]:
    """Each entry that does not fit the one before it, and what the verification says."""
    for program, number in rows(CHAIN):
        yield f"chain: entry {number} of program {program} does not fit"
    if "verify_ledger" in get_commands():
        try:
            call_command("verify_ledger", stdout=io.StringIO())
        except (CommandError, SystemExit) as error:
            yield f"chain: verify_ledger says {error}"


def unsafe_settings() -> Iterator[str]:
    """Each setting by which the server that we ship would answer before it is on the disk."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        ((value,),) = rows(f"SHOW {name}")
        if value != "on":
            yield f"setting: {name} is {value}"
