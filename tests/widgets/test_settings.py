"""Settings as scenes and as a text: they are set at once, or nothing changes."""

import json

import numpy as np
import pytest
from ipywidgets import (
    BoundedFloatText,
    Checkbox,
    Dropdown,
    FloatLogSlider,
    FloatSlider,
    IntSlider,
    SelectionSlider,
)
from small_panels import fraction, logged, message, plot, values

from nnhelpers import widgets
from nnhelpers.lessons import bets
from nnhelpers.widgets import Scene, predictions


def refuse_far(center, **_):
    if center > 8:
        raise ValueError("center must be < 9")
    return fraction(center)


def connected(*scenes, compute=fraction, title="Panel", seed=3, center="center"):
    """Make a panel with controls of many kinds, and scenes of the settings given."""
    controls = {
        center: FloatSlider(value=1, min=0, max=10, description="offset"),
        "units": IntSlider(value=4, min=1, max=16, description="units"),
        "kind": Dropdown(options=["relu", "tanh"], description="activation"),
        "rate": SelectionSlider(options=np.array([0.1, 1, 3]), description="rate"),
        "size": Dropdown(options=list(np.array([10, 20])), description="size"),
        "bias": Checkbox(value=True, description="bias"),
        "noise": BoundedFloatText(value=0.5, max=9, step=0.25, description="noise"),
        "power": FloatLogSlider(value=1, base=10, min=-2, max=3, description="power"),
    }
    made = [Scene(name="it", caption="says so", settings=settings) for settings in scenes]
    how = {"title": title, "given": {"seed": seed}, "scenes": made}
    return widgets.connect(compute, plot, **how, **controls)


EVERY = {
    "center": 5, "units": 8, "kind": "tanh", "rate": 3, "size": 20, "bias": False, "noise": 0.25,
    "power": 10,
}  # fmt: skip


def everything(panel):
    """Return all that a refused text must leave alone."""
    screen = panel._screen
    shown = (screen.picture, screen.alt, screen.at, panel.summary, panel.children[-1].value)
    return values(panel), panel.result, panel.state(), shown, dict(panel._film._words)


def with_controls(panel, **settings):
    situation = json.loads(panel.state())
    situation["controls"] |= settings
    return json.dumps(situation)


@pytest.mark.parametrize("how", ["scene", "text"])
def test_all_controls_are_set_with_one_computation(how):
    log = []
    panel = connected(EVERY, compute=logged(log))
    text = with_controls(panel, **EVERY)
    log.clear()
    for _ in range(2):
        panel.show_scene(0) if how == "scene" else panel.restore(text)
        assert log == [EVERY]
    assert panel.result.center == 5


@pytest.mark.parametrize(
    "settings",
    [
        {"center": np.float64(2.5), "units": np.int64(16)},
        {"center": 10, "units": 2.0},
        {"power": 500},
        {"kind": "tanh", "bias": False},
    ],
    ids=repr,
)
def test_a_possible_scene_sets_its_controls_and_the_others_where_the_panel_began(settings):
    panel = connected(settings)
    start = values(panel)
    panel.controls["center"].value = 7
    panel.controls["units"].value = 9
    panel.show_scene(0)
    assert values(panel) == start | settings
    assert panel.result.center == (start | settings)["center"]


def test_a_scene_chosen_in_the_front_end_is_followed_and_not_sent_back(monkeypatch):
    log, told = [], []
    panel = connected({"center": 5, "kind": "tanh"}, compute=logged(log))
    # It knows every scene as the places of all controls.
    at = [5, 4, 1, 0, 0, True, 0.5, 1]
    assert panel._screen.scenes == [{"name": "it", "caption": "says so", "at": at}]
    log.clear()
    for name, control in panel.controls.items():
        monkeypatch.setattr(control, "send_state", lambda key=None, n=name: told.append((n, key)))
    panel._screen._handle_custom_msg({"kind": "scene", "number": 0}, [])
    assert (panel.controls["center"].value, panel.controls["kind"].value) == (5, "tanh")
    assert len(log) == 1
    assert told == []  # the front end stands there already, and may have moved on since


@pytest.mark.parametrize("number", [-1, 2])
def test_a_scene_that_does_not_exist_is_refused(number):
    panel = connected({}, {"center": 2})
    before = values(panel)
    with pytest.raises(ValueError, match=rf"number must be from 0 to 1, got {number}"):
        panel.show_scene(number)
    assert values(panel) == before


def test_numbers_of_numpy_are_written_too():
    panel = connected(seed=np.int64(3))
    text = panel.state()
    panel.controls["size"].value = 20
    panel.controls["rate"].value = 3
    panel.restore(text)
    assert (panel.controls["size"].value, panel.controls["rate"].value) == (10, 0.1)
    assert connected(seed=3).state() == text


