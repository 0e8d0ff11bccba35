"""What drawings in a plane share: the markers of two classes, and a line through a box."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from numpy.typing import NDArray

from nnhelpers.figures import style

_MOST_POINTS = 600


def line_in_box(
    weight: NDArray, bias: float, limits: tuple[float, float]
) -> tuple[Sequence[float], Sequence[float]]:
    """Ends of the line weight . h + bias = 0 well outside the box."""
    length = float(np.linalg.norm(weight))
    if length == 0:
        return [], []
    normal = weight / length
    foot = -bias / length * normal
    reach = 4 * max(abs(limits[0]), abs(limits[1])) + abs(bias / length)
    along = np.array([-normal[1], normal[0]])
    ends = np.array([foot - reach * along, foot + reach * along])
    return ends[:, 0], ends[:, 1]


def class_points(ax: Axes, *, edge: str = "none") -> list[PathCollection]:
    """Make markers for two classes, none of which is anywhere yet."""
    looks = {"s": 26, "edgecolor": edge, "linewidth": 0.6}
    kinds = style.CLASS_STYLES
    return [ax.scatter([], [], color=kind.color, marker=kind.marker, **looks) for kind in kinds]


def move_points(points: Sequence[PathCollection], xy: NDArray, y: NDArray) -> None:
    """Move the markers of each class to its examples, xy of shape (n_examples, 2)."""
    for label, collection in enumerate(points):
        collection.set_offsets(xy[y == label][:_MOST_POINTS])
