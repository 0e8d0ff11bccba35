BIN := .venv/bin

# Without a display there is no browser to open: JupyterLab then prints its address.
HEADLESS := $(if $(filter Linux,$(shell uname)),$(if $(DISPLAY)$(WAYLAND_DISPLAY),,--no-browser))
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab test notebooks pages bench

lab: .venv/installed
	$(BIN)/jupyter lab --ip=127.0.0.1 --ServerApp.root_dir=notebooks \
		--LabApp.default_url=/lab/tree/01_normalization.ipynb $(HEADLESS) $(AS_ROOT)

test: export TQDM_DISABLE = 1
test: .venv/installed
	$(BIN)/ruff check && $(BIN)/ruff format --check
	$(BIN)/python -m pytest tests nnhelpers notebooks --doctest-modules \
		--ignore-glob='notebooks/*.py' --nbval --nbval-current-env \
		--nbval-cell-timeout=120 --nbval-sanitize-with=tests/nbval_sanitize.cfg \
		--numprocesses=2 --dist=loadfile --no-loadscope-reorder

notebooks: .venv/installed
	$(BIN)/python notebooks/execute.py

pages: .venv/installed
	$(BIN)/python notebooks/pages.py build/pages

bench: .venv/installed
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit; done

.venv/installed: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e '.[test]'
	$(BIN)/python -m nnhelpers.training
	touch $@
