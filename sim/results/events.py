"""The event table: from the columns that an engine writes to a table that a person reads.

An engine writes numbers (`sim.world.record.EVENT_COLUMNS`). A person, and every file, gets names:
kinds, causes, pieces of road, roads, regions, camps and dates. Both directions lose nothing.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import ResultsError
from sim.results.columns import Words, data_frame
from sim.roads import RoadNetwork
from sim.world.events import Cause, Kind
from sim.world.record import EVENT_COLUMNS, RunRecord

Events = Mapping[str, NDArray]

KIND_NAMES = tuple(kind.name.lower() for kind in Kind)
CAUSE_NAMES = tuple(cause.name.lower() for cause in Cause)

_WORD = pa.dictionary(pa.int32(), pa.string())

EVENT_SCHEMA = pa.schema(
    [
        ("scenario", _WORD),
        ("run", pa.int64()),
        ("date", pa.timestamp("ms")),
        ("time_h", pa.float64()),
        ("kind", _WORD),
        ("cause", _WORD),
        ("segment", _WORD),
        ("road", _WORD),
        ("region", _WORD),
        ("camp", _WORD),
        ("entity", pa.uint64()),
        ("entity_name", _WORD),
        ("other", pa.uint64()),
        ("other_name", _WORD),
        ("killed", pa.int16()),
        ("wounded", pa.int16()),
        ("contractors", pa.int16()),
        ("civilians", pa.int16()),
        ("hours", pa.float64()),
        ("strength", pa.float64()),
    ]
)
"""Columns of the event table in files; what they hold stands in `sim.world.record`."""

_ORDER = ("time_h", "kind", "entity", "other")


def canonical_events(events: Events) -> dict[str, NDArray]:
    """The event columns in canonical order, with canonical types.

    Rows go by time, kind, entity and other; rows that agree in these go by the remaining columns,
    so that two engines that made the same events give the same columns, whatever order they wrote.

    Raises
    ------
    ResultsError
        When a column is missing, unknown, or not as long as the others.

    Examples
    --------
    >>> events = {name: np.zeros(2, dtype) for name, dtype in EVENT_COLUMNS.items()}
    >>> events["time_h"] = np.array([7.5, 3.0])
    >>> canonical_events(events)["time_h"].tolist()
    [3.0, 7.5]
    """
    if set(events) != set(EVENT_COLUMNS):
        wrong = sorted(set(events) ^ set(EVENT_COLUMNS))
        raise ResultsError(
            f"an event table has missing or unknown columns: {', '.join(wrong)}. "
            f"Allowed: exactly {', '.join(EVENT_COLUMNS)}."
        )
    columns: dict[str, NDArray] = {
        name: np.ascontiguousarray(events[name], dtype=dtype)
        for name, dtype in EVENT_COLUMNS.items()
    }
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ResultsError(
            f"the columns of an event table differ in length: {lengths}. Allowed: one length."
        )
    for name in ("time_h", "hours", "strength"):
        columns[name] = columns[name] + 0.0  # -0.0 and 0.0 are one number with two byte patterns
    last_to_first = [name for name in EVENT_COLUMNS if name not in _ORDER][::-1] + [*_ORDER][::-1]
    order = np.lexsort([columns[name] for name in last_to_first])
    return {name: column[order] for name, column in columns.items()}


def events_digest(events: Events) -> str:
    """Hash of the raw column buffers in canonical order: equal exactly where every event is.

    Examples
    --------
    >>> events = {name: np.zeros(1, dtype) for name, dtype in EVENT_COLUMNS.items()}
    >>> later = events | {"time_h": np.array([1.0])}
    >>> events_digest(events) == events_digest(dict(events)), len(events_digest(events))
    (True, 32)
    >>> events_digest(events) == events_digest(later)
    False
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, column in canonical_events(events).items():
        little_endian = column.astype(column.dtype.newbyteorder("<"), copy=False)
        digest.update(f"{name}:{little_endian.dtype.str}:{len(column)};".encode())
        digest.update(little_endian.tobytes())
    return digest.hexdigest()


def event_frame(record: RunRecord, network: RoadNetwork) -> pd.DataFrame:
    """The events of a run as a person reads them, in the order in which they happened.

    Parameters
    ----------
    record : RunRecord
    network : RoadNetwork
        The one on which the run was made.

    Returns
    -------
    pandas.DataFrame
        Columns of `EVENT_SCHEMA` without `scenario`. Missing values stand where an event has no
        piece of road, camp, cause or name.
    """
    return data_frame(readable_columns(record, network))


