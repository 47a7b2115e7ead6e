"""What one run leaves behind: its events, and what was counted along the way."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock

EVENT_COLUMNS: dict[str, type] = {
    "time_h": np.float64,
    "kind": np.int8,
    "segment": np.int32,
    "entity": np.uint64,
    "other": np.uint64,
    "cause": np.int8,
    "camp": np.int16,
    "killed": np.int16,
    "wounded": np.int16,
    "civilians": np.int16,
    "contractors": np.int16,
    "hours": np.float64,
    "strength": np.float64,
}
"""Columns of the event table in their order, with the type of each.

`time_h` counts from the beginning of the warm-up. `entity` and `other` are keys of `sim.draws`:
PLACED, FOUND, STRUCK, STRUCK_OTHERS and EXPIRED have the device as `entity`; FOUND and STRUCK have
the convoy, patrol or team as `other`; SWEPT has the team as `entity`; ORDERED, WAITED, DEPARTED,
ARRIVED and RETURNED have the convoy as `entity` and its escort as `other` (0 for none). JOINED has
the load as `entity`, under the name that its convoy would have had, and as `other` the convoy in
which it leaves; that convoy has one row ARRIVED for each camp that it reaches. `camp` is the camp
that a convoy goes to, in the end or with this load, that it has reached, or where a unit is; -1 for
none. `killed` and `wounded` are people of the mission without contractors; `contractors` and
`civilians` are killed and wounded together (`civilians`: everyone outside the mission). `hours` is
how long it took or cost: the halt after a find or strike, the time on a sweep, the wait of a
departed convoy or load since it was ready, the journey of an arrived convoy from its hub, with its
stops, and of a returned one, a device's life where it ends. `strength` is people of a unit for
UNIT_ARRIVED, UNIT_LEFT, ROTATED and TRAINED, and what is left of a cell, 1 as at the beginning, for
CELL_STRUCK, CELL_FLED and CELL_RETURNED; 0 elsewhere. Those three have the cell as `entity`.
CAMP_CLOSED has the camp's own key as `entity` and as `strength` the people who left. A convoy with
the cause WITHDRAWAL has the hub as `camp` and a company of the camp as `other`. CAMP_ATTACKED has
the cell as `entity` and `camp` the camp; GUNFIRE has the cell as `entity`, FOLLOW_ON_FIRE the
device, both the convoy or patrol as `other`; ACCIDENT and FALSE_ALARM have the team as `entity`,
ACCIDENT the device as `other`; DECOY_... have the decoy as `entity`. What a team ahead of a convoy
finds is found by the convoy: FOUND and DECOY_FOUND have that as `other` and the cause CONVOY, which
an ACCIDENT of that team has too; on a sweep the cause is SWEEP.
"""

TRAFFIC_KINDS = ("logistics", "patrol")


@dataclass
class RunRecord:
    """One run. Periods are calendar months cut at the decision date (`Clock`)."""

    run: int
    seed: int
    clock: Clock
    camp_ids: tuple[str, ...]
    events: dict[str, NDArray]
    """Columns of `EVENT_COLUMNS`, rows in the order of events."""
    vehicle_km: NDArray[np.float64]
    """float[n_traffic_kinds, n_periods, n_segments], km."""
    person_km: NDArray[np.float64]
    """float[n_traffic_kinds, n_periods, n_segments], km."""
    n_patrols: NDArray[np.float64]
    """float[n_periods], patrols that left."""
    troop_days: NDArray[np.float64]
    """float[n_periods, n_camps], person-days."""
    stockout_person_days: NDArray[np.float64]
    """float[n_periods, n_camps], person-days without stock."""
    wait_h: NDArray[np.float64]
    """float[n_periods], h that ready loads waited in the period, whether they left in it or not."""
    undisturbed_h: NDArray[np.float64]
    """float[n_periods], h that supply convoys which arrived would have taken without halts."""
    journey_h: NDArray[np.float64]
    """float[n_periods], h that they took."""
    team_h: NDArray[np.float64]
    """float[n_periods], team-hours of clearance."""
    live_device_h: NDArray[np.float64]
    """float[n_periods], device-hours; over the hours of the period, the mean number of devices."""
    cell_strength: NDArray[np.float64]
    """float[n_periods], strength of all cells at the end of the period."""
    training_level: NDArray[np.float64]
    """float[n_periods], mean training of troops at the end of the period."""
    traffic_seen: NDArray[np.float64]
    """float[n_periods], vehicle-km a day that cells remember at the end of the period."""
    progress: NDArray[np.float64]
    """float[n_periods], political progress at the end of the period, in [0, 1]."""
    grievance: NDArray[np.float64]
    """float[n_periods], grievance at the end of the period, >= 0."""
    cells_active: NDArray[np.float64]
    """float[n_periods], cells neither in refuge nor dispersed at the end of the period."""
    cells_in_refuge: NDArray[np.float64]
    """float[n_periods], cells in refuge at the end of the period."""
    cell_practice: NDArray[np.float64]
    """float[n_periods], mean practice of cells at the end of the period, devices."""
    died_of_wounds: NDArray[np.float64]
    """float[n_periods], people of the mission who died before they were treated (among killed)."""
    course_places: NDArray[np.float64]
    """float[n_periods], people who began a course in the mission."""
    course_company_days: NDArray[np.float64]
    """float[n_periods], days that companies were on a course and off the road."""
    live_at_decision: int = 0
    """Live devices when counting begins."""
    names: dict[int, str] = field(default_factory=dict)
    """Readable names of entity keys that occur in the events."""
