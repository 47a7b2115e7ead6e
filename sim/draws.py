"""Chance by key: every draw is looked up, never streamed.

A draw is named by who asks and for what: `uniform(seed, run, stream, entity, other, count)`.
Nothing is stored between draws, so one more convoy leaves every other draw unchanged, scenarios are
compared on the same luck, and a result is the same on any number of cores and in any order.

The generator is Philox-4x32-10 of Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as
easy as 1, 2, 3", SC11, checked against the vectors that its authors publish.

Words are 32-bit numbers held in 64-bit integers and masked after every operation, because Python
and compiled code disagree on what happens beyond 64 bits.
"""

import hashlib
import math
from collections.abc import Iterable
from enum import IntEnum

from sim.compiled import rule, rule_in_place
from sim.errors import DrawError

WORD = 0xFFFFFFFF
KEYS_PER_SOURCE = 1 << 14
"""How many devices one cell can number before its keys would run out."""
MEETINGS_PER_PAIR = 1 << 6
"""How often one convoy can meet one device before its draws would run out."""


class Stream(IntEnum):
    """What a draw is for. A number, once given, is never given to another purpose."""

    CELL_HOME = 1
    PLACEMENT_TIME = 2
    PLACEMENT_ACCEPTED = 3
    PLACEMENT_SEGMENT = 4
    PLACEMENT_POSITION = 5
    CONCEALMENT = 6
    OTHERS_TIME = 7
    OTHERS_CLASS = 8
    EXPIRY_TIME = 9
    OTHERS_VICTIMS = 10
    PATROL_TIME = 11
    PATROL_ACCEPTED = 12
    PATROL_DIRECTION = 13
    PATROL_REACH = 14
    ENCOUNTER_FIND = 15
    ENCOUNTER_STRIKE = 16
    STRUCK_VEHICLE = 17
    STRUCK_DRIVER = 18
    HARM = 19
    KILLED = 20
    WOUNDED = 21
    SWEEP_FIND = 22
    TEAM_AVAILABLE = 23
    SUPPLY_TIME = 24
    SWEEP_TIME = 25
    ROTATION_PHASE = 26
    UNIT_PROTECTION = 27
    INITIAL_STOCK = 28
    DECOY = 29
    PATROL_CONTACT = 30
    CELL_STRIKE_TIME = 31
    CELL_STRIKE_ACCEPTED = 32
    CELL_STRIKE_CIVILIANS = 33
    REFUGE_TAKEN = 34
    REFUGE_TIME = 35
    CAMP_ATTACK_TIME = 36
    CAMP_ATTACK_ACCEPTED = 37
    CAMP_ATTACK_TARGET = 38
    CAMP_ATTACK_KILLED = 39
    CAMP_ATTACK_WOUNDED = 40
    GUNFIRE_TIME = 41
    GUNFIRE_ACCEPTED = 42
    GUNFIRE_TARGET = 43
    GUNFIRE_KILLED = 44
    GUNFIRE_WOUNDED = 45
    FOLLOW_ON = 46
    EVACUATION = 47
    FALSE_ALARMS = 48
    ACCIDENT = 49
    ACCIDENT_HARM = 50
    SWEEP_CHOICE = 51
    ROUTE_CHOICE = 52
    PROGRESS_STEP = 53
    # From 1001 on: what is reckoned from finished runs.
    BOOTSTRAP = 1001
    SHUFFLED_DATES = 1101
    SIMULATED_SEVERITIES = 1102


