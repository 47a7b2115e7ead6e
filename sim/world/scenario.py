"""The scenario: every number that a run depends on, declared once with unit, range and source.

A scenario has one dataclass for each group of settings; a folder of the same name under `configs/`
holds the files that change them. Defaults stand here alone. Until the decision date a run lives in
the world of `Scenario.before`, so that scenarios share their past.
"""

import dataclasses
import difflib
import hashlib
import json
import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sim.clock import Clock
from sim.errors import ScenarioError
from sim.roads.tables import UNIT_TYPES
from sim.world.ceilings import check_ceiling
from sim.world.parameter import check_ranges, levers_of
from sim.world.settings.attacks import Attacks
from sim.world.settings.attrition import Attrition
from sim.world.settings.clearance import Clearance
from sim.world.settings.engine import Engine
from sim.world.settings.force import Force, Reinforcement
from sim.world.settings.medical import Medical
from sim.world.settings.politics import Politics
from sim.world.settings.results import Results
from sim.world.settings.roads import Roads
from sim.world.settings.routing import Routing
from sim.world.settings.runs import Runs
from sim.world.settings.supply import Supply
from sim.world.settings.threat import Threat
from sim.world.settings.training import Training

__all__ = [
    "GROUPS",
    "LEVERS",
    "Attacks",
    "Attrition",
    "Clearance",
    "Engine",
    "Force",
    "Medical",
    "Politics",
    "Reinforcement",
    "Results",
    "Roads",
    "Routing",
    "Runs",
    "Scenario",
    "Supply",
    "Threat",
    "Training",
    "check",
    "check_camps",
    "check_closures",
    "parse_date",
]

GROUPS: dict[str, type] = {
    "roads": Roads,
    "force": Force,
    "training": Training,
    "threat": Threat,
    "attrition": Attrition,
    "attacks": Attacks,
    "medical": Medical,
    "politics": Politics,
    "clearance": Clearance,
    "routing": Routing,
    "supply": Supply,
    "runs": Runs,
    "engine": Engine,
    "results": Results,
}
LEVERS = tuple(group for group, kind in GROUPS.items() if levers_of(kind))
"""Groups with parameters that a decision can change; until then the baseline's values hold."""


@dataclass(frozen=True)
class Scenario:
    """One answer to "what if": all settings, and the world as it was before the decision."""

    name: str = "unnamed"
    title: str = ""
    baseline: str = "baseline_2016"
    """Scenario whose levers hold before the decision date; its own name for a baseline."""
    roads: Roads = field(default_factory=Roads)
    force: Force = field(default_factory=Force)
    training: Training = field(default_factory=Training)
    threat: Threat = field(default_factory=Threat)
    attrition: Attrition = field(default_factory=Attrition)
    attacks: Attacks = field(default_factory=Attacks)
    medical: Medical = field(default_factory=Medical)
    politics: Politics = field(default_factory=Politics)
    clearance: Clearance = field(default_factory=Clearance)
    routing: Routing = field(default_factory=Routing)
    supply: Supply = field(default_factory=Supply)
    runs: Runs = field(default_factory=Runs)
    engine: Engine = field(default_factory=Engine)
    results: Results = field(default_factory=Results)
    before: "Scenario | None" = None
    """The same world with the baseline's levers; None where nothing changes at the decision."""

    def __post_init__(self) -> None:
        check(self)

    def clock(self) -> Clock:
        """The calendar of a run of this scenario."""
        start = date.fromisoformat(self.runs.start)
        return Clock(
            first_day=start - timedelta(days=self.runs.warm_up_days),
            decision_day=date.fromisoformat(self.runs.decision_date),
            last_day=date.fromisoformat(self.runs.end),
        )

    def content_hash(self) -> str:
        """Hash of everything that decides what happens: not the name, the title or the detail."""
        return hashlib.blake2s(
            json.dumps(self._content(), sort_keys=True).encode(), digest_size=8
        ).hexdigest()

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            group: dataclasses.asdict(getattr(self, group)) for group in GROUPS
        }
        del content["results"], content["engine"]
        content["runs"] = {
            key: content["runs"][key] for key in ("start", "decision_date", "end", "warm_up_days")
        }
        content["before"] = None if self.before is None else self.before._content()
        return content


def check(scenario: Scenario) -> None:
    """Raise `ScenarioError` for the first thing that is wrong, once, where a scenario is made."""
    for group in GROUPS:
        check_ranges(group, getattr(scenario, group))
    _check_dates(scenario)
    _check_politics(scenario.politics)
    _check_reinforcements(scenario.force)
    for camp, day in scenario.force.closures.items():
        parse_date(f"force.closures.{camp}", day)
    _check_build_up(scenario.force)
    _check_consistency(scenario)
    check_ceiling(scenario)
    if scenario.before is not None:
        _check_same_world(scenario, scenario.before)


