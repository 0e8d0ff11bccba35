"""A panel's situation as a text, and back."""

import json

import numpy as np
import pytest
from ipywidgets import BoundedFloatText, Checkbox, Dropdown, FloatSlider, IntSlider, SelectionSlider
from small_panels import fraction, logged, message, values

from nnhelpers import figures, widgets
from nnhelpers.lessons import bets
from nnhelpers.widgets import predictions


def connected(*, compute=fraction, title="Panel", seed=3, center="center"):
    controls = {
        center: FloatSlider(value=1, min=0, max=10, description="offset"),
        "units": IntSlider(value=4, min=1, max=16, description="units"),
        "kind": Dropdown(options=["relu", "tanh"], description="activation"),
        "rate": SelectionSlider(options=np.array([0.1, 1, 3]), description="rate"),
        "size": Dropdown(options=list(np.array([10, 20])), description="size"),
        "bias": Checkbox(value=True, description="bias"),
        "noise": BoundedFloatText(value=0.5, max=9, step=0.25, description="noise"),
    }
    return widgets.connect(
        compute, figures.plot_active_fraction, title=title, given={"seed": seed}, **controls
    )


def everything(panel):
    """Return all that a refused text must leave alone."""
    screen = panel._screen
    shown = (screen.picture, screen.alt, screen.at, panel.summary, panel.children[-1].value)
    return values(panel), panel.result, panel.state(), shown, dict(panel._film._words)


def with_controls(panel, **settings):
    situation = json.loads(panel.state())
    situation["controls"] |= settings
    return json.dumps(situation)


def test_a_text_is_restored_with_one_computation():
    log = []
    panel = connected(compute=logged(log))
    settings = {"center": 5, "units": 8, "kind": "tanh", "rate": 3, "size": 20, "bias": False}
    text = with_controls(panel, **settings, noise=0.25)
    log.clear()
    panel.restore(text)
    assert log == [settings | {"noise": 0.25}]
    assert panel.result.center == 5
    panel.restore(text)
    assert len(log) == 1


def test_numbers_of_numpy_are_written_too():
    panel = connected(seed=np.int64(3))
    text = panel.state()
    panel.controls["size"].value = 20
    panel.controls["rate"].value = 3
    panel.restore(text)
    assert (panel.controls["size"].value, panel.controls["rate"].value) == (10, 0.1)
    assert connected(seed=3).state() == text


NO_STATES = ["", "{", None, "5", "[]", "null", '{"panel": "Panel", "seed": 3}']
NO_STATES.append('{"panel": "Panel", "seed": 3, "controls": ["center"]}')
NO_CONTROLS = '{"panel": "Panel", "seed": 3, "controls": {}}'


@pytest.fixture(scope="module")
def panel():
    """Return a panel that has been moved, for texts that change nothing."""
    panel = connected()
    panel.controls["center"].value = 2
    return panel


@pytest.mark.parametrize(
    ("text", "message"),
    [*((text, "must come from Panel.state") for text in NO_STATES), (NO_CONTROLS, "of this panel")],
)
def test_a_text_that_is_malformed_changes_nothing(text, message, panel):
    before = everything(panel)
    with pytest.raises(ValueError, match=message):
        panel.restore(text)
    assert everything(panel) == before


@pytest.mark.parametrize(
    "other",
    [{"title": "Another"}, {"seed": 4}, {"center": "middle", "compute": lambda **_: fraction(0)}],
    ids=["title", "seed", "controls"],
)
def test_the_text_of_another_panel_changes_nothing(other, panel):
    before = everything(panel)
    with pytest.raises(ValueError, match=r"must be of this panel|must name controls of"):
        panel.restore(connected(**other).state())
    assert everything(panel) == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"center": 10.5}, "center must be a number from 0 to 10, got 10.5"),
        ({"center": float("nan")}, "center must be a number from 0 to 10, got nan"),
        ({"center": "3"}, "center must be a number from 0 to 10, got '3'"),
        ({"center": [3]}, r"center must be a number from 0 to 10, got \[3\]"),
        ({"units": 10**400}, "units must be a number from 1 to 16"),
        ({"units": 2.5}, "units must be a whole number, got 2.5"),
        ({"kind": "elu"}, "kind must be one of"),
        ({"kind": None}, "kind must be one of"),
        ({"size": 15}, "size must be one of"),
        ({"bias": 1}, "bias must be one of"),
        ({"noise": "much"}, "noise must be a number from 0 to 9, got 'much'"),
        ({"more": 1}, "settings must name controls of"),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, dict) else "",
)
def test_an_impossible_position_changes_nothing(settings, message, panel):
    before = everything(panel)
    # The possible part must not be set either.
    with pytest.raises(ValueError, match=message):
        panel.restore(with_controls(panel, **{"center": 7, "bias": False} | settings))
    assert everything(panel) == before


def refuse_far(center, **_):
    if center > 8:
        raise ValueError("center must be < 9")
    return fraction(center)


@pytest.mark.parametrize("older", ["", "center must be < 9"])
def test_a_position_that_cannot_be_computed_changes_nothing(older):
    panel = connected(compute=refuse_far)
    panel.controls["center"].value = 2
    if older:
        panel.controls["center"].value = 9
    assert message(panel) == older
    before = everything(panel)
    refusal = "text must be a position that can be computed: center must be < 9"
    with pytest.raises(ValueError, match=refusal):
        panel.restore(with_controls(panel, center=10, units=7, bias=False))
    assert everything(panel) == before


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
