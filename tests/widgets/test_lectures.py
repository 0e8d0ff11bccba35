"""Panels and lectures, without anything that was run before."""

import pytest

from nnhelpers import widgets
from nnhelpers.lessons import series, teaching

CARDS = teaching.panel_cards()


@pytest.mark.parametrize("name", CARDS)
def test_a_panel_opens_cold_with_the_scenes_of_its_card(name):
    panel = widgets.open_panel(name)
    assert tuple(scene.name for scene in panel.scenes) == CARDS[name].scenes
    assert panel.summary


def test_an_unknown_panel_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of 'active_fraction', .*got 'explore"):
        widgets.open_panel("explore_depth")


@pytest.mark.parametrize("lesson", list(series.lessons()))
def test_a_lecture_shows_its_scenes_in_order_with_the_notes(lesson):
    steps = teaching.steps(lesson)
    stops = widgets.open_lecture(lesson).stops
    shown = [step for step in steps if step.panel]
    assert [stop.name for stop in stops] == [step.show for step in shown]
    assert all(stop.notes.startswith(s.notes) for stop, s in zip(stops, shown, strict=True))
    told = " ".join(stop.notes for stop in stops)
    assert all(step.notes in told for step in steps)


def test_a_section_of_the_notebook_is_in_the_notes_of_the_scene_before():
    last = widgets.open_lecture(1).stops[-1].notes
    assert "Then in the notebook, 6. The odds of learning: Which share" in last
    assert "Then in the notebook, 8. One layer: One layer" in last


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="lesson must be one of"):
        widgets.open_lecture(17)
