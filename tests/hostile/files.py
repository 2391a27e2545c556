"""Files that a hostile person hands in, and the raw form that carries them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from django.test.client import encode_multipart
from PIL import Image

from tests.hostile.pages import BORN

SCRIPT = f"<script {BORN}>{BORN}()</script>".encode()
PDF = b"%PDF-1.7\n" + SCRIPT + b"\nstartxref\n0\n%%EOF\n"


def picture(kind: str, **more: object) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (40, 40), "red").save(kept, kind, **more)
    return kept.getvalue()


def packed(entries: Mapping[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def document(**more: bytes) -> bytes:
    """A small text document, with these entries besides."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
    return packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def huge_picture(side: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


PNG, JPEG, GIF = picture("PNG"), picture("JPEG"), picture("GIF")
REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \n\t ",
    "a mark of order alone": b"\xef\xbb\xbf",
    "a page": b"<!doctype html>" + SCRIPT,
    "a page after text": b"The register says 12.\n" + SCRIPT,
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "a page in another coding": SCRIPT.decode().encode("utf-16"),
    "a page in seven bits": b"+ADw-script+AD4-x()+ADw-/script+AD4-\x00",
    "a program of Windows": b"MZ\x90\x00" + b"\x00" * 60,
    "a program of Linux": b"\x7fELF" + b"\x02" * 60,
    "an old office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60,
    "rich text": b"{\\rtf1 x}",
    "PostScript": b"%!PS-Adobe-3.0\nshowpage\n",
    "the text of a link": b'["link", "https://x.example/"]',
    "half a PNG": PNG[: len(PNG) // 2],
    "half a JPEG": JPEG[: len(JPEG) // 2],
    "half a GIF": GIF[: len(GIF) // 2],
    "half a WebP": picture("WEBP")[:30],
    "half a PDF": PDF[:30],
    "half a document": document()[:-30],
    "a picture that is a script": b"GIF89a/*" + b"x" * 40 + b"*/=1;zq7()//",
    "a picture with a zip behind it": PNG + packed({"a": b"b"}),
    "a picture with a page behind it": PNG + SCRIPT,
    "a GIF with a page behind it": GIF + SCRIPT,
    "a picture of 900 million dots": huge_picture(30_000),
    "a picture of more than anybody counts": huge_picture(2**31 - 1),
    "a zip": packed({"a.txt": b"a"}),
    "a program of Java": packed({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}),
    "a bomb": document(word__media__a=bytes(110_000_000)),
    "a zip of 5,001": packed({f"word/{n}": b"" for n in range(5_001)} | {"word/document.xml": b"<w/>"}),
    "a document with macros": document(word__vbaProject__bin=b"x", word__vbaProject=b"x"),
    "a document with a program in it": document(word__embeddings__a=b"MZ\x90\x00"),
    "a page before a document": SCRIPT + document(),
}
# taken for what they are, and given back so that nothing of them runs
TAKEN: dict[str, bytes] = {
    "a PDF with a page in it": PDF,
    "a JPEG with a page behind it": JPEG + SCRIPT,
    "a picture with a page in its notes": picture("JPEG", comment=SCRIPT),
    "a document that climbs out of its folder": packed(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "../../../tmp/x": b"x"}
    ),
}
NAMES = (
    "", ".", "..", "../../../etc/passwd", "..\\..\\x.txt", "C:\\Users\\x\\register.txt", "/etc/passwd",
    "a\x00b.txt", "\u202etxt.exe", "\u2066\u2069.txt", "\u200b", "x.html", "x.svg", "x.txt.exe",
    "CON", "nul.txt", "a" * 1_000_000, "ß" * 300 + ".txt", "e\u0301" * 200,
    f"<img src=x onerror={BORN}() {BORN}>.txt",
    f"\" onmouseover={BORN}() {BORN}='.txt", "x\r\nSet-Cookie: a=b\r\n\r\n.txt", "x; filename*=UTF-8''y.html",
    "=cmd|'/C calc'!A0.txt", "%00.txt", "%2e%2e%2fx", "\ud7ff.txt", "\ufeff.txt", "~", "-rf",
    "`id`", "$(id)", " ",
)  # fmt: skip
KINDS = (
    "", "text/html", "image/svg+xml", "application/x-httpd-php", "multipart/form-data; boundary=x",
    "text/html; charset=utf-7", "message/rfc822", "x" * 2_000, "text/plain; charset=nothing", "\x00",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file in a field of a form, as a browser that lies would send it."""

    field: str
    content: bytes
    name: str = "register.txt"
    kind: str = "text/plain"


BOUNDARY = "BoUnDaRyStRiNg"  # the one of Django's test client


def with_files(sent: Mapping[str, object], files: list[Chosen]) -> tuple[bytes, str]:
    """The body of a form with these files, and its type."""
    fields = encode_multipart(BOUNDARY, dict(sent)).removesuffix(f"--{BOUNDARY}--\r\n".encode())
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{it.field}"; filename="{it.name}"\r\n'
        f"Content-Type: {it.kind}\r\n\r\n".encode("utf-8", "replace")
        + it.content
        + b"\r\n"
        for it in files
    ]
    end = f"--{BOUNDARY}--\r\n".encode()
    return fields + b"".join(parts) + end, f"multipart/form-data; boundary={BOUNDARY}"
