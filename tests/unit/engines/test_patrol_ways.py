"""Which road a patrol takes out of its camp, by the policy of the morning."""

import numpy as np
import pytest
from small_worlds import (
    a_month_on_the_triangle,
    changed,
    decided_from,
    event_bytes,
    rows_of,
    send_convoy,
    two_fortnights_on_the_triangle,
)

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

DAWN_H = 6.0
N_PATROLS = 2000


def a_quiet_triangle(policy, **groups):
    """Patrols are never sent: a test asks for their ways."""
    return changed(
        a_month_on_the_triangle(),
        threat={"attempts_per_month": 0.0},
        force={"patrols_per_year": 0.0, "patrol_policy": policy},
        clearance={"policy": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        **groups,
    )


def roads_taken(model, n_patrols=N_PATROLS):
    """The road on which each of many patrols of the company in the north leaves."""
    unit = next(unit for unit in model.units if unit.company.camp == "north")
    roads = model.world.network.segments.road
    return [roads[model.patrols.journey(unit, n).segments[0]] for n in range(n_patrols)]


def know_hazards(model, **hazard_per_km):
    """The picture as if nothing were left to be guessed: so many devices a km on each road."""
    passages = 1e9
    roads = model.world.network.segments.road
    model.picture.passages[:] = passages
    for segment, road in enumerate(roads):
        hazard = hazard_per_km.get(road.lower().replace(" ", "_"), 0.0)
        model.picture.events_per_km[segment] = hazard * passages


def share_of(taken, road):
    return taken.count(road) / len(taken)


def test_even_patrols_take_each_road_alike_whatever_is_known():
    model = ConvoyModel(a_quiet_triangle("even"))
    know_hazards(model, west_road=0.03)
    model.advance_to(DAWN_H + 1.0)
    assert share_of(roads_taken(model), "West road") == pytest.approx(0.5, abs=0.045)


def test_patrols_by_risk_divide_in_proportion_to_the_hazard():
    model = ConvoyModel(a_quiet_triangle("highest_risk"))
    know_hazards(model, west_road=0.03, hill_track=0.01)
    model.advance_to(DAWN_H + 1.0)
    # Three times the hazard, three times the patrols: 0.75, four deviations of 0.0097.
    assert share_of(roads_taken(model), "West road") == pytest.approx(0.75, abs=0.039)


def test_what_is_learned_after_dawn_moves_the_patrols_of_the_next_day():
    model = ConvoyModel(a_quiet_triangle("highest_risk"))
    know_hazards(model, west_road=0.01, hill_track=0.01)
    model.advance_to(DAWN_H + 1.0)
    know_hazards(model, west_road=0.01)
    assert share_of(roads_taken(model), "West road") == pytest.approx(0.5, abs=0.045)
    model.advance_to(24.0 + DAWN_H + 1.0)
    assert share_of(roads_taken(model), "West road") == 1.0


def test_patrols_go_before_a_convoy_that_is_due_and_are_even_when_none_is():
    model = ConvoyModel(a_quiet_triangle("before_convoys"))
    model.advance_to(DAWN_H + 1.0)
    assert share_of(roads_taken(model), "West road") == pytest.approx(0.5, abs=0.045)
    west, north = model.camp_by_name["west"], model.camp_by_name["north"]
    model.advance_to(24.0 + DAWN_H - 0.1)
    send_convoy(model, model.routes.way_of_convoy(west, north, True))
    model.advance_to(24.0 + DAWN_H + 1.0)
    assert set(roads_taken(model)) == {"West road"}
    model.advance_to(72.0 + DAWN_H + 1.0)  # it has arrived
    assert share_of(roads_taken(model), "West road") == pytest.approx(0.5, abs=0.045)


def test_before_convoys_reads_the_loads_that_wait_as_well():
    scenario = changed(
        a_quiet_triangle("before_convoys"),
        supply={"process": "policy", "initial_stock_days": 0.0, "preparation_days": 0.5},
    )
    model = ConvoyModel(scenario)
    model.advance_to(DAWN_H + 1.0)
    assert model.camp_by_name["west"].waiting
    assert set(roads_taken(model)) == {"West road"}


def test_each_camp_weighs_its_own_roads():
    model = ConvoyModel(a_quiet_triangle("highest_risk"))
    know_hazards(model, west_road=0.02, south_road=0.01)
    model.advance_to(DAWN_H + 1.0)
    network = model.world.network
    by_camp = {}
    first = 0
    for camp in model.camps:
        here = camp.site.junction
        begin, end = network.adjacency_start[here], network.adjacency_start[here + 1]
        names = [network.edge_road[edge] for edge in network.adjacency_edge[begin:end]]
        weights = model.patrols.weights[first : first + len(names)].tolist()
        by_camp[camp.name] = dict(zip(names, weights, strict=True))
        first += len(names)
    assert by_camp["west"] == pytest.approx({"West road": 0.02, "South road": 0.01}, abs=1e-6)
    assert by_camp["north"] == pytest.approx({"Hill track": 0.0, "West road": 0.02}, abs=1e-6)


def test_a_policy_that_changes_at_the_decision_changes_nothing_before_it():
    before = two_fortnights_on_the_triangle(results={"detail": "full"})
    after = decided_from(before, force={"patrol_policy": "highest_risk"})
    kept, moved = (run_scenario(scenario, seed=4, run=0) for scenario in (before, after))
    decision_h = kept.clock.decision_h

    def until_decision(record):
        rows = [row for row in rows_of(record) if row.time_h < decision_h]
        return [(row.time_h, row.kind, row.segment, row.entity) for row in rows]

    assert until_decision(kept) == until_decision(moved)
    assert event_bytes(kept) != event_bytes(moved)


@pytest.mark.parametrize("policy", ["highest_risk", "before_convoys"])
def test_a_policy_moves_patrols_and_makes_neither_more_nor_fewer(policy):
    n_patrols = {}
    for chosen in ("even", policy):
        scenario = changed(
            a_month_on_the_triangle(),
            force={"patrol_policy": chosen},
            results={"detail": "full"},
            supply={"process": "periodic", "process_rate_per_day": 0.2},
        )
        record = run_scenario(scenario, seed=2, run=0)
        n_patrols[chosen] = record.n_patrols.sum()
        assert np.count_nonzero(record.events["kind"] == Kind.PASSED) > 100
    assert n_patrols["even"] == n_patrols[policy] > 50
