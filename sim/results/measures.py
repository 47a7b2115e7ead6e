"""Measures: the numbers that stand for a run, each declared once.

Everything is counted from the decision date on, since scenarios share their past until then. The
mission is its uniformed people; contractors, and everyone outside the mission, are counted apart.
A ratio is not a number (nan) where nothing stands below its line: a run without convoys has no
strikes per convoy.
"""

import difflib
from dataclasses import dataclass

from sim.errors import ResultsError
from sim.results import counts
from sim.results.ground import network_of
from sim.roads import RoadNetwork
from sim.world.record import RunRecord
from sim.world.scenario import Scenario


@dataclass(frozen=True)
class Measure:
    """The declaration of one measure."""

    name: str
    meaning: str
    unit: str
    better: str = "-"
    """`lower`, `higher`, or `-` where neither is better in itself."""
    ratio: tuple[str, str, float] | None = None
    """Numerator, denominator and factor, where the measure is a ratio of two others."""
    decimals: int = 1
    """Decimals that a table shows."""

    @property
    def title(self) -> str:
        """Name as a person writes it.

        >>> measure("strikes_per_1000_vehicle_km").title
        'Strikes per 1,000 vehicle-km'
        """
        words = self.name.replace("per_1000", "per_1,000").replace("_", " ")
        for abbreviation, written_out in _WRITTEN_OUT.items():
            words = f" {words} ".replace(f" {abbreviation} ", f" {written_out} ").strip()
        words = words.replace("troop days", "troop-days").replace("person days", "person-days")
        words = words.replace("vehicle km", "vehicle-km").replace("person km", "person-km")
        return words[0].upper() + words[1:]

    @property
    def label(self) -> str:
        """Name and unit, as the axis of a figure has it.

        >>> measure("killed_and_wounded").label
        'Killed and wounded (persons)'
        """
        return self.title if self.unit in ("-", "") else f"{self.title} ({self.unit})"


_WRITTEN_OUT = {"h": "hours", "n": "number of"}


def _count(name: str, meaning: str, unit: str, better: str = "-", decimals: int = 1) -> Measure:
    return Measure(name, meaning, unit, better, None, decimals)


def _ratio(
    name: str,
    meaning: str,
    unit: str,
    better: str,
    above: str,
    below: str,
    factor: float = 1.0,
    decimals: int = 2,
) -> Measure:
    return Measure(name, meaning, unit, better, (above, below, factor), decimals)


