"""Pictures of deep networks, looked at layer by layer."""

import itertools
import re
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import figures, simulations
from nnhelpers.figures.lines import apart
from nnhelpers.simulations import DepthSignal


@pytest.fixture(scope="module")
def signal() -> DepthSignal:
    """Five networks of four layers by hand; from layer to layer all numbers are known."""
    rng = np.random.default_rng(0)
    examples = SimpleNamespace(X=rng.normal(size=(10, 3)), y=np.arange(10) % 3)
    drawn = simulations.simulate_depth(examples, depth=4, width=5, draws=5)
    spread = np.array([0.5, 0.8, 1.0, 1.2, 3.0])[:, np.newaxis]
    return replace(
        drawn,
        weight_factor=0.5,
        mean_square_slope=np.full((5, 4), 0.16),
        delta_rms=spread * [1e-6, 1e-4, 1e-2, 0.5],
        kernel_gradient_rms=spread * [2e-5, 2e-4, 2e-3, 2e-2],
        pre_activation_percentiles=spread[..., np.newaxis]
        * np.array([[-1, 0.5, 2], [-2, 0, 2], [-3, 0, 9], [-1, 7, 8]]),
    )


def deep(**settings):
    examples = SimpleNamespace(X=np.eye(4), y=np.arange(4))
    return simulations.simulate_depth(examples, width=8, draws=4, **settings)


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_visible()]


def second_line(ax):
    return next(text for text in ax.texts if text.xyann == (0, 8)).get_text()


def test_dots_are_medians_and_the_dashed_line_multiplies_down_from_the_last(signal):
    ax = figures.plot_gradient_by_layer(signal).ax
    law, error, weights = ax.lines
    np.testing.assert_array_equal(error.get_xydata().T, [[1, 2, 3, 4], [1e-6, 1e-4, 1e-2, 0.5]])
    np.testing.assert_allclose(weights.get_ydata(), [2e-5, 2e-4, 2e-3, 2e-2], rtol=1e-12)
    np.testing.assert_allclose(law.get_ydata(), 0.5 * 0.2 ** np.array([3, 2, 1, 0]), rtol=1e-12)
    assert law.is_dashed()
    assert error.get_marker() != weights.get_marker()
    assert second_line(ax) == "the gradient of the first layer's weights is 1/1,000 of the last's"


def test_bands_reach_from_the_tenth_to_the_ninetieth_percentile(signal):
    ax = figures.plot_gradient_by_layer(signal).ax
    band, _ = ax.collections
    ends = band.get_paths()[0].vertices
    last = ends[ends[:, 0] == 4][:, 1]
    assert last.min() == pytest.approx(0.5 * np.percentile([0.5, 0.8, 1, 1.2, 3], 10))
    assert last.max() == pytest.approx(0.5 * np.percentile([0.5, 0.8, 1, 1.2, 3], 90))


def test_what_lies_beyond_the_ruler_is_written_beside_an_arrow(signal):
    small = replace(signal, delta_rms=1e-9 * signal.delta_rms)
    large = replace(signal, kernel_gradient_rms=1e5 * signal.kernel_gradient_rms)
    assert "∂loss/∂z ↓ 1·10⁻¹⁵" in words(figures.plot_gradient_by_layer(small).ax)
    assert "∂loss/∂w ↑ 2,000" in words(figures.plot_gradient_by_layer(large).ax)
    assert {"∂loss/∂z", "∂loss/∂w"} <= set(words(figures.plot_gradient_by_layer(signal).ax))


def test_no_gradient_at_all_is_drawn_without_a_hitch(signal, assert_finite):
    nothing = replace(signal, delta_rms=np.zeros((5, 4)), kernel_gradient_rms=np.zeros((5, 4)))
    drawn = figures.plot_gradient_by_layer(nothing)
    drawn.png()
    assert_finite(drawn)
    assert "∂loss/∂z ↓ 0" in words(drawn.ax)


