"""Pictures of where pre-activations fall, and of depth as an offset."""

import itertools
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from looking import assert_nothing_is_cut_off, second_line, words

from nnhelpers import figures, simulations, theory
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import DepthOffset, DepthSignal


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


@pytest.mark.parametrize(("depth", "numbers"), [(1, 1), (10, 10), (11, 6)])
def test_slopes_are_written_as_often_as_there_is_room(depth, numbers):
    shown = words(figures.plot_signal_by_layer(deep(depth=depth)).ax)
    assert sum(text.startswith((".", "1.")) for text in shown) == numbers


def test_nothing_is_cut_off_at_the_ends_of_the_settings():
    plot = partial(figures.plot_signal_by_layer, most_layers=20)
    plot = figures.compose("A", {"A": plot}, size=(5.7, 4.2))
    for settings in ({"gain": 10.0, "activation": "relu"}, {"gain": 0.1}):
        assert_nothing_is_cut_off(plot(deep(depth=20, **settings)))


@pytest.fixture
def network() -> DepthOffset:
    """Two layers of four units on 100 examples, by hand."""
    return DepthOffset(
        spec=MLPSpec(units=(4, 4), activation="sigmoid"),
        draws=1,
        n_examples=100,
        fraction=np.array([[[0.5, 0.52, 0.45, 0.5], [0.0, 0.3, 1.0, 1.0]]]),
        correlation=np.array([0.0, 0.8]),
    )


def written(ax):
    return [text.get_text() for text in ax.texts]


def tops(collection):
    """Lower and upper end of every box of a stack."""
    return np.array([path.get_extents().intervaly for path in collection.get_paths()])


def test_a_layer_gets_the_histogram_of_moved_data_with_its_own_law(network):
    ax = figures.plot_active_fraction(network.layer(2)).ax
    *splitting, dead, always = [bar.get_height() for bar in ax.patches]
    assert (dead, always, sum(splitting)) == (0.25, 0.5, 0.25)
    assert second_line(ax) == "layer 2, like data moved by 2.0 σ: 25% split"
    assert ax.get_legend().get_texts()[0].get_text() == "law of wide layers"


def test_the_law_over_a_layers_bars_adds_up_and_ends_in_dead_and_always_active(network):
    pmf = theory.active_examples_pmf(100, mean_over_std=2.0)
    x, y = figures.plot_active_fraction(network.layer(2)).ax.lines[0].get_data()
    np.testing.assert_allclose(y[(x < 0) | (x > 1)], pmf[[0, -1]], rtol=1e-9)
    assert y.sum() == pytest.approx(1, abs=1e-9)
    # Of 21 bars the one in the middle holds the counts 48 to 52.
    assert y[np.argmin(abs(x - 0.5))] == pytest.approx(pmf[48:53].sum(), rel=1e-9)


def test_every_layer_is_a_full_stack_of_units_by_status(network):
    ax = figures.plot_splitting_by_layer(network.layer(2)).ax
    splitting, dead, always = (tops(collection) for collection in ax.collections)
    np.testing.assert_allclose(splitting, [[0, 1], [0, 0.25]])
    np.testing.assert_allclose(dead, [[1, 1], [0.25, 0.5]])
    np.testing.assert_allclose(always, [[1, 1], [0.5, 1]])
    middles = [
        path.get_extents().get_points().mean(axis=0)[0] for path in ax.collections[0].get_paths()
    ]
    np.testing.assert_allclose(middles, [1, 2])
    names = {text.get_text(): text for text in ax.texts}
    for collection, name in zip(
        ax.collections, ("splitting", "dead", "always active"), strict=True
    ):
        color = figures.style.mpl.colors.to_rgba(names[name].get_color())
        assert tuple(collection.get_facecolor()[0]) == color


def test_dashes_are_the_law_and_numbers_the_offsets(network):
    ax = figures.plot_splitting_by_layer(network.layer(2)).ax
    pmf = theory.active_examples_pmf(100, mean_over_std=2.0)
    x, y = ax.lines[0].get_data()
    np.testing.assert_array_equal(x, [1, 2])
    np.testing.assert_allclose(y, [1, 1 - pmf[0] - pmf[-1]], atol=1e-9)
    row = {
        text.get_position()[0]: text.get_text()
        for text in ax.texts
        if text.get_text() in ("0", "2.0")
    }
    assert row == {1: "0", 2: "2.0"}
    assert second_line(ax) == "sigmoid: 100% split in layer 1, 25% in layer 2"


def test_the_frame_is_around_the_layer_at_hand(network):
    drawn = figures.plot_splitting_by_layer(network.layer(1))
    (frame,) = drawn.ax.patches
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(1)
    drawn.update(network.layer(2))
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(2)
    assert frame.get_width() < 1


@pytest.mark.parametrize("depth", [1, 12, 13, 30])
def test_any_depth_keeps_its_numbers_and_names_apart(network, depth):
    repeated = DepthOffset(
        **{
            **vars(network),
            "spec": MLPSpec(units=(4,) * depth, activation="sigmoid"),
            "fraction": np.full((1, depth, 4), 0.5),
            "correlation": np.full(depth, 0.99997),
        }
    )
    ax = figures.plot_splitting_by_layer(repeated.layer(depth)).ax
    ax.figure.draw_without_rendering()
    row = [text for text in ax.texts if text.get_text() in ("10²", "as if moved by (σ)")]
    assert len(row) > min(depth, 7)
    ends = sorted((text.get_window_extent().x0, text.get_window_extent().x1) for text in row)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(ends))
    assert ends[-1][1] <= ax.figure.bbox.x1
