"""What may be kept as evidence: known by its content, never by its name. Pure; never raises.

Nothing that a browser or an office program would run is let in: no HTML, no SVG, no macros, no old OLE files.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageSequence

MOST_PIXELS = 50_000_000  # of all frames of an image together
MOST_FRAMES = 1_000
MOST_ENTRIES = 5_000  # in an office document
MOST_UNPACKED = 100_000_000  # bytes in them together: an unpacked text of 100 MB is no report
LONGEST_NAME = 120
CHUNK = 65_536

PDF = "application/pdf"
TEXT, CSV = "text/plain", "text/csv"
JPEG = "image/jpeg"
IMAGES = {"PNG": "image/png", "JPEG": JPEG, "MPO": JPEG, "WEBP": "image/webp", "GIF": "image/gif"}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = {
    "word/document.xml": _OPEN_XML + "wordprocessingml.document",
    "xl/workbook.xml": _OPEN_XML + "spreadsheetml.sheet",
    "ppt/presentation.xml": _OPEN_XML + "presentationml.presentation",
}
OPEN_DOCUMENT = frozenset(_OPEN_DOCUMENT + kind for kind in ("text", "spreadsheet", "presentation"))
# how the name of each may end; what ends otherwise gets the first one
ENDINGS = {
    "image/png": (".png",),
    JPEG: (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    PDF: (".pdf",),
    TEXT: (".txt",),
    CSV: (".csv",),
    OFFICE["word/document.xml"]: (".docx",),
    OFFICE["xl/workbook.xml"]: (".xlsx",),
    OFFICE["ppt/presentation.xml"]: (".pptx",),
    _OPEN_DOCUMENT + "text": (".odt",),
    _OPEN_DOCUMENT + "spreadsheet": (".ods",),
    _OPEN_DOCUMENT + "presentation": (".odp",),
}


class FileProblem(StrEnum):
    """Why a file is not taken as evidence."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"  # none of the kinds that are taken
    BROKEN = "broken"  # begins like one of them, but can't be read to its end
    MACROS = "macros"  # a document that runs something
    TOO_MUCH = "too_much"  # unpacks to more than anybody reads
    MARKUP = "markup"  # a browser would take this text for a page


@dataclass(frozen=True, slots=True)
class FileReading:
    """What the content is, or why it is refused."""

    content_type: str = ""
    problem: FileProblem | None = None


class _Not(Exception):
    """Inside of this module: the content is refused."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_file(content: bytes, name: str, most: int) -> FileReading:
    """What a file of at most so many bytes is; its name only tells a table of text from other text."""
    try:
        return FileReading(_content_type(content, name, most))
    except _Not as refused:
        return FileReading(problem=refused.problem)


def _content_type(content: bytes, name: str, most: int) -> str:
    if not content:
        raise _Not(FileProblem.EMPTY)
    if len(content) > most:
        raise _Not(FileProblem.TOO_LARGE)
    for begins, read in READERS:
        if begins.match(content):
            return read(content)
    return _text(content, name)


def _image(content: bytes) -> str:
    """The type of an image that could be decoded to its last row, in all its frames."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF")) as image:
            kind = IMAGES[image.format or ""]
            _decode(image)
    except _Not:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _Not(FileProblem.TOO_MUCH) from bomb
    except Exception as error:  # a decoder fails at odd bytes in more ways than it says
        raise _Not(FileProblem.BROKEN) from error
    if not _has_its_end(content, kind):
        raise _Not(FileProblem.BROKEN)
    return kind


def _decode(image: Image.Image) -> None:
    """Decode all frames; of several pictures that a camera puts into one JPEG the first."""
    pixels = image.width * image.height
    image.draft("L", (1, 1))  # a JPEG is read as a whole, but not brought to its full size
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        if number > MOST_FRAMES or number * pixels > MOST_PIXELS:
            raise _Not(FileProblem.TOO_MUCH)
        frame.load()
        if image.format == "MPO":
            break


