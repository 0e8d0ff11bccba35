"""The published notebooks, the scripts beside them, and rules that notebooks keep."""

import copy
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted([*FOLDER.glob("*.ipynb"), *FOLDER.glob("deeper/*.ipynb")])
LESSONS = sorted(FOLDER.glob("0[1-9]_*.ipynb"))


@cache
def read(name: str | Path) -> NotebookNode:
    """Return a notebook, to be looked at only; a name is that below `notebooks`."""
    return nbformat.read(FOLDER / name, as_version=4)


def named(path: Path) -> str:
    """Return the name of a notebook for the report of a test."""
    return f"{path.parent.name}/{path.stem}"


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook: NotebookNode) -> str:
    """Return the text cells as one text."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def sections_of(notebook: NotebookNode) -> list[str]:
    """Return the headings of the sections."""
    return re.findall(r"^## +(.*\S)", text_of(notebook), flags=re.MULTILINE)


def script(name: str, *, folder: Path = FOLDER) -> ModuleType:
    """Return a script as a module of its own."""
    specification = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # where dataclasses look for their own
    specification.loader.exec_module(module)
    return module


class Rules:
    """Checks of a notebook that yield faults, each with changes that break it.

    >>> rule = Rules()
    >>> @rule(lambda notebook: notebook.cells.clear())
    ... def it_has_cells(notebook):
    ...     yield from [] if notebook.cells else ["no cells"]
    """

    def __init__(self) -> None:
        self.breaks: dict[Callable, tuple[Callable, ...]] = {}

    def __call__(self, *breaks: Callable[[NotebookNode], object]) -> Callable:
        def enter(check: Callable[[NotebookNode], Iterator[str]]) -> Callable:
            self.breaks[check] = breaks
            return check

        return enter

    def faults(self, notebook: NotebookNode) -> dict[str, list[str]]:
        """Return what is wrong with a notebook, by the rules that it breaks."""
        found = {check.__name__: list(check(notebook)) for check in self.breaks}
        return {name: faults for name, faults in found.items() if faults}

    def missed(self, good: NotebookNode) -> list[tuple[str, int]]:
        """Return the breaks of a good notebook that are not found."""
        assert self.faults(good) == {}
        missed = []
        for check, breaks in self.breaks.items():
            assert breaks, check.__name__
            for number, break_it in enumerate(breaks):
                broken = copy.deepcopy(good)
                break_it(broken)
                if not list(check(broken)):
                    missed.append((check.__name__, number))
        return missed