@rule_in_place
def philox(key_0, key_1, counter_0, counter_1, counter_2, counter_3):
    """Philox-4x32-10: four 32-bit words from a key of two words and a counter of four.

    Parameters
    ----------
    key_0, key_1, counter_0, counter_1, counter_2, counter_3 : int, in [0, 2**32)

    Returns
    -------
    tuple of four int, each in [0, 2**32)

    Source
    ------
    Salmon et al. (2011), SC11, table 2; vectors: `kat_vectors` of the Random123 library.

    Examples
    --------
    >>> [f"{word:08x}" for word in philox(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    for _ in range(10):
        product_0 = 0xD2511F53 * counter_0
        product_1 = 0xCD9E8D57 * counter_2
        counter_0, counter_1, counter_2, counter_3 = (
            ((product_1 >> 32) & 0xFFFFFFFF) ^ counter_1 ^ key_0,
            product_1 & 0xFFFFFFFF,
            ((product_0 >> 32) & 0xFFFFFFFF) ^ counter_3 ^ key_1,
            product_0 & 0xFFFFFFFF,
        )
        key_0 = (key_0 + 0x9E3779B9) & 0xFFFFFFFF
        key_1 = (key_1 + 0xBB67AE85) & 0xFFFFFFFF
    return counter_0, counter_1, counter_2, counter_3


@rule_in_place
def fraction(word_0, word_1):
    """Two 32-bit words as a number in [0, 1).

    Parameters
    ----------
    word_0, word_1 : int, in [0, 2**32)

    Returns
    -------
    float, dimensionless, in [0, 1), a multiple of 2**-53

    Source
    ------
    27 and 26 of their bits make 53, as in Matsumoto & Nishimura's `genrand_res53` (2002).

    Examples
    --------
    >>> fraction(2**31, 0)
    0.5
    """
    return ((word_0 >> 5) * 67108864.0 + (word_1 >> 6)) * (1.0 / 9007199254740992.0)


@rule
def uniform(seed, run, stream, entity, other, count):
    """A number in [0, 1) that belongs to this key alone.

    Parameters
    ----------
    seed, run : int, in [0, 2**32)
        The Philox key: the study and the run within it.
    stream : int, in [0, 2**32)
        What the draw is for (`Stream`).
    entity, other : int, in [0, 2**32)
        Who it concerns; an encounter has the device as `entity` and the convoy as `other`.
    count : int, in [0, 2**32)
        Numbers the draws of this stream and pair.

    Returns
    -------
    float, dimensionless, in [0, 1), a multiple of 2**-53

    Source
    ------
    The first two words of `philox`, made a number by `fraction`.

    Examples
    --------
    >>> round(uniform(1, 0, 4, 7, 0, 0), 6) == round(uniform(1, 0, 4, 7, 0, 0), 6)
    True
    >>> 0.0 <= uniform(1, 0, 4, 7, 0, 0) < 1.0
    True
    """
    word_0, word_1, _, _ = philox(seed, run, stream, entity, other, count)
    return fraction(word_0, word_1)


@rule
def waiting_time(draw, rate):
    """Time to the next event of a Poisson process: minus ln(1 - draw) over the rate.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    rate : float, events per unit of time, >= 0

    Returns
    -------
    float, in that unit of time, >= 0; infinite where the rate is 0

    Source
    ------
    Inverse transform of the exponential distribution, Devroye (1986), section II.2.

    Examples
    --------
    >>> round(waiting_time(0.5, rate=2.0), 4)
    0.3466
    """
    if rate <= 0.0:
        return math.inf
    # Exact below the logarithm, since a draw is a multiple of 2**-53; log1p takes twice as long.
    return -math.log(1.0 - draw) / rate


def entity_key(name: str) -> int:
    """The 32-bit key of a fixed entity, from its stable name alone.

    >>> entity_key("camp/gao") == entity_key("camp/gao")
    True
    """
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "big")


def numbered_key(source_key: int, number: int) -> int:
    """Key of the `number`-th device of a cell: `number` places after the cell's own.

    >>> numbered_key(2**32 - 1, 1)
    0
    """
    if number >= KEYS_PER_SOURCE:
        raise DrawError(
            f"one cell numbers its {number + 1}th device: keys are kept apart for "
            f"{KEYS_PER_SOURCE} of them. Shorten the run or lower threat.attempts_per_month."
        )
    return (source_key + number) & WORD


def convoy_id(source_key: int, number: int) -> int:
    """The `number`-th convoy to a camp, or patrol of a unit: both words, so that no two are one.

    >>> convoy_id(3, 5) == 3 * 2**32 + 5
    True
    """
    return source_key << 32 | number


def meeting_count(convoy_number: int, n_met_before: int) -> int:
    """The `count` of a draw on a meeting of a device (`entity`) with a convoy's source (`other`).

    >>> meeting_count(convoy_number=2, n_met_before=1)
    129
    """
    if n_met_before >= MEETINGS_PER_PAIR:
        raise DrawError(
            f"a convoy meets the same device for the {n_met_before + 1}th time: draws are kept "
            f"apart for {MEETINGS_PER_PAIR} meetings. Shorten the run."
        )
    return convoy_number * MEETINGS_PER_PAIR + n_met_before


def check_keys_differ(names: Iterable[str]) -> None:
    """Raise where two names have one key.

    Raises
    ------
    DrawError
        Naming the pair. Renaming either entity gives it another key.
    """
    named: dict[int, str] = {}
    for name in names:
        other = named.setdefault(entity_key(name), name)
        if other != name:
            raise DrawError(
                f"the names {other!r} and {name!r} have the same key, {entity_key(name)}, and "
                "would share their luck. Give one of the two another name."
            )


def check_sources_apart(names: Iterable[str]) -> None:
    """Raise where two names lie so near that their numbered entities would share keys.

    Raises
    ------
    DrawError
        Naming the pair. Renaming either entity gives it another key.
    """
    keys = sorted((entity_key(name), name) for name in names)
    for (key, name), (next_key, next_name) in zip(keys, keys[1:] + keys[:1], strict=True):
        if len(keys) > 1 and (next_key - key) & WORD < KEYS_PER_SOURCE:
            raise DrawError(
                f"the names {name!r} and {next_name!r} lead to the same draws: their keys are "
                f"{(next_key - key) & WORD} apart, allowed is {KEYS_PER_SOURCE} or more. "
                "Give one of the two another name."
            )
