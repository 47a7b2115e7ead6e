"""Published counts of 2013-2016 beside those of runs: how far the model is from what was reported.

`sim/data/facts/calibration_targets.csv` holds what was published: a value, a band, a window and a
source each. `DEFINITIONS` says, target by target, what of a run is the same thing. Where sources
count differently, the difference is written down: UNMAS counts suicide vehicles against camps among
devices, the dated list of incidents counts them as attacks on camps, and fire that follows a strike
as part of the strike. Targets are scored by the count of their own source; the same deaths by the
other count stand beside them, with a value to compare and no score.

A target is counted within its window as far as the run has counted time there. Where that is too
little, all counted time of the run is taken. Totals are scaled to the length of the window.
"""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.clock import DAYS_PER_MONTH, HOURS_PER_DAY, Clock
from sim.data import data_path
from sim.errors import ResultsError
from sim.results.counts import Rows, convoy_km_and_days
from sim.results.tables import ratio_of_means
from sim.roads import RoadNetwork
from sim.stats.counts import detrended_dispersion
from sim.world.events import Cause, Kind
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

FACTOR = 1.5
"""A model is near a target where it is off by no more than this factor either way."""

MIN_OVERLAP_DAYS = 180.0
"""Least counted time in the window of a target, if the window is not shorter itself, d."""

DAYS_PER_YEAR = 365.25
_DATED_FROM, _DATED_UNTIL = date(2013, 7, 1), date(2016, 7, 1)