def _has_its_end(content: bytes, kind: str) -> bool:
    """Whether the last mark of the format is there; cameras write more behind it in a JPEG."""
    if kind == JPEG:
        return b"\xff\xd9" in content[content.rfind(b"\xff\xda") :]
    if kind == "image/webp":
        return int.from_bytes(content[4:8], "little") + 8 in (len(content), len(content) + 1)
    return content.endswith(b"IEND\xaeB`\x82" if kind == "image/png" else b"\x3b")


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-1024:] or b"startxref" not in content[-4096:]:
        raise _Not(FileProblem.BROKEN)
    return PDF


def _document(content: bytes) -> str:
    """The type of an office document, unpacked to the end or to the limit, whichever comes first."""
    if content.count(b"PK\x01\x02") > MOST_ENTRIES:
        raise _Not(FileProblem.TOO_MUCH)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            kind = _kind_of_document(archive)
            _unpack(archive)
    except _Not:
        raise
    except Exception as error:  # zip and its packers fail at odd bytes in many ways
        raise _Not(FileProblem.BROKEN) from error
    return kind


def _kind_of_document(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if len(names) < len(archive.namelist()):
        raise _Not(FileProblem.BROKEN)  # which of two an office program reads is its own affair
    if "mimetype" in names and "content.xml" in names:
        kind = _beginning(archive, "mimetype").decode("ascii", "replace").strip()
        if kind in OPEN_DOCUMENT:
            return kind
    if "[Content_Types].xml" in names:
        for inside, kind in OFFICE.items():
            if inside in names and b"macroenabled" not in _beginning(archive, "[Content_Types].xml").lower():
                return kind
        if OFFICE.keys() & names:
            raise _Not(FileProblem.MACROS)
    raise _Not(FileProblem.UNKNOWN)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """The first megabyte of one entry."""
    with archive.open(name) as entry:
        return entry.read(1_000_000)


_RUNS = re.compile(r"vbaproject|(^|/)(activex|macrosheets)/|^(basic|scripts)/", re.IGNORECASE)
_PROGRAMS = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF")  # OLE, in which macros lie, and executables


def _unpack(archive: zipfile.ZipFile) -> None:
    """Read every entry to its end, which checks its sum; no more than the limit for all of them together."""
    left = MOST_UNPACKED
    for entry in archive.infolist():
        if _RUNS.search(entry.filename):
            raise _Not(FileProblem.MACROS)
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Not(FileProblem.BROKEN)
        with archive.open(entry) as packed:
            first = True
            while chunk := packed.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _Not(FileProblem.TOO_MUCH)
                if first and chunk.startswith(_PROGRAMS):
                    raise _Not(FileProblem.MACROS)
                first = False


_MARKUP = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_ODD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# a program for a printer, rich text; and a link or a citation is known by the SHA-256 of a text like the last
_OTHER = re.compile(r"""\s*(%!PS|\{\\rtf|\["(link|citation)")""")


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Not(FileProblem.UNKNOWN) from error
    if _ODD.search(text) or _OTHER.match(text) or not text.strip():
        raise _Not(FileProblem.UNKNOWN)
    if _MARKUP.search(text):
        raise _Not(FileProblem.MARKUP)
    return CSV if name.lower().endswith(".csv") else TEXT


READERS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], str]], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL), _image),
    (re.compile(rb"%PDF-[12]\.\d"), _pdf),
    (re.compile(rb"PK\x03\x04"), _document),
)


def shown_name(name: str, content_type: str) -> str:
    """The name as it is shown and downloaded: no path, no sign that hides or turns text, its true ending."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    kept = "".join(sign if unicodedata.category(sign)[0] not in "CZ" else " " for sign in _visible(name))
    kept = re.sub(r'[<>:"|?*]', "_", " ".join(kept.split())).strip(". ")
    endings = ENDINGS[content_type]
    stem, ending = kept, endings[0]
    for known in endings:
        if kept.lower().endswith(known):
            stem, ending = kept[: -len(known)], kept[-len(known) :]
    stem = stem[: LONGEST_NAME - len(ending)].strip(". ")
    return (stem or "file") + ending


def _visible(name: str) -> str:
    """The name without the signs of format, such as those that turn the direction of text."""
    return "".join(sign for sign in name if unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn"))
