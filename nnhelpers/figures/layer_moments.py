"""Drawings of layers under batch norm: mean and spread in both modes, and one unit's values."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_NAMES = ("15 %", "median", "85 %")
_TRAINING_DASH = (0, (3, 2))
# Points above the median that its name takes.
_ROOM = 18


@styled
def plot_layer_moments(
    result, *, layer: int = -1, ruler: tuple[float, float] = (-1.0, 2.0), ax: Axes | None = None
) -> Drawn:
    """Draw mean and spread of what leaves one hidden layer, in inference and in training mode.

    What leaves the ruler ends at its edge.

    Parameters
    ----------
    result : nnhelpers.training.LayerMoments
    layer : int
        0 is the first hidden layer, -1 the last.
    ruler : (lowest, highest)
    """
    ax = new_axes(ax, width=6.2, height=3.8)
    title = "What leaves the last layer" if layer == -1 else f"What leaves layer {layer + 1}"
    subtitle = style.headline(ax, title=title)
    ax.set(xlabel="epoch", ylabel="over the data, mean of the units", ylim=ruler)
    for height in (0, 1):
        ax.axhline(height, color=style.GRID, linewidth=1, zorder=0)
    lines, names = {}, {}
    for quantity, index in (("mean", 1), ("spread", 2)):
        color = style.SERIES_COLORS[index]
        for mode, dash, width in (("inference", "-", 2.2), ("training", _TRAINING_DASH, 1.8)):
            lines[quantity, mode] = ax.plot([], [], color=color, linestyle=dash, linewidth=width)[0]
        names[quantity] = ax.annotate(
            quantity, (0, 0), xytext=(8, 0), textcoords="offset points", va="center",
            color=color, annotation_clip=False,
        )  # fmt: skip

    def draw(result) -> None:
        for (quantity, mode), line in lines.items():
            values = getattr(getattr(result, mode), quantity)[:, layer]
            line.set_data(result.epochs, np.clip(values, *ruler))
            if mode == "training":
                names[quantity].xy = (result.epochs[-1], np.clip(values[-1], *ruler))
        _part(names["mean"], names["spread"])
        ax.set_xlim(0, result.epochs[-1])
        # The sum turns a rounded -0.00 into 0.00.
        mean, spread = (round(getattr(result.inference, q)[-1, layer], 2) + 0.0 for q in names)
        subtitle.set_text(
            f"solid: inference, at the end mean {mean:.2f}, spread {spread:.2f}; dashed: training"
        )

    return Drawn(ax, draw, result)


def _part(low, high) -> None:
    """Keep two names apart, the one that ends lower below."""
    if low.xy[1] > high.xy[1]:
        low, high = high, low
    ax = low.axes
    heights = [ax.transData.transform(name.xy)[1] * 72 / ax.figure.dpi for name in (low, high)]
    push = max(0.0, 14 - (heights[1] - heights[0])) / 2
    low.set_position((8, -push))
    high.set_position((8, push))


@styled
def plot_percentiles(result, *, reach: float = 6.0, ax: Axes | None = None) -> Drawn:
    """Draw the 15th, 50th and 85th percentile of one unit's pre-activation over training.

    What leaves the ruler ends at its edge.

    Parameters
    ----------
    result : nnhelpers.training.PercentileHistory
    reach : float
        The ruler goes from ``-reach`` to ``reach``; the same for what is to be compared.
    """
    ax = new_axes(ax, width=5.2, height=3.8)
    kind = "With batch norm" if result.batch_norm else "Without batch norm"
    subtitle = style.headline(ax, title=kind)
    color = style.NORMALIZED if result.batch_norm else style.PLAIN
    ax.set(xlabel="epoch", ylabel="pre-activation of one unit", ylim=(-reach, reach))
    ax.axhline(0, color=style.GRID, linewidth=1, zorder=0)
    outer = [ax.plot([], [], color=color, linewidth=1.1)[0] for _ in range(2)]
    middle = ax.plot([], [], color=color, linewidth=2.6)[0]
    words = [
        ax.annotate(
            name, (0, 0), textcoords="offset points", xytext=(-2, 3), ha="right", va="bottom",
            color=color, fontsize=9,
        )
        for name in _NAMES
    ]  # fmt: skip
    fills: list = []

    def draw(result) -> None:
        low, _, high = levels = np.clip(result.percentiles, -reach, reach).T
        for line, values in zip((outer[0], middle, outer[1]), levels, strict=True):
            line.set_data(result.epochs, values)
        while fills:
            fills.pop().remove()
        fills.append(ax.fill_between(result.epochs, low, high, color=color, alpha=0.16, lw=0))
        # Names stay inside the ruler, whatever leaves it.
        _place_words(words, result.epochs[-1], np.clip(levels[:, -1], -0.88 * reach, 0.88 * reach))
        ax.set_xlim(0, result.epochs[-1])
        subtitle.set_text(
            f"layer {result.layer + 1}, unit {result.unit + 1}: the median moves by up to "
            f"{result.travel:.1f}"
        )

    return Drawn(ax, draw, result)


def _place_words(words, epoch: float, heights) -> None:
    """Write the names at the lines' ends: the outer ones outside, the median's if there is room."""
    low, median, high = words
    for word, height in zip(words, heights, strict=True):
        word.xy = (epoch, height)
    low.set(position=(-2, -3), va="top")
    high.set(position=(-2, 3), va="bottom")
    to_pixels = median.axes.transData.transform
    points = (to_pixels((0, heights[2]))[1] - to_pixels((0, heights[1]))[1]) * 72 / _dpi(median)
    median.set_visible(points > _ROOM)


def _dpi(word) -> float:
    return word.axes.figure.dpi
