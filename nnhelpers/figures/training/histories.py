"""Drawings of units and layers during training."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import GRID_LINE, note_above
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.figures.lines import Band, Course, Look, kind_look, place_bands

# Empty rows between layers (share of all rows).
_GAP = 0.03


# Pale to full green for units that split the data, colors of their own for dead and always active.
_ENDS = {"under": style.STATUS_COLORS["dead"], "over": style.STATUS_COLORS["always active"]}
_GREENS = LinearSegmentedColormap.from_list("activity", ["#d3ece7", style.ACTIVE])
_ACTIVITY = _GREENS.with_extremes(bad="white", **_ENDS)


@drawing("Every unit", size=(6.4, 4.2))
def plot_unit_history(history, *, ax: Axes) -> Draw:
    """Draw every hidden unit as a row, epoch by epoch: dead, splitting or always active.

    Layers are sorted by final activity, dead units on top. Shows a ``training.UnitHistory``.

    Examples
    --------
    >>> from nnhelpers import training
    >>> units = {"epochs": np.array([0, 9]), "active_fraction": (np.array([[0.5, 1], [0, 1]]),)}
    >>> plot_unit_history(training.UnitHistory(activation="relu", **units))
    dead units: 0% untrained, 50% at the end
    """
    ax.set(xlabel="epoch", ylim=(1, 0), yticks=[])
    ax.set_ylabel("hidden units", labelpad=20)
    pixels = {"aspect": "auto", "interpolation": "nearest", "extent": (0, 1, 1, 0)}
    limits = {"cmap": _ACTIVITY, "vmin": 1e-9, "vmax": 1 - 1e-9}
    image = ax.imshow(np.zeros((1, 1)), **pixels, **limits)
    looks = {"ha": "right", "va": "center", "rotation": 90, "color": style.QUIET, "fontsize": 9}
    looks |= {"transform": ax.get_yaxis_transform()}
    names = [ax.text(-0.015, 0, "", **looks) for _ in history.active_fraction]
    colors = style.STATUS_COLORS
    note_above(ax, text=measures.ALWAYS_ACTIVE, color=colors[measures.ALWAYS_ACTIVE])
    note_above(ax, text="splits, darker: more", color=colors[measures.SPLITTING], x=-84)
    inactive = note_above(ax, color=colors[measures.DEAD], x=-206)

    def draw(history) -> str:
        rows, middles = _sorted_rows(history.active_fraction)
        image.set_data(np.ma.array(np.nan_to_num(rows), mask=np.isnan(rows)))
        half = history.epochs[-1] / (2 * max(1, len(history.epochs) - 1))
        ends = (-half, history.epochs[-1] + half)
        image.set_extent((*ends, 1, 0))
        ax.set_xlim(ends)
        inactive.set_text(history.name_of_inactive)
        for number, (name, middle) in enumerate(zip(names, middles, strict=True), start=1):
            name.set(text=f"layer {number}", y=middle)
        return _inactive_in_words(history)

    return draw


def _sorted_rows(layers: tuple[NDArray, ...]) -> tuple[NDArray, list[float]]:
    """Stack layers with gaps between; return the rows and the height of each layer's middle."""
    total = sum(layer.shape[1] for layer in layers)
    gap = np.full((max(1, round(_GAP * total)), len(layers[0])), np.nan)
    rows, middles = [], []
    for layer in layers:
        if rows:
            rows.append(gap)
        top = sum(map(len, rows))
        middles.append(top + layer.shape[1] / 2)
        order = np.lexsort((np.nan_to_num(layer).mean(axis=0), np.nan_to_num(layer[-1])))
        rows.append(layer.T[order])
    stacked = np.concatenate(rows)
    return stacked, [middle / len(stacked) for middle in middles]


def _inactive_in_words(history) -> str:
    last = history.inactive_share()[-1]
    if np.isnan(last).any():
        return "diverged"
    layers = ", ".join(f"{share:.0%} of layer {i}" for i, share in enumerate(last, start=1))
    return f"{history.name_of_inactive} at the end: {layers}"


# Saturated at 0 is dark, saturated at 1 is ochre, and between them pale.
_LOW, _MIDDLE, _HIGH = "#3b2a5c", "#f5f3ee", "#8a6d00"
_MEAN_COLORS = LinearSegmentedColormap.from_list("mean", [_LOW, _MIDDLE, _HIGH])


