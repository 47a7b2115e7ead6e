"""A run small enough for a napkin: eight devices and one convoy on the toy triangle.

June 2016 is the warm-up, the decision falls on 16 July, the run ends with August.

    device  placed  end
    1       10 Jun  strikes a patrol on 10 Jul, before the decision: 1 killed
    2        5 Jul  found by a patrol on 20 Jul: live at the decision
    3       18 Jul  strikes the convoy on 25 Jul: 1 killed, 3 wounded, 1 contractor
    4       20 Jul  hits civilians on 1 Aug: 2
    5        2 Aug  expires on 20 Aug
    6        5 Aug  lives on
    7        6 Aug  found by a sweep on 7 Aug
    8        8 Aug  strikes a patrol on 9 Aug: nobody is hurt

The convoy is ordered on 23 July, cannot leave on 24 July for want of an escort, leaves on 25 July
at 06:00 and drives 40 km from west to north in 8 h, 5 h of them halted.
"""

from datetime import date

import numpy as np

from sim.results.ground import network_of
from sim.roads import RoadNetwork
from sim.world.events import Cause, Kind
from sim.world.record import EVENT_COLUMNS, RunRecord
from sim.world.scenario import Force, Reinforcement, Roads, Runs, Scenario

CONVOY, PATROL, TEAM, UNIT, CELL, LAST = 101, 102, 103, 104, 105, 106
WEST, NORTH = 1, 0


def small_scenario(name: str = "small", title: str = "Eight devices and one convoy") -> Scenario:
    return Scenario(
        name=name,
        title=title,
        baseline=name,
        roads=Roads(name="toy_triangle"),
        runs=Runs(
            start="2016-07-01", decision_date="2016-07-16", end="2016-09-01", warm_up_days=30
        ),
        force=Force(
            reinforcements={"more": Reinforcement("north", "infantry", 135.0, arrival="2016-08-01")}
        ),
    )


def hour(day: int, month: int, at: float = 12.0) -> float:
    return (date(2016, month, day) - date(2016, 6, 1)).days * 24.0 + at


