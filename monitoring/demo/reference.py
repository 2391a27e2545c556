"""Loads the reference portfolio: 13 programs and their published figures, as people would enter them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.template.defaultfilters import pluralize

from indicators.actions import Plan, approve, lay_series, open_period, open_report, save, set_plans, submit
from indicators.actions.reporting import digest_of_results
from indicators.models import Breakdown, Category, Dimension, Indicator, Objective, Series
from indicators.periods import Span, other, parse_label
from indicators.rows import Typed
from indicators.values import Additivity, EntryKind, Measure
from monitoring.demo.mandate import load_places, organization, parted
from monitoring.demo.people import assign, person
from monitoring.demo.spanish import say_in_spanish
from monitoring.demo.tables import Line, read_by, read_table
from programs.models import Assignment, Program, Site, User

Say = Callable[[str], None]
KINDS = {"target": EntryKind.TARGET, "baseline": EntryKind.BASELINE}
PART = " / "  # parts an indicator's name from its category in the table
EXPECTED = " (expected)"
# code and place of each site that the figures name
SITES = {
    "San Martin": ("SM", "San Martín"),
    "Callao": ("CAL", "Callao"),
    "Jorge Chavez International Airport": ("JCIA", "Jorge Chavez International Airport"),
}
LEVELS = {"goal": "G", "outcome": "O"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure, with the note beside it, ready to be typed."""

    id: str
    indicator: str
    category: str
    site: str
    kind: str
    span: Span
    typed: Typed
    expected: bool

    @property
    def is_plan(self) -> bool:
        """A target or a baseline, which is set rather than reported."""
        return self.kind in KINDS


@dataclass(frozen=True, slots=True)
class Desk:
    """Who enters what the documents say, and who checks it."""

    reader: User
    checker: User


def load_reference(say: Say = lambda _said: None) -> int:
    """Enter every program that is not there yet, each in one transaction; the number of new ones."""
    new = 0
    for line in read_table("programs.csv"):
        with transaction.atomic():
            new += _load_program(line, say)
    return new


def published_figures() -> dict[str, list[Figure]]:
    """The published figures by program, in the order of the table."""
    spans, documents = read_by("spans.csv", "id"), read_by("documents.csv", "file")
    found: dict[str, list[Figure]] = defaultdict(list)
    for line in read_table("figures.csv"):
        found[line["program"]].append(_figure(line, spans[line["id"]], documents[line["source"]]))
    return found


def _sentence(words: str) -> str:
    """The published words as a sentence: a capital first, a full stop last."""
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _figure(line: Line, span: Line, document: Line) -> Figure:
    indicator, _slash, category = line["indicator"].partition(PART)
    certainty = line["certainty"].removesuffix(EXPECTED).replace(" ", "_")
    return Figure(
        id=line["id"],
        indicator=indicator,
        category=category,
        site=line["site"],
        kind=line["kind"],
        span=_span(line, span),
        typed=Typed(
            value=line["value"],
            day=span["day"],
            certainty=certainty,
            explanation=span["note"],
            evidence=f"{document['title']} ({document['file']})",
            published=document["published"],
        ),
        expected=line["certainty"].endswith(EXPECTED),
    )


