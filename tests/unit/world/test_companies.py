import dataclasses
import math
from datetime import date

import pytest
from small_worlds import changed, decided_from

from sim.clock import Clock
from sim.errors import ScenarioError
from sim.roads.tables import CampRow, UnitRow
from sim.world.companies import companies_of, cut, predeployment_level
from sim.world.scenario import Reinforcement, Scenario, Training

CLOCK = Clock(date(2016, 6, 1), date(2016, 7, 1), date(2017, 7, 1))
ROWS = (
    UnitRow(camp="gao", contingent="Chad", strength=300, unit_type="infantry"),
    UnitRow(camp="gao", contingent="Niger", strength=100, unit_type="eod"),
)
FORCE_400 = Scenario(name="before", baseline="before")
FORCE_400 = changed(FORCE_400, force={"strength": 400.0, "company_size": 100.0})


def by_name(scenario, rows=ROWS, camps=()):
    return {company.name: company for company in companies_of(scenario, rows, CLOCK, camps)}


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


def test_a_package_with_the_name_of_a_contingent_is_refused():
    def named(name, **unit):
        described = {"camp": "gao", "unit_type": "infantry", "strength": 250.0, **unit}
        described.setdefault("arrival", "2016-08-01")
        return changed(FORCE_400, force={"reinforcements": {name: Reinforcement(**described)}})

    with pytest.raises(
        ScenarioError, match=r"force.reinforcements names 'Chad', infantry at gao.*'Chad_more'"
    ):
        by_name(named("Chad"))
    with pytest.raises(ScenarioError, match="names 'Chad'"):
        by_name(dataclasses.replace(FORCE_400, before=named("Chad")))
    # Of another type, at another camp, or never, it is no company of theirs.
    for other in ({"unit_type": "isr"}, {"camp": "kidal"}, {"arrival": "never"}):
        assert "gao/Chad/infantry/01" in by_name(named("Chad", **other))
    assert by_name(named("Chad_more", contingent="Chad"))


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


# The build-up: strengths by date, shares by year.

IN_STEPS = {"2016-07-01": 250.0, "2016-10-01": 400.0, "2017-02-01": 100.0}
CAMPS = (
    CampRow("gao", "East", None, {2016: 0.25, 2017: 0.5}),
    CampRow("kidal", "North", "gao", {2016: 0.75, 2017: 0.5}),
)
TWO_CAMPS = (*ROWS, UnitRow(camp="kidal", contingent="Togo", strength=50, unit_type="infantry"))


def hour(text):
    return CLOCK.hour_of(date.fromisoformat(text))


def people(companies, day, camp=None):
    return sum(
        company.after.strength_at(hour(day))
        for company in companies.values()
        if camp in (None, company.camp)
    )


@pytest.mark.parametrize(
    ("day", "strength"),
    [
        ("2016-06-01", 250.0),  # the first step holds from ever on
        ("2016-07-01", 250.0),
        ("2016-09-30", 250.0),
        ("2016-10-01", 400.0),
        ("2017-02-01", 100.0),
        ("2017-06-30", 100.0),
    ],
)
def test_a_build_up_moves_the_force_in_steps(day, strength):
    companies = by_name(changed(FORCE_400, force={"strength_by_date": IN_STEPS}))
    assert people(companies, day) == pytest.approx(strength)


def test_companies_of_a_build_up_fill_up_come_and_go_by_their_number():
    companies = by_name(changed(FORCE_400, force={"strength_by_date": IN_STEPS}))
    first, second, third = (companies[f"gao/Chad/infantry/{n:02d}"].after for n in (1, 2, 3))
    steps = hour("2016-10-01"), hour("2017-02-01")
    # Three quarters are Chad's: 187.5, 300, 75 people in companies of 100.
    assert first.changes == ((-math.inf, 100.0), (steps[1], 75.0))
    assert second.changes == ((-math.inf, 87.5), (steps[0], 100.0), (steps[1], 0.0))
    assert third.changes == ((-math.inf, 0.0), (steps[0], 100.0), (steps[1], 0.0))
    assert (first.strength, second.strength, third.strength) == (100.0, 100.0, 100.0)
    assert [third.is_present(h) for h in (steps[0] - 1.0, steps[0], steps[1])] == [0, 1, 0]


