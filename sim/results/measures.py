"""Measures: the numbers that stand for a run, each declared once.

Everything is counted from the decision date on, since scenarios share their past until then. The
mission is its uniformed people; contractors, and everyone outside the mission, are counted apart.
A ratio is not a number (nan) where nothing stands below its line: a run without convoys has no
strikes per convoy.
"""

import difflib
import functools
import math
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.errors import ResultsError
from sim.results.events import ENDS_OF_DEVICES
from sim.results.ground import network_of
from sim.roads import RoadNetwork
from sim.stats.counts import dispersion
from sim.world.events import Cause, Kind
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

Floats = NDArray[np.float64]

WHOLE_MONTH_DAYS = 28
"""Shorter periods are pieces of a month and take no part in the dispersion of months, d."""


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
    def label(self) -> str:
        """Name and unit, as the axis of a figure has it.

        >>> measure("killed_and_wounded").label
        'Killed and wounded (persons)'
        """
        words = self.name.replace("per_1000", "per_1,000").replace("_", " ")
        for abbreviation, written_out in _WRITTEN_OUT.items():
            words = f" {words} ".replace(f" {abbreviation} ", f" {written_out} ").strip()
        words = words.replace("troop days", "troop-days").replace("person days", "person-days")
        words = words.replace("vehicle km", "vehicle-km").replace("person km", "person-km")
        words = words[0].upper() + words[1:]
        return words if self.unit in ("-", "") else f"{words} ({self.unit})"


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


MEASURES: tuple[Measure, ...] = (
    # What happened to people
    _count(
        "killed_and_wounded",
        "People of the mission killed or wounded, without contractors",
        "persons",
        "lower",
    ),
    _count("killed", "People of the mission killed, without contractors", "persons", "lower"),
    _count("wounded", "People of the mission wounded, without contractors", "persons", "lower"),
    _count("contractors", "Contractors in convoys killed or wounded", "persons", "lower"),
    _count(
        "civilians",
        "Killed or wounded outside the mission: civilians, national army, other forces",
        "persons",
        "lower",
    ),
    # Strikes and finds
    _count("strikes", "Devices that acted on a convoy or patrol", "strikes", "lower"),
    _count("strikes_on_convoys", "Devices that acted on a supply convoy", "strikes", "lower"),
    _count("strikes_on_patrols", "Devices that acted on a patrol", "strikes", "lower"),
    _count(
        "strikes_on_others",
        "Devices that acted on somebody outside the mission",
        "strikes",
        "lower",
    ),
    _count("finds", "Devices seen before they acted", "finds"),
    _count("finds_by_convoys", "Devices that a supply convoy found", "finds"),
    _count("finds_by_patrols", "Devices that a patrol found", "finds"),
    _count("finds_by_sweeps", "Devices that a clearance team found", "finds"),
    _count("contacts", "Finds and strikes together", "contacts"),
    _ratio("found_share", "Finds over finds and strikes", "-", "higher", "finds", "contacts"),
    _count("harmless_strikes", "Strikes that killed and wounded nobody", "strikes"),
    _count("fatal_strikes", "Strikes that killed somebody of the mission", "strikes", "lower"),
    _ratio(
        "killed_per_strike",
        "People of the mission killed, per strike",
        "persons",
        "lower",
        "killed",
        "strikes",
        decimals=3,
    ),
    # Against exposure
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
        "killed_and_wounded_per_1000_vehicle_km",
        "Killed and wounded per 1,000 km driven by vehicles of convoys and patrols",
        "persons",
        "lower",
        "killed_and_wounded",
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
        "Killed and wounded in strikes on supply convoys, per convoy sent",
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
        "Killed and wounded per 1,000 days that a person of the mission served",
        "persons",
        "lower",
        "killed_and_wounded",
        "troop_days",
        1000.0,
        decimals=4,
    ),
    _count(
        "killed_and_wounded_in_convoys",
        "People of the mission killed or wounded in strikes on supply convoys",
        "persons",
        "lower",
    ),
    # Movement
    _count("vehicle_km", "Distance driven, summed over vehicles", "km", decimals=0),
    _count("vehicle_km_logistics", "Of it, supply convoys", "km", decimals=0),
    _count("vehicle_km_patrol", "Of it, patrols", "km", decimals=0),
    _count("person_km", "Distance ridden, summed over people", "km", decimals=0),
    _count("convoys_sent", "Supply convoys that left", "convoys"),
    _count("convoys_arrived", "Supply convoys that reached their destination", "convoys"),
    _count("convoy_journeys", "Journeys of supply convoys that ended, out and back", "journeys"),
    _count("patrols", "Patrols that left", "patrols", decimals=0),
    _count(
        "convoy_km_per_day",
        "Distance made good by escorted convoys that arrived: the shortest road from hub to camp, "
        "over the days of the journey",
        "km",
        "higher",
    ),
    # Supply
    _count(
        "delay_h_per_convoy",
        "Mean delay of a supply convoy: waiting before it left, and halts of one journey",
        "h",
        "lower",
    ),
    _ratio(
        "wait_h_per_convoy",
        "Mean time that a ready load waited before its convoy left",
        "h",
        "lower",
        "wait_h",
        "convoys_sent",
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
        "wait_h", "Time that ready loads waited before their convoys left, summed", "h", "lower"
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
    # Clearance
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
    # Devices by fate
    _count("devices_live_at_start", "Live devices at the decision date", "devices"),
    _count("devices_placed", "Devices placed", "devices"),
    _count("devices_found", "Devices whose end was a find", "devices"),
    _count("devices_struck", "Devices whose end was a strike on the mission", "devices"),
    _count("devices_struck_others", "Devices whose end was a strike on others", "devices"),
    _count("devices_expired", "Devices that failed with time", "devices"),
    _count("devices_live_at_end", "Live devices at the end of the run", "devices"),
    _count("mean_live_devices", "Live devices, mean over time", "devices"),
    # The forces
    _count("mean_troops", "People of the mission, mean over time", "persons", decimals=0),
    _count("troop_days", "Days served, summed over people of the mission", "person-days", "-", 0),
    _count("training_level", "Training of troops, mean over time", "-", "higher", 2),
    _count("cell_strength", "Strength of armed cells, mean over time", "-"),
    _count("cell_strength_at_end", "Strength of armed cells at the end of the run", "-"),
    # How events are spread
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
)
"""Every measure, in the order in which tables show them."""

