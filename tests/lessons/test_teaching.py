"""Lectures and plans: they fit their time, and what they show exists."""

from pathlib import Path

import nbformat
import pytest

from nnhelpers import widgets
from nnhelpers.lessons import series, teaching

FOLDER = Path(__file__).parents[2] / "notebooks"
CARDS = teaching.PANEL_CARDS
EVERY = pytest.mark.parametrize("number", list(series.LESSONS))


def test_every_panel_has_a_card():
    verbs = {name for name in dir(widgets) if name.startswith("explore_")}
    assert {f"explore_{panel}" for panel in CARDS} == verbs


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.panel)
def test_a_panel_stands_where_its_card_says(card):
    text = (FOLDER / card.notebook).read_text(encoding="utf-8")
    assert f"widgets.explore_{card.panel}(" in text
    assert card.notebook.removeprefix("deeper/") == series.lesson(card.lesson).notebook
    assert card.question.endswith("?")


@EVERY
def test_a_lecture_takes_twenty_minutes_at_most(number):
    assert 15 <= sum(step.minutes for step in teaching.steps(number)) <= 20


@EVERY
def test_what_a_lecture_shows_exists(number, sections_of):
    for step in teaching.steps(number):
        if not step.panel:
            assert step.show in sections_of(series.lesson(number).notebook)
        assert step.ask.endswith("?")
        assert step.say
        assert step.wrong
        assert step.point


def test_a_card_says_as_many_minutes_as_its_scenes_take():
    steps = [step for number in series.LESSONS for step in teaching.steps(number) if step.panel]
    taken = {panel: sum(s.minutes for s in steps if s.panel == panel) for panel in CARDS}
    assert {name: t for name, t in taken.items() if t and t != CARDS[name].minutes} == {}


@EVERY
def test_a_plan_fills_ninety_minutes_and_has_aims_and_homework(number):
    lines = teaching.plan_lines(number)
    kinds = [line.kind for line in lines]
    assert sum(line.minutes for line in lines) == 90
    assert kinds == sorted(kinds, key=["objective", "part", "homework"].index)
    assert kinds.count("objective") == 3
    assert kinds.count("homework") >= 2
    assert all(bool(line.minutes) == (line.kind == "part") for line in lines)
    assert "The lecture." in [line.text for line in lines]


def test_the_notebook_for_instructors_shows_what_the_data_say():
    cells = nbformat.read(FOLDER / "teach.ipynb", as_version=4).cells
    shown = {
        cell.source: cell.outputs[0].data for cell in cells if cell.source.startswith("teaching.")
    }
    wanted = {}
    for number in series.LESSONS:
        wanted[f"teaching.lecture({number})"] = teaching.lecture(number)
        wanted[f"teaching.plan({number})"] = teaching.plan(number)
    assert set(shown) == set(wanted)
    for source, table in wanted.items():
        assert shown[source]["text/html"] == table._repr_html_()
        assert shown[source]["text/plain"] == str(table)


def test_an_unknown_lesson_is_refused():
    for ask in (teaching.steps, teaching.plan_lines, teaching.lecture, teaching.plan):
        with pytest.raises(ValueError, match="number must be one of"):
            ask(17)
