"""A comparison in words: two small tables, what was found and what it costs, and sentences.

One wide table would not fit a terminal or a page; both tables name the scenario first. In a
terminal, cells break into lines where a table would be wider than `TERMINAL_WIDTH`.
"""

import itertools
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sim.results.measures import measure as declared_measure

FOUND = ("Scenario", "{measure}", "Difference [95%]", "Change", "Verdict", "Chance best")
COST = (
    "Scenario",
    "{on_the_road} per 1,000 vehicle-km",
    "{measure} per 1,000 troop-days",
    "Stock-out person-days",
    "Delay, h a convoy",
    "Troops added",
    "Difference per 1,000 more troops [95%]",
)

RATES = (1, 2)
"""Columns of `COST` that set the measure against exposure, which a ratio has done already."""

ON_THE_ROAD = {"killed_and_wounded": "killed_and_wounded_on_the_road"}
"""Of a measure that also counts what happens in camps, the part that distance driven explains."""

NO_BOUND = "no bound yet"
"""What stands where an interval has no end: too few runs were made, or too few of them differ."""

TERMINAL_WIDTH = 100
"""Columns of a terminal that a table may take, as long as its words allow."""

SHORTEST_NAME = 20
"""Columns below which the name of a scenario is not broken."""

HEADER_WIDTH = 14
"""Where a column's name breaks into lines, in a terminal."""

NO_BREAK = "\u00a0"
"""A space at which no line is broken."""


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
        blocks.append("\n".join(_aligned(header, cells)))
    return "\n\n".join([*blocks, "\n".join(sentences)]) + "\n"


def _aligned(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table: names of columns above a rule, then the rows."""
    columns = list(zip(header, *cells, strict=True))
    widths = [max(map(len, [*_broken(name, HEADER_WIDTH), *column])) for name, *column in columns]
    least = [max(len(word) for text in column for word in _words(text)) for column in columns]
    least[0] = min(least[0], SHORTEST_NAME)
    while sum(widths) + 2 * (len(widths) - 1) > TERMINAL_WIDTH:
        room = [width - shortest for width, shortest in zip(widths, least, strict=True)]
        if not any(room):
            break
        widest = max((place for place, more in enumerate(room) if more), key=widths.__getitem__)
        widths[widest] -= 1
    heads = [
        _broken(name, min(HEADER_WIDTH, width)) for name, width in zip(header, widths, strict=True)
    ]
    height = max(len(head) for head in heads)
    blocks = [
        [[""] * (height - len(head)) + head for head in heads],
        [["-" * width] for width in widths],
        *([_broken(cell, width) for cell, width in zip(row, widths, strict=True)] for row in cells),
    ]
    return [line for block in blocks for line in _lines_of(block, widths)]


def _words(text: str) -> list[str]:
    """What stays on one line; an interval is one word.

    >>> _words("-6.8 [-11.0, -2.5]")
    ['-6.8', '[-11.0, -2.5]']
    """
    return re.findall(r"\[[^]]*\]|\S+", text)


def _broken(text: str, width: int) -> list[str]:
    together = " ".join(word.replace(" ", NO_BREAK) for word in _words(text))
    lines = textwrap.wrap(together, width, break_on_hyphens=False)
    return [line.replace(NO_BREAK, " ") for line in lines]


def _lines_of(stacked: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """A row whose cells may have several lines."""
    padded = itertools.zip_longest(*stacked, fillvalue="")
    return [
        "  ".join(
            part.ljust(width) if column == 0 else part.rjust(width)
            for column, (part, width) in enumerate(zip(parts, widths, strict=True))
        ).rstrip()
        for parts in padded
    ]


def _tables(
    rows: Sequence[Mapping[Any, Any]], measure: str
) -> list[tuple[list[str], list[list[str]]]]:
    declared = declared_measure(measure)
    words = {
        "measure": declared.title,
        "on_the_road": declared_measure(ON_THE_ROAD.get(measure, measure)).title,
    }
    # A mean of ratios has a digit more than the ratio of one run, for its interval.
    digits = declared.decimals + (declared.ratio is not None)
    costs = [_cost(row, digits) for row in rows]
    kept = [place for place in range(len(COST)) if declared.ratio is None or place not in RATES]
    return [
        ([name.format(**words) for name in FOUND], [_found(row, digits) for row in rows]),
        ([COST[place].format(**words) for place in kept], [[c[p] for p in kept] for c in costs]),
    ]


def _found(row: Mapping[Any, Any], digits: int) -> list[str]:
    change, chance = _number(row["percent_change"], 0, signed=True), row["chance_best"]
    return [
        str(row["scenario"]),
        _with_half_width(row["mean"], row["half_width"], digits),
        _with_bounds(row["difference"], row["low"], row["high"], digits),
        change if change == "-" else f"{change}%",
        str(row["verdict"]),
        f"{chance:.0%}" if math.isfinite(chance) else "-",
    ]


def _cost(row: Mapping[Any, Any], digits: int) -> list[str]:
    added = row["troops_added"]
    scale = 1000.0 / added if added > 0.0 else math.nan
    return [
        str(row["scenario"]),
        _significant(row["per_1000_vehicle_km"]),
        _significant(row["per_1000_troop_days"]),
        _number(row["stockout_person_days"], 0),
        _number(row["delay_h"]),
        _number(added, 0) if added else "-",
        _with_bounds(row["per_1000_more_troops"], scale * row["low"], scale * row["high"], digits),
    ]


def _with_half_width(value: float, half_width: float, digits: int = 1) -> str:
    """A mean, with the reach of its interval or the word that there is none.

    >>> _with_half_width(140.0, 12.0), _with_half_width(140.0, math.nan)
    ('140.0 ± 12.0', '140.0, no bound yet')
    """
    number = _number(value, digits)
    if not math.isfinite(half_width):
        return number if number == "-" else f"{number}, {NO_BOUND}"
    return f"{number} ± {_number(half_width, digits)}"


def _with_bounds(value: float, low: float, high: float, digits: int = 1) -> str:
    """A difference, with its interval or the word that there is none.

    >>> _with_bounds(-20.0, -30.0, -10.0), _with_bounds(-20.0, math.nan, math.nan)
    ('-20.0 [-30.0, -10.0]', '-20.0, no bound yet')
    """
    number = _number(value, digits, signed=True)
    if not math.isfinite(low):
        return number if number == "-" else f"{number}, {NO_BOUND}"
    return f"{number} [{_number(low, digits, signed=True)}, {_number(high, digits, signed=True)}]"


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
