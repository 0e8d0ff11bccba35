BIN := .venv/bin

# Without a display there is no browser to open: JupyterLab then prints its address.
HEADLESS := $(if $(filter Linux,$(shell uname)),$(if $(DISPLAY)$(WAYLAND_DISPLAY),,--no-browser))
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab test test-hub test-colab notebooks pages handouts bench

# A copy to write in; `make lab NOTEBOOKS=notebooks` opens the published ones.
NOTEBOOKS := my_notebooks

lab: .venv/installed
	$(if $(filter my_notebooks,$(NOTEBOOKS)),$(BIN)/python notebooks/working_copy.py $(NOTEBOOKS))
	$(BIN)/jupyter lab --ip=127.0.0.1 --ServerApp.root_dir=$(NOTEBOOKS) \
		--LabApp.default_url=/lab/tree/00_start_here.ipynb $(HEADLESS) $(AS_ROOT)

test: export TQDM_DISABLE = 1
test: .venv/tested
	$(BIN)/ruff check && $(BIN)/ruff format --check
	$(BIN)/python -m pytest tests nnhelpers notebooks --doctest-modules \
		--ignore-glob='notebooks/*.py' --ignore=tests/test_cells_again.py \
		--nbval --nbval-current-env --nbval-cell-timeout=120 \
		--nbval-sanitize-with=tests/nbval_sanitize.cfg --numprocesses=2 \
		--dist=loadfile --no-loadscope-reorder

notebooks: .venv/installed
	$(BIN)/python notebooks/execute.py

pages: .venv/installed
	$(BIN)/python notebooks/pages.py build/pages

handouts: .venv/installed
	$(BIN)/python notebooks/handout.py build/handouts

bench: .venv/installed
	for script in training panels many; do $(BIN)/python benchmarks/$$script.py || exit; done

.venv/installed: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e '.[keras,lab]'
	$(BIN)/python -m nnhelpers.training
	touch $@

.venv/tested: .venv/installed
	$(BIN)/pip install -q -c constraints.txt -e '.[keras,lab,test]'
	touch $@

# The suite with versions that others have: a course's hub of late 2024, and Google Colab's.
test-hub: python = python3.11
test-hub: versions = late-2024
test-colab: python = python3.13
test-colab: versions = colab
test-hub test-colab:
	$(python) -m venv build/$(versions)
	build/$(versions)/bin/pip install -q -r tests/environments/$(versions).txt
	build/$(versions)/bin/pip install -q -e . -r tests/environments/tools.txt \
		-c tests/environments/$(versions).txt
	TQDM_DISABLE=1 build/$(versions)/bin/python -m pytest tests nnhelpers notebooks \
		--doctest-modules --ignore-glob='notebooks/*.py' --ignore=tests/browser \
		--ignore=tests/test_cells_again.py --nbval --nbval-current-env --nbval-cell-timeout=120 \
		--nbval-sanitize-with=tests/nbval_sanitize.cfg --numprocesses=2 --dist=loadfile \
		--no-loadscope-reorder -W ignore::DeprecationWarning