def readable_columns(
    record: RunRecord, network: RoadNetwork, without: Sequence[Kind] = ()
) -> dict[str, NDArray | Words]:
    """The columns of `event_frame`, where events of the kinds in `without` are left out."""
    events: Events = record.events
    if without:
        is_kept = np.ones(len(Kind), dtype=np.bool_)
        is_kept[list(without)] = False
        rows = np.flatnonzero(is_kept[events["kind"]])
        events = {name: events[name][rows] for name in EVENT_COLUMNS}
    segments = network.segments
    segment = np.asarray(events["segment"])
    first_day = np.datetime64(record.clock.first_day, "s")
    seconds = np.floor(np.asarray(events["time_h"]) * 3600.0).astype("timedelta64[s]")
    entity_name, other_name = _named((events["entity"], events["other"]), record.names)
    return {
        "run": np.full(len(segment), record.run, dtype=np.int64),
        "date": first_day + seconds,
        "time_h": events["time_h"],
        "kind": Words(events["kind"], KIND_NAMES),
        "cause": Words(events["cause"] - 1, CAUSE_NAMES[1:]),
        "segment": Words(segment, segments.name),
        "road": _looked_up(segment, segments.road),
        "region": _looked_up(segment, segments.region),
        "camp": Words(events["camp"], record.camp_ids),
        "entity": events["entity"],
        "entity_name": entity_name,
        "other": events["other"],
        "other_name": other_name,
        "killed": events["killed"],
        "wounded": events["wounded"],
        "contractors": events["contractors"],
        "civilians": events["civilians"],
        "hours": events["hours"],
        "strength": events["strength"],
    }


def event_columns(
    frame: pd.DataFrame, network: RoadNetwork, camp_ids: Sequence[str]
) -> dict[str, NDArray]:
    """The columns that an engine wrote, from the table that `event_frame` or a file gives.

    Raises
    ------
    ResultsError
        When a name is none of this network's, these camps', or of the known kinds and causes.
    """
    words = {
        "kind": (KIND_NAMES, 0),
        "cause": (CAUSE_NAMES[1:], 1),
        "segment": (network.segments.name, 0),
        "camp": (tuple(camp_ids), 0),
    }
    columns: dict[str, NDArray] = {}
    for name, dtype in EVENT_COLUMNS.items():
        if name in words:
            known, first = words[name]
            codes = pd.Index(known).get_indexer(pd.Index(frame[name].astype(object)))
            is_strange = (codes < 0) & frame[name].notna().to_numpy()
            if is_strange.any():
                value = frame[name].to_numpy()[is_strange][0]
                raise ResultsError(
                    f"the event table has the {name} {value!r}, which is not known. Allowed: "
                    "events of the same road graph, camps and version of the program."
                )
            columns[name] = (codes + first).astype(dtype)
        else:
            columns[name] = frame[name].to_numpy(dtype=dtype)
    return columns


def _looked_up(segment: NDArray, words: tuple[str, ...]) -> Words:
    """The word of each segment; nothing for segment -1."""
    code_of_segment, categories = numbered(words)
    # The code after the last is that of segment -1, which numpy takes from there.
    return Words(code_of_segment[segment], categories)


@functools.lru_cache(maxsize=64)
def numbered(words: tuple[str, ...]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Where each word stands among all different ones in alphabetical order, and those.

    After the last word stands -1, for none.

    >>> numbered(("plain", "hill", "plain"))
    (array([ 1,  0,  1, -1], dtype=int32), ('hill', 'plain'))
    """
    categories = tuple(sorted(set(words)))
    position = {word: code for code, word in enumerate(categories)}
    codes = np.array([*(position[word] for word in words), -1], dtype=np.int32)
    codes.setflags(write=False)
    return codes, categories


def _named(columns: Sequence[NDArray], names: Mapping[int, str]) -> list[Words]:
    """The readable name of each entity key of some columns; nothing where none is known.

    Names stand in the order in which keys come first, and only those that a column has.
    """
    code_of_row, keys = pd.factorize(np.concatenate(columns))
    words = [names.get(key, "") for key in keys.tolist()]
    position = {word: code for code, word in enumerate(dict.fromkeys(words))}
    code_of_word = np.array([position[word] for word in words], dtype=np.int32)
    different = list(position)
    found = []
    for codes in np.split(code_of_word[code_of_row], np.cumsum([len(c) for c in columns])[:-1]):
        is_used = np.bincount(codes, minlength=len(different)) > 0
        if "" in position:
            is_used[position[""]] = False
        used = np.flatnonzero(is_used)
        renumbered = np.full(len(different), -1, dtype=np.int32)
        renumbered[used] = np.arange(len(used), dtype=np.int32)
        found.append(Words(renumbered[codes], [different[code] for code in used.tolist()]))
    return found
