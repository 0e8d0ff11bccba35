"""Drawings in the plane of the data and in that of the learned features."""

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.markers import MarkerStyle
from numpy.typing import NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing

_MOST_FOLDS = 6
_MOST_POINTS = 600


class _Points:
    """Markers for the examples of two classes, empty at first."""

    def __init__(self, ax: Axes, *, edge: str = "none") -> None:
        looks = {"s": 26, "edgecolor": edge, "linewidth": 0.6}
        kinds = style.CLASS_STYLES
        self._ax = ax
        self.classes = [ax.scatter([], [], color=k.color, marker=k.marker, **looks) for k in kinds]

    def move(self, xy: NDArray, y: NDArray) -> None:
        """Move the markers to the examples, with places xy of shape (n_examples, 2)."""
        for label, markers in enumerate(self.classes):
            markers.set_offsets(xy[y == label][:_MOST_POINTS])

    def show(self, dataset: Dataset) -> None:
        """Move the markers to the data, and fit the axes around them."""
        self.move(dataset.X, dataset.y)
        (x, y), half = dataset.X.mean(axis=0), 3.2 * np.sqrt(dataset.X.var(axis=0).mean())
        first, second = dataset.feature_names
        self._ax.set(xlim=(x - half, x + half), ylim=(y - half, y + half), aspect="equal")
        self._ax.set(xlabel=first, ylabel=second)


@drawing("The data", size=(4.6, 4.4))
def plot_dataset(dataset: Dataset, *, ax: Axes) -> Draw:
    """Draw two-dimensional data, with a colour and a marker for each class.

    Raises ``ValueError`` unless the data have two features and at most two classes.

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
    points = _Points(ax)
    for markers, name in zip(points.classes, dataset.class_names, strict=False):
        markers.set_label(name)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, handletextpad=0.1)

    def draw(dataset: Dataset) -> str:
        points.show(dataset)
        first, second = dataset.X.mean(axis=0).round(1) + 0.0
        return f"{dataset.n_examples} examples around ({first:g}, {second:g})"

    return draw


@drawing("Decision boundary", size=(4.4, 4.4))
def plot_decision_boundary(snapshot, *, ax: Axes) -> Draw:
    """Draw the probability of class 1 as shades, the p = 1/2 level set, and the data.

    The folds (z = 0) of up to six units in the first layer are dashed. Shows a
    ``training.NetworkSnapshot``; raises ``ValueError`` unless it has two features and one output.

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
    points = _Points(ax, edge="white")

    def draw(snapshot) -> str:
        dataset, grid = snapshot.dataset, snapshot.response()
        answer = np.nan_to_num(grid.probability, nan=0.5)
        probability = np.full_like(answer, 0.5) if snapshot.diverged else answer
        shades.set_data(probability)
        shades.set_extent((grid.x0[0], grid.x0[-1], grid.x1[0], grid.x1[-1]))
        lines = contour_generator(grid.x0, grid.x1, probability).lines(0.5)
        boundary.set_segments([] if snapshot.diverged else lines)
        folds.set_segments(_folds(snapshot, reach=np.abs(grid.x0[[0, -1]]).max()))
        points.move(dataset.X, dataset.y)
        ax.set(xlim=grid.x0[[0, -1]], ylim=grid.x1[[0, -1]])
        ax.set(xlabel=dataset.feature_names[0], ylabel=dataset.feature_names[1])
        reached = "diverged" if snapshot.diverged else f"accuracy {snapshot.accuracy:.0%}"
        return f"{reached} at epoch {snapshot.epoch:,}"

    return draw


@drawing("One example", size=(4.4, 4.4))
def plot_example(view, *, ax: Axes) -> Draw:
    """Draw the data with one example enlarged; shows a ``training.ExampleView``.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_example(run.snapshot().example(0))
    example 0: 1 of 2 units active, p = 0.8
    """
    points = _Points(ax)
    for markers in points.classes:
        markers.set_alpha(0.25)
    bold = ax.scatter([], [], s=130, edgecolor=style.INK, linewidth=1.6, zorder=3)

    def draw(view) -> str:
        dataset, label = view.snapshot.dataset, view.snapshot.dataset.y[view.index]
        points.show(dataset)
        bold.set_offsets(dataset.X[view.index])
        color, marker = style.CLASS_STYLES[label]
        bold.set_facecolor(color)
        bold.set_paths([MarkerStyle(marker).get_path()])
        return f"number {view.index}: {dataset.class_names[label]}"

    return draw


