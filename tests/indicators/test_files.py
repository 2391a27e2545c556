"""What is taken as evidence and what is not, by content; and the names under which it is shown."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from indicators import files
from indicators.files import ENDINGS, LONGEST_NAME, FileProblem, read_file, shown_name

MOST = 10_000_000
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\nxref\n0 1\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (24, 24), **how: object) -> bytes:
    """An image with something in every row."""
    held = BytesIO()
    Image.effect_noise(size, 40).save(held, kind, **how)
    return held.getvalue()


def zipped(entries: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return held.getvalue()


def office(inside: str, **more: bytes | str) -> bytes:
    """A document of Open XML with these entries besides; `__` in a name stands for a slash."""
    types = {"[Content_Types].xml": "<Types/>", inside: "<document/>"}
    return zipped(types | {name.replace("__", "/").replace("_dot_", "."): it for name, it in more.items()})


def open_document(kind: str, **more: bytes | str) -> bytes:
    entries = {"mimetype": OPEN_DOCUMENT + kind, "content.xml": "<office/>"}
    return zipped(entries | {name.replace("__", "/"): it for name, it in more.items()})


def animated() -> bytes:
    frames = [Image.effect_noise((24, 24), 40) for _ in range(3)]
    held = BytesIO()
    frames[0].save(held, "GIF", save_all=True, append_images=frames[1:])
    return held.getvalue()


TAKEN: dict[str, tuple[bytes, str, str]] = {
    "png": (picture("PNG"), "", "image/png"),
    "jpeg": (picture("JPEG"), "", "image/jpeg"),
    "jpeg with what a camera adds": (picture("JPEG") + b"SEFT\x00\x01", "", "image/jpeg"),
    "webp": (picture("WEBP"), "", "image/webp"),
    "gif": (picture("GIF"), "", "image/gif"),
    "gif that moves": (animated(), "", "image/gif"),
    "pdf": (PDF, "", "application/pdf"),
    "docx": (office("word/document.xml"), "", OPEN_XML + "wordprocessingml.document"),
    "xlsx": (office("xl/workbook.xml"), "", OPEN_XML + "spreadsheetml.sheet"),
    "pptx": (office("ppt/presentation.xml"), "", OPEN_XML + "presentationml.presentation"),
    "odt": (open_document("text"), "", OPEN_DOCUMENT + "text"),
    "ods": (open_document("spreadsheet"), "", OPEN_DOCUMENT + "spreadsheet"),
    "odp": (open_document("presentation"), "", OPEN_DOCUMENT + "presentation"),
    "text": ("Año 2026: 12 < 13, ≈ 5 %\r\n".encode(), "notes.md", "text/plain"),
    "text with a byte-order mark": (b"\xef\xbb\xbfa", "", "text/plain"),
    "csv": (b"day;number\n2026-08-02;12\n", "register.CSV", "text/csv"),
    "a png called otherwise": (picture("PNG"), "page.html", "image/png"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_taken(case: str) -> None:
    content, name, kind = TAKEN[case]
    reading = read_file(content, name, MOST)
    assert (reading.content_type, reading.problem) == (kind, None)
    assert kind in ENDINGS


def bomb(size: int = 300_000_000) -> bytes:
    """A document that unpacks to so many zeros."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        with archive.open("word/media", "w") as entry:
            for _ in range(size // 1_000_000):
                entry.write(bytes(1_000_000))
    return held.getvalue()


def lying() -> bytes:
    """A document whose entry says that it is smaller than it is."""
    content = bytearray(office("word/document.xml", big=b"x" * 1_000_000))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def locked() -> bytes:
    content = bytearray(office("word/document.xml"))
    for begins, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rindex(begins)
        content[at + flag] |= 1
    return bytes(content)


def doubled() -> bytes:
    held = BytesIO(office("word/document.xml"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(held, "a") as archive:
        archive.writestr("word/document.xml", "<another/>")
    return held.getvalue()


def many_frames() -> bytes:
    frame = bytes.fromhex("2c000000000100010000020244010 0".replace(" ", ""))
    return b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(6) + frame * 100_000 + b";"


def wide() -> bytes:
    held = BytesIO()
    Image.new("1", (20_000, 20_000)).save(held, "PNG")
    return held.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], FileProblem]] = {
    "nothing": (lambda: b"", FileProblem.EMPTY),
    "too large": (lambda: b"x" * (MOST + 1), FileProblem.TOO_LARGE),
    "html": (lambda: b"<!DOCTYPE html><p>hello", FileProblem.MARKUP),
    "html in the middle": (lambda: b"hello " * 1_000 + b"<script>alert(1)</script>", FileProblem.MARKUP),
    "html after a byte-order mark": (lambda: b"\xef\xbb\xbf <html>", FileProblem.MARKUP),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", FileProblem.MARKUP),
    "xml": (lambda: b"<?xml version='1.0'?><a/>", FileProblem.MARKUP),
    "html of 16 bits": (lambda: "<html>".encode("utf-16"), FileProblem.UNKNOWN),
    "text of 8 bits": (lambda: "Año".encode("latin-1"), FileProblem.UNKNOWN),
    "blanks": (lambda: b" \n", FileProblem.UNKNOWN),
    "a NUL": (lambda: b"a\x00b", FileProblem.UNKNOWN),
    "escapes of a terminal": (lambda: b"\x1b[2J", FileProblem.UNKNOWN),
    "executable of Windows": (lambda: b"MZ\x90\x00\x03\x00", FileProblem.UNKNOWN),
    "executable of Linux": (lambda: b"\x7fELF\x02\x01\x01", FileProblem.UNKNOWN),
    "old office": (lambda: OLE + bytes(600), FileProblem.UNKNOWN),
    "rich text": (lambda: b"{\\rtf1\\ansi}", FileProblem.UNKNOWN),
    "program of a printer": (lambda: b"%!PS-Adobe-3.0\n", FileProblem.UNKNOWN),
    "what a link is known by": (lambda: b'["link", "https://example.org", ""]', FileProblem.UNKNOWN),
    "what a citation is known by": (lambda: b'["citation", "A report", ""]', FileProblem.UNKNOWN),
    "bitmap": (lambda: picture("BMP"), FileProblem.UNKNOWN),
    "tiff": (lambda: picture("TIFF"), FileProblem.UNKNOWN),
    "pdf without its end": (lambda: PDF[:-7], FileProblem.BROKEN),
    "pdf with more behind": (lambda: PDF + b"<script>" * 1_000, FileProblem.BROKEN),
    "pdf behind html": (lambda: b"<html>" + PDF, FileProblem.MARKUP),
    "png behind html": (lambda: picture("PNG") + b"<script>alert(1)</script>", FileProblem.BROKEN),
    "gif with more behind": (lambda: picture("GIF") + b"alert(1)", FileProblem.BROKEN),
    "webp with more behind": (lambda: picture("WEBP") + b"alert(1)", FileProblem.BROKEN),
    "image too wide": (wide, FileProblem.TOO_MUCH),
    "image of too many frames": (many_frames, FileProblem.TOO_MUCH),
    "plain zip": (lambda: zipped({"a.txt": "a"}), FileProblem.UNKNOWN),
    "zip without entries": (lambda: b"PK\x05\x06" + bytes(18), FileProblem.UNKNOWN),
    "jar": (lambda: zipped({"META-INF/MANIFEST.MF": "", "A.class": "a"}), FileProblem.UNKNOWN),
    "zip behind a picture": (lambda: picture("PNG") + zipped({"a": "a"}), FileProblem.BROKEN),
    "macros": (lambda: office("word/document.xml", **{"word/vbaProject.bin": OLE}), FileProblem.MACROS),
    "macros by another name": (lambda: office("xl/workbook.xml", xl__x=OLE), FileProblem.MACROS),
    "macros said in the types": (
        lambda: zipped(
            {"[Content_Types].xml": "vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": ""}
        ),
        FileProblem.MACROS,
    ),
    "sheets of macros": (lambda: office("xl/workbook.xml", xl__macrosheets__a="a"), FileProblem.MACROS),
    "controls that run": (lambda: office("word/document.xml", word__activeX__a="a"), FileProblem.MACROS),
    "a program inside": (lambda: office("word/document.xml", word__a=b"MZ\x90"), FileProblem.MACROS),
    "macros of an open document": (lambda: open_document("text", Basic__a="a"), FileProblem.MACROS),
    "open document of another kind": (lambda: open_document("graphics"), FileProblem.UNKNOWN),
    "zip bomb": (bomb, FileProblem.TOO_MUCH),
    "zip of too many entries": (
        lambda: zipped({str(number): "" for number in range(files.MOST_ENTRIES + 1)}), FileProblem.TOO_MUCH,
    ),
    "zip that lies about its size": (lying, FileProblem.BROKEN),
    "zip with a password": (locked, FileProblem.BROKEN),
    "zip packed in another way": (
        lambda: zipped({"mimetype": OPEN_DOCUMENT + "text", "content.xml": "a" * 999}, zipfile.ZIP_LZMA),
        FileProblem.BROKEN,
    ),
    "zip with two of a name": (doubled, FileProblem.BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    content, problem = REFUSED[case]
    reading = read_file(content(), "evidence.pdf", MOST)
    assert (reading.problem, reading.content_type) == (problem, "")


CUT = ("PNG", "JPEG", "WEBP", "GIF")


@pytest.mark.parametrize("kind", CUT)
def test_no_truncated_image_is_taken(kind: str) -> None:
    whole = picture(kind)
    for length in range(8, len(whole)):
        assert read_file(whole[:length], "a", MOST).problem is not None, length


def test_a_picture_without_its_middle_is_refused_though_it_has_its_end() -> None:
    whole = picture("PNG")
    content = whole[: len(whole) // 2] + whole[-12:]
    assert read_file(content, "a", MOST).problem is FileProblem.BROKEN


def test_no_truncated_document_is_taken() -> None:
    whole = office("word/document.xml")
    for length in range(4, len(whole)):
        assert read_file(whole[:length], "a", MOST).problem is not None, length


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_changed_byte_of_a_picture_never_fails(kind: str) -> None:
    whole = picture(kind)
    for at in range(0, len(whole), 7):
        read_file(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :], "a", MOST)


def test_a_bomb_is_unpacked_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bomb()
    unpacked = 0
    read = zipfile.ZipExtFile.read

    def counted(entry: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        nonlocal unpacked
        chunk = read(entry, size)
        unpacked += len(chunk)
        return chunk

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    tracemalloc.start()
    assert read_file(content, "a", MOST).problem is FileProblem.TOO_MUCH
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert unpacked <= files.MOST_UNPACKED + 2 * files.CHUNK
    assert peak < 10_000_000


BEGINNINGS = st.sampled_from([
    b"", b"<", b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x10\x00\x00\x00WEBP",
    b"%PDF-1.7", b"PK\x03\x04", picture("PNG")[:60], picture("JPEG")[:300], picture("WEBP")[:40],
    picture("GIF")[:900], office("word/document.xml")[:200], office("word/document.xml"), PDF,
])  # fmt: skip


@given(BEGINNINGS, st.binary(max_size=300), st.text(max_size=20))
@settings(max_examples=400, deadline=None)
def test_whatever_comes_is_read_without_an_exception(begins: bytes, rest: bytes, name: str) -> None:
    reading = read_file(begins + rest, name, MOST)
    assert (reading.problem is None) == (reading.content_type in ENDINGS)
    if reading.problem is None:
        assert shown_name(name, reading.content_type)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_with_a_tag_is_taken(text: str) -> None:
    assert read_file(f"{text}<script>".encode(errors="replace"), "a", MOST).problem is not None


NAMES = (
    ("report.pdf", "application/pdf", "report.pdf"),
    ("REPORT.PDF", "application/pdf", "REPORT.PDF"),
    ("photo.jpeg", "image/jpeg", "photo.jpeg"),
    ("photo", "image/jpeg", "photo.jpg"),
    ("run.bat", "text/plain", "run.bat.txt"),
    ("page.html", "image/png", "page.html.png"),
    ("/etc/passwd", "text/plain", "passwd.txt"),
    ("C:\\Users\\me\\a.csv", "text/csv", "a.csv"),
    ("../../a.csv", "text/csv", "a.csv"),
    ("a\u202efdp.exe", "image/png", "afdp.exe.png"),
    ("a\x00\r\nb\u2028c.csv", "text/csv", "a b c.csv"),
    ("  .hidden. .csv", "text/csv", "hidden.csv"),
    ("informe año 2026.pdf", "application/pdf", "informe año 2026.pdf"),
    ('<a href="x">|?*:.csv', "text/csv", "_a href=_x______.csv"),
    ("", "text/plain", "file.txt"),
    (".txt", "text/plain", "txt.txt"),
    ("x" * 500 + ".pdf", "application/pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
)


@pytest.mark.parametrize(("name", "kind", "shown"), NAMES)
def test_names(name: str, kind: str, shown: str) -> None:
    assert shown_name(name, kind) == shown


@given(st.text(max_size=400), st.sampled_from(sorted(ENDINGS)))
@settings(max_examples=300, deadline=None)
def test_a_shown_name_is_short_plain_and_ends_truly(name: str, kind: str) -> None:
    shown = shown_name(name, kind)
    assert 0 < len(shown) <= LONGEST_NAME
    assert shown.lower().endswith(ENDINGS[kind])
    assert shown.isprintable()
    assert not set('/\\<>:"|?*') & set(shown)
    assert shown_name(shown, kind) == shown
