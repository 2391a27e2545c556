"""The map: which department a site lies in, which step a value is of, what is drawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from indicators.addresses import Links
from indicators.books import IndicatorBook
from indicators.ledger import ProgramBook
from indicators.models import Indicator
from indicators.periods import Frequency, parse_label
from indicators.series import SiteDays
from indicators.values import Figure, Meaning
from monitoring.atlas.departments import (
    FILLS,
    INCOMPLETE,
    NO_SITES,
    NO_VALUE,
    Shade,
    Where,
    department_of,
    drawn,
    equal_steps,
    even_steps,
    fill_of,
    share_of,
)
from monitoring.atlas.page import Atlas
from monitoring.atlas.shading import Chosen
from programs.models import Program, Site

PLACES = {
    1: Where(None, ""),  # Peru
    2: Where(1, "07"),  # Callao
    3: Where(2, ""),  # its port
    4: Where(2, "070102"),  # a district
    5: Where(None, "1006"),  # a province whose department is not kept
    6: Where(1, ""),  # areas east of the Andes
    7: Where(8, ""),
    8: Where(7, ""),  # two that lie in each other
}


def test_a_place_lies_in_the_department_of_its_code_or_of_what_it_lies_in() -> None:
    found = {key: department_of(key, PLACES) for key in PLACES}
    assert found == {1: None, 2: "07", 3: "07", 4: "07", 5: "10", 6: None, 7: None, 8: None}
    assert department_of(None, PLACES) is None
    assert department_of(99, PLACES) is None


def test_a_share_of_nothing_is_not_known() -> None:
    assert share_of(7, 9).value == Decimal(7) / 9
    assert share_of(0, 9).value == 0
    assert share_of(0, 0) == Shade(None, 0, 0)


def test_shares_have_five_steps_of_one_length() -> None:
    steps = equal_steps(Decimal(0), Decimal(1))
    assert [(str(it.low), str(it.high)) for it in steps] == [
        ("0.0", "0.2"),
        ("0.2", "0.4"),
        ("0.4", "0.6"),
        ("0.6", "0.8"),
        ("0.8", "1.0"),
    ]
    shades = ("0", "0.2", "0.21", "0.8", "0.81", "1")
    assert [FILLS.index(fill_of(Decimal(it), steps)) for it in shades] == [0, 0, 1, 3, 4, 4]
    assert fill_of(None, steps) == NO_VALUE


def test_values_have_steps_of_about_as_many_each() -> None:
    values = [Decimal(it) for it in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10_000)]
    steps = even_steps(values)
    assert [(int(it.low), int(it.high)) for it in steps] == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10_000)]
    found = [FILLS.index(fill_of(it, steps)) for it in values]
    assert found == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_few_values_have_few_steps_from_the_lightest_to_the_darkest() -> None:
    three = even_steps([Decimal(30), Decimal(10), Decimal(20), Decimal(10)])
    assert [int(it.low) for it in three] == [10, 20, 30]
    assert [it.fill for it in three] == [FILLS[0], FILLS[2], FILLS[4]]
    assert [it.fill for it in even_steps([Decimal(3)])] == [FILLS[0]]
    assert even_steps([]) == []
    assert fill_of(Decimal(3), []) == NO_VALUE


def test_the_hue_gets_darker_step_by_step() -> None:
    def light(fill: str) -> float:
        red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    found = [light(fill) for fill in FILLS]
    assert all(one - other > 20 for one, other in pairwise(found))


def test_departments_are_shaded_where_they_have_sites() -> None:
    steps = equal_steps(Decimal(0), Decimal(1))
    shades = {"15": share_of(9, 9), "07": Shade(), "10": Shade(Decimal(1), partial=True)}
    outlines = {it.department.ubigeo: it for it in drawn(shades, steps)}
    assert len(outlines) == 25
    assert outlines["15"].fill == FILLS[4]
    assert outlines["07"].fill == NO_VALUE
    assert outlines["10"].fill == INCOMPLETE  # however much it has already
    assert outlines["01"].fill == NO_SITES


def atlas() -> Atlas:
    """Two stations in Callao, of which one has reported, one in Lima, and one in Huánuco that has not."""
    quarter = parse_label("2026 Q3")
    own = IndicatorBook(
        Meaning(counted=True),
        Frequency.QUARTER,
        date(2026, 11, 22),
        [SiteDays(pk) for pk in (1, 2, 3, 4)],
        actuals={(1, quarter): Figure(Decimal(900)), (3, quarter): Figure(Decimal(500))},
    )
    places = {1: 2, 2: 2, 3: 9, 4: 5}
    sites = {pk: Site(pk=pk, code=f"S{pk}", name=f"Site {pk}", place_id=at) for pk, at in places.items()}
    one = Indicator(pk=1, code="ONE", name="People", unit="people", reported_by="sites")
    program = Program(pk=1, code="P", name="P")
    book = ProgramBook(program, own.today, indicators=[one], sites=sites, books={1: own})
    return Atlas(Chosen(program, one), {1: book}, {1: Links("/p/")}, quarter, "2026 Q3")


def test_what_is_incomplete_is_hatched_and_told_not_shaded() -> None:
    found = atlas().page({**PLACES, 9: Where(1, "15")})
    fills = {it.department.ubigeo: it.fill for it in found.outlines if it.fill != NO_SITES}
    assert fills == {"07": INCOMPLETE, "10": NO_VALUE, "15": FILLS[0]}
    legend = [(it.fill, it.words) for it in found.steps]
    assert legend == [
        (FILLS[0], "500"),  # of the complete value alone
        (INCOMPLETE, "incomplete"),
        (NO_VALUE, "no value"),
        (NO_SITES, "no sites"),
    ]
    told = {it.anchor: it for it in found.spots}
    assert told["place-07"].said == "Callao: 2 sites, 900 (incomplete, 1/2)"
    assert 'class="of">1/2<' in told["place-07"].value
    assert told["place-15"].said == "Lima: 1 site, 500"


def test_the_marks_of_callao_and_lima_do_not_cover_each_other() -> None:
    at = {it.department.ubigeo: it for it in drawn({}, [])}
    distance = ((at["07"].x - at["15"].x) ** 2 + (at["07"].y - at["15"].y) ** 2) ** 0.5
    assert distance > 21  # the circle beside Callao, and the mark in Lima
    (callao,) = [it for it in at.values() if it.beside]
    away = callao.department.x - callao.x
    assert away > 15  # nor does the circle cover what it stands for
    for one in at.values():
        for other in at.values():
            if one is not other:
                assert abs(one.x - other.x) + abs(one.y - other.y) > 14, one.department.name