MEASURE_NAMES = tuple(declared.name for declared in MEASURES)
_BY_NAME = {declared.name: declared for declared in MEASURES}

_ABOUT_MEASURES = """\
# Measures

Generated from `sim/results/measures.py` by `python -m sim.results.measures`; do not edit by hand.

Every run gives these numbers, counted from the decision date on. *Better* says which way is better
for the people on the road, and is `-` where a number is neither good nor bad in itself: more finds
may mean better teams or more devices. Over several runs a ratio is the mean of what stands above
the line over the mean of what stands below it. Where nothing stands below the line it is not a
number.

| measure | meaning | unit | better | ratio of |
|---|---|---|---|---|"""


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
    found = (
        _casualties_and_contacts(record)
        | _movement(record, scenario, network)
        | _devices(record)
        | _forces(record)
        | _spread(record, network.n_segments)
    )
    for declared in MEASURES:
        if declared.ratio is not None:
            above, below, factor = declared.ratio
            found[declared.name] = _over(factor * found[above], found[below])
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


def segments_with_half(events_by_segment: Floats) -> float:
    """Fewest pieces of road that hold at least half of the events; nan where there are none.

    Parameters
    ----------
    events_by_segment : float[n_segments], events, >= 0

    Examples
    --------
    Of 10 events, one piece holds 4; it takes a second one to reach 5:

    >>> segments_with_half(np.array([1.0, 4.0, 3.0, 2.0, 0.0]))
    2.0
    """
    total = float(events_by_segment.sum())
    if total == 0.0:
        return math.nan
    from_the_largest = np.cumsum(np.sort(events_by_segment)[::-1])
    return float(np.searchsorted(from_the_largest, total / 2.0) + 1)


