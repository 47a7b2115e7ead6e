import pytest
from small_worlds import a_month_on_the_triangle, changed, happened, logged

from sim.draws import KEYS_PER_SOURCE
from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.errors import DrawError
from sim.rules.politics import motivation
from sim.world.events import Kind
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


def test_a_motivation_above_the_declared_ceiling_is_an_error():
    scenario = a_month_on_the_triangle(
        threat={"attempts_ceiling_factor": 1.0},
        politics={"path": {"2016-07-01": 0.0}, "reference_level": 0.5},
    )
    with pytest.raises(DrawError, match=r"motivation is .* threat.attempts_ceiling_factor"):
        run_scenario(scenario, 1, 0)


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
