"""The balance of one piece of road: devices come, and end by convoys, by sweeps and with age.

Devices are placed at random moments. Each ends when a passing convoy finds it or sets it off, when
a sweep finds it, or when it expires. One convoy, or sweep, acts on all devices of the piece at one
moment, so their number is not Poisson: it spreads more.
"""

import math
from dataclasses import dataclass

from sim.errors import ScenarioError


@dataclass(frozen=True)
class SegmentBalance:
    """One piece of road in its steady state, convoys and sweeps passing at random moments.

    Parameters
    ----------
    placed_per_day : float, 1/d, >= 0
    convoys_per_day : float, 1/d, >= 0
    find_probability : float, dimensionless, in [0, 1]
        That a convoy finds a given device before it can act.
    strike_probability : float, dimensionless, in [0, 1]
        That a given device acts on a convoy that has not found it.
    sweeps_per_day : float, 1/d, >= 0
    sweep_find_probability : float, dimensionless, in [0, 1]
    expiry_per_day : float, 1/d, >= 0

    Raises
    ------
    ScenarioError
        Where a number is out of its range, or nothing would ever end a device.

    Source
    ------
    Mean: Little (1961), Operations Research 9, 383-387. Variance: the second moment of a process
    with Poisson arrivals from which common moments remove each device with one probability; the
    derivation is in `variance_live`.

    Examples
    --------
    A convoy every other day, and no sweeps:

    >>> road = SegmentBalance(placed_per_day=0.2, convoys_per_day=0.5, strike_probability=0.3,
    ...                       expiry_per_day=0.02)
    >>> round(road.mean_live, 6), round(road.variance_live, 4), round(road.strikes_per_day, 6)
    (1.176471, 1.3876, 0.176471)
    """

    placed_per_day: float = 0.2
    convoys_per_day: float = 0.5
    find_probability: float = 0.0
    strike_probability: float = 0.3
    sweeps_per_day: float = 0.0
    sweep_find_probability: float = 0.0
    expiry_per_day: float = 0.02

    def __post_init__(self) -> None:
        for name in ("placed_per_day", "convoys_per_day", "sweeps_per_day", "expiry_per_day"):
            _require(name, getattr(self, name), math.inf)
        for name in ("find_probability", "strike_probability", "sweep_find_probability"):
            _require(name, getattr(self, name), 1.0)
        if self.ending_per_day <= 0.0:
            raise ScenarioError(
                "nothing ends a device: convoys, sweeps and expiry are all 0, and devices would "
                "add up for ever. Allowed: expiry_per_day above 0, or convoys or sweeps that end "
                "devices."
            )

    @property
    def met_probability(self) -> float:
        """That one convoy ends a given device, by finding it or by setting it off."""
        return self.find_probability + (1.0 - self.find_probability) * self.strike_probability

    @property
    def ending_per_day(self) -> float:
        """Rate at which one device ends, by whatever: mu, 1/d."""
        return (
            self.convoys_per_day * self.met_probability
            + self.sweeps_per_day * self.sweep_find_probability
            + self.expiry_per_day
        )

    @property
    def mean_live(self) -> float:
        """Mean number of live devices."""
        return self.placed_per_day / self.ending_per_day

    @property
    def variance_live(self) -> float:
        """Variance of the number of live devices.

        Pairs of devices form at the rate of placing times the number that lie there, and a pair
        ends at the rate `pairs`: at expiry of either, or when a convoy or a sweep leaves not both.
        In the steady state E[N (N - 1)] = 2 placed mean / pairs.
        """
        pairs = (
            2.0 * self.expiry_per_day
            + self.convoys_per_day * (1.0 - (1.0 - self.met_probability) ** 2)
            + self.sweeps_per_day * (1.0 - (1.0 - self.sweep_find_probability) ** 2)
        )
        mean = self.mean_live
        return mean + 2.0 * self.placed_per_day * mean / pairs - mean**2

    @property
    def strikes_per_day(self) -> float:
        """Devices that act on a convoy, 1/d."""
        sets_off = (1.0 - self.find_probability) * self.strike_probability
        return self.mean_live * self.convoys_per_day * sets_off

    @property
    def finds_per_day(self) -> float:
        """Devices found, by convoys and by sweeps, 1/d."""
        return self.mean_live * (
            self.convoys_per_day * self.find_probability
            + self.sweeps_per_day * self.sweep_find_probability
        )

    @property
    def expiries_per_day(self) -> float:
        """Devices that expire, 1/d; strikes, finds and expiries add up to those placed."""
        return self.mean_live * self.expiry_per_day

    @property
    def found_share(self) -> float:
        """Finds over finds and strikes; it does not depend on how many are placed.

        NaN where nothing is ever found or struck.
        """
        ended = self.finds_per_day + self.strikes_per_day
        return self.finds_per_day / ended if ended > 0.0 else math.nan

    @property
    def strikes_per_convoy(self) -> float:
        """Mean number of devices that act on one convoy."""
        sets_off = (1.0 - self.find_probability) * self.strike_probability
        return self.mean_live * sets_off


