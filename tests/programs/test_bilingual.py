"""Names in both languages: the Spanish one where there is one, else the English one with a mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from indicators.models import Category, Dimension, Entry, Indicator, Objective
from programs.models import Program, User
from tests import builders as make
from tests.admin_pages import address, complaints, form_at
from tests.indicators.stage import insert_entry, make_stage, refused_by, sql
from tests.monitoring.reading import Scene, make_scene

MARK = '<abbr class="untranslated"'
INDICATOR, PROGRAM = "Personas capacitadas", "Programa de lectura"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language that a request was answered in would be that of the next test too."""
    with override("en"):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def translated(scene: Scene) -> None:
    """The program, its indicator and its objective named in Spanish."""
    Program.objects.update(name_es=PROGRAM, summary="It reads.", summary_es="Lee.")
    Indicator.objects.update(name_es=INDICATOR, unit_es="personas", definition="All.", definition_es="Todas.")
    Objective.objects.update(name_es="Se aprende")


def page(user: User, path: str, language: str, **query: str) -> str:
    """A page in a language, with all white space as one blank."""
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response: Any = client.get(path, query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return " ".join(content.decode().split())


def pages_of(scene: Scene) -> dict[str, str]:
    """Every page that names the program or its indicator, by what it is."""
    root = f"/programs/{scene.program.code}/"
    report = scene.reports[scene.north.pk].pk
    number = (
        Entry.objects.filter(program=scene.program).order_by("number").values_list("number", flat=True)[0]
    )
    return {
        "portfolio": "/portfolio/",
        "programs": "/programs/",
        "choose": "/performance/",
        "program": root,
        "people": f"{root}people/",
        "performance": f"{root}performance/",
        "indicator": f"{root}indicators/PEOPLE/",
        "figure": f"{root}indicators/PEOPLE/figures/{scene.quarter.label.replace(' ', '-')}/",
        "entry": f"{root}ledger/{number}/",
        "work": "/my-work/",
        "reports": "/reports/",
        "report": f"/reports/{report}/",
        "review": f"/reports/{report}/review/",
        "targets": f"{root}targets/{scene.quarter.last.year if scene.quarter.last else 0}/",
    }


# --- the rule itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "spanish", "shown", "marked"),
    [
        ("en", "", "A & B", False),
        ("en", "A y B", "A & B", False),
        ("es", "A y B", "A y B", False),
        ("es-pe", "A y B", "A y B", False),
        ("es", "", "A & B", True),
    ],
)
def test_the_spanish_name_is_shown_in_spanish_else_the_english_one_marked(
    language: str, spanish: str, shown: str, marked: bool
) -> None:
    program = Program(name="A & B", name_es=spanish)
    with override(language):
        assert program.shown_name == shown
        assert (MARK in program.name_html) is marked
        assert ('<span lang="en">A &amp; B</span>' in program.name_html) is marked
    assert str(program) == "A & B"


def test_what_is_blank_in_both_languages_has_no_mark() -> None:
    with override("es"):
        assert Program(name="A", summary="").summary_html == ""


# --- on the pages ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_names_them_in_its_language(scene: Scene) -> None:
    translated(scene)
    for name, path in pages_of(scene).items():
        spanish, english = (page(scene.manager, path, language) for language in ("es", "en"))
        assert PROGRAM in spanish or INDICATOR in spanish, name
        assert "Program READ" not in spanish, name
        assert "People trained" not in spanish, name
        assert MARK not in spanish, name
        assert PROGRAM not in english, name
        assert INDICATOR not in english, name
        assert "Program READ" in english or "People trained" in english, name


@pytest.mark.django_db
def test_every_spanish_page_marks_what_is_named_in_english_only(scene: Scene) -> None:
    for name, path in pages_of(scene).items():
        spanish, english = (page(scene.manager, path, language) for language in ("es", "en"))
        assert MARK in spanish, name
        assert MARK not in english, name
        assert "&lt;abbr" not in spanish, name
        assert "<abbr" not in spanish.partition("</title>")[0], name


@pytest.mark.django_db
def test_the_reference_sheet_is_in_spanish(scene: Scene) -> None:
    translated(scene)
    path = pages_of(scene)["indicator"]
    assert "Todas." in page(scene.manager, path, "es")
    assert "All." in page(scene.manager, path, "en")
    Indicator.objects.update(definition_es="")
    assert '<span lang="en">All.</span>' in page(scene.manager, path, "es")


