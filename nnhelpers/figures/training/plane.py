"""Drawings in the plane of the data."""

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
from nnhelpers.figures.training._points import class_points, line_in_box, move_points

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
    points = class_points(ax)
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
    points = class_points(ax, edge="white")

    def draw(snapshot) -> str:
        dataset, grid = snapshot.dataset, snapshot.response()
        answer = np.nan_to_num(grid.probability, nan=0.5)
        probability = np.full_like(answer, 0.5) if snapshot.diverged else answer
        shades.set_data(probability)
        shades.set_extent((grid.x0[0], grid.x0[-1], grid.x1[0], grid.x1[-1]))
        lines = contour_generator(grid.x0, grid.x1, probability).lines(0.5)
        boundary.set_segments([] if snapshot.diverged else lines)
        folds.set_segments(_folds(snapshot, reach=np.abs(grid.x0[[0, -1]]).max()))
        move_points(points, dataset.X, dataset.y)
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
    points = class_points(ax)
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


def _folds(snapshot, *, reach: float) -> list[NDArray]:
    """Lines where a unit of the first layer has z = 0; none if there are many units."""
    kernel, bias = snapshot.weights.kernels[0], snapshot.weights.biases[0]
    if snapshot.diverged or kernel.shape[1] > _MOST_FOLDS or len(snapshot.weights.kernels) < 2:
        return []
    units = zip(kernel.T, bias, strict=True)
    lines = [line_in_box(weight, float(offset), (-reach, reach)) for weight, offset in units]
    return [np.column_stack(line) for line in lines if len(line[0])]


def _show_data(ax: Axes, points: Sequence[PathCollection], dataset: Dataset) -> None:
    """Move the points of both classes, with axes around them."""
    X = dataset.X
    move_points(points, X, dataset.y)
    (x, y), half = X.mean(axis=0), 3.2 * np.sqrt(X.var(axis=0).mean())
    ax.set(xlim=(x - half, x + half), ylim=(y - half, y + half))
    ax.set(xlabel=dataset.feature_names[0], ylabel=dataset.feature_names[1])
