"""The copy to write in: without outputs, and nothing that somebody wrote is lost."""

import nbformat
import pytest
import working_copy
from nbformat.v4 import new_code_cell, new_notebook, new_output
from published import FOLDER


@pytest.fixture
def publish(tmp_path):
    """Publish a lesson of one cell; return its path and that of its copy."""

    def write(source):
        shown = [new_output("stream", name="stdout", text="42")]
        lesson = tmp_path / "01_lesson.ipynb"
        cell = new_code_cell(source, outputs=shown, execution_count=1, id="one")
        nbformat.write(new_notebook(cells=[cell]), lesson)
        return lesson, tmp_path / "mine" / "deeper" / "01_lesson.ipynb"

    return write


def write_in(path, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = source
    nbformat.write(notebook, path)


def source_of(path):
    return nbformat.read(path, as_version=4).cells[0].source


def test_what_was_written_stays_until_the_lesson_changes_and_after(publish):
    lesson, mine = publish("answer()")
    working_copy.copy(lesson, mine)
    write_in(mine, "mine")
    assert working_copy.copy(lesson, mine) == ""
    assert [path.name for path in mine.parent.iterdir()] == ["01_lesson.ipynb"]
    publish("a better answer()")
    told = working_copy.copy(lesson, mine)
    beside = mine.with_name("01_lesson_new.ipynb")
    assert told == (
        "01_lesson.ipynb has changed since you began; yours stays, 01_lesson_new.ipynb is "
        "the new one"
    )
    assert (source_of(mine), source_of(beside)) == ("mine", "a better answer()")
    assert working_copy.copy(lesson, mine) == ""


def test_the_copy_beside_is_not_overwritten_either(publish):
    lesson, mine = publish("first()")
    working_copy.copy(lesson, mine)
    write_in(mine, "mine")
    for number, version in enumerate(("second()", "third()")):
        publish(version)
        working_copy.copy(lesson, mine)
        write_in(mine.with_name("01_lesson_new" + number * "3" + ".ipynb"), f"also mine {number}")
    assert sorted(map(source_of, mine.parent.iterdir())) == ["also mine 0", "also mine 1", "mine"]


def test_a_copy_has_no_outputs_and_follows_the_lesson_while_it_is_untouched(publish):
    lesson, mine = publish("answer()")
    assert working_copy.copy(lesson, mine) == ""
    (cell,) = nbformat.read(mine, as_version=4).cells
    assert (cell.source, cell.outputs, cell.execution_count) == ("answer()", [], None)
    publish("a better answer()")
    assert working_copy.copy(lesson, mine) == ""
    assert source_of(mine) == "a better answer()"
    assert [path.name for path in mine.parent.iterdir()] == ["01_lesson.ipynb"]


@pytest.mark.parametrize("content", ["", "{}", "no notebook"])
def test_a_file_that_is_no_copy_stays(publish, content):
    lesson, mine = publish("answer()")
    mine.parent.mkdir(parents=True)
    mine.write_text(content, encoding="utf-8")
    assert "yours stays" in working_copy.copy(lesson, mine)
    assert mine.read_text(encoding="utf-8") == content


def test_the_glossary_and_the_example_of_a_class_come_along(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["working_copy.py", str(tmp_path)])
    working_copy.main()
    assert (tmp_path / "glossary.md").read_bytes() == (FOLDER / "glossary.md").read_bytes()
    copied, example = (
        {path.name for path in (folder / "example_class").iterdir()}
        for folder in (tmp_path, FOLDER)
    )
    assert copied == example
    assert (tmp_path / "00_start_here.ipynb").exists()
