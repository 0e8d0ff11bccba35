"""Lectures and plans: they fit their time, and what they show exists."""

import pytest
from published import FOLDER, code_of
from rules import read, sections_of

from nnhelpers import widgets
from nnhelpers.lessons import series, teaching

CARDS = teaching.PANEL_CARDS
EVERY = pytest.mark.parametrize("number", series.LESSONS)


def test_every_panel_has_a_card_and_stands_where_it_says():
    verbs = {name for name in dir(widgets) if name.startswith("explore_")}
    assert {f"explore_{panel}" for panel in CARDS} == verbs
    for card in CARDS.values():
        text = (FOLDER / card.notebook).read_text(encoding="utf-8")
        assert f"widgets.explore_{card.panel}(" in text
        assert card.notebook.removeprefix("deeper/") == series.lesson(card.lesson).notebook
        assert card.question.endswith("?")


@EVERY
def test_a_lecture_takes_twenty_minutes_at_most_and_what_it_shows_exists(number):
    steps = teaching.steps(number)
    assert 15 <= sum(step.minutes for step in steps) <= 20
    for step in steps:
        if not step.panel:
            assert step.show in sections_of(read(series.lesson(number).notebook))
        assert step.ask.endswith("?")
        assert all((step.say, step.wrong, step.point))


def test_a_card_says_as_many_minutes_as_its_scenes_take():
    steps = [step for number in series.LESSONS for step in teaching.steps(number) if step.panel]
    taken = {panel: sum(s.minutes for s in steps if s.panel == panel) for panel in CARDS}
    assert {name: t for name, t in taken.items() if t and t != CARDS[name].minutes} == {}


@EVERY
def test_a_plan_fills_ninety_minutes_and_has_aims_and_homework(number):
    kinds, texts = zip(*teaching.plan(number).rows, strict=True)
    homework = kinds.count("homework")
    assert homework >= 2
    assert kinds[:3] == ("objective",) * 3
    assert kinds[-homework:] == ("homework",) * homework
    minutes = [int(part.removesuffix(" min")) for part in kinds[3:-homework]]
    assert (sum(minutes), 0 in minutes) == (90, False)
    assert "The lecture." in texts


def test_the_notebook_for_instructors_shows_what_the_data_say():
    tables = {
        f"teaching.{make.__name__}({number})": make(number)
        for number in series.LESSONS
        for make in (teaching.lecture, teaching.plan)
    }
    cells = code_of(read("teach.ipynb"))
    assert {c.source: c.outputs[0].data for c in cells if c.source.startswith("teaching.")} == {
        source: {"text/html": table._repr_html_(), "text/plain": str(table)}
        for source, table in tables.items()
    }


def test_an_unknown_lesson_is_refused():
    for ask in (teaching.steps, teaching.lecture, teaching.plan):
        with pytest.raises(ValueError, match="number must be one of"):
            ask(17)