def _folds(snapshot, *, reach: float) -> list[NDArray]:
    """Lines where units of the first hidden layer have z = 0; none if there are many units."""
    kernel, bias = snapshot.weights.kernels[0], snapshot.weights.biases[0]
    if snapshot.diverged or kernel.shape[1] > _MOST_FOLDS or len(snapshot.weights.kernels) < 2:
        return []
    lines = [_line(*unit, (-reach, reach)) for unit in zip(kernel.T, bias, strict=True)]
    return [line for line in lines if len(line)]


def _line(weight: NDArray, bias: float, limits: tuple[float, float]) -> NDArray[np.float64]:
    """Ends of the line weight . h + bias = 0, well outside a box; empty if the weights are 0."""
    length = float(np.linalg.norm(weight))
    if length == 0:
        return np.empty((0, 2))
    normal, away = weight / length, -float(bias) / length
    reach = 4 * np.abs(limits).max() + abs(away)
    return away * normal + reach * np.array([[normal[1], -normal[0]], [-normal[1], normal[0]]])


@drawing("Learned features", size=(4.4, 4.4))
def plot_feature_space(snapshot, *, ax: Axes) -> Draw:
    """Draw the examples by their activations in the last hidden layer, with the decision boundary.

    Two units are the two axes. With any other number, the horizontal axis is the distance from the
    boundary, the vertical one the direction of the largest spread along it. Shows a
    ``training.NetworkSnapshot``; raises ``ValueError`` if it has no hidden layer.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_feature_space(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    if not snapshot.spec.units:
        raise ValueError("snapshot must have a hidden layer, got none")
    points = _Points(ax, edge="white")
    boundary = ax.plot([], [], color=style.INK)[0]
    ax.set_box_aspect(1)

    def draw(snapshot) -> str:
        if snapshot.diverged:
            points.move(np.empty((0, 2)), np.empty(0))
            boundary.set_data([], [])
            return "diverged"
        hidden = snapshot.forward.activations[-1]
        weight, bias = snapshot.weights.kernels[-1][:, 0], float(snapshot.weights.biases[-1][0])
        if hidden.shape[1] == 2:
            lowest, top = min(0.0, hidden.min()), style.round_up(snapshot.feature_range)
            pad = 0.06 * (top - lowest)
            places, limits = hidden, (lowest - pad, top + pad)
            line = _line(weight, bias, limits)
            ax.set(xlim=limits, xlabel="activation of unit h₁")
            ax.set(ylim=limits, ylabel="activation of unit h₂")
            usual = "two units: the boundary is a straight line"
        else:
            places = _seen_along_the_boundary(hidden, weight, bias)
            wide, high = (style.round_up(np.abs(column).max()) for column in places.T)
            line = np.array([[0, -high], [0, high]])
            ax.set(xlim=(-wide, wide), xlabel="distance from the boundary plane")
            ax.set(ylim=(-high, high), ylabel="along the boundary")
            usual = f"{hidden.shape[1]} units, seen along the boundary"
        points.move(places, snapshot.dataset.y)
        boundary.set_data(*line.T)
        return _caption(hidden, usual)

    return draw


def _seen_along_the_boundary(hidden: NDArray, weight: NDArray, bias: float) -> NDArray:
    """Distances from the boundary, and places along it in the direction of the largest spread."""
    length = np.linalg.norm(weight) or 1.0
    along = hidden @ weight / length
    rest = hidden - np.outer(along, weight / length)
    rest = rest - rest.mean(axis=0)
    direction = np.linalg.svd(rest, full_matrices=False)[2][0]
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    return np.column_stack([along + bias / length, rest @ direction])


def _caption(hidden: NDArray, usual: str) -> str:
    """Say how many examples coincide if these are a fifth or more, else the usual words."""
    most = int(np.unique(hidden, axis=0, return_counts=True)[1].max())
    if most == len(hidden):
        return "every example looks the same"
    return usual if most < len(hidden) / 5 else f"{most} of {len(hidden)} examples at one point"
