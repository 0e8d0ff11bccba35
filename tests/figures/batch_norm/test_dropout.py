"""Pictures of dropout before batch norm."""

import numpy as np
import pytest
from looking import ends_of_band, second_line, words

from nnhelpers import figures
from nnhelpers.simulations import ByLayer, LayerShift, VarianceShift


@pytest.fixture
def units():
    """Three rates, three units by hand."""
    return VarianceShift(
        setting="4 inputs of mean 0",
        rates=np.array([0.0, 0.5, 0.9]),
        training=np.array([[1.0, 1, 1], [2, 2, 2], [10, 10, 10]]),
        inference=np.array([[0.9, 1, 1.2], [0.8, 1, 1.4], [0.9, 1, 1.1]]),
        law=np.array([1.0, 0.5, 0.1]),
    )


@pytest.fixture
def layers():
    """Two layers of three networks by hand."""
    return LayerShift(
        rate=0.5,
        width=9,
        std=ByLayer(
            measured=np.array([[0.6, 0.3], [0.7, 0.4], [0.8, 0.5]]), law=np.array([0.64, 0.41])
        ),
        offset=ByLayer(
            measured=np.array([[0.0, 0.1], [0.1, 0.2], [0.2, 0.3]]), law=np.array([0.0, 0.16])
        ),
    )


def test_markers_are_medians_bands_percentiles_and_the_law_is_dashed(units):
    ax = figures.plot_variance_shift({"one": units, "two": units}).ax
    law, dots = ax.lines[:2]
    np.testing.assert_allclose(dots.get_xydata().T, [units.rates, [1.0, 0.5, 0.1]])
    np.testing.assert_allclose(law.get_ydata(), [1.0, 0.5, 0.1])
    assert law.is_dashed()
    np.testing.assert_allclose(ends_of_band(ax)[1], np.percentile([0.4, 0.5, 0.7], (10, 90)))
    assert second_line(ax) == "one, dropout 0.5: batch norm's variance is 2.0 times too large"


def test_spread_and_offset_stand_by_layer_beside_their_laws(layers):
    ax = figures.plot_layer_shift(layers).ax
    spread_law, spread, offset_law, offset = ax.lines[:4]
    np.testing.assert_array_equal(spread_law.get_xydata().T, [[1, 2], [0.64, 0.41]])
    np.testing.assert_array_equal(offset_law.get_ydata(), [0.0, 0.16])
    np.testing.assert_allclose(spread.get_ydata(), [0.7, 0.4])
    np.testing.assert_allclose(offset.get_ydata(), [0.1, 0.2])
    assert spread.get_marker() != offset.get_marker()
    assert spread_law.is_dashed()
    assert second_line(ax) == "dropout 0.5: standard deviation 0.40 in layer 2, promised was 1"


def test_the_promise_is_drawn_as_far_as_there_are_layers(layers):
    ax = figures.plot_layer_shift(layers).ax
    (promise,) = (line for line in ax.lines if list(line.get_ydata()) == [1, 1])
    assert promise.get_xdata()[-1] == 2
    assert "promised" in words(ax)
