"""What is asked of a page in the browser: whom it keeps out, what sticks out, what paper would show."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import axe_core_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
# what is folded away is not seen, though axe lays it on whatever is at its place: `entry-notes` unfolds it
RUN = """() => axe.run({exclude: [['details:not([open]) > :not(summary)']]}, {resultTypes: ['violations']})
  .then(it => it.violations)"""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STICKS_OUT = """() => [...document.querySelectorAll('body *')].filter(it => {
  const box = it.getBoundingClientRect()
  return box.width && box.right > document.documentElement.clientWidth + 1
    && !it.closest('.frame, [tabindex="0"], pre, svg, .usa-sr-only')
}).slice(0, 3).map(it => it.outerHTML.slice(0, 120))"""
COLOUR_ALONE = """() => [...document.querySelectorAll('.status')].filter(it => {
  const glyph = it.querySelector('.status__glyph')
  return !glyph || !glyph.textContent.trim() || it.textContent.trim() === glyph.textContent.trim()
}).map(it => it.outerHTML)"""
OF_SCREENS = """() => [...document.querySelectorAll(
  '.masthead, .nav, .usa-skipnav, .trail, .pages, .filter, .take, button, input[type=submit], .usa-button')]
  .filter(it => it.getClientRects().length && getComputedStyle(it).visibility !== 'hidden')
  .map(it => it.outerHTML.slice(0, 120))"""


def axe(page: Page) -> list[tuple[str, str]]:
    """The rules that a page breaks, each with the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = [(one["id"], one["nodes"][0]) for one in page.evaluate(RUN)]
    return [(rule, f"{node['html'][:300]} {node['failureSummary'][:300]}") for rule, node in found]


def sticking_out(page: Page, *widths: int) -> list[tuple[int, object]]:
    """The widths at which the page has to be moved sideways, with what makes it so."""
    found: list[tuple[int, object]] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE) > 0:
            found.append((width, page.evaluate(STICKS_OUT)))
    return found


def by_colour_alone(page: Page) -> list[str]:
    """The statuses without a glyph or without a word."""
    found: list[str] = page.evaluate(COLOUR_ALONE)
    return found


def on_paper(page: Page) -> list[str]:
    """What would be printed and is of use on a screen alone."""
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(OF_SCREENS)
    page.emulate_media(media="screen")
    return found


OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
TEXT = re.compile(rb"\bT[jJ]\b")


def sheets(pdf: bytes) -> list[int]:
    """Of each sheet, how many pieces of text are on it."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_pieces(objects, body) for body in pages]


def _pieces(objects: dict[int, bytes], page: bytes) -> int:
    named = re.search(rb"/Contents\s*\[?\s*(\d+) 0 R", page)
    stream = STREAM.search(objects[int(named[1])]) if named else None
    return len(TEXT.findall(zlib.decompressobj().decompress(stream[1]))) if stream else 0
