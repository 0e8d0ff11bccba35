"""Pictures over the layers of deep networks: what each line shows, from numbers by hand."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from looking import assert_nothing_is_cut_off, assert_words_apart, second_line, words

from nnhelpers import figures
from nnhelpers.simulations import ByLayer

SPREAD = np.array([0.5, 0.8, 1.0, 1.2, 3.0])[:, np.newaxis]


def by_hand(depth, **values):
    said = {"verdict": lambda: "the verdict", "summary": lambda: "by hand"}
    return SimpleNamespace(depth=depth, draws=5, **values, **said)


def compared(rows, law):
    return ByLayer(measured=np.array(rows, dtype=float), law=np.array(law, dtype=float))


def variances(depth=3, scale=1.0):
    """The second layer is off forward, the third may be back."""
    forward, back = np.ones((3, depth)), np.ones((3, depth))
    forward[:, 1:2], back[:, 2:3] = 2, np.array([[0.5], [0.8], [2.3]])
    law = np.ones(depth)
    parts = {"pre_activations": compared(scale * forward, law), "errors": compared(back, law)}
    return by_hand(depth, **parts)


def signal(depth=4, scale=1.0):
    deltas = SPREAD * np.logspace(-6, 0, depth)
    law = deltas[:, -1:] * 0.2 ** np.arange(depth)[::-1]
    parts = {"delta_rms": scale * deltas, "kernel_gradient_rms": 0.02 * deltas, "law": law}
    return by_hand(depth, **parts, kernel_ratio=deltas[:, 0] / deltas[:, -1])


def growth(depth=6, step=2.0, law=4.0):
    """In three networks each layer multiplies the gradient by `step`, or halves it."""
    layers = np.arange(depth - 1.0, -1, -1)
    parts = {
        name: SimpleNamespace(relative=np.outer(np.ones(3), factor**layers))
        for name, factor in (("normalized", step), ("plain", 0.5))
    }
    return by_hand(depth, **parts, law=law)


def lines_named(ax, *names):
    """Find the law, if there is one, and the line of each name by their color."""
    texts = [text for text in ax.texts if text.xyann != (0, 8)]
    for name in names:
        (color,) = (t.get_color() for t in texts if t.get_text().startswith(name))
        own = [line for line in ax.lines if line.get_color() == color]
        yield sorted(own, key=lambda line: line.get_zorder())


def test_variances_forward_and_back_stand_beside_their_laws():
    result = variances()
    ax = figures.plot_variances(result).ax
    parts = result.pre_activations, result.errors
    for (law, means), part in zip(lines_named(ax, "forward: z", "back: e"), parts, strict=True):
        np.testing.assert_array_equal(law.get_xydata().T, [[1, 2, 3], part.law])
        np.testing.assert_array_equal(means.get_xydata().T, [[1, 2, 3], part.mean])
    rings = [line.get_xdata().tolist() for line in ax.lines if line.get_markersize() == 11]
    assert rings == [[2], [], [], [3]]
    assert second_line(ax) == "the verdict"
    assert figures.plot_variances(result, most_layers=8).ax.get_xlim()[1] == 1.4 * 8


def test_blocks_are_counted_from_what_enters_the_first():
    parts = {
        "residual": compared([[2, 4, 8]] * 3, [2, 4, 7]),
        "plain": compared([[2] * 3], [2] * 3),
    }
    ax = figures.plot_residual(by_hand(2, **parts)).ax
    (sum_law, summed), (_, alone) = lines_named(ax, "x + block", "without x +")
    np.testing.assert_array_equal(summed.get_xydata().T, [[0, 1, 2], [2, 4, 8]])
    np.testing.assert_array_equal(sum_law.get_xydata().T, [[0, 1, 2], [2, 4, 7]])
    np.testing.assert_array_equal(alone.get_ydata(), [2, 2, 2])
    assert ax.get_xticks().tolist() == [0, 1, 2]
    assert ax.get_xlim()[0] < 0


def test_the_law_of_growth_starts_from_the_last_layer_but_one():
    ax = figures.plot_gradient_growth(growth(law=9.0)).ax
    (law, normalized), (_, plain) = lines_named(ax, "batch norm", "without")
    np.testing.assert_allclose(normalized.get_ydata(), [32, 16, 8, 4, 2, 1])
    np.testing.assert_allclose(plain.get_ydata(), 0.5 ** np.arange(5, -1, -1))
    np.testing.assert_array_equal(law.get_xdata(), [1, 2, 3, 4, 5])
    np.testing.assert_allclose(law.get_ydata(), 2 * 3.0 ** np.arange(4, -1, -1))
    assert plain.get_marker() != normalized.get_marker()
    # Markers leave room for the law.
    ax = figures.plot_gradient_growth(growth(depth=50, step=1.2)).ax
    ((_, normalized),) = lines_named(ax, "batch norm")
    start, step = normalized.get_markevery()
    assert len(np.arange(50)[start::step]) == 13


def test_the_law_of_the_error_signal_multiplies_down_from_the_last_dot():
    ax = figures.plot_gradient_by_layer(signal()).ax
    (law, error), (_, weights) = lines_named(ax, "∂loss/∂z", "∂loss/∂w")
    np.testing.assert_allclose(error.get_xydata().T, [[1, 2, 3, 4], [1e-6, 1e-4, 1e-2, 1]])
    np.testing.assert_allclose(weights.get_ydata(), [2e-8, 2e-6, 2e-4, 2e-2])
    np.testing.assert_allclose(law.get_ydata(), 0.2 ** np.array([3, 2, 1, 0]))
    assert error.get_marker() != weights.get_marker()


@pytest.mark.parametrize(
    ("plot", "result", "name"),
    [
        (figures.plot_variances, variances(scale=0.0), "forward: z ↓ 0"),
        (figures.plot_gradient_by_layer, signal(scale=0.0), "∂loss/∂z ↓ 0"),
    ],
)
def test_no_signal_at_all_is_drawn_without_a_hitch(plot, result, name, assert_finite):
    drawn = plot(result)
    drawn.png()
    assert_finite(drawn)
    assert name in words(drawn.ax)


def test_gradients_of_several_settings_are_medians_and_the_least_is_named():
    signals = {"sigmoid": signal(), "tanh": signal(depth=2), "linear": signal(depth=3)}
    signals["sigmoid"].kernel_ratio *= 1e-3
    ax = figures.plot_gradients(signals).ax
    for line, one in zip(ax.lines, signals.values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), np.median(one.kernel_gradient_rms, axis=0))
    for look in ("color", "marker", "linestyle"):
        assert len({getattr(line, f"get_{look}")() for line in ax.lines}) > 1
    assert second_line(ax) == "sigmoid: the verdict"
    assert "bands: 10–90 % of 5 networks" in words(ax)


@pytest.mark.parametrize("number", [0, 7])
def test_too_many_lines_or_none_are_refused(number):
    with pytest.raises(ValueError, match=f"signals must hold 1 to 6 results, got {number}"):
        figures.plot_gradients(dict.fromkeys(map(str, range(number)), signal()))


@pytest.mark.parametrize(("depth", "scale"), [(1, 1e12), (12, 1e-12), (12, 1.0)])
@pytest.mark.parametrize(
    ("plot", "make"),
    [(figures.plot_variances, variances), (figures.plot_gradient_by_layer, signal)],
)
def test_nothing_is_cut_off_and_names_stay_clear_of_the_note(plot, make, depth, scale):
    plot = partial(plot, most_layers=12)
    drawn = figures.compose("A", {"A": plot}, size=(6.0, 4.2))(make(depth, scale))
    assert_nothing_is_cut_off(drawn)
    (ax,) = drawn.figure.axes
    shown = [t for t in ax.texts if t.get_text().startswith(("ring", "dashed", "for", "back", "∂"))]
    assert len(shown) == 3
    assert_words_apart(ax, [*shown, ax.get_xticklabels()[-1]])


def test_a_second_line_fits_above_a_small_picture():
    result = variances()
    result.verdict = lambda: "each layer: z × 0.0123, error back × 0.0123"
    drawn = figures.small_multiples(figures.plot_variances, {"one": result, "two": result})
    drawn.frame()
    first, second = drawn.figure.axes
    line = next(text for text in first.texts if text.xyann == (0, 8))
    assert line.get_window_extent().x1 < second.bbox.x0
