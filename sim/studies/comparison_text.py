"""A comparison in words: two small tables, what was found and what it costs, and sentences.

One wide table would not fit a terminal or a page; both tables name the scenario first.
"""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

FOUND = ("Scenario", "{measure}", "Difference [95%]", "Change", "Verdict", "Chance best")
COST = (
    "Scenario",
    "Per 1,000 vehicle-km",
    "Per 1,000 troop-days",
    "Stock-out person-days",
    "Delay, h a convoy",
    "Troops added",
    "Per 1,000 more troops [95%]",
)

HEADER_WIDTH = 14
"""Where a column's name breaks into lines, in a terminal."""


def as_markdown(rows: Sequence[Mapping[Any, Any]], measure: str, sentences: Sequence[str]) -> str:
    """The tables in Markdown; `rows` are those of `Comparison.table`."""
    blocks = []
    for header, cells in _tables(rows, measure):
        lines = [_markdown_line(header), _markdown_line(["---", *["---:"] * (len(header) - 1)])]
        blocks.append("\n".join(lines + [_markdown_line(row) for row in cells]))
    return "\n\n".join([*blocks, "\n".join(f"- {line}" for line in sentences)]) + "\n"


def as_text(rows: Sequence[Mapping[Any, Any]], measure: str, sentences: Sequence[str]) -> str:
    """The tables in aligned columns, for a terminal."""
    blocks = []
    for header, cells in _tables(rows, measure):
        stacked = [textwrap.wrap(name, HEADER_WIDTH) for name in header]
        height = max(len(name) for name in stacked)
        heads = [
            [
                name[len(name) - height + line] if len(name) >= height - line else ""
                for name in stacked
            ]
            for line in range(height)
        ]
        widths = [max(len(row[place]) for row in [*heads, *cells]) for place in range(len(header))]
        lines = [
            "  ".join(
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in [*heads, ["-" * width for width in widths], *cells]
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, "\n".join(sentences)]) + "\n"


def _tables(
    rows: Sequence[Mapping[Any, Any]], measure: str
) -> list[tuple[list[str], list[list[str]]]]:
    word = measure.replace("_", " ").capitalize()
    found = [name.format(measure=word) for name in FOUND]
    return [
        (found, [_found(row) for row in rows]),
        (list(COST), [_cost(row) for row in rows]),
    ]


def _found(row: Mapping[Any, Any]) -> list[str]:
    change, chance = _number(row["percent_change"], 0, signed=True), row["chance_best"]
    return [
        str(row["scenario"]),
        f"{_number(row['mean'])} ± {_number(row['half_width'])}",
        _with_bounds(row["difference"], row["low"], row["high"]),
        change if change == "-" else f"{change}%",
        str(row["verdict"]),
        f"{chance:.0%}" if math.isfinite(chance) else "-",
    ]


def _cost(row: Mapping[Any, Any]) -> list[str]:
    added = row["troops_added"]
    scale = 1000.0 / added if added > 0.0 else math.nan
    return [
        str(row["scenario"]),
        _significant(row["per_1000_vehicle_km"]),
        _significant(row["per_1000_troop_days"]),
        _number(row["stockout_person_days"], 0),
        _number(row["delay_h"]),
        _number(added, 0) if added else "-",
        _with_bounds(row["per_1000_more_troops"], scale * row["low"], scale * row["high"]),
    ]


def _with_bounds(value: float, low: float, high: float) -> str:
    number = _number(value, signed=True)
    if not math.isfinite(low):
        return number
    return f"{number} [{_number(low, signed=True)}, {_number(high, signed=True)}]"


def _number(value: float, digits: int = 1, signed: bool = False) -> str:
    """A number with thousands set apart; `-` where there is none.

    >>> _number(1234.56), _number(-3.0, signed=True), _number(float("nan"))
    ('1,234.6', '-3.0', '-')
    """
    if not math.isfinite(value):
        return "-"
    return f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"


def _significant(value: float) -> str:
    """A rate to three significant digits.

    >>> _significant(0.0058231)
    '0.00582'
    """
    return f"{value:.3g}" if math.isfinite(value) else "-"


def _markdown_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
