# Everything starts from a fresh clone: each target sets up what is missing first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench soak lock wheel clean

BIN := .venv/bin

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## system packages, .venv, the default speech model
	@bash scripts/setup.sh

demo: setup ## the main job on the bundled session, with its figures
	$(BIN)/supervise demo

test: setup ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder # the longest are first, as they stand

lint: setup ## style, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## write the code in the house's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## what we claim about speed, one JSON line each (ONLY="name name")
	@bash scripts/bench.sh $(ONLY)

soak: setup ## the slow proofs: kill -9, full disk, flipped bits, no network, plaintext scan (ONLY=name)
	@bash scripts/soak.sh $(ONLY)

lock: setup ## write the lock files anew from pyproject.toml
	$(BIN)/python scripts/lock.py

wheel: setup ## build the wheel and prove it in an environment of its own
	@bash scripts/check_wheel.sh

clean: ## remove what was built (not the speech model)
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
