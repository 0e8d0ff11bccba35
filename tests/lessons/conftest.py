"""The notebooks as the data files of the lessons name them."""

from functools import cache
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def text_of():
    """Return the text cells of a notebook, below `notebooks`, as one text."""

    @cache
    def read(name: str) -> str:
        cells = nbformat.read(FOLDER / name, as_version=4).cells
        return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")

    return read


@pytest.fixture(scope="session")
def sections_of(text_of):
    """Return the headings of a notebook's sections."""

    def find(name: str) -> set[str]:
        lines = text_of(name).splitlines()
        return {line.removeprefix("## ") for line in lines if line.startswith("## ")}

    return find
