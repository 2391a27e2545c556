"""What the documents list is what there is: settings, commands, what can be made, files they lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RUNNING = (DOCS / "running.md").read_text(encoding="utf-8")
CHANGING = (DOCS / "changing.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def first_cells(text: str) -> str:
    """The first column of every table."""
    return "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| "))


def test_every_setting_is_listed() -> None:
    settings = (ROOT / "monitoring" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    assert len(read) > 25
    assert read | {"PORT"} == set(re.findall(r"`([A-Z_]+)`", first_cells(RUNNING)))


def test_every_command_is_listed() -> None:
    ours = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    assert ours == set(re.findall(r"`manage\.py (\w+)", first_cells(RUNNING)))


def test_everything_that_can_be_made_is_listed() -> None:
    targets = set(re.findall(r"^(\w+):.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets - set(re.findall(r"`make (\w+)", first_cells(CHANGING))) == {"help", "demo"}


def headings(page: Path) -> set[str]:
    """What a link into this page can name."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_leads_nowhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r'(?:\]\(|src=")(?!http)([^)"]+)', text):
        file, _, heading = target.partition("#")
        found = page.parent / file if file else page
        assert found.is_file(), target
        assert not heading or heading in headings(found), target