def _span(line: Line, span: Line) -> Span:
    """A year or month; what was published without days keeps the words of the source."""
    if span["span"]:
        return parse_label(span["span"])
    return other(line["period"], _day(span["from_on"]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _load_program(line: Line, say: Say) -> bool:
    mandate = read_by("mandates.csv", "program")[line["program"]]
    if Program.objects.filter(code=mandate["code"]).exists():
        return False
    program = _program(line, mandate)
    desk = _desk(program)
    figures = published_figures().get(line["program"], [])
    sites = _sites(program, figures)
    indicators = _indicators(program, mandate, figures)
    say_in_spanish(program)
    _set_plans(program, desk, indicators, sites, [figure for figure in figures if figure.is_plan])
    _report(program, desk, indicators, sites, [figure for figure in figures if not figure.is_plan])
    sizes = f"{len(indicators)} indicator{pluralize(indicators)}, {len(figures)} figure{pluralize(figures)}"
    say(f"{program.name}: {sizes}")
    return True


def _program(line: Line, mandate: Line) -> Program:
    documents = read_by("documents.csv", "file")
    sources = list(documents) if line["source"] == "both" else [line["source"]]
    program = Program.objects.create(
        code=mandate["code"],
        name=line["program"],
        component=line["component"].lower().replace(" ", "_"),
        summary=_sentence(line["what it does"]),
        source="; ".join(documents[source]["title"] for source in sources),
    )
    places = load_places()
    program.leads.set(
        [organization(name) for name in parted(line["lead (inferred where the source names none)"])]
    )
    program.partners.set([organization(name) for name in parted(line["partners"])])
    program.places.set([places[name] for name in parted(mandate["places"])])
    return program


def _desk(program: Program) -> Desk:
    """Two people, since nobody approves what they typed."""
    desk = Desk(
        person("documents.entry", "Document", "entry"), person("documents.review", "Document", "review")
    )
    assign(desk.reader, program, Assignment.Role.REPORTER)
    assign(desk.checker, program, Assignment.Role.MANAGER)
    return desk


def _sites(program: Program, figures: Iterable[Figure]) -> dict[str, Site]:
    """The sites that its figures name, by that name."""
    places = load_places()
    return {
        name: Site.objects.create(
            program=program,
            code=SITES[name][0],
            name=name,
            place=places[SITES[name][1]],
        )
        for name in dict.fromkeys(figure.site for figure in figures if figure.site)
    }


def _indicators(program: Program, mandate: Line, figures: Sequence[Figure]) -> dict[str, Indicator]:
    """Its indicators by name, with their objectives, breakdowns and expected series."""
    goal = Objective.objects.create(program=program, level="goal", code=LEVELS["goal"], name=mandate["goal"])
    outcome = Objective.objects.create(
        program=program, level="outcome", code=LEVELS["outcome"], name=mandate["outcome"], parent=goal
    )
    objectives = {"goal": goal, "outcome": outcome}
    published = {
        line["indicator"]: line
        for line in reversed(read_table("figures.csv"))
        if line["program"] == program.name
    }
    lines = [line for line in read_table("indicators.csv") if line["code"].rpartition("-")[0] == program.code]
    found = {
        line["name"]: _indicator(program, objectives[line["objective"]], line, published[line["name"]])
        for line in lines
    }
    for figure in figures:
        if figure.category:
            _category(found[figure.indicator], figure.category)
    lay_series(indicators=found.values())
    for line in lines:
        Series.objects.filter(indicator=found[line["name"]]).update(
            from_on=_day(line["from_on"]), to_on=_day(line["to_on"])
        )
    return found


def _indicator(program: Program, objective: Objective, line: Line, published: Line) -> Indicator:
    documents = read_by("documents.csv", "file")
    return Indicator.objects.create(
        program=program,
        objective=objective,
        code=line["code"],
        name=line["name"],
        measure=published["measure"],
        unit=published["unit"],
        factor=Decimal(100 if published["measure"] == Measure.RATIO else 1),
        counted=line["counted"] == "yes",
        accumulation=line["accumulation"],
        direction=published["direction"],
        over_sites=line["over_sites"],
        over_time=line["over_time"],
        reported_by="sites" if published["site"] else "program",
        frequency=line["frequency"],
        definition=line["definition"],
        source=documents[published["source"]]["title"],
        method="As published; not collected by the program itself.",
    )


def _category(indicator: Indicator, name: str) -> None:
    """The category of the breakdown that the source gives in part."""
    dimension, _new = Dimension.objects.get_or_create(
        code="narcotic", defaults={"name": "Kind of narcotic", "additivity": Additivity.PARTIAL}
    )
    Breakdown.objects.get_or_create(indicator=indicator, dimension=dimension)
    Category.objects.get_or_create(
        dimension=dimension,
        code=name.replace(" ", "-"),
        defaults={"name": name, "position": dimension.categories.count() + 1},
    )


def _set_plans(
    program: Program,
    desk: Desk,
    indicators: dict[str, Indicator],
    sites: dict[str, Site],
    figures: list[Figure],
) -> None:
    """Targets and baselines, before anything is reported."""
    plans = [
        Plan(
            indicator_id=indicators[figure.indicator].pk,
            site_id=sites[figure.site].pk if figure.site else None,
            span=figure.span,
            kind=KINDS[figure.kind],
            typed=figure.typed,
            expected=figure.expected,
        )
        for figure in figures
    ]
    if plans:
        set_plans(
            program_id=program.pk, by=desk.checker, plans=plans, reason="As published in the document cited."
        )


def _report(
    program: Program,
    desk: Desk,
    indicators: dict[str, Indicator],
    sites: dict[str, Site],
    figures: list[Figure],
) -> None:
    """One report for each site (or the program) and period: saved, submitted, approved by another."""
    keys = {
        (one.indicator_id, one.site_id, one.category.name if one.category else ""): one.pk
        for one in Series.objects.filter(program=program).select_related("category")
    }
    reports: dict[tuple[str, Span], dict[int, Typed]] = defaultdict(dict)
    for figure in figures:
        site_id = sites[figure.site].pk if figure.site else None
        series = keys[indicators[figure.indicator].pk, site_id, figure.category]
        reports[figure.site, figure.span][series] = figure.typed
    for (site, span), rows in sorted(reports.items(), key=lambda item: (item[0][1], item[0][0])):
        _enter(program, desk, sites[site].pk if site else None, span, rows)


def _enter(program: Program, desk: Desk, site_id: int | None, span: Span, rows: dict[int, Typed]) -> None:
    report = open_report(program_id=program.pk, site_id=site_id, period=open_period(span=span))
    report = save(report_id=report.pk, by=desk.reader, typed=rows, version=report.version)
    report = submit(report_id=report.pk, by=desk.reader, version=report.version)
    approve(
        report_id=report.pk, by=desk.checker, submission=report.submission, digest=digest_of_results(report)
    )
