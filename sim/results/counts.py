"""What a run adds up to, counted from the decision date on: the numbers behind the measures.

Each function takes the counted rows of a record; `sim.results.measures` declares what they give and
makes ratios of them.
"""

import functools
import math
from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY, Clock
from sim.roads import RoadNetwork
from sim.stats.concentration import fewest_segments
from sim.stats.counts import dispersion
from sim.world.events import Cause, Kind
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

Floats = NDArray[np.float64]

WHOLE_MONTH_DAYS = 28
"""Shorter periods are pieces of a month and take no part in the dispersion of months, d."""

ENDS_OF_DEVICES = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)
"""Kinds of event that end a device; each device has at most one of them."""

ON_TRAFFIC = (Kind.STRUCK, Kind.GUNFIRE, Kind.FOLLOW_ON_FIRE)
"""What happens to a convoy or patrol; the cause of each says to which of the two."""


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
    return fewest_segments(events_by_segment, share=0.5)


def is_counted(clock: Clock) -> NDArray[np.bool_]:
    """bool[n_periods]: whether each period lies from the decision date on."""
    return np.array(period_start_h(clock)[:-1]) >= clock.decision_h


@functools.lru_cache(maxsize=64)
def counted_periods(clock: Clock) -> slice:
    """The periods from the decision date on, which are the last ones."""
    return slice(int(np.count_nonzero(~is_counted(clock))), None)


@functools.lru_cache(maxsize=64)
def period_start_h(clock: Clock) -> list[float]:
    """`Clock.period_start_h`, worked out once for all runs of a study."""
    return clock.period_start_h()


