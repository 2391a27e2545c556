"""The box of evidence: a link or a citation that is typed, or a file that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.files import ENDINGS
from indicators.forms.boxes import Box
from indicators.models import Evidence
from indicators.reading import file_of

ACCEPTED = ",".join(ending for endings in ENDINGS.values() for ending in endings)
SHORT = 8  # digits of a digest, where all of it stands in the title


@dataclass(slots=True)
class EvidenceBox(Box):
    """A text, or in its place a file with its name, size and digest; and a field to choose one."""

    file: Evidence | None = None
    offer: str = ""  # what the field for a file is called
    instead: str = ""  # the same, where one is there already

    @property
    def short(self) -> str:
        """What it holds, in one line."""
        digest = file_of(self.text)
        return (self.file.text if self.file else _file(digest)) if digest else self.text.strip()

    @property
    def html(self) -> SafeString:
        """All of it in one element, to be put in place of another; a text alone goes into its box."""
        if self.mark and not self.anew:
            return self._typed.html
        swap = ' hx-swap-oob="true"' if self.anew else ""
        held = self._held if file_of(self.text) else self._typed.html
        return SafeString(  # all parts are ours or escaped
            f'<div id="{self.id}-box"{swap}>{held}{self._chooser}</div>'
        )

    @property
    def _typed(self) -> Box:
        """The plain box inside."""
        return Box(
            self.id, self.text, self.label, self.said,
            is_long=True, starts=self.starts, conflict=self.conflict,
            mark="" if self.anew else self.mark,
        )  # fmt: skip

    @property
    def _held(self) -> str:
        digest, file = file_of(self.text), self.file
        name = escape(self.short)
        if file is None:
            held = f'<span id="{self.id}" tabindex="-1">{name}</span>'
        else:
            address = reverse("evidence", args=[file.pk])
            size = escape(filesizeformat(file.size or 0))
            held = (
                f'<a id="{self.id}" href="{address}">{name}</a> <small>{size} · '
                f'<code title="{digest}">SHA-256 {digest[:SHORT]}</code></small>'
            )
        key, remove = self.id.partition("-")[2], _("Remove this file")
        return (
            f'<input type="hidden" name="{self.id}" value="{escape(self.text)}" form="report">'
            f'<p class="entry__held">{held}</p><label class="entry__unfile">'
            f'<input type="checkbox" name="unfile-{key}" value="yes" form="report">'
            f"{escape(remove)}</label>"
        )

    @property
    def _chooser(self) -> str:
        key, called = self.id.partition("-")[2], self.instead if file_of(self.text) else self.offer
        return (
            f'<label class="entry__file">{escape(called)} <input type="file"'
            f' name="file-{key}" form="report" accept="{ACCEPTED}"'
            f' aria-describedby="{self.id}-wrong"></label>'
        )


def _file(digest: str) -> str:
    """A file of which only the digest is known."""
    return _("file with SHA-256 %(digest)s…") % {"digest": digest[:SHORT]}


def evidence_words(text: str) -> str:
    """What a person sees of a text in the box of evidence."""
    digest = file_of(text)
    return _file(digest) if digest else text


def offer_words(most: int) -> dict[str, str]:
    """What the field for a file is called, without one and with one; `most` megabytes are kept."""
    return {
        "file": _("or a file: PDF, picture, office document or text, at most %(most)s MB") % {"most": most},
        "file instead": _("another file instead, at most %(most)s MB") % {"most": most},
    }
