"""Companies: the units of the mission, cut to a size that patrols and escorts are made of.

A contingent's strength is cut into full companies and a fraction. More strength fills the fraction
and adds companies behind it, so the companies that were there keep their names and their luck.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.clock import HOURS_PER_DAY, Clock
from sim.roads.tables import UnitRow
from sim.world.scenario import Force, Scenario, Training, parse_date

PATROLLING = ("infantry", "combat_convoy")
"""Types of unit that patrol and escort; a combat convoy company escorts and does not patrol."""


@dataclass(frozen=True)
class Stay:
    """A company's time in the mission, and what it is like in that time."""

    strength: float
    """People."""
    arrival_h: float
    departure_h: float
    predeployment_level: float
    """Training that it brings on arrival and at a rotation."""
    protected_share: float

    def is_present(self, time_h: float) -> bool:
        """Whether it is in the mission at `time_h`."""
        return self.strength > 0.0 and self.arrival_h <= time_h < self.departure_h


@dataclass(frozen=True)
class Company:
    """A company through the whole run: one stay in the world before the decision, one after it.

    Before the decision date `before` alone holds, from then on `after` alone.
    """

    name: str
    camp: str
    contingent: str
    unit_type: str
    before: Stay
    after: Stay

    def stay_at(self, time_h: float, decision_h: float) -> Stay:
        """The stay that holds at `time_h`."""
        return self.before if time_h < decision_h else self.after


def companies_of(scenario: Scenario, rows: Sequence[UnitRow], clock: Clock) -> tuple[Company, ...]:
    """All companies that are ever in the mission, by name.

    Parameters
    ----------
    scenario : Scenario
    rows : sequence of UnitRow
        The units table of the theatre.
    clock : Clock
    """
    after = {c.name: c for c in _companies(scenario.force, scenario.training, rows, clock)}
    past = scenario.before
    if past is None:
        return tuple(after[name] for name in sorted(after))
    before = {c.name: c for c in _companies(past.force, past.training, rows, clock)}
    merged = []
    for name in sorted(after.keys() | before.keys()):
        new, old = after.get(name), before.get(name)
        if new is None:
            assert old is not None
            merged.append(replace(old, after=replace(old.after, strength=0.0)))
        elif old is None:
            merged.append(replace(new, before=replace(new.before, strength=0.0)))
        else:
            merged.append(replace(new, before=old.before))
    return tuple(merged)


def _companies(
    force: Force, training: Training, rows: Sequence[UnitRow], clock: Clock
) -> Iterator[Company]:
    total = sum(row.strength for row in rows)
    scale = force.strength / total if total > 0 else 0.0
    for row in rows:
        level = predeployment_level(training, row.contingent)
        label = f"{row.camp}/{row.contingent}/{row.unit_type}"
        for number, strength in enumerate(cut(row.strength * scale, force.company_size), 1):
            stay = Stay(strength, -math.inf, math.inf, level, force.protected_share)
            yield Company(
                f"{label}/{number:02d}", row.camp, row.contingent, row.unit_type, stay, stay
            )
    for name, unit in force.reinforcements.items():
        if unit.arrival == "never":
            continue
        arrival_h = clock.hour_of(parse_date(f"force.reinforcements.{name}.arrival", unit.arrival))
        departure_h = math.inf
        if unit.departure != "never":
            departure_h = clock.hour_of(
                parse_date(f"force.reinforcements.{name}.departure", unit.departure)
            )
        level = (
            predeployment_level(training, unit.contingent)
            if unit.predeployment_level is None
            else max(unit.predeployment_level, training.predeployment_floor)
        )
        protected = force.protected_share if unit.protected_share is None else unit.protected_share
        strengths = cut(unit.strength, force.company_size)
        for number, strength in enumerate(strengths, 1):
            ramp_h = unit.ramp_days * HOURS_PER_DAY * (number - 1) / len(strengths)
            stay = Stay(strength, arrival_h + ramp_h, departure_h, level, protected)
            label = f"{unit.camp}/{name}/{unit.unit_type}/{number:02d}"
            yield Company(label, unit.camp, unit.contingent, unit.unit_type, stay, stay)


def cut(strength: float, company_size: float) -> list[float]:
    """Strengths of the companies that `strength` people make: full ones, then the fraction.

    >>> cut(300.0, 135.0)
    [135.0, 135.0, 30.0]
    """
    n_full = math.floor(strength / company_size + 1e-9)
    rest = strength - n_full * company_size
    return [company_size] * n_full + ([rest] if rest > 1e-6 else [])


def predeployment_level(training: Training, contingent: str) -> float:
    """Training that a contingent brings on arrival, in [0, 1]."""
    level = training.predeployment_by_contingent.get(contingent, training.predeployment_level)
    return max(level, training.predeployment_floor)
