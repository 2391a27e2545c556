"""The map of Peru, ready for its template: shaded departments, marks of sites, a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators import words
from indicators.addresses import Links
from indicators.formatting import NUMBER, escape, figure_html, figure_text, number, of, percent, ratio
from indicators.ledger import ProgramBook
from indicators.periods import Span
from indicators.values import Meaning, Measure
from monitoring.atlas.departments import INCOMPLETE, NO_SITES, NO_VALUE, Drawn, Shade, Step, Where, drawn
from monitoring.atlas.outlines import HEIGHT, WIDTH
from monitoring.atlas.shading import Chosen, Located, Shading, Spot, located, mapped_indicators, shading_of
from monitoring.cells import completeness_html
from programs.models import Place


@dataclass(frozen=True, slots=True)
class ShownSite:
    """A site as a link to the performance table of its figures alone."""

    name: str
    program: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownSpot:
    """A department with sites: its row in the table, and its mark on the map."""

    anchor: str
    name: str
    sites: list[ShownSite]
    value: SafeString
    said: str
    drawn: Drawn | None = None

    @property
    def only(self) -> ShownSite | None:
        """The site, where there is one alone."""
        return self.sites[0] if len(self.sites) == 1 else None


@dataclass(frozen=True, slots=True)
class ShownStep:
    fill: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownMap:
    """All that the template draws and lists; `off` is what has sites and no place on the map."""

    title: str
    head: str
    explained: str
    options: list[tuple[str, list[tuple[str, str]]]]
    value: str
    outlines: list[Drawn]
    spots: list[ShownSpot]
    off: ShownSpot | None
    steps: list[ShownStep]
    width: int = WIDTH
    height: int = HEIGHT


def all_places() -> dict[int, Where]:
    """By id, every place that is kept; 1 query."""
    rows = Place.objects.values_list("pk", "parent_id", "ubigeo")
    return {pk: Where(parent, ubigeo) for pk, parent, ubigeo in rows}


@dataclass(frozen=True, slots=True)
class Atlas:
    """What a map is made from: the books of the programs that its reader may see, and their links."""

    chosen: Chosen
    books: Mapping[int, ProgramBook]
    links: Mapping[int, Links]
    span: Span
    period: str

    def page(self, places: Mapping[int, Where]) -> ShownMap:
        """The map of what was chosen, over the sites that the reader may see."""
        program = self.chosen.program
        books = self.books.values() if program is None else [self.books[program.pk]]
        sites = located(books, places, self.span)
        shading = shading_of(self.chosen, self.books, sites, self.span)
        outlines = drawn({spot: it for spot, it in shading.shades.items() if spot}, shading.steps)
        spots = [
            self._spot(spot, sites[spot], shading, one)
            for one in outlines
            if (spot := one.department.ubigeo) in sites
        ]
        return ShownMap(
            title=self._title(),
            head=self._head(),
            explained=self._explained(),
            options=self._options(),
            value=self.chosen.value,
            outlines=outlines,
            spots=spots,
            off=self._spot(None, sites[None], shading, None) if None in sites else None,
            steps=self._steps(shading),
        )

    def _spot(
        self, spot: Spot, sites: Sequence[Located], shading: Shading, outline: Drawn | None
    ) -> ShownSpot:
        shown = [self._site(it) for it in sites]
        name = outline.department.name if outline else _("Not on the map")
        count = ngettext("%(n)d site", "%(n)d sites", len(shown)) % {"n": len(shown)}
        value = self._value(spot, sites, shading)
        said = f"{name}: {count}, {self._words(spot, shading)}"
        return ShownSpot(f"place-{spot or 'none'}", name, shown, value, said, outline)

    def _site(self, it: Located) -> ShownSite:
        links = self.links[it.program.pk]
        query = links.query(sites=(it.site.code,))
        return ShownSite(it.site.name, it.program.shown_name, f"{links.root}performance/{query}")

    # what is shown ------------------------------------------------------------------------------------------

    def _title(self) -> str:
        program, indicator = self.chosen.program, self.chosen.indicator
        if indicator is not None and program is not None:
            return f"{indicator.shown_name}, {self.period} · {program.shown_name}"
        if program is not None:
            said = {"period": self.period, "program": program.shown_name}
            return _("Indicators on track, %(period)s · %(program)s") % said
        return _("Reports in, %(period)s · all programs") % {"period": self.period}

    def _head(self) -> str:
        """The head of the column of values."""
        if self.chosen.indicator is not None:
            return self.chosen.indicator.shown_unit
        return _("Indicators on track") if self.chosen.program else _("Reports in")

    def _explained(self) -> str:
        if self.chosen.indicator is not None:
            return _(
                "The indicator's value over the sites of each department, combined as everywhere else. The "
                "steps hold about as many departments each, so that a few large values do not hide the rest. "
                "Hatched is what is incomplete: 1/4 says how many of the expected figures are there."
            )
        if self.chosen.program is not None:
            return _(
                "Of the program's indicators that are judged over the sites of a department, the share that "
                "is exceeded, met or near. Five steps of 20 points."
            )
        return _(
            "Of the reports of a department's sites whose period ends in this one, the share that was "
            "submitted or approved. Five steps of 20 points."
        )

    def _options(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What can be chosen: the reports, any program, and the indicators of the one that is shown."""
        programs = [it for it in self.books.values() if it.sites]
        options = [
            (_("All programs"), [("", _("Reports in"))]),
            (_("Indicators on track"), [(it.program.code, it.program.shown_name) for it in programs]),
        ]
        program = self.chosen.program
        if program is not None:
            found = mapped_indicators(self.books[program.pk])
            own = [(f"{program.code}/{it.code}", it.shown_name) for it in found]
            options.append((_("Values of %(program)s") % {"program": program.shown_name}, own))
        return [(name, found) for name, found in options if found]

    # values -------------------------------------------------------------------------------------------------

    def _value(self, spot: Spot, sites: Sequence[Located], shading: Shading) -> SafeString:
        """The value of a department; of an indicator a link to where it comes from."""
        score, indicator, program = shading.scores.get(spot), self.chosen.indicator, self.chosen.program
        said = escape(self._words(spot, shading))
        codes = tuple(it.site.code for it in sites)
        if score is None or indicator is None or program is None:
            return SafeString(f'<a class="figure" href="{escape(self._parts_of(codes))}">{said}</a>')
        href = escape(self.links[program.pk].figure(indicator.code, self.span, sites=codes))
        if score.actual.figure is None:
            return SafeString(f'<a class="figure absent" href="{href}">{said}</a>')
        text = f"{figure_html(score.actual.figure, self._meaning)}{completeness_html(score.actual)}"
        return SafeString(f'<a class="figure" href="{href}">{text}</a>')

    def _parts_of(self, sites: tuple[str, ...]) -> str:
        """What a share is counted from: a program's figures at the sites, or the reports by quarter."""
        if self.chosen.program is None:
            return "#heat"
        links = self.links[self.chosen.program.pk]
        return f"{links.root}performance/{links.query(sites=sites)}"

    def _words(self, spot: Spot, shading: Shading) -> str:
        """The value in plain words."""
        score, shade = shading.scores.get(spot), shading.shades[spot]
        if score is None:
            return _share(shade) or (_("nothing judged") if self.chosen.program else _("none asked for"))
        if score.actual.figure is None:
            reason = score.actual.reason
            return str(words.MISSING[reason]) if reason else _("no value")
        said = figure_text(score.actual.figure, self._meaning)
        return f"{said} ({_('incomplete')}, {score.complete})" if shade.partial else said

    @property
    def _meaning(self) -> Meaning:
        chosen = self.chosen
        if chosen.program is None or chosen.indicator is None:
            return NUMBER
        return self.books[chosen.program.pk].books[chosen.indicator.pk].meaning

    def _steps(self, shading: Shading) -> list[ShownStep]:
        """The legend: what each shade stands for."""
        steps = [ShownStep(it.fill, self._step(it)) for it in shading.steps]
        if any(it.partial for it in shading.shades.values()):
            steps.append(ShownStep(INCOMPLETE, _("incomplete")))
        if any(it.value is None for it in shading.shades.values()):
            steps.append(ShownStep(NO_VALUE, _("no value")))
        return [*steps, ShownStep(NO_SITES, _("no sites"))]

    def _step(self, step: Step) -> str:
        if self.chosen.indicator is None:
            return f"{percent(step.low).removesuffix(' %')}–{percent(step.high)}"
        low, high = (self._number(it) for it in (step.low, step.high))
        return low if low == high else f"{low} – {high}"

    def _number(self, value: Decimal) -> str:
        meaning = self._meaning
        return ratio(value, meaning.factor) if meaning.measure is Measure.RATIO else number(value)


def _share(shade: Shade) -> str:
    """As "78 % (7 of 9)", "" where there is nothing to have a share of."""
    return f"{percent(shade.value)} ({of(shade.part, shade.whole)})" if shade.value is not None else ""
