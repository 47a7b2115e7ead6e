import math
from datetime import date

import pytest
from small_worlds import changed, decided_from

from sim.clock import Clock
from sim.errors import ScenarioError
from sim.roads.tables import UnitRow
from sim.world.companies import companies_of, cut, predeployment_level
from sim.world.scenario import Reinforcement, Scenario, Training

CLOCK = Clock(date(2016, 6, 1), date(2016, 7, 1), date(2017, 7, 1))
ROWS = (
    UnitRow(camp="gao", contingent="Chad", strength=300, unit_type="infantry"),
    UnitRow(camp="gao", contingent="Niger", strength=100, unit_type="eod"),
)
FORCE_400 = Scenario(name="before", baseline="before")
FORCE_400 = changed(FORCE_400, force={"strength": 400.0, "company_size": 100.0})


def by_name(scenario, rows=ROWS):
    return {company.name: company for company in companies_of(scenario, rows, CLOCK)}


def with_package(**unit):
    described = {"camp": "gao", "unit_type": "infantry", "strength": 250.0, **unit}
    return changed(FORCE_400, force={"reinforcements": {"package": Reinforcement(**described)}})


@pytest.mark.parametrize(
    ("strength", "companies"),
    [
        (0.0, []),
        (30.0, [30.0]),
        (100.0, [100.0]),
        (100.0 + 1e-7, [100.0]),
        (250.0, [100.0, 100.0, 50.0]),
    ],
)
def test_a_contingent_is_cut_into_full_companies_and_a_fraction(strength, companies):
    assert cut(strength, 100.0) == pytest.approx(companies)


def test_companies_are_named_by_camp_contingent_type_and_number():
    assert list(by_name(FORCE_400)) == [
        "gao/Chad/infantry/01",
        "gao/Chad/infantry/02",
        "gao/Chad/infantry/03",
        "gao/Niger/eod/01",
    ]


def test_more_strength_fills_fractions_and_adds_companies_behind_them():
    less = by_name(changed(FORCE_400, force={"strength": 600.0}))
    more = by_name(changed(FORCE_400, force={"strength": 900.0}))
    assert less.keys() < more.keys()
    assert [less[f"gao/Chad/infantry/{n:02d}"].after.strength for n in range(1, 6)] == (
        pytest.approx([100.0, 100.0, 100.0, 100.0, 50.0])
    )
    assert more["gao/Chad/infantry/05"].after.strength == pytest.approx(100.0)
    assert more["gao/Niger/eod/03"].after.strength == pytest.approx(25.0)


@pytest.mark.parametrize("strength", [0.0, 1.0, 399.0, 400.0, 12000.0])
def test_scaled_companies_add_up_to_the_strength(strength):
    companies = by_name(changed(FORCE_400, force={"strength": strength})).values()
    assert sum(company.after.strength for company in companies) == pytest.approx(strength)
    infantry = [c.after.strength for c in companies if c.unit_type == "infantry"]
    assert sum(infantry) == pytest.approx(0.75 * strength)


def test_people_of_the_units_table_are_there_from_the_first_to_the_last_day():
    for company in by_name(FORCE_400).values():
        assert (company.after.arrival_h, company.after.departure_h) == (-math.inf, math.inf)


def test_a_package_arrives_and_leaves_on_its_dates():
    package = by_name(with_package(arrival="2016-08-01", departure="2016-09-01"))
    company = package["gao/package/infantry/01"]
    assert (company.after.arrival_h, company.after.departure_h) == (61 * 24.0, 92 * 24.0)


def test_a_package_comes_on_top_of_the_strength_of_the_force():
    companies = by_name(with_package(arrival="2016-08-01")).values()
    assert sum(company.after.strength for company in companies) == pytest.approx(650.0)


def test_a_ramp_spreads_the_companies_evenly_over_its_days():
    package = by_name(with_package(arrival="2016-08-01", ramp_days=30.0))
    days = [package[f"gao/package/infantry/{n:02d}"].after.arrival_h / 24.0 for n in (1, 2, 3)]
    assert days == pytest.approx([61.0, 71.0, 81.0])


def test_a_package_that_never_comes_is_no_company():
    assert by_name(with_package(arrival="never")) == by_name(FORCE_400)


def test_what_only_the_scenario_has_joins_no_earlier_than_the_decision():
    early = with_package(arrival="2016-06-10").force.reinforcements
    scenario = decided_from(FORCE_400, force={"reinforcements": early})
    company = by_name(scenario)["gao/package/infantry/01"]
    decision_h = CLOCK.decision_h
    for hours, is_there in ((-1.0, False), (0.0, True)):
        stay = company.stay_at(decision_h + hours, decision_h)
        assert stay.is_present(decision_h + hours) is is_there
    assert (company.before.strength, company.after.strength) == (0.0, 100.0)


def test_a_company_that_the_scenario_gives_up_has_no_people_after_the_decision():
    scenario = decided_from(FORCE_400, force={"strength": 200.0})
    companies = by_name(scenario)
    last, half = companies["gao/Chad/infantry/03"], companies["gao/Chad/infantry/02"]
    assert (last.before.strength, last.after.strength) == (pytest.approx(100.0), 0.0)
    assert (half.before.strength, half.after.strength) == pytest.approx((100.0, 50.0))


def test_the_past_keeps_the_training_and_protection_of_the_baseline():
    scenario = decided_from(
        FORCE_400, training={"predeployment_floor": 0.9}, force={"protected_share": 1.0}
    )
    company = by_name(scenario)["gao/Chad/infantry/01"]
    assert (
        company.before.predeployment_level == FORCE_400.training.predeployment_by_contingent["Chad"]
    )
    assert company.after.predeployment_level == 0.9
    assert company.before.protected_share == FORCE_400.force.protected_share
    assert company.after.protected_share == 1.0


def test_training_on_arrival_is_by_contingent_else_the_general_level_and_never_below_the_floor():
    training = Training(predeployment_level=0.4, predeployment_by_contingent={"Chad": 0.3})
    floored = Training(
        predeployment_level=0.4,
        predeployment_by_contingent={"Chad": 0.3, "Sweden": 0.9},
        predeployment_floor=0.7,
    )
    assert predeployment_level(training, "Chad") == 0.3
    assert predeployment_level(training, "Togo") == 0.4
    assert predeployment_level(floored, "Chad") == 0.7
    assert predeployment_level(floored, "Sweden") == 0.9


def test_a_package_may_bring_a_training_and_a_protection_of_its_own():
    unit = {"arrival": "2016-08-01", "predeployment_level": 0.55, "protected_share": 0.25}
    company = by_name(with_package(**unit))["gao/package/infantry/01"]
    assert (company.after.predeployment_level, company.after.protected_share) == (0.55, 0.25)


def test_a_package_with_an_impossible_date_is_refused():
    with pytest.raises(ScenarioError, match=r"force\.reinforcements\.package\.arrival is 'soon'"):
        with_package(arrival="soon")
