"""No cell of a CSV file is live, however it is cut; and every text can be got back."""

from __future__ import annotations

import csv
import io
import re
import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programs import taming
from programs.taking import csv_lines
from programs.taming import tamed

TEXTS = st.text(
    st.sampled_from("=+-@＝＋－＠';,\"\t\r\n\v \u00a0\u200b\ufeffa1(") | st.characters(), max_size=40
)
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def as_given(text: str) -> str:
    """The text that was tamed: every apostrophe that stands where one is put is one too many."""
    text = text[1:] if text.startswith("'") and taming._FIRST.match(text) else text

    def one_less(found: re.Match[str]) -> str:
        return found[1] if taming._DIVIDER.search(found[1]) else found[0]

    return re.sub(taming._INNER.pattern.replace("(?='*+", "'(?='*+"), one_less, text)


def is_live(cell: str) -> bool:
    """Whether a spreadsheet might run it: the first sign that is seen is one of a formula."""
    seen = [sign for sign in cell if unicodedata.category(sign) not in UNSEEN]
    return bool(seen) and seen[0] in "=+-@＝＋－＠"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1", "'=1"), ("+1", "'+1"), ("-x", "'-x"), ("@a", "'@a"), ("\tb", "'\tb"), ("\rc", "'\rc"),
        ("＝1", "'＝1"), (" =1", "' =1"), ("\n=1", "\n'=1"), ("\u200b=1", "'\u200b=1"), ("'=1", "''=1"),
        ("a;=1", "a;'=1"), ("a; \t@x", "a; \t'@x"), ("a\n- b", "a\n'- b"), ('"=1"', '"\'=1"'),
        ("plain", "plain"), ("don't", "don't"), ("3 - 2 = 1", "3 - 2 = 1"), ("a, -5 %", "a, -5 %"), ("", ""),
    ],
)  # fmt: skip
def test_an_apostrophe_stands_before_whatever_is_live(text: str, written: str) -> None:
    assert (tamed(text), as_given(written)) == (written, text)


@given(TEXTS)
@example("'\t=;'=")
def test_every_text_can_be_got_back(text: str) -> None:
    assert as_given(tamed(text)) == text


@example(["\x80="])
@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(['x";=1', "\n=2"])
def test_no_cell_is_live_whatever_divides_the_cells(texts: list[str]) -> None:
    texts = [text.replace("\x00", "") for text in texts]
    *_, line = csv_lines(["a"] * len(texts), [texts])
    (cells,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert [as_given(cell) for cell in cells] == texts
    for divider in ",;\t":
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=divider):
            assert [cell for cell in row if is_live(cell)] == []


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_numbers_stay_numbers(number: Decimal) -> None:
    *_, line = csv_lines(["a", "b"], [[number, int(number)]])
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert (Decimal(cells[0]), int(cells[1])) == (number, int(number))
    assert cells[0].lstrip("-")[0].isdigit()


@pytest.mark.parametrize("text", ["\n" * 10**6, "'" * 10**6, ";'" * 5 * 10**5, '" ' * 5 * 10**5])
def test_a_long_text_takes_no_time(text: str) -> None:
    begun = time.process_time()  # what others do on the machine does not count
    tamed(text)
    assert time.process_time() - begun < 2
