import math

import numpy as np
import pytest
from scipy import stats
from small_worlds import (
    DAY_H,
    a_month_on_the_triangle,
    add_row,
    all_bytes,
    an_empty_road,
    changed,
    copy_of_theatre,
    count_arrays,
    happened,
    lay_device,
    logged,
)

from sim.draws import KEYS_PER_SOURCE
from sim.engines import run_scenario
from sim.engines.reference.device import Device
from sim.engines.reference.model import ConvoyModel, simulate_run
from sim.errors import DrawError
from sim.rules.politics import motivation
from sim.world.events import Cause, Kind
from sim.world.world import segments_within

ENDS = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)


def placed(scenario, run=0):
    return happened(run_scenario(scenario, 1, run), Kind.PLACED)


def test_with_no_attempts_nothing_is_placed_and_nothing_explodes():
    scenario = a_month_on_the_triangle(threat={"attempts_per_month": 0.0})
    for run in range(5):
        record = run_scenario(scenario, 1, run)
        assert happened(record, Kind.PLACED, *ENDS) == []
        assert record.live_device_h.sum() == 0.0


def test_attempts_come_at_their_rate():
    scenario = a_month_on_the_triangle(
        threat={"attempts_per_month": 100.0},
        politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        runs={"end": "2016-10-01"},
    )
    n_placed = sum(len(placed(scenario, run)) for run in range(10)) / 10
    assert n_placed == pytest.approx(100 * 92 / 30.4375, rel=0.08)


def test_progress_thins_attempts_and_leaves_the_others_as_they_were():
    stalled = a_month_on_the_triangle(
        politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1}
    )
    moved = changed(
        stalled, politics={"path": {"2016-07-01": 0.6}, "motivation_at_full_progress": 0.3}
    )
    then, now = placed(stalled), placed(moved)
    assert {row.time_h for row in now} < {row.time_h for row in then}
    assert len(now) == pytest.approx(len(then) * motivation(0.6, 0.1, 0.3), abs=12)


def test_a_rate_above_the_declared_ceiling_is_an_error():
    model = ConvoyModel(a_month_on_the_triangle(threat={"attempts_ceiling_factor": 3.0}))
    for cell in model.militants:
        cell._strength = 4.0  # nothing in a scenario can bring this about
    with pytest.raises(DrawError, match=r"1.33 times .* Raise threat.attempts_ceiling_factor"):
        model.run()


def test_a_cell_places_devices_within_its_reach_alone():
    scenario = a_month_on_the_triangle(threat={"reach_km": 12.0, "attempts_per_month": 200.0})
    model = ConvoyModel(scenario)
    model.run()
    network = model.world.network
    cells = {cell.key: cell for cell in model.militants}
    rows = logged(model, Kind.PLACED)
    assert len(rows) > 100
    for row in rows:
        home = cells[row.other].home
        assert row.segment in set(segments_within(network, home, 12.0)[0].tolist())
    everywhere = {row.segment for row in placed(changed(scenario, threat={"reach_km": 100.0}))}
    assert len(everywhere) > len({row.segment for row in rows})


def test_placing_nothing_is_one_of_the_options():
    without = a_month_on_the_triangle(
        threat={"nothing_km": 0.0, "beta_traffic": 0.0, "beta_distance_per_km": 0.0}
    )
    n_all = len(placed(without))
    # 121 km of road without any pull, against nothing that weighs as much: about half.
    n_half = len(placed(changed(without, threat={"nothing_km": 121.0})))
    assert n_half == pytest.approx(n_all / 2, abs=15)
    assert placed(changed(without, threat={"nothing_km": 1e5, "attempts_per_month": 10.0})) == []


