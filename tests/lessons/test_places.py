"""Every row of the articles has a place that exists, and the printed table is up to date."""

from pathlib import Path

import nbformat
import pytest

from nnhelpers.lessons import claims

FOLDER = Path(__file__).parents[2] / "notebooks"
LAST = {"S0": 35, "S1": 24, "S2": 11, "S3": 21, "S4": 29}


def test_every_row_of_the_articles_has_a_place():
    asked = {f"{article}-{row}" for article, last in LAST.items() for row in range(1, last + 1)}
    assert asked - {place.row for place in claims.PLACES} == set()


@pytest.mark.parametrize("name", sorted({place.notebook for place in claims.PLACES}))
def test_every_place_exists(name):
    notebook = nbformat.read(FOLDER / name, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    named = {place.section for place in claims.PLACES if place.notebook == name}
    headings = {line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")}
    assert named - headings == set()


def test_the_printed_table_is_up_to_date():
    assert (FOLDER / "deeper" / "README.md").read_text(encoding="utf-8") == claims.table()
