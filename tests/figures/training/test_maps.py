"""Pictures of many trained networks by depth and gain."""

from functools import partial

from nnhelpers import figures


def test_two_maps_side_by_side_have_one_ruler_of_colours(pairs):
    plot, first, second = pairs["plot_depth_map"]
    drawn = figures.small_multiples(partial(plot), {"without": first, "batch norm": second})
    maps = [ax.collections[0] for ax in drawn.figure.axes if ax.get_title(loc="left")]
    assert [image.get_clim() for image in maps] == [(0, 1), (0, 1)]
    assert maps[0].get_cmap() == maps[1].get_cmap()
