# Everything runs in .venv, which `make` builds from PyPI; the system needs Python >= 3.11 and make, the stack tests Go as well,
# the local page Node >= 20 with npm for its compiler and Chromium with its driver for its tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PAGE := console/page/node_modules/.installed

.PHONY: demo test lint stack format bench generate clean

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "spanwise needs Python >= 3.11; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade "pip>=25.1"
	$(BIN)/python -m pip install -q -c constraints.txt -e . --group dev
	@touch $@

$(PAGE): console/page/package-lock.json
	cd console/page && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

demo: $(STAMP)  ## a small application against the provider emulator: spans, cost, redaction
	@$(BIN)/python -m demo

lint: $(STAMP) $(PAGE)  ## style, imports between parts, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.packaging.layers
	$(BIN)/mypy

# Tests of SDKs wait for servers and environments as much as they compute, the others compute: side by side they take
# half the time.
SDK_TESTS := tests/application tests/emulator tests/instrument tests/torture tests/versions

# Each half ends with what took longest: the whole is to stay under fifty minutes on two cores.
SLOWEST := --durations=40 --durations-min=4

test: lint  ## everything CI runs; the engines of the stack tests are built beside the other tests
	$(BIN)/coverage erase
	nice $(BIN)/python -m tests.stack.engines > .engines.log 2>&1 & engines=$$!; \
	$(BIN)/coverage run -m pytest $(SLOWEST) $(SDK_TESTS) > .sdk-tests.log 2>&1 & sdks=$$!; \
	$(BIN)/coverage run -m pytest $(SLOWEST) --ignore=tests/stack $(SDK_TESTS:%=--ignore=%); tests=$$?; \
	wait $$sdks || tests=$$?; cat .sdk-tests.log; \
	wait $$engines; built=$$?; cat .engines.log; \
	[ $$built -eq 0 ] && $(BIN)/coverage run -m pytest $(SLOWEST) tests/stack && [ $$tests -eq 0 ]
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=85

stack: $(STAMP)  ## the real engines: built once into .stack, then the tests that run them; needs Go
	$(BIN)/python -m tests.stack.engines
	$(BIN)/python -m pytest tests/stack

format: $(STAMP)  ## rewrite the code in house style
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format .

generate: $(STAMP) $(PAGE)  ## rewrite generated files from their sources
	$(BIN)/python -m spanwise.semconv.generate
	$(BIN)/ruff format -q conventions
	$(BIN)/python -m spanwise.normalise.compile
	$(BIN)/python -m spanwise.redact.compile
	$(BIN)/python -m spanwise.quality.compile
	$(BIN)/python -m spanwise.cost.compile
	$(BIN)/python -m spanwise.plan.generate
	cd console/page && node_modules/.bin/tsc
	cd deploy && ../$(BIN)/spanwise deploy render all --out .

bench: $(STAMP)  ## ratios against baselines measured in the same run
	$(BIN)/python -m tests.bench

clean:
	rm -rf $(VENV) console/page/node_modules .spanwise .stack .engines.log .sdk-tests.log build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
