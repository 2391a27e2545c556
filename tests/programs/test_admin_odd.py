"""Odd words in the address of a list of the administration: answered, never a crash."""

from __future__ import annotations

from itertools import product

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client

from indicators.models import Period
from tests.admin_pages import address, messages_of
from tests.builders import make_administrator
from tests.indicators.approved import make_approved

pytestmark = pytest.mark.django_db

LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)  # every list there is
ODD = (
    "e=1",
    "e=",
    "program=zzz&e=1",
    "program__id__exact=zzz&e=1",
    "p=99999999999",
    "p=-1",
    "p=zzz",
    "p=0",
    "all=1",
    "all=",
    "o=99",
    "o=-1.zzz",
    "o=1.1.-1",
    "o=--",
    "_popup=zzz",
    "_popup=1",
    "_to_field=zzz",
    "_to_field=id",
    "_facets=True",
    "_facets=zzz",
    "q=%00",
    "q=" + "x" * 3000,
    "q=%22",
    "id=zzz",
    "id__exact=99999999999999999999",
    "id__in=1,zzz",
    "id__zzz=1",
    "zzz=1",
    "pk__gt=zzz",
    "program=zzz",
    "program__id__exact=zzz",
    "program__id__exact=99999999999999999999999",
    "program__id__exact=%00",
    "program__id__isnull=zzz",
    "program__zzz=1",
    "password__startswith=a",
    "measure__exact=%00",
    "measure=zzz",
    "locked__exact=zzz",
    "period__locked__exact=7",
    "closed_on__isempty=zzz",
    "illustrative__exact=zzz",
    "kind__exact=%00",
    "first_on__year=9999",
    "first_on__year=zzz",
    "first_on__year=0",
    "first_on__year=99999999999",
    "first_on__year=2026&first_on__month=13",
    "first_on__year=2026&first_on__month=2&first_on__day=30",
    "recorded_at__year=9999",
    "recorded_at__year=10000",
    "recorded_at__year=0",
    "recorded_at__year=zzz",
    "recorded_at__month=5",
    "recorded_at__day=5",
    "recorded_at__year=2026&recorded_at__month=0",
    "recorded_at__gte=zzz",
    "recorded_at=%00",
    "at__year=9999",
    "at__year=0",
    "at__year=1",
    "at__year=2026&at__month=99",
    "period__last_on__year=9999",
    "period__last_on__year=zzz",
    "indicator__id__exact=zzz",
    "site__id__exact=%00",
    "is_superuser__exact=zzz",
    "is_active__exact=2",
    "places__id__exact=zzz",
    "breakdowns__dimension__id__exact=zzz",
)


def test_the_lists_are_all_there_are() -> None:
    assert len(LISTS) >= 14
    assert len(list(product(LISTS, ODD))) > 800


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.model_name)
def test_no_odd_word_in_an_address_is_a_crash(client: Client, model: type[models.Model]) -> None:
    make_approved()
    client.force_login(make_administrator())
    client.raise_request_exception = False  # a crash is answered by 500, as a person would see it
    answers = {odd: client.get(f"{address(model, 'changelist')}?{odd}").status_code for odd in ODD}
    assert {odd: it for odd, it in answers.items() if it not in (200, 302, 400, 404)} == {}


def test_what_cannot_be_read_leads_to_the_whole_list(client: Client) -> None:
    client.force_login(make_administrator())
    url = address(Period, "changelist")
    response = client.get(f"{url}?first_on__year=9999", follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert messages_of(response) == ["That choice can't be read. This is the whole list."]
