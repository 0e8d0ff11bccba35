"""A printable page for each lesson, from what the committed notebooks show."""

import re
import sys

import handout
import pytest
from nbformat.v4 import new_notebook

from nnhelpers.lessons import series

LESSONS = series.LESSONS.values()


def test_the_command_writes_pages_of_question_formula_three_pictures_and_sections(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "argv", ["handout.py", str(tmp_path / "new")])
    handout.main()
    assert capsys.readouterr().out.count("kB") == len(LESSONS) == len([*tmp_path.glob("new/*")])
    for lesson in LESSONS:
        path = tmp_path / "new" / lesson.notebook.replace(".ipynb", ".html")
        page = path.read_text(encoding="utf-8")
        assert lesson.question[1:] in page
        assert page.count("data:image/svg+xml") == 1
        assert page.count("data:image/png") == page.count("<figcaption>") == 3
        assert all(re.findall(r'<img alt="(.*?)"', page))
        assert len(re.findall(r"<tr><td[^>]*>\d\. ", page)) >= 6
        assert not re.search(r'(src|href)="(?!data:)', page)


def test_what_a_lesson_does_not_show_is_named():
    with pytest.raises(ValueError, match="no picture of a cell with 'figures'"):
        handout.picture_of(new_notebook(), "figures")
