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


def scenarios_in_the_readme() -> list[str]:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Scenarios\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)


def test_the_readme_lists_every_scenario_that_is_no_toy_and_no_known_answer() -> None:
    files = {path.stem for path in (CHECKOUT / "configs" / "scenario").glob("*.yaml")}
    options = {n for n in files if not n.startswith("known_answer_") and not n.endswith("_toy")}
    listed = scenarios_in_the_readme()
    assert sorted(listed) == sorted(options)


def test_every_decision_stands_in_the_list_of_decisions_with_its_title() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    pages = sorted(folder.glob("0*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    rows = [
        f"| [{page.name[:4]}]({page.name}) | {title.split('. ', 1)[1]} |"
        for page, title in zip(pages, titles, strict=True)
    ]
    assert [int(title.split(".")[0].removeprefix("# ")) for title in titles] == list(
        range(1, len(pages) + 1)
    )
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| [")] == rows


def test_every_anchor_that_a_page_links_to_exists() -> None:
    missing = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+\.md)?#([\w-]+)\)", page.read_text("utf-8")):
            other = page if not target[0] else (page.parent / target[0]).resolve()
            heads = re.findall(r"^#+ (.+)$", other.read_text("utf-8"), flags=re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            if target[1] not in anchors:
                missing.append((page.name, *target))
    assert missing == []


def test_every_choice_of_a_group_that_the_readme_names_is_shipped() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)=(\w+)`", text)
    groups = {path.name for path in (CHECKOUT / "configs").iterdir() if path.is_dir()}
    choices = [(group, choice) for group, choice in named if group in groups]
    assert len(choices) >= 5
    missing = [c for c in choices if not (CHECKOUT / "configs" / c[0] / f"{c[1]}.yaml").exists()]
    assert missing == []
