"""Where figures and entries are found: what their addresses are made of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlencode

from indicators.periods import Kind, Span, parse_label

LIFE = "life"
LATEST = "latest"  # of a baseline that is of no column: the last one on record
_PART_OF_A_YEAR = re.compile(r"(?P<year>(?:FY)?[0-9]{4})-(?P<part>[QH][1-4])")
_SEVERAL = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def slug_of(span: Span, life_label: str = "") -> str:
    """A span as a part of an address: "2026-Q3", "FY2027", "2026-07"; "life" for that of the program.

    Labels of others are free text: what can be read of theirs, with the begin of its digest.
    """
    if span.kind is Kind.LIFE and span.label == life_label:
        return LIFE
    if span.kind in (Kind.LIFE, Kind.OTHER):
        readable = _SEVERAL.sub("-", span.label.lower()).strip("-")[:60]
        return f"{readable}~{sha256(span.label.encode()).hexdigest()[:8]}"
    return span.label.replace(" ", "-")


def span_named(slug: str, life: Span, recorded: Iterable[Span]) -> Span | None:
    """The span of a slug, None if there is none: only what is on record can have a label of its own."""
    if slug == LIFE:
        return life
    if "~" in slug:
        return next((span for span in recorded if slug_of(span, life.label) == slug), None)
    found = _PART_OF_A_YEAR.fullmatch(slug)
    try:
        span = parse_label(f"{found['year']} {found['part']}" if found else slug)
    except ValueError:
        return None
    return None if span.kind in (Kind.LIFE, Kind.OTHER) else span


class Part(NamedTuple):
    """One category of a breakdown, by codes."""

    dimension: str
    category: str


class Place(NamedTuple):
    """The addresses of what one cell says: of its actual, its achievement and its target."""

    actual: str
    judged: str
    target: str


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses within one program, as seen from a page: `root` is the program's own (it ends with /).

    `sites` are the codes of those sites that the page's figures are of, () for all and the program;
    `as_of` the text of the day that is looked back to. Codes need no quoting.
    """

    root: str
    life: str = ""
    sites: tuple[str, ...] = ()
    as_of: str = ""

    def figure(
        self,
        indicator: str,
        span: Span | None,
        *,
        kind: str = "",
        sites: tuple[str, ...] | None = None,
        part: Part | None = None,
    ) -> str:
        """A combined or judged figure: the actual unless a kind is given; None is the latest baseline."""
        slug = LATEST if span is None else slug_of(span, self.life)
        return f"{self.figures(indicator)}{slug}/{self.query(kind, sites, part)}"

    def figures(self, indicator: str) -> str:
        """What the addresses of all its figures begin with."""
        return f"{self.root}indicators/{indicator}/figures/"

    def query(self, kind: str = "", sites: tuple[str, ...] | None = None, part: Part | None = None) -> str:
        """What they end with."""
        asked = [("kind", kind)] if kind else []
        asked += [("dimension", part.dimension), ("category", part.category)] if part else []
        asked += [("site", code) for code in (self.sites if sites is None else sites)]
        asked += [("as_of", self.as_of)] if self.as_of else []
        return f"?{urlencode(asked)}" if asked else ""

    def entry(self, number: int) -> str:
        """An entry of the ledger."""
        return f"{self.root}ledger/{number}/{self.suffix}"

    def indicator(self, code: str) -> str:
        """The page of an indicator."""
        return f"{self.root}indicators/{code}/{self.suffix}"

    @property
    def program(self) -> str:
        return f"{self.root}{self.suffix}"

    @property
    def suffix(self) -> str:
        """What keeps the day that is looked back to."""
        return f"?{urlencode({'as_of': self.as_of})}" if self.as_of else ""

    def place(self, indicator: str, span: Span, part: Part | None = None) -> Place:
        """The three addresses of one cell."""
        (found,) = self.places(indicator, [slug_of(span, self.life)], part)
        return found

    def places(self, indicator: str, slugs: Iterable[str], part: Part | None = None) -> list[Place]:
        """The same of a row, written for HTML; thousands of them in a few milliseconds."""
        begin = self.figures(indicator)
        actual = self.query(part=part).replace("&", "&amp;")
        target = self.query("target", part=part).replace("&", "&amp;")
        return [
            Place(f"{begin}{slug}/{actual}", f"{begin}{slug}/{actual}#judged", f"{begin}{slug}/{target}")
            for slug in slugs
        ]