def small_record(run: int = 0) -> tuple[RunRecord, RoadNetwork]:
    scenario = small_scenario()
    network = network_of(scenario)
    near_north = network.segments.name.index("north-west/01")
    south = network.segments.name.index("east-west/01")
    rows = [
        dict(time_h=hour(10, 6), kind=Kind.PLACED, entity=1, segment=south),
        dict(time_h=hour(5, 7), kind=Kind.PLACED, entity=2, segment=south),
        dict(
            time_h=hour(10, 7),
            kind=Kind.STRUCK,
            entity=1,
            other=PATROL,
            cause=Cause.PATROL,
            segment=south,
            killed=1,
        ),
        dict(time_h=hour(16, 7, 0.0), kind=Kind.DECIDED),
        dict(time_h=hour(18, 7), kind=Kind.PLACED, entity=3, segment=near_north),
        dict(
            time_h=hour(20, 7),
            kind=Kind.FOUND,
            entity=2,
            other=PATROL,
            cause=Cause.PATROL,
            segment=south,
            hours=2.0,
        ),
        dict(time_h=hour(20, 7, 13.0), kind=Kind.PLACED, entity=4, segment=near_north),
        dict(time_h=hour(23, 7, 6.0), kind=Kind.ORDERED, entity=CONVOY, camp=NORTH),
        dict(
            time_h=hour(24, 7, 6.0),
            kind=Kind.WAITED,
            entity=CONVOY,
            camp=NORTH,
            cause=Cause.NO_ESCORT,
        ),
        dict(
            time_h=hour(25, 7, 6.0),
            kind=Kind.DEPARTED,
            entity=CONVOY,
            other=UNIT,
            camp=NORTH,
            hours=48.0,
        ),
        dict(
            time_h=hour(25, 7, 7.0),
            kind=Kind.STRUCK,
            entity=3,
            other=CONVOY,
            cause=Cause.CONVOY,
            segment=near_north,
            killed=1,
            wounded=3,
            contractors=1,
            hours=5.0,
        ),
        dict(time_h=hour(25, 7, 14.0), kind=Kind.ARRIVED, entity=CONVOY, camp=NORTH, hours=8.0),
        dict(
            time_h=hour(1, 8),
            kind=Kind.STRUCK_OTHERS,
            entity=4,
            cause=Cause.CIVILIAN,
            segment=near_north,
            civilians=2,
        ),
        dict(time_h=hour(1, 8, 0.0), kind=Kind.UNIT_ARRIVED, entity=UNIT, camp=NORTH),
        dict(time_h=hour(2, 8), kind=Kind.PLACED, entity=5, segment=near_north),
        dict(time_h=hour(5, 8), kind=Kind.PLACED, entity=6, segment=south),
        dict(time_h=hour(6, 8), kind=Kind.PLACED, entity=7, segment=south),
        dict(time_h=hour(7, 8), kind=Kind.SWEPT, entity=TEAM, segment=south, hours=3.0),
        dict(
            time_h=hour(7, 8),
            kind=Kind.FOUND,
            entity=7,
            other=TEAM,
            cause=Cause.SWEEP,
            segment=south,
        ),
        dict(time_h=hour(8, 8), kind=Kind.PLACED, entity=8, segment=south),
        dict(
            time_h=hour(9, 8),
            kind=Kind.STRUCK,
            entity=8,
            other=PATROL,
            cause=Cause.PATROL,
            segment=south,
            hours=3.0,
        ),
        dict(time_h=hour(20, 8), kind=Kind.EXPIRED, entity=5, segment=near_north),
    ]
    events = _columns(rows)
    clock = scenario.clock()
    n_periods = 4  # June, 1-15 July, 16-31 July, August
    vehicle_km = np.zeros((2, n_periods, network.n_segments))
    vehicle_km[0, 2, near_north] = 2000.0
    vehicle_km[1, :, south] = 500.0
    person_km = vehicle_km * 3.0
    troop_days = np.outer([30.0, 15.0, 16.0, 31.0], [100.0, 200.0])
    stockout = np.zeros((n_periods, 2))
    stockout[3, NORTH] = 141.0
    record = RunRecord(
        run=run,
        seed=1,
        clock=clock,
        camp_ids=("north", "west"),
        events=events,
        vehicle_km=vehicle_km,
        person_km=person_km,
        n_patrols=np.array([10.0, 5.0, 6.0, 12.0]),
        troop_days=troop_days,
        stockout_person_days=stockout,
        wait_h=np.array([0.0, 0.0, 48.0, 0.0]),
        undisturbed_h=np.array([0.0, 0.0, 3.0, 0.0]),
        journey_h=np.array([0.0, 0.0, 8.0, 0.0]),
        team_h=np.array([10.0, 5.0, 4.0, 3.0]),
        live_device_h=np.array([480.0, 360.0, 384.0, 744.0]),
        cell_strength=np.array([1.0, 1.0, 2.0, 3.0]),
        training_level=np.array([0.5, 0.5, 0.5, 0.5]),
        traffic_seen=np.array([5.0, 9.0, 10.0, 10.0]),
        progress=np.array([0.1, 0.1, 0.2, 0.3]),
        grievance=np.array([0.0, 0.5, 0.4, 0.2]),
        cells_active=np.array([4.0, 4.0, 3.0, 4.0]),
        cells_in_refuge=np.array([0.0, 0.0, 1.0, 0.0]),
        cell_practice=np.array([10.0, 11.0, 12.0, 14.0]),
        died_of_wounds=np.array([0.0, 1.0, 0.0, 1.0]),
        course_places=np.array([0.0, 50.0, 0.0, 120.0]),
        course_company_days=np.array([0.0, 10.0, 0.0, 10.0]),
        live_at_decision=1,
        names={
            CONVOY: "convoy west-north 1",
            PATROL: "patrol of north 7",
            TEAM: "team north 1",
            UNIT: "First company",
        },
    )
    return record, network


