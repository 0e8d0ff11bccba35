"""Drawings of untrained deep networks: what leaves each layer, and how many are born dead."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from nnhelpers import measures, words
from nnhelpers.figures import lines, style
from nnhelpers.figures.axes import AT_LEFT, LEAST_SHARE
from nnhelpers.figures.drawn import redrawing

_OUTPUTS = style.SLATE
_FEWEST_ROWS, _MOST_ROWS = 3, 10
# Shares of the axes' width: the end of the histograms, then places of the columns of numbers.
_RULER_END = 0.46
_COLUMNS = {"mean": 0.59, "standard deviation": 0.77}
_ONE_UNIT = 0.95
_HEADING = 1.06
_PEAK = 0.82  # of a row's height


@redrawing("What leaves each layer", size=(8.4, 4.6))
def plot_layer_distributions(result, *, ax: Axes) -> str:
    """Draw a histogram of the activations of each hidden layer, the first one on top.

    Each histogram is scaled to its highest bar, or to the height of a uniform one if that is
    higher. A black stem is the share of activations that are exactly 0; a full row would be all of
    them. The numbers are medians over the networks: mean and standard deviation over all units and
    examples, with the 10th to 90th percentiles in grey, and the standard deviation of one unit over
    the examples. "BN" marks layers with batch norm. Shows a ``simulations.LayerOutputs``, ten
    layers at most.

    Examples
    --------
    >>> from nnhelpers import figures, networks, simulations
    >>> spec = networks.MLPSpec(units=(50,) * 4, activation="tanh")
    >>> figures.plot_layer_distributions(simulations.simulate_layers(spec, np.eye(3), draws=5))
    3-50-50-50-50-1 tanh, glorot_uniform, gain 1, 5 networks: the last layer's standard
    deviation is as large as the first's, one unit's as large as the first's
    """
    zero_line = ax.axvline(0, ymax=1 / _HEADING, color=style.GRID, linewidth=1, zorder=0)
    zero_line.set_visible(result.edges[0] < 0)
    for name, place in (*_COLUMNS.items(), ("of one unit", _ONE_UNIT)):
        _write(ax, place, 1.03, name, ha="center")
    _set_ruler(ax, result)
    rows = np.linspace(0, result.depth - 1, min(result.depth, _MOST_ROWS)).round().astype(int)
    height = 1 / max(len(rows), _FEWEST_ROWS)
    bottoms = 1 - height * np.arange(1, len(rows) + 1)
    normalized = result.spec.normalized_layers
    names = [f"{'BN ' * (layer in normalized)}{layer + 1}" for layer in rows]
    ax.set(ylim=(0, _HEADING), ylabel="hidden layer")
    ax.set_yticks(bottoms + 0.35 * height, names)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for layer, bottom in zip(rows, bottoms, strict=True):
        _draw_histogram(ax, result, layer, bottom, height)
        _write_numbers(ax, result, layer, bottom + 0.35 * height)
    return _setting(result)


def _set_ruler(ax: Axes, result) -> None:
    """Set the horizontal axis, with room for the columns of numbers beside it."""
    low, high = result.edges[[0, -1]]
    ax.set_xlim(low, low + (high - low) / _RULER_END)
    ax.set_xticks(np.linspace(low, high, 5))
    ax.spines["bottom"].set_bounds(low, high)
    values = "output" if result.place == "after" else "activation"
    ax.set_xlabel(f"{values}, of all units and examples", **AT_LEFT)


def _draw_histogram(ax: Axes, result, layer: int, bottom: float, height: float) -> None:
    """Draw bars, the share of exact zeros as a stem with a head, and the shares off the axis."""
    shares, (low, high) = result.shares[layer], result.edges[[0, -1]]
    # The rest of a layer that is mostly off the axis must not look like a full histogram.
    tops = bottom + _PEAK * height * shares / max(shares.max(), 1 / len(shares))
    ax.stairs(tops, result.edges, baseline=bottom, fill=True, color=_OUTPUTS)
    ax.plot([low, high], [bottom, bottom], color=style.RULE, linewidth=0.8)
    zeros = result.zero_share[:, layer].mean()
    if zeros >= LEAST_SHARE:
        top = bottom + _PEAK * height * zeros
        ax.plot([0, 0], [bottom, top], color=style.INK, linewidth=2, zorder=3)
        ax.plot([0], [top], "o", color=style.INK, markersize=5, zorder=3)
        room_on_the_left = -low > 0.2 * (high - low)
        offset, side = ((-7, 0), "right") if room_on_the_left else ((7, 0), "left")
        looks = {"ha": side, "va": "center", "fontsize": 9, "zorder": 4, "bbox": style.BACKDROP}
        said, place = _share(zeros, "{} are 0"), (0, bottom + 0.4 * height)
        style.note(ax, said, place, offset=offset, **looks)
    above, below = _share(result.above[layer], "→ {}"), _share(result.below[layer], "← {}")
    _write(ax, _RULER_END + 0.005, bottom, above, va="bottom")
    _write(ax, 0.01, bottom + 0.3 * height, below, bbox=style.BACKDROP)


def _write_numbers(ax: Axes, result, layer: int, height: float) -> None:
    columns = (result.mean, _short), (result.std, _power)
    for (values, written), place in zip(columns, _COLUMNS.values(), strict=True):
        low, middle, high = (written(value) for value in lines.percentiles(values[:, layer]))
        _write(ax, place - 0.01, height, middle, ha="right", fontsize=10)
        _write(ax, place, height, f"{low} to {high}", color=style.QUIET)
    of_one_unit = _power(float(np.median(result.unit_std[:, layer])))
    _write(ax, _ONE_UNIT, height, of_one_unit, ha="center", fontsize=10)


def _write(ax: Axes, x: float, y: float, words: str, **looks: Any) -> None:
    """Write at x (share of the axes' width) and y (data)."""
    settings = {"ha": "left", "va": "center", "fontsize": 9} | looks
    ax.text(x, y, words, transform=ax.get_yaxis_transform(), **settings)


def _share(share: float, form: str) -> str:
    return form.format(f"{share:.0%}") if share >= LEAST_SHARE else ""


def _short(number: float) -> str:
    """Write a mean: 0.57, −1.3, 240 or 3·10⁶, and 0.00 below 0.005."""
    if 0 < abs(number) < 5e-3:
        return "0.00"
    return ("−" if number < 0 else "") + _power(abs(number))


def _power(size: float) -> str:
    """Write a size with two digits, or as a power of ten where that would be long."""
    if size == 0 or 5e-3 <= size < 999.5:
        digits = 0 if size == 0 or size >= 9.95 else 1 if size >= 0.995 else 2
        return f"{size:.{digits}f}"
    digit, exponent = f"{size:.0e}".split("e")
    return f"{digit}·10{words.superscript(exponent)}"


def _setting(result) -> str:
    gain = f", gain {result.gain:g}" if result.gain != 1 else ""
    norm = f", BN {result.place} {result.activation}" if result.place else ""
    widths = "-".join(str(width) for width in dict.fromkeys(result.spec.units))
    kind = f"{result.activation}, {result.initializer}{gain}, {widths} wide{norm}"
    return f"{kind}; medians of {result.draws:,} networks, grey: 10–90 %"


_SHADE = LinearSegmentedColormap.from_list("dead", ["white", style.STATUS_COLORS[measures.DEAD]])
# Most columns and rows whose cells have room for a number.
_LEGIBLE_COLUMNS, _LEGIBLE_ROWS = 22, 14
_DASHED = {"linestyle": (0, (4, 2)), "linewidth": 1.4, "clip_on": False}


@redrawing("How many ReLU networks are born dead? (%)", size=(8.4, 3.9))
def plot_born_dead(architecture, *, ax: Axes) -> str:
    """Draw the share of untrained ReLU networks that are dead, over depth and width, in percent.

    A frame marks the architecture. By law, the share reaches one half between the dashed lines.
    Shows a ``simulations.Architecture``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> deaths = simulations.simulate_born_dead(width=3, depth=10, draws=100)
    >>> figures.plot_born_dead(deaths.at(width=2, depth=10))
    10 layers of 2: 91% of networks are born dead, by law between 89% and 92%
    """
    whole = architecture.map
    columns, rows = len(whole.depths), len(whole.widths)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(-0.5, rows - 0.5))
    ax.set_xticks(range(columns), [str(depth) for depth in whole.depths])
    ax.set_yticks(range(rows), [str(width) for width in whole.widths])
    ax.set(xlabel="hidden layers", ylabel="units in each layer")
    style.frameless(ax)
    looks = {"cmap": _SHADE, "vmin": 0, "vmax": 1, "origin": "lower", "aspect": "auto"}
    ax.imshow(whole.share.T, zorder=0, **looks)
    if rows <= _LEGIBLE_ROWS and columns <= _LEGIBLE_COLUMNS:
        looks = {"ha": "center", "va": "center", "fontsize": 9}
        for place, share in np.ndenumerate(whole.share):
            ax.text(*place, _percent(share), **looks)
    stairs = [_half_dead(bound) for bound in (whole.lowest, whole.highest)]
    for line in stairs:
        ax.plot(*line, color=style.INK, **_DASHED)
    if any(x for x, _ in stairs):
        looks = {"xycoords": "axes fraction", "ha": "right", "fontsize": 9}
        style.note(ax, "dashed: a bound reaches ½", (1, 1), offset=(0, 8), **looks)
    column, row = whole.depths.index(architecture.depth), whole.widths.index(architecture.width)
    frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, linewidth=2.2, clip_on=False)
    ax.add_patch(frame).set_edgecolor(style.INK)
    return architecture.verdict()


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _half_dead(bound: NDArray) -> tuple[list[float], list[float]]:
    """Stairs along the cells' edges, left of the cells in which a bound is one half or more."""
    end, x, y = len(bound) - 0.5, [], []
    for row, start in enumerate(np.sum(bound < 0.5, axis=0) - 0.5):
        if start < end:
            x += [start, start]
            y += [row - 0.5, row + 0.5]
    # The stairs of wider rows would start right of the map.
    beyond = 0 < len(x) < 2 * bound.shape[1]
    return x + [end] * beyond, y + y[-1:] * beyond
