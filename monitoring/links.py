"""The addresses that a page gives its figures: within its program, of the sites it shows, on its day."""

from __future__ import annotations

from collections.abc import Collection

from indicators.addresses import Links
from indicators.ledger import ProgramBook
from indicators.periods import life
from monitoring.looking_back import LookBack
from programs.models import Program


def links_within(program: Program, root: str, back: LookBack, sites: tuple[str, ...] = ()) -> Links:
    """From a page to which the program's own page has the address `root`."""
    return Links(root, life(program.starts_on, program.ends_on).label, sites, back.text)


def links_for(book: ProgramBook, root: str, back: LookBack, sites: Collection[int] | None) -> Links:
    """The same of figures of some sites: those that were chosen or that the reader may see (None: all)."""
    named = [] if sites is None else [site.code for site in book.sites.values() if site.pk in sites]
    return links_within(book.program, root, back, tuple(named))
