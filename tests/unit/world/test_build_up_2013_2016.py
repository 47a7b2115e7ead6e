"""The replay of the build-up holds the strengths that were counted and the shares of camps."""

from datetime import date, timedelta

import pytest

from sim.compose import load_scenario
from sim.roads.tables import read_theatre
from sim.world.companies import companies_of


@pytest.fixture(scope="module")
def replay():
    """People on a day, in a camp or in all."""
    scenario = load_scenario("calibration_2013_2016")
    theatre, clock = read_theatre(scenario.roads.name), scenario.clock()
    companies = companies_of(scenario, theatre.units, clock, theatre.camps)

    def people(day, camp=None):
        time_h = clock.hour_of(day)
        return sum(c.after.strength_at(time_h) for c in companies if camp in (None, c.camp))

    return people


def mean_over(people, first, last):
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    return sum(people(day) for day in days) / len(days)


@pytest.mark.parametrize(
    ("year", "mean"),
    [(2014, 8120.0), (2015, 9997.0)],  # counts_2013_2016.csv, malicious_deaths_per_1000_uniformed
)
def test_the_mean_strength_of_a_year_is_the_one_that_was_counted(replay, year, mean):
    assert mean_over(replay, date(year, 1, 1), date(year + 1, 1, 1)) == pytest.approx(mean, abs=1.0)


@pytest.mark.parametrize(
    ("day", "people"),
    [
        (date(2013, 7, 1), 6500.0),
        (date(2015, 1, 15), 9494.0),  # counts_2013_2016.csv, cumulative_fatalities_all_causes
        (date(2016, 3, 1), 10914.0),
    ],
)
def test_strength_on_a_day_is_the_one_that_was_reported(replay, day, people):
    assert replay(day) == pytest.approx(people)


@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_camps_have_their_shares_of_the_year(replay, year):
    day = date(year, 6, 1)
    for camp in read_theatre("northern_mali").camps:
        # Shares are rounded, so that they add up to 0.999 or so.
        share = replay(day, camp.node_id) / replay(day)
        assert share == pytest.approx(camp.shares[year], abs=5e-4)


def test_the_replay_is_a_world_of_its_own_counted_from_its_first_day():
    scenario = load_scenario("calibration_2013_2016")
    assert scenario.baseline == scenario.name
    assert scenario.runs.start == scenario.runs.decision_date == "2013-07-01"
    assert scenario.runs.end == "2016-07-01"
    assert scenario.before is None or scenario.before.force == scenario.force