@pytest.fixture(scope="module")
def panel():
    """Return a panel that has been moved, for texts that change nothing."""
    panel = connected()
    panel.controls["center"].value = 2
    return panel


NO_STATES = ["", "{", None, "5", "[]", '{"panel": "Panel", "seed": 3}']
NO_STATES.append('{"panel": "Panel", "seed": 3, "controls": ["center"]}')
NO_CONTROLS = '{"panel": "Panel", "seed": 3, "controls": {}}'
OTHERS = {
    "title": {"title": "Another"},
    "seed": {"seed": 4},
    "controls": {"center": "middle", "compute": lambda **_: fraction(0)},
}


@pytest.mark.parametrize("text", [*NO_STATES, NO_CONTROLS, *OTHERS])
def test_a_text_that_is_malformed_or_of_another_panel_changes_nothing(text, panel):
    allowed = r"must come from Panel.state" if text in NO_STATES else r"of this panel|must name"
    text = connected(**OTHERS[text]).state() if text in OTHERS else text
    before = everything(panel)
    with pytest.raises(ValueError, match=allowed):
        panel.restore(text)
    assert everything(panel) == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"center": 10.5}, "center must be a number from 0 to 10, got 10.5"),
        ({"center": float("nan")}, "center must be a number from 0 to 10, got nan"),
        ({"center": "3"}, "center must be a number from 0 to 10, got '3'"),
        ({"center": True}, "center must be a number from 0 to 10, got True"),
        ({"power": 0.001}, "power must be a number from 0.01 to 1000, got 0.001"),
        ({"units": 10**400}, "units must be a number from 1 to 16"),
        ({"units": 2.5}, "units must be a whole number, got 2.5"),
        ({"kind": "elu"}, "kind must be one of"),
        ({"kind": None}, "kind must be one of"),
        ({"size": 15}, "size must be one of"),
        ({"bias": 1}, "bias must be one of"),
        ({"noise": "much"}, "noise must be a number from 0 to 9, got 'much'"),
        ({"centre": 1}, "settings must name controls of .*'center'.*, got 'centre'"),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, dict) else "",
)
def test_an_impossible_position_changes_nothing(settings, message, panel):
    before = everything(panel)
    # The possible part must not be set either.
    with pytest.raises(ValueError, match=message):
        panel.restore(with_controls(panel, **{"units": 7, "bias": False} | settings))
    assert everything(panel) == before
    computed = []
    with pytest.raises(ValueError, match=message):
        connected({}, settings, compute=lambda **at: computed.append(at))
    assert computed == []


@pytest.mark.parametrize("older", ["", "center must be < 9"])
def test_a_position_that_cannot_be_computed_changes_nothing(older):
    panel = connected({"center": 9.5}, compute=refuse_far)
    panel.controls["center"].value = 2
    if older:
        panel.controls["center"].value = 9
    assert message(panel) == older
    before = everything(panel)
    refusal = "text must be a position that can be computed: center must be < 9"
    with pytest.raises(ValueError, match=refusal):
        panel.restore(with_controls(panel, center=10, units=7, bias=False))
    assert everything(panel) == before
    panel.show_scene(0)
    assert (message(panel), values(panel)) == ("center must be < 9", before[0])


@pytest.mark.usefixtures("without_pauses")
async def test_prepared_pictures_outlast_a_refused_text_and_are_restored_without_computing(
    watch, until
):
    log = []
    panel = connected(compute=logged(log, refuse_far))
    watch(panel)
    await until(lambda: len(panel._film._words) > 3)
    before, count = everything(panel), len(panel._film._words)
    for text in (with_controls(panel, center=10), "{"):
        with pytest.raises(ValueError, match="text must"):
            panel.restore(text)
    assert everything(panel) == before
    await until(lambda: len(panel._film._words) > count)
    text = with_controls(panel, center=1.1)
    log.clear()
    panel.restore(text)
    assert log == []
    assert panel.state() == text
    assert panel.summary.startswith("offset 1.1,")
    panel.close()


def test_a_bet_comes_back_and_only_under_its_own_question(monkeypatch):
    monkeypatch.setattr(predictions, "_asked", {})
    answer = bets.Share(bet=0.1)
    first = widgets.predict("First?", answer, truth=lambda: 0.45)
    second = widgets.predict("Second?", answer, truth=lambda: 0.45)
    first.controls["bet"].value = 0.3
    text = first.state()
    first.controls["bet"].value = 0.8
    first.restore(text)
    assert first.result.answer.bet == 0.3
    with pytest.raises(ValueError, match="must be of this panel"):
        second.restore(text)
    first.controls["reveal"].value = True
    with pytest.raises(ValueError, match="the truth is revealed and the bet stays"):
        first.restore(text)
    assert first.result.revealed
