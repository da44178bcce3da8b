# Each target does the whole set-up it needs; `make figures` and `make test` are enough by themselves.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# One notebook cell, one thread: sums come out in the same order on every processor.
export OMP_NUM_THREADS ?= 1
export PYTHONHASHSEED ?= 0
# Set in many containers; nothing is compiled at set-up, so every kernel and worker would compile all it loads, each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup figures notebooks train test unit notebooks-strict test-browser test-wheel dist pictures lint format lab check lock audit clean \
        bench bench-reading bench-words bench-labels bench-topics bench-speed bench-scale bench-explore bench-notebooks bench-scans

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

setup: $(STAMP)  ## .venv with the locked packages, the embedding model and banmian itself

# --no-compile: byte code is made when a module is first used, which halves the time and the size.
$(STAMP): requirements/base.lock pyproject.toml setup.py
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "banmian needs Python 3.11 to 3.13, found %d.%d; try: make PYTHON=python3.12 setup" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/base.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --editable .
	touch $(STAMP)

# OUT with BANMIAN_SEEDS: other pages, copies of the notebooks and figures in OUT; SET="N_TOPICS=20 SEED=7" changes settings there.
figures: setup  ## run the notebooks in order and rewrite figures/ (one language: .venv/bin/banmian figures --lang zh)
	$(BIN)/banmian figures $(if $(LANG_),--lang $(LANG_)) $(if $(OUT),--out "$(OUT)") $(addprefix --set ,$(SET))

notebooks: setup  ## the same, and store the outputs in notebooks/ (after changing one)
	$(BIN)/banmian figures --keep-outputs

test: lint unit notebooks-strict test-browser test-wheel  ## what CI runs: lint, unit tests, every notebook compared, a browser if there is one, the wheel

unit: setup
	$(BIN)/python -m pytest

# No progress bars and no cache of pytest's: what a notebook prints is compared to the letter.
notebooks-strict: setup
	$(BIN)/python -m pytest -o addopts=-q --nbval --nbval-current-env -p no:cacheprovider notebooks

# Playwright lives in an environment of its own: it weighs as much as a seventh of everything else.
BROWSER := .venv/browser
$(BROWSER)/.installed: requirements/browser.lock $(STAMP)
	$(PYTHON) -m venv $(BROWSER)
	$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/browser.lock
	touch $@

test-browser: setup  ## a real browser runs and tries the notebooks (needs Chromium; skipped with a message without)
	@if [ -n "$$BANMIAN_CHROMIUM" ] || command -v chromium chromium-browser google-chrome >/dev/null; then \
	  $(MAKE) $(BROWSER)/.installed && $(BROWSER)/bin/python -m pytest -o addopts=-q -p no:cacheprovider tests/browser; \
	else echo "test-browser: skipped, no Chromium here (Debian: apt-get install chromium)"; fi

test-wheel: setup  ## build the wheel, install it elsewhere, label a page there without a network
	$(BIN)/python tools/test_wheel.py

dist: setup  ## dist/: source archive and wheel, the sentence encoder inside
	$(BIN)/python -m build --no-isolation

pictures:  ## renew the screenshots in docs/ that the README shows
	BANMIAN_PICTURES="$(CURDIR)/docs" $(MAKE) test-browser

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup  ## put every file into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# JupyterLab asks its makers for news, for a newer version, and the package index for extensions; none of it here.
OFFLINE_LAB := --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
  --LabApp.extension_manager=readonly

lab: setup  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks $(OFFLINE_LAB)

check: test  ## tests, and figures that do not change when made again
	$(MAKE) figures
	git diff --exit-code -- figures notebooks

lock:  ## make requirements/base.lock from pyproject.toml
	PYTHON=$(PYTHON) bash tools/lock.sh

# In an environment of its own: what checks the packages is not one of them.
audit:  ## known vulnerabilities of the locked packages (asks the package index; says so when it holds no list)
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	.venv/audit/bin/python tools/audit.py

bench: bench-reading bench-words bench-labels bench-topics bench-speed bench-scale bench-explore bench-scans  ## everything measured beside its peers

train: setup  ## train the shipped labeller where the measuring data are; elsewhere it stays as it is
	$(BIN)/python benchmarks/real_sections.py
	$(BIN)/python benchmarks/train_pretrained.py $(if $(ENCODER),--encoder "$(ENCODER)")

bench-labels: setup
	$(BIN)/python benchmarks/labels.py --baselines
	$(BIN)/python benchmarks/model_card.py
	$(BIN)/python benchmarks/label_curves.py
	$(BIN)/python benchmarks/few_shot.py

bench-words: setup
	$(BIN)/python benchmarks/segmentation.py
	$(BIN)/python benchmarks/terms.py

bench-reading: setup
	$(BIN)/python benchmarks/reading.py --write

bench-topics bench-speed bench-scale bench-explore bench-notebooks bench-scans: bench-%: setup
	$(BIN)/python benchmarks/$*.py

clean:  ## remove .venv and what was built on first use; labels given in the explorer (answers/) stay
	rm -rf .venv .cache build dist .pytest_cache .mypy_cache .ruff_cache
