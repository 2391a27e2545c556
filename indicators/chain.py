"""The ledger's chains, computed anew from the rows: whether every entry is what it was when recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from indicators.digests import digest_of_evidence
from indicators.keeping import content_of
from indicators.ledger import Head
from indicators.models import Entry, Evidence
from programs.models import Program


class Misfit(StrEnum):
    """How an entry does not fit; the first that holds is the one named."""

    START = "start"
    MISSING = "missing"
    NUMBERED_TWICE = "numbered twice"
    OUT_OF_ORDER = "out of order"
    SUPERSEDED_TWICE = "superseded twice"
    FIRST_TWICE = "first twice"
    UNLIKE = "unlike"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    EVIDENCE = "evidence"


# The text of `ledger_content` for all entries at once: a call for each would take twice as long.
# What is gone leaves nulls in it instead of leaving the entry out.
CONTENT = """
    jsonb_build_array(
        1, program.code, e.number, e.kind,
        site.code, indicator.code, dimension.code, category.code,
        period.kind, period.label,
        to_char(period.first_on, 'YYYY-MM-DD'), to_char(period.last_on, 'YYYY-MM-DD'),
        e.value::text, e.numerator::text, e.denominator::text, e.day, e.absence, e.certainty, e.expected,
        e.explanation, evidence.sha256, e.published, e.change, e.reason,
        old.number,
        approval.submission, approval.digest, submitter.username, approver.username,
        to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
"""
JOINS = """
    indicators_entry e
    LEFT JOIN indicators_series series ON series.id = e.series_id
    LEFT JOIN programs_program program ON program.id = series.program_id
    LEFT JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
    LEFT JOIN programs_site site ON site.id = series.site_id
    LEFT JOIN indicators_dimension dimension ON dimension.id = series.dimension_id
    LEFT JOIN indicators_category category ON category.id = series.category_id
    LEFT JOIN indicators_period period ON period.id = e.period_id
    LEFT JOIN programs_user approver ON approver.id = e.approved_by_id
    LEFT JOIN programs_user submitter ON submitter.id = e.submitted_by_id
    LEFT JOIN indicators_evidence evidence ON evidence.id = e.evidence_id
    LEFT JOIN indicators_step approval ON approval.id = e.approval_id
    LEFT JOIN indicators_entry old ON old.id = e.supersedes_id
"""
CITED = ("kind", "text", "published", "sha256", "stored")
# `told` is each entry beside the one before it; `judged` says how it does not fit, NULL where it does.
CHAINS = f"""
WITH told AS (
    SELECT e.program_id, e.number, e.hash, e.recorded_at, {CONTENT} AS content, row_number() OVER w AS place,
        lag(e.number) OVER w AS number_before, lag(e.hash) OVER w AS hash_before,
        lag(e.recorded_at) OVER w AS before, lead(e.number) OVER w IS NULL AS last,
        e.supersedes_id IS NOT NULL
            AND row_number() OVER (PARTITION BY e.supersedes_id ORDER BY e.number, e.id) > 1 AS again,
        e.supersedes_id IS NULL AND row_number() OVER (
            PARTITION BY e.series_id, e.period_id, e.kind, e.supersedes_id ORDER BY e.number, e.id
        ) > 1 AS first_again,
        e.supersedes_id IS NOT NULL AND old.number >= e.number AS supersedes_later,
        e.supersedes_id IS NOT NULL AND (old.series_id, old.period_id, old.kind)
            IS DISTINCT FROM (e.series_id, e.period_id, e.kind) AS unlike,
        series.program_id IS DISTINCT FROM e.program_id AS stray,
        e.kind = 'actual' AND (approval.kind, approval.by_id) IS DISTINCT FROM ('approved', e.approved_by_id)
            AS unsigned
    FROM {JOINS}
    WHERE %(program)s::bigint IS NULL OR e.program_id = %(program)s
    WINDOW w AS (PARTITION BY e.program_id ORDER BY e.number, e.id)
), judged AS (
    SELECT told.*, CASE
        WHEN place = 1 AND number <> 1 THEN 'start'
        WHEN number = number_before THEN 'numbered twice'
        WHEN number > number_before + 1 THEN 'missing'
        WHEN recorded_at < before OR supersedes_later THEN 'out of order'
        WHEN again THEN 'superseded twice'
        WHEN first_again THEN 'first twice'
        WHEN unlike THEN 'unlike'
        WHEN stray THEN 'foreign'
        WHEN unsigned THEN 'unsigned'
        WHEN hash <> sha256(coalesce(hash_before, ''::bytea) || convert_to(content, 'UTF8')) THEN 'altered'
    END AS misfit
    FROM told
)
SELECT program.code, count(*),
    max(to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')) FILTER (WHERE last),
    max(encode(hash, 'hex')) FILTER (WHERE last),
    (array_agg(number ORDER BY place) FILTER (WHERE misfit IS NOT NULL))[1],
    (array_agg(misfit ORDER BY place) FILTER (WHERE misfit IS NOT NULL))[1],
    (array_agg(number_before ORDER BY place) FILTER (WHERE misfit IS NOT NULL))[1]
FROM judged LEFT JOIN programs_program program ON program.id = judged.program_id
GROUP BY program.code ORDER BY program.code
"""  # noqa: S608  # our own text


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry of a program that does not fit, how, and the number of the one before it."""

    number: int
    misfit: Misfit
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What a program's ledger was found to be; without a fault all of it fits up to its head."""

    code: str
    count: int
    head: Head
    fault: Fault | None


def verify_chains(program: Program | None = None) -> Iterator[Chain]:
    """The chain of each program that has entries, or of this one alone, computed anew; 2 queries."""
    forged = _forged_evidence(program)
    with connection.cursor() as cursor:
        cursor.execute(CHAINS, {"program": program.pk if program else None})
        rows = cursor.fetchall()
    for code, count, at, digest, number, misfit, before in rows:
        fault = None if number is None else Fault(number, Misfit(misfit), before)
        false = forged.get(code)
        if false is not None and (fault is None or false < fault.number):
            fault = Fault(false, Misfit.EVIDENCE)
        yield Chain(code, count, Head(code, count, digest, datetime.fromisoformat(at)), fault)


def _forged_evidence(program: Program | None) -> dict[str, int]:
    """By program code, the first entry whose evidence is not its digest's; reads every file; 1 query."""
    entries = Entry.objects.filter(evidence__isnull=False)
    if program is not None:
        entries = entries.filter(program=program)
    cited = entries.order_by("evidence", "number").distinct("evidence").select_related("evidence", "program")
    found: dict[str, int] = {}
    for entry in cited.only("number", "program__code", *(f"evidence__{name}" for name in CITED)):
        code, number = entry.program.code, entry.number or 0
        if entry.evidence is not None and not _is_its_digest_s(entry.evidence):
            found[code] = min(number, found.get(code, number))
    return found


def _is_its_digest_s(evidence: Evidence) -> bool:
    """Whether a link's or a citation's words, or a file's content, are those it was kept with."""
    if evidence.kind == Evidence.Kind.FILE:
        return content_of(evidence.stored, evidence.sha256) is not None
    return evidence.sha256 == digest_of_evidence(evidence.kind, evidence.text, evidence.published)


# --- heads that were kept elsewhere -----------------------------------------------------------------------

HEAD = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)/([1-9][0-9]{0,17})/([0-9a-f]{64})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it was printed: a program's code, how many entries there were, and the last one's hash."""

    code: str
    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.code}/{self.number}/{self.digest}"


def read_heads(text: str) -> list[KeptHead]:
    """The heads that a text names, each once, in its order."""
    found = (KeptHead(code, int(number), digest) for code, number, digest in HEAD.findall(text))
    return list(dict.fromkeys(found))


def hash_at(head: KeptHead) -> str | None:
    """The hash that the entry of that number has now; None where the chain does not reach it; 1 query."""
    digest = (
        Entry.objects.filter(program__code=head.code, number=head.number)
        .values_list("hash", flat=True)
        .first()
    )
    return None if digest is None else bytes(digest).hex()
