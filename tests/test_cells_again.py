"""A cell that is run once more, after all the others, prints and draws what it did before."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").rglob("*.ipynb"))
# New whenever a panel is made.
WIDGET = "application/vnd.jupyter.widget-view+json"


def shown(cell):
    """Return what a cell printed and drew, pictures included."""
    printed = "".join(output.get("text", "") for output in cell.outputs)
    drawn = [
        {kind: part for kind, part in output.get("data", {}).items() if kind != WIDGET}
        for output in cell.outputs
    ]
    return printed, [each for each in drawn if each]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_gives_the_same_once_more(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}})
    other = {}
    with client.setup_kernel():
        cells = [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code"]
        for index, cell in cells:
            client.execute_cell(cell, index)
        first = {index: shown(cell) for index, cell in cells}
        for index, cell in cells:
            client.execute_cell(cell, index)
            if shown(cell) != first[index]:
                other[index] = cell.source
    assert other == {}
