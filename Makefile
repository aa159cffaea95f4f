# Casehead: the commands are `make run` and `make test`; both do their own set-up.

BIN := .venv/bin
PYTEST_ARGS ?= -n auto --maxprocesses=4

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test lint bench-engine bench-scale bench-desk bench-acquire bench-casework screenshots lock clean
export PYTHON

help: ## Show this list
	@echo "Casehead: make <target>"
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Leave .venv/bin/casehead ready (quick when nothing changed)
	@bash .ci/setup run

setup-test:
	@bash .ci/setup test

run: setup ## Start the workstation (IMPORT=folder of images, CASEBOOK=folder, PIXEL_UM=scale)
	@$(BIN)/casehead run $(if $(CASEBOOK),--casebook "$(CASEBOOK)") \
	    $(if $(IMPORT),--import "$(IMPORT)") $(if $(PIXEL_UM),--pixel-um "$(PIXEL_UM)")

lint: setup-test ## Style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint ## Lint, types, import rules and the whole test suite (PYTEST_ARGS=...)
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest $(PYTEST_ARGS)

bench-engine: setup-test ## Measure the engine's speed: a table, and bench-engine.json
	$(BIN)/python -m tests.bench.engine bench-engine.json

bench-scale: setup-test ## Measure searches of 10,000 to 1,000,000 marks: a table, and bench-scale.json
	$(BIN)/python -m tests.bench.scale bench-scale.json

bench-desk: setup-test ## Measure the comparison desk's speed: a table, and bench-desk.json
	$(BIN)/python -m tests.bench.desk bench-desk.json

bench-acquire: setup-test ## Measure the acquisition's speed: a table, and bench-acquire.json
	$(BIN)/python -m tests.bench.acquire bench-acquire.json

bench-casework: setup-test ## Measure a casebook of 100,000 exhibits: a table, and bench-casework.json
	$(BIN)/python -m tests.bench.casework bench-casework.json

screenshots: setup ## Draw every screen into screenshots/
	$(BIN)/casehead screenshots --out screenshots

lock: setup-test ## Bring uv.lock up to date with pyproject.toml
	$(BIN)/uv lock

clean: ## Remove .venv, caches and generated files (never a casebook)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	    .benchmarks build dist screenshots *.egg-info
	find app widgets correlation resources tests -name __pycache__ -prune -exec rm -rf {} +
