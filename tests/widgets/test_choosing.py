"""Panels by name, without anything that was run before, and a list to choose from."""

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
def test_a_list_holds_the_panels_of_the_lecture_in_its_order(lesson):
    listed = [value for _, value in widgets.choose_panel(lesson).choice.options]
    shown = [step.panel for step in teaching.steps(lesson) if step.panel]
    assert listed == sorted(set(shown), key=shown.index)


def test_the_panel_chosen_is_shown_and_kept():
    chooser = widgets.choose_panel(3)
    first = chooser.panel
    assert chooser.children == (chooser.choice, first)
    chooser.choice.value = "symmetry"
    assert chooser.panel.title.startswith("Four units")
    assert chooser.children == (chooser.choice, chooser.panel)
    chooser.choice.value = "dot_product"
    assert chooser.panel is first


def test_without_a_front_end_the_list_is_words_and_the_first_panel_pictures():
    chooser = widgets.choose_panel(3)
    bundle = chooser._repr_mimebundle_()
    assert bundle["text/html"] == chooser.panel.still_html()
    assert bundle["text/plain"].splitlines()[0] == f"dot_product: {CARDS['dot_product'].question}"
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == chooser.model_id


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="lesson must be one of"):
        widgets.choose_panel(17)
