"""Pictures of the loss along its gradient, and of internal covariate shift."""

from dataclasses import replace

import numpy as np

from nnhelpers import figures
from nnhelpers.figures import style


def line_of(ax, color, *, at=0):
    return [line for line in ax.lines if line.get_color() == color][at]


def band(ax, index):
    """Return the lowest and the highest height of a band at each place."""
    vertices = ax.collections[index].get_paths()[0].vertices
    places = np.unique(vertices[:, 0])
    return np.array(
        [[h.min(), h.max()] for h in (vertices[vertices[:, 0] == x, 1] for x in places)]
    ).T


def test_smoothness_and_shift_are_percentiles_of_the_networks(pairs):
    for name, measure in (("smoothness", "smoothness"), ("covariate_shift", "typical_change")):
        plot, results, _ = pairs[f"plot_{name}"]
        ax = plot(results).ax
        levels = np.percentile(getattr(results["batch norm"], measure), (10, 50, 90), axis=1)
        np.testing.assert_allclose(band(ax, 1), levels[[0, 2]])
        np.testing.assert_allclose(line_of(ax, style.NORMALIZED).get_ydata(), levels[1])


def test_a_network_without_a_gradient_is_left_out(pairs):
    landscapes = pairs["plot_smoothness"][1]
    flat = replace(landscapes["without"], slope=landscapes["without"].slope * [1, 1, 1, 1, 1, 0])
    ax = figures.plot_smoothness(landscapes | {"without": flat}).ax
    expected = np.median(flat.smoothness[:, :5], axis=1)
    np.testing.assert_allclose(line_of(ax, style.PLAIN).get_ydata(), expected)
