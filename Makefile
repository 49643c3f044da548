# `make run` and `make test` need only Python 3.11 and make; all else is set up here, from the lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-load bench-tickets lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Privacy Desk needs Python 3.11 or later: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## Start the desk: in Slack where its settings are there, else in the terminal
	@$(BIN)/privacy-desk serve

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest

check: $(READY) ## Check formatting, style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## Measure the time that answers take, beside plain search over the clauses
	$(BIN)/python tests/bench/bench.py $(QUESTIONS)

bench-load: $(READY) ## Measure what the desk bears over HTTP, beside a bare Bolt app (needs PostgreSQL)
	$(BIN)/python tests/bench/load.py

bench-tickets: $(READY) ## Measure the store's answers with very many tickets (some minutes and gigabytes)
	$(BIN)/python tests/bench/bench_tickets.py $(TICKETS)

lock: $(READY) ## Pin every package again, with hashes
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/python -m pip install --quiet pip-tools
	.cache/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --extra dev --no-header \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

clean: ## Remove what was set up and what was cached
	rm -rf $(VENV) .cache build *.egg-info