def test_traffic_draws_devices_to_the_roads_that_are_driven():
    """Two proportions over ten runs; without the pull they differ by 4 errors once in 30,000."""
    counts = {}
    for beta in (0.0, 3.0):
        scenario = a_month_on_the_triangle(
            threat={
                "beta_traffic": beta,
                "attempts_per_month": 200.0,
                "beta_distance_per_km": 0.0,
                "beta_pressure": 0.0,
                "beta_success": 0.0,
            },
        )
        n_busy = n_all = 0
        for run in range(10):
            record = run_scenario(scenario, 1, run)
            driven = record.vehicle_km.sum(axis=(0, 1))
            busy = set((driven > driven.mean()).nonzero()[0].tolist())
            rows = happened(record, Kind.PLACED)
            n_busy += sum(row.segment in busy for row in rows)
            n_all += len(rows)
        counts[beta] = n_busy, n_all
    shares = {beta: n_busy / n_all for beta, (n_busy, n_all) in counts.items()}
    variance = sum(shares[b] * (1.0 - shares[b]) / n_all for b, (_, n_all) in counts.items())
    assert shares[3.0] - shares[0.0] > 4.0 * variance**0.5


def test_a_home_that_is_not_given_is_drawn_by_run():
    homes = {ConvoyModel(a_month_on_the_triangle(), 1, run).militants[1].home for run in range(20)}
    assert len(homes) == 3
    first = {ConvoyModel(a_month_on_the_triangle(), 1, run).militants[0].home for run in range(20)}
    assert len(first) == 1


def test_devices_are_named_by_cell_and_number():
    model = ConvoyModel(a_month_on_the_triangle())
    model.run()
    keys = {cell.key: cell.device_key for cell in model.militants}
    n_by_cell = dict.fromkeys(keys, 0)
    for row in logged(model, Kind.PLACED):
        assert row.entity - keys[row.other] == n_by_cell[row.other] < KEYS_PER_SOURCE
        n_by_cell[row.other] += 1
    assert min(n_by_cell.values()) > 5


# What a cell is at the end of a period.


def test_with_everything_off_strength_stays_at_one_and_nobody_leaves():
    record = run_scenario(a_month_on_the_triangle(), 1, 0)
    assert record.cell_strength.tolist() == record.cells_active.tolist() == [2.0]
    assert record.cells_in_refuge.tolist() == record.grievance.tolist() == [0.0]
    n_placed = len(happened(record, Kind.PLACED))
    assert record.cell_practice.tolist() == pytest.approx([10.0 + n_placed / 2])


# Losses and recruitment.


def test_a_loss_takes_its_share_of_people_and_of_practice():
    model = ConvoyModel(a_month_on_the_triangle(threat={"skill_reference_devices": 8.0}))
    cell = model.militants[0]
    cell.lose(0.25, Cause.RAID, civilians=3)
    cell.lose(0.5, Cause.PATROL, segment=2)
    assert (cell.strength_now(), cell.practice) == (0.375, 3.0)
    first, second = logged(model, Kind.CELL_STRUCK)
    assert (first.entity, first.cause, first.strength, first.civilians, first.segment) == (
        cell.key, Cause.RAID, 0.75, 3, -1,
    )  # fmt: skip
    assert (second.cause, second.strength, second.civilians, second.segment) == (
        Cause.PATROL, 0.375, 0, 2,
    )  # fmt: skip


def test_a_cell_grows_again_exponentially_towards_its_capacity():
    """At 2 a year a loss of 0.6 is 0.6 e^(-2 days / 365.25) later."""
    model = ConvoyModel(
        a_month_on_the_triangle(
            attrition={"recruitment_per_year": 2.0},
            politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        )
    )
    cell = model.militants[0]
    cell.lose(0.6, Cause.RAID)
    for days in (1.0, 10.0, 29.5):
        model.advance_to(days * DAY_H)
        gap = 0.6 * math.exp(-2.0 * days / 365.25)
        assert cell.strength_now() == pytest.approx(1.0 - gap, rel=1e-12)


