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
class Company:
    """A company through the whole run: where it is, from when to when, and how strong."""

    name: str
    camp: str
    contingent: str
    unit_type: str
    strength_before: float
    """People before the decision date."""
    strength_after: float
    """People from the decision date on, or from `arrival_h` on if that is later."""
    arrival_h: float
    departure_h: float
    predeployment_before: float
    """Training that it brings at a rotation before the decision date."""
    predeployment_after: float
    protected_share_before: float
    protected_share_after: float


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
    if scenario.before is None:
        return tuple(after[name] for name in sorted(after))
    past = scenario.before
    before = {c.name: c for c in _companies(past.force, past.training, rows, clock)}
    merged = []
    for name in sorted(after.keys() | before.keys()):
        new, old = after.get(name), before.get(name)
        if new is None:
            assert old is not None
            merged.append(replace(old, strength_after=0.0))
        elif old is None:
            merged.append(
                replace(new, strength_before=0.0, arrival_h=max(new.arrival_h, clock.decision_h))
            )
        else:
            merged.append(
                replace(
                    new,
                    strength_before=old.strength_before,
                    predeployment_before=old.predeployment_before,
                    protected_share_before=old.protected_share_before,
                )
            )
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
            yield Company(
                name=f"{label}/{number:02d}",
                camp=row.camp,
                contingent=row.contingent,
                unit_type=row.unit_type,
                strength_before=strength,
                strength_after=strength,
                arrival_h=-math.inf,
                departure_h=math.inf,
                predeployment_before=level,
                predeployment_after=level,
                protected_share_before=force.protected_share,
                protected_share_after=force.protected_share,
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
            yield Company(
                name=f"{unit.camp}/{name}/{unit.unit_type}/{number:02d}",
                camp=unit.camp,
                contingent=unit.contingent,
                unit_type=unit.unit_type,
                strength_before=strength,
                strength_after=strength,
                arrival_h=arrival_h + ramp_h,
                departure_h=departure_h,
                predeployment_before=level,
                predeployment_after=level,
                protected_share_before=protected,
                protected_share_after=protected,
            )


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