SECTIONS: dict[str, tuple[Measure, ...]] = {
    "What happened to people": (
        _count(
            "killed_and_wounded",
            "People of the mission killed or wounded by whatever cause, without contractors: "
            "strikes, "
            "gunfire, attacks on camps, accidents of clearance teams",
            "persons",
            "lower",
        ),
        _count(
            "killed_and_wounded_on_the_road",
            "Of them, on the road: all but those in attacks on camps",
            "persons",
            "lower",
        ),
        _count(
            "killed",
            "People of the mission killed by whatever cause, without contractors",
            "persons",
            "lower",
        ),
        _count(
            "wounded",
            "People of the mission wounded by whatever cause who lived, without contractors",
            "persons",
            "lower",
        ),
        _count("killed_in_strikes", "Of the killed, by devices on the road", "persons", "lower"),
        _count("wounded_in_strikes", "Of the wounded, by devices on the road", "persons", "lower"),
        _count(
            "killed_by_gunfire",
            "Of the killed, by gunfire on the road, alone or after a strike",
            "persons",
            "lower",
        ),
        _count("killed_in_camp_attacks", "Of the killed, in attacks on camps", "persons", "lower"),
        _count(
            "killed_by_indirect_fire",
            "Of the killed, by indirect fire on camps",
            "persons",
            "lower",
        ),
        _count(
            "killed_by_suicide_vehicles",
            "Of the killed, by suicide vehicles against camps",
            "persons",
            "lower",
        ),
        _count(
            "killed_in_complex_attacks",
            "Of the killed, in complex attacks on camps",
            "persons",
            "lower",
        ),
        _count(
            "killed_and_wounded_in_camp_attacks",
            "People of the mission killed or wounded in attacks on camps",
            "persons",
            "lower",
        ),
        _count(
            "killed_and_wounded_in_accidents",
            "People of clearance teams killed or wounded while they made a device safe",
            "persons",
            "lower",
        ),
        _count(
            "died_of_wounds",
            "Of the killed, those who were wounded and died before they were treated",
            "persons",
            "lower",
        ),
        _count("contractors", "Contractors in convoys killed or wounded", "persons", "lower"),
        _count(
            "civilians",
            "Killed or wounded outside the mission: civilians, national army, other forces",
            "persons",
            "lower",
        ),
        _count(
            "civilians_in_strikes_on_cells",
            "Of them, civilians harmed in strikes on cells, by the mission or the parallel "
            "operation",
            "persons",
            "lower",
        ),
    ),
    "Attacks on the mission": (
        _count(
            "attacks_on_mission",
            "Attacks on the mission: strikes, attacks on camps, and gunfire that came alone",
            "attacks",
            "lower",
        ),
        _count("camp_attacks", "Attacks on camps", "attacks", "lower"),
        _count(
            "camp_attacks_by_indirect_fire", "Of them, with rockets or mortars", "attacks", "lower"
        ),
        _count(
            "camp_attacks_by_suicide_vehicle", "Of them, with a suicide vehicle", "attacks", "lower"
        ),
        _count("complex_camp_attacks", "Of them, complex attacks", "attacks", "lower"),
        _count(
            "gunfire_attacks",
            "Gunfire on a convoy or patrol that came alone",
            "attacks",
            "lower",
        ),
        _count("follow_on_fires", "Gunfire that followed a strike", "attacks", "lower"),
    ),
    "Strikes and finds": (
        _count("strikes", "Devices that acted on a convoy or patrol", "strikes", "lower"),
        _count("strikes_on_convoys", "Devices that acted on a supply convoy", "strikes", "lower"),
        _count("strikes_on_patrols", "Devices that acted on a patrol", "strikes", "lower"),
        _count(
            "strikes_on_others",
            "Devices that acted on somebody outside the mission",
            "strikes",
            "lower",
        ),
        _count("finds", "Devices seen before they acted, without decoys", "finds"),
        _count("finds_by_convoys", "Devices that a supply convoy found", "finds"),
        _count("finds_by_patrols", "Devices that a patrol found", "finds"),
        _count("finds_by_sweeps", "Devices that a clearance team found", "finds"),
        _count("contacts", "Finds and strikes together", "contacts"),
        _ratio(
            "found_share",
            "Finds over finds and strikes, without decoys",
            "-",
            "higher",
            "finds",
            "contacts",
        ),
        _count("harmless_strikes", "Strikes that killed and wounded nobody", "strikes"),
        _count("fatal_strikes", "Strikes that killed somebody of the mission", "strikes", "lower"),
        _ratio(
            "killed_per_strike",
            "People of the mission killed by devices on the road, per strike",
            "persons",
            "lower",
            "killed_in_strikes",
            "strikes",
            decimals=3,
        ),
    ),
    "Against exposure": (
        _ratio(
            "strikes_per_1000_vehicle_km",
            "Strikes per 1,000 km driven by vehicles of convoys and patrols",
            "strikes",
            "lower",
            "strikes",
            "vehicle_km",
            1000.0,
            decimals=4,
        ),
        _ratio(
            "finds_per_1000_vehicle_km",
            "Finds, sweeps included, per 1,000 km driven by vehicles of convoys and patrols",
            "finds",
            "-",
            "finds",
            "vehicle_km",
            1000.0,
            decimals=4,
        ),
        _ratio(
            "killed_and_wounded_on_the_road_per_1000_vehicle_km",
            "Killed and wounded on the road per 1,000 km driven by vehicles of convoys and patrols",
            "persons",
            "lower",
            "killed_and_wounded_on_the_road",
            "vehicle_km",
            1000.0,
            decimals=4,
        ),
        _ratio(
            "strikes_per_convoy",
            "Strikes on supply convoys, per convoy sent",
            "strikes",
            "lower",
            "strikes_on_convoys",
            "convoys_sent",
            decimals=3,
        ),
        _ratio(
            "finds_per_convoy",
            "Finds by supply convoys, per convoy sent",
            "finds",
            "-",
            "finds_by_convoys",
            "convoys_sent",
            decimals=3,
        ),
        _ratio(
            "killed_and_wounded_per_convoy",
            "Killed and wounded in supply convoys, by strikes and gunfire, per convoy sent",
            "persons",
            "lower",
            "killed_and_wounded_in_convoys",
            "convoys_sent",
            decimals=3,
        ),
        _ratio(
            "strikes_per_1000_troop_days",
            "Strikes per 1,000 days that a person of the mission served",
            "strikes",
            "lower",
            "strikes",
            "troop_days",
            1000.0,
            decimals=4,
        ),
        _ratio(
            "finds_per_1000_troop_days",
            "Finds, sweeps included, per 1,000 days that a person of the mission served",
            "finds",
            "-",
            "finds",
            "troop_days",
            1000.0,
            decimals=4,
        ),
        _ratio(
            "killed_and_wounded_per_1000_troop_days",
            "Killed and wounded, by whatever cause, per 1,000 days that a person of the mission "
            "served",
            "persons",
            "lower",
            "killed_and_wounded",
            "troop_days",
            1000.0,
            decimals=4,
        ),
        _count(
            "killed_and_wounded_in_convoys",
            "People of the mission killed or wounded in supply convoys, by strikes and gunfire",
            "persons",
            "lower",
        ),
    ),
    "Movement": (
        _count("vehicle_km", "Distance driven, summed over vehicles", "km", decimals=0),
        _count("vehicle_km_logistics", "Of it, supply convoys", "km", decimals=0),
        _count("vehicle_km_patrol", "Of it, patrols", "km", decimals=0),
        _count("person_km", "Distance ridden, summed over people", "km", decimals=0),
        _count("convoys_sent", "Supply convoys that left", "convoys"),
        _count(
            "loads_sent",
            "Loads that left, in a convoy of their own or together with others",
            "loads",
        ),
        _count(
            "convoys_arrived", "Arrivals of supply convoys at camps on their way out", "arrivals"
        ),
        _count(
            "convoy_journeys",
            "Journeys of convoys that ended, from camp to camp and back",
            "journeys",
        ),
        _count(
            "reroutings",
            "Times that a convoy took another way after a find or a strike",
            "reroutings",
        ),
        _count("patrols", "Patrols that left", "patrols", decimals=0),
        _count(
            "convoy_km_per_day",
            "Distance made good by escorted convoys that arrived: the shortest road from hub to "
            "camp, "
            "over the days of the journey, with its stops",
            "km",
            "higher",
        ),
    ),
    "Supply": (
        _count(
            "delay_h_per_convoy",
            "Mean delay of a supply convoy: waiting of loads, and halts of one journey",
            "h",
            "lower",
        ),
        _ratio(
            "wait_h_per_convoy",
            "Time that ready loads waited, also those that did not leave, for each load that left",
            "h",
            "lower",
            "wait_h",
            "loads_sent",
        ),
        _ratio(
            "halt_h_per_convoy",
            "Mean journey, out or back, beyond that of an undisturbed convoy",
            "h",
            "lower",
            "halt_h",
            "convoy_journeys",
        ),
        _count(
            "wait_h",
            "Time that ready loads waited, summed; those that did not leave count too",
            "h",
            "lower",
        ),
        _count(
            "halt_h",
            "Journeys beyond those of undisturbed convoys, summed over journeys that ended",
            "h",
            "lower",
        ),
        _count(
            "stockout_person_days",
            "Days that people spent at a camp whose stock had run out",
            "person-days",
            "lower",
            decimals=0,
        ),
        _ratio(
            "stockout_percent",
            "Stock-out person-days over troop-days",
            "%",
            "lower",
            "stockout_person_days",
            "troop_days",
            100.0,
        ),
        _count(
            "waits",
            "Times that a ready load had to wait, or went on to wait for something else",
            "times",
            "lower",
        ),
        _count("waits_for_trucks", "Of them, for trucks", "times", "lower"),
        _count("waits_for_escort", "Of them, for an escort", "times", "lower"),
        _count("waits_for_stock", "Of them, for stock at the hub", "times", "lower"),
        _count("waits_for_sweep", "Of them, for a sweep of the route", "times", "lower"),
        _count("waits_for_loads", "Of them, for more loads to fill a convoy", "times", "lower"),
        _count("camps_closed", "Camps that were closed", "camps"),
        _count(
            "withdrawal_convoys",
            "Convoys that left with the people of a closed camp; they are no supply convoys",
            "convoys",
        ),
    ),
    "Clearance": (
        _count("sweeps", "Sweeps of a piece of road", "sweeps", decimals=0),
        _count("team_h", "Work of clearance teams", "team-hours", decimals=0),
        _ratio(
            "team_h_per_find",
            "Work of clearance teams per device that they found",
            "team-hours",
            "lower",
            "team_h",
            "finds_by_sweeps",
        ),
        _count(
            "team_h_on_nothing",
            "Work of clearance teams on decoys and false alarms",
            "team-hours",
            "lower",
        ),
        _ratio(
            "team_h_on_nothing_percent",
            "The same, over all work of clearance teams",
            "%",
            "lower",
            "team_h_on_nothing",
            "team_h",
            100.0,
        ),
        _count("team_h_on_decoys", "Of it, on decoys", "team-hours", "lower"),
        _count("team_h_on_false_alarms", "Of it, on false alarms", "team-hours", "lower"),
        _count(
            "sweeps_with_false_alarms",
            "Sweeps of a piece of road with a false alarm",
            "sweeps",
            "-",
        ),
        _count("decoys_found_by_sweeps", "Decoys that clearance teams found", "decoys"),
        _count(
            "accidents", "Devices that went off while a team made them safe", "accidents", "lower"
        ),
    ),
    "Devices by fate": (
        _count("devices_live_at_start", "Live devices at the decision date", "devices"),
        _count("devices_placed", "Devices placed", "devices"),
        _count("devices_found", "Devices whose end was a find", "devices"),
        _count("devices_struck", "Devices whose end was a strike on the mission", "devices"),
        _count("devices_struck_others", "Devices whose end was a strike on others", "devices"),
        _count("devices_expired", "Devices that failed with time", "devices"),
        _count("devices_live_at_end", "Live devices at the end of the run", "devices"),
        _count("mean_live_devices", "Live devices, mean over time", "devices"),
        _count("decoys_placed", "Decoys placed; they are no devices", "decoys"),
        _count("decoys_found", "Decoys found, by sweeps, convoys and patrols", "decoys"),
        _count("decoys_expired", "Decoys that were gone with time", "decoys"),
    ),
    "The forces": (
        _count("mean_troops", "People of the mission, mean over time", "persons", decimals=0),
        _count(
            "troop_days", "Days served, summed over people of the mission", "person-days", "-", 0
        ),
        _count("training_level", "Training of troops, mean over time", "-", "higher", 2),
        _count("course_places", "People who began a course in the mission", "persons", decimals=0),
        _count(
            "course_company_days",
            "Days that companies were on a course and off the road, summed",
            "company-days",
        ),
        _count("courses_ended", "Courses that a company ended", "courses"),
        _count(
            "cell_strength",
            "Strength of armed cells, summed over cells, each 1 as at the beginning; mean over "
            "time",
            "cells",
        ),
        _count("cell_strength_at_end", "The same at the end of the run", "cells"),
        _count("cells_active", "Cells neither in refuge nor dispersed, mean over time", "cells"),
        _count("cells_in_refuge", "Cells in refuge, mean over time", "cells"),
        _count("cell_practice", "Practice of cells, mean over cells and over time", "devices"),
        _count(
            "cells_struck", "Strikes on cells and meetings with them that cost them people", "-"
        ),
        _count("cells_struck_by_patrols", "Of them, meetings with a patrol", "-"),
        _count("cells_struck_in_raids", "Of them, raids that intelligence or a tip prepared", "-"),
        _count("cells_struck_by_counter_terror", "Of them, strikes by the parallel operation", "-"),
        _count("cells_fled", "Times that a cell slipped to its refuge", "-"),
        _count("grievance", "Grievance over harm to civilians, mean over time", "-", "lower", 2),
        _count("political_progress", "Political progress, mean over time", "-", "-", 2),
        _count(
            "political_progress_at_end", "Political progress at the end of the run", "-", "-", 2
        ),
    ),
    "How events are spread": (
        _count(
            "segments_with_half_of_events",
            "Fewest pieces of road that hold half of all finds and strikes, others' included",
            "pieces",
        ),
        _count(
            "monthly_variance_over_mean",
            "Variance over mean of monthly strikes, others' included; 1 for Poisson counts",
            "-",
            decimals=2,
        ),
    ),
}
"""Every measure by what it is about, in the order in which tables show them."""