@dataclass(frozen=True)
class PeriodicSweeps:
    """One piece of road that is swept every so many days exactly.

    Parameters
    ----------
    placed_per_day : float, 1/d, >= 0
    other_ends_per_day : float, 1/d, >= 0
        Rate at which a device ends without sweeps.
    every_days : float, d, > 0
    find_probability : float, dimensionless, in (0, 1]

    Raises
    ------
    ScenarioError
        Where a number is out of its range.

    Source
    ------
    Between sweeps the mean follows dM/dt = placed - other_ends M, and a sweep leaves the share
    1 - find_probability; the cycle closes.

    Examples
    --------
    Nothing but a weekly sweep that finds half:

    >>> road = PeriodicSweeps(placed_per_day=0.2, other_ends_per_day=0.0, every_days=7.0,
    ...                       find_probability=0.5)
    >>> [round(value, 6) for value in (road.mean_before, road.mean_after, road.mean_live)]
    [2.8, 1.4, 2.1]
    """

    placed_per_day: float = 0.2
    other_ends_per_day: float = 0.17
    every_days: float = 7.0
    find_probability: float = 0.5

    def __post_init__(self) -> None:
        _require("placed_per_day", self.placed_per_day, math.inf)
        _require("other_ends_per_day", self.other_ends_per_day, math.inf)
        _require("every_days", self.every_days, math.inf, is_above=True)
        _require("find_probability", self.find_probability, 1.0, is_above=True)

    @property
    def mean_before(self) -> float:
        """Mean number of live devices just before a sweep."""
        left = math.exp(-self.other_ends_per_day * self.every_days)
        return self._placed_in_a_cycle / (1.0 - (1.0 - self.find_probability) * left)

    @property
    def mean_after(self) -> float:
        """Mean number of live devices just after a sweep."""
        return (1.0 - self.find_probability) * self.mean_before

    @property
    def mean_live(self) -> float:
        """Mean number of live devices over all time."""
        rate = self.other_ends_per_day * self.every_days
        if rate < 1e-6:  # the limit, where the closed form would divide by nothing
            return self.mean_after + self.placed_per_day * self.every_days / 2.0
        settled = self.placed_per_day / self.other_ends_per_day
        return settled + (self.mean_after - settled) * -math.expm1(-rate) / rate

    @property
    def _placed_in_a_cycle(self) -> float:
        """Devices placed between two sweeps that are still there at the second."""
        if self.other_ends_per_day == 0.0:
            return self.placed_per_day * self.every_days
        rate = self.other_ends_per_day
        return self.placed_per_day / rate * -math.expm1(-rate * self.every_days)


def mean_seen_in_steps(placed_per_day: float, ending_per_day: float, step_days: float) -> float:
    """Mean number of live devices in a model that goes by steps, seen after the step's placing.

    Such a model places what comes in a step and then lets devices end, so it sees more than there
    are: why the engines go from event to event. Seen after the ending it is `placed_per_day` times
    `step_days` less.

    Parameters
    ----------
    placed_per_day : float, 1/d, >= 0
    ending_per_day : float, 1/d, > 0
    step_days : float, d, > 0

    Returns
    -------
    float, devices, >= placed_per_day / ending_per_day

    Raises
    ------
    ScenarioError
        Where a number is out of its range.

    Source
    ------
    The fixed point of x = (x + placed step) exp(-ending step), before its exponential is applied.

    Examples
    --------
    Where 0.2985 lie in truth, a step of a day sees 0.4096:

    >>> round(0.2 / 0.67, 4), round(mean_seen_in_steps(0.2, 0.67, step_days=1.0), 4)
    (0.2985, 0.4096)
    """
    _require("placed_per_day", placed_per_day, math.inf)
    _require("ending_per_day", ending_per_day, math.inf, is_above=True)
    _require("step_days", step_days, math.inf, is_above=True)
    return placed_per_day * step_days / -math.expm1(-ending_per_day * step_days)


def _require(name: str, value: float, most: float, is_above: bool = False) -> None:
    """Raise where a number is not one, below 0 (or 0 itself), or above the most."""
    if math.isfinite(value) and 0.0 <= value <= most and not (is_above and value == 0.0):
        return
    least = "above 0" if is_above else "0 or more"
    allowed = least if math.isinf(most) else f"{least}, and at most {most:g}"
    raise ScenarioError(f"{name} is {value}. Allowed: {allowed}.")
