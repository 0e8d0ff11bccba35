"""The drawing in the plane of the learned features."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.training._points import class_points, line_in_box, move_points
from nnhelpers.figures.training.network import check_hidden_layer


@drawing("Learned features", size=(4.4, 4.4))
def plot_feature_space(snapshot, *, ax: Axes) -> Draw:
    """Draw the examples by their activations in the last hidden layer, where the output cuts once.

    Two units are the two axes. With more, the boundary is seen from its edge: the horizontal axis
    is the output's weighted sum, the vertical one the direction of the largest spread besides.

    Parameters
    ----------
    snapshot : nnhelpers.training.NetworkSnapshot

    Raises
    ------
    ValueError
        If the network has no hidden layer.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_feature_space(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    check_hidden_layer(snapshot)
    points = class_points(ax, edge="white")
    boundary = ax.plot([], [], color=style.INK)[0]

    def draw(snapshot) -> str:
        ax.set_box_aspect(1)
        if snapshot.diverged:
            move_points(points, np.empty((0, 2)), np.empty(0))
            boundary.set_data([], [])
            return "diverged"
        view = _FeatureView(snapshot)
        move_points(points, view.coordinates, snapshot.dataset.y)
        boundary.set_data(*view.boundary)
        ax.set(xlim=view.xlim, ylim=view.ylim, xlabel=view.xlabel, ylabel=view.ylabel)
        return view.caption

    return draw


class _FeatureView:
    """Coordinates, limits and boundary line of a picture of the feature space."""

    def __init__(self, snapshot) -> None:
        hidden = snapshot.forward.activations[-1]
        weight, bias = snapshot.weights.kernels[-1][:, 0], float(snapshot.weights.biases[-1][0])
        if hidden.shape[1] == 2:
            self._show_plane(hidden, weight, bias, style.round_up(snapshot.feature_range))
        else:
            self._show_edge_on(hidden, weight, bias)

    def _show_plane(self, hidden: NDArray, weight: NDArray, bias: float, top: float) -> None:
        self.coordinates, lowest = hidden, min(0.0, hidden.min())
        pad = 0.06 * (top - lowest)
        self.xlim = self.ylim = (lowest - pad, top + pad)
        self.boundary = line_in_box(weight, bias, self.xlim)
        self.xlabel, self.ylabel = "activation of unit h₁", "activation of unit h₂"
        self.caption = _caption(hidden, "two units: the boundary is a straight line")

    def _show_edge_on(self, hidden: NDArray, weight: NDArray, bias: float) -> None:
        length = np.linalg.norm(weight) or 1.0
        along = hidden @ weight / length
        rest = hidden - np.outer(along, weight / length)
        rest = rest - rest.mean(axis=0)
        direction = np.linalg.svd(rest, full_matrices=False)[2][0]
        direction = direction * np.sign(direction[np.abs(direction).argmax()])
        across = rest @ direction
        self.coordinates = np.column_stack([along + bias / length, across])
        wide, high = (style.round_up(np.abs(column).max()) for column in self.coordinates.T)
        self.xlim, self.ylim = (-wide, wide), (-high, high)
        self.boundary = ([0, 0], [-high, high])
        self.xlabel = "distance from the boundary plane"
        self.ylabel = "along the boundary"
        self.caption = _caption(hidden, f"{hidden.shape[1]} units, seen along the boundary")


def _caption(hidden: NDArray, usual: str) -> str:
    """Say how many examples hide one another, where it is a fifth or more."""
    most = int(np.unique(hidden, axis=0, return_counts=True)[1].max())
    if most == len(hidden):
        return "every example looks the same"
    return usual if most < len(hidden) / 5 else f"{most} of {len(hidden)} examples at one point"