MEASURES = tuple(measure for section in SECTIONS.values() for measure in section)

MEASURE_NAMES = tuple(declared.name for declared in MEASURES)
_BY_NAME = {declared.name: declared for declared in MEASURES}

_ABOUT_MEASURES = """\
# Measures

Generated from `sim/results/measures.py` by `python -m sim.results.measures`; do not edit by hand.

Every run gives these numbers, counted from the decision date on. *Better* says which way is better
for the people on the road, and is `-` where a number is neither good nor bad in itself: more finds
may mean better teams or more devices. Over several runs a ratio is the mean of what stands above
the line over the mean of what stands below it; where it is the measure of a comparison it is the
mean of the ratios of runs, since runs are compared one by one. Where nothing stands below the line
it is not a number."""


def measure(name: str) -> Measure:
    """The declaration of a measure.

    Raises
    ------
    ResultsError
        When there is no measure of this name; it names the closest one.

    Examples
    --------
    >>> measure("found_share").better
    'higher'
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    close = difflib.get_close_matches(name, MEASURE_NAMES, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise ResultsError(
        f"measure is {name!r}: there is no such measure.{hint} "
        f"Allowed: {', '.join(MEASURE_NAMES)}; docs/measures.md tells what they mean."
    )


def measures_of(
    record: RunRecord, scenario: Scenario, network: RoadNetwork | None = None
) -> dict[str, float]:
    """All measures of one run, counted from the decision date on, in the order of `MEASURES`.

    Parameters
    ----------
    record : RunRecord
    scenario : Scenario
        The one that was run; it tells which hubs send convoys without escort.
    network : RoadNetwork, optional
        The one on which it was run; default the scenario's.

    Returns
    -------
    dict from measure name to float, in the unit that `MEASURES` declares
    """
    if network is None:
        network = network_of(scenario)
    rows = counts.Rows(record)
    found = (
        counts.harm(rows)
        | counts.attacks_and_finds(rows)
        | counts.movement(rows, scenario, network)
        | counts.supply(rows)
        | counts.clearance(rows)
        | counts.devices(rows)
        | counts.forces(rows)
        | counts.spread(rows, network.n_segments)
    )
    for declared in MEASURES:
        if declared.ratio is not None:
            above, below, factor = declared.ratio
            found[declared.name] = counts.over(factor * found[above], found[below])
    found["delay_h_per_convoy"] = found["wait_h_per_convoy"] + found["halt_h_per_convoy"]
    return {name: float(found[name]) for name in MEASURE_NAMES}


def fates_gap(measures: dict[str, float]) -> float:
    """Devices that the fates leave unexplained: 0 in every run that keeps its books.

    Live at the decision date and placed since, less found, struck by the mission, struck by others,
    expired, and live at the end.

    Examples
    --------
    >>> fates_gap({"devices_live_at_start": 2.0, "devices_placed": 5.0, "devices_found": 3.0,
    ...            "devices_struck": 1.0, "devices_struck_others": 1.0, "devices_expired": 1.0,
    ...            "devices_live_at_end": 1.0})
    0.0
    """
    came = measures["devices_live_at_start"] + measures["devices_placed"]
    went = sum(
        measures[f"devices_{fate}"]
        for fate in ("found", "struck", "struck_others", "expired", "live_at_end")
    )
    return came - went


def measures_markdown() -> str:
    """`docs/measures.md`, generated from the declarations; a test says that it is current."""
    lines = [_ABOUT_MEASURES]
    for section, measures in SECTIONS.items():
        lines += ["", f"## {section}", "", "| measure | meaning | unit | better | ratio of |"]
        lines.append("|---|---|---|---|---|")
        for declared in measures:
            of = ""
            if declared.ratio is not None:
                above, below, factor = declared.ratio
                of = f"`{above}` / `{below}`" + (f" x {factor:,.0f}" if factor != 1.0 else "")
            lines.append(
                f"| `{declared.name}` | {declared.meaning} | {declared.unit} | {declared.better} "
                f"| {of} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(measures_markdown(), end="")
