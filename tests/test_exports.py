"""What nbconvert makes of a notebook, with the settings of the notebooks' folder."""

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, SlidesExporter, WebPDFExporter
from traitlets.config.loader import PyFileConfigLoader

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LESSONS = sorted(FOLDER.glob("0[1-9]_*.ipynb"))
PNG = "image/png"
PICTURES = re.compile(r"data:image/png;base64,")
EVERY = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
EVERY_LESSON = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def config():
    return PyFileConfigLoader("jupyter_nbconvert_config.py", path=str(FOLDER)).load_config()


def shown_in(notebook):
    return [
        o.data["text/html"]
        for c in notebook.cells
        for o in c.get("outputs", [])
        if "text/html" in o.get("data", {})
    ]


@EVERY_LESSON
@pytest.mark.parametrize("exporter", [LatexExporter, WebPDFExporter])
def test_on_paper_every_picture_is_kept_and_the_truths_come_last(path, exporter, config):
    notebook = nbformat.read(path, as_version=4)
    wanted = sum(len(PICTURES.findall(html)) for html in shown_in(notebook))
    bets = sum("<summary>Reveal</summary>" in html for html in shown_in(notebook))
    # Without pandoc, which LaTeX needs for the words, this is as far as it goes.
    paper = exporter(config=config)
    printed, _ = paper._preprocess(notebook, paper._init_resources({}))
    outputs = [(cell, output) for cell in printed.cells for output in cell.get("outputs", [])]
    pictures = [cell for cell, output in outputs if PNG in output.get("data", {})]
    assert len(pictures) == wanted > 10
    assert not any(
        "data:image" in str(output.get("data", {}).get("text/html")) for _, output in outputs
    )
    # Each bet asks where it stands, and answers on the last page.
    assert bets > 0
    assert printed.cells[-2].source == "## The bets, revealed"
    assert sum(cell is printed.cells[-1] for cell in pictures) == bets
    early = [output for cell, output in outputs if cell is not printed.cells[-1]]
    assert not any(
        "the truth" in output.data["text/plain"]
        for output in early
        if PNG in output.get("data", {})
    )


@EVERY_LESSON
def test_on_paper_hints_and_solutions_come_last(path, config):
    paper = LatexExporter(config=config)
    notebook = nbformat.read(path, as_version=4)
    asked = sum("<summary>Solution</summary>" in cell.source for cell in notebook.cells)
    printed, _ = paper._preprocess(notebook, paper._init_resources({}))
    (last,) = (c for c in printed.cells if c.source.startswith("## Hints and solutions"))
    assert last.source.count("**Hint**") == last.source.count("**Solution**") == asked > 0
    assert not any("<details>" in cell.source for cell in printed.cells)


@EVERY
def test_slides_begin_with_every_section(path, config):
    text, _ = SlidesExporter(config=config).from_filename(str(path))
    notebook = nbformat.read(path, as_version=4)
    titles = sum(cell.source.startswith(("# ", "## ")) for cell in notebook.cells)
    assert len(re.findall(r"<section\b[^>]*><section", text)) == titles
    assert len(PICTURES.findall(text)) >= sum(len(PICTURES.findall(h)) for h in shown_in(notebook))


@EVERY
def test_a_page_keeps_every_picture_and_folds_the_truths(path, config):
    text, _ = HTMLExporter(config=config).from_filename(str(path))
    shown = shown_in(nbformat.read(path, as_version=4))
    assert text.count('<img alt="') >= sum(len(PICTURES.findall(html)) for html in shown)
    assert text.count("<details><summary>Reveal</summary>") == sum(
        "<summary>Reveal</summary>" in html for html in shown
    )
