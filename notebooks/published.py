"""The notebooks of this folder, as they are committed."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent
LESSONS = sorted(FOLDER.glob("0[1-9]_*.ipynb"))
SERIES = sorted(FOLDER.glob("*.ipynb"))
NOTEBOOKS = [*SERIES, *sorted(FOLDER.glob("deeper/*.ipynb"))]


def read(name: str | Path) -> NotebookNode:
    """Return a notebook by its whole path, or by its name in this folder."""
    return nbformat.read(FOLDER / name, as_version=4)


def title_of(notebook: NotebookNode) -> str:
    """Return the first heading."""
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ")


def text_of(notebook: NotebookNode) -> str:
    """Return the text cells as one text."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
