# Everything a person or CI does here, as one word each. Needs Python >= 3.11, make, and network to a
# package index the first time; no root, no running service. Everything lands in .venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq

# Node for the pages: the machine's, or the one of a wheel.
NODE = $(PY) -c 'import hatch_build; hatch_build.npm()' 2>/dev/null || $(PIP) install --require-hashes --requirement requirements/node.txt

# Parts of the suite that run under coverage, and the packages they must cover wholly.
MEASURED ?= tests/core tests/usecases tests/engine tests/api
COVERED ?= core ports usecases
RUNS ?= 10000
PARALLEL := -n auto --maxprocesses 8
comma := ,
empty :=
space := $(empty) $(empty)

.PHONY: help demo test check serve bench sim ui docs pins clean

help:
	@echo 'make demo    a real procedure from start to end on this machine, with what happened and how to go on'
	@echo 'make serve   the server on http://127.0.0.1:8080'
	@echo 'make test    every test: coverage gates, the suite, $(RUNS) simulated runs'
	@echo 'make check   lint, format, types, import contracts'
	@echo 'make sim     simulated runs with crashes; RUNS=100000 for more, SEED=n to repeat one'
	@echo 'make bench   Headrace beside its peers; ONLY=B1,B2 PEERS=none to choose'
	@echo 'make ui      build the pages, where their sources have changed'
	@echo 'make docs    write the generated pages of docs/'
	@echo 'make pins    resolve the dependencies anew into requirements/*.txt'
	@echo 'make clean   remove .venv and every cache'

demo: .venv/.installed
	@$(BIN)/headrace demo

serve: .venv/.installed ui
	@$(BIN)/headrace serve

test: .venv/.test .venv/.installed ui
	@$(PY) hatch_build.py run test
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) $(wildcard $(MEASURED))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100 --include='$(subst $(space),$(comma),$(COVERED:%=src/headrace/%/*))'
	$(MAKE) --no-print-directory sim RUNS=$(RUNS)
	$(BIN)/pytest $(PARALLEL) $(MEASURED:%=--ignore=%)

sim: .venv/.test .venv/.installed
	$(PY) -m tests.simulation --runs $(RUNS) $(if $(SEED),--seed $(SEED))

check: .venv/.check .venv/.installed ui
	@$(PY) hatch_build.py run check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

ui: .venv/.run
	@$(PY) -c 'import hatch_build, sys; sys.exit(not hatch_build.is_fresh())' || { $(NODE) && $(PY) hatch_build.py build; }

bench: .venv/.test .venv/.installed
	$(PY) -m bench $(if $(ONLY),--only $(ONLY)) $(if $(PEERS),--peers $(PEERS)) $(if $(ROUNDS),--rounds $(ROUNDS))

docs: .venv/.installed
	$(PY) -m docs.generate

pins: .venv/.python
	$(PIP) install uv
	requirements/compile $(BIN)/uv

clean:
	rm -rf .venv .bench ui/node_modules src/headrace/web dist build .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the environment, each step repeated only when what it was made from changes

.venv/.python:
	@python=$$(requirements/find-python) && echo "Setting up .venv with $$($$python --version)" && $$python -m venv .venv
	@touch $@

.venv/.run .venv/.test .venv/.check: .venv/.%: requirements/%.txt .venv/.python
	@echo 'Installing $< (the first time takes a minute)'
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

.venv/.installed: pyproject.toml src/headrace/__init__.py | .venv/.run
	@HEADRACE_SKIP_UI=1 $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