def test_capacity_is_reviewed_at_the_end_of_a_month_and_held_until_the_next():
    """From 1 July at 0.55 capacity is 0.65; grievance of half on top from the first of August."""
    model = ConvoyModel(
        a_month_on_the_triangle(
            attrition={
                "recruitment_per_year": 100.0,
                "capacity_at_full_progress": 0.3,
                "grievance_per_civilian": 0.1,
                "grievance_half_life_days": 1e4,
            },
            politics={"path": {"2016-07-01": 0.55}, "reference_level": 0.1},
            threat={"attempts_per_month": 0.0},
            runs={"end": "2016-09-30"},
        )
    )
    cell = model.militants[0]
    model.grievance.add(5)
    model.advance_to(30.9 * DAY_H)
    assert cell.strength_now() == pytest.approx(0.65, rel=1e-3)
    model.advance_to(61.9 * DAY_H)
    left = 0.5 * 0.5 ** (31.0 / 1e4)
    assert cell.strength_now() == pytest.approx(0.65 * (1.0 + left), rel=1e-3)


def test_what_grew_under_the_old_capacity_is_kept_at_a_review():
    """At 2 a year from 0.5: 31 days towards 1, then 20 days towards 1.5."""
    model = ConvoyModel(
        a_month_on_the_triangle(
            attrition={
                "recruitment_per_year": 2.0,
                "grievance_per_civilian": 0.1,
                "grievance_half_life_days": 1e4,
            },
            politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
            runs={"end": "2016-08-31"},
        )
    )
    cell = model.militants[0]
    cell.lose(0.5, Cause.RAID)
    model.advance_to(30.0 * DAY_H)
    model.grievance.add(5)
    model.advance_to(51.0 * DAY_H)
    august = 1.0 - 0.5 * math.exp(-2.0 * 31.0 / 365.25)
    held = 1.0 + 0.5 * 0.5 ** (1.0 / 1e4)
    gap = (held - august) * math.exp(-2.0 * 20.0 / 365.25)
    assert cell.strength_now() == pytest.approx(held - gap, rel=1e-9)


def test_a_dispersed_cell_does_nothing_until_it_has_grown_again():
    """From 0.05 to 0.15 at 1 a year: ln(0.95 / 0.85) years, 40.6 days."""
    scenario = a_month_on_the_triangle(
        threat={"attempts_per_month": 1000.0},
        attrition={"recruitment_per_year": 1.0, "dispersed_below": 0.15},
        politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        runs={"end": "2016-09-01"},
    )
    model = ConvoyModel(scenario)
    for cell in model.militants:
        cell.lose(0.95, Cause.RAID)
        assert not cell.is_active
    record = model.run()
    first_h = happened(record, Kind.PLACED)[0].time_h
    grown_h = 365.25 * 24.0 * math.log(0.95 / 0.85)
    assert grown_h < first_h < grown_h + 36.0
    assert record.cells_active.tolist() == [0.0, 2.0]


def test_decisions_follow_strength():
    """Half the people, half the decisions: the same candidates, of which half are left."""
    counts = []
    for share in (0.0, 0.5):
        model = ConvoyModel(a_month_on_the_triangle(threat={"attempts_per_month": 600.0}))
        for cell in model.militants:
            cell.lose(share, Cause.RAID)
        model.run()
        counts.append(len(logged(model, Kind.PLACED)))
    assert counts[1] == pytest.approx(counts[0] / 2.0, abs=4.0 * counts[0] ** 0.5 / 2.0)


# Meeting patrols.


def a_road_with_patrols_a_day(per_day, **attrition):
    """What cells remember says that many patrols a day on the one piece, and fades slowly."""
    scenario = an_empty_road(
        threat={
            "attempts_per_month": 600.0,
            "nothing_km": 0.0,
            "memory_half_life_days": 3650.0,
            "attempts_ceiling_factor": 2.0,
        },
        politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        attrition=attrition,
    )
    model = ConvoyModel(scenario)
    model.patrols_seen[:] = per_day * 3650.0 / math.log(2.0)
    return model


