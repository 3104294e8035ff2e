# Two commands set everything up: `make serve` to write, `make test` to change Byline itself.

PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin

WEB_CONCURRENCY ?= 2

.PHONY: serve serve-prod test lint proof bench audit freeze clean

serve: .venv
	$(BIN)/flask run --debug --port $(PORT)

serve-prod: .venv
	$(BIN)/granian --interface wsgi --factory --host 127.0.0.1 --port $(PORT) --workers $(WEB_CONCURRENCY) --blocking-threads 1 --respawn-failed-workers --workers-kill-timeout 10 app:create_server

freeze: .venv
	$(BIN)/flask freeze

test: .venv
	@sh tests/helpers/chromium.sh
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

proof: .venv
	$(BIN)/pytest -n auto --dist loadscope -m proof

bench: .venv
	$(BIN)/python -m bench.run

audit: .venv
	$(BIN)/python -m bench.audit

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint templates byline/theme/templates

# The environment, rebuilt when the lock file changes. An incomplete one is removed, never mistaken for a complete one.
.venv: requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Byline needs Python 3.11 or newer; set PYTHON=")'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt || (rm -rf .venv; exit 1)
	touch .venv

clean:
	rm -rf .venv .cache build .pytest_cache .mypy_cache .ruff_cache .hypothesis
