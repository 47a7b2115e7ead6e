"""What all tests share: the small worlds, the switch for golden files, steady examples in CI."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A plain module, so that property tests and spawned workers can import it too.
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None, max_examples=30)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write the frozen results of tests/regression anew instead of comparing with them",
    )


@pytest.fixture
def rewrites_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))


@pytest.fixture
def triangle():
    from small_worlds import a_month_on_the_triangle

    return a_month_on_the_triangle()


@pytest.fixture
def two_fortnights():
    from small_worlds import two_fortnights_on_the_triangle

    return two_fortnights_on_the_triangle()
