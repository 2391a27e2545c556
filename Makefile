# Rendir: `make demo` shows it, `make test` tries it, `make help` lists the rest.
# Needs make and Python 3.11 or newer, nothing else. DATABASE_URL puts any of it on a PostgreSQL (15 or newer) of yours.

VENV := .venv
RUN := $(VENV)/bin/python
export PORT ?= 8000
COVERAGE = --cov
PARALLEL = --numprocesses auto --dist loadfile
export RENDIR_LOCAL ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
TEMPLATES = $$(find templates -name '*.html')

.PHONY: help demo test soak shots lint format bench messages lock stop clean
.DELETE_ON_ERROR:

help:  ## lists what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST)

demo: $(VENV)/installed  ## starts PostgreSQL, loads the reference portfolio, serves on 127.0.0.1 (PORT=8000)
	@$(RUN) manage.py demo

test: $(VENV)/installed-dev  ## runs all tests (PYTEST_ARGS="-k ledger" some, COVERAGE= without measuring)
	@$(RUN) -m pytest $(PARALLEL) $(PYTEST_ARGS) $(COVERAGE)

soak: $(VENV)/installed-dev  ## kills the web server and PostgreSQL while people write, and looks for losses (SOAK_SECONDS=60)
	@$(RUN) -m tests.soak

shots: $(VENV)/installed-dev  ## draws every page in both languages and two widths into .shots/ (SHOTS="-k portfolio" some)
	@$(RUN) -m pytest tests/everyone/shots.py --quiet -p no:randomly --no-header $(SHOTS)
	@echo "The pictures are in .shots/, named page-language-width.png."

lint: $(VENV)/installed-dev  ## checks style, types, layers, templates and migrations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/djade --check --target-version 5.2 $(TEMPLATES)
	$(VENV)/bin/djangofmt --check templates
	$(VENV)/bin/djangofmt check templates
	$(RUN) manage.py makemigrations --check --dry-run

format: $(VENV)/installed-dev  ## formats code and templates
	$(RUN) -m ruff check --fix-only .
	$(RUN) -m ruff format .
	$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES)
	$(VENV)/bin/djangofmt templates

bench: $(VENV)/installed  ## measures the pages and the ledger, and prints a table (PARTS="pages portfolio" some)
	@$(RUN) manage.py bench $(PARTS)

messages: $(VENV)/installed-dev  ## collects the texts into the Spanish catalogue and compiles it (needs gettext)
	@command -v xgettext >/dev/null || { echo "make messages needs gettext (on Debian: apt install gettext)." >&2; exit 1; }
	$(RUN) manage.py makemessages --locale es --extension html,py,txt --no-obsolete --add-location file \
	  --ignore '.*' --ignore tests --ignore static --ignore 'requirements*'
	$(RUN) manage.py compilemessages --locale es --ignore '.*'

lock:  ## pins what pyproject.toml asks for, newest first (needs uv)
	uv pip compile --quiet --upgrade $(LOCK) pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --upgrade $(LOCK) pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

stop:  ## stops the embedded PostgreSQL
	@if [ -x $(RUN) ]; then $(RUN) -m monitoring.database stop; fi

clean: stop  ## removes what the tools left behind; the data in .data stays
	rm -rf $(VENV) .shots .coverage htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: requirements.txt | $(VENV)/made
	@echo "Installing what Rendir needs (about 100 MB, once) ..."
	@$(RUN) -m pip install --quiet --require-hashes --requirement $<
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt | $(VENV)/made
	@echo "Installing what Rendir and its tests need (about 500 MB, once) ..."
	@$(RUN) -m pip install --quiet --require-hashes --requirement $<
	@touch $@ $(VENV)/installed

# The newest Python that is new enough and can make virtual environments.
$(VENV)/made:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version) ..."; \
	    $$python -m venv $(VENV) && touch $@ && exit 0; exit 1; \
	  fi; \
	done; \
	echo "Rendir needs Python 3.11 or newer with venv and pip. Install it (on Debian: apt install python3-venv)," >&2; \
	echo "or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1
