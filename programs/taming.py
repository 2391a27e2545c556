"""Text that goes into a CSV file so that no spreadsheet takes any of it for a formula.

A formula begins with = + - @ (or a full-width twin), whatever blanks stand before. A text may also hold such
a beginning inside: where semicolons divide, a file with commas falls into other cells.
"""

from __future__ import annotations

import re

# what a spreadsheet may pass over on its way to the first sign: blanks, controls, marks that are not seen
_IDLE = r"\s\x00-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069"
_LIVE = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FIRST = re.compile(rf"(?='*+(?:[{_IDLE}]*+{_LIVE}|[\t\r]))")
# a whole stretch of dividers and blanks, so that none is looked at twice
_INNER = re.compile(rf"(?<![;\"{_IDLE}])([;\"{_IDLE}]++)(?='*+{_LIVE})")
_DIVIDER = re.compile(r"[;\"\t\r\n\v\f\x85\u2028\u2029]")


def tamed(text: str) -> str:
    """The text with an apostrophe wherever a cell could begin that is live; two texts never become one."""
    inner = _INNER.sub(lambda found: found[0] + "'" * bool(_DIVIDER.search(found[0])), text)
    return f"'{inner}" if _FIRST.match(inner) else inner
