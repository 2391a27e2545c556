"""The part of USWDS that the site uses: `python -m monitoring.uswds.subset` writes it anew from the whole.

Whole, the style sheet has 527 KB, which a phone waits for. A rule stays when it is about an element, or
about the classes of KEPT; a typeface stays when a page is set in it. What stays, stays word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHOLE = HERE / "uswds.min.css"
STATIC = HERE.parent / "static" / "vendor" / "uswds"
SUBSET = STATIC / "css" / "uswds.subset.css"

KEPT = re.compile(r"usa-(alert|button|skipnav|sr-only)(__[\w-]+|--[\w-]+)*$")
LEFT_OUT = re.compile(
    r"usa-(alert--(emergency|validation|no-icon)|button--(accent|base|big|inverse|outline-inverse|secondary|hover|active))"
)
FONTS = (
    "sourcesanspro-regular-webfont",
    "sourcesanspro-bold-webfont",
    "sourcesanspro-italic-webfont",
    "roboto-mono-v5-latin-regular",
)
HEAD = "/*! uswds v3.14.0, the part that Rendir uses; licence in ../LICENSE.md */\n"
CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
ADDRESS = re.compile(r"""url\(["']?(?!data:)([^"')]+)""")


def subset(css: str) -> str:
    """The style sheet with the rules that the site uses, in their order."""
    css = re.sub(r'@charset "UTF-8";', "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return HEAD + "".join(_kept(css.strip()))


def addresses(css: str) -> set[str]:
    """The files that a style sheet names, as it names them."""
    return set(ADDRESS.findall(css))


def _kept(css: str) -> Iterator[str]:
    for head, body in _rules(css):
        if head.startswith(("@media", "@supports")):
            if inner := "".join(_kept(body)):
                yield f"{head}{{{inner}}}\n"
        elif head == "@font-face":
            if any(font in body for font in FONTS):
                yield f"{head}{{{body}}}\n"
        elif not head.startswith("@") and (selectors := _selectors(head)):
            yield f"{selectors}{{{body}}}\n"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each rule as its head and what stands between its braces."""
    start = opened = depth = 0
    for at in (match.start() for match in re.finditer(r"[{}]", css)):
        depth += 1 if css[at] == "{" else -1
        if css[at] == "{" and depth == 1:
            opened = at
        elif depth == 0:
            yield css[start:opened].strip(), css[opened + 1 : at]
            start = at + 1


def _selectors(head: str) -> str:
    """Those of a rule's selectors that a page of ours can meet."""
    # a comma inside brackets, as of :is(a, b), parts nothing
    parts = re.split(r",(?![^(\[]*[)\]])", head)
    return ",".join(part for part in parts if _is_met(part))


def _is_met(selector: str) -> bool:
    said = re.sub(r":not\([^)]*\)", "", selector)
    return all(KEPT.match(name) and not LEFT_OUT.match(name) for name in CLASS.findall(said))


if __name__ == "__main__":
    SUBSET.write_text(subset(WHOLE.read_text()))
