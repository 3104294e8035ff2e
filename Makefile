# Two commands set everything up: `make serve` to write, `make test` to change Byline itself. The first installs what runs
# a site, the second what develops the engine.

PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin

WEB_CONCURRENCY ?= 2

.PHONY: serve serve-prod test lint proof proof-long bench audit freeze dist clean

serve: .venv
	$(BIN)/flask run --debug --port $(PORT)

serve-prod: .venv
	@$(BIN)/python -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", $(PORT))) == 0 and "port $(PORT) is taken: stop the program that uses it, or set another PORT=")'
	$(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers $(WEB_CONCURRENCY) --blocking-threads 16 --respawn-failed-workers --workers-kill-timeout 10 app:app

freeze: .venv
	$(BIN)/flask freeze

test: .venv/dev
	@sh tests/helpers/chromium.sh
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

proof: .venv/dev
	$(BIN)/pytest -n auto --dist loadscope -m proof

proof-long: .venv/dev
	$(BIN)/pytest -n auto --dist load -m proof_long

bench: .venv/dev
	$(BIN)/python -m bench.run

audit: .venv/dev
	$(BIN)/python -m bench.audit

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint templates byline/theme/templates

dist: .venv/dev
	rm -rf dist
	$(BIN)/hatchling build

# The environment, rebuilt when the lock file changes. An incomplete one is removed, never mistaken for a complete one.
.venv: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Byline needs Python 3.11 or newer; set PYTHON=")'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt || (rm -rf .venv; exit 1)
	touch .venv

.venv/dev: .venv requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch .venv .venv/dev

clean:
	rm -rf .venv .cache build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
