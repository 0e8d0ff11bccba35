"""Each kind of control works everywhere, or is refused by name before anything is computed."""

import json

import ipywidgets
import numpy as np
import pytest
from PIL import Image
from small_panels import fraction, kept, panels_in, plot

from nnhelpers import widgets
from nnhelpers.widgets import Scene
from nnhelpers.widgets._panel.controls import positions

# Each with a position to go to.
WORKING = {
    "IntSlider": (ipywidgets.IntSlider(min=0, max=3), 2),
    "BoundedIntText": (ipywidgets.BoundedIntText(min=0, max=3), 2),
    "FloatSlider": (ipywidgets.FloatSlider(min=0, max=1, step=0.5), 0.5),
    "BoundedFloatText": (ipywidgets.BoundedFloatText(min=0, max=1, step=0.5), 0.5),
    "fine steps": (ipywidgets.FloatSlider(min=0, max=3e-7, step=1e-7), 2e-7),
    "FloatLogSlider": (ipywidgets.FloatLogSlider(value=1, min=-1, max=1, step=1), 10),
    "Dropdown": (ipywidgets.Dropdown(options=["a", "b"]), "b"),
    "RadioButtons": (ipywidgets.RadioButtons(options=["a", "b"]), "b"),
    "Select": (ipywidgets.Select(options=["a", "b"], value="a"), "b"),
    "ToggleButtons": (ipywidgets.ToggleButtons(options=["a", "b"]), "b"),
    "SelectionSlider": (ipywidgets.SelectionSlider(options=np.array([1.5, 2.5])), 2.5),
    "pairs": (ipywidgets.Dropdown(options=[("one", 1), ("two", 2)]), 2),
    "Checkbox": (ipywidgets.Checkbox(), True),
    "ToggleButton": (ipywidgets.ToggleButton(), True),
}
# Some are not in ipywidgets 7.
OTHERS = """
    IntRangeSlider FloatRangeSlider Text Textarea IntText FloatText ColorPicker DatePicker Play
    Button TagsInput TimePicker
"""
REFUSED = {
    kind: (getattr(ipywidgets, kind)(), f"must be one of .*got a {kind}")
    for kind in OTHERS.split()
    if hasattr(ipywidgets, kind)
} | {
    "SelectMultiple": (ipywidgets.SelectMultiple(options=["a"]), "got a SelectMultiple"),
    "two values": (ipywidgets.SelectionRangeSlider(options=["a", "b"]), "a SelectionRangeSlider"),
    "Combobox": (ipywidgets.Combobox(options=["a"]), "got a Combobox"),
    "a number": (3, "got a int"),
    "a class": (ipywidgets.IntSlider, "got IntSlider"),
    "no value": (ipywidgets.Dropdown(options=["a"], value=None), "from the start, got none"),
    "no button": (ipywidgets.ToggleButtons(options=["a"], value=None), "a value from the start"),
    "no step": (ipywidgets.BoundedFloatText(), "a step of at least 1e-7, got None"),
    "steps too fine": (ipywidgets.FloatSlider(step=1e-8), "a step of at least 1e-7, got 1e-08"),
    "tuples": (ipywidgets.Dropdown(options=[("x", (1, 2))]), "must offer texts.*got a tuple"),
    "no name": (ipywidgets.IntSlider(), "must have a description, got none"),
}


@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize("kind", WORKING)
async def test_a_control_moves_shows_scenes_comes_back_and_is_prepared(kind, watch, until):
    control, to = WORKING[kind]
    control.description, start, seen = "which", control.value, []

    def compute(which):
        seen.append(which)
        return fraction(positions(control).index(which), draws=20)

    scenes = [Scene(name="there", caption="elsewhere", settings={"which": to})]
    panel = widgets.connect(compute, plot, scenes=scenes, which=control)
    before = panel.state()
    control.value = to
    assert seen[-1] == to
    assert panel.settings == {"which": to}
    assert json.loads(panel.state())["controls"] == {"which": to}
    panel.restore(before)
    assert control.value == start
    panel.show_scene(0)
    assert control.value == to
    heard = watch(panel)
    await until(lambda: len(kept(heard)) == len(positions(control)))
    panel.close()
    control.value = start
    control.unobserve_all()


@pytest.mark.parametrize("kind", ["fine steps", "FloatLogSlider", "pairs", "Checkbox"])
def test_a_control_goes_into_a_page_and_a_film(kind, tmp_path):
    control, _ = WORKING[kind]
    control.description = "which"
    known = positions(control)
    panel = widgets.connect(lambda which: fraction(known.index(which)), plot, which=control)
    panel.save_html(tmp_path / "page.html")
    (data,) = panels_in(tmp_path / "page.html")
    assert len(data["frames"]) == len(known)
    assert data["missing"] == ""
    panel.save_gif(tmp_path / "sweep.gif")
    with Image.open(tmp_path / "sweep.gif") as gif:
        assert gif.n_frames == len(known)
    control.unobserve_all()


@pytest.mark.parametrize("kind", REFUSED)
def test_other_kinds_are_refused_before_anything_is_computed(kind):
    control, message = REFUSED[kind]
    if kind != "no name" and isinstance(control, ipywidgets.Widget):
        control.description = "which"
    computed = []
    with pytest.raises((ValueError, TypeError), match=f"^control which .*{message}"):
        widgets.connect(computed.append, plot, which=control)
    assert not computed