@drawing("Mean activation of each layer", size=(6.4, 2.6))
def plot_layer_history(moment, *, ax: Axes) -> Draw:
    """Draw each layer's mean activation as a row, epoch by epoch, with a line at one epoch.

    `moment` has a ``history`` (``training.LayerHistory``) and a ``snapshot`` of its run.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run, mean = SimpleNamespace(epochs=np.array([0, 9])), np.full((2, 1), 0.5)
    >>> history = SimpleNamespace(run=run, mean=mean, spread=mean / 5)
    >>> at = {"snapshot": SimpleNamespace(epoch=9), "summary": lambda: "one layer"}
    >>> plot_layer_history(SimpleNamespace(history=history, **at))
    one layer
    """
    note_above(ax, text="near 1", color=_HIGH)
    note_above(ax, text="½", color=style.QUIET, x=-42)
    note_above(ax, text="near 0", color=_LOW, x=-60)
    epochs, layers = moment.history.run.epochs, moment.history.mean.shape[1]
    ax.set(xlabel="epoch", ylabel="hidden layer", xlim=(0, epochs[-1]), ylim=(0.5, layers + 0.5))
    ax.set_yticks(range(1, layers + 1))
    edges = np.concatenate([[0], (epochs[1:] + epochs[:-1]) / 2, [epochs[-1]]])
    looks = {"cmap": _MEAN_COLORS, "vmin": 0, "vmax": 1, "rasterized": True}
    image = ax.pcolormesh(edges, np.arange(0.5, layers + 1), moment.history.mean.T, **looks)
    cursor = ax.axvline(0, color=style.INK, linewidth=1.4)
    looks = {"xycoords": ax.get_yaxis_transform(), "va": "center", "fontsize": 9}
    looks |= {"offset": (6, 0), "annotation_clip": False}
    numbers = [style.note(ax, "", (1, layer), **looks) for layer in range(1, layers + 1)]

    def draw(moment) -> str:
        history, epoch = moment.history, moment.snapshot.epoch
        image.set_array(history.mean.T)
        cursor.set_xdata([epoch, epoch])
        index = list(history.run.epochs).index(epoch)
        levels = zip(history.mean[index], history.spread[index], strict=True)
        for number, (mean, spread) in zip(numbers, levels, strict=True):
            number.set_text(f"{mean:.2f} ± {spread:.2f}")
        return f"epoch {epoch:,}, at the right mean ± standard deviation over the examples"

    return draw


_TRAINING = {"linestyle": (0, (3, 2)), "linewidth": 1.8, "zorder": 2.1}
_MOMENTS = (-1.0, 2.0)
# Ends of the axis of pre-activations, the same for all drawings.
_REACH = 6.0
# Height of the median's name (points).
_ROOM = 18


@redrawing(size=(6.2, 3.8))
def plot_layer_moments(result, *, layer: int = -1, ax: Axes) -> str:
    """Draw mean and standard deviation of a layer's outputs, in inference and in training mode.

    Values are cut at the ends of the axis. Shows a ``training.LayerMoments``; layer 0 is the first
    hidden one, -1 the last.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=9)
    >>> plot_layer_moments(training.layer_moments(run)).ax.get_title(loc="left")
    'What leaves the last layer'
    """
    ax.set_title("What leaves the last layer" if layer == -1 else f"What leaves layer {layer + 1}")
    ax.set(xlabel="epoch", ylabel="of the outputs, mean of the units")
    ax.set(xlim=(0, result.epochs[-1]), ylim=_MOMENTS)
    bands, said = [], []
    for quantity, height, name in (("mean", 0, "mean"), ("spread", 1, "deviation")):
        ax.axhline(height, **GRID_LINE)
        color = style.SERIES_COLORS[height + 1]
        look = Look(color=color, dash="-", width=2.2, font_size=10, gap=8)
        modes = (getattr(mode, quantity)[:, layer] for mode in (result.inference, result.training))
        inference, training = modes
        said.append(words.decimal(inference[-1]))
        inference, training = np.clip([inference, training], *_MOMENTS)
        bands.append(Band(ax, name, look, law=_TRAINING))
        bands[-1].draw(Course(result.epochs, inference, law=training))
        bands[-1].end = result.epochs[-1], training[-1]
    place_bands(bands, within=(0, 1))
    mean, spread = said
    return (
        f"solid: inference, at the end mean {mean}, standard deviation {spread}; dashed: training"
    )


@redrawing(size=(5.2, 3.8))
def plot_percentiles(result, *, ax: Axes) -> str:
    """Draw the 15th, 50th and 85th percentile of one unit's pre-activation over training.

    Values are cut at the ends of the axis. Shows a ``training.PercentileHistory``.

    Examples
    --------
    >>> from nnhelpers import training
    >>> unit = {"layer": 0, "unit": 0, "batch_norm": True}
    >>> seen = {"epochs": np.array([0, 9]), "percentiles": np.array([[-1.0, 0, 1], [-2, 0, 2]])}
    >>> plot_percentiles(training.PercentileHistory(**unit, **seen))
    unit 1 of layer 1: the median moves by up to 0, the width from the 15th to the 85th
    percentile goes from 2 to 4
    """
    ax.set_title(f"With{'' if result.batch_norm else 'out'} batch norm")
    color = kind_look(result.batch_norm).color
    epochs, levels = result.epochs, np.clip(result.percentiles, -_REACH, _REACH).T
    ax.set(xlim=(0, epochs[-1]), ylim=(-_REACH, _REACH))
    ax.set(xlabel="epoch", ylabel="pre-activation of one unit")
    ax.axhline(0, **GRID_LINE)
    low, middle, high = levels
    for outer in (low, high):
        ax.plot(epochs, outer, color=color, linewidth=1.1)
    look = Look(color=color, dash="-", width=2.6, shade=0.16, opaque=False)
    Band(ax, "", look).draw(Course(epochs, middle, low, high))
    # Names stay inside the axes.
    ends = np.clip(levels[:, -1], -0.88 * _REACH, 0.88 * _REACH)
    room = np.diff(ax.transData.transform([(0, end) for end in ends[1:]])[:, 1])
    # The outer names are outside their lines, the median's is above it if there is room.
    names = {"15 %": (-3, "top"), "median": (3, "bottom"), "85 %": (3, "bottom")}
    for end, (name, (y, side)) in zip(ends, names.items(), strict=True):
        looks = {"ha": "right", "va": side, "color": color, "fontsize": 9}
        if name != "median" or room * 72 / ax.figure.dpi > _ROOM:
            style.note(ax, name, (epochs[-1], end), offset=(-2, y), **looks)
    unit = f"layer {result.layer + 1}, unit {result.unit + 1}"
    return f"{unit}: the median moves by up to {result.travel:.1f}"