def test_one_date_is_the_strength_of_the_whole_run_to_the_last_bit():
    one_step = changed(FORCE_400, force={"strength": 1.0, "strength_by_date": {"2015-01-01": 400}})
    assert by_name(one_step) == by_name(FORCE_400)


def test_steps_outside_the_run_change_nothing_in_it():
    companies = by_name(
        changed(FORCE_400, force={"strength_by_date": {"2013-07-01": 300.0, "2016-06-01": 400.0}})
    )
    assert companies == by_name(FORCE_400)


def test_a_build_up_holds_before_and_after_the_decision_alike():
    before = changed(FORCE_400, force={"strength_by_date": IN_STEPS})
    companies = by_name(decided_from(before, force={"protected_share": 1.0}))
    for company in companies.values():
        assert company.before.changes == company.after.changes


def test_a_package_comes_on_top_of_a_build_up():
    package = with_package(arrival="2017-03-01").force.reinforcements
    scenario = changed(FORCE_400, force={"strength_by_date": IN_STEPS, "reinforcements": package})
    assert people(by_name(scenario), "2017-03-01") == pytest.approx(100.0 + 250.0)


@pytest.mark.parametrize(
    ("day", "in_gao", "in_kidal"),
    [("2016-06-01", 100.0, 300.0), ("2016-12-31", 100.0, 300.0), ("2017-01-01", 200.0, 200.0)],
)
def test_shares_by_year_say_how_many_are_at_a_camp_and_the_table_who(day, in_gao, in_kidal):
    scenario = changed(FORCE_400, force={"camp_shares": "by_year"})
    companies = by_name(scenario, TWO_CAMPS, CAMPS)
    assert people(companies, day, "gao") == pytest.approx(in_gao)
    assert people(companies, day, "kidal") == pytest.approx(in_kidal)
    niger = sum(
        c.after.strength_at(hour(day)) for c in companies.values() if c.contingent == "Niger"
    )
    assert niger == pytest.approx(in_gao / 4.0)


def test_shares_by_year_and_a_build_up_change_at_their_own_dates():
    scenario = changed(FORCE_400, force={"camp_shares": "by_year", "strength_by_date": IN_STEPS})
    companies = by_name(scenario, TWO_CAMPS, CAMPS)
    found = [
        people(companies, day, "gao")
        for day in ("2016-09-30", "2016-10-01", "2017-01-01", "2017-02-01")
    ]
    assert found == pytest.approx([62.5, 100.0, 200.0, 50.0])


def test_shares_of_years_that_the_table_has_not_are_those_of_the_nearest_before_else_the_first():
    camps = tuple(dataclasses.replace(camp, shares={2014: camp.shares[2016]}) for camp in CAMPS)
    later = tuple(dataclasses.replace(camp, shares={2020: camp.shares[2016]}) for camp in CAMPS)
    scenario = changed(FORCE_400, force={"camp_shares": "by_year"})
    for table in (camps, later):
        companies = by_name(scenario, TWO_CAMPS, table)
        assert people(companies, "2017-06-01", "kidal") == pytest.approx(300.0)
        assert not any(company.after.changes for company in companies.values())


@pytest.mark.parametrize(
    ("camps", "message"),
    [
        ((), r"force\.camp_shares is 'by_year': the camps of .* have no shares"),
        (CAMPS, r"kidal has a share of the force .* and no people in units\.csv"),
    ],
)
def test_shares_by_year_need_shares_and_people(camps, message):
    scenario = changed(FORCE_400, force={"camp_shares": "by_year"})
    with pytest.raises(ScenarioError, match=message):
        by_name(scenario, ROWS, camps)


def test_a_build_up_with_an_impossible_date_is_refused():
    with pytest.raises(ScenarioError, match=r"force\.strength_by_date is 'july': not a date"):
        changed(FORCE_400, force={"strength_by_date": {"july": 100.0}})
