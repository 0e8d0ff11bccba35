"""A printable page for each lesson, from what the committed notebooks show."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from nnhelpers.lessons import series

SCRIPT = Path(__file__).parents[1] / "notebooks" / "handout.py"
LESSONS = list(series.LESSONS.values())
EVERY = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.notebook)


@pytest.fixture(scope="module")
def script():
    specification = importlib.util.spec_from_file_location("handout", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    sys.modules["handout"] = module  # where dataclasses look for their own
    specification.loader.exec_module(module)
    return module


@EVERY
def test_a_page_has_question_formula_three_pictures_and_the_sections(script, lesson):
    page = script.page(lesson)
    assert lesson.question[1:] in page
    assert page.count("data:image/svg+xml") == 1
    assert page.count("data:image/png") == page.count("<figcaption>") == 3
    assert all(re.findall(r'<img alt="(.*?)"', page))
    assert len(re.findall(r"<tr><td[^>]*>\d\. ", page)) >= 6
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_what_a_lesson_does_not_show_is_named(script):
    notebook = script.nbformat.v4.new_notebook()
    with pytest.raises(ValueError, match="no picture of a cell with 'figures'"):
        script.picture_of(notebook, "figures")


def test_the_command_writes_them_all(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["handout.py", str(tmp_path / "new")])
    script.main()
    written = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert written == [lesson.notebook.replace(".ipynb", ".html") for lesson in LESSONS]
    assert capsys.readouterr().out.count("kB") == len(LESSONS)
