"""From every number on every page one click leads to where it comes from, and there the same value stands."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse
from django_tables2 import Table

from indicators.models import Indicator, Report, Series
from indicators.periods import shifted
from indicators.rows import Typed
from indicators.values import EntryKind
from programs.models import Site, User
from tests import builders as make
from tests.indicators.stage import MILESTONE, RATIO
from tests.monitoring.pages import numbers_on
from tests.monitoring.reading import Scene, make_scene, text_of

pytestmark = pytest.mark.django_db


def make_rich_scene() -> Scene:
    """Indicators of every measure over two sites and three quarters, with plans, a breakdown and a gap."""
    scene = make_scene()
    scene.plan("100", scene.quarter, site_id=scene.north.pk)
    known: dict[str, Any] = {"direction": "decrease", "over_time": "latest", "accumulation": "stock"}
    calls = make.make_indicator(scene.program, code="CALLS", unit="%", **RATIO)
    law = make.make_indicator(scene.program, code="LAW", unit="law", **MILESTONE)
    coca = make.make_indicator(scene.program, code="COCA", unit="hectare", counted=False, **known)
    sex = make.make_dimension(code="SEX")
    make.break_down(coca, sex)
    people, scene.indicator = scene.indicator, coca
    scene.plan("900", shifted(scene.quarter, -9), EntryKind.BASELINE)
    scene.plan("400", shifted(scene.quarter, -3))
    for indicator in (calls, law, coca):
        for site in (scene.north, scene.south):
            make.make_series(indicator, site)
    women, men = sex.categories.order_by("position")
    for site in (scene.north, scene.south):
        for category in (women, men):
            make.make_series(coca, site, category)
    scene.indicator = people
    for back, sites in ((6, (scene.north, scene.south)), (3, (scene.north,))):
        for number, site in enumerate(sites, 1):
            report_of(scene, site, back, number)
    return scene


def report_of(scene: Scene, site: Site, back: int, number: int) -> Report:
    """What a site reported so many months before the last quarter."""
    report = make.make_report(scene.program, site, make.make_period(shifted(scene.quarter, -back).label))
    return make.approved(report, values_of(site, back, number), scene.reporter, scene.manager)


def values_of(site: Site, back: int, number: int) -> dict[Series, str | Typed]:
    """A value for each row of such a report."""
    whole = {
        it.indicator.code: it
        for it in Series.objects.filter(site=site, category=None).select_related("indicator")
    }
    parts = list(Series.objects.filter(site=site, category__isnull=False).order_by("category__position"))
    return {
        whole["PEOPLE"]: "5",
        whole["CALLS"]: Typed(numerator=str(number), denominator="8", explanation="As counted"),
        whole["LAW"]: Typed(value="yes" if number == 1 else "no", explanation="Signed"),
        whole["COCA"]: Typed(value=f"{back}{number}0.5", explanation="Measured"),
        parts[0]: f"{back}{number}0",
        parts[1]: "0.5",
    }


class Reader:
    """A person who follows every number of a page."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.seen: dict[str, str] = {}
        self.followed = 0

    def read(self, address: str) -> str:
        """The text of what an address answers with 200, without markup; a list tells its length by rows."""
        address = address.split("#", maxsplit=1)[0]
        if address not in self.seen:
            response = self.client.get(address)
            assert (address, response.status_code) == (address, 200)
            listed = response.context and response.context.get("table")
            length = f" {len(listed.rows)}" if isinstance(listed, Table) else ""
            self.seen[address] = " ".join(re.sub("<[^>]+>", " ", text_of(response)).split()) + length
        return self.seen[address]

    def follow(self, page: str, *, own: bool = False) -> None:
        """Every number of the page is a link to where the same number stands; its `own` need be none."""
        found = [it for it in numbers_on(text_of(self.client.get(page))) if it.href or not own]
        for number in found:
            assert number.href, (page, number.text)
            there = self.read(urljoin(page, number.href))
            for digits in re.findall(r"\d[\d,.]*", number.text):
                assert re.search(rf"(?<![\d,.]){re.escape(digits.rstrip('.,'))}(?!\d)", there), (page, number)
        self.followed += len(found)


def pages_of(scene: Scene) -> list[str]:
    """Every reading page of the program, with its choices."""
    table = reverse("performance", args=["READ"])
    indicators = Indicator.objects.filter(program=scene.program).values_list("code", flat=True)
    return [
        reverse("portfolio"),
        f"{reverse('portfolio')}?period={shifted(scene.quarter, -6).label}",
        reverse("program", args=["READ"]),
        table,
        f"{table}?categories=on&by=year",
        f"{table}?calendar=fiscal",
        f"{table}?site=NORTH",
        *(reverse("indicator", args=["READ", code]) for code in indicators),
    ]


def test_every_number_that_a_manager_reads() -> None:
    scene = make_rich_scene()
    reader = Reader(scene.manager)
    for page in pages_of(scene):
        reader.follow(page)
    assert reader.followed > 150
    listed = [address for address in reader.seen if "/figures/" in address]
    for address in listed:  # and on from there, down to the entries
        reader.follow(address, own=True)
    assert any("/ledger/" in address for address in reader.seen)


def test_every_number_that_a_reporter_of_one_site_reads() -> None:
    scene = make_rich_scene()
    reader = Reader(scene.of_north)
    for page in pages_of(scene):
        reader.follow(page)
    assert reader.followed > 50
    assert all("site=NORTH" in it for it in reader.seen if "/figures/" in it)


def test_every_number_as_of_an_earlier_day() -> None:
    scene = make_rich_scene()
    then = scene.reports[scene.south.pk].steps.latest("pk").at  # before all that came after
    assert then is not None
    reader = Reader(scene.manager)
    for page in pages_of(scene):
        reader.follow(f"{page}{'&' if '?' in page else '?'}as_of={then.isoformat().replace('+', '%2B')}")
    assert all("as_of=" in address for address in reader.seen)
    assert reader.seen


def test_every_number_of_an_approved_report_and_what_it_is_held_against() -> None:
    scene = make_rich_scene()
    reader = Reader(scene.manager)
    for report in Report.objects.filter(program=scene.program):
        reader.follow(reverse("report-entry", args=[report.pk]))
    assert reader.followed > 20


def test_last_values_and_targets_are_links_while_typing_and_reviewing() -> None:
    scene = make_rich_scene()
    later = make.make_period(shifted(scene.quarter, 3).label)
    report = make.make_report(scene.program, scene.north, later)
    page = text_of(Reader(scene.reporter).client.get(reverse("report-entry", args=[report.pk])))
    last = f"/programs/READ/indicators/PEOPLE/figures/{scene.quarter.label.replace(' ', '-')}/?site=NORTH"
    assert f'<a class="figure" href="{last}" tabindex="-1">12</a>' in page
    assert "12" in Reader(scene.of_north).read(last)
