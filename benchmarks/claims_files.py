"""Claims: one file of figures for each question, with what made them, and a page that shows all.

No figure on the page is written by hand: `python -m benchmarks.claims_files` makes it from the
files beside it.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("claims")
PAGE = "README.md"


def write_claim(claim: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Keep one claim as a file, in place of an earlier one of its name."""
    path = folder / f"{claim['name']}.json"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(claim, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_claims(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """All claims of a folder, by name."""
    files = sorted(folder.glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def page_of(claims: Iterable[dict[str, Any]]) -> str:
    """The page of all claims, in Markdown."""
    lines = [
        "# What is claimed of speed, and what made it",
        "",
        "Made by `python -m benchmarks.claims_files` from the files beside it; no figure is",
        "written by hand. A figure is the median over rounds in which all contestants take turns",
        "on one machine, with the least and the greatest round. Ratios carry over to other",
        "machines better than times do.",
    ]
    for claim in claims:
        lines += ["", f"## {claim['title']}", "", claim["question"], ""]
        lines += ["| what | median | least | greatest | unit | target | met |"]
        lines += ["| --- | ---: | ---: | ---: | --- | --- | --- |"]
        lines += [_row(figure) for figure in claim["figures"]]
        lines += [""] + [f"- {note}" for note in claim.get("notes", ())]
        at = claim["machine"]
        lines += [
            f"- Command: `{claim['command']}`, {claim['rounds']} rounds, {claim['made']}.",
            f"- Machine: {at['processor']}, {at['architecture']}, {at['cores']} cores; "
            f"{at['system']}, Python {at['python']}, numba {at['numba']}, numpy {at['numpy']}, "
            f"Mesa {at['mesa']}.",
        ]
    return "\n".join(lines) + "\n"


def _row(figure: dict[str, Any]) -> str:
    numbers = [number(figure[name]) for name in ("median", "least", "greatest")]
    met = {True: "yes", False: "**no**", None: ""}[figure.get("is_met")]
    cells = [figure["what"], *numbers, figure["unit"], figure.get("target", ""), met]
    return "| " + " | ".join(cells) + " |"


def number(value: float) -> str:
    """A number with three digits that count.

    >>> number(0.012345), number(0.98765), number(12.345), number(12345.0)
    ('0.0123', '0.988', '12.3', '12,345')
    """
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".") if value else "0"


def main() -> None:
    """Write the page anew."""
    (FOLDER / PAGE).write_text(page_of(read_claims()), encoding="utf-8")


if __name__ == "__main__":
    main()
