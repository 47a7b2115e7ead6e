"""Companies: the units of the mission, cut to a size that patrols and escorts are made of.

A contingent's strength is cut into full companies and a fraction. More strength fills the fraction
and adds companies behind it, so the companies that were there keep their names and their luck.

A build-up (`force.strength_by_date`, `force.camp_shares`) moves the strengths in steps at dates:
companies fill up, shrink, come and go by their number, again under the same names.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sim.clock import HOURS_PER_DAY, Clock
from sim.errors import ScenarioError
from sim.roads.tables import CampRow, UnitRow
from sim.world.scenario import Force, Scenario, Training, parse_date

PATROLLING = ("infantry", "combat_convoy")
"""Types of unit that patrol and escort; a combat convoy company escorts and does not patrol."""


@dataclass(frozen=True)
class Stay:
    """A company's time in the mission, and what it is like in that time."""

    strength: float
    """People; the most that it has where its strength changes."""
    arrival_h: float
    departure_h: float
    predeployment_level: float
    """Training that it brings on arrival and at a rotation."""
    protected_share: float
    changes: tuple[tuple[float, float], ...] = ()
    """Hours, ascending, and its people from each on; empty where `strength` holds throughout."""

    def is_present(self, time_h: float) -> bool:
        """Whether it is in the mission at `time_h`."""
        return self.strength_at(time_h) > 0.0

    def strength_at(self, time_h: float) -> float:
        """People in the mission at `time_h`."""
        if not self.arrival_h <= time_h < self.departure_h:
            return 0.0
        if not self.changes:
            return self.strength
        people = 0.0
        for from_h, people_then in self.changes:
            if from_h > time_h:
                break
            people = people_then
        return people


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


def companies_of(
    scenario: Scenario,
    rows: Sequence[UnitRow],
    clock: Clock,
    camps: Sequence[CampRow] = (),
) -> tuple[Company, ...]:
    """All companies that are ever in the mission, by name.

    Parameters
    ----------
    scenario : Scenario
    rows : sequence of UnitRow
        The units table of the theatre.
    clock : Clock
    camps : sequence of CampRow
        The camps table of the theatre, for their yearly shares of the force.

    Raises
    ------
    ScenarioError
        Where the shares by year are asked for and the camps have none, and where a reinforcement
        would have the name of a contingent.
    """
    for scenario_then in filter(None, (scenario, scenario.before)):
        _check_names(scenario_then, rows)
    after = {c.name: c for c in _companies(scenario, rows, clock, camps)}
    past = scenario.before
    if past is None:
        return tuple(after[name] for name in sorted(after))
    before = {c.name: c for c in _companies(past, rows, clock, camps)}
    merged = []
    for name in sorted(after.keys() | before.keys()):
        new, old = after.get(name), before.get(name)
        if new is None:
            assert old is not None
            merged.append(replace(old, after=replace(old.after, strength=0.0, changes=())))
        elif old is None:
            merged.append(replace(new, before=replace(new.before, strength=0.0, changes=())))
        else:
            merged.append(replace(new, before=old.before))
    return tuple(merged)


def _companies(
    scenario: Scenario, rows: Sequence[UnitRow], clock: Clock, camps: Sequence[CampRow]
) -> Iterator[Company]:
    force, training = scenario.force, scenario.training
    starts_h, strengths_by_row = _strengths_by_row(scenario, rows, clock, camps)
    for row, strengths in zip(rows, strengths_by_row, strict=True):
        level = predeployment_level(training, row.contingent)
        label = _label(row.camp, row.contingent, row.unit_type)
        for number, steps in enumerate(_by_company(strengths, force.company_size), 1):
            stay = Stay(
                max(steps),
                -math.inf,
                math.inf,
                level,
                force.protected_share,
                _changes(starts_h, steps),
            )
            yield Company(
                f"{label}/{number:02d}", row.camp, row.contingent, row.unit_type, stay, stay
            )
    yield from _reinforcements(force, training, clock)


def _reinforcements(force: Force, training: Training, clock: Clock) -> Iterator[Company]:
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
            label = _label(unit.camp, name, unit.unit_type)
            yield Company(
                f"{label}/{number:02d}", unit.camp, unit.contingent, unit.unit_type, stay, stay
            )


def _label(camp: str, name: str, unit_type: str) -> str:
    """What the names of companies of a contingent, or of a reinforcement, begin with."""
    return f"{camp}/{name}/{unit_type}"


def _check_names(scenario: Scenario, rows: Sequence[UnitRow]) -> None:
    taken = {_label(row.camp, row.contingent, row.unit_type) for row in rows}
    for name, unit in scenario.force.reinforcements.items():
        if unit.arrival != "never" and _label(unit.camp, name, unit.unit_type) in taken:
            raise ScenarioError(
                f"force.reinforcements names {name!r}, {unit.unit_type} at {unit.camp}: units.csv "
                f"of {scenario.roads.name} has a contingent of that name and type at that camp, "
                "and companies of one name would be one. Allowed: a name that no contingent of "
                f"that type has there, as {name + '_more'!r}; `contingent` may still be its own."
            )


