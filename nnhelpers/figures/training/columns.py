"""Drawings of a layer's units by their weights, and of how far these differ."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.text import Annotation
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.axes import decades
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.words import counted, power

# Ends of the axis of the spread; smaller values are drawn at its lower end.
_FLOOR, _CEILING = 1e-8, 2.0
_PARTED = 0.1
_COUNT = {"color": style.INK, "fontweight": "bold", "bbox": style.BACKDROP, "zorder": 5}
# Ends, linear range and ticks of the axes of weights.
_LIMIT, _LINEAR, _TICKS = 40.0, 0.1, (-10, -1, 0, 1, 10)
# float32 has 24 binary digits.
_ROUNDING = 2.0**-24


@drawing("Where the units stand", size=(4.6, 4.4))
def plot_columns(history, *, reach: float = 1.0, ax: Axes) -> Draw:
    """Draw each unit as a dot at its two weights, with its dashed path from a hollow ring.

    Units in the same place are counted there. Shows a ``training.ColumnHistory``; raises
    ``ValueError`` unless its units have two weights. `reach` is the least reach of the axes, which
    a slider then does not move.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_columns(training.column_history(run))
    2 units in 2 places at epoch 50
    """
    if history.columns.shape[1] != 2:
        raise ValueError(f"history must be of two features, got {history.columns.shape[1]}")
    for rule in (ax.axhline, ax.axvline):
        rule(0, color=style.GRID, linewidth=1, zorder=0)
    arrows = ax.add_collection(LineCollection([], colors=style.INK, linewidths=1.6))
    paths = ax.add_collection(LineCollection([], colors=style.QUIET, linewidths=1.3))
    paths.set_linestyle((0, (2, 1.5)))
    starts = ax.plot([], [], "o", color="white", markeredgecolor=style.QUIET, markersize=7)[0]
    ends = ax.plot([], [], "o", color=style.INK, markeredgecolor="white", markersize=10)[0]
    counts: list[Annotation] = []
    ax.set(xlabel="weight w₁", ylabel="weight w₂")
    ax.set_box_aspect(1)

    def draw(history) -> str:
        while counts:
            counts.pop().remove()
        columns = _finite_columns(history)
        last = columns[-1].T
        arrows.set_segments([[(0, 0), end] for end in last])
        paths.set_segments(list(columns.transpose(2, 0, 1)))
        starts.set_data(*columns[0])
        ends.set_data(*last.T)
        limit = 1.05 * max(reach, style.round_up(np.abs(columns).max(), least=1))
        ax.set(xlim=(-limit, limit), ylim=(-limit, limit))
        counts.extend(_counts(ax, history.places[len(columns) - 1], last))
        return _places_in_words(history)

    return draw


def _finite_columns(history) -> NDArray[np.float64]:
    """Columns of the finite snapshots, which always include the untrained one."""
    finite = np.isfinite(history.columns).all(axis=(1, 2))
    return history.columns[finite]


def _counts(ax: Axes, places: NDArray, columns: NDArray) -> list[Annotation]:
    """Write the number of units beside each place of several, away from the origin."""
    made = []
    found, numbers = np.unique(places, return_counts=True)
    for place, number in zip(found[numbers > 1], numbers[numbers > 1], strict=True):
        x, y = columns[place]
        offset = (8 if x >= 0 else -8, 6 if y >= 0 else -6)
        looks = {"ha": "left" if x >= 0 else "right", "va": "bottom" if y >= 0 else "top"}
        made.append(style.note(ax, f"{number} units", (x, y), offset=offset, **looks, **_COUNT))
    return made


def _places_in_words(history) -> str:
    if not np.isfinite(history.columns[-1]).all():
        return "diverged: the last finite weights"
    units = counted(history.units, "unit")
    return f"epoch {history.epochs[-1]:,}: {units}, {history.in_places()}"


@drawing("How far the units are apart", size=(4.6, 3.4))
def plot_column_spread(history, *, ax: Axes) -> Draw:
    """Draw how far a layer's units are apart, epoch by epoch, on a logarithmic axis.

    Equal units are drawn at the lower end of the axis. Shows a ``training.ColumnHistory``.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_column_spread(training.column_history(run))
    2 units in 2 places at epoch 50
    """
    dashes = {"color": style.QUIET, "linestyle": (0, (4, 3)), "linewidth": 1.2, "zorder": 0}
    looks = {"ha": "right", "va": "bottom", "color": style.QUIET, "fontsize": 9}
    looks |= {"xycoords": ax.get_yaxis_transform(), "offset": (-2, 3)}
    for height, words in ((_ROUNDING, "rounding of float32"), (_PARTED, "parted")):
        ax.axhline(height, **dashes)
        style.note(ax, words, (1, height), **looks)
    line = ax.plot([], [], color=style.INK)[0]
    dot = ax.plot([], [], "o", color=style.INK, markersize=8)[0]
    floor = ax.text(0.5, 1.6 * _FLOOR, "", transform=ax.get_yaxis_transform(), ha="center")
    floor.set(color=style.INK, fontsize=9)
    decades(ax, which="y", limits=(_FLOOR, _CEILING), step=2)
    ax.set(xlabel="epoch", ylabel="difference (share of the length)")

    def draw(history) -> str:
        known = np.isfinite(history.spread)
        epochs, spread = history.epochs[known], history.spread[known]
        line.set_data(epochs, np.maximum(spread, _FLOOR))
        ax.set_xlim(0, max(1, history.epochs[-1]))
        parted = [np.searchsorted(epochs, history.escape_epoch)]
        shown = parted if np.isfinite(history.escape_epoch) else []
        dot.set_data(epochs[shown], np.maximum(spread[shown], _FLOOR))
        floor.set_text("↓ 0: exactly the same" if not spread.any() else "")
        return _spread_in_words(history, spread)

    return draw


def _spread_in_words(history, spread: NDArray) -> str:
    if len(spread) < len(history.epochs):
        return "diverged"
    if not spread.any():
        return f"0 up to epoch {history.epochs[-1]:,}: equal units stay equal"
    ends = f"{_one_digit(spread[0])} → {_one_digit(spread[-1])}"
    if np.isinf(history.escape_epoch):
        return f"{ends}: not parted by epoch {history.epochs[-1]:,}"
    if history.escape_epoch == 0:
        return f"{ends}: apart from the start"
    return f"{ends}: parted by epoch {history.escape_epoch:,.0f}"


def _one_digit(share: float) -> str:
    return f"{share:.1g}" if share >= 0.001 else power(share)


@drawing("Weights of the first layer", size=(4.4, 4.4))
def plot_weight_vectors(snapshot, *, ax: Axes) -> Draw:
    """Draw each unit of the first layer as a dot at its two weights.

    The axes are linear up to 0.1 and logarithmic beyond. A unit on one of the lines uses one
    feature, a unit where they cross none. Shows a ``training.NetworkSnapshot``; raises
    ``ValueError`` unless it has a hidden layer and two features.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_weight_vectors(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    features, hidden = snapshot.dataset.n_features, len(snapshot.spec.units)
    if features != 2 or not hidden:
        raise ValueError(
            "snapshot must have two features and a hidden layer, got "
            f"{features} features and {hidden} hidden layers"
        )
    for line in (ax.axhline, ax.axvline):
        line(0, color=style.RULE, linewidth=1, zorder=0)
    dots = ax.plot([], [], "o", color=style.INK, markersize=5, alpha=0.7)[0]
    ax.set_xscale("symlog", linthresh=_LINEAR)
    ax.set_yscale("symlog", linthresh=_LINEAR)
    ax.set(xlim=(-_LIMIT, _LIMIT), ylim=(-_LIMIT, _LIMIT))
    labels = [f"{tick:g}" for tick in _TICKS]
    ax.set_xticks(_TICKS, labels=labels)
    ax.set_yticks(_TICKS, labels=labels)
    ax.minorticks_off()
    ax.set_box_aspect(1)

    def draw(snapshot) -> str:
        kernel = snapshot.weights.kernels[0]
        first, second = snapshot.dataset.feature_names
        ax.set(xlabel=f"weight of {first}", ylabel=f"weight of {second}")
        if snapshot.diverged:
            dots.set_data([], [])
            return "diverged"
        dots.set_data(*kernel)
        longest = np.linalg.norm(kernel, axis=0).max()
        return f"standard deviation {kernel.std():.2f}, longest {longest:.2f}"

    return draw
