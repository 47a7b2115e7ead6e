"""A run by month, by piece of road, by road and by region.

Months cover the whole run, the warm-up included, so that a figure can show that the warm-up
suffices; everything by place is counted from the decision date on, like the measures.
"""

import functools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY, Clock
from sim.errors import ResultsError
from sim.results.columns import Words, data_frame
from sim.results.counts import counted_periods, is_counted, period_start_h
from sim.results.events import numbered
from sim.roads import RoadNetwork
from sim.world.events import Cause, Kind
from sim.world.record import TRAFFIC_KINDS, RunRecord

PLACE_COUNTS = (
    "strikes",
    "strikes_on_others",
    "finds",
    "placed",
    "sweeps",
    "killed",
    "wounded",
    "killed_and_wounded",
    "contractors",
    "civilians",
    "gunfire_attacks",
    "decoys_found",
    "cells_struck",
    "vehicle_km_logistics",
    "vehicle_km_patrol",
)
"""What is summed by place; km for traffic, events or persons for the rest.

Attacks on camps have no piece of road, so people killed and wounded are those on the road.
"""

MONTH_SUMS = (
    "strikes",
    "strikes_on_others",
    "finds",
    "placed",
    "expired",
    "sweeps",
    "killed",
    "wounded",
    "killed_and_wounded",
    "killed_and_wounded_on_the_road",
    "died_of_wounds",
    "contractors",
    "civilians",
    "camp_attacks",
    "gunfire_attacks",
    "decoys_found",
    "cells_struck",
    "convoys_sent",
    "convoys_arrived",
    "patrols",
    "vehicle_km_logistics",
    "vehicle_km_patrol",
    "troop_days",
    "stockout_person_days",
    "wait_h",
    "team_h",
    "course_places",
)
"""Columns of the table by month that add up over months."""

MONTH_STATES = (
    "live_devices",
    "traffic_seen",
    "cell_strength",
    "cells_active",
    "cells_in_refuge",
    "cell_practice",
    "grievance",
    "political_progress",
    "training_level",
    "troops",
)
"""Columns of the table by month that do not add up: means, or levels at the end of the month."""

PLACES = ("segment", "road", "region")

_KIND_COLUMNS: Mapping[str, Kind] = {
    "strikes": Kind.STRUCK,
    "strikes_on_others": Kind.STRUCK_OTHERS,
    "finds": Kind.FOUND,
    "placed": Kind.PLACED,
    "sweeps": Kind.SWEPT,
    "gunfire_attacks": Kind.GUNFIRE,
    "decoys_found": Kind.DECOY_FOUND,
    "cells_struck": Kind.CELL_STRUCK,
}


def month_table(record: RunRecord) -> pd.DataFrame:
    """One run by period: calendar months, cut also at the decision date.

    Returns
    -------
    pandas.DataFrame
        run, month (its first day), days, is_counted (from the decision date on), `MONTH_SUMS` and
        `MONTH_STATES`: live devices and troops as means, the rest as at the end of the period.
    """
    return data_frame(month_columns(record))


