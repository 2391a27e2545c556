"""What a row is read as, and the digests of rows and evidence: without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.digests import digest_of, digest_of_evidence
from indicators.reading import DayProblem, EvidenceProblem, Problem
from indicators.rows import BLANK, FIELDS, Row, RowProblem, Trouble, Typed, figure_of, read_row
from indicators.values import Absence, Accumulation, Certainty, Figure, Meaning, Measure

FLOW = Meaning(counted=True)
TONS = Meaning()
STOCK = Meaning(accumulation=Accumulation.STOCK)
SHARE = Meaning(measure=Measure.RATIO, accumulation=Accumulation.STOCK, factor=Decimal(100), counted=True)
CHANGE = Meaning(measure=Measure.RATIO, accumulation=Accumulation.STOCK, may_exceed=True)
DONE = Meaning(measure=Measure.MILESTONE, accumulation=Accumulation.STOCK)
ENDS = date(2026, 9, 30)


def troubles(meaning: Meaning, typed: Typed) -> list[tuple[str, str]]:
    return [(trouble.field, trouble.problem) for trouble in read_row(meaning, typed, ENDS).troubles]


READ = [
    (FLOW, Typed(value="1,200"), Row(value=Decimal(1200))),
    (TONS, Typed(value="24.50", certainty="about"), Row(value=Decimal("24.50"), certainty="about")),
    (FLOW, Typed(absence="no_activity"), Row(absence="no_activity")),
    (STOCK, Typed(absence="withheld"), Row(absence="withheld")),
    (
        SHARE,
        Typed(numerator="812", denominator="1,090"),
        Row(numerator=Decimal(812), denominator=Decimal(1090)),
    ),
    (SHARE, Typed(numerator="0", denominator="0"), Row(numerator=Decimal(0), denominator=Decimal(0))),
    (SHARE, Typed(value="-39.5"), Row(value=Decimal("-39.5"))),
    (CHANGE, Typed(numerator="3", denominator="2"), Row(numerator=Decimal(3), denominator=Decimal(2))),
    (DONE, Typed(value=" Yes ", day="2026-09"), Row(value=Decimal(1), day="2026-09")),
    (DONE, Typed(value="yes", day="2026"), Row(value=Decimal(1), day="2026")),
    (DONE, Typed(value="yes"), Row(value=Decimal(1))),
    (DONE, Typed(value=" Sí "), Row(value=Decimal(1))),
    (DONE, Typed(value="no"), Row(value=Decimal(0))),
    (DONE, Typed(absence="not_applicable"), Row(absence="not_applicable")),
    (DONE, BLANK, Row()),
    (SHARE, BLANK, Row()),
    (FLOW, BLANK, Row()),
    (
        FLOW,
        Typed(value="1", evidence="INCSR 2014", published="May 2018"),
        Row(value=Decimal(1), evidence_kind="citation", evidence="INCSR 2014", published="2018-05"),
    ),
    (
        FLOW,
        Typed(value="1", evidence=" https://example.org/a "),
        Row(value=Decimal(1), evidence_kind="link", evidence="https://example.org/a"),
    ),
]


@pytest.mark.parametrize(("meaning", "typed", "row"), READ)
def test_a_row_is_read(meaning: Meaning, typed: Typed, row: Row) -> None:
    assert read_row(meaning, typed, ENDS) == row


TROUBLED = [
    (FLOW, Typed(value="x"), "value", Problem.NOT_A_NUMBER),
    (FLOW, Typed(value="-1"), "value", Problem.NEGATIVE),
    (FLOW, Typed(value="1.5"), "value", Problem.NOT_WHOLE),
    (TONS, Typed(value="1.926"), "value", Problem.AMBIGUOUS),
    (TONS, Typed(value="NaN"), "value", Problem.NOT_A_NUMBER),
    (TONS, Typed(value="1e999"), "value", Problem.NOT_A_NUMBER),
    (TONS, Typed(value="1" * 30), "value", Problem.TOO_LONG),
    (SHARE, Typed(numerator="x", denominator="2"), "numerator", Problem.NOT_A_NUMBER),
    (SHARE, Typed(numerator="1", denominator="2.5"), "denominator", Problem.NOT_WHOLE),
    (SHARE, Typed(value="39 %"), "value", Problem.PERCENT),
    (SHARE, Typed(numerator="1"), "denominator", RowProblem.HALF),
    (SHARE, Typed(denominator="1"), "numerator", RowProblem.HALF),
    (SHARE, Typed(numerator="3", denominator="2"), "numerator", RowProblem.ABOVE),
    (CHANGE, Typed(numerator="3", denominator="-2"), "denominator", RowProblem.NEGATIVE_DENOMINATOR),
    (SHARE, Typed(value="1", numerator="1"), "value", RowProblem.PARTS_AND_VALUE),
    (SHARE, Typed(value="1", denominator="1"), "value", RowProblem.PARTS_AND_VALUE),
    (DONE, Typed(value="maybe"), "value", RowProblem.NOT_YES_OR_NO),
    (DONE, Typed(value="1"), "value", RowProblem.NOT_YES_OR_NO),
    (DONE, Typed(value="no", day="2026"), "day", RowProblem.DAY_WITHOUT_YES),
    (DONE, Typed(day="2026"), "day", RowProblem.DAY_WITHOUT_YES),
    (DONE, Typed(value="yes", day="2026-10-01"), "day", RowProblem.DAY_AFTER_PERIOD),
    (DONE, Typed(value="yes", day="2026-10"), "day", RowProblem.DAY_AFTER_PERIOD),
    (DONE, Typed(value="yes", day="2027"), "day", RowProblem.DAY_AFTER_PERIOD),
    (DONE, Typed(value="yes", day="31/02/2026"), "day", DayProblem.NO_SUCH_DAY),
    (DONE, Typed(value="yes", absence="withheld"), "absence", RowProblem.BOTH),
    (FLOW, Typed(value="1", absence="withheld"), "absence", RowProblem.BOTH),
    (FLOW, Typed(numerator="1", absence="withheld"), "absence", RowProblem.BOTH),
    (FLOW, Typed(denominator="1", absence="withheld"), "absence", RowProblem.BOTH),
    (FLOW, Typed(day="2026", absence="withheld"), "absence", RowProblem.BOTH),
    (STOCK, Typed(absence="no_activity"), "absence", RowProblem.NO_ACTIVITY_OF_STOCK),
    (SHARE, Typed(absence="no_activity"), "absence", RowProblem.NO_ACTIVITY_OF_STOCK),
    (FLOW, Typed(absence="withdrawn"), "absence", RowProblem.UNKNOWN_CHOICE),
    (FLOW, Typed(absence="lost"), "absence", RowProblem.UNKNOWN_CHOICE),
    (FLOW, Typed(value="1", certainty="sure"), "certainty", RowProblem.UNKNOWN_CHOICE),
]
BESIDE = [
    (Typed(value="1", evidence="javascript:alert(1)"), "evidence", EvidenceProblem.SCHEME),
    (Typed(value="1", published="2018"), "evidence", RowProblem.EVIDENCE_MISSING),
    (Typed(value="1", evidence="A", published="soon"), "published", DayProblem.NOT_A_DAY),
]


@pytest.mark.parametrize(("meaning", "typed", "field", "problem"), TROUBLED)
def test_what_does_not_fit_is_said_and_no_number_is_kept(
    meaning: Meaning, typed: Typed, field: str, problem: str
) -> None:
    row = read_row(meaning, typed, ENDS)
    assert [(trouble.field, trouble.problem) for trouble in row.troubles] == [(field, problem)]
    assert (row.value, row.numerator, row.denominator, row.day) == (None, None, None, "")


@pytest.mark.parametrize(("typed", "field", "problem"), BESIDE)
def test_trouble_with_evidence_keeps_the_number(typed: Typed, field: str, problem: str) -> None:
    assert troubles(FLOW, typed) == [(field, problem)]
    assert read_row(FLOW, typed).value == 1


def test_what_could_be_meant_is_offered() -> None:
    assert read_row(TONS, Typed(value="1,926")).troubles == (
        Trouble("value", Problem.AMBIGUOUS, ("1926", "1.9260")),
    )


def test_without_a_last_day_no_day_is_too_late() -> None:
    assert read_row(DONE, Typed(value="yes", day="2099")).day == "2099"


def test_a_row_of_troubles_says_all_of_them() -> None:
    typed = Typed(numerator="x", denominator="y", absence="lost", certainty="sure", evidence="file:///a")
    assert [field for field, _problem in troubles(SHARE, typed)] == [
        "absence", "certainty", "numerator", "denominator", "absence", "evidence",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row(), False),
        (Row(evidence="A", day="2026"), False),
        (Row(value=Decimal(0)), True),
        (Row(numerator=Decimal(0), denominator=Decimal(0)), True),
        (Row(absence="withheld"), True),
    ],
)
def test_nothing_is_not_zero(row: Row, says: bool) -> None:
    assert row.says_something is says


FIGURES = [
    (SHARE, Typed(numerator="1", denominator="4"), Decimal(25)),
    (SHARE, Typed(numerator="0", denominator="0"), None),
    (SHARE, Typed(value="39"), Decimal(39)),
    (SHARE, BLANK, None),
    (TONS, Typed(value="1.50"), Decimal("1.50")),
]


@pytest.mark.parametrize(("meaning", "typed", "value"), FIGURES)
def test_the_value_of_a_ratio_is_derived(meaning: Meaning, typed: Typed, value: Decimal | None) -> None:
    figure = read_row(meaning, typed).figure(meaning)
    assert str(figure.value) == str(value)


def test_a_figure_has_everything_that_its_columns_say() -> None:
    assert figure_of(DONE, Decimal(1), None, None, "2026", "", "about", expected=True, source=7) == Figure(
        value=Decimal(1), day="2026", certainty=Certainty.ABOUT, expected=True, sources=(7,)
    )
    assert figure_of(FLOW, None, None, None, "", "withheld", "exact").absence is Absence.WITHHELD
    assert figure_of(SHARE, None, Decimal(1), None, "", "", "exact").value is None


TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", "1", "1.5", "1,926", "yes", "no", "withheld", "no_activity", "exact", "about", "2026-09", "A report"]
)
ROWS = st.builds(Typed, **dict.fromkeys(FIELDS, TEXTS))
MEANINGS = st.sampled_from([FLOW, TONS, STOCK, SHARE, CHANGE, DONE])


@given(MEANINGS, ROWS)
def test_reading_never_fails_and_never_has_a_value_and_an_absence(meaning: Meaning, typed: Typed) -> None:
    row = read_row(meaning, typed, ENDS)
    numbers = (row.value, row.numerator, row.denominator)
    assert not (row.absence and any(number is not None for number in numbers))
    assert all(number is None or number.is_finite() for number in numbers)
    assert {trouble.field for trouble in row.troubles} <= set(FIELDS)


@given(MEANINGS, ROWS)
def test_nothing_comes_of_a_blank(meaning: Meaning, typed: Typed) -> None:
    empty = Typed(explanation=typed.explanation, evidence=typed.evidence, published=typed.published)
    assert not read_row(meaning, empty, ENDS).says_something
    assert empty.is_blank is (empty == Typed())


@given(st.lists(st.tuples(TEXTS, st.none() | st.decimals(allow_nan=False)), max_size=6), st.randoms())
def test_the_order_of_rows_does_not_change_their_digest(
    rows: list[tuple[str, Decimal | None]], random: object
) -> None:
    other = list(rows)
    random.shuffle(other)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert digest_of(other) == digest_of(rows)
    assert digest_of([*rows, ("one more", None)]) != digest_of(rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((None,), ("None",)),
        ((None,), ("",)),
        ((Decimal("1.0"),), (Decimal(1),)),
        (("a", "b"), ("ab", "")),
        (("a\n", "b"), ("a", "\nb")),
    ],
)
def test_what_differs_has_another_digest(one: tuple[str | None], other: tuple[str | None]) -> None:
    assert digest_of([one]) != digest_of([other])


def test_evidence_is_known_by_all_it_says() -> None:
    digests = {
        digest_of_evidence(*one)
        for one in (("link", "a", ""), ("citation", "a", ""), ("link", "b", ""), ("link", "a", "2018"))
    }
    assert len(digests) == 4
    assert all(len(digest) == 64 for digest in digests)
