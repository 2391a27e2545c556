"""The boxes of a report's rows, written without a template: a page has a thousand of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString


@dataclass(slots=True)
class Conflict:
    """What somebody else saved in a box meanwhile, beside what this person typed; one of them is chosen."""

    question: str
    yours: str
    theirs: str
    your_label: str
    their_label: str
    mark: str  # of their text

    def html(self, box: str) -> SafeString:
        """Both texts, each with a button to choose it."""
        return SafeString(  # all parts are ours or escaped
            f'<fieldset class="conflict"><legend class="field-error">{escape(self.question)}</legend>'
            f"{self._one(box, 'mine', self.your_label, self.yours)}"
            f"{self._one(box, 'theirs', self.their_label, self.theirs)}</fieldset>"
        )

    def _one(self, box: str, whose: str, label: str, text: str) -> str:
        return (
            f'<label><input type="radio" name="keep-{box}" value="{whose} {self.mark}" form="report">'
            f'<span>{escape(label)}<span class="conflict__text">{escape(text)}</span></span></label>'
        )


@dataclass(slots=True)
class Box:
    """One box: its id, which is its name too, the text in it, and what stands in its way."""

    id: str
    text: str
    label: str
    said: list[str]
    options: SafeString | str = ""  # those of a select
    is_long: bool = False
    starts: bool = False  # where typing goes on
    conflict: Conflict | None = None
    mark: str = ""  # of what stands in it, where a page that is open shows another text
    anew: bool = False  # a page that is open has to show it as it is now

    @property
    def html(self) -> SafeString:
        """The box itself, described by what `wrong` says."""
        more = ' aria-invalid="true"' if self.said or self.conflict else ""
        more += " autofocus" if self.starts else ""
        more += f' hx-swap-oob="true" data-mark="{self.mark}"' if self.mark else ""
        common = (
            f'id="{self.id}" name="{self.id}" form="report" autocomplete="off"'
            f' aria-label="{escape(self.label)}" aria-describedby="{self.id}-wrong"{more}'
        )
        if self.options:
            text = f"<select {common}>{self.options}</select>"
        elif self.is_long:  # the first line break after the tag is not part of the text
            text = f'<textarea {common} rows="2">\n{escape(self.text)}</textarea>'
        else:
            text = f'<input {common} value="{escape(self.text)}">'
        return SafeString(text)  # all parts are ours or escaped

    @property
    def short(self) -> str:
        """What it holds, in one line."""
        return self.text.strip()

    @property
    def carried(self) -> SafeString:
        """The same unseen, so that what it holds is not lost."""
        return SafeString(  # all parts are ours or escaped
            f'<input type="hidden" name="{self.id}" value="{escape(self.text)}" form="report">'
        )

    @property
    def wrong(self) -> SafeString:
        """What stands in its way; there even when nothing does, for what comes later."""
        return self._wrong("")

    @property
    def wrong_anew(self) -> SafeString:
        """The same, to be put in its place on a page that is open."""
        return self._wrong(' hx-swap-oob="true"')

    def _wrong(self, more: str) -> SafeString:
        said = "".join(
            '<p class="field-error"><span class="field-error__glyph" aria-hidden="true">!</span>'
            f"{escape(text)}</p>"
            for text in self.said
        )
        said += self.conflict.html(self.id) if self.conflict else ""
        return SafeString(  # all parts are ours or escaped
            f'<div id="{self.id}-wrong"{more}>{said}</div>'
        )


def values_html(boxes: Sequence[Box], between: str) -> SafeString:
    """The boxes of one value side by side: one, or two with a word between them."""
    return SafeString(
        f"<span>{escape(between)}</span>".join(box.html for box in boxes)
    )  # all parts are ours or escaped


def wrong_html(boxes: Iterable[Box]) -> SafeString:
    """What stands in the way of each of these boxes."""
    return SafeString("".join(box.wrong for box in boxes))  # all parts are ours or escaped


def kind_html(name: str, boxes: Sequence[Box], carried: Iterable[Box], between: str) -> SafeString:
    """The boxes of one category, with its name."""
    return SafeString(  # all parts are ours or escaped
        f'<div class="entry__kind"><span aria-hidden="true">{escape(name)}</span>'
        f'<div class="entry__parts">{values_html(boxes, between)}</div>{wrong_html(boxes)}'
        f"{''.join(box.carried for box in carried)}</div>"
    )


def note_html(text: str, box: Box) -> SafeString:
    """A box in the details of a row, with what it is called there."""
    long = " entry__note--long" if box.is_long else ""
    return SafeString(  # all parts are ours or escaped
        f'<div class="entry__note{long}"><span aria-hidden="true">{escape(text)}</span>'
        f"{box.html}{box.wrong}</div>"
    )
