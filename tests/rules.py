"""Rules that notebooks keep, each with changes that break it."""

import copy
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import published
from nbformat import NotebookNode

# To be looked at only.
read = cache(published.read)


def named(path: Path) -> str:
    """Return the name of a notebook for the report of a test."""
    return f"{path.parent.name}/{path.stem}"


def sections_of(notebook: NotebookNode) -> list[str]:
    """Return the headings of the sections."""
    return re.findall(r"^## +(.*\S)", published.text_of(notebook), flags=re.MULTILINE)


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
