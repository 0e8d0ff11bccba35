"""Drawings in the plane of the data, and in the plane of the learned features."""

from collections.abc import Sequence

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.markers import MarkerStyle
from numpy.typing import NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.training.network import check_hidden_layer

_MOST_POINTS = 600
_MOST_FOLDS = 6


@drawing("The data", size=(4.6, 4.4))
def plot_dataset(dataset: Dataset, *, ax: Axes) -> Draw:
    """Draw two-dimensional data, a colour and a marker for each of two classes.

    Raises
    ------
    ValueError
        If the data have not two features or more than two classes.

    Examples
    --------
    >>> from nnhelpers import datasets, figures
    >>> figures.plot_dataset(datasets.load_circles())
    circles: 166 examples (86 inner disc, 80 outer ring)
    """
    if dataset.n_features != 2 or dataset.n_classes > 2:
        raise ValueError(
            "dataset must have two features and at most two classes, got "
            f"{dataset.n_features} and {dataset.n_classes}"
        )
    points = _class_points(ax)
    for collection, name in zip(points, dataset.class_names, strict=False):
        collection.set_label(name)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, handletextpad=0.1)
    ax.set_aspect("equal")

    def draw(dataset: Dataset) -> str:
        _show_data(ax, points, dataset)
        first, second = dataset.X.mean(axis=0).round(1) + 0.0
        return f"{dataset.n_examples} examples around ({first:g}, {second:g})"

    return draw


@drawing("Decision boundary", size=(4.4, 4.4))
def plot_decision_boundary(snapshot, *, ax: Axes) -> Draw:
    """Draw the probability of class 1 as shades, the p = 1/2 level set, and the data.

    With few units in the first layer their folds, where z = 0, are dashed.

    Parameters
    ----------
    snapshot : nnhelpers.training.NetworkSnapshot

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_decision_boundary(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    looks = {"cmap": style.PROBABILITY, "vmin": 0, "vmax": 1, "interpolation": "bilinear"}
    shades = ax.imshow(np.zeros((2, 2)), origin="lower", aspect="equal", **looks)
    folds = LineCollection([], colors=style.QUIET, linewidths=1, linestyles=[(0, (3, 2))])
    boundary = LineCollection([], colors=style.INK, linewidths=2)
    for lines in (folds, boundary):
        ax.add_collection(lines, autolim=False)
    points = _class_points(ax, edge="white")

    def draw(snapshot) -> str:
        dataset, grid = snapshot.dataset, snapshot.response()
        answer = np.nan_to_num(grid.probability, nan=0.5)
        probability = np.full_like(answer, 0.5) if snapshot.diverged else answer
        shades.set_data(probability)
        shades.set_extent((grid.x0[0], grid.x0[-1], grid.x1[0], grid.x1[-1]))
        lines = contour_generator(grid.x0, grid.x1, probability).lines(0.5)
        boundary.set_segments([] if snapshot.diverged else lines)
        folds.set_segments(_folds(snapshot, reach=np.abs(grid.x0[[0, -1]]).max()))
        _move_points(points, dataset.X, dataset.y)
        ax.set(xlim=grid.x0[[0, -1]], ylim=grid.x1[[0, -1]])
        ax.set(xlabel=dataset.feature_names[0], ylabel=dataset.feature_names[1])
        reached = "diverged" if snapshot.diverged else f"accuracy {snapshot.accuracy:.0%}"
        return f"{reached} at epoch {snapshot.epoch:,}"

    return draw


@drawing("One example", size=(4.4, 4.4))
def plot_example(view, *, ax: Axes) -> Draw:
    """Draw the data with one example in bold.

    Parameters
    ----------
    view : nnhelpers.training.ExampleView

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_example(run.snapshot().example(0))
    example 0: 1 of 2 units active, p = 0.8
    """
    points = _class_points(ax)
    for collection in points:
        collection.set_alpha(0.25)
    bold = ax.scatter([], [], s=130, edgecolor=style.INK, linewidth=1.6, zorder=3)
    ax.set_aspect("equal")

    def draw(view) -> str:
        dataset, label = view.snapshot.dataset, view.snapshot.dataset.y[view.index]
        _show_data(ax, points, dataset)
        bold.set_offsets(dataset.X[view.index])
        bold.set_facecolor(style.CLASS_STYLES[label].color)
        bold.set_paths([MarkerStyle(style.CLASS_STYLES[label].marker).get_path()])
        return f"number {view.index}: {dataset.class_names[label]}"

    return draw


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
    points = _class_points(ax, edge="white")
    boundary = ax.plot([], [], color=style.INK)[0]

    def draw(snapshot) -> str:
        ax.set_box_aspect(1)
        if snapshot.diverged:
            _move_points(points, np.empty((0, 2)), np.empty(0))
            boundary.set_data([], [])
            return "diverged"
        view = _FeatureView(snapshot)
        _move_points(points, view.coordinates, snapshot.dataset.y)
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
        self.boundary = _line_in_box(weight, bias, self.xlim)
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


def _folds(snapshot, *, reach: float) -> list[NDArray]:
    """Lines where a unit of the first layer has z = 0; none if there are many units."""
    kernel, bias = snapshot.weights.kernels[0], snapshot.weights.biases[0]
    if snapshot.diverged or kernel.shape[1] > _MOST_FOLDS or len(snapshot.weights.kernels) < 2:
        return []
    units = zip(kernel.T, bias, strict=True)
    lines = [_line_in_box(weight, float(offset), (-reach, reach)) for weight, offset in units]
    return [np.column_stack(line) for line in lines if len(line[0])]


def _caption(hidden: NDArray, usual: str) -> str:
    """Say how many examples hide one another, where it is a fifth or more."""
    most = int(np.unique(hidden, axis=0, return_counts=True)[1].max())
    if most == len(hidden):
        return "every example looks the same"
    return usual if most < len(hidden) / 5 else f"{most} of {len(hidden)} examples at one point"


def _line_in_box(
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


def _class_points(ax: Axes, *, edge: str = "none") -> list[PathCollection]:
    looks = {"s": 26, "edgecolor": edge, "linewidth": 0.6}
    kinds = style.CLASS_STYLES
    return [ax.scatter([], [], color=kind.color, marker=kind.marker, **looks) for kind in kinds]


def _move_points(points: Sequence[PathCollection], xy: NDArray, y: NDArray) -> None:
    for label, collection in enumerate(points):
        collection.set_offsets(xy[y == label][:_MOST_POINTS])


def _show_data(ax: Axes, points: Sequence[PathCollection], dataset: Dataset) -> None:
    """Move the points of both classes, with axes around them."""
    X = dataset.X
    _move_points(points, X, dataset.y)
    (x, y), half = X.mean(axis=0), 3.2 * np.sqrt(X.var(axis=0).mean())
    ax.set(xlim=(x - half, x + half), ylim=(y - half, y + half))
    ax.set(xlabel=dataset.feature_names[0], ylabel=dataset.feature_names[1])