def measures_markdown() -> str:
    """`docs/measures.md`, generated from the declarations; a test says that it is current."""
    lines = [_ABOUT_MEASURES]
    for declared in MEASURES:
        of = ""
        if declared.ratio is not None:
            above, below, factor = declared.ratio
            of = f"`{above}` / `{below}`" + (f" x {factor:,.0f}" if factor != 1.0 else "")
        lines.append(
            f"| `{declared.name}` | {declared.meaning} | {declared.unit} | {declared.better} "
            f"| {of} |"
        )
    return "\n".join(lines) + "\n"


def counted_periods(record: RunRecord) -> NDArray[np.bool_]:
    """bool[n_periods]: the periods from the decision date on."""
    starts = np.array(record.clock.period_start_h()[:-1])
    return starts >= record.clock.decision_h


def _casualties_and_contacts(record: RunRecord) -> dict[str, float]:
    events = record.events
    counted = events["time_h"] >= record.clock.decision_h
    kind, cause = events["kind"], events["cause"]
    struck, found = counted & (kind == Kind.STRUCK), counted & (kind == Kind.FOUND)
    harmed = events["killed"] + events["wounded"]
    anybody = harmed + events["contractors"] + events["civilians"]
    n_finds, n_strikes = _n(found), _n(struck)
    n_arrived = _n(counted & (kind == Kind.ARRIVED))
    return {
        "killed": events["killed"][counted].sum(dtype=np.int64),
        "wounded": events["wounded"][counted].sum(dtype=np.int64),
        "killed_and_wounded": harmed[counted].sum(dtype=np.int64),
        "killed_and_wounded_in_convoys": harmed[struck & (cause == Cause.CONVOY)].sum(
            dtype=np.int64
        ),
        "contractors": events["contractors"][counted].sum(dtype=np.int64),
        "civilians": events["civilians"][counted].sum(dtype=np.int64),
        "strikes": n_strikes,
        "strikes_on_convoys": _n(struck & (cause == Cause.CONVOY)),
        "strikes_on_patrols": _n(struck & (cause == Cause.PATROL)),
        "strikes_on_others": _n(counted & (kind == Kind.STRUCK_OTHERS)),
        "harmless_strikes": _n(struck & (anybody == 0)),
        "fatal_strikes": _n(struck & (events["killed"] > 0)),
        "finds": n_finds,
        "finds_by_convoys": _n(found & (cause == Cause.CONVOY)),
        "finds_by_patrols": _n(found & (cause == Cause.PATROL)),
        "finds_by_sweeps": _n(found & (cause == Cause.SWEEP)),
        "contacts": n_finds + n_strikes,
        "sweeps": _n(counted & (kind == Kind.SWEPT)),
        "convoys_sent": _n(counted & (kind == Kind.DEPARTED)),
        "convoys_arrived": n_arrived,
        "convoy_journeys": n_arrived + _n(counted & (kind == Kind.RETURNED)),
    }


def _movement(record: RunRecord, scenario: Scenario, network: RoadNetwork) -> dict[str, float]:
    counted = counted_periods(record)
    vehicle_km = record.vehicle_km[:, counted].sum(axis=(1, 2))
    wait_h = float(record.wait_h[counted].sum())
    halt_h = float((record.journey_h - record.undisturbed_h)[counted].sum())
    return {
        "vehicle_km": vehicle_km.sum(),
        "vehicle_km_logistics": vehicle_km[0],
        "vehicle_km_patrol": vehicle_km[1],
        "person_km": record.person_km[:, counted].sum(),
        "patrols": record.n_patrols[counted].sum(),
        "convoy_km_per_day": _convoy_km_per_day(record, scenario, network),
        "wait_h": wait_h,
        "halt_h": halt_h,
        "team_h": record.team_h[counted].sum(),
    }


