"""Each symptom leads to a section that exists, and the start page shows them all."""

from pathlib import Path

import nbformat
import pytest

from nnhelpers.lessons import symptoms

FOLDER = Path(__file__).parents[2] / "notebooks"
EVERY = symptoms.SYMPTOMS


@pytest.mark.parametrize("symptom", EVERY, ids=lambda symptom: symptom.symptom[:40])
def test_the_section_exists(symptom, sections_of):
    assert symptom.section in sections_of(symptom.notebook)
    assert symptom.symptom.endswith(".")
    assert symptom.cause
    assert symptom.cure


def test_there_are_some_and_each_is_said_once():
    assert len({symptom.symptom for symptom in EVERY}) == len(EVERY) >= 14


def test_the_start_page_shows_them():
    cells = nbformat.read(FOLDER / "00_start_here.ipynb", as_version=4).cells
    (cell,) = (cell for cell in cells if cell.source == "symptoms.table()")
    (output,) = cell.outputs
    assert output.data["text/html"] == symptoms.table()._repr_html_()
    assert output.data["text/plain"] == str(symptoms.table())
