"""Every live panel: no setting breaks it, and nothing that it draws is not a number."""

import itertools
import json
import random
import re

import pytest

from nnhelpers import widgets
from nnhelpers.figures import drawn
from nnhelpers.widgets._controls import positions

SETTINGS = 60
COMPILED = [1, 16]  # every other number of hidden units takes seconds to compile
PANELS = sorted(name for name in dir(widgets) if name.startswith("explore_"))


def random_settings(panel, rng):
    """Yield both corners of the controls' ranges, then random settings, half of them ends."""
    ranges = {
        name: COMPILED if name == "units" else positions(control)
        for name, control in panel.controls.items()
    }
    for end in (0, -1):
        yield {name: values[end] for name, values in ranges.items()}
    while True:
        yield {
            name: rng.choice(rng.choice([[values[0], values[-1]], values]))
            for name, values in ranges.items()
        }


def assert_nothing_is_cut_off(drawn):
    drawn.frame()
    box, (width, height) = drawn.figure.get_tightbbox(), drawn.figure.get_size_inches()
    assert 0 <= box.x0 < box.x1 <= width
    assert 0 <= box.y0 < box.y1 <= height


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_survives_all_settings_and_draws_nothing_that_is_not_a_number(
    name, explore, assert_finite, monkeypatch
):
    # To pack a picture takes longer than to paint it.
    monkeypatch.setattr(drawn, "_encoded", lambda image, kind, **_: kind.encode())
    panel = explore(name)
    assert_nothing_is_cut_off(panel.drawn)
    situation = json.loads(panel.state())
    for settings in itertools.islice(random_settings(panel, random.Random(name)), SETTINGS):
        panel.restore(json.dumps(situation | {"controls": settings}))
        assert panel.settings == settings
        assert {name: control.value for name, control in panel.controls.items()} == settings
        assert panel.children[-1].value == ""
        assert panel.children[1].alt == panel.summary
        assert not re.search(r"\b(nan|inf)\b", panel.summary)
        assert_finite(panel.drawn)
    assert_nothing_is_cut_off(panel.drawn)
