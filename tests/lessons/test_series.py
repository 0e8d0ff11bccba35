"""What is said of the lessons is so, and one network goes through them.

A lesson opens with the network with which the lesson before ended.
"""

import ast
import re
from contextlib import suppress
from dataclasses import replace

import minutes
import numpy as np
import pytest
from published import FOLDER, LESSONS, code_of, text_of
from rules import read

from nnhelpers import datasets, networks
from nnhelpers.lessons import series

EVERY = pytest.mark.parametrize("lesson", series.LESSONS.values(), ids=lambda each: each.notebook)
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


def notebook_of(number):
    return read(series.lesson(number).notebook)


def test_every_lesson_is_named():
    named = [lesson.notebook for lesson in series.LESSONS.values()]
    assert named == [path.name for path in LESSONS]
    assert list(series.LESSONS) == list(range(1, len(LESSONS) + 1))


@EVERY
def test_a_lesson_is_as_is_said_and_takes_up_the_lesson_before(lesson):
    notebook = notebook_of(lesson.number)
    title, _, introduction = notebook.cells[0].source.partition("\n")
    assert title == f"# {lesson.title}"
    assert round(minutes.minutes(minutes.count(notebook.cells))) == lesson.minutes
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert f"](notebooks/{lesson.notebook}) | {lesson.question} |" in readme
    assert len(introduction.split()) <= 80
    if lesson.number > 1:
        assert int(re.search(r"[Ll]esson (\d)", introduction)[1]) == lesson.number - 1
        assert "?" in introduction
        (ended,) = re.findall(r"[\d.]+ %", introduction)
        assert ended in text_of(notebook_of(lesson.number - 1)).partition("## Summary")[2]


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="number must be one of 1, 2, "):
        series.lesson(17)


def test_the_contents_lead_to_the_lessons():
    page = series.contents()._repr_html_()
    assert all(f'<a href="{each.notebook}">' in page for each in series.LESSONS.values())


def called(statement) -> set[str]:
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {call.attr if isinstance(call, ast.Attribute) else call.id for call in calls}


def described(number) -> dict:
    """Return what a lesson's cells name without training anything."""
    names = {"networks": networks, "datasets": datasets, "replace": replace}
    for cell in code_of(notebook_of(number)):
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
def test_its_first_training_prints_the_number_of_which_its_introduction_speaks(number):
    introduction = text_of(notebook_of(number)).partition("\n|")[0]
    (ended,) = (words.replace(" ", "") for words in re.findall(r"[\d.]+ %", introduction))
    first = next(
        cell
        for cell in code_of(notebook_of(number))
        if re.search(r"train|\.fit\(", cell.source) and "import" not in cell.source
    )
    assert re.search(rf"\b{OPENINGS[number][0]}\b", first.source)
    assert ended in printed(first)
    assert any(ended in printed(cell) for cell in code_of(notebook_of(number - 1)))


def test_every_lesson_but_the_first_is_on_the_thread():
    assert list(OPENINGS) == list(series.LESSONS)[1:]
    assert list(ENDS) == list(series.LESSONS)[:-1]