def parse_date(key: str, text: str) -> date:
    """An ISO date, or a `ScenarioError` that names `key`."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ScenarioError(
            f"{key} is {text!r}: not a date. Allowed: year-month-day, as in 2016-07-01."
        ) from error


def _check_dates(scenario: Scenario) -> None:
    runs = scenario.runs
    start = parse_date("runs.start", runs.start)
    decision = parse_date("runs.decision_date", runs.decision_date)
    end = parse_date("runs.end", runs.end)
    if not start <= decision < end:
        raise ScenarioError(
            f"runs.start {start}, runs.decision_date {decision} and runs.end {end} are out of "
            "order. Allowed: start no later than the decision, the decision before the end."
        )


def _check_politics(politics: Politics) -> None:
    if not politics.path:
        raise ScenarioError(
            "politics.path is empty: there is no level of progress. "
            "Allowed: at least one date with a level, as in {2016-07-01: 0.1}."
        )
    for day in politics.path:
        parse_date("politics.path", day)


def _check_build_up(force: Force) -> None:
    for day in force.strength_by_date:
        parse_date("force.strength_by_date", day)


def check_camps(scenario: Scenario, camps: Collection[str]) -> None:
    """Raise `ScenarioError` for the first reinforcement that comes to none of these camps."""
    for name, unit in scenario.force.reinforcements.items():
        if unit.camp not in camps:
            close = difflib.get_close_matches(_plain(unit.camp), camps, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ScenarioError(
                f"force.reinforcements.{name}.camp is {unit.camp!r}: there is no such camp in "
                f"{scenario.roads.name}.{hint} Allowed: {', '.join(sorted(camps))}."
            )


def check_closures(scenario: Scenario, is_source: Mapping[str, bool]) -> None:
    """Raise `ScenarioError` for the first camp that is to close and cannot.

    `is_source` has all camps of the theatre, and whether a camp is the source of supply.
    """
    for name in scenario.force.closures:
        if name not in is_source:
            close = difflib.get_close_matches(_plain(name), is_source, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ScenarioError(
                f"force.closures names {name!r}: there is no such camp in "
                f"{scenario.roads.name}.{hint} Allowed: {', '.join(sorted(is_source))}."
            )
        if is_source[name]:
            others = sorted(camp for camp in is_source if not is_source[camp])
            raise ScenarioError(
                f"force.closures names {name!r}: it is the source of supply, and the other camps "
                f"live on it. Allowed: {', '.join(others)}."
            )


def _plain(name: str) -> str:
    """A name in the letters of an id.

    >>> _plain("Sévaré")
    'sevare'
    """
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _check_reinforcements(force: Force) -> None:
    for name, unit in force.reinforcements.items():
        key = f"force.reinforcements.{name}"
        if unit.unit_type not in UNIT_TYPES:
            raise ScenarioError(
                f"{key}.unit_type is {unit.unit_type!r}: there is no such unit. "
                f"Allowed: {', '.join(UNIT_TYPES)}."
            )
        if not 0.0 <= unit.strength <= 100_000.0:
            raise ScenarioError(
                f"{key}.strength is {unit.strength:g} persons: outside its range. "
                "Allowed: 0 to 100000 persons."
            )
        if not 0.0 <= unit.ramp_days <= 3650.0:
            raise ScenarioError(
                f"{key}.ramp_days is {unit.ramp_days:g} d: outside its range. Allowed: 0 to 3650 d."
            )
        for field_name in ("predeployment_level", "protected_share"):
            value = getattr(unit, field_name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ScenarioError(
                    f"{key}.{field_name} is {value:g}: outside its range. Allowed: 0 to 1."
                )
        for field_name in ("arrival", "departure"):
            text = getattr(unit, field_name)
            if text != "never":
                parse_date(f"{key}.{field_name}", text)
        if "never" not in (unit.arrival, unit.departure) and unit.departure <= unit.arrival:
            raise ScenarioError(
                f"{key} leaves on {unit.departure}, before it has arrived on {unit.arrival}. "
                "Allowed: a departure after the arrival, or never."
            )


def _check_consistency(scenario: Scenario) -> None:
    threat, routing, supply = scenario.threat, scenario.routing, scenario.supply
    if threat.others_civilian_share + threat.others_army_share > 1.0:
        raise ScenarioError(
            "threat.others_civilian_share and threat.others_army_share add up to "
            f"{threat.others_civilian_share + threat.others_army_share:g}: more than all strikes "
            "on others. Allowed: 1 or less together."
        )
    if not routing.daylight_start_h < routing.daylight_end_h:
        raise ScenarioError(
            f"routing.daylight_end_h is {routing.daylight_end_h:g}: no later than "
            f"routing.daylight_start_h, {routing.daylight_start_h:g}, so that nobody could ever "
            "drive. Allowed: an end after the start; 0 and 24 drive round the clock."
        )
    if supply.target_days < supply.reorder_days:
        raise ScenarioError(
            f"supply.target_days is {supply.target_days:g} d: below supply.reorder_days, "
            f"{supply.reorder_days:g} d, so that an order would be overdue as it is placed. "
            "Allowed: a target no lower than the reorder level."
        )
    force = scenario.force
    people = supply.escort_vehicles * force.vehicle_occupants
    if supply.process == "policy" and people > force.company_size:
        raise ScenarioError(
            f"supply.escort_vehicles is {supply.escort_vehicles}: at force.vehicle_occupants "
            f"{force.vehicle_occupants} the escort of a full convoy has {people} people, more than "
            f"force.company_size, {force.company_size:g}, and one company escorts, so that no full "
            "convoy could ever leave under escort. Allowed: "
            f"{math.floor(force.company_size / force.vehicle_occupants)} vehicles or fewer here; "
            "or a larger company."
        )


def _check_same_world(scenario: Scenario, before: Scenario) -> None:
    for group, kind in GROUPS.items():
        if group in ("engine", "results"):
            continue
        for name in {item.name for item in dataclasses.fields(kind)} - set(levers_of(kind)):
            here = getattr(getattr(scenario, group), name)
            there = getattr(getattr(before, group), name)
            if here != there:
                raise ScenarioError(
                    f"{group}.{name} is {here!r} in scenario {scenario.name!r} and {there!r} in "
                    f"its baseline {before.name!r}: no decision changes it. Allowed: differences "
                    "in levers alone (`convoy-risk explain KEY` tells which are); set `baseline` "
                    "to the scenario itself for another world."
                )
