"""`make pages`: a page for each notebook, made of its own panels, and an index."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SCRIPT = Path(__file__).parents[1] / "notebooks" / "pages.py"
CELL = """
from ipywidgets import IntSlider
from nnhelpers import figures, simulations, widgets

widgets.connect(
    lambda center: simulations.simulate_active_fraction(center=center, draws=20),
    figures.plot_active_fraction,
    title="A panel",
    scenes=[widgets.Scene(name="far", caption="far away", settings={"center": 2})],
    center=IntSlider(value=0, min=0, max=2, description="offset"),
)
"""


def test_pages_and_index_are_made_from_the_panels_of_a_notebook(tmp_path):
    cells = [new_markdown_cell("# Move & look"), new_code_cell(CELL), new_code_cell("1 + 1")]
    notebook = new_notebook(cells=cells)
    nbformat.write(notebook, tmp_path / "05_moving.ipynb")
    command = [sys.executable, SCRIPT, tmp_path / "pages", tmp_path / "05_moving.ipynb"]
    quiet = os.environ | {"PYTHONWARNINGS": "default"}
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=quiet, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "05_moving.html: " in done.stdout
    page = (tmp_path / "pages" / "05_moving.html").read_text(encoding="utf-8")
    assert "<title>Move &amp; look</title>" in page
    assert "<h2>A panel</h2>" in page
    assert page.count('"alt": "offset') == 3
    index = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert '<a href="05_moving.html">Move &amp; look</a>' in index