def n_teams(company: Company, people_per_team: float) -> int:
    """Clearance teams that a company has when it is strongest."""
    strength = max(company.before.strength, company.after.strength)
    return math.ceil(strength / people_per_team - 1e-9)


# The build-up: strengths of the units table that move in steps at dates.


def _strengths_by_row(
    scenario: Scenario, rows: Sequence[UnitRow], clock: Clock, camps: Sequence[CampRow]
) -> tuple[list[float], list[list[float]]]:
    """Hours at which strengths change, the first from ever on, and people by row and hour."""
    force = scenario.force
    days = sorted(
        (parse_date("force.strength_by_date", day), people)
        for day, people in force.strength_by_date.items()
    )
    by_year = force.camp_shares == "by_year"
    starts = {day for day, _ in days[1:]}
    if by_year:
        _check_shares(scenario, rows, camps)
        # What holds before the first year with shares is that year's.
        starts |= {date(year, 1, 1) for year in sorted(camps[0].shares)[1:]}
    starts = {day for day in starts if clock.first_day < day < clock.last_day}
    moments = [clock.first_day, *sorted(starts)]
    by_row: list[list[float]] = [[] for _ in rows]
    for moment in moments:
        people = force.strength
        for day, people_then in days:
            if day <= moment or day == days[0][0]:
                people = people_then
        scales = (
            _scales_by_year(rows, camps, people, moment.year) if by_year else _scales(rows, people)
        )
        for strengths, row, scale in zip(by_row, rows, scales, strict=True):
            strengths.append(row.strength * scale)
    return [-math.inf, *(clock.hour_of(moment) for moment in moments[1:])], by_row


def _scales(rows: Sequence[UnitRow], people: float) -> list[float]:
    """Factor on each row of the units table that makes them `people` in all."""
    total = 0.0
    for row in rows:
        total += row.strength
    return [people / total if total > 0 else 0.0] * len(rows)


def _scales_by_year(
    rows: Sequence[UnitRow], camps: Sequence[CampRow], people: float, year: int
) -> list[float]:
    """The same where each camp has its share of a year; who is at a camp, the table says."""
    there: dict[str, float] = {}
    for row in rows:
        there[row.camp] = there.get(row.camp, 0.0) + row.strength
    shares = {camp.node_id: _share_of(camp.shares, year) for camp in camps}
    total = 0.0
    for camp in there:
        total += shares[camp]
    return [
        people * shares[row.camp] / total / there[row.camp]
        if total > 0 and there[row.camp] > 0
        else 0.0
        for row in rows
    ]


def _share_of(shares: Mapping[int, float], year: int) -> float:
    """A camp's share in a year: the last one given by then, else the first."""
    known = [known for known in shares if known <= year] or [min(shares)]
    return shares[max(known)]


def _check_shares(scenario: Scenario, rows: Sequence[UnitRow], camps: Sequence[CampRow]) -> None:
    if not camps or not camps[0].shares:
        raise ScenarioError(
            f"force.camp_shares is 'by_year': the camps of {scenario.roads.name} have no shares. "
            "Allowed: by_year where camps.csv has columns as share_2014; units_table elsewhere."
        )
    manned = {row.camp for row in rows if row.strength > 0}
    for camp in camps:
        if camp.node_id not in manned and max(camp.shares.values()) > 0.0:
            raise ScenarioError(
                f"force.camp_shares is 'by_year': {camp.node_id} has a share of the force in "
                f"camps.csv of {scenario.roads.name} and no people in units.csv, so that nobody "
                "knows who they are. Allowed: a row in units.csv for every camp with a share."
            )


def _by_company(strengths: Sequence[float], company_size: float) -> list[list[float]]:
    """People of each company at each moment, from people of the whole row.

    >>> _by_company([150.0, 220.0, 0.0], company_size=100.0)
    [[100.0, 100.0, 0.0], [50.0, 100.0, 0.0], [0.0, 20.0, 0.0]]
    """
    cuts = [cut(strength, company_size) for strength in strengths]
    n_companies = max((len(companies) for companies in cuts), default=0)
    return [
        [companies[number] if number < len(companies) else 0.0 for companies in cuts]
        for number in range(n_companies)
    ]


def _changes(starts_h: Sequence[float], steps: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Hours at which one company changes and its people from then on; empty if it never does.

    >>> _changes([0.0, 24.0, 48.0], [50.0, 50.0, 0.0])
    ((0.0, 50.0), (48.0, 0.0))
    """
    changes = [(starts_h[0], steps[0])]
    for start_h, people in zip(starts_h[1:], steps[1:], strict=True):
        if people != changes[-1][1]:
            changes.append((start_h, people))
    return tuple(changes) if len(changes) > 1 else ()


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
