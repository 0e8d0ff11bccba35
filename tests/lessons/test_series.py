"""What is said of the lessons is so: titles, questions, minutes, and the questions between them."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

from nnhelpers.lessons import series

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
LESSONS = list(series.LESSONS.values())
EVERY = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.notebook)


@pytest.fixture(scope="module")
def model():
    specification = importlib.util.spec_from_file_location("minutes", FOLDER / "minutes.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_every_lesson_is_named():
    assert [lesson.notebook for lesson in LESSONS] == [
        path.name for path in sorted(FOLDER.glob("0[1-9]_*.ipynb"))
    ]
    assert [lesson.number for lesson in LESSONS] == list(range(1, len(LESSONS) + 1))


@EVERY
def test_a_lesson_takes_as_long_and_is_called_as_is_said(lesson, model):
    notebook = nbformat.read(FOLDER / lesson.notebook, as_version=4)
    assert notebook.cells[0].source.splitlines()[0] == f"# {lesson.title}"
    assert round(model.minutes(model.count(notebook.cells))) == lesson.minutes


def test_nobody_reads_the_address_of_a_link(model):
    cell = nbformat.v4.new_markdown_cell("two [words](glossary.md#the-first-one)")
    assert model.count([cell])["words"] == 2


@EVERY
def test_the_readme_asks_the_same_question(lesson):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"](notebooks/{lesson.notebook}) | {lesson.question} |" in readme


@EVERY
def test_an_introduction_is_short_and_takes_up_the_lesson_before(lesson, text_of):
    opening = nbformat.read(FOLDER / lesson.notebook, as_version=4).cells[0].source
    _, _, introduction = opening.partition("\n")
    assert len(introduction.split()) <= 80
    before = re.search(r"[Ll]esson (\d)", introduction)
    if lesson.number > 1:
        assert int(before[1]) == lesson.number - 1
        assert "?" in introduction
        (ended,) = re.findall(r"[\d.]+ %", introduction)
        summary = text_of(series.lesson(lesson.number - 1).notebook).partition("## Summary")[2]
        assert ended in summary


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="number must be one of 1, 2, "):
        series.lesson(17)


def test_the_contents_lead_to_the_lessons():
    page = series.contents()._repr_html_()
    assert all(f'<a href="{lesson.notebook}">' in page for lesson in LESSONS)