def month_columns(record: RunRecord) -> dict[str, NDArray | Words]:
    """The columns of `month_table`."""
    events = record.events
    starts = np.array(period_start_h(record.clock))
    days = np.diff(starts) / HOURS_PER_DAY
    n_periods, n_kinds = len(days), len(Kind)
    n_rows = len(events["time_h"])
    # Rows are in order of time, so those of a period follow each other.
    first_rows = np.searchsorted(events["time_h"], starts[1:-1])
    n_by_period = np.diff(first_rows, prepend=0, append=n_rows)
    place = np.repeat(np.arange(n_periods) * n_kinds, n_by_period)
    place += events["kind"]
    n_events = np.bincount(place, minlength=n_periods * n_kinds)
    n_by_kind = n_events.reshape(n_periods, n_kinds).astype(np.float64)

    def by_period(column: str, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Sums of a column over some rows."""
        period = np.searchsorted(first_rows, rows, side="right")
        return np.bincount(period, events[column][rows], n_periods).astype(np.float64)

    def n_withdrawals(kind: Kind) -> NDArray[np.float64]:
        period = np.searchsorted(first_rows, withdrawals[of_withdrawals == kind], side="right")
        return np.bincount(period, minlength=n_periods).astype(np.float64)

    withdrawals = np.flatnonzero(events["cause"] == Cause.WITHDRAWAL)
    of_withdrawals = events["kind"][withdrawals]
    at_camps = np.flatnonzero(events["kind"] == Kind.CAMP_ATTACKED)
    columns = {name: n_by_kind[:, kind] for name, kind in _KIND_COLUMNS.items()}
    for name in ("killed", "wounded", "contractors", "civilians"):
        columns[name] = by_period(name, np.flatnonzero(events[name] != 0))
    harmed = columns["killed"] + columns["wounded"]
    harmed_at_camps = by_period("killed", at_camps) + by_period("wounded", at_camps)
    columns |= {
        "killed_and_wounded": harmed,
        "killed_and_wounded_on_the_road": harmed - harmed_at_camps,
        "died_of_wounds": record.died_of_wounds,
        "camp_attacks": n_by_kind[:, Kind.CAMP_ATTACKED],
        "expired": n_by_kind[:, Kind.EXPIRED],
        "convoys_sent": n_by_kind[:, Kind.DEPARTED] - n_withdrawals(Kind.DEPARTED),
        "convoys_arrived": n_by_kind[:, Kind.ARRIVED] - n_withdrawals(Kind.ARRIVED),
        "patrols": record.n_patrols,
        "troop_days": record.troop_days.sum(axis=1),
        "stockout_person_days": record.stockout_person_days.sum(axis=1),
        "wait_h": record.wait_h,
        "team_h": record.team_h,
        "course_places": record.course_places,
        "live_devices": record.live_device_h / (days * HOURS_PER_DAY),
        "traffic_seen": record.traffic_seen,
        "cell_strength": record.cell_strength,
        "cells_active": record.cells_active,
        "cells_in_refuge": record.cells_in_refuge,
        "cell_practice": record.cell_practice,
        "grievance": record.grievance,
        "political_progress": record.progress,
        "training_level": record.training_level,
        "troops": record.troop_days.sum(axis=1) / days,
    }
    for number, kind in enumerate(TRAFFIC_KINDS):
        columns[f"vehicle_km_{kind}"] = record.vehicle_km[number].sum(axis=1)
    found: dict[str, NDArray | Words] = {
        "run": np.full(n_periods, record.run, dtype=np.int64),
        "month": first_days(record.clock),
        "days": days,
        "is_counted": is_counted(record.clock),
    }
    return found | {name: columns[name] for name in (*MONTH_SUMS, *MONTH_STATES)}


def place_table(record: RunRecord, network: RoadNetwork) -> pd.DataFrame:
    """One run by piece of road, from the decision date on, without pieces where nothing happened.

    Returns
    -------
    pandas.DataFrame
        run, segment, road, region, length_km, days (counted) and `PLACE_COUNTS`.
    """
    frame = data_frame(place_columns(record, network))
    return frame.astype(dict.fromkeys(PLACES, "str"))


def place_columns(record: RunRecord, network: RoadNetwork) -> dict[str, NDArray | Words]:
    """The columns of `place_table`."""
    events = record.events
    segments = network.segments
    n_segments, n_kinds = len(segments), len(Kind)
    counted = slice(int(np.searchsorted(events["time_h"], record.clock.decision_h)), None)
    # What has no piece of road is counted in a piece before the first, which is left out.
    piece = events["segment"][counted] + np.int64(1)
    n_events = np.bincount(
        piece * n_kinds + events["kind"][counted], minlength=(1 + n_segments) * n_kinds
    )
    n_by_kind = n_events.reshape(1 + n_segments, n_kinds)[1:].astype(np.float64)
    columns = {name: n_by_kind[:, wanted] for name, wanted in _KIND_COLUMNS.items()}
    for name in ("killed", "wounded", "contractors", "civilians"):
        values = events[name][counted]
        harmful = np.flatnonzero(values != 0)
        sums = np.bincount(piece[harmful], values[harmful], 1 + n_segments)[1:]
        columns[name] = sums.astype(np.float64)
    columns["killed_and_wounded"] = columns["killed"] + columns["wounded"]
    periods = counted_periods(record.clock)
    for number, traffic_kind in enumerate(TRAFFIC_KINDS):
        columns[f"vehicle_km_{traffic_kind}"] = record.vehicle_km[number, periods].sum(axis=0)
    kept = np.flatnonzero(np.any([columns[name] != 0.0 for name in PLACE_COUNTS], axis=0))
    days = np.diff(period_start_h(record.clock))[periods].sum() / HOURS_PER_DAY
    found: dict[str, NDArray | Words] = {"run": np.full(len(kept), record.run, dtype=np.int64)}
    for place, words in zip(PLACES, (segments.name, segments.road, segments.region), strict=True):
        codes, different = numbered(words)
        found[place] = Words(codes[kept], different)
    return (
        found
        | {"length_km": segments.length_km[kept], "days": np.full(len(kept), days)}
        | {name: columns[name][kept] for name in PLACE_COUNTS}
    )


def traffic_table(record: RunRecord, network: RoadNetwork) -> pd.DataFrame:
    """Distance driven in one run by month, piece of road and kind; rows without any are left out.

    Returns
    -------
    pandas.DataFrame
        run, month, segment, kind (logistics or patrol), vehicle_km, person_km: float32, km.
    """
    return data_frame(traffic_columns(record, network))


def traffic_columns(record: RunRecord, network: RoadNetwork) -> dict[str, NDArray | Words]:
    """The columns of `traffic_table`."""
    n_kinds, n_periods, n_segments = record.vehicle_km.shape
    is_driven = record.vehicle_km.reshape(-1, n_segments) != 0.0
    n_driven = np.count_nonzero(is_driven, axis=1)  # by kind and period
    driven = np.flatnonzero(is_driven)
    kind = np.repeat(np.arange(n_kinds, dtype=np.int32), n_periods)
    segment = driven - np.repeat(np.arange(len(n_driven)) * n_segments, n_driven)
    return {
        "run": np.full(len(driven), record.run, dtype=np.int64),
        "month": np.repeat(np.tile(first_days(record.clock), n_kinds), n_driven),
        "segment": Words(segment, network.segments.name),
        "kind": Words(np.repeat(kind, n_driven), TRAFFIC_KINDS),
        "vehicle_km": record.vehicle_km.ravel()[driven].astype(np.float32),
        "person_km": record.person_km.ravel()[driven].astype(np.float32),
    }


@functools.lru_cache(maxsize=64)
def first_days(clock: Clock) -> NDArray[np.datetime64]:
    """datetime64[n_periods], s: the first day of each period."""
    days = np.array(clock.period_days()[:-1], dtype="datetime64[s]")
    days.setflags(write=False)
    return days


def by_place(places: pd.DataFrame, network: RoadNetwork, place: str, n_runs: int) -> pd.DataFrame:
    """Mean over runs, a year, of everything by piece of road, by road or by region.

    Parameters
    ----------
    places : pandas.DataFrame
        Rows of `place_table` of all runs of one scenario.
    network : RoadNetwork
    place : {"segment", "road", "region"}
    n_runs : int, > 0
        Runs that `places` holds; runs in which nothing happened have no rows.

    Returns
    -------
    pandas.DataFrame
        One row for each place with road, most strikes first: place, length_km, `PLACE_COUNTS` a
        year, vehicle_km a year, found_share, strikes_per_1000_vehicle_km, strikes_per_100_km (of
        road, a year).
    """
    if place not in PLACES:
        raise ResultsError(
            f"place is {place!r}: results are not kept so. Allowed: {', '.join(PLACES)}."
        )
    segments = network.segments
    names = {"segment": segments.name, "road": segments.road, "region": segments.region}[place]
    length_km = pd.Series(segments.length_km).groupby(pd.Series(names, dtype=object)).sum()
    years = float(places["days"].iloc[0]) / 365.25 if len(places) else 1.0
    sums = places.groupby(places[place].astype(object))[list(PLACE_COUNTS)].sum()
    table = sums.reindex(length_km.index, fill_value=0.0) / (n_runs * years)
    table.insert(0, "length_km", length_km)
    table["vehicle_km"] = table["vehicle_km_logistics"] + table["vehicle_km_patrol"]
    table["found_share"] = _over(table["finds"], table["finds"] + table["strikes"])
    table["strikes_per_1000_vehicle_km"] = 1000.0 * _over(table["strikes"], table["vehicle_km"])
    table["strikes_per_100_km"] = 100.0 * table["strikes"] / table["length_km"]
    table = table.rename_axis(place).reset_index()
    return table.sort_values(["strikes", place], ascending=[False, True], ignore_index=True)


def _over(above: pd.Series, below: pd.Series) -> pd.Series:
    return above / below.where(below > 0.0)
