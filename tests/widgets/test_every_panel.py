"""Every live panel: no setting breaks it, and nothing that it draws is not a number."""

import itertools
import json
import re

import pytest
from looking import assert_nothing_is_cut_off
from stopwatch import least_processor_seconds

from nnhelpers import widgets
from nnhelpers.figures import drawn
from nnhelpers.widgets._panel.controls import positions
from nnhelpers.widgets.explore import scenes

PANELS = sorted(name for name in dir(widgets) if name.startswith("explore_"))


def all_pairs(ranges):
    """Return few settings in which any two controls meet in every pair of these values."""
    names, chosen = sorted(ranges), []
    missing = {
        pair
        for one, other in itertools.combinations(names, 2)
        for pair in itertools.product(
            ((one, value) for value in ranges[one]), ((other, value) for value in ranges[other])
        )
    } or {((name, value), (name, value)) for name in names for value in ranges[name]}

    while missing:
        settings = dict(min(missing, key=repr))
        for name in names:
            options = [settings[name]] if name in settings else ranges[name]
            reached = [(len(_met(missing, settings | {name: each})), each) for each in options]
            settings[name] = max(reached, key=lambda each: each[0])[1]
        missing -= set(_met(missing, settings))
        chosen.append(settings)
    return chosen


def _met(missing, settings):
    known = set(settings.items())
    return [pair for pair in missing if pair[0] in known and pair[1] in known]


def values_of(control):
    """Return the ends and the middle of a control."""
    values = positions(control)
    return list(dict.fromkeys([values[0], values[-1], values[len(values) // 2]]))


def test_all_scenes_belong_to_a_panel():
    assert {f"explore_{panel}" for panel in scenes._SCENES} <= set(PANELS)


def test_every_two_controls_meet_in_every_pair_of_values():
    ranges = {"a": [0, 1, 2], "b": [0, 1], "c": ["x", "y", "z"], "d": [False, True]}
    chosen = all_pairs(ranges)
    for one, other in itertools.combinations(ranges, 2):
        met = {(settings[one], settings[other]) for settings in chosen}
        assert met == set(itertools.product(ranges[one], ranges[other]))
    assert len(chosen) <= 12
    assert all_pairs({"a": [0, 1]}) == [{"a": 0}, {"a": 1}]


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_survives_all_settings_and_draws_nothing_that_is_not_a_number(
    name, explore, assert_finite, monkeypatch
):
    # To pack a picture takes longer than to paint it, and sharp pictures are enough.
    monkeypatch.setattr(drawn, "_encoded", lambda image, kind, **_: kind.encode())
    monkeypatch.setattr(drawn.Drawn, "sketch", lambda self: b"")
    panel = explore(name)
    assert_nothing_is_cut_off(panel.drawn)
    start, first, words = panel.state(), panel.drawn.picture(), panel.summary
    situation = json.loads(start)
    ranges = {name: values_of(control) for name, control in panel.controls.items()}
    for settings in all_pairs(ranges):
        panel.restore(json.dumps(situation | {"controls": settings}))
        assert panel.settings == settings
        assert {name: control.value for name, control in panel.controls.items()} == settings
        assert panel.children[-1].value == ""
        assert panel.children[1].alt == panel.summary
        assert not re.search(r"\b(nan|inf)\b", panel.summary)
        assert_finite(panel.drawn)
    assert_nothing_is_cut_off(panel.drawn)
    assert len(panel.state()) < 300
    assert json.loads(panel.state()) == situation | {"controls": settings}
    panel.restore(start)  # what it shows does not depend on what it has shown
    assert (panel.drawn.picture(), panel.summary, panel.state()) == (first, words, start)
    check_scenes(panel, most=8 if name == "explore_patients" else 6)


def check_scenes(panel, *, most):
    """There are enough of them, all different, with one line each."""
    assert 3 <= len(panel.scenes) <= most
    settings = [tuple(each.items()) for each in panel.scene_settings]
    assert len(set(settings)) == len(settings)
    for scene in panel.scenes:
        assert 3 <= len(scene.name) <= 30
        assert 10 <= len(scene.caption) <= 90
        assert "\n" not in scene.caption
        assert scene.caption == scene.caption.strip()


DEEPEST = {"depth": 10, "activation": "gelu"}


@pytest.mark.parametrize(
    ("name", "slowest", "moved", "seconds"),
    [
        ("batch_norm", {"epsilon": 10.0, "n_examples": 256}, "seed", 0.01),
        ("normalized_layers", {"layers": "every", "place": "after", **DEEPEST}, "seed", 0.05),
        ("learning_rates", {"seed": 7}, "learning_rate", 0.06),
        ("dot_product", {"n": 1_000}, "seed", 0.05),
        (
            "layer_distributions",
            {"initializer": "orthogonal", "width": 100, **DEEPEST},
            "seed",
            0.05,
        ),
        ("symmetry", {"seed": 7}, "noise", 0.06),
        ("variances", {"initializer": "orthogonal", "depth": 12}, "seed", 0.04),
        ("depth", {"depth": 20}, "seed", 0.06),
        ("capacity", {"units": 20}, "seed", 0.12),
        ("regularization", {}, "seed", 0.12),
    ],
)
def test_the_slowest_move_keeps_up_with_a_hand(name, slowest, moved, seconds, opened, computed):
    known = positions(opened(name).controls[moved])[:4]

    def compute(value):
        computed(name, **slowest, **{moved: value})

    assert least_processor_seconds(compute, known * 3) < seconds
