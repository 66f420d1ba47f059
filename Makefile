# Needs Python 3.11 or newer, git and make; puts everything else into .venv.
#   make test ARGS="-k shortcuts"      make run ARGS="--server.port 8600"      make run PYTHON=python3.12

.DEFAULT_GOAL := help
.PHONY: help run identify fuzz mutants test test-gpu check format bench screenshot clean chromium programs

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
ARGS ?=
# Each worker has a server and a browser of its own: more than four would fight.
PYTEST := $(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F '|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: $(RUN)  ## start the app on localhost
	$(PY) -m streamlit run app.py $(ARGS)

test: $(DEV) chromium  ## every test, in the browser too
	$(PYTEST) $(ARGS)

test-gpu: $(DEV)  ## the tests that need a CUDA device
	$(PY) -m pytest -m gpu $(ARGS)

fuzz: $(DEV)  ## 6,000 random inputs at every entrance, 200 random networks for every claim, new ones each time
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) tests/test_fuzz.py $(ARGS)
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m "hypothesis and not browser" $(ARGS)

identify: $(DEV)  ## whose network is this: every net of the libraries that is kept, and 200 altered ones
	$(PY) -m benchmarks.identify $(ARGS)

mutants: $(DEV)  ## plant faults that the tests must notice, e.g. ARGS="report/headline --sample 20"
	$(PY) -m scripts.mutants $(ARGS)

check: $(DEV) chromium  ## format, lint, types, import contracts, known vulnerabilities, tests
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m scripts.audit
	$(PYTEST) $(ARGS)

format: $(DEV)  ## reformat, and fix what lint can
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

bench: $(DEV) chromium  ## every benchmark, one after the other
	@set -e; for file in benchmarks/[!_]*.py; do \
		name=$$(basename $$file .py); echo "== $$name"; $(PY) -m benchmarks.$$name $(ARGS); \
	done

screenshot: $(DEV) chromium  ## write the README's pictures
	$(PY) -m scripts.screenshot

programs: $(DEV)  ## install Graphviz and TeX, which a few tests ask (root on Debian)
	@$(PY) -m scripts.programs

clean:  ## remove the environment and what tools left
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

chromium: $(DEV)
	@$(PY) -m scripts.chromium

# A stamp is as new as its last complete install, so a second run goes straight to the app.
$(RUN): requirements.txt | $(VENV)/.made
	$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements.txt requirements-export.txt requirements-postgres.txt requirements-dev.txt | $(VENV)/.made
	$(PIP) -r requirements-dev.txt
	@touch $@ $(RUN)

# The first Python that is new enough and can make an environment: Debian's lacks ensurepip without
# python3-venv, and a version manager's shims exist for versions that do not run.
$(VENV)/.made:
	@for python in $(PYTHON) $(if $(PYTHON),,python3.11 python3 python3.12 python3.13 python3.14 python); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "$$python -m venv $(VENV)"; $$python -m venv $(VENV) && touch $@ && exit; \
		fi; \
	done; \
	echo "No Python 3.11 or newer with venv$(if $(PYTHON),: $(PYTHON)): install it, or say make PYTHON=/path/to/python" >&2; \
	exit 1