def test_a_cell_at_work_meets_patrols_as_often_as_on_paper():
    """Eight patrols a day and three hours: 1 - e^-0.5 if each meets it with 0.5.

    A binomial test of some 600 decisions at 1e-4; a probability of a quarter would be noticed.
    """
    model = a_road_with_patrols_a_day(8.0, contact_probability=0.5, work_h=3.0, contact_loss=0.0)
    model.run()
    n_met = len(logged(model, Kind.CELL_STRUCK))
    n_all = n_met + len(logged(model, Kind.PLACED))
    assert n_all > 500
    assert stats.binomtest(n_met, n_all, 1.0 - math.exp(-0.5)).pvalue > 1e-4
    assert stats.binomtest(n_met, n_all, 0.25).pvalue < 1e-4
    for row in logged(model, Kind.CELL_STRUCK):
        assert (row.cause, row.segment, row.strength) == (Cause.PATROL, 0, 1.0)


def test_a_cell_that_is_met_loses_people_and_places_nothing():
    model = a_road_with_patrols_a_day(1000.0, contact_probability=1.0, work_h=3.0, contact_loss=0.5)
    model.run()
    assert logged(model, Kind.PLACED) == []
    strengths = [row.strength for row in logged(model, Kind.CELL_STRUCK)]
    # 0.125 is below the 0.15 at which it is dispersed.
    assert strengths == [0.5, 0.25, 0.125]


def test_without_patrols_nobody_is_met():
    model = a_road_with_patrols_a_day(0.0, contact_probability=1.0, work_h=72.0)
    model.run()
    assert logged(model, Kind.CELL_STRUCK) == []


def test_patrols_are_remembered_where_they_drive_and_convoys_are_not():
    for process, is_seen in (("policy", True), ("none", False)):
        model = ConvoyModel(a_month_on_the_triangle(force={"patrol_process": process}))
        model.run()
        model.settle_traffic()
        assert bool(model.patrols_seen.max() > 0.0) is is_seen
        assert model.traffic.max() > 0.0