@dataclass(frozen=True)
class Target:
    """What was published, and how good a match would be."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    first_day: date
    last_day: date
    """The first day that no longer belongs to the window."""
    source: str
    is_scored: bool = True


@dataclass(frozen=True)
class Span:
    """One run within the window of one target."""

    record: RunRecord
    scenario: Scenario
    network: RoadNetwork
    from_h: float
    until_h: float
    window_days: float

    @property
    def rows(self) -> Rows:
        """Rows of the event table in the span."""
        return Rows(self.record, self.from_h, self.until_h)

    @property
    def days(self) -> float:
        """Length of the span, d."""
        return (self.until_h - self.from_h) / HOURS_PER_DAY

    @property
    def share(self) -> float:
        """The span over the window of the target: what totals are divided by."""
        return self.days / self.window_days

    @property
    def months(self) -> float:
        """Length of the span in mean months."""
        return self.days / DAYS_PER_MONTH


Count = Callable[[Span], tuple[float, float]]
"""What stands above the line and what below it, of one run."""


@dataclass(frozen=True)
class Definition:
    """What of a run is counted for a target."""

    words: str
    count: Count


def _device_rows(rows: Rows, *more: Kind) -> NDArray[np.bool_]:
    """Rows of attacks with devices by the count of UNMAS, which has suicide vehicles among them."""
    return rows.of(Kind.STRUCK, *more) | rows.of(Kind.CAMP_ATTACKED, cause=Cause.SUICIDE_VEHICLE)


def _incidents_per_month(span: Span) -> tuple[float, float]:
    rows = span.rows
    return float((_device_rows(rows) | rows.of(Kind.STRUCK_OTHERS)).sum()), span.months


def _by_devices(*columns: str) -> Count:
    def count(span: Span) -> tuple[float, float]:
        rows = span.rows
        chosen = _device_rows(rows, Kind.ACCIDENT)
        return sum(float(rows.columns[name][chosen].sum()) for name in columns), span.share

    return count


def _killed(*kinds: Kind, causes: Sequence[Cause] = ()) -> Count:
    """Killed in rows of these kinds, all where none is named, and of these causes."""

    def count(span: Span) -> tuple[float, float]:
        rows = span.rows
        chosen = rows.of(*(kinds or tuple(Kind)))
        if causes:
            chosen &= np.isin(rows.columns["cause"], [int(cause) for cause in causes])
        return float(rows.columns["killed"][chosen].sum()), span.share

    return count


def _civilians_by_devices(span: Span) -> tuple[float, float]:
    return span.rows.total("civilians", Kind.STRUCK_OTHERS, cause=Cause.CIVILIAN), span.share


def _per_attack(column: str) -> Count:
    def count(span: Span) -> tuple[float, float]:
        rows = span.rows
        chosen = _device_rows(rows)
        return float(rows.columns[column][chosen].sum()), float(chosen.sum())

    return count


def _per_strike(column: str) -> Count:
    def count(span: Span) -> tuple[float, float]:
        rows = span.rows
        return rows.total(column, Kind.STRUCK), rows.n(Kind.STRUCK)

    return count


def _share_fatal(span: Span) -> tuple[float, float]:
    rows = span.rows
    chosen = _device_rows(rows)
    return float((chosen & (rows.columns["killed"] > 0)).sum()), float(chosen.sum())


def _share_of_strikes_fatal(span: Span) -> tuple[float, float]:
    rows = span.rows
    struck = rows.of(Kind.STRUCK)
    return float((struck & (rows.columns["killed"] > 0)).sum()), float(struck.sum())


def _killed_per_fatal_strike(span: Span) -> tuple[float, float]:
    """A strike and the fire that followed it are one event of the dated list."""
    rows = span.rows
    fatal = rows.of(Kind.STRUCK, Kind.FOLLOW_ON_FIRE) & (rows.columns["killed"] > 0)
    n_events = len(np.unique(rows.columns["entity"][fatal]))
    return float(rows.columns["killed"][fatal].sum()), float(n_events)


def _in_kidal_region(span: Span) -> tuple[float, float]:
    rows = span.rows
    on_road = rows.of(Kind.STRUCK, Kind.GUNFIRE) & (rows.columns["segment"] >= 0)
    in_kidal = np.array([region == "Kidal" for region in span.network.segments.region])
    segment = rows.columns["segment"][on_road]
    return float(in_kidal[segment].sum()), float(len(segment))


def _found_share(span: Span) -> tuple[float, float]:
    rows = span.rows
    return rows.n(Kind.FOUND), rows.n(Kind.FOUND, Kind.STRUCK)


def _attacks_per_month(span: Span) -> tuple[float, float]:
    return span.rows.n(Kind.STRUCK, Kind.CAMP_ATTACKED, Kind.GUNFIRE), span.months


def _patrols_per_year(span: Span) -> tuple[float, float]:
    """Patrols are kept by period; one that the span cuts gives its share."""
    starts = np.array(span.record.clock.period_start_h())
    first, last = np.maximum(starts[:-1], span.from_h), np.minimum(starts[1:], span.until_h)
    shares = np.maximum(last - first, 0.0) / np.diff(starts)
    return float((span.record.n_patrols * shares).sum()), span.days / DAYS_PER_YEAR


def _from_gao_per_month(span: Span) -> tuple[float, float]:
    rows = span.rows
    hub = {camp.node_id: camp.supply_hub for camp in span.network.camps}
    behind = [number for number, camp in enumerate(span.record.camp_ids) if hub.get(camp) == "gao"]
    sent = rows.of(Kind.DEPARTED) & (rows.columns["cause"] != Cause.WITHDRAWAL)
    return float((sent & np.isin(rows.columns["camp"], behind)).sum()), span.months


def _convoy_progress(span: Span) -> tuple[float, float]:
    return convoy_km_and_days(span.record, span.scenario, span.network, span.from_h, span.until_h)


def _dispersion_of_months(span: Span) -> tuple[float, float]:
    """Of whole calendar months within the span."""
    days = span.record.clock.period_days()
    starts = np.array(span.record.clock.period_start_h())
    rows = span.rows
    times = rows.columns["time_h"][rows.of(Kind.STRUCK, Kind.STRUCK_OTHERS)]
    monthly = np.histogram(times, bins=starts)[0]
    is_whole = np.array(
        [
            first.day == 1 and after.day == 1 and start >= span.from_h and end <= span.until_h
            for first, after, start, end in zip(
                days[:-1], days[1:], starts[:-1], starts[1:], strict=True
            )
        ]
    )
    return detrended_dispersion(monthly[is_whole]), 1.0


_BY_UNMAS = "strikes, suicide vehicles at camps and accidents of teams"
_ROAD = (Kind.STRUCK, Kind.FOLLOW_ON_FIRE)

DEFINITIONS: Mapping[str, Definition] = {
    "ied_incidents_all_victims_per_month": Definition(
        "strikes on anybody, and suicide vehicles at camps", _incidents_per_month
    ),
    "un_killed_by_devices": Definition(f"killed: {_BY_UNMAS}", _by_devices("killed")),
    "un_injured_by_devices": Definition(f"wounded: {_BY_UNMAS}", _by_devices("wounded")),
    "un_device_victims_2015": Definition(
        f"killed and wounded: {_BY_UNMAS}", _by_devices("killed", "wounded")
    ),
    "civilian_device_victims_2015": Definition(
        "civilians killed or wounded in strikes on others", _civilians_by_devices
    ),
    "un_killed_per_device_attack": Definition(
        "killed per strike or suicide vehicle", _per_attack("killed")
    ),
    "un_injured_per_device_attack": Definition(
        "wounded per strike or suicide vehicle", _per_attack("wounded")
    ),
    "share_of_device_attacks_fatal": Definition(
        "strikes and suicide vehicles that killed somebody", _share_fatal
    ),
    "killed_per_fatal_device_event": Definition(
        "killed per strike that killed, with the fire that followed", _killed_per_fatal_strike
    ),
    "share_of_placed_road_events_in_kidal_region": Definition(
        "strikes and gunfire on the road", _in_kidal_region
    ),
    "share_of_devices_found_first": Definition("finds over finds and strikes", _found_share),
    "un_killed_by_malicious_acts": Definition("killed, by whatever cause", _killed()),
    "un_killed_road_gunfire": Definition(
        "killed by gunfire that came alone", _killed(Kind.GUNFIRE)
    ),
    "un_killed_in_base_attacks": Definition(
        "killed in attacks on camps", _killed(Kind.CAMP_ATTACKED)
    ),
    "attacks_on_un_per_month": Definition(
        "strikes, attacks on camps, and gunfire that came alone", _attacks_per_month
    ),
    "patrols_per_year": Definition("patrols that left", _patrols_per_year),
    "logistic_convoys_per_month_from_gao": Definition(
        "supply convoys that left for camps behind Gao", _from_gao_per_month
    ),
    "convoy_progress_threatened": Definition(
        "escorted supply convoys that arrived", _convoy_progress
    ),
    "variance_over_mean_of_monthly_counts": Definition(
        "strikes on anybody by month, about their own line", _dispersion_of_months
    ),
    # Beside the targets
    "killed_by_road_devices_dated_list": Definition(
        "killed in strikes, with the fire that followed", _killed(*_ROAD)
    ),
    "killed_by_suicide_and_complex_dated_list": Definition(
        "killed by suicide vehicles and in complex attacks on camps",
        _killed(Kind.CAMP_ATTACKED, causes=(Cause.SUICIDE_VEHICLE, Cause.COMPLEX_ATTACK)),
    ),
    "killed_by_indirect_fire_dated_list": Definition(
        "killed by indirect fire on camps",
        _killed(Kind.CAMP_ATTACKED, causes=(Cause.INDIRECT_FIRE,)),
    ),
    "killed_in_all_dated_list": Definition("killed, by whatever cause", _killed()),
    "killed_per_road_strike": Definition("killed per strike", _per_strike("killed")),
    "injured_per_road_strike": Definition("wounded per strike", _per_strike("wounded")),
    "share_of_road_strikes_fatal": Definition(
        "strikes that killed somebody", _share_of_strikes_fatal
    ),
}
"""What is counted for each target, and for what stands beside them."""

_LIST_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "killed_by_road_devices_dated_list": (
        "vehicle_mine_ied",
        "mine_ied_plus_fire",
        "foot_patrol_mine_ied",
    ),
    "killed_by_suicide_and_complex_dated_list": ("base_suicide_vehicle_or_complex",),
    "killed_by_indirect_fire_dated_list": ("base_indirect_fire",),
}
_SAME_ON_THE_ROAD: Mapping[str, str] = {
    "killed_per_road_strike": "un_killed_per_device_attack",
    "injured_per_road_strike": "un_injured_per_device_attack",
    "share_of_road_strikes_fatal": "share_of_device_attacks_fatal",
}


def read_targets() -> list[Target]:
    """The targets of the shipped table, in its order, then what stands beside them.

    Examples
    --------
    >>> [target.name for target in read_targets() if target.is_scored][:2]
    ['ied_incidents_all_victims_per_month', 'un_killed_by_devices']
    """
    targets = []
    with data_path("facts", "calibration_targets.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["unit"] == "note":
                continue
            if row["target"] not in DEFINITIONS:
                raise ResultsError(
                    f"calibration_targets.csv has the target {row['target']!r}, and nothing says "
                    f"what of a run it is. Allowed: {', '.join(DEFINITIONS)}; a new one needs its "
                    "definition in sim/results/targets.py."
                )
            targets.append(
                Target(
                    name=row["target"],
                    value=float(row["value"]),
                    low=float(row["low"]),
                    high=float(row["high"]),
                    unit=row["unit"],
                    first_day=date.fromisoformat(row["window_start"]),
                    last_day=date.fromisoformat(row["window_end"]) + timedelta(days=1),
                    source=row["source"],
                )
            )
    return targets + _beside(targets)


def _beside(targets: Sequence[Target]) -> list[Target]:
    """The same deaths by the other count, without a band."""
    with data_path("facts", "incidents_2013_2016.csv").open(encoding="utf-8") as file:
        incidents = [
            (row["category"], float(row["killed_peacekeepers_low"] or 0.0))
            for row in csv.DictReader(file)
        ]
    killed = {
        name: sum(n for category, n in incidents if category in categories)
        for name, categories in _LIST_CATEGORIES.items()
    }
    killed["killed_in_all_dated_list"] = sum(n for _, n in incidents)
    dated = [
        Target(
            name=name,
            value=value,
            low=math.nan,
            high=math.nan,
            unit="persons",
            first_day=_DATED_FROM,
            last_day=_DATED_UNTIL,
            source="dated incident list, which lacks most events without casualties",
            is_scored=False,
        )
        for name, value in killed.items()
    ]
    by_name = {target.name: target for target in targets}
    on_the_road = [
        Target(
            name=name,
            value=by_name[of].value,
            low=math.nan,
            high=math.nan,
            unit=by_name[of].unit,
            first_day=by_name[of].first_day,
            last_day=by_name[of].last_day,
            source=f"{of}, without suicide vehicles at camps",
            is_scored=False,
        )
        for name, of in _SAME_ON_THE_ROAD.items()
    ]
    return dated + on_the_road


def window_h(target: Target, clock: Clock) -> tuple[float, float]:
    """Hours of a run in which a target is counted.

    Examples
    --------
    A run that counts July 2013 to June 2016, and a window that reaches to 2022:

    >>> clock = Clock(date(2013, 7, 1), date(2013, 7, 1), date(2016, 7, 1))
    >>> target = next(t for t in read_targets() if t.name == "un_killed_per_device_attack")
    >>> window_h(target, clock) == (0.0, clock.end_h)
    True
    """
    first_h = max(clock.hour_of(target.first_day), clock.decision_h)
    last_h = min(clock.hour_of(target.last_day), clock.end_h)
    wanted_days = min(MIN_OVERLAP_DAYS, (target.last_day - target.first_day).days)
    if (last_h - first_h) / HOURS_PER_DAY < wanted_days:
        return clock.decision_h, clock.end_h
    return first_h, last_h


def target_sums(record: RunRecord, scenario: Scenario, network: RoadNetwork) -> dict[str, float]:
    """What one run has above and below the line of every target, by `NAME above`, `NAME below`."""
    sums: dict[str, float] = {}
    for target in read_targets():
        from_h, until_h = window_h(target, record.clock)
        window_days = float((target.last_day - target.first_day).days)
        span = Span(record, scenario, network, from_h, until_h, window_days)
        above, below = DEFINITIONS[target.name].count(span)
        sums[f"{target.name} above"], sums[f"{target.name} below"] = float(above), float(below)
    return sums


def score_targets(sums: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """How near runs of one scenario are to what was published.

    What was found is the mean of what stands above the line over the mean of what stands below,
    with a 95% interval of the luck of runs.

    Parameters
    ----------
    sums : pandas.DataFrame
        A row of `target_sums` for each run.
    clock : Clock
        Of the scenario.

    Returns
    -------
    pandas.DataFrame
        target, is_scored, published, band_low, band_high, unit, found, found_low, found_high, ratio
        (found over published), is_in_band, is_within_factor, counted (what of a run it is),
        counted_from, counted_until (its first day that is not), is_in_window, n_runs, source.
    """
    rows = []
    for target in read_targets():
        above = sums[f"{target.name} above"].to_numpy(float)
        below = sums[f"{target.name} below"].to_numpy(float)
        is_known = np.isfinite(above) & np.isfinite(below)
        found, reach = ratio_of_means(above[is_known], below[is_known])
        from_h, until_h = window_h(target, clock)
        first_h = max(clock.hour_of(target.first_day), clock.decision_h)
        ratio = found / target.value
        rows.append(
            {
                "target": target.name,
                "is_scored": target.is_scored,
                "published": target.value,
                "band_low": target.low,
                "band_high": target.high,
                "unit": target.unit,
                "found": found,
                "found_low": found - reach,
                "found_high": found + reach,
                "ratio": ratio,
                "is_in_band": bool(target.low <= found <= target.high),
                "is_within_factor": bool(1.0 / FACTOR <= ratio <= FACTOR),
                "counted": DEFINITIONS[target.name].words,
                "counted_from": clock.date_at(from_h).isoformat(),
                "counted_until": clock.date_at(until_h).isoformat(),
                "is_in_window": bool(
                    from_h == first_h and until_h <= clock.hour_of(target.last_day)
                ),
                "n_runs": int(is_known.sum()),
                "source": target.source,
            }
        )
    return pd.DataFrame(rows)


def targets_text(table: pd.DataFrame) -> str:
    """The table of `score_targets` in aligned columns, at most 100 wide, and what it adds up to."""
    scored, beside = table[table["is_scored"]], table[~table["is_scored"]]
    is_near, is_in_band = scored["is_within_factor"], scored["is_in_band"]
    lines = [
        _line("target", "published", "band", "found ± 95%", "ratio", ""),
        "-" * _WIDTH,
        *(_row(row) for row in scored.to_dict("records")),
        "",
        f"{is_near.sum()} of {len(scored)} within a factor of {FACTOR:g} of the published value, "
        f"{is_in_band.sum()} in the band, {(is_near | is_in_band).sum()} one or the other.",
    ]
    outside = scored[~scored["is_in_window"]]["target"]
    if len(outside):
        lines.append(
            f"* {len(outside)} counted outside their window, since the run has no counted time "
            "there: no test of the model."
        )
    lines += [
        "",
        "The same by another count, not scored:",
        *(_row(row) for row in beside.to_dict("records")),
        "",
        "UNMAS counts suicide vehicles at camps among devices; the dated list counts them as "
        "attacks on",
        "camps, and fire after a strike as part of it.",
    ]
    return "\n".join(lines) + "\n"


_WIDTH = 100


def _line(name: str, published: str, band: str, found: str, ratio: str, verdict: str) -> str:
    return f"{name:<46} {published:>9} {band:>12} {found:>15} {ratio:>6}  {verdict}".rstrip()


def _row(row: Mapping[Any, Any]) -> str:
    name = row["target"] + ("" if row["is_in_window"] else " *")
    found, half_width = row["found"], row["found_high"] - row["found"]
    verdict, band = "near" if row["is_within_factor"] else "off", "-"
    if row["is_scored"]:
        band = f"{_short(row['band_low'])}-{_short(row['band_high'])}"
        verdict = "band" if row["is_in_band"] else verdict
    shown = "-" if math.isnan(found) else _short(found)
    if math.isfinite(half_width):
        shown += f" ± {_short(half_width)}"
    ratio = "-" if math.isnan(row["ratio"]) else f"{row['ratio']:.2f}"
    return _line(name, _short(row["published"]), band, shown, ratio, verdict)


def _short(value: float) -> str:
    """Three digits; thousands written out.

    >>> _short(13012.4), _short(0.18849), _short(68.0)
    ('13012', '0.188', '68')
    """
    return f"{value:.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"
