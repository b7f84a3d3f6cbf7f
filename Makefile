# The commands of the house. Each is a line here; what it does is in bin/ or in manage.py.
PYTHON ?= python3
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run dev test quick check prove bench findings lock format

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s%s\n", $$1, $$2 }' Makefile

run: ## start the site on http://127.0.0.1:8000/ (HOST, PORT, EDUCATION_DATA_DIR)
	@bin/venv
	@exec .venv/bin/python manage.py serve

dev: ## the same for maintainers: restarts when a file changes, shows errors in full
	@bin/venv
	@exec env DEBUG=1 .venv/bin/python manage.py serve --reload

test: ## run every test (ARGS="-k word" for some)
	@bin/test $(ARGS)

quick: ## the tests of every day: no browsers, no processes, nothing long (ARGS="-k word" for some)
	@bin/test --quick $(ARGS)

check: ## format, lint, types, layers, migrations, deployment, templates, content
	@bin/check

prove: ## the long seeded runs (SEED, PROVE_EXAMPLES)
	@bin/prove $(ARGS)

bench: ## measure speed and weight, and write benchmarks/RESULTS.md (ARGS="search" for some)
	@bin/bench $(ARGS)

findings: ## run the scripts in findings/, which need the network
	@bin/findings

lock: ## remake requirements.lock and requirements-dev.lock
	@bin/lock-requirements

format: ## put the code and the templates in their one format
	@bin/format
