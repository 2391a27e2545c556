"""The settings in other places than a laptop, each read by a Python of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SITE = {
    "DATABASE_URL": "postgres://nobody@nowhere/none",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "rendir.example",
}

OF_TESTS = {*SITE, "RENDIR_LOCAL", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # set for tests, perhaps, but not on a site


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py with this environment, and nothing that is there for tests."""
    ours = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**ours, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


REFUSED = (
    ("SECRET_KEY", "", "Set SECRET_KEY to at least 50 random characters"),
    ("SECRET_KEY", "too short", "Set SECRET_KEY to at least 50 random characters"),
    ("SECRET_KEY", "django-insecure-" + "mQ7d_xVb3Wz9-kRtY2pLh" * 3, "Set SECRET_KEY"),
    ("SECRET_KEY", "changeme" * 10, "Set SECRET_KEY"),
    ("ALLOWED_HOSTS", "", "Set ALLOWED_HOSTS"),
    ("ALLOWED_HOSTS", "*", "Set ALLOWED_HOSTS"),
    ("ALLOWED_HOSTS", "rendir.example, *", "Set ALLOWED_HOSTS"),
    ("DEBUG", "1", "DEBUG shows the inside"),
)


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_a_site_does_not_start_with_settings_that_open_it(name: str, value: str, said: str) -> None:
    done = manage("check", **SITE | {name: value})

    assert done.returncode != 0
    assert said in done.stderr
    assert not value or len(value) < 9 or value not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_site_does_not_start_without_what_it_has_to_be_told(name: str) -> None:
    done = manage("check", **{key: value for key, value in SITE.items() if key != name})

    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


def test_a_site_is_on_https_and_every_static_file_is_there(tmp_path: Path) -> None:
    """`collectstatic` fails when a style sheet names a file that is missing; it asks for no database."""
    done = manage("collectstatic", "--no-input", **SITE, STATIC_ROOT=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("vendor/uswds/css/uswds.subset.*.css"))) == 1
    assert (tmp_path / "staticfiles.json").exists()


def test_a_site_passes_the_deployment_checks() -> None:
    done = manage("check", "--deploy", "--fail-level=WARNING", **SITE)

    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout + done.stderr


def test_a_local_installation_keeps_its_key_in_its_data_folder(tmp_path: Path) -> None:
    done = manage("diffsettings", RENDIR_DATA=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "secret-key").read_text() in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]  # and no server was started
