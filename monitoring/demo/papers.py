"""The papers that made-up figures rest on: a register, an attendance list, a sketch of plots. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

MADE_UP = "Made up to show the system at work."
WEEKS = 13
GREEN, BROWN, GREY = (74, 124, 89), (150, 111, 51), (90, 90, 90)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it: of which site and period, which figure as typed, and of what."""

    site: str
    period: str
    indicator: str
    value: str
    unit: str


def register(paper: Paper, rng: Random) -> bytes:
    """A table of the period's weeks that add up to the figure, which is a whole number."""
    total = int(paper.value.replace(",", ""))
    marks = sorted(rng.randint(0, total) for _ in range(WEEKS - 1))
    weeks = [after - before for before, after in zip([0, *marks], [*marks, total], strict=True)]
    head = [f"{paper.indicator} ({paper.unit})", f"{paper.site}, {paper.period}", MADE_UP]
    lines = [*head, "week,number", *(f"{week},{number}" for week, number in enumerate(weeks, 1))]
    return "\r\n".join([*lines, f"all,{total}", ""]).encode()


def sheet(paper: Paper, _rng: Random) -> bytes:
    """A page in PDF that says what the figure is."""
    said = [paper.indicator, f"{paper.site}, {paper.period}", f"{paper.value} {paper.unit}", "", MADE_UP]
    lines = " T* ".join(f"({_escaped(line)}) Tj" for line in said)
    page = b"BT /F1 14 Tf 20 TL 72 770 Td " + lines.encode("latin-1", "replace") + b" ET"
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Font << /F1 5 0 R >> >>",
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf(objects: list[bytes]) -> bytes:
    """A PDF file of these objects, the first of which is its catalog."""
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    file += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n" % (size, table)
    return file + b"<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, file.rindex(b"xref\n0"))


def sketch(paper: Paper, rng: Random) -> bytes:
    """A picture of plots along a river, with what the figure is."""
    picture = Image.new("RGB", (640, 480), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(3):
        for column in range(5):
            left, top = 30 + column * 118 + rng.randint(0, 12), 90 + row * 120 + rng.randint(0, 14)
            right, low = left + rng.randint(70, 100), top + rng.randint(60, 90)
            pen.polygon([(left, top), (right, top + 8), (right - 6, low), (left + 9, low - 7)], GREEN, BROWN)
    pen.line([(0, 70), (200, 82), (420, 66), (640, 78)], (86, 140, 180), 9)
    for line, text in enumerate(
        [paper.indicator, f"{paper.site}, {paper.period}: {paper.value} {paper.unit}"]
    ):
        pen.text((20, 12 + 20 * line), text, GREY)
    pen.text((20, 456), MADE_UP, GREY)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


PAPERS: dict[str, Callable[[Paper, Random], bytes]] = {"csv": register, "pdf": sheet, "png": sketch}


def paper_named(name: str, paper: Paper, rng: Random) -> bytes:
    """The content of a paper with this file name, whose ending says what it is."""
    return PAPERS[name.rpartition(".")[2]](paper, rng)
