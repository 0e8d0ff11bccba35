"""Panels and lectures, without anything that was run before."""

import html
import re
from pathlib import Path

import nbformat
import pytest

from nnhelpers import widgets
from nnhelpers.lessons import series, teaching

CARDS = teaching.PANEL_CARDS
FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("name", CARDS)
def test_a_panel_opens_cold_with_the_scenes_that_lectures_and_the_table_name(name, opened):
    panel = opened(name)
    assert panel.summary
    scenes = [scene.name for scene in panel.scenes]
    shown = [s for n in series.LESSONS for s in teaching.steps(n) if s.panel == name]
    assert {step.show for step in shown} <= set(scenes)
    cells = nbformat.read(FOLDER / "teach.ipynb", as_version=4).cells
    (cell,) = (cell for cell in cells if cell.source == "widgets.panels_by_question()")
    rows = [line.split(" | ") for line in cell.outputs[0].data["text/plain"].splitlines()]
    (row,) = (row for row in rows if row[1] == name)
    card = CARDS[name]
    assert [row[0], *row[3:]] == [card.question, f"{card.minutes:g}", "; ".join(scenes), card.needs]


def test_an_unknown_panel_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of 'active_fraction', .*got 'explore"):
        widgets.open_panel("explore_depth")


def test_a_lecture_shows_every_step_in_order_with_its_notes_and_what_became_of_the_number():
    steps, deck = teaching.steps(4), widgets.open_lecture(4)
    assert [(stop.name, stop.notes) for stop in deck.stops] == [(s.show, s.notes) for s in steps]
    (repaired,) = (child for child in deck.children[:-1] if "of new digits" in child.summary)
    assert re.findall(r"([\d.]+%) of new", repaired.summary) == ["9.2%", "96.4%"]


@pytest.mark.parametrize("lesson", list(series.LESSONS))
def test_every_lecture_shows_its_steps_in_the_notebook_for_instructors(lesson):
    cells = nbformat.read(FOLDER / "teach.ipynb", as_version=4).cells
    (cell,) = (cell for cell in cells if cell.source == f"widgets.open_lecture({lesson})")
    page = html.unescape(cell.outputs[0].data["text/html"])
    shown = re.findall(r"<li><b>(.*?)</b> (.*?)</li>", page)
    assert shown == [(step.show, step.notes) for step in teaching.steps(lesson)]


@pytest.mark.parametrize("lesson", list(series.LESSONS))
def test_what_a_lecture_says_of_a_section_the_lesson_has_printed(lesson):
    text = (FOLDER / series.lesson(lesson).notebook).read_text(encoding="utf-8")
    printed = {number.replace(" ", "") for number in re.findall(r"[\d.,]+ ?%", text)}
    told = " ".join(step.point for step in teaching.steps(lesson) if not step.panel)
    assert {n.replace(" ", "") for n in re.findall(r"\d+\.\d+ %", told)} <= printed


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="lesson must be one of"):
        widgets.open_lecture(17)
