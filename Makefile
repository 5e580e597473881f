# make lab: open the course.   make test: check everything.   README.md says more.
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && echo $$p && break; done || true)
FOUND := $(or $(PYTHON),python3)
RUN := $(VENV)/bin/python
PINNED := requirements.txt constraints.txt pyproject.toml
FIRST := notebooks/00_start_here.ipynb
NBVAL := -m pytest --nbval-lax -n 2 --dist loadscope
# Quiet, and repeatable to the last digit: see course_utils/__init__.py.
export TF_CPP_MIN_LOG_LEVEL ?= 3
export TF_ENABLE_ONEDNN_OPTS ?= 0
# Threads share two heaps: see course_utils/memory.py.
export MALLOC_ARENA_MAX ?= 2
.PHONY: lab test test-fast test-mnist test-browser site build lint benchmark clean

lab: $(VENV)/installed-kit
	@$(RUN) -m course_utils fetch
	$(RUN) -m jupyter lab --LabApp.default_url=/lab/tree/$(FIRST) $(ARGS)

test: lint
	$(RUN) -m course_utils fetch --no-network
	$(RUN) -m pytest -rs -n 2 --dist loadscope tests
	COURSE_DIGITS=strokes $(RUN) $(NBVAL) solutions notebooks

test-fast: lint
	$(RUN) -m pytest -n 2 --dist loadscope -m "not slow" tests

# JupyterLab and the site in Chromium; screenshots go to build/browser.
test-browser: $(VENV)/installed-kit-dev site
	$(RUN) -m pytest -rs --durations 12 tests/browser

test-mnist: $(VENV)/installed-kit-dev
	COURSE_DIGITS=mnist $(RUN) $(NBVAL) solutions

# Pages for those who only read, in build/site; nothing is executed.
site: $(VENV)/installed-kit-site
	$(RUN) -m course_utils site $(ARGS)

build: $(VENV)/installed-kit-dev
	$(RUN) -m course_utils build $(ARGS)

lint: $(VENV)/installed-kit-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

benchmark: $(VENV)/installed-kit-dev
	$(RUN) -m tests.benchmarks $(ARGS)

clean:
	rm -rf $(VENV)

$(VENV)/installed-kit: $(PINNED)
	@$(FOUND) course_utils/install.py $(VENV)

$(VENV)/installed-kit-dev: $(PINNED)
	@$(FOUND) course_utils/install.py $(VENV) dev

$(VENV)/installed-kit-site: $(PINNED)
	@$(FOUND) course_utils/install.py $(VENV) site
