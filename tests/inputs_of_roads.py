"""Random inputs of the rules that find ways over roads, and of those that time journeys on them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from random_columns import Columns, rows_of

from sim.roads.maximum_flow import maximum_flow


class Roads:
    """A connected graph for each input, whose roads are cut into pieces; of one size by group."""

    def __init__(self, i: Columns, most_junctions: int = 5, most_loops: int = 3) -> None:
        self.i, rng = i, i.rng
        n = self.n_junctions = i.size(2, most_junctions)
        n_edges = self.n_edges = n - 1 + i.size(0, most_loops)
        # A tree first, and then edges between any two junctions.
        one = np.arange(1, n)
        other = np.floor(i.reals(n - 1, 0.0, 1.0) * one).astype(int)
        more = rng.integers(0, n, (i.n, n_edges - n + 1))
        more_to = (more + rng.integers(1, n, more.shape)) % n
        ends = np.concatenate([i.same(one), more], axis=1), np.concatenate([other, more_to], axis=1)
        first, last = np.minimum(*ends), np.maximum(*ends)
        self.edge_from = first.astype(np.int32)
        # Half edges by junction, then by neighbour, then by edge.
        here, there = np.concatenate([first, last], axis=1), np.concatenate([last, first], axis=1)
        edge = np.tile(np.arange(n_edges), 2)
        halves = np.sort((here * n + there) * n_edges + edge, axis=1)
        degrees = (here[:, :, None] == np.arange(n)).sum(axis=1)
        self.start = np.zeros((i.n, n + 1), dtype=np.int32)
        np.cumsum(degrees, axis=1, out=self.start[:, 1:])
        self.edge = (halves % n_edges).astype(np.int32)
        self.junction = (halves // n_edges % n).astype(np.int32)
        self.n_segments = n_edges + i.size(0, 3)
        more_pieces = rng.multinomial(self.n_segments - n_edges, np.full(n_edges, 1 / n_edges), i.n)
        self.first = np.zeros((i.n, n_edges + 1), dtype=np.int32)
        np.cumsum(1 + more_pieces, axis=1, out=self.first[:, 1:])

    @property
    def adjacency(self) -> tuple[Any, ...]:
        return self.start, self.edge, self.junction

    def length_km(self) -> np.ndarray:
        return self.i.reals(self.n_segments, 0.5, 25.0)

    def of_edges(self, high: float) -> np.ndarray:
        """Now and then all alike, so that there are ties, or 0."""
        values = self.i.reals(self.n_edges, 0.0, high) * self.i.flags(self.n_edges, 0.9)
        values[self.i.flag(0.2)] = 1.0
        return values

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        source = self.i.whole(0, self.n_junctions - 1)
        return source, (source + self.i.whole(1, self.n_junctions - 1)) % self.n_junctions

    def place(self) -> tuple[np.ndarray, ...]:
        """An edge, one of its pieces, and how far along that."""
        edge, rows = self.i.whole(0, self.n_edges - 1), np.arange(self.i.n)
        return (
            edge,
            self.i.whole(self.first[rows, edge], self.first[rows, edge + 1] - 1),
            (self.i.share()),
        )

    def view(self) -> tuple[Any, ...]:
        return (
            self.of_edges(5.0), self.of_edges(0.5), self.edge_from, *self.adjacency, *self.ends(),
            self.i.real(1.0, 4.0),
        )  # fmt: skip

    def room_for_ways(self) -> tuple[Any, ...]:
        return (
            self.i.zeros(self.n_edges + 1, dtype=np.int32),
            self.i.zeros(self.n_edges * self.n_junctions, dtype=np.int32),
            self.i.zeros(self.n_edges),
        )

    def flow(self) -> tuple[Any, ...]:
        amounts = self.of_edges(9.0), self.of_edges(9.0)
        return *amounts, self.edge_from, *self.adjacency, *self.ends(), self.i.zeros(self.n_edges)


class Drive:
    """Some pieces of road in a row, which may come twice, and how each is driven."""

    def __init__(self, i: Columns) -> None:
        self.i, self.n_segments, self.n_line = i, i.size(1, 5), i.size(1, 6)
        self.length_km = i.reals(self.n_segments, 0.5, 25.0)
        self.h_per_km = i.reals(self.n_segments, 0.01, 0.3)
        self.wait_h = i.reals(self.n_segments, 0.0, 2.0) * i.flags(self.n_segments, 0.2)
        self.segments = i.rng.integers(0, self.n_segments, (i.n, self.n_line), dtype=np.int32)
        self.forwards = i.flags(self.n_line, 0.5)

    @property
    def line(self) -> tuple[Any, ...]:
        return self.segments, self.forwards

    @property
    def paces(self) -> tuple[Any, ...]:
        return self.length_km, self.h_per_km, self.wait_h

    def journey(self) -> tuple[Any, ...]:
        """As `sim.world.journey.over_whole_pieces` has it."""
        km, h_per_km, wait_h = (
            np.take_along_axis(by_piece, self.segments, axis=1) for by_piece in self.paces
        )
        drive_h = np.zeros((self.i.n, self.n_line + 1))
        np.cumsum(km * h_per_km + wait_h, axis=1, out=drive_h[:, 1:])
        enter_km = np.where(self.forwards, 0.0, km)
        return self.segments, enter_km, km - enter_km, drive_h

    def legs_to_fill(self, n: int) -> tuple[Any, ...]:
        return self.i.zeros(n), self.i.zeros(n), self.i.zeros(n + 1)

    def book(self) -> np.ndarray:
        """A memory of something by piece, or as of when it is."""
        return self.i.reals(self.n_segments, 0.0, 9.0)


def split_flow(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    arguments = roads.flow()
    for row in rows_of(arguments):
        maximum_flow(*row)
    return arguments[-1], roads.of_edges(5.0), *arguments[2:8], *roads.room_for_ways()


def grow_tree(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    return roads.of_edges(5.0), roads.ends()[0], *roads.adjacency


def cheapest_way(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    return roads.of_edges(5.0), *roads.adjacency, *roads.ends()


def cut_edge(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    return roads.edge_from, *roads.adjacency, i.whole(0, roads.n_edges - 1)


def cut_value(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    return roads.of_edges(5.0), roads.length_km(), roads.first, *roads.place()


def risk_by_edge(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    n = roads.n_segments
    hazard = i.spreads(n, 1e-5, 3.0)
    return hazard, roads.length_km(), roads.first, i.zeros(n), i.zeros(roads.n_edges)


def safest_way(i: Columns) -> tuple[Any, ...]:
    view = Roads(i).view()
    return *view[:2], *view[3:]


def mix_of_ways(i: Columns) -> tuple[Any, ...]:
    roads = Roads(i)
    return *roads.view(), *roads.room_for_ways()


def over_whole_pieces(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    return *drive.line, *drive.paces


def fill_whole_pieces(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    n = drive.n_line
    return *drive.line, i.whole(0, n), *drive.paces, *drive.legs_to_fill(n + 1)


def out_and_back(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    return *drive.line, drive.length_km, i.real(0.1, 120.0), drive.h_per_km, drive.wait_h


def fill_out_and_back(i: Columns) -> tuple[Any, ...]:
    """Now and then there is no room for all legs."""
    drive, n = Drive(i), i.size(1, 14)
    return (
        *drive.line, i.whole(0, drive.n_line), drive.length_km, i.real(0.1, 120.0), drive.h_per_km,
        drive.wait_h, i.zeros(n, dtype=np.int32), *drive.legs_to_fill(n),
    )  # fmt: skip


def next_meeting(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    segments, enter_km, leave_km, _ = drive.journey()
    segment = segments[np.arange(i.n), i.whole(0, drive.n_line - 1)]
    at_km = i.share() * drive.length_km[np.arange(i.n), segment]
    after = i.whole(0, drive.n_line - 1), i.real(0.0, 10.0)
    return segments, enter_km, leave_km, segment, at_km, *after


def settle_passage(i: Columns) -> tuple[Any, ...]:
    """Half of the time all memories are as of one time, and fade alike."""
    drive = Drive(i)
    segments, enter_km, leave_km, drive_h = drive.journey()
    traffic_time_h, half_life_h, is_alike = drive.book(), i.real(24.0, 96.0), i.flag()
    patrols_time_h, passages_time_h = (
        np.where(is_alike[:, None], traffic_time_h, drive.book()) for _ in range(2)
    )
    return (
        segments, enter_km, leave_km * i.share()[:, None], drive_h, i.whole(0, drive.n_line),
        9.0 + i.real(0.0, 40.0), i.same(9.0), i.real(0.0, 2.0), *i.daylight(), drive.length_km,
        i.real(1.0, 60.0), i.real(1.0, 300.0), i.flag(), drive.book(), traffic_time_h,
        drive.book(), patrols_time_h, half_life_h, drive.book(), passages_time_h,
        np.where(is_alike, half_life_h, 96.0), drive.book(), drive.book(),
    )  # fmt: skip


def expect_on_way(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    segments, _, _, drive_h = drive.journey()
    due_h = np.where(i.flags(drive.n_segments, 0.2), np.inf, i.reals(drive.n_segments, 20.0, 60.0))
    first = i.whole(0, drive.n_line - 1)
    return due_h, segments, drive_h, first, i.same(30.0), i.share(), *i.daylight()


def line_length_km(i: Columns) -> tuple[Any, ...]:
    drive = Drive(i)
    return drive.segments, i.whole(0, drive.n_line), drive.length_km, i.real(0.0, 50.0)


def fill_means(i: Columns) -> tuple[Any, ...]:
    n_roads = i.size(1, 3)
    n = n_roads + i.size(0, 3)
    road_start = np.sort(i.rng.integers(0, n, (i.n, n_roads + 1), dtype=np.int32), axis=1)
    return (
        i.reals(n, 0.0, 1.0), road_start, i.places(n, n), i.reals(n, 0.0, 60.0),
        i.reals(n, 0.5, 25.0), i.real(1.0, 50.0), i.zeros(n_roads),
    )  # fmt: skip


def mark_due(i: Columns) -> tuple[Any, ...]:
    n = i.size(1, 6)
    due_h = np.where(i.flags(n, 0.3), np.inf, i.reals(n, 0.0, 90.0))
    return due_h, i.real(0.0, 24.0), i.real(0.0, 72.0), i.zeros(n)


def parts_to_add(i: Columns) -> tuple[Any, ...]:
    n_stretches, n = i.size(1, 4), i.size(1, 8)
    first = np.sort(i.rng.integers(0, n, (i.n, n_stretches + 1), dtype=np.int32), axis=1)
    return i.reals(n, -9.0, 9.0), first, i.zeros(n_stretches)


def two_of_a_length(i: Columns) -> tuple[Any, ...]:
    n = i.size(0, 8)
    return i.reals(n, -9.0, 9.0), i.spreads(n, 1e-6, 1e6)


def two_places(i: Columns) -> tuple[Any, ...]:
    """Half of them near each other, and now and then one place twice."""
    latitude, longitude, is_near = i.real(-90, 90), i.real(-180, 180), i.flag()
    return (
        latitude, longitude, np.where(is_near, latitude + i.spread(1e-9, 1.0), i.real(-90, 90)),
        np.where(is_near, longitude + i.spread(1e-9, 1.0), i.real(-180, 180)),
    )  # fmt: skip


def places_about(i: Columns) -> tuple[Any, ...]:
    n = i.size(0, 8)
    latitude, longitude = i.real(-90, 90), i.real(-180, 180)
    about = i.spread(1e-3, 4.0)[:, None]
    return (
        latitude, longitude, i.spread(1.0, 500.0), latitude[:, None] + about * i.reals(n, -1, 1),
        longitude[:, None] + about * i.reals(n, -1, 1), i.zeros(n, dtype=np.int32), i.zeros(n),
    )  # fmt: skip


INPUTS: dict[str, Callable[[Columns], tuple[Any, ...]]] = {
    "add_up_parts": parts_to_add,
    "cheapest_way": cheapest_way,
    "cut_edge": cut_edge,
    "cut_value": cut_value,
    "expect_on_way": expect_on_way,
    "fill_means": fill_means,
    "fill_nearby": lambda i: (i.reals(4, 0.0, 300.0), i.real(0.1, 60.0), i.zeros(4)),
    "fill_out_and_back": fill_out_and_back,
    "fill_whole_pieces": fill_whole_pieces,
    "find_in_reach": places_about,
    "great_circle_km": two_places,
    "grow_tree": grow_tree,
    "line_length_km": line_length_km,
    "mark_due": mark_due,
    "maximum_flow": lambda i: Roads(i).flow(),
    "next_meeting": next_meeting,
    "out_and_back": out_and_back,
    "over_whole_pieces": over_whole_pieces,
    "risk_by_edge": risk_by_edge,
    "safest_way": safest_way,
    "settle_passage": settle_passage,
    "split_flow": split_flow,
    "travellers_mix": mix_of_ways,
    "ways_of_mix": mix_of_ways,
    "weighted_sum": two_of_a_length,
}
