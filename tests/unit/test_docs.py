"""Every path that the documents name exists."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("*/README.md"), *(CHECKOUT / "docs").rglob("*.md")]
)
TOP_FOLDERS = (
    ".ci",
    "benchmarks",
    "configs",
    "constraints",
    "docs",
    "experiments",
    "notebooks",
    "sim",
    "tests",
    "tools",
)
IDS = [page.relative_to(CHECKOUT).as_posix() for page in PAGES]


def named_paths(text: str) -> list[str]:
    """Paths of the checkout in backticks; `*` stands for anything.

    A dotted name such as `sim.rules` is not a path, and neither is one with a placeholder.
    """
    paths = []
    for quoted in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text):
        is_path = re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", quoted)
        top = quoted.split("/")[0]
        is_ours = "/" in quoted and top in TOP_FOLDERS
        is_top_file = re.fullmatch(r"[\w.-]+\.(md|toml|cff)|LICENSE|Makefile", quoted)
        if is_path and (is_ours or is_top_file):
            paths.append(quoted.rstrip("/"))
    return paths


def linked_paths(text: str) -> list[str]:
    """Targets of relative links and pictures, without the anchor."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    local = (target.split("#")[0] for target in targets if "://" not in target)
    return [target for target in local if target and not target.startswith("mailto:")]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_path_named_in_a_page_exists(page: Path) -> None:
    missing = [
        name
        for name in named_paths(page.read_text(encoding="utf-8"))
        if not any(CHECKOUT.glob(name)) and not any(page.parent.glob(name))
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_relative_link_in_a_page_leads_somewhere(page: Path) -> None:
    missing = [
        name
        for name in linked_paths(page.read_text(encoding="utf-8"))
        if not (page.parent / name).exists()
    ]
    assert missing == []


def test_a_path_that_does_not_exist_would_be_noticed() -> None:
    named = named_paths("see `sim/nowhere.py`, `sim.rules`, `configs/*/x.yaml` and `NOPE.md`")
    assert named == ["sim/nowhere.py", "configs/*/x.yaml", "NOPE.md"]
    assert linked_paths("[a](b.md#c) ![d](e.png) [f](https://example.org)") == ["b.md", "e.png"]
