"""What nbconvert makes of a notebook, with the settings of the notebooks' folder."""

import copy
import re

import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, SlidesExporter, WebPDFExporter
from published import FOLDER, LESSONS, NOTEBOOKS
from rules import named, read
from traitlets.config.loader import PyFileConfigLoader

PNG = "image/png"
PICTURES = re.compile(r"data:image/png;base64,")
REVEAL = "<details><summary>Reveal</summary>"
# With pictures, bets, formulas and exercises; the others are made of the same.
ONE = LESSONS[3]


@pytest.fixture(scope="module")
def config():
    return PyFileConfigLoader("jupyter_nbconvert_config.py", path=str(FOLDER)).load_config()


def shown_in(notebook):
    """Return what the cells show in a browser, as one text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)


@pytest.mark.parametrize("path", LESSONS, ids=named)
@pytest.mark.parametrize("exporter", [LatexExporter, WebPDFExporter])
def test_on_paper_every_picture_is_kept_and_what_is_folded_comes_last(path, exporter, config):
    notebook = read(path)
    shown = shown_in(notebook)
    asked = sum("<summary>Solution</summary>" in cell.source for cell in notebook.cells)
    # Without pandoc, which LaTeX needs for the words, this is as far as it goes.
    paper = exporter(config=config)
    printed, _ = paper._preprocess(copy.deepcopy(notebook), paper._init_resources({}))
    assert "data:image" not in shown_in(printed)
    outputs = [(cell, output) for cell in printed.cells for output in cell.get("outputs", [])]
    pictures = [(cell, output) for cell, output in outputs if PNG in output.get("data", {})]
    assert len(pictures) == len(PICTURES.findall(shown)) > 10
    # Each bet asks where it stands, and answers on the last page.
    *_, solutions, heading, truths = printed.cells
    assert heading.source == "## The bets, revealed"
    assert sum(cell is truths for cell, _ in pictures) == shown.count(REVEAL) > 0
    assert not any(
        "the truth" in output.data["text/plain"] for cell, output in pictures if cell is not truths
    )
    assert solutions.source.startswith("## Hints and solutions")
    assert solutions.source.count("**Hint**") == solutions.source.count("**Solution**") == asked > 0
    assert not any("<details>" in cell.source for cell in printed.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_slides_begin_where_a_section_does(path):
    for cell in read(path).cells:
        begins = cell.cell_type == "markdown" and cell.source.startswith(("# ", "## "))
        assert (cell.metadata.get("slideshow") == {"slide_type": "slide"}) == begins


def test_slides_have_every_section_and_every_picture(config):
    text, _ = SlidesExporter(config=config).from_filename(str(ONE))
    titles = sum(cell.source.startswith(("# ", "## ")) for cell in read(ONE).cells)
    assert len(re.findall(r"<section\b[^>]*><section", text)) == titles
    assert len(PICTURES.findall(text)) >= len(PICTURES.findall(shown_in(read(ONE))))


def test_a_page_keeps_every_picture_and_folds_the_truths(config):
    text, _ = HTMLExporter(config=config).from_filename(str(ONE))
    shown = shown_in(read(ONE))
    assert text.count('<img alt="') >= len(PICTURES.findall(shown))
    assert text.count(REVEAL) == shown.count(REVEAL)