def test_patrols_deter_from_the_roads_on_which_they_are_seen():
    """One of six pieces alike has 19 patrols a day: with beta 1 it weighs a twentieth."""
    scenario = a_month_on_the_triangle(
        force={"patrol_process": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        clearance={"policy": "none"},
        attrition={"beta_deterrence": 1.0},
        threat={
            "attempts_per_month": 1000.0,
            "beta_distance_per_km": 0.0,
            "memory_half_life_days": 3650.0,
            "expiry_mean_days": 0.01,
        },
    )
    model = ConvoyModel(scenario)
    model.patrols_seen[0] = 19.0 * 3650.0 / math.log(2.0)
    model.run()
    n_there = sum(row.segment == 0 for row in logged(model, Kind.PLACED))
    n_all = len(logged(model, Kind.PLACED))
    length_km = model.length_km
    chance = (length_km[0] / 20.0) / (length_km[0] / 20.0 + length_km[1:].sum())
    assert stats.binomtest(n_there, n_all, chance).pvalue > 1e-4
    assert stats.binomtest(n_there, n_all, length_km[0] / length_km.sum()).pvalue < 1e-4


# Decoys and practice.


def test_decoys_come_at_their_share_and_only_expire():
    record = run_scenario(
        a_month_on_the_triangle(
            threat={
                "attempts_per_month": 1000.0,
                "decoy_share": 0.25,
                "others_hazard_per_day": 1.0,
                "expiry_mean_days": 1.0,
            }
        ),
        1,
        0,
    )
    decoys = {row.entity for row in happened(record, Kind.DECOY_PLACED)}
    devices = {row.entity for row in happened(record, Kind.PLACED)}
    n_all = len(decoys) + len(devices)
    assert decoys.isdisjoint(devices)
    assert stats.binomtest(len(decoys), n_all, 0.25).pvalue > 1e-4
    acted = {row.entity for row in happened(record, Kind.STRUCK, Kind.STRUCK_OTHERS)}
    assert acted <= devices
    expired = {row.entity for row in happened(record, Kind.DECOY_EXPIRED)}
    assert expired <= decoys
    assert len(expired) > 150


def test_decoys_are_not_live_devices():
    with_decoys = an_empty_road(
        threat={"attempts_per_month": 300.0, "nothing_km": 0.0, "decoy_share": 1.0}
    )
    model = ConvoyModel(with_decoys)
    record = model.run()
    assert len(model.live) > 50
    assert model.n_live == 0
    assert record.live_device_h.tolist() == [0.0]
    assert record.cell_practice.tolist() == [10.0]
    names = {record.names[key] for key in model.live}
    assert all(name.startswith("decoy ") for name in names)


def test_each_device_is_as_hard_to_find_as_the_practice_behind_it_makes_it():
    """The progress curve on paper: the n-th device of a cell is found (11 / (10 + n))^b as well."""
    concealment = {}
    for exponent in (0.0, 0.5):
        model = ConvoyModel(
            a_month_on_the_triangle(
                threat={
                    "skill_exponent": exponent,
                    "skill_reference_devices": 10.0,
                    "skill_most": 10.0,
                    "expiry_mean_days": 1e9,
                    "others_hazard_per_day": 0.0,
                    "fixed_find_probability": 0.0,
                    "fixed_strike_probability": 0.0,
                },
                clearance={"policy": "none"},
            )
        )
        model.run()
        concealment[exponent] = {key: device.concealment for key, device in model.live.items()}
    drawn, practised = concealment[0.0], concealment[0.5]
    assert drawn.keys() == practised.keys()
    for cell in model.militants:
        keys = [key for key in drawn if 0 <= key - cell.device_key < cell.n_placed]
        assert len(keys) == cell.n_placed > 10
        for key in keys:
            practice = 10.0 + (key - cell.device_key)
            assert practised[key] / drawn[key] == pytest.approx((11.0 / (1.0 + practice)) ** 0.5)


# Success, and a threat that does not adapt.


def busier(scenario=None, **threat):
    return changed(
        scenario or a_month_on_the_triangle(),
        threat={"success_extra_decisions": 5.0, "success_half_life_days": 7.0, **threat},
    )


def test_a_strike_makes_the_cell_that_placed_the_device_busier_and_nobody_else():
    """Twice 5 ln 2 / 7, half of which is left after a week, on top of a base of 30 a month."""
    model = ConvoyModel(busier(attempts_per_month=60.0, success_ceiling=6.0))
    other, own = model.militants
    for key in (1000, 1001):
        device = Device(key, 0, 1.0, 1.0, 0.0, math.inf, Cause.NONE)
        model.place_device(device, cell=own)
        model.end_device(device)
        model.tell_of_device(device, is_strike=True)
    base = 30.0 / 30.4375
    motivation_now = model.politics.motivation()
    assert own.decisions_per_day() == pytest.approx(
        (base + 2.0 * 5.0 * math.log(2.0) / 7.0) * motivation_now
    )
    assert other.decisions_per_day() == pytest.approx(base * motivation_now)
    model.now_h = 7 * DAY_H
    assert own.decisions_per_day() == pytest.approx(
        (base + 5.0 * math.log(2.0) / 7.0) * model.politics.motivation()
    )


def test_a_find_makes_nobody_busier():
    model = ConvoyModel(busier())
    before = [cell.decisions_per_day() for cell in model.militants]
    device = lay_device(model, 1.0)
    model.end_device(device)
    model.tell_of_device(device, is_strike=False)
    assert [cell.decisions_per_day() for cell in model.militants] == before


def frozen_in_the_middle(**groups):
    scenario = busier(
        a_month_on_the_triangle(runs={"decision_date": "2016-07-16"}),
        adaptive=False,
        skill_exponent=0.5,
        attempts_per_month=300.0,
    )
    return changed(scenario, **groups)


def test_a_threat_that_does_not_adapt_is_the_same_until_the_decision():
    frozen = frozen_in_the_middle()
    learning = changed(frozen, threat={"adaptive": True})
    records = [simulate_run(scenario, 1, 0) for scenario in (frozen, learning)]
    decision_h = 15 * DAY_H
    pasts = [
        [row for row in zip(*record.events.values(), strict=True) if row[0] < decision_h]
        for record in records
    ]
    assert pasts[0] == pasts[1]
    assert len(pasts[0]) > 100
    for name, counted in count_arrays(records[0]).items():
        assert counted[0].tobytes() == count_arrays(records[1])[name][0].tobytes(), name
    assert all_bytes(records[0]) != all_bytes(records[1])


def test_a_threat_that_does_not_adapt_reads_what_it_knew_and_learns_nothing():
    model = ConvoyModel(frozen_in_the_middle())
    model.advance_to(15 * DAY_H + 1.0)
    then = model.cell_memory.read()
    kept = [array.tobytes() for array in list(vars(then).values())[1:]]
    practice = [cell.practice for cell in model.militants]
    assert then.as_of_h == 15 * DAY_H
    model.run()
    now = model.cell_memory.read()
    assert now.as_of_h == then.as_of_h
    assert [array.tobytes() for array in list(vars(now).values())[1:]] == kept
    assert not np.array_equal(model.traffic, now.traffic)
    assert [cell.practice for cell in model.militants] == practice
    cell = model.militants[0]
    rate = cell.decisions_per_day()
    cell.succeed()
    assert cell.decisions_per_day() == rate


def test_a_threat_that_does_not_adapt_still_loses_people():
    model = ConvoyModel(frozen_in_the_middle())
    model.advance_to(20 * DAY_H)
    cell = model.militants[0]
    practice = cell.practice
    cell.lose(0.5, Cause.RAID)
    assert (cell.strength_now(), cell.practice) == (0.5, practice / 2.0)


# Groups with areas.


def test_a_group_acts_in_its_area_alone(tmp_path):
    folder = copy_of_theatre("toy_chain", tmp_path)
    (folder / "groups.csv").write_text("name,regions\nfar,Far\n")
    scenario = changed(
        a_month_on_the_triangle(),
        roads={"name": str(folder)},
        threat={"attempts_per_month": 500.0},
    )
    add_row(folder / "cells.csv", name="near_01", group="near", region="Near", home="second")
    model = ConvoyModel(scenario)
    model.run()
    regions = {cell.key: set() for cell in model.militants}
    for row in logged(model, Kind.PLACED):
        regions[row.other].add(model.world.network.segments.region[row.segment])
    by_name = {cell.site.name: regions[cell.key] for cell in model.militants}
    assert by_name == {"far_01": {"Far"}, "far_02": {"Far"}, "near_01": {"Far", "Near"}}


def test_without_a_table_of_groups_reach_is_the_only_bound():
    model = ConvoyModel(a_month_on_the_triangle())
    for cell in model.militants:
        assert cell.site.area == ()
        within, _ = segments_within(model.world.network, cell.home, 100.0)
        assert cell.candidates.tolist() == within.tolist()


def test_a_device_knows_which_cell_placed_it():
    model = ConvoyModel(a_month_on_the_triangle(threat={"attempts_per_month": 600.0}))
    model.run()
    assert [cell.index for cell in model.militants] == [0, 1]
    placed_by = {row.entity: row.other for row in logged(model, Kind.PLACED)}
    assert len({placed_by[key] for key in model.live}) == 2
    for key, device in model.live.items():
        assert model.militants[device.cell_index].key == placed_by[key]
