# make graph   builds the knowledge graph of the bundled documents into plankg-out/
# make test    checks everything: lint, format, types, tests (needs Chromium, Java, Virtuoso; installs Debian's as root)
# make model   trains the models in extract/models/ anew (TEXTS=folder adds the documents of other places)
# make encoders fine-tunes the encoders in extract/models/encoders/ (two to three hours; TEXTS as for make model)
# make check   the same without tests; make docs rewrites what is generated in docs/
# make bundles compares the pages' scripts with their TypeScript sources (part of make test)
# make bench   measures speed and memory and writes docs/benchmark.md (some minutes)
# make stress  tries to break builds (killed, disk full, hostile files) and prints what was survived (some minutes)
# make fuzz    fuzzes readers, extractor and writers, SECONDS each (60); needs Linux on x86-64
# make lock    writes requirements.lock and requirements-test.lock anew (UPGRADE=1 takes the newest versions)
# make audit   asks an advisory service about every locked package (AUDIT='-s osv' asks another one)
# make sbom    writes dist/plankg.cdx.json, the list of what is installed with plankg (CycloneDX)
# Needs python3 (3.11 or newer) with venv, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# make test TOGETHER='-n 2 --dist loadfile' shares the tests out among two processes; those of a file stay together.
TOGETHER ?=
PACKAGES := plankg.py ontology extract graph output

.PHONY: graph test check bundles docs model encoders browser java virtuoso bench stress fuzz lock audit sbom clean
.DELETE_ON_ERROR:

graph: $(VENV)/installed
	$(BIN)/plankg build -o plankg-out

# Two halves at a time, of about the same length: the page and all else that leaves, and the rest. The page's tests have
# a process of their own, because the browser's driver keeps an event loop running in theirs.
test: check bundles browser java virtuoso
	@{ $(BIN)/python -m pytest -q tests/e2e; page=$$?; \
	$(BIN)/python -m pytest -q $(TOGETHER) --doctest-modules tests/output output && exit $$page; } & half=$$!; \
	$(BIN)/python -m pytest -q $(TOGETHER) --doctest-modules --ignore=tests/e2e --ignore=tests/output tests \
		$(filter-out output,$(PACKAGES)); rest=$$?; \
	wait $$half && exit $$rest

check: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(PACKAGES)

# What the pages' TypeScript makes is committed; without Node.js only its digest is compared (and it says so).
bundles: $(VENV)/installed-test
	$(BIN)/python -m tests.bundles

model: $(VENV)/installed-test
	$(BIN)/python -m extract.training $(if $(TEXTS),--texts $(TEXTS))
	$(BIN)/python -m extract.tagger

encoders: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[encoders]'
	$(BIN)/python -m extract.finetuning $(if $(TEXTS),--texts $(TEXTS))

docs: $(VENV)/installed-test
	$(BIN)/python -m output.cli.reference > docs/cli.md
	$(BIN)/python -m output.vocabulary > docs/vocabulary.md

bench: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m tests.benchmark --write

stress: $(VENV)/installed-test
	$(BIN)/python -m tests.stress

fuzz: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

# For every system and Python from 3.11 on, each file with its hashes; what users install, and what `make test` does.
LOCK := build/lock-tool/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml
lock: build/lock-tool/installed
	$(LOCK) --extra mcp --extra ocr --extra serve --extra tables --output-file requirements.lock
	$(LOCK) --extra test --constraint requirements.lock --output-file requirements-test.lock

build/lock-tool/installed:
	$(PYTHON) -m venv --clear build/lock-tool
	build/lock-tool/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	touch $@

audit: $(VENV)/installed-test
	$(PYTHON) -m venv --clear build/audit-tool
	build/audit-tool/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.9'
	for lock in requirements.lock requirements-test.lock; do \
		rm -f build/audit.json; \
		build/audit-tool/bin/pip-audit --disable-pip --require-hashes --progress-spinner off --format json \
			--requirement $$lock --output build/audit.json $(AUDIT) 2>build/audit.log || true; \
		echo "$$lock:"; $(BIN)/python -m tests.audit build/audit.json || { \
			test -s build/audit.json || tail -n 3 build/audit.log >&2; exit 1; }; \
	done

# The tool stands in an environment of its own, so that the list holds nothing but plankg and what it needs.
sbom: pyproject.toml requirements.lock $(VENV)/installed-test
	$(PYTHON) -m venv --clear build/sbom build/sbom-tool
	build/sbom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	build/sbom/bin/python -m pip install --quiet --disable-pip-version-check --no-deps .
	build/sbom-tool/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7'
	mkdir -p dist
	build/sbom-tool/bin/cyclonedx-py environment --output-reproducible --of JSON --pyproject pyproject.toml \
		-o dist/plankg.cdx.json build/sbom/bin/python
	$(BIN)/python -m tests.sbom dist/plankg.cdx.json

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "plankg needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $(VENV)/installed $@

# Have a program: its name, Debian's packages of it.
define have
	@command -v $(1) >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null; \
	else \
		echo 'The tests need $(1): install it (Debian: apt-get install $(2)) and run make test again.' >&2; exit 1; \
	fi
endef

# The page is tested in a real browser, builds on Spark (which is Java), `plankg push` against a real store.
browser:
	$(call have,chromium,chromium fonts-noto-cjk)

java:
	$(call have,java,openjdk-17-jre-headless)

virtuoso:
	$(call have,virtuoso-t,virtuoso-opensource-7-bin)

clean:
	rm -rf $(VENV) plankg-out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
