"""A parameter, declared once: its value, unit, range, source and grade stand in one place.

Everything that shows, checks or documents a parameter reads the declaration: the configuration
schema, `convoy-risk explain`, `docs/parameters.md` and the check at the edge.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sim.errors import ScenarioError


class Grade(StrEnum):
    """How well a default is known."""

    PUBLISHED = "published"
    """A figure that can be cited."""
    DERIVED = "derived"
    """Computed from a published figure."""
    CALIBRATED = "calibrated"
    """Set so that the model meets a published summary."""
    ASSUMED = "assumed"
    """A judgement; its range is what to vary."""
    CHOICE = "choice"
    """What a study decides, not a fact about the world: a policy, a date, a size."""


@dataclass(frozen=True)
class Parameter:
    """The declaration of one field of a scenario.

    `low` and `high` bound what is allowed; `choices` lists the allowed words. A lever is what a
    decision can change: before the decision date the baseline's value holds. Everything else is
    the world, the same throughout.
    """

    meaning: str
    unit: str
    source: str
    grade: Grade
    low: float | None = None
    high: float | None = None
    choices: Sequence[str] | None = None
    is_lever: bool = False

    @property
    def allowed(self) -> str:
        """The range or the choices, as a person reads them."""
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None and self.high is None:
            return "see its meaning"
        if self.high is None:
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"


def parameter(
    default: Any,
    *,
    meaning: str,
    unit: str = "-",
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] | None = None,
    is_lever: bool = False,
    source: str,
    grade: Grade,
) -> Any:
    """Declare a field of a scenario; a dict as default is copied for every scenario."""
    declaration = Parameter(meaning, unit, source, grade, low, high, choices, is_lever)
    metadata = {"parameter": declaration}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def declared(group: Any) -> Iterator[tuple[str, Parameter, Any]]:
    """Name, declaration and value (default, for a class) of every parameter of a group."""
    for item in dataclasses.fields(group):
        declaration = item.metadata.get("parameter")
        if declaration is None:
            continue
        if isinstance(group, type):
            value = (
                item.default_factory()
                if item.default_factory is not dataclasses.MISSING
                else item.default
            )
        else:
            value = getattr(group, item.name)
        yield item.name, declaration, value


def levers_of(group: Any) -> tuple[str, ...]:
    """Names of the parameters of a group that a decision can change."""
    return tuple(name for name, declaration, _ in declared(group) if declaration.is_lever)


def check_ranges(key: str, group: Any) -> None:
    """Raise `ScenarioError` for the first value of `group` outside its declared range.

    Numbers inside a mapping are checked against the range of the field that holds it.
    """
    for name, declaration, value in declared(group):
        numbers = value.items() if isinstance(value, dict) else [(None, value)]
        for entry, number in numbers:
            where = f"{key}.{name}" if entry is None else f"{key}.{name}.{entry}"
            _check_one(where, declaration, number)


def _check_one(where: str, declaration: Parameter, value: Any) -> None:
    if value is None or dataclasses.is_dataclass(value):
        return
    if declaration.choices is not None:
        if value not in declaration.choices:
            raise ScenarioError(
                f"{where} is {value!r}: there is no such choice. Allowed: {declaration.allowed}."
            )
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    is_low = declaration.low is not None and value < declaration.low
    is_high = declaration.high is not None and value > declaration.high
    if is_low or is_high or not math.isfinite(value):
        unit = "" if declaration.unit == "-" else f" {declaration.unit}"
        raise ScenarioError(
            f"{where} is {value:g}{unit}: outside its range. Allowed: {declaration.allowed}{unit}; "
            f"`convoy-risk explain {where}` tells what it means and where its value comes from."
        )