def _convoy_km_per_day(record: RunRecord, scenario: Scenario, network: RoadNetwork) -> float:
    """Distance made good by escorted convoys that arrived since the decision, km a day."""
    road_km = _km_from_hub(network)
    hub = {camp.node_id: camp.supply_hub for camp in network.camps}
    unescorted = {name for name, is_free in scenario.supply.unescorted_hubs.items() if is_free}
    events = record.events
    arrived = (events["time_h"] >= record.clock.decision_h) & (events["kind"] == Kind.ARRIVED)
    km, hours = 0.0, 0.0
    for number, camp_id in enumerate(record.camp_ids):
        if hub.get(camp_id) is None or hub[camp_id] in unescorted:
            continue
        here = arrived & (events["camp"] == number)
        km += road_km[camp_id] * _n(here)
        hours += float(events["hours"][here].sum())
    return _over(km, hours / HOURS_PER_DAY)


@functools.cache
def _km_from_hub(network: RoadNetwork) -> dict[str, float]:
    """Shortest road distance of each supplied camp from its hub, km."""
    return {
        camp.node_id: float(
            nx.shortest_path_length(
                network.graph, camp.supply_hub, camp.node_id, weight="length_km"
            )
        )
        for camp in network.camps
        if camp.supply_hub is not None
    }


def _devices(record: RunRecord) -> dict[str, float]:
    events = record.events
    counted = events["time_h"] >= record.clock.decision_h
    kind = events["kind"]
    placed = events["entity"][kind == Kind.PLACED]
    ended = events["entity"][np.isin(kind, [int(end) for end in ENDS_OF_DEVICES])]
    periods = counted_periods(record)
    hours = float(np.diff(record.clock.period_start_h())[periods].sum())
    return {
        "devices_live_at_start": record.live_at_decision,
        "devices_placed": _n(counted & (kind == Kind.PLACED)),
        "devices_found": _n(counted & (kind == Kind.FOUND)),
        "devices_struck": _n(counted & (kind == Kind.STRUCK)),
        "devices_struck_others": _n(counted & (kind == Kind.STRUCK_OTHERS)),
        "devices_expired": _n(counted & (kind == Kind.EXPIRED)),
        # Counted device by device, not as what is left over, so that the fates can fail to add up.
        "devices_live_at_end": _n(~np.isin(placed, ended)),
        "mean_live_devices": _over(float(record.live_device_h[periods].sum()), hours),
    }


def _forces(record: RunRecord) -> dict[str, float]:
    periods = counted_periods(record)
    days = np.diff(record.clock.period_start_h())[periods] / HOURS_PER_DAY
    troop_days = float(record.troop_days[periods].sum())
    return {
        "troop_days": troop_days,
        "mean_troops": _over(troop_days, days.sum()),
        "stockout_person_days": record.stockout_person_days[periods].sum(),
        "training_level": _over(float((record.training_level[periods] * days).sum()), days.sum()),
        "cell_strength": _over(float((record.cell_strength[periods] * days).sum()), days.sum()),
        "cell_strength_at_end": record.cell_strength[-1],
    }


def _spread(record: RunRecord, n_segments: int) -> dict[str, float]:
    events = record.events
    counted = events["time_h"] >= record.clock.decision_h
    kind = events["kind"]
    strikes = counted & ((kind == Kind.STRUCK) | (kind == Kind.STRUCK_OTHERS))
    placed_on_road = (strikes | (counted & (kind == Kind.FOUND))) & (events["segment"] >= 0)
    by_segment = np.bincount(events["segment"][placed_on_road], minlength=n_segments)
    starts = np.array(record.clock.period_start_h())
    monthly = np.histogram(events["time_h"][strikes], bins=starts)[0]
    whole = np.diff(starts) >= WHOLE_MONTH_DAYS * HOURS_PER_DAY
    return {
        "segments_with_half_of_events": segments_with_half(by_segment.astype(float)),
        "monthly_variance_over_mean": dispersion(monthly[whole & counted_periods(record)]),
    }


def _n(rows: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(rows))


def _over(above: float, below: float) -> float:
    return above / below if below else math.nan


if __name__ == "__main__":
    print(measures_markdown(), end="")
