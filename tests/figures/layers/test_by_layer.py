"""Pictures over the layers of deep networks: what each line shows, from results by hand."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import figures, simulations
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import ByLayer, GradientGrowth, LayerGradients


def compared(rows, law):
    return ByLayer(measured=np.array(rows, dtype=float), law=np.array(law, dtype=float))


@pytest.fixture(scope="module")
def variances():
    """Three layers of three networks by hand; the second is off forward, the third may be."""
    exact = np.ones((3, 1))
    return simulations.LayerVariances(
        spec=MLPSpec(units=(4, 5, 6), activation="tanh"),
        draws=3,
        pre_activations=compared(exact * [1, 2, 1], [1, 1, 1]),
        activations=compared(exact * [1, 1, 1], [1, 1, 1]),
        errors=compared([[1, 1, 0.5], [1, 1, 0.8], [1, 1, 2.3]], [1, 1, 1]),
    )


@pytest.fixture(scope="module")
def residual():
    exact = np.ones((3, 1))
    return simulations.ResidualVariances(
        activation="relu",
        initializer="he_normal",
        branch_scale=1.0,
        width=8,
        plain=compared(exact * [2, 2, 2], [2, 2, 2]),
        residual=compared([[2, 4, 7], [2, 4, 8], [2, 4, 9]], [2, 4, 8]),
        correlation=compared(exact * [1, 0.7, 0.5], [1, 0.7, 0.5]),
    )


def deep(*, depth=8, activation="sigmoid", gain=1.0):
    examples = SimpleNamespace(X=np.eye(4), y=np.arange(4))
    spec = MLPSpec(units=(8,) * depth, activation=activation)
    return simulations.simulate_depth(spec, examples, gain=gain, draws=4)


@pytest.fixture(scope="module")
def signal():
    """Five networks of four layers by hand; from layer to layer all numbers are known."""
    spread = np.array([0.5, 0.8, 1.0, 1.2, 3.0])[:, np.newaxis]
    return replace(
        deep(depth=4),
        draws=5,
        weight_factors=np.full(3, 0.5),
        mean_square_slope=np.full((5, 4), 0.16),
        delta_rms=spread * [1e-6, 1e-4, 1e-2, 0.5],
        kernel_gradient_rms=spread * [2e-5, 2e-4, 2e-3, 2e-2],
    )


def growth(*, step=2.0, plain=0.5, depth=6, law=4.0):
    """Make three networks by hand in which a layer multiplies the gradient by `step`."""

    def gradients(factor):
        deltas = np.outer([2.0, 5.0, 9.0], factor ** np.arange(depth - 1.0, -1, -1))
        return LayerGradients(deltas=deltas, kernels=deltas)

    return GradientGrowth(
        activation="relu",
        initializer="he_normal",
        width=9,
        batch_size=8,
        normalized=gradients(step),
        plain=gradients(plain),
        law=law,
    )


def lines_named(ax, *names):
    """Find the law and the line of each name by their color."""
    found = []
    for name in names:
        texts = (text for text in ax.texts if text.xyann != (0, 8))
        (text,) = (text for text in texts if text.get_text().startswith(name))
        own = [line for line in ax.lines if line.get_color() == text.get_color()]
        found.append(sorted(own, key=lambda line: line.get_zorder()))
    return found


def test_variances_forward_and_back_stand_beside_their_laws(variances, second_line):
    ax = figures.plot_variances(variances).ax
    forward, back = lines_named(ax, "forward: z", "back: error")
    for (law, means), part in ((forward, variances.pre_activations), (back, variances.errors)):
        np.testing.assert_array_equal(law.get_xydata().T, [[1, 2, 3], part.law])
        np.testing.assert_array_equal(means.get_xydata().T, [[1, 2, 3], part.mean])
    rings = [line.get_xdata().tolist() for line in ax.lines if line.get_markersize() == 11]
    assert rings == [[2], [], [], [3]]
    assert forward[1].get_marker() != back[1].get_marker()
    assert second_line(ax) == "clearly over 10 % off the law: 1 forward, 0 back"


def test_no_variance_at_all_is_drawn_without_a_hitch(variances, assert_finite, second_line):
    nothing = compared(np.zeros((3, 3)), np.zeros(3))
    drawn = figures.plot_variances(replace(variances, pre_activations=nothing, errors=nothing))
    drawn.png()
    assert_finite(drawn)
    assert second_line(drawn.ax) == "clearly over 10 % off the law: 0 forward, 0 back"


def test_blocks_are_counted_from_what_enters_the_first(residual, second_line):
    ax = figures.plot_residual(residual).ax
    (sum_law, summed), (_, alone) = lines_named(ax, "x + block", "without x +")
    np.testing.assert_array_equal(summed.get_xydata().T, [[0, 1, 2], [2, 4, 8]])
    np.testing.assert_array_equal(sum_law.get_xydata().T, [[0, 1, 2], [2, 4, 8]])
    np.testing.assert_array_equal(alone.get_ydata(), [2, 2, 2])
    assert ax.get_xticks().tolist() == [0, 1, 2]
    assert ax.get_xlim()[0] < 0
    assert second_line(ax) == "variance × 2.00 per block, correlation with the input 0.50"


def test_gradients_grow_in_units_of_the_last_layer(second_line):
    ax = figures.plot_gradient_growth(growth()).ax
    (_, normalized), (plain,) = lines_named(ax, "batch norm", "without")
    np.testing.assert_allclose(normalized.get_ydata(), [32, 16, 8, 4, 2, 1])
    np.testing.assert_allclose(plain.get_ydata(), 0.5 ** np.arange(5, -1, -1))
    assert plain.get_marker() != normalized.get_marker()
    assert second_line(ax) == "batch norm × 2.00 a layer (law 2.00), without × 0.50"


def test_the_law_of_growth_starts_from_the_last_layer_but_one():
    ((law, normalized),) = lines_named(
        figures.plot_gradient_growth(growth(law=9.0)).ax, "batch norm"
    )
    np.testing.assert_array_equal(law.get_xdata(), [1, 2, 3, 4, 5])
    np.testing.assert_allclose(law.get_ydata(), 2 * 3.0 ** np.arange(4, -1, -1))
    assert law.get_ydata()[-1] == normalized.get_ydata()[-2]


def test_markers_leave_room_for_the_law_of_growth():
    ((_, normalized),) = lines_named(
        figures.plot_gradient_growth(growth(depth=50, step=1.2)).ax, "batch norm"
    )
    start, step = normalized.get_markevery()
    assert len(np.arange(50)[start::step]) == 13


def test_the_law_of_the_error_signal_multiplies_down_from_the_last_dot(signal, second_line):
    ax = figures.plot_gradient_by_layer(signal).ax
    (law, error), (weights,) = lines_named(ax, "∂loss/∂z", "∂loss/∂w")
    np.testing.assert_array_equal(error.get_xydata().T, [[1, 2, 3, 4], [1e-6, 1e-4, 1e-2, 0.5]])
    np.testing.assert_allclose(weights.get_ydata(), [2e-5, 2e-4, 2e-3, 2e-2], rtol=1e-12)
    np.testing.assert_allclose(law.get_ydata(), 0.5 * 0.2 ** np.array([3, 2, 1, 0]), rtol=1e-12)
    assert error.get_marker() != weights.get_marker()
    assert second_line(ax) == "the gradient of the first layer's weights is 1/1,000 of the last's"


def test_no_gradient_at_all_is_drawn_without_a_hitch(signal, assert_finite, words):
    nothing = replace(signal, delta_rms=np.zeros((5, 4)), kernel_gradient_rms=np.zeros((5, 4)))
    drawn = figures.plot_gradient_by_layer(nothing)
    drawn.png()
    assert_finite(drawn)
    assert "∂loss/∂z ↓ 0" in words(drawn.ax)


def test_gradients_of_several_settings_are_medians_and_the_least_is_named(words, second_line):
    signals = {"sigmoid": deep(), "tanh": deep(activation="tanh"), "linear": deep(gain=2.0)}
    ax = figures.plot_gradients(signals).ax
    for line, one in zip(ax.lines, signals.values(), strict=True):
        expected = np.median(one.kernel_gradient_rms, axis=0)
        np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-12)
    for looks in ("get_color", "get_marker", "get_linestyle"):
        assert len({str(getattr(line, looks)()) for line in ax.lines}) > 1
    assert second_line(ax) == f"sigmoid: {signals['sigmoid'].verdict()}"
    assert "bands: 10–90 % of 4 networks" in words(ax)


@pytest.mark.parametrize("number", [0, 7])
def test_too_many_lines_or_none_are_refused(number):
    with pytest.raises(ValueError, match=f"signals must hold 1 to 6 results, got {number}"):
        figures.plot_gradients({str(i): deep(depth=1) for i in range(number)})


def simulated(*, units, gain):
    examples = SimpleNamespace(X=np.eye(4), y=np.arange(4))
    return simulations.simulate_variances(MLPSpec(units=units), examples, gain=gain, draws=5)


@pytest.mark.parametrize("gain", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("depth", [1, 12])
def test_nothing_is_cut_off_and_names_stay_clear_of_the_note(gain, depth):
    variances = partial(figures.plot_variances, most_layers=12)
    gradients = partial(figures.plot_gradient_by_layer, most_layers=12)
    small = simulated(units=(20,) * depth, gain=gain), deep(depth=depth, gain=gain)
    for plot, result in zip((variances, gradients), small, strict=True):
        drawn = figures.compose("A", {"A": plot}, size=(6.0, 4.2))(result)
        drawn.frame()
        box = drawn.figure.get_tightbbox()
        assert 0 <= box.x0 < box.x1 <= 6.0
        assert 0 <= box.y0 < box.y1 <= 4.2
        (ax,) = drawn.figure.axes
        notes = [text for text in ax.texts if text.get_text().startswith(("ring", "dashed"))]
        names = [text for text in ax.texts if text.get_text().startswith(("for", "back", "∂"))]
        boxes = [text.get_window_extent() for text in (*notes, *names)]
        boxes.append(ax.get_xticklabels()[-1].get_window_extent())
        assert len(boxes) == 4
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_second_line_fits_above_a_small_picture(variances):
    drawn = figures.small_multiples(figures.plot_variances, {"one": variances, "two": variances})
    drawn.frame()
    first, second = drawn.figure.axes
    line = next(text for text in first.texts if text.xyann == (0, 8))
    assert line.get_window_extent().x1 < second.bbox.x0
