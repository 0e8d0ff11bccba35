"""The picture of the gradient by layer: units, law, markers and what lies beyond the ruler."""

import numpy as np
import pytest

from nnhelpers import figures
from nnhelpers.simulations import GradientGrowth, LayerGradients


def gradients(step, depth):
    """Make three networks by hand in which a layer multiplies the gradient by `step`."""
    deltas = np.outer([2.0, 5.0, 9.0], step ** np.arange(depth - 1.0, -1, -1))
    return LayerGradients(deltas=deltas, kernels=deltas)


def result(*, step=2.0, plain=0.5, depth=6, law=4.0):
    return GradientGrowth(
        activation="relu",
        initializer="he_normal",
        width=9,
        batch_size=8,
        normalized=gradients(step, depth),
        plain=gradients(plain, depth),
        law=law,
    )


def lines(ax):
    """Return the dashed law, and the markers without batch norm and with."""
    law, *others = [line for line in ax.lines if list(line.get_xdata()) != [0, 1]]
    return law, *others


def names(ax):
    words = ("batch norm", "without")
    return [text for text in ax.texts if text.xyann != (0, 8) and text.get_text().startswith(words)]


def test_medians_are_in_units_of_the_last_layer():
    law, plain, normalized = lines(figures.plot_gradient_growth(result()).ax)
    np.testing.assert_allclose(normalized.get_ydata(), [32, 16, 8, 4, 2, 1])
    np.testing.assert_allclose(plain.get_ydata(), 0.5 ** np.arange(5, -1, -1))
    np.testing.assert_array_equal(plain.get_xdata(), np.arange(1, 7))
    assert plain.get_marker() != normalized.get_marker()
    assert plain.get_color() != normalized.get_color() == law.get_color()


def test_the_law_starts_from_the_last_layer_but_one():
    law, _, normalized = lines(figures.plot_gradient_growth(result(law=9.0)).ax)
    np.testing.assert_array_equal(law.get_xdata(), [1, 2, 3, 4, 5])
    np.testing.assert_allclose(law.get_ydata(), 2 * 3.0 ** np.arange(4, -1, -1))
    assert law.get_linestyle() != "-"
    assert law.get_ydata()[-1] == normalized.get_ydata()[-2]


def test_the_second_line_says_what_one_layer_does():
    ax = figures.plot_gradient_growth(result()).ax
    second = next(text for text in ax.texts if text.xyann == (0, 8)).get_text()
    assert second == "batch norm × 2.00 a layer (law 2.00), without × 0.50"


def test_what_lies_beyond_the_ruler_is_written_beside_an_arrow():
    ax = figures.plot_gradient_growth(result(step=100.0, plain=0.01)).ax
    assert {text.get_text() for text in ax.texts} >= {"batch norm ↑ 1·10¹⁰", "without ↓ 1·10⁻¹⁰"}
    assert ax.get_ylim() == (1e-4, 1e8)


@pytest.mark.parametrize("depth", [3, 13, 14, 50])
def test_markers_leave_room_for_the_law_and_the_last_layer_has_one(depth):
    _, plain, normalized = lines(figures.plot_gradient_growth(result(depth=depth, step=1.2)).ax)
    for line in (plain, normalized):
        start, step = line.get_markevery()
        marked = np.arange(depth)[start::step]
        assert len(marked) <= 13
        assert marked[-1] == depth - 1


@pytest.mark.parametrize("step", [0.9, 1.0, 1.2, 3.0])
def test_names_stand_apart_inside_the_picture(step):
    drawn = figures.plot_gradient_growth(result(step=step, depth=50))
    drawn.frame()
    low, high = (text.get_window_extent() for text in names(drawn.ax))
    assert not low.overlaps(high)
    assert max(low.x1, high.x1) <= drawn.figure.bbox.x1


def test_a_slider_over_the_depth_leaves_the_ruler():
    short, long = (
        figures.plot_gradient_growth(result(depth=depth), most_layers=50).ax for depth in (5, 50)
    )
    assert short.get_xlim() == long.get_xlim()
