"""Settings worth showing: they exist and are set at once."""

import numpy as np
import pytest
from ipywidgets import Checkbox, Dropdown, FloatLogSlider, FloatSlider, IntSlider
from small_panels import fraction, logged, message, values

from nnhelpers import figures, widgets
from nnhelpers.widgets import Scene


def connected(scenes, *, compute=fraction):
    return widgets.connect(
        compute,
        figures.plot_active_fraction,
        scenes=scenes,
        center=FloatSlider(value=1, min=0, max=10, description="offset"),
        units=IntSlider(value=4, min=1, max=16, description="units"),
        kind=Dropdown(options=["relu", "tanh"], description="activation"),
        bias=Checkbox(value=True, description="bias"),
        rate=FloatLogSlider(value=1, base=10, min=-2, max=3, description="rate"),
    )


# Other impossible settings stand in test_state.py: both are checked by the same function.
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"centre": 1}, r"settings must name controls of .*'center'.*, got 'centre'"),
        ({"center": True}, r"center must be a number from 0 to 10, got True"),
        ({"rate": 0.001}, r"rate must be a number from 0.01 to 1000, got 0.001"),
    ],
)
def test_an_impossible_scene_is_refused_before_anything_is_computed(settings, message):
    computed = []
    scenes = [
        Scene(name="one", caption="possible"),
        Scene(name="two", caption="", settings=settings),
    ]
    with pytest.raises(ValueError, match=message):
        connected(scenes, compute=lambda **at: computed.append(at))
    assert computed == []


@pytest.mark.parametrize(
    "settings",
    [
        {"center": 10},
        {"center": np.float64(2.5), "units": np.int64(16)},
        {"units": 2.0},
        {"rate": 500},
        {"kind": "tanh", "bias": False},
    ],
    ids=repr,
)
def test_a_possible_scene_sets_its_controls_and_the_others_where_the_panel_began(settings):
    panel = connected([Scene(name="it", caption="", settings=settings)])
    start = values(panel)
    panel.controls["center"].value = 7
    panel.controls["units"].value = 9
    panel.show_scene(0)
    assert values(panel) == start | settings
    assert panel.result.center == (start | settings)["center"]


def test_a_scene_sets_all_controls_with_one_computation():
    settings, log = {"center": 5, "units": 8, "kind": "tanh", "bias": False, "rate": 10}, []
    panel = connected([Scene(name="it", caption="", settings=settings)], compute=logged(log))
    log.clear()
    for _ in range(2):
        panel.show_scene(0)
        assert log == [settings]


def test_a_scene_chosen_in_the_front_end_is_followed_and_not_sent_back(monkeypatch):
    log, told = [], []
    scene = Scene(name="it", caption="says so", settings={"center": 5, "kind": "tanh"})
    panel = connected([scene], compute=logged(log))
    # It knows every scene as the places of all controls.
    assert panel._screen.scenes == [{"name": "it", "caption": "says so", "at": [5, 4, 1, True, 1]}]
    log.clear()
    for name, control in panel.controls.items():
        monkeypatch.setattr(control, "send_state", lambda key=None, n=name: told.append((n, key)))
    panel._screen._handle_custom_msg({"kind": "scene", "number": 0}, [])
    assert (panel.controls["center"].value, panel.controls["kind"].value) == (5, "tanh")
    assert len(log) == 1
    assert told == []  # the front end stands there already, and may have moved on since


@pytest.mark.parametrize("number", [-1, 2])
def test_a_scene_that_does_not_exist_is_refused(number):
    panel = connected([Scene(name="one", caption=""), Scene(name="two", caption="")])
    before = values(panel)
    with pytest.raises(ValueError, match=rf"number must be from 0 to 1, got {number}"):
        panel.show_scene(number)
    assert values(panel) == before


def test_a_scene_that_cannot_be_computed_leaves_the_panel_as_it_was():
    def compute(center, **_):
        if center > 8:
            raise ValueError("too far")
        return fraction(center)

    panel = connected([Scene(name="far", caption="", settings={"center": 9})], compute=compute)
    before = values(panel)
    panel.show_scene(0)
    assert values(panel) == before
    assert message(panel) == "too far"
    assert panel.result.center == 1