class Rows:
    """Rows of the event table in a span of time, asked by kind and cause.

    Rows are counted once, by kind and cause together; each question then adds up a few of those
    counts, which are whole numbers, so that no order of adding changes a bit.

    Parameters
    ----------
    record : RunRecord
    from_h, until_h : float, h
        From and up to, without; default from the decision date to the end.
    """

    def __init__(
        self, record: RunRecord, from_h: float | None = None, until_h: float = math.inf
    ) -> None:
        self.record = record
        time_h = record.events["time_h"]
        counted = time_h >= (record.clock.decision_h if from_h is None else from_h)
        if until_h != math.inf:
            counted &= time_h < until_h
        self.columns: Mapping[str, NDArray] = _Columns(record.events, _slice_or_mask(counted))
        self._sums: dict[str, list[list[int]]] = {}

    @functools.cached_property
    def harmed(self) -> NDArray[np.int64]:
        """int64[n_rows]: people of the mission killed or wounded."""
        found: NDArray[np.int64] = self.columns["killed"].astype(np.int64) + self.columns["wounded"]
        return found

    def of(self, *kinds: Kind, cause: Cause | None = None) -> NDArray[np.bool_]:
        """bool[n_rows]: rows of any of these kinds and, where one is given, of this cause."""
        found = _is_any(self.columns["kind"], kinds)
        return found if cause is None else found & (self.columns["cause"] == cause)

    def n(self, *kinds: Kind, cause: Cause | None = None) -> int:
        """How many such rows there are."""
        return self._sum("", kinds, cause)

    def total(self, column: str, *kinds: Kind, cause: Cause | None = None) -> float:
        """Sum of a column over such rows; over all rows where no kind is given."""
        values = self.columns[column]
        if values.dtype.kind == "i":
            return float(self._sum(column, kinds or tuple(Kind), cause))
        if kinds:
            values = values[self.of(*kinds, cause=cause)]
        return float(values.sum(dtype=np.float64))

    def n_harmed(self, *kinds: Kind, cause: Cause | None = None) -> int:
        """People of the mission killed or wounded in such rows; in all where no kind is given."""
        return int(self.total("killed", *kinds, cause=cause)) + int(
            self.total("wounded", *kinds, cause=cause)
        )

    def _sum(self, column: str, kinds: Sequence[Kind], cause: Cause | None) -> int:
        by_kind = self._by_kind_and_cause(column)
        # A set, as nobody is counted twice whose kind is named twice.
        return sum(by_kind[kind][_ANY if cause is None else cause] for kind in {*kinds})

    def _by_kind_and_cause(self, column: str) -> list[list[int]]:
        """int[n_kinds][n_causes + 1]: sums of a column of whole numbers, or rows where it is empty.

        The last of each kind is that of all causes. Lists, since they are read number by number.
        """
        if column not in self._sums:
            kind_and_cause, weights = self._kind_and_cause, None
            if column:  # most events harm nobody
                harmful = np.flatnonzero(self.columns[column] != 0)
                kind_and_cause = kind_and_cause[harmful]
                weights = self.columns[column][harmful]
            found = np.bincount(kind_and_cause, weights, _N_KINDS * _N_CAUSES)
            by_kind = found.astype(np.int64).reshape(_N_KINDS, _N_CAUSES)
            self._sums[column] = np.c_[by_kind, by_kind.sum(axis=1)].tolist()
        return self._sums[column]

    @functools.cached_property
    def _kind_and_cause(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.columns["kind"].astype(np.int64) * _N_CAUSES
        found += self.columns["cause"]
        return found


_N_KINDS, _N_CAUSES = len(Kind), len(Cause)
_ANY = _N_CAUSES


class _Columns(dict[str, NDArray]):
    """Columns of the counted rows, each taken when it is first asked for."""

    def __init__(self, events: Mapping[str, NDArray], counted: slice | NDArray[np.bool_]) -> None:
        self._events, self._counted = events, counted

    def __missing__(self, name: str) -> NDArray:
        self[name] = self._events[name][self._counted]
        return self[name]


def _slice_or_mask(counted: NDArray[np.bool_]) -> slice | NDArray[np.bool_]:
    """The rows as a slice where they follow each other, as in every record of an engine."""
    if not len(counted):
        return counted
    first, n_counted = int(np.argmax(counted)), _n(counted)
    if n_counted and counted[first : first + n_counted].all():
        return slice(first, first + n_counted)
    return counted


def harm(rows: Rows) -> dict[str, float]:
    """People killed, wounded or harmed, by what did it and by where they were."""
    record = rows.record
    harmed, harmed_at_camps = rows.n_harmed(), rows.n_harmed(Kind.CAMP_ATTACKED)
    return {
        "killed": rows.total("killed"),
        "wounded": rows.total("wounded"),
        "killed_and_wounded": harmed,
        "killed_and_wounded_on_the_road": harmed - harmed_at_camps,
        "killed_and_wounded_in_convoys": rows.n_harmed(*ON_TRAFFIC, cause=Cause.CONVOY),
        "killed_and_wounded_in_camp_attacks": harmed_at_camps,
        "killed_and_wounded_in_accidents": rows.n_harmed(Kind.ACCIDENT),
        "killed_in_strikes": rows.total("killed", Kind.STRUCK),
        "wounded_in_strikes": rows.total("wounded", Kind.STRUCK),
        "killed_by_gunfire": rows.total("killed", Kind.GUNFIRE, Kind.FOLLOW_ON_FIRE),
        "killed_in_camp_attacks": rows.total("killed", Kind.CAMP_ATTACKED),
        "killed_by_indirect_fire": rows.total(
            "killed", Kind.CAMP_ATTACKED, cause=Cause.INDIRECT_FIRE
        ),
        "killed_by_suicide_vehicles": rows.total(
            "killed", Kind.CAMP_ATTACKED, cause=Cause.SUICIDE_VEHICLE
        ),
        "killed_in_complex_attacks": rows.total(
            "killed", Kind.CAMP_ATTACKED, cause=Cause.COMPLEX_ATTACK
        ),
        "died_of_wounds": record.died_of_wounds[counted_periods(record.clock)].sum(),
        "contractors": rows.total("contractors"),
        "civilians": rows.total("civilians"),
        "civilians_in_strikes_on_cells": rows.total("civilians", Kind.CELL_STRUCK),
    }


def attacks_and_finds(rows: Rows) -> dict[str, float]:
    """What was done to the mission, and what it found first; decoys are counted apart."""
    struck = np.flatnonzero(rows.of(Kind.STRUCK))
    killed = rows.columns["killed"][struck]
    others = ("wounded", "contractors", "civilians")
    is_harmless = killed == 0
    for name in others:
        is_harmless &= rows.columns[name][struck] == 0
    n_finds, n_strikes = rows.n(Kind.FOUND), len(struck)
    return {
        "attacks_on_mission": rows.n(Kind.STRUCK, Kind.CAMP_ATTACKED, Kind.GUNFIRE),
        "strikes": n_strikes,
        "strikes_on_convoys": rows.n(Kind.STRUCK, cause=Cause.CONVOY),
        "strikes_on_patrols": rows.n(Kind.STRUCK, cause=Cause.PATROL),
        "strikes_on_others": rows.n(Kind.STRUCK_OTHERS),
        "harmless_strikes": _n(is_harmless),
        "fatal_strikes": _n(killed > 0),
        "camp_attacks": rows.n(Kind.CAMP_ATTACKED),
        "camp_attacks_by_indirect_fire": rows.n(Kind.CAMP_ATTACKED, cause=Cause.INDIRECT_FIRE),
        "camp_attacks_by_suicide_vehicle": rows.n(Kind.CAMP_ATTACKED, cause=Cause.SUICIDE_VEHICLE),
        "complex_camp_attacks": rows.n(Kind.CAMP_ATTACKED, cause=Cause.COMPLEX_ATTACK),
        "gunfire_attacks": rows.n(Kind.GUNFIRE),
        "follow_on_fires": rows.n(Kind.FOLLOW_ON_FIRE),
        "finds": n_finds,
        "finds_by_convoys": rows.n(Kind.FOUND, cause=Cause.CONVOY),
        "finds_by_patrols": rows.n(Kind.FOUND, cause=Cause.PATROL),
        "finds_by_sweeps": rows.n(Kind.FOUND, cause=Cause.SWEEP),
        "contacts": n_finds + n_strikes,
    }


def movement(rows: Rows, scenario: Scenario, network: RoadNetwork) -> dict[str, float]:
    """Distance, convoys and patrols."""
    record = rows.record
    # A mask, and no slice: numpy adds the numbers up in another order then, to other last digits.
    is_later = is_counted(record.clock)
    vehicle_km = record.vehicle_km[:, is_later].sum(axis=(1, 2))

    def n_supply(*kinds: Kind) -> int:
        return rows.n(*kinds) - rows.n(*kinds, cause=Cause.WITHDRAWAL)

    return {
        "vehicle_km": vehicle_km.sum(),
        "vehicle_km_logistics": vehicle_km[0],
        "vehicle_km_patrol": vehicle_km[1],
        "person_km": record.person_km[:, is_later].sum(),
        "patrols": record.n_patrols[is_later].sum(),
        "convoys_sent": n_supply(Kind.DEPARTED),
        "loads_sent": n_supply(Kind.DEPARTED, Kind.JOINED),
        "convoys_arrived": n_supply(Kind.ARRIVED),
        "convoy_journeys": n_supply(Kind.ARRIVED, Kind.RETURNED),
        "reroutings": rows.n(Kind.REROUTED),
        "convoy_km_per_day": over(
            *convoy_km_and_days(record, scenario, network, record.clock.decision_h, math.inf)
        ),
    }


def supply(rows: Rows) -> dict[str, float]:
    """What it costs not to drive, or to drive late; camps that were closed."""
    record = rows.record
    counted = counted_periods(record.clock)
    return {
        "wait_h": record.wait_h[counted].sum(),
        "halt_h": (record.journey_h - record.undisturbed_h)[counted].sum(),
        "stockout_person_days": record.stockout_person_days[counted].sum(),
        "waits": rows.n(Kind.WAITED),
        "waits_for_trucks": rows.n(Kind.WAITED, cause=Cause.NO_TRUCKS),
        "waits_for_escort": rows.n(Kind.WAITED, cause=Cause.NO_ESCORT),
        "waits_for_stock": rows.n(Kind.WAITED, cause=Cause.NO_STOCK),
        "waits_for_sweep": rows.n(Kind.WAITED, cause=Cause.NOT_SWEPT),
        "waits_for_loads": rows.n(Kind.WAITED, cause=Cause.NOT_FULL),
        "camps_closed": rows.n(Kind.CAMP_CLOSED),
        "withdrawal_convoys": rows.n(Kind.DEPARTED, cause=Cause.WITHDRAWAL),
    }


def clearance(rows: Rows) -> dict[str, float]:
    """Work of clearance teams, and what of it went to nothing."""
    decoy_h = rows.total("hours", Kind.DECOY_FOUND, cause=Cause.SWEEP)
    false_alarm_h = rows.total("hours", Kind.FALSE_ALARM)
    return {
        "sweeps": rows.n(Kind.SWEPT),
        "team_h": rows.record.team_h[counted_periods(rows.record.clock)].sum(),
        "team_h_on_nothing": decoy_h + false_alarm_h,
        "team_h_on_decoys": decoy_h,
        "team_h_on_false_alarms": false_alarm_h,
        "sweeps_with_false_alarms": rows.n(Kind.FALSE_ALARM),
        "decoys_found_by_sweeps": rows.n(Kind.DECOY_FOUND, cause=Cause.SWEEP),
        "accidents": rows.n(Kind.ACCIDENT),
    }


def convoy_km_and_days(
    record: RunRecord, scenario: Scenario, network: RoadNetwork, from_h: float, until_h: float
) -> tuple[float, float]:
    """Distance made good by escorted supply convoys that arrived in this time, and their days."""
    road_km = _km_from_hub(network)
    hub = {camp.node_id: camp.supply_hub for camp in network.camps}
    unescorted = {name for name, is_free in scenario.supply.unescorted_hubs.items() if is_free}
    events = record.events
    arrived = np.flatnonzero(events["kind"] == Kind.ARRIVED)
    time_h = events["time_h"][arrived]
    is_counted = (time_h >= from_h) & (time_h < until_h)
    arrived = arrived[is_counted & (events["cause"][arrived] != Cause.WITHDRAWAL)]
    camp, hours_of = events["camp"][arrived], events["hours"][arrived]
    km, hours = 0.0, 0.0
    for number, camp_id in enumerate(record.camp_ids):
        if hub.get(camp_id) is None or hub[camp_id] in unescorted:
            continue
        here = camp == number
        km += road_km[camp_id] * _n(here)
        hours += float(hours_of[here].sum())
    return km, hours / HOURS_PER_DAY


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


def devices(rows: Rows) -> dict[str, float]:
    """Devices and decoys by fate."""
    record = rows.record
    every_kind, every_entity = record.events["kind"], record.events["entity"]
    placed = every_entity[every_kind == Kind.PLACED]
    ended = every_entity[_is_any(every_kind, ENDS_OF_DEVICES)]
    periods = counted_periods(record.clock)
    hours = float(np.diff(period_start_h(record.clock))[periods].sum())
    return {
        "devices_live_at_start": record.live_at_decision,
        "devices_placed": rows.n(Kind.PLACED),
        "devices_found": rows.n(Kind.FOUND),
        "devices_struck": rows.n(Kind.STRUCK),
        "devices_struck_others": rows.n(Kind.STRUCK_OTHERS),
        "devices_expired": rows.n(Kind.EXPIRED),
        # Counted device by device, not as what is left over, so that the fates can fail to add up.
        "devices_live_at_end": _n(~np.isin(placed, ended)),
        "mean_live_devices": over(float(record.live_device_h[periods].sum()), hours),
        "decoys_placed": rows.n(Kind.DECOY_PLACED),
        "decoys_found": rows.n(Kind.DECOY_FOUND),
        "decoys_expired": rows.n(Kind.DECOY_EXPIRED),
    }


def forces(rows: Rows) -> dict[str, float]:
    """The mission and its training, the cells, and the political process."""
    record = rows.record
    periods = counted_periods(record.clock)
    days = np.diff(period_start_h(record.clock))[periods] / HOURS_PER_DAY
    n_days = float(days.sum())
    troop_days = float(record.troop_days[periods].sum())

    def mean(levels: Floats) -> float:
        """Mean over time of levels at the ends of periods."""
        return over(float((levels[periods] * days).sum()), n_days)

    return {
        "troop_days": troop_days,
        "mean_troops": over(troop_days, n_days),
        "training_level": mean(record.training_level),
        "course_places": record.course_places[periods].sum(),
        "course_company_days": record.course_company_days[periods].sum(),
        "courses_ended": rows.n(Kind.TRAINED),
        "cell_strength": mean(record.cell_strength),
        "cell_strength_at_end": record.cell_strength[-1],
        "cells_active": mean(record.cells_active),
        "cells_in_refuge": mean(record.cells_in_refuge),
        "cell_practice": mean(record.cell_practice),
        "cells_struck": rows.n(Kind.CELL_STRUCK),
        "cells_struck_by_patrols": rows.n(Kind.CELL_STRUCK, cause=Cause.PATROL),
        "cells_struck_in_raids": rows.n(Kind.CELL_STRUCK, cause=Cause.RAID),
        "cells_struck_by_counter_terror": rows.n(Kind.CELL_STRUCK, cause=Cause.COUNTER_TERROR),
        "cells_fled": rows.n(Kind.CELL_FLED),
        "grievance": mean(record.grievance),
        "political_progress": mean(record.progress),
        "political_progress_at_end": record.progress[-1],
    }


def spread(rows: Rows, n_segments: int) -> dict[str, float]:
    """How unevenly events lie over roads and over months."""
    record = rows.record
    segment = rows.columns["segment"]
    on_road = rows.of(Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.FOUND) & (segment >= 0)
    by_segment = np.bincount(segment[on_road], minlength=n_segments)
    starts = np.array(period_start_h(record.clock))
    strikes = rows.columns["time_h"][rows.of(Kind.STRUCK, Kind.STRUCK_OTHERS)]
    monthly = np.diff(np.searchsorted(strikes, starts))
    whole = np.diff(starts) >= WHOLE_MONTH_DAYS * HOURS_PER_DAY
    return {
        "segments_with_half_of_events": segments_with_half(by_segment.astype(float)),
        "monthly_variance_over_mean": dispersion(monthly[whole & is_counted(record.clock)]),
    }


def _is_any(kind: NDArray[np.int8], wanted: Sequence[Kind]) -> NDArray[np.bool_]:
    """bool[n_rows]: rows of any of these kinds."""
    is_wanted = np.zeros(_N_KINDS, dtype=np.bool_)
    is_wanted[list(wanted)] = True
    return is_wanted.take(kind)


def _n(rows: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(rows))


def over(above: float, below: float) -> float:
    """A ratio, not a number where nothing stands below the line."""
    return above / below if below else math.nan
