"""What the demo is called in Spanish: everything but what is left out to show the mark."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.db import models

from indicators.actions.succeeding import SPANISH
from indicators.models import Category, Dimension, Entry, Indicator, Objective
from monitoring.demo.blueprint import lay_program
from monitoring.demo.reference import load_reference
from monitoring.demo.spanish import say_in_spanish
from monitoring.demo.tables import FOLDER, read_sheets
from monitoring.demo.years import Years
from programs.models import Program
from tests.monitoring.test_illustrative import TODAY

NOT_GIVEN = {
    ("Automated Targeting System-Global in use", "name"),
    ("Road kept passable", "name"),
    ("Road kept passable", "definition"),
}
SAME = {"%", "USD", "PEN", "kg/ha", "km"}  # units that are written alike
TITLES = "source"  # of a published document: cited as it is called
OF: dict[type[models.Model], tuple[str, ...]] = {
    Program: ("name", "summary"),
    Objective: ("name",),
    Indicator: tuple(name.removesuffix("_es") for name in SPANISH),
    Dimension: ("name",),
    Category: ("name",),
}


def lacking(published: bool) -> set[tuple[str, str]]:
    """What has an English text and no Spanish one, by name and field."""
    found = set()
    for model, fields in OF.items():
        for one in model._default_manager.all():
            named: Any = one
            for field in fields:
                if published and model is Indicator and field == TITLES:
                    continue
                text = getattr(one, field)
                if text and text not in SAME and not getattr(one, f"{field}_es"):
                    found.add((named.name, field))
    return found


@pytest.mark.django_db
def test_the_published_programs_are_called_in_spanish() -> None:
    load_reference()
    assert lacking(published=True) == {it for it in NOT_GIVEN if it[0].startswith("Automated")}
    assert Program.objects.get(code="MPS").name_es == "Comisarías modelo"
    assert Program.objects.get(code="AD").name_es == "Desarrollo alternativo integral y sostenible"
    assert set(Category.objects.values_list("name_es", flat=True)) == {
        "pasta básica de cocaína", "clorhidrato de cocaína", "marihuana",
    }  # fmt: skip
    assert Entry.objects.count() == 49


@pytest.mark.django_db
def test_the_illustrative_programs_are_called_in_spanish() -> None:
    for sheet in read_sheets():
        say_in_spanish(lay_program(sheet, Years(TODAY).begins).program)
    assert lacking(published=False) == {it for it in NOT_GIVEN if it[0].startswith("Road")}
    units = dict(Indicator.objects.filter(unit="places").values_list("code", "unit_es"))
    assert units == {"PA-ILL-10": "plazas", "ADC-ILL-06": "lugares"}
    assert all("(ilustrativo)" in one.name_es for one in Program.objects.all())


def test_no_text_stands_twice_in_the_table() -> None:
    with (FOLDER / "spanish.csv").open(encoding="utf-8", newline="") as lines:
        texts = [(line["english"], line["of"]) for line in csv.DictReader(lines)]
    assert len(texts) == len(set(texts)) > 400
