"""Pictures of the loss along its gradient, of covariate shift, and of L2 before batch norm."""

from dataclasses import replace

import numpy as np
import pytest
from looking import (
    assert_nothing_is_cut_off,
    assert_words_apart,
    ends_of_band,
    line_of,
    second_line,
)

from nnhelpers import figures, simulations
from nnhelpers.figures import style


def test_smoothness_and_shift_are_percentiles_of_the_networks(pairs):
    for name, measure in (("smoothness", "smoothness"), ("covariate_shift", "typical_change")):
        plot, results, _ = pairs[f"plot_{name}"]
        ax = plot(results).ax
        levels = np.percentile(getattr(results["batch norm"], measure), (10, 50, 90), axis=1)
        np.testing.assert_allclose(ends_of_band(ax, 1).T, levels[[0, 2]])
        np.testing.assert_allclose(line_of(ax, style.NORMALIZED).get_ydata(), levels[1])


def test_a_network_without_a_gradient_is_left_out(pairs):
    landscapes = pairs["plot_smoothness"][1]
    some = np.array([1, 1, 1, 1, 1, np.nan])
    flat = replace(landscapes["without"], smoothness=landscapes["without"].smoothness * some)
    ax = figures.plot_smoothness(landscapes | {"without": flat}).ax
    expected = np.median(flat.smoothness[:, :5], axis=1)
    np.testing.assert_allclose(line_of(ax, style.PLAIN).get_ydata(), expected)


@pytest.fixture(scope="module")
def result(circles):
    return simulations.simulate_weight_decay(circles, l2=(0.0, 0.03), steps=60)


def heights(lines):
    return [line.get_ydata().tolist() for line in lines]


def medians(values):
    return np.median(values, axis=1).tolist()


def test_losses_are_medians_and_dashed_ones_those_of_the_growing_rate(result):
    other = replace(result, growing=result.growing._replace(loss=result.growing.loss + 0.1))
    ax = figures.plot_weight_decay(other).ax
    dashed, solid = ax.lines[1::2], ax.lines[2::2]
    assert heights(solid) == medians(result.normalized.loss)
    assert heights(dashed) == medians(other.growing.loss)
    assert dashed[0].is_dashed()
    assert not solid[0].is_dashed()
    assert solid[0].get_linewidth() > solid[1].get_linewidth()
    assert solid[0].get_color() not in (solid[1].get_color(), dashed[0].get_color())
    assert second_line(ax) == "growing rate = L2 to 1e-01"


def test_medians_of_gradients_lie_over_a_band_and_the_law_is_dashed():
    scaled = simulations.simulate_scale_invariance((0.01, 1.0, 100.0), draws=3)
    spread = replace(scaled, gradient=scaled.gradient * [1, 2, 3])
    ax = figures.plot_scale_invariance(spread).ax
    law, line = ax.lines
    assert line.get_ydata().tolist() == medians(spread.gradient)
    np.testing.assert_allclose(law.get_xydata().T, [[0.01, 1, 100], [100, 1, 0.01]])
    expected = np.percentile(spread.gradient, (10, 90), axis=1).T
    np.testing.assert_allclose(ends_of_band(ax), expected)


@pytest.mark.parametrize("l2", [(0.0, 1e-3), (0.0, 1e-3, 1e-2, 0.1, 1.0)], ids=len)
def test_names_stay_apart_and_inside(circles, l2):
    result = simulations.simulate_weight_decay(circles, l2=l2, steps=50)
    drawn = figures.compose("A", {"A": figures.plot_weight_decay}, size=(5.0, 4.2))(result)
    assert_nothing_is_cut_off(drawn)
    (ax,) = drawn.figure.axes
    assert_words_apart(ax)
    assert all(text.get_fontsize() >= 9 for text in ax.texts)
