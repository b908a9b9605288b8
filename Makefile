# kokunen: the targets an operator and a developer need. `make` alone prints them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Compiled modules are kept beside their sources whatever the shell says: without them each process of a city, and each
# command of a test, compiles two thousand files anew, which is more than half of its start.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DATA := $(or $(KOKUNEN_DATA),var)

# Two processes, a file of tests in one of them: the tests share a cluster, each has its own copy of the database.
PYTEST_ARGS ?= -n 2 --dist loadfile
NAME ?=
YES ?=

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
	    while IFS=$$'\t' read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done

# --- one folder, one environment ---------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.project-stamp $(VENV)/.system-stamp ## create .venv, install the locked dependencies (hashes checked), fonts and browser where missing

# The installer itself comes from a lock with hashes too, so that nothing unchecked is ever executed.
$(VENV)/.installer-stamp: tools/installer.lock tools/make_venv.sh
	@tools/make_venv.sh "$(PYTHON)" $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r tools/installer.lock
	@touch $@

$(VENV)/.locked-stamp: requirements.lock $(VENV)/.installer-stamp
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@touch $@

# The project is installed as it lies here, with the build tools of the lock: no network.
$(VENV)/.project-stamp: pyproject.toml $(VENV)/.locked-stamp
	@$(BIN)/uv pip install --quiet --offline --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@$(BIN)/python tools/compile_used.py
	@touch $@

$(VENV)/.system-stamp: tools/system_packages.sh $(VENV)/.installer-stamp
	@tools/system_packages.sh && touch $@ || true

# --- the city ----------------------------------------------------------------------------------------------------

.PHONY: run
run: setup ## set up, then run the city hall in the foreground (Ctrl-C stops it)
	@exec $(BIN)/kokunen up

.PHONY: reset
reset: setup ## remove the demo city's data (asks unless YES=1)
	@$(BIN)/kokunen reset $(if $(filter 1,$(YES)),--yes,)

# --- quality -----------------------------------------------------------------------------------------------------

.PHONY: test
test: setup ## set up, then every test, those in the browser included
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint: setup ## ruff, mypy, import contracts, migrations check, no address in lock files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@tools/check_locks.sh
	@scratch=$$(mktemp -d); export KOKUNEN_DATA=$$scratch; \
	    $(BIN)/mypy & types=$$!; trap 'kill $$types 2>/dev/null || true; rm -rf "$$scratch"' EXIT; \
	    $(BIN)/lint-imports; \
	    DJANGO_SETTINGS_MODULE=kokunen.config.settings $(BIN)/python -W ignore::RuntimeWarning -m django \
	        makemigrations --check --dry-run; \
	    wait $$types

.PHONY: bench
bench: setup ## every figure with its rival; NAME=search for one of them
	@$(BIN)/kokunen bench $(NAME)

.PHONY: oracle
oracle: setup ## tax law against the published cases of OpenFisca Japan, read from its package
	@$(BIN)/python tools/openfisca_cases.py

.PHONY: docs
docs: setup ## check that every link between the documents leads somewhere
	@$(BIN)/python tools/check_docs.py

.PHONY: lock
lock: $(VENV)/.installer-stamp ## renew requirements.lock from pyproject.toml (exact versions and hashes, no address)
	@$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --generate-hashes --no-annotate --no-header \
	    --output-file requirements.lock
	@tools/check_locks.sh
