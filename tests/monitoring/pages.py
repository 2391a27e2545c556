"""What a page shows as figures, and the links that lead from them."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

DIGITS = frozenset("0123456789")
VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "line", "rect", "circle", "polyline"})
# beside a figure: how complete it is, its period and its unit, and what is only heard or printed
APART_TAGS = frozenset({"title", "dt"})
CELLS = frozenset({"td", "th"})
ENDS_CELL = frozenset({"td", "th", "tr", "tbody"})
APART = frozenset({"of", "unit", "usa-sr-only", "print-only"})


@dataclass(frozen=True)
class Number:
    """A text with a digit in a cell of figures, and where it leads ("" for nowhere)."""

    text: str
    href: str


class Figures(HTMLParser):
    """The numbers of the cells and lists that a page marks as figures."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, frozenset[str], str]] = []
        self.found: list[Number] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ENDS_CELL:
            self._end_cell()
        if tag not in VOID:
            known = dict(attrs)
            self.open.append((tag, frozenset((known.get("class") or "").split()), known.get("href") or ""))

    def _end_cell(self) -> None:
        """A dense table leaves the ends of its cells out."""
        tags = [tag for tag, _, _ in self.open]
        begun = next((at for at in reversed(range(len(tags))) if tags[at] in CELLS), None)
        if begun is not None and "table" not in tags[begun:]:
            del self.open[begun:]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not DIGITS.intersection(data) or any(tag in APART_TAGS for tag, _, _ in self.open):
            return  # what a drawing says to who cannot see it, or a name
        classes = frozenset().union(*(it[1] for it in self.open))
        dense = "dense" in classes and not any(tag in ("i", "b") for tag, _, _ in self.open)
        in_cell = any(tag == "td" and (dense or "num" in names) for tag, names, _ in self.open)
        in_list = "latest" in classes and any(tag == "dd" for tag, _, _ in self.open)
        marked = any("figure" in names for _, names, _ in self.open)
        if (in_cell or in_list or marked) and not classes & APART and not self._of_a_period():
            href = next((it[2] for it in reversed(self.open) if it[0] == "a"), "")
            self.found.append(Number(" ".join(data.split()), href))

    def _of_a_period(self) -> bool:
        """A small second line outside a link names the period of what stands above it."""
        inner = [names for _, names, _ in self.open]
        return bool(inner) and "under" in inner[-1] and all(tag != "a" for tag, _, _ in self.open)


def numbers_on(page: str) -> list[Number]:
    """Every number that the page shows as a figure."""
    parser = Figures()
    parser.feed(page)
    return parser.found
