"""What a hostile person types, sends as a header, asks for by address, or uploads."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.hostile.pages import BORN

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
QUICK = settings(
    max_examples=2_000 if SOAK else 12,
    deadline=None,  # pages, on a machine that has other things to do
    suppress_health_check=list(HealthCheck),  # the ground is made once, each example in a savepoint
)

NUMBERS = (
    "1e999",
    "-1e999",
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "١٢٣",
    "१२३",
    "１２３",
    "−5",
    "–5",
    "1.234.567,89",
    "1,234,567.89",
    "0x10",
    "0b1",
    "1_000",
    "1e3",
    "٣٫٥",
    "½",
    "²",
    "Ⅷ",
    "一二三",
    "𝟙𝟚",
    "1\u00a0000",
    "1\u202f000",
    "1\u200b2",
    "9" * 400,
    "0." + "9" * 400,
    "-0",
    "+1",
    "1/0",
    "0/0",
    "5 %",
    "5,",
    ".5",
    ",5",
    "5.",
    "O",
    "l0",
    "1O",
)
MARKUP = tuple(
    text.replace("BORN", BORN)
    for text in (
        "<BORN BORN=1>",
        "<script BORN>BORN()</script>",
        '"><img src=x onerror=BORN() BORN>',
        "' BORN='1",
        "<svg BORN onload=BORN()>",
        "javascript:BORN()",
        "JaVaScRiPt\t:BORN()",
        "data:text/html,<BORN>",
        "</textarea><BORN>",
        "</title><BORN>",
        "</script><BORN>",
        "<!--BORN-->",
        "]]><BORN>",
        "`BORN=1`",
        "{{ BORN }}",
        "{% load BORN %}",
        "{{ request.user.password }}",
        "{% include '/etc/passwd' %}",
        "${BORN}",
        "&lt;BORN&gt;",
        "&#60;BORN&#62;",
        "\u003cBORN\u003e",
        "＜BORN＞",
        "<BORN/onload=1>",
        "<<BORN>>",
        "//BORN.example/",
        'https://x.example/"onmouseover=BORN BORN="',
        "http://[BORN",
        "https://BORN.example\\@x",
    )
)
LIVE = (
    '=HYPERLINK("http://x.example/","here")',
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    ";=1",
    '";=1',
    "=cmd|'/C calc'!A0",
    "\n=1",
)
OTHER = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e5\u202c",
    "\u2066x\u2069",
    "\ufeff",
    "\ufffe",
    "\x7f",
    "\x1b[31m",
    "\ud7ff",
    "x\r\nSet-Cookie: a=b",
    "%0d%0aSet-Cookie:%20a=b",
    "'; DROP TABLE indicators_entry; --",
    "' OR '1'='1",
    "1) UNION SELECT password FROM programs_user--",
    "\\",
    "%s%s%n",
    "%(x)s",
    "../../etc/passwd",
    "null",
    "None",
    "true",
    "[]",
    "{}",
    "a" * 5_000,
    "e\u0301" * 500,
    "\U0001f3f4\U000e0067",
    "\u0000\u0000",
    "Σ",
    "İ",
    "ß" * 300,
)
IDS = (
    "0",
    "-1",
    "1",
    "9" * 18,
    "9" * 19,
    "9" * 400,
    "1.0",
    "1e3",
    "٣",
    " 1",
    "1 ",
    "01",
    "0x1",
    "None",
    "",
    "x",
)

texts = (
    st.sampled_from((*NUMBERS, *MARKUP, *LIVE, *OTHER, *IDS))
    | st.text(max_size=40)
    | st.lists(st.sampled_from((*MARKUP, *OTHER, *NUMBERS)), min_size=2, max_size=3).map("".join)
)
ids = st.sampled_from(IDS) | st.integers(min_value=-(10**20), max_value=10**20).map(str)