def violent_record(run: int = 0) -> tuple[RunRecord, RoadNetwork]:
    """The small record and a row or two of every kind that it lacks.

    Before the decision an attack on a camp kills 9; none of it counts. After it:

        mission   strike on the convoy 1 killed 3 wounded, fire after it 2 and 1, gunfire alone 1
                  and 0, camps 0 and 2 (indirect), 3 and 5 (suicide), 2 and 4 (complex),
                  accident 1 and 1: 10 killed, 16 wounded; 7 and 11 of them at camps
        decoys    three placed: a sweep finds one (3 h), the convoy one, one expires
        nothing   3 h on the decoy, 0.5 h and 1 h on false alarms: 4.5 of 7 team-hours
        cells     struck by a patrol, in a raid (1 civilian) and by the parallel operation (3)
    """
    record, network = small_record(run)
    near_north = network.segments.name.index("north-west/01")
    south = network.segments.name.index("east-west/01")
    convoy = dict(entity=CONVOY, camp=NORTH)
    cell = dict(entity=CELL)
    rows = [
        dict(
            time_h=hour(2, 7), kind=Kind.CAMP_ATTACKED, cause=Cause.INDIRECT_FIRE, camp=0, killed=9
        ),
        dict(time_h=hour(17, 7), kind=Kind.DECOY_PLACED, entity=21, segment=south),
        dict(time_h=hour(17, 7), kind=Kind.DECOY_PLACED, entity=22, segment=near_north),
        dict(time_h=hour(17, 7), kind=Kind.DECOY_PLACED, entity=23, segment=south),
        dict(
            time_h=hour(19, 7),
            kind=Kind.DECOY_FOUND,
            entity=21,
            other=TEAM,
            cause=Cause.SWEEP,
            segment=south,
            hours=3.0,
        ),
        dict(time_h=hour(19, 7), kind=Kind.FALSE_ALARM, entity=TEAM, segment=south, hours=0.5),
        dict(
            time_h=hour(7, 8),
            kind=Kind.ACCIDENT,
            entity=TEAM,
            other=7,
            segment=south,
            killed=1,
            wounded=1,
        ),
        *(
            dict(time_h=hour(day, 7, 6.0), kind=Kind.WAITED, cause=cause, **convoy)
            for day, cause in enumerate(
                (Cause.NO_TRUCKS, Cause.NO_STOCK, Cause.NOT_SWEPT, Cause.NOT_FULL), 18
            )
        ),
        dict(
            time_h=hour(25, 7, 6.5),
            kind=Kind.DECOY_FOUND,
            entity=22,
            other=CONVOY,
            cause=Cause.CONVOY,
            segment=near_north,
            hours=4.0,
        ),
        dict(
            time_h=hour(25, 7, 7.0),
            kind=Kind.FOLLOW_ON_FIRE,
            entity=3,
            other=CONVOY,
            cause=Cause.CONVOY,
            segment=near_north,
            killed=2,
            wounded=1,
        ),
        dict(time_h=hour(25, 7, 12.0), kind=Kind.REROUTED, segment=near_north, hours=6.0, **convoy),
        dict(
            time_h=hour(3, 8),
            kind=Kind.GUNFIRE,
            other=PATROL,
            cause=Cause.PATROL,
            segment=south,
            killed=1,
            **cell,
        ),
        dict(
            time_h=hour(4, 8),
            kind=Kind.CAMP_ATTACKED,
            cause=Cause.INDIRECT_FIRE,
            camp=NORTH,
            wounded=2,
            **cell,
        ),
        dict(time_h=hour(7, 8), kind=Kind.FALSE_ALARM, entity=TEAM, segment=south, hours=1.0),
        dict(
            time_h=hour(10, 8),
            kind=Kind.CAMP_ATTACKED,
            cause=Cause.SUICIDE_VEHICLE,
            camp=NORTH,
            killed=3,
            wounded=5,
            **cell,
        ),
        dict(
            time_h=hour(11, 8),
            kind=Kind.CELL_STRUCK,
            cause=Cause.PATROL,
            segment=south,
            strength=0.9,
            **cell,
        ),
        dict(
            time_h=hour(12, 8),
            kind=Kind.CAMP_ATTACKED,
            cause=Cause.COMPLEX_ATTACK,
            camp=WEST,
            killed=2,
            wounded=4,
            **cell,
        ),
        dict(
            time_h=hour(13, 8),
            kind=Kind.CELL_STRUCK,
            cause=Cause.RAID,
            civilians=1,
            strength=0.7,
            **cell,
        ),
        dict(
            time_h=hour(14, 8),
            kind=Kind.CELL_STRUCK,
            cause=Cause.COUNTER_TERROR,
            civilians=3,
            strength=0.5,
            **cell,
        ),
        dict(time_h=hour(14, 8), kind=Kind.CELL_FLED, strength=0.5, **cell),
        dict(time_h=hour(15, 8), kind=Kind.TRAINED, entity=UNIT, camp=NORTH, strength=130.0),
        dict(time_h=hour(16, 8), kind=Kind.DECOY_EXPIRED, entity=23, segment=south),
        dict(time_h=hour(27, 8), kind=Kind.CAMP_CLOSED, camp=NORTH, strength=848.0),
        dict(
            time_h=hour(27, 8),
            kind=Kind.DEPARTED,
            entity=LAST,
            other=UNIT,
            camp=WEST,
            cause=Cause.WITHDRAWAL,
        ),
        dict(
            time_h=hour(28, 8),
            kind=Kind.ARRIVED,
            entity=LAST,
            camp=WEST,
            cause=Cause.WITHDRAWAL,
            hours=24.0,
        ),
        dict(time_h=hour(30, 8), kind=Kind.CELL_RETURNED, strength=0.8, **cell),
    ]
    columns = _columns(rows)
    joined = {name: np.concatenate([record.events[name], columns[name]]) for name in columns}
    order = np.argsort(joined["time_h"], kind="stable")
    record.events = {name: column[order] for name, column in joined.items()}
    record.names |= {LAST: "convoy north-west 1", CELL: "cell north 1"}
    return record, network


def _columns(rows: list[dict]) -> dict[str, np.ndarray]:
    """Rows as columns of the event table, in order of time."""
    blank = dict.fromkeys(EVENT_COLUMNS, 0) | {"segment": -1, "camp": -1}
    in_order = sorted(rows, key=lambda row: row["time_h"])
    return {
        name: np.array([(blank | row)[name] for row in in_order], dtype=dtype)
        for name, dtype in EVENT_COLUMNS.items()
    }
