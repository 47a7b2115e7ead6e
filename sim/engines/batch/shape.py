"""Shape: how much room each part of the state has, which is a part of the compiled types.

Arrays inside records have a fixed length, so a length that changes compiles everything anew. The
standard shape holds every shipped scenario and all toys; what a world has more of is rounded up to
the standard times a power of two, and a run that fills a list is repeated with twice the room.
"""

from typing import NamedTuple

from sim.world.companies import n_teams
from sim.world.world import World


class Shape(NamedTuple):
    """Capacities; the defaults are the standard shape."""

    n_segments: int = 1536
    n_edges: int = 256
    n_junctions: int = 128
    n_days: int = 4096
    """Days of the calendar."""
    n_periods: int = 160
    n_camps: int = 24
    n_units: int = 256
    n_changes: int = 64
    """Moments at which the strength of one company changes."""
    n_cells: int = 32
    n_teams: int = 96
    n_convoys: int = 64
    """Convoys and patrols that exist at one time, moving or unloading."""
    n_legs: int = 256
    """Legs of one journey."""
    n_meetings: int = 64
    """Devices that one convoy meets."""
    n_live: int = 192
    """Devices and decoys that lie on roads at one time."""
    n_agenda: int = 2048
    n_rows: int = 2048
    """Rows of the event table between two moments at which they are taken out."""
    n_loads: int = 256
    """Loads waiting or on the road at one time."""
    n_near: int = 1 << 17
    """Pieces near pieces, over all pieces, to which what happens on a piece spreads."""
    n_in_reach: int = 1 << 12
    """Pieces in reach of clearance teams, over all their bases."""
    n_between: int = 1 << 19
    """Ways that teams may drive among them."""
    n_levels: int = 64
    """Dated levels of political progress."""
    n_homes: int = 128
    """Homes that cells may have: junctions, each with the area of its cells."""
    n_home_choices: int = 512
    """Homes from which cells choose, over all cells."""
    n_candidates: int = 1 << 14
    """Pieces in reach of cells, over all homes."""
    n_roads_out: int = 128
    """Roads that lead out of camps."""
    n_road_pieces: int = 1024
    """Their pieces, over all of them."""
    n_loop_pieces: int = 1024
    """Pieces of loops for patrols, over all roads out of camps."""


def shape_for(world: World) -> Shape:
    """The standard shape, with more room where a world has more."""
    network, standard = world.network, Shape()
    needed = {
        "n_segments": network.n_segments,
        "n_edges": network.n_edges,
        "n_junctions": network.n_junctions + 1,
        "n_days": int(world.clock.end_h // 24.0) + 2,
        "n_periods": len(world.clock.period_start_h()),
        "n_camps": len(world.camps),
        "n_units": len(world.companies),
        "n_cells": len(world.cells),
        "n_teams": _n_teams(world),
        "n_changes": max(
            (len(s.changes) for c in world.companies for s in (c.before, c.after)), default=0
        ),
        # A patrol a company, and what supply sends.
        "n_convoys": len(world.companies) // 4,
    }
    return standard._replace(
        **{name: room_for(getattr(standard, name), count) for name, count in needed.items()}
    )


def room_for(standard: int, count: int) -> int:
    """The least of the standard times a power of two that holds `count`.

    >>> room_for(64, 10), room_for(64, 65)
    (64, 128)
    """
    while standard < count:
        standard *= 2
    return standard


def grown(shape: Shape, room: int) -> Shape:
    """The shape with twice the room in one place, named by its number among the fields."""
    name = Shape._fields[room]
    return shape._replace(**{name: 2 * getattr(shape, name)})


def _n_teams(world: World) -> int:
    people_per_team = world.scenario.clearance.people_per_team
    return sum(
        n_teams(company, people_per_team)
        for company in world.companies
        if company.unit_type == "eod"
    )


class NeedsRoom(Exception):
    """A table of a world does not fit into a shape: a field of it has to be so large."""

    def __init__(self, room: str, count: int) -> None:
        super().__init__(f"{room} has to be {count} or more")
        self.room = room
        self.count = count


def require(shape: Shape, room: str, count: int) -> None:
    """Raise `NeedsRoom` where a table has more entries than a field of the shape holds."""
    if count > getattr(shape, room):
        raise NeedsRoom(room, count)
