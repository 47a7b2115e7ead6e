# Needs python3 (3.11, 3.12 or 3.13), git and make. Every target sets up what it needs, in .venv,
# and can be called twice. Name an interpreter with PYTHON=, as in: make PYTHON=python3.12 test

PYTHON ?=
export PYTHON

VENV := .venv
IN_VENV := $(VENV)/bin/
# Words and overrides for the command, as in: make compare ARGS="baseline_2016 res2295 budget_min=2"
ARGS ?=
# Where the tests run: on all cores. For one core: make test PYTEST_ARGS=
PYTEST_ARGS ?= -n auto

# A PYTHON= that was named is insisted on; a Python that was found gives way to a working .venv.
SET_UP = python=$$(sh tools/find_python.sh) && "$$python" tools/set_up.py --folder $(VENV) $(if $(PYTHON),--insist)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev compare test test-plain test-bounds dock bench lint format types contracts wheel check clean

help: ## say what there is
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "%-13s%s\n", $$1, $$2}'
	@echo "A Python can be named: make PYTHON=python3.12 test"

setup: ## make .venv with what the program needs
	@$(SET_UP)

setup-dev: ## make .venv with what tests and checks need as well
	@$(SET_UP) --extras dev

compare: setup ## the main job: compare the reinforcement scenarios
	@echo "Comparing scenarios: convoy-risk compare $(ARGS)"
	@$(IN_VENV)convoy-risk compare $(ARGS)

test: setup-dev ## run all tests
	@echo "Running the tests: pytest $(PYTEST_ARGS)"
	@$(IN_VENV)python -m pytest $(PYTEST_ARGS)

test-plain: setup-dev ## run the tests of rules with nothing compiled, so that coverage can count them
	@echo "Running the tests of rules as plain Python"
	@NUMBA_DISABLE_JIT=1 $(IN_VENV)python -m pytest $(PYTEST_ARGS) tests/unit/rules

test-bounds: setup-dev ## run all tests with every index checked in compiled code
	@echo "Running the tests with NUMBA_BOUNDSCHECK=1: pytest $(PYTEST_ARGS)"
	@NUMBA_BOUNDSCHECK=1 $(IN_VENV)python -m pytest $(PYTEST_ARGS)

dock: setup-dev ## hold the two engines against each other, case by case
	@echo "Comparing the engines: tests/dock.py $(ARGS)"
	@$(IN_VENV)python tests/dock.py $(ARGS)

bench: setup-dev ## measure the engines side by side
	@echo "Measuring: python -m benchmarks.bench $(ARGS)"
	@$(IN_VENV)python -m benchmarks.bench $(ARGS)

lint: setup-dev ## check the style (ruff)
	$(IN_VENV)ruff check .
	$(IN_VENV)ruff format --check .

format: setup-dev ## put the style right where ruff can
	$(IN_VENV)ruff check --fix .
	$(IN_VENV)ruff format .

types: setup-dev ## check the types (mypy)
	$(IN_VENV)mypy

contracts: setup-dev ## check who imports whom (import-linter)
	$(IN_VENV)lint-imports --no-cache

wheel: setup-dev ## build the source package and the wheel into dist/
	$(IN_VENV)python -m build --outdir dist .

check: ## everything that must hold before a change goes in (.ci/run)
	.ci/run

clean: ## remove what the tools made; .venv and results stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sim experiments tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
