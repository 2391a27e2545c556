"""The part of USWDS that is served: made from the whole, with a rule for every class that a page names."""

from __future__ import annotations

import re

from django.conf import settings

from monitoring.uswds.subset import STATIC, SUBSET, WHOLE, addresses, subset

NAMED = re.compile(r"\busa-[a-z_-]*[a-z]")


def named() -> set[str]:
    """Every class of USWDS that a template or a form names."""
    folders = [settings.BASE_DIR / name for name in ("templates", "programs", "indicators", "monitoring")]
    files = [
        path for folder in folders for kind in ("html", "py", "js") for path in folder.rglob(f"*.{kind}")
    ]
    own = [path for path in files if "uswds" not in path.parts and "vendor" not in path.parts]
    return {name for path in own for name in NAMED.findall(path.read_text())}


def test_the_served_style_sheet_is_what_the_script_makes_of_the_whole() -> None:
    assert SUBSET.read_text() == subset(WHOLE.read_text())
    assert SUBSET.stat().st_size < 16_000


def test_every_class_that_a_page_names_is_styled() -> None:
    css = SUBSET.read_text()
    assert "usa-button--outline" in named()
    assert {name for name in named() if f".{name}" not in css} == set()


def test_the_vendored_files_are_those_that_the_style_sheet_names() -> None:
    needed = {(SUBSET.parent / address).resolve() for address in addresses(SUBSET.read_text())}
    there = {path for path in STATIC.rglob("*.*") if path.suffix not in (".css", ".md")}
    assert there == needed


def test_rules_are_kept_whole_and_in_their_order() -> None:
    css = (
        "/*! licence */a{color:red}.usa-card{color:red}@media print{.usa-card{x:y}}"
        "@media print{.usa-alert:is(.usa-card,.usa-alert--info),.usa-button,.usa-card p{x:y}}"
        ".usa-button:not(.usa-button--big){x:y}@keyframes spin{to{x:y}}@font-face{font-family:Other}"
    )
    kept = "a{color:red}\n@media print{.usa-button{x:y}\n}\n.usa-button:not(.usa-button--big){x:y}\n"
    assert subset(css).split("\n", 1)[1] == kept
