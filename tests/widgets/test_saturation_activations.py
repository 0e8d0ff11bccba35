"""The panel of activations: its captions held to numbers, its picture to the figures."""

import numpy as np
import pytest

from nnhelpers import figures, simulations, theory
from nnhelpers.activations import COMMON, find_activation

PANEL, SEEDS = "explore_activations", 31


@pytest.fixture
def slopes(panel, shown):
    """Return the slopes of a scene for every seed of the panel."""

    def show(name):
        found = [result.slopes for result in shown(name)]
        np.testing.assert_array_equal(found[panel.settings["seed"]].z, panel.result.slopes.z)
        return found

    return show


def law(result, **changes):
    settings = {"mean": result.mean, "std": result.std} | changes
    return theory.expected_slope(result.activation, **settings)


def test_a_centred_sigmoid_is_hardly_ever_flat_yet_passes_a_fifth(slopes):
    for result in slopes("sigmoid, centred"):
        assert result.shares["flat"] < 0.001
        assert result.measured == pytest.approx(0.2, abs=0.01)


def test_far_off_nearly_every_sigmoid_is_flat_and_four_thousandths_are_left(slopes):
    for result in slopes("sigmoid, far off"):
        assert result.shares["flat"] > 0.95
        assert f"{result.expected:.1%}" == "0.4%"
        assert f"{result.measured:.1%}" == "0.4%"


def test_spread_alone_saturates_more_than_six_sigmoids_in_ten(slopes):
    for result in slopes("sigmoid, wide"):
        assert result.mean == 0
        assert 0.6 < result.shares["flat"] < 0.7


def test_an_offset_kills_every_relu(slopes):
    for result in slopes("relu, moved to -6"):
        assert result.draws == 10_000
        assert not find_activation("relu").derivative(result.z).any()


def test_spread_alone_leaves_half_of_a_relus_gradient(panel, slopes):
    for result in slopes("relu, wide"):
        assert abs(result.measured - 0.5) < 4 * result.standard_error
    control = panel.controls["std"]
    for std in (control.min, 1.0, control.max, 1e3):
        assert law(result, std=std) == pytest.approx(0.5, abs=1e-9)


def test_moving_a_control_shows_those_pre_activations(panel, parts_of):
    moved = {"mean": -2.5, "std": 4.0, "activation": "gelu", "seed": 7}
    for name, value in moved.items():
        panel.controls[name].value = value
    result = simulations.simulate_slopes("gelu", mean=-2.5, std=4.0, seed=7)
    np.testing.assert_array_equal(panel.result.slopes.z, result.z)
    assert panel.summary.endswith(result.summary())
    plots = {
        "A": figures.part("profile", figures.plot_activation),
        "B": figures.part("slopes", figures.plot_slopes),
    }
    size = tuple(panel.drawn.figure.get_size_inches())
    fresh = figures.compose("AB", plots, size=size)(panel.result)
    pictures = [panel.drawn.frame(), fresh.frame()]
    assert parts_of(panel.drawn) == parts_of(fresh)
    assert pictures[0] == pictures[1]


def test_every_activation_but_the_straight_line_can_be_chosen(panel):
    assert set(panel.controls["activation"].options) == set(COMMON) - {"linear"}


@pytest.mark.parametrize("activation", [name for name in COMMON if name != "linear"])
def test_no_label_is_cut_off_for_any_activation(panel, activation):
    panel.controls["activation"].value = activation
    panel.drawn.frame()
    box, (width, height) = panel.drawn.figure.get_tightbbox(), panel.drawn.figure.get_size_inches()
    assert 0 <= box.x0 < box.x1 <= width
    assert 0 <= box.y0 < box.y1 <= height
    for ax in panel.drawn.figure.axes:
        label = ax.yaxis.label.get_window_extent()
        assert not any(label.overlaps(t.get_window_extent()) for t in ax.get_yticklabels())
