# make demo · make test · make generated · make bench · make bundle · make npm · make lock · make clean
# What is installed is pinned with hashes in requirements/ and in each package-lock.json.

SHELL := /bin/bash
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
DRIZZLE := tests/drizzle/v0 tests/drizzle/v1 tests/drizzle/beta
LINTING := tests/installing/actionlint
CLIENT := clients/vscode
VSCODE := tests/editors/vscode
# The PostgreSQL servers that the tests run against: some majors, or all.
export RAINCHECK_PG ?= all

.PHONY: demo test lint servers client generated bench bundle npm lock clean
.DELETE_ON_ERROR:

# Findings are what the demo shows, and check exits with 1 where there are some.
demo: .venv/run
	@$(BIN)/raincheck check examples/renovation || test $$? -eq 1

test: lint client servers $(VSCODE)/node_modules/.vscode $(addsuffix /node_modules/.package-lock.json,$(DRIZZLE) $(LINTING))
	$(BIN)/pytest -n 4  # most of them wait for servers most of the time

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

servers: .venv/dev
	$(BIN)/python tests/support/postgres_binaries.py

# The extension for this platform, with the server in it: clients/vscode/dist/raincheck.vsix.
client: $(CLIENT)/node_modules/.package-lock.json bundle
	cd $(CLIENT) && npm run --silent check && npm run --silent test && npm run --silent package

generated: .venv/dev
	$(BIN)/python tools/generated.py

bench: .venv/dev
	$(BIN)/python bench/check.py
	$(BIN)/python bench/latency.py

# The packages of npm, in build/npm/.
npm: bundle
	node clients/npm/pack.mjs

# The executable: build/bundle/raincheck/ is a folder, build/bundle/raincheck-one a single file.
bundle: build/bundle/raincheck/raincheck

build/bundle/raincheck/raincheck: .venv/dev packaging/raincheck.spec packaging/start.py $(shell find server/raincheck docs/recipes -type f -not -name '*.pyc')
	$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath build/bundle --workpath build/work packaging/raincheck.spec
	find build/bundle/raincheck -type l -delete  # to libraries that are found without them; npm and vsce carry no links
	touch $@

lock: .venv/dev
	$(BIN)/uv pip compile $(LOCK) --group build pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile $(LOCK) --group build --group dev pyproject.toml -o requirements/dev.txt -c requirements/run.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

clean:
	rm -rf .venv .cache .*_cache .hypothesis build dist $(CLIENT)/dist $(addsuffix /node_modules,$(CLIENT) $(VSCODE) $(DRIZZLE) $(LINTING))

# Stamps: what was installed last, newer than what it was installed from.
.venv/run: requirements/run.txt pyproject.toml
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed))
	@echo "Installing into .venv: the pinned requirements, then Raincheck"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/python -m pip install -qq --require-hashes -r requirements/dev.txt
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The server and workbench of VS Code have packages of their own, which code-server pins.
$(VSCODE)/node_modules/.vscode: $(VSCODE)/node_modules/.package-lock.json
	cd $(VSCODE) && npm run --silent vscode
	touch $@