@pytest.mark.django_db
def test_a_table_taken_along_keeps_the_name_and_has_the_spanish_one_beside_it(scene: Scene) -> None:
    translated(scene)
    for language in ("en", "es"):
        text = page(scene.manager, f"{pages_of(scene)['performance']}", language, format="csv")
        assert "People trained" in text
        assert INDICATOR in text


# --- in the administration ------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Program, Indicator, Objective, Dimension])
def test_the_administration_finds_both_names(client: Client, model: Any) -> None:
    client.force_login(make.make_administrator())
    makers: dict[Any, Any] = {
        Program: make.make_program,
        Indicator: make.make_indicator,
        Objective: make.make_objective,
        Dimension: make.make_dimension,
    }
    made = makers[model](code="OF-THEM", name="Laboratories", name_es="Laboratorios destruidos")
    url = address(model, "changelist")
    for text in ("destruidos", "Laboratories"):
        assert made.code in client.get(url, {"q": text}).content.decode()
    assert made.code not in client.get(url, {"q": "nothing of that"}).content.decode()
    assert "name_es" in form_at(client, address(model, "change", made.pk))


@pytest.mark.django_db
def test_a_list_of_programs_finds_both_names() -> None:
    program = make.make_program(name="Interdiction", name_es="Interdicción", summary_es="Incauta cocaína.")
    assert list(Program.objects.with_text("interdicci")) == [program]
    assert list(Program.objects.with_text("incauta")) == [program]
    assert list(Program.objects.with_text("Interdiction")) == [program]


# --- what stays -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_spanish_name_changes_nothing_that_is_hashed(scene: Scene) -> None:
    content = "SELECT ledger_content(e)::text FROM indicators_entry e ORDER BY id"
    before = sql(content)
    translated(scene)
    Category.objects.update(name_es="otra")
    assert sql(content) == before


@pytest.mark.django_db
def test_history_keeps_the_spanish_names(scene: Scene) -> None:
    translated(scene)
    last = "SELECT name_es FROM {} ORDER BY pgh_id DESC LIMIT 1"
    assert sql(last.format("programs_programevent")) == [(PROGRAM,)]
    assert sql(last.format("indicators_indicatorevent")) == [(INDICATOR,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ("", "robo", False),
        ("asalto", "Asalto", False),
        ("extorsion", "extorsión", False),
        ("robo", "homicidio", True),
        ("robo", "", True),
    ],
)
def test_of_a_category_with_figures_the_spanish_spelling_can_be_corrected(
    before: str, after: str, refused: bool
) -> None:
    stage = make_stage()
    dimension = make.make_dimension("robbery")
    make.break_down(stage.indicator, dimension)
    category = dimension.categories.get()
    Category.objects.update(name_es=before)
    insert_entry(stage, series_id=make.make_series(stage.indicator, stage.site, category).pk, value=1)
    if not refused:
        assert Category.objects.update(name_es=after) == 1
        return
    with refused_by("category_is_not_repurposed"):
        Category.objects.update(name_es=after)


@pytest.mark.django_db
def test_of_a_unit_with_figures_the_spanish_spelling_can_be_corrected(client: Client) -> None:
    stage = make_stage()
    Indicator.objects.update(unit_es="kilos")
    Indicator.objects.update(unit_es="toneladas")
    insert_entry(stage)
    with refused_by("unit_is_not_repurposed"):
        Indicator.objects.update(unit_es="kilos")
    Indicator.objects.update(name_es="Otro", unit_es="Toneladas")
    client.force_login(make.make_administrator())
    url = address(Indicator, "change", stage.indicator.pk)
    response = client.post(url, form_at(client, url) | {"unit_es": "kilos"})
    assert "only the spelling" in complaints(response)["unit_es"][0]


# --- the language of a person ---------------------------------------------------------------


@pytest.mark.django_db
def test_the_switch_is_kept_with_who_is_signed_in(client: Client) -> None:
    user = make.make_user()
    assert client.post("/language/", {"language": "es"}).status_code == 302
    client.force_login(user)
    client.get("/language/", {"language": "es"})
    assert User.objects.get().language == ""
    client.post("/language/", {"language": "es"})
    assert User.objects.get().language == "es"
    client.post("/language/", {"language": "xx"})
    assert User.objects.get().language == "es"