@pytest.mark.parametrize("plot", [figures.plot_gradient_by_layer, figures.plot_signal_by_layer])
def test_a_ruler_for_twenty_layers_stays_while_the_depth_moves(plot):
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
    ax = figures.plot_signal_by_layer(replace(signal, activation=activation)).ax
    assert words(ax).count("flat") == named
    assert sum(area.get_height() > 0 for area in ax.patches) == named


@pytest.mark.parametrize(("depth", "numbers"), [(1, 1), (10, 10), (11, 6), (20, 10), (35, 9)])
def test_slopes_are_written_as_often_as_there_is_room(depth, numbers):
    shown = words(figures.plot_signal_by_layer(deep(depth=depth)).ax)
    assert sum(text.startswith((".", "1.")) for text in shown) == numbers


@pytest.mark.parametrize("factor", [1.0, 1.01, 1e-4, 1e6])
def test_six_names_stand_apart_inside_the_picture(factor):
    signals = {
        f"number {i}": replace(s, kernel_gradient_rms=factor * s.kernel_gradient_rms)
        for i, s in enumerate([deep()] * 3 + [deep(activation="tanh")] * 3)
    }
    drawn = figures.plot_gradients(signals)
    drawn.frame()
    names = [text for text in drawn.ax.texts if re.match(r"number \d( |$)", text.get_text())]
    boxes = [name.get_window_extent() for name in names]
    assert len(boxes) == 6
    boxes.sort(key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 1 for low, high in itertools.pairwise(boxes))
    assert all(drawn.ax.bbox.y0 <= box.y0 and box.y1 <= drawn.ax.bbox.y1 for box in boxes)
    assert all(box.x1 <= drawn.figure.bbox.x1 for box in boxes)


def test_names_give_way_evenly_in_the_order_of_their_lines():
    wanted = np.array([100.0, 101.0, 99.0, 200.0])
    placed = apart(wanted, within=(0, 300))
    np.testing.assert_allclose(placed, [100, 113, 87, 200])
    np.testing.assert_allclose(apart(wanted, within=(150, 300)), [163, 176, 150, 200])
    np.testing.assert_allclose(apart(wanted, within=(0, 100)), [74, 87, 61, 100])


def test_lines_carry_an_ink_a_dash_and_a_marker_each_and_the_least_is_named():
    signals = {"sigmoid": deep(), "tanh": deep(activation="tanh"), "linear": deep(gain=2.0)}
    ax = figures.plot_gradients(signals).ax
    for line, one in zip(ax.lines, signals.values(), strict=True):
        expected = np.median(one.kernel_gradient_rms, axis=0)
        np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-12)
    assert len({line.get_color() for line in ax.lines}) == 3
    assert len({line.get_marker() for line in ax.lines}) == 3
    assert len({str(line._dash_pattern) for line in ax.lines}) == 3
    assert second_line(ax) == f"sigmoid: {signals['sigmoid'].verdict()}"
    assert "bands: 10–90 % of 4 networks" in words(ax)


def test_too_many_lines_or_none_are_refused():
    with pytest.raises(ValueError, match="signals must hold 1 to 6 results, got 0"):
        figures.plot_gradients({})
    with pytest.raises(ValueError, match="signals must hold 1 to 6 results, got 7"):
        figures.plot_gradients({str(i): deep(depth=1) for i in range(7)})


@pytest.mark.parametrize("plot", [figures.plot_gradient_by_layer, figures.plot_signal_by_layer])
def test_nothing_is_cut_off_at_the_ends_of_the_settings(plot):
    plot = figures.compose("A", {"A": partial(plot, most_layers=20)}, size=(5.7, 4.2))
    for settings in ({}, {"gain": 10.0, "activation": "relu"}, {"gain": 0.1}):
        drawn = plot(deep(depth=20, **settings))
        drawn.frame()
        box = drawn.figure.get_tightbbox()
        assert 0 <= box.x0 < box.x1 <= 5.7
        assert 0 <= box.y0 < box.y1 <= 4.2
