# Everything these targets make stays in this folder, but for `test-deps`, which installs system packages.

VENV    ?= .venv
PYTHON  ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
             $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
               2>/dev/null && echo $$python && break; done)
PYTHONS ?= python3.11 python3.12 python3.13
ARGS    ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip
export PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
export UV_CACHE_DIR  ?= $(CURDIR)/.cache/uv
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-full test-deps test-pythons check contract clients-table bench lock

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf '  make %-13s %s\n' "$$name" "$$text"; done

setup: $(VENV)/project.done  ## make .venv with the pinned dependencies and this project in it

# A changed lock rebuilds the environment, so that it never holds a package the lock does not name.
$(VENV)/dependencies.done: requirements/build.txt requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "iwapi needs Python 3.11 to 3.13 with its venv module." \
	  "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the pinned dependencies into $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --quiet --require-hashes --requirement requirements/build.txt
	@$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt --no-build-isolation
	@touch $@

$(VENV)/project.done: $(VENV)/dependencies.done setup.cfg pyproject.toml
	@PYTHONWARNINGS=ignore $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## set up and serve on loopback, with state in var/run
	@$(BIN)/iwapi serve --dev --state var/run

demo: setup  ## set up, tell the whole story against a throw-away server, and exit
	@$(BIN)/iwapi demo

test: setup  ## set up and run the tests (ARGS="-k word" narrows them)
	@$(BIN)/python -m pytest -m "not slow" $(ARGS)

test-full: setup  ## the slow tests too
	@$(BIN)/python -m pytest $(ARGS)

test-deps:  ## as root: install the system programs some tests use (PHP, Java, Mono, ...)
	@bash deploy/test-deps

test-pythons:  ## the tests on every Python of PYTHONS that is found, each in its own environment
	@found=; for python in $(PYTHONS); do \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
	    || { echo "$$python: not found, left out"; continue; }; \
	  $(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON=$$python || exit 1; \
	  found=yes; \
	done; \
	test -n "$$found" || { echo "None of these runs: $(PYTHONS)." >&2; exit 1; }

check: setup  ## style, types and who imports whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/python -m pytest --quiet tests/test_imports.py

contract: setup  ## write wsdl/ and the generated docs from the code
	@$(BIN)/iwapi contract

clients-table: setup  ## run the foreign clients and write their table in docs/protocols.md
	@WRITE_CLIENTS_TABLE=yes $(BIN)/python -m pytest tests/clients/test_foreign.py $(ARGS)

bench: setup  ## measure the call path
	@$(BIN)/python -m bench $(ARGS)

lock: setup  ## pin the dependencies again (ARGS=--upgrade takes newer ones)
	@compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command 'make lock' $(ARGS)"; set -e; \
	eval "$$compile requirements/build.in --output-file requirements/build.txt"; \
	eval "$$compile setup.cfg --extra dev --output-file requirements/dev.txt"; \
	eval "$$compile setup.cfg --constraint requirements/dev.txt --output-file requirements/run.txt"
