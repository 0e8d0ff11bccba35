"""Pictures of many trained networks by depth and gain."""

from dataclasses import replace
from functools import partial

import numpy as np

from nnhelpers import figures


def test_two_maps_side_by_side_have_one_ruler_of_colours_from_guessing_on(pairs):
    plot, first, second = pairs["plot_depth_map"]
    drawn = figures.small_multiples(partial(plot), {"without": first, "batch norm": second})
    maps = [ax.collections[0] for ax in drawn.figure.axes if ax.get_title(loc="left")]
    assert first.chance == second.chance
    assert [image.get_clim() for image in maps] == [(first.chance, 1)] * 2
    assert maps[0].get_cmap() == maps[1].get_cmap()


def test_a_small_map_says_its_numbers_and_a_large_one_does_not(pairs):
    plot, result, _ = pairs["plot_depth_map"]
    small = replace(
        result,
        gains=np.array([0.1, 1.0]),
        depths=np.array([2, 4]),
        accuracy=np.array([[0.5, 0.6], [0.7, 1.0]]),
        law=None,
    )
    assert [t.get_text() for t in plot(small).ax.texts[-4:]] == ["50%", "60%", "70%", "100%"]
    large = replace(
        small, gains=np.geomspace(0.1, 1, 5), depths=np.arange(1, 6), accuracy=np.full((5, 5), 0.5)
    )
    assert not any(text.get_text() == "50%" for text in plot(large).ax.texts)
