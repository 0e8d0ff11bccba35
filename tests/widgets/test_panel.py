"""The wiring of controls, computing and drawing."""

import asyncio
import math

import pytest
from ipywidgets import Dropdown, FloatSlider, IntSlider
from small_panels import fraction, message, plot, values

from nnhelpers import simulations, widgets
from nnhelpers.widgets._panel import film


def refine_in_steps(*draws):
    """Make a refinement that logs its start and yields one better result for each number."""

    def with_log(log):
        def refine(result, center):
            log.append(("refine", center))
            for number in draws:
                log.append(("better", center, number))
                yield fraction(center, number)

        return refine

    return with_log


def test_moving_a_control_computes_draws_and_shows_it_with_words(make_panel, assert_same_drawing):
    made = make_panel()
    _, screen, *_ = made.panel.children
    before = screen.picture
    for _ in range(2):  # setting the same position again does nothing
        made.slider.value = 9
    assert made.log == [("compute", 0), ("compute", 9)]
    assert made.panel.result.center == 9
    assert screen.picture == made.panel.drawn.frame() != before
    assert screen.alt == made.panel.summary == f"offset of the data 9: {fraction(9).summary()}"
    assert screen.width == made.panel.drawn.shown_width
    assert_same_drawing(made.panel.drawn, plot(fraction(9)))


def test_nonsense_is_refused_with_a_message_and_the_last_position_comes_back(make_panel):
    made = make_panel()
    made.slider.value = 3
    picture = made.panel.children[1].picture
    made.slider.value = math.nan
    assert made.slider.value == 3
    assert "center must be finite, got nan" in message(made.panel)
    assert made.panel.result.center == 3
    assert made.panel.children[1].picture == picture
    assert made.panel.summary.startswith("offset of the data 3:")


def test_a_refused_move_leaves_the_other_controls_where_they_are():
    def compute(center, draws):
        if center * draws > 400:
            raise ValueError("too much")
        return fraction(center, draws)

    panel = widgets.connect(
        compute,
        plot,
        center=FloatSlider(value=0, description="offset"),
        draws=IntSlider(value=20, min=1, max=100, description="draws"),
    )
    panel.controls["center"].value = 10
    panel.controls["draws"].value = 100
    assert values(panel) == {"center": 10, "draws": 20}
    assert (panel.result.center, panel.result.draws) == (10, 20)


def test_a_panel_is_live_in_a_front_end_and_a_picture_with_words_elsewhere(make_panel):
    made = make_panel()
    made.slider.value = 9
    bundle = made.panel._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == made.panel.model_id
    assert bundle["text/plain"] == repr(made.panel) == made.panel.summary
    assert f'<img alt="{fraction(9).summary()}"' in bundle["text/html"]


def test_a_panel_starts_refined_and_without_an_event_loop_a_move_refines_at_once(make_panel):
    made = make_panel(refine=refine_in_steps(60, 70))
    assert made.panel.result.draws == 70
    assert [entry[0] for entry in made.log] == ["compute", "refine", "better", "better"]
    made.slider.value = 4
    assert (made.panel.result.center, made.panel.result.draws) == (4, 70)


async def test_in_a_kernel_a_move_shows_first_and_refines_after_a_pause(
    make_panel, until, monkeypatch
):
    monkeypatch.setattr(film, "_GLANCE_SECONDS", 0)
    made = make_panel(refine=refine_in_steps(60, 70))
    made.slider.value = 4
    assert (made.panel.result.center, made.panel.result.draws) == (4, 50)
    await until(lambda: made.panel.result.draws == 70)
    assert made.panel.result.center == 4
    screen = made.panel.children[1]
    assert screen.alt == made.panel.summary
    # Quick while it is being bettered, sharp once it rests.
    assert screen.picture == made.panel.drawn.sketch()
    await until(lambda: screen.picture == made.panel.drawn.frame())
    assert made.log[-1] == ("better", 4, 70)


async def test_better_pictures_that_follow_fast_are_not_painted_one_by_one(
    make_panel, until, monkeypatch
):
    monkeypatch.setattr(film, "_GLANCE_SECONDS", 60)
    made = make_panel(refine=refine_in_steps(60, 61, 62))
    made.slider.value = 4
    screen = made.panel.children[1]
    first = screen.number
    await until(lambda: screen.number > first)
    assert made.panel.result.draws == 62
    assert screen.picture == made.panel.drawn.frame()


async def test_moving_fast_refines_the_last_position_alone(make_panel, until):
    made = make_panel(refine=refine_in_steps(60))
    made.log.clear()
    for center in (1, 2, 3, 4):
        made.slider.value = center
        await asyncio.sleep(0)
    await until(lambda: made.panel.result.draws == 60)
    # A refinement is a generator: one that was dropped has not done any work.
    assert [entry for entry in made.log if entry[0] != "compute"] == [
        ("refine", 4),
        ("better", 4, 60),
    ]
    assert made.panel.result.center == 4


def test_the_summary_names_every_setting():
    panel = widgets.connect(
        lambda center, kind: simulations.simulate_active_fraction(
            center=center, data=simulations.Cloud(kind=kind), draws=20
        ),
        plot,
        center=FloatSlider(value=2.5, description="offset of the data"),
        kind=Dropdown(options=["uniform", "normal"], description="distribution"),
    )
    panel.controls["kind"].value = "normal"
    expected = f"offset of the data 2.5, distribution normal: {panel.result.summary()}"
    assert panel.summary == expected


def test_a_panel_needs_controls():
    computed = []
    with pytest.raises(ValueError, match="controls must name at least one control, got none"):
        widgets.connect(computed.append, plot)
    assert not computed
