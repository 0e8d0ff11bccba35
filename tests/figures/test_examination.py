"""The four drawings of an examination, and the one picture of them."""

import numpy as np
import pytest

from nnhelpers import diagnosis, figures
from nnhelpers.figures import style

SEEN = {"percentiles": np.array([-9.0, -1, 0, 1, 9]), "units": 4}


def examination(*layers):
    return diagnosis.Examination(findings=(), looked_at=(), not_looked_at=(), layers=layers)


def layer(**changes):
    usual = {"name": "a", "activation": "relu", "gradient": 1e-3, "update_ratio": 1e-3}
    return diagnosis.ExaminedLayer(**usual | SEEN | changes)


def areas(drawn):
    """Return the height of each part of the stack of the first layer, by its colour."""
    found = {}
    for bars in drawn.ax.collections:
        vertices = bars.get_paths()[0].vertices
        found[tuple(bars.get_facecolor()[0])] = np.ptp(vertices[:, 1])
    return list(found.values())


def test_a_layers_bar_is_cut_into_the_shares_of_its_units_or_of_what_is_saturated():
    drawn = figures.plot_layer_units(examination(layer(dead=0.5, always_active=0.2)))
    assert areas(drawn) == pytest.approx([0.3, 0.5, 0.2, 0.0])
    drawn.update(examination(layer(activation="tanh", dead=0.5, saturated=0.4)))
    assert areas(drawn) == pytest.approx([0.6, 0.0, 0.0, 0.4])


def test_pre_activations_beyond_the_axis_end_at_it_and_are_told():
    drawn = figures.plot_layer_bands(examination(layer()))
    thin = drawn.ax.collections[1].get_segments()[0]
    assert thin[:, 1].tolist() == [-6, 6]
    assert any("±9" in text.get_text() for text in drawn.ax.texts)


def test_a_gradient_of_zero_is_a_grey_triangle_at_the_bottom():
    drawn = figures.plot_layer_gradients(examination(layer(gradient=0.0), layer()))
    triangle = next(line for line in drawn.ax.lines if line.get_marker() == "v")
    assert triangle.get_xdata().tolist() == [1]
    assert triangle.get_color() == style.STATUS_COLORS["dead"]


@pytest.mark.parametrize("plot", [figures.plot_layer_gradients, figures.plot_layer_updates])
def test_where_nothing_was_looked_at_it_is_said(plot):
    drawn = plot(examination(layer(gradient=np.nan, update_ratio=np.nan)))
    assert any(text.get_text() == "not looked at" for text in drawn.ax.texts)


def test_one_picture_shows_all_four_and_moves_to_another_number_of_layers():
    drawn = figures.plot_examination(examination(layer()))
    drawn.update(examination(*[layer()] * 12))
    fresh = figures.plot_examination(examination(*[layer()] * 12))
    assert len(drawn.figure.axes) == 4
    assert drawn.frame() == fresh.frame()
    assert figures.plot_examination(examination()).png()
