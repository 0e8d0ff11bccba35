# Everything is done by make.py, which needs no make: `python make.py lab`.
TARGETS := lab test test-hub test-colab notebooks site loops handouts bench

.PHONY: $(TARGETS)

# A copy to write in; `make lab NOTEBOOKS=notebooks` opens the published ones.
lab: FOLDER := $(NOTEBOOKS)

$(TARGETS):
	python3 make.py $@ $(FOLDER)
