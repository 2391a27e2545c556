"""A browser asks for the icon by itself, while a page is on its way."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_icon_leads_to_its_file_and_sets_no_cookie() -> None:
    browser = Client()
    response = browser.get("/favicon.ico", follow=True)
    assert [status for _, status in response.redirect_chain] == [302]
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    response.close()
    assert not browser.cookies
