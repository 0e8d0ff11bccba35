"""One network goes through the series: a lesson opens with the one the lesson before ended with."""

import ast
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnhelpers import datasets, networks
from nnhelpers.lessons import series

FOLDER = Path(__file__).parents[2] / "notebooks"
# The network, how it is trained, and on what, in the words of the lesson.
ENDS = {
    1: ("wide", "fast | {'draws': 30}", "replace(seen, X=(seen.X - mean) / std)"),
    2: ("specs['relu']", "how | {'draws': 30}", "seen"),
    3: ("starts['ReLU, He']", "how", "known"),
    4: ("before", "how", "seen"),
    5: ("replace(hundred, **remedies['dropout 0.5'])", "short", "mislabelled"),
}
OPENINGS = {
    2: ("one_layer", "fast | {'draws': 30}", "seen"),
    3: ("eight", "how", "known"),
    4: ("relu", "how", "seen"),
    5: ("revived", "as_before | {'draws': 30}", "known"),
    6: ("dropout", "short", "datasets.mislabel(few, share=0.2)"),
}
DESCRIBING = {"MLPSpec", "replace", "mean", "std", "load_digits", "drop_constant_features"}
DESCRIBING |= {"split", "standardize", "rescale", "mislabel"}


def code_cells(number):
    notebook = nbformat.read(FOLDER / series.lesson(number).notebook, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def called(statement) -> set[str]:
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {call.attr if isinstance(call, ast.Attribute) else call.id for call in calls}


def described(number) -> dict:
    """Return what a lesson's cells name without training anything."""
    names = {"networks": networks, "datasets": datasets, "replace": replace}
    for cell in code_cells(number):
        for statement in ast.parse(cell.source).body:
            if isinstance(statement, ast.Assign) and called(statement) <= DESCRIBING:
                with suppress(NameError):
                    exec(ast.unparse(statement), names)
    return names


def printed(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.mark.parametrize("number", OPENINGS)
def test_a_lesson_opens_with_the_network_with_which_the_one_before_ended(number):
    before, here = described(number - 1), described(number)
    spec, how, data = (eval(words, before) for words in ENDS[number - 1])
    opened = [eval(words, here) for words in OPENINGS[number]]
    assert opened[:2] == [spec, how]
    assert np.array_equal(opened[2].X, data.X)
    assert np.array_equal(opened[2].y, data.y)


@pytest.mark.parametrize("number", OPENINGS)
def test_its_first_training_prints_the_number_of_which_its_introduction_speaks(number, text_of):
    introduction = text_of(series.lesson(number).notebook).partition("\n|")[0]
    (ended,) = (words.replace(" ", "") for words in re.findall(r"[\d.]+ %", introduction))
    first = next(
        cell
        for cell in code_cells(number)
        if re.search(r"train|\.fit\(", cell.source) and "import" not in cell.source
    )
    assert re.search(rf"\b{OPENINGS[number][0]}\b", first.source)
    assert ended in printed(first)
    assert any(ended in printed(cell) for cell in code_cells(number - 1))


def test_every_lesson_but_the_first_is_on_the_thread():
    assert list(OPENINGS) == list(series.LESSONS)[1:]
    assert list(ENDS) == list(series.LESSONS)[:-1]
