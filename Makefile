# Two commands: `make demo` and `make test`. Both need only Python 3.11-3.13 with venv.

ARGS =
PORT =
UV = $(shell command -v uv || echo .tools/bin/uv)
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
TEMPLATES = $(wildcard frontend/templates)

.DEFAULT_GOAL := help
.PHONY: help demo test proof lint lock wheel frontend screens story

help:            ## what can be typed here
	@grep -E '^[a-z.]+: .*##|^[a-z]+: +##' Makefile | sed 's/:.*##/ —/'

demo: .venv/.ok  ## the whole story on this machine, with a simulated LINE (PORT=8000, ARGS=--check)
	@sh scripts/frontend build || :
	@.venv/bin/civic demo $(if $(PORT),--port $(PORT)) $(ARGS)

# Three processes even on two cores: those with a browser or a server mostly wait.
test: .venv/.ok-dev  ## everything this machine can test; the last line counts it (ARGS=tests/geodata)
	@sh scripts/frontend build || :
	@sh scripts/in_memory .venv/bin/python -m pytest -q -n 3 --dist worksteal $(ARGS)

proof: .venv/.ok-dev  ## storms, kills, faults, hostile bodies (FULL=1 for full size); lines in var/proof.txt
	@.venv/bin/python -m pytest -q -p no:randomly --timeout=1800 tests/proof $(ARGS)

lint: .venv/.ok-dev  ## style, types, import arrows
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/mypy
	$(if $(TEMPLATES),.venv/bin/djlint --quiet --check --lint $(TEMPLATES))
	sh scripts/frontend lint

frontend: .venv/.ok  ## styles and islands, built into frontend/static (when a source has changed)
	@sh scripts/frontend build

lock: .venv/.ok  ## the locked packages anew (UPGRADE=--upgrade for newer ones)
	$(LOCK) $(UPGRADE) --group build pyproject.toml -o requirements/run.txt
	$(LOCK) $(UPGRADE) --group build --group dev --extra pdf -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(LOCK) $(UPGRADE) requirements/uv.in -o requirements/uv.txt
	$(LOCK) $(UPGRADE) requirements/node.in -o requirements/node.txt

screens: .venv/.ok-dev frontend  ## every page as pictures in var/screens (needs Chromium)
	@.venv/bin/python tests/e2e/screens.py var/screens

story: .venv/.ok-dev frontend  ## the pictures of docs/story.md anew (needs Chromium)
	@.venv/bin/python tests/e2e/tour.py docs/images

wheel: .venv/.ok  ## the installable package, in dist/
	@sh scripts/frontend build
	.venv/bin/python -m hatchling build -t wheel

.venv/.ok: pyproject.toml requirements/run.txt requirements/uv.txt scripts/bootstrap
	@sh scripts/bootstrap run

.venv/.ok-dev: pyproject.toml requirements/dev.txt requirements/uv.txt scripts/bootstrap
	@sh scripts/bootstrap dev
