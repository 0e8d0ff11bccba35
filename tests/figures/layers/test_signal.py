"""The picture of where the pre-activations of deep networks fall."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from looking import assert_nothing_is_cut_off, second_line, words

from nnhelpers import figures, simulations
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import DepthSignal


@pytest.fixture(scope="module")
def signal() -> DepthSignal:
    """Five networks of four layers by hand; from layer to layer all numbers are known."""
    rng = np.random.default_rng(0)
    examples = SimpleNamespace(X=rng.normal(size=(10, 3)), y=np.arange(10) % 3)
    spec = MLPSpec(units=(5,) * 4, activation="sigmoid")
    drawn = simulations.simulate_depth(spec, examples, draws=5)
    spread = np.array([0.5, 0.8, 1.0, 1.2, 3.0])[:, np.newaxis]
    return replace(
        drawn,
        weight_factors=np.full(3, 0.5),
        mean_square_slope=np.full((5, 4), 0.16),
        pre_activation_percentiles=spread[..., np.newaxis]
        * np.array([[-1, 0.5, 2], [-2, 0, 2], [-3, 0, 9], [-1, 7, 8]]),
    )


def deep(*, depth=8, activation="sigmoid", gain=1.0):
    examples = SimpleNamespace(X=np.eye(4), y=np.arange(4))
    spec = MLPSpec(units=(8,) * depth, activation=activation)
    return simulations.simulate_depth(spec, examples, gain=gain, draws=4)


def test_an_axis_for_twenty_layers_stays_while_the_depth_moves():
    plot = figures.plot_signal_by_layer
    drawn = plot(deep(depth=2), most_layers=20)
    before = drawn.ax.get_xlim(), drawn.ax.get_ylim()
    for depth in (1, 11, 20):
        drawn.update(deep(depth=depth))
        assert (drawn.ax.get_xlim(), drawn.ax.get_ylim()) == before
    assert plot(deep(depth=30), most_layers=20).ax.get_xlim()[1] > 30
    assert plot(deep(depth=3)).ax.get_xticks().tolist() == [1, 2, 3]


def test_bars_reach_from_the_tenth_to_the_ninetieth_percentile_and_end_at_the_ruler(signal):
    ax = figures.plot_signal_by_layer(signal).ax
    bars = np.array(ax.collections[0].get_segments())
    np.testing.assert_array_equal(bars[:, :, 0], [[n, n] for n in (1, 2, 3, 4)])
    np.testing.assert_array_equal(bars[:, :, 1], [[-1, 2], [-2, 2], [-3, 6], [-1, 6]])
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [0.5, 0, 0, 6])
    assert {"↑ 9", "slope f′ (rms)"} <= set(words(ax))
    assert not any(text.startswith("↓") for text in words(ax))
    assert words(ax).count(".40") == 4
    assert second_line(ax) == "slope 0.4 × weights 0.5 = 0.2 per layer on the way back"


@pytest.mark.parametrize(("activation", "named"), [("sigmoid", 2), ("relu", 1), ("linear", 0)])
def test_the_flat_parts_of_the_activation_are_shaded_and_named(activation, named, signal):
    ax = figures.plot_signal_by_layer(
        replace(signal, spec=replace(signal.spec, activation=activation))
    ).ax
    assert words(ax).count("flat") == named
    assert sum(area.get_height() > 0 for area in ax.patches) == named


@pytest.mark.parametrize(("depth", "numbers"), [(1, 1), (10, 10), (11, 6), (20, 10), (35, 9)])
def test_slopes_are_written_as_often_as_there_is_room(depth, numbers):
    shown = words(figures.plot_signal_by_layer(deep(depth=depth)).ax)
    assert sum(text.startswith((".", "1.")) for text in shown) == numbers


def test_nothing_is_cut_off_at_the_ends_of_the_settings():
    plot = partial(figures.plot_signal_by_layer, most_layers=20)
    plot = figures.compose("A", {"A": plot}, size=(5.7, 4.2))
    for settings in ({}, {"gain": 10.0, "activation": "relu"}, {"gain": 0.1}):
        drawn = plot(deep(depth=20, **settings))
        assert_nothing_is_cut_off(drawn)
