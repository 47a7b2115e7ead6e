"""Frozen runs: a change of results must be meant, and needs a line in the changelog.

Words and whole numbers must agree exactly, times to a millionth of an hour, on every Python and
every Mesa. After a change that is meant:

    python -m pytest tests/regression --rewrite-golden
"""

import atexit
import csv
import io
import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import pytest
from small_worlds import (
    a_busy_month_on_the_grid,
    a_month_on_the_triangle,
    count_arrays,
    decided_from,
    reinforced,
    rows_of,
    three_camps_along_a_road,
)

from sim.compose import load_scenario
from sim.engines import run_scenario
from sim.world.events import Kind
from sim.world.world import build_world

GOLDEN = Path(__file__).parent / "golden"
TOLERANCE_H = 1e-6
WORDS = ("kind", "segment", "entity", "other", "cause", "camp")
WHOLE_NUMBERS = ("killed", "wounded", "civilians", "contractors")
HOURS = ("time_h", "hours", "strength")


def a_triangle_with_a_decision():
    """A decision on a napkin: a new policy, training, route and company from day 15 on."""
    before = a_month_on_the_triangle(runs={"decision_date": "2016-07-16"})
    return decided_from(
        before,
        force={"strength": 575.0},
        training={"predeployment_floor": 0.8},
        clearance={"policy": "ahead_of_convoy"},
        routing={"policy": "least_risk"},
    )


def a_busy_grid():
    """All mechanisms on a napkin, with a unit that comes and goes."""
    extra = reinforced(
        camp="r1c1", unit_type="isr", strength=300.0, arrival="2016-07-05", departure="2016-07-20"
    )
    return a_busy_month_on_the_grid(force={"reinforcements": extra})


def a_road_with_bundled_loads():
    """Loads to three camps along one road that travel together."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return three_camps_along_a_road(folder)


def two_months_of_the_baseline():
    """What ships, with the defaults that ship: this one moves whenever a default is tuned."""
    overrides = {"runs.start": "2016-07-01", "runs.end": "2016-08-30", "runs.warm_up_days": 0}
    return load_scenario("baseline_2016", overrides)


CASES = {
    "triangle": (
        a_month_on_the_triangle,
        "a_month_on_the_triangle() of tests/small_worlds.py, seed 1, run 0",
    ),
    "triangle_decided": (
        a_triangle_with_a_decision,
        "a_triangle_with_a_decision() of tests/regression/test_golden.py, seed 1, run 0",
    ),
    "busy_grid": (
        a_busy_grid,
        "a_busy_grid() of tests/regression/test_golden.py, seed 1, run 0",
    ),
    "bundled_road": (
        a_road_with_bundled_loads,
        "a_road_with_bundled_loads() of tests/regression/test_golden.py, seed 1, run 0",
    ),
    "baseline_two_months": (
        two_months_of_the_baseline,
        "convoy-risk run baseline_2016 runs.end=2016-08-30 runs.warm_up_days=0, seed 1, run 0",
    ),
}


def table_of(scenario):
    """Events with names for numbers, then the totals of everything that was counted."""
    record = run_scenario(scenario, seed=1, run=0)
    segments = build_world(scenario).network.segments.name
    for row in rows_of(record):
        is_key = row.kind is not Kind.DECIDED
        yield {
            "time_h": repr(row.time_h),
            "kind": row.kind.name,
            "segment": segments[row.segment] if row.segment >= 0 else "",
            "entity": f"{row.entity:08x}" if is_key else "",
            "other": f"{row.other:08x}" if row.other else "",
            "cause": row.cause.name if row.cause else "",
            "camp": record.camp_ids[row.camp] if row.camp >= 0 else "",
            **{name: str(getattr(row, name)) for name in WHOLE_NUMBERS},
            "hours": repr(row.hours),
            "strength": repr(row.strength) if row.strength else "",
        }
    for name, counted in sorted(count_arrays(record).items()):
        yield {"kind": f"total {name}", "hours": repr(float(counted.sum()))}


def written(rows, made_by):
    text = io.StringIO()
    text.write(f"# {made_by}\n")
    text.write("# Rewrite: python -m pytest tests/regression --rewrite-golden\n")
    columns = ("time_h", *WORDS, *WHOLE_NUMBERS, "hours", "strength")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(text):
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def first_difference(frozen, found):
    """Number, column and both values of the first cell that differs; None where all agree."""
    for number, (was, now) in enumerate(zip(frozen, found, strict=False)):
        for column in was:
            if column in HOURS and was[column] and now[column]:
                one, other = float(was[column]), float(now[column])
                # A total of many hours or kilometres is held to the same share of itself.
                if abs(one - other) <= TOLERANCE_H * max(1.0, abs(one) / 1000.0):
                    continue
            elif was[column] == now[column]:
                continue
            return f"row {number} ({was['kind']}), {column}: {was[column]!r} is now {now[column]!r}"
    if len(frozen) != len(found):
        return f"{len(frozen)} rows are now {len(found)}"
    return None


@pytest.mark.golden
@pytest.mark.parametrize("case", CASES)
def test_a_frozen_run_comes_out_the_same(case, rewrites_golden):
    scenario_of, made_by = CASES[case]
    path = GOLDEN / f"{case}.csv"
    text = written(table_of(scenario_of()), made_by)
    if rewrites_golden:
        path.write_text(text)
    difference = first_difference(read(path.read_text()), read(text))
    assert difference is None, f"{path.name}, {difference}. Meant? pytest --rewrite-golden"


@pytest.mark.golden
def test_the_frozen_runs_hold_something_of_everything():
    kinds = Counter()
    for case in CASES:
        kinds.update(row["kind"] for row in read((GOLDEN / f"{case}.csv").read_text()))
    expected = {kind.name for kind in Kind} - {"PASSED"}
    assert expected <= set(kinds)


@pytest.mark.golden
@pytest.mark.parametrize(
    ("column", "by", "differs"),
    [
        ("time_h", 0.9e-6, False),
        ("time_h", 1.1e-6, True),
        ("hours", 1.1e-6, True),
        ("kind", "x", True),
        ("segment", "x", True),
        ("killed", "1", True),
    ],
)
def test_a_difference_is_seen_where_it_is_larger_than_the_tolerance(column, by, differs):
    frozen = read((GOLDEN / "triangle.csv").read_text())
    found = [dict(row) for row in frozen]
    found[3][column] = repr(float(found[3][column]) + by) if column in HOURS else f"9{by}"
    difference = first_difference(frozen, found)
    assert (difference is not None) == differs
    if differs:
        assert difference.startswith("row 3 ")
        assert f", {column}: " in difference


def test_a_missing_row_is_seen():
    frozen = read((GOLDEN / "triangle.csv").read_text())
    assert first_difference(frozen, frozen[:-1]) == f"{len(frozen)} rows are now {len(frozen) - 1}"
