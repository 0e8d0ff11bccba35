"""Drawings of sums of products, how their variance grows, and a dense layer as such sums."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.axes import Bars, Beyond
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.words import counted, digits, subscript

_SUMS = style.SLATE
# Ends and bins of the axis (standard deviations of the law).
_FARTHEST, _BINS = 4.5, np.linspace(-4.5, 4.5, 46)
_MIDDLES = (_BINS[:-1] + _BINS[1:]) / 2
_TICKS = np.array([-4, -2, 0, 2, 4])
_HIGHEST = 0.7
# Decades of the axis of variances, and the end of the axis of products.
_DECADES, _MOST_TERMS = (-3, 5), 1_000


@drawing(size=(6.0, 4.0))
def plot_dot_product(result, *, ax: Axes) -> Draw:
    """Draw the sums as bars, and over them the normal curve with the exact mean and variance.

    The axis is in standard deviations of the law; its ticks are labelled with the sums. Shows a
    ``simulations.DotProduct``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_dot_product(simulations.simulate_dot_product(n=10, draws=500))
    sum of 10 products, inputs of mean 0 and standard deviation 1, weights of 0 and 1: variance
    9.06 ± 0.7, exactly 10
    """
    width = _BINS[1] - _BINS[0]
    bars = Bars(ax, _MIDDLES, width=width, filled=1.0, color=_SUMS, top=_HIGHEST, form=".2g")
    bars.bars.set_label("simulated")
    z = np.linspace(-_FARTHEST, _FARTHEST, 200)
    normal = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    ax.plot(z, normal, color=style.INK, label="normal curve of\nthe exact variance")
    ends = -_FARTHEST, _FARTHEST
    tails = Beyond(ax, ends, 0.03, form=".1%", fontsize=9, color=_SUMS)
    ax.set(xlim=ends, ylim=(0, _HIGHEST), ylabel="density, per σ")
    ax.set_xlabel("sum, ticks at its mean, ± 2σ and ± 4σ")
    ax.legend(loc="upper right", handlelength=1.2)

    def draw(result) -> str:
        std = np.sqrt(result.expected_variance)
        scaled = (result.sums - result.expected_mean) / std
        bars.draw(np.histogram(scaled, _BINS)[0] / (len(result.sums) * width))
        tails.draw(low=np.mean(scaled < -_FARTHEST), high=np.mean(scaled > _FARTHEST))
        sums = result.expected_mean + std * _TICKS
        ax.set_xticks(_TICKS, [digits(value, 3).replace("-", "−") for value in sums])
        ax.set_title(f"A sum of {counted(result.n, 'product')}")
        return result.verdict()

    return draw


@drawing("Every product adds its variance", size=(6.0, 4.0))
def plot_variance_growth(result, *, ax: Axes) -> Draw:
    """Draw the variance of the sum as product after product is added, over the exact law.

    If a mean is not zero, a dashed line shows the law with both means 0. Shows a
    ``simulations.DotProduct``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_variance_growth(simulations.simulate_dot_product(draws=9)).ax.get_xlabel()
    'number of products n'
    """
    law = ax.plot([], [], color=style.INK, linewidth=1.4, label="exact law")[0]
    centred = ax.plot([], [], color=style.QUIET, linestyle=(0, (4, 2)), linewidth=1.4)[0]
    dots = ax.plot([], [], "o", color=_SUMS, markersize=5, label="measured")[0]
    ax.set(xscale="log", yscale="log", xlabel="number of products n", ylabel="variance of the sum")

    def draw(result) -> str:
        ends = np.array([1, max(_MOST_TERMS, result.n)])
        law.set_data(ends, result.law(ends))
        without_means = ends * (result.inputs.stddev * result.weights.stddev) ** 2
        moved = result.inputs.mean != 0 or result.weights.mean != 0
        centred.set_data(*((ends, without_means) if moved else ([], [])))
        centred.set_label("if both means were 0" if moved else "_")
        dots.set_data(result.terms, result.variances)
        _set_rulers(ax, ends, [*result.law(ends), *without_means])
        ax.legend(loc="upper left", handlelength=1.8)
        said = result.verdict().removeprefix("variance ")
        return f"n × {float(result.law(1)):.4g}; for n = {result.n:,}: {said}"

    return draw


def _set_rulers(ax: Axes, terms, variances) -> None:
    """Show the decades that the panel's sliders need, and more only if values lie beyond."""
    decades = np.log10(variances)
    bottom = min(_DECADES[0], int(np.floor(decades.min())))
    top = max(_DECADES[1], int(np.ceil(decades.max())))
    step = int(np.ceil((top - bottom) / 9))
    ax.set(xlim=(0.8, 1.25 * terms[-1]), ylim=(10.0**bottom, 10.0**top))
    powers = 10 ** np.arange(int(np.log10(terms[-1])) + 1)
    ax.set_xticks(powers, [f"{power:,}" for power in powers])
    ax.set_yticks(10.0 ** np.arange(bottom, top + 1, step))
    ax.minorticks_off()


# Places from left to right: inputs, the layer, its units, outputs and their names.
_INPUT, _LAYER, _UNIT, _OUTPUT, _NAME = 0.04, (0.19, 0.78), (0.205, 0.765), 0.86, 0.9
_TOP, _BOTTOM, _GAP = 0.9, 0.03, 0.03
_CIRCLE = 24  # points
_WIDEST_LINE = 4.0
_PAPER, _TWINS = "#f4f4f4", ("#ece4f7", "#f9f0d2")
_DASHES = {1: "-", -1: (0, (4, 1))}
_INKS = {1: style.PLUS, -1: style.MINUS, 0: style.QUIET}


@redrawing("A layer computes dot products", size=(7.6, 3.8))
def plot_layer(layer, *, ax: Axes) -> str:
    """Draw a layer as dot products: one box for each unit, with the sum that it computes.

    Negative weights are dashed. Units with the same weights share a background and a name for their
    weights. Shows a ``simulations.DenseLayer``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_layer(simulations.DenseLayer(kernel=np.array([[1.0, -0.5], [0.5, 2.0]])))
    dense layer of 2 inputs: 2 units compute 2 different sums
    """
    style.bare(ax)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    n_features, units = layer.kernel.shape
    heights = _heights(units, among=units)
    inputs = _heights(n_features, among=max(n_features, units))
    _box(ax, _LAYER, (_BOTTOM - 0.02, 1.0), color=_PAPER)
    _write(ax, _UNIT[0], 0.95, "the layer", color=style.QUIET, ha="left")
    _draw_weights(ax, layer.kernel, inputs, heights)
    for number, height in enumerate(inputs, start=1):
        _circle(ax, _INPUT, height, f"x{subscript(number)}")
    names = _kernel_names(layer.twins)
    for unit, (height, name) in enumerate(zip(heights, names, strict=True)):
        _draw_unit(ax, layer.kernel[:, unit], height, units, name)
        _circle(ax, _OUTPUT, height, f"z{subscript(unit + 1)}")
        _write(ax, _NAME, height, f"= x·{name}", ha="left")
    return layer.verdict()


def _kernel_names(twins: Sequence[int]) -> list[str]:
    """Name the weights of each unit; equal weights share a name."""
    shared = [first for first in np.unique(twins) if np.sum(twins == first) > 1]
    marks = {first: "W" + "′" * rank for rank, first in enumerate(shared, start=1)}
    return [marks.get(first, f"W{subscript(unit)}") for unit, first in enumerate(twins, start=1)]


def _heights(count: int, *, among: int) -> NDArray[np.float64]:
    """Heights of the middles of `count` rows, spaced as `among` rows would be."""
    step = (_TOP - _BOTTOM) / among
    return (_TOP + _BOTTOM) / 2 + step * ((count - 1) / 2 - np.arange(count))


def _draw_weights(ax: Axes, kernel: NDArray, inputs: NDArray, heights: NDArray) -> None:
    strength = np.abs(kernel) / (np.abs(kernel).max() or 1.0)
    for sign, dash in _DASHES.items():
        pairs = np.argwhere(np.sign(kernel) == sign)
        segments = [[(_INPUT, inputs[i]), (_UNIT[0], heights[j])] for i, j in pairs]
        widths = [0.6 + _WIDEST_LINE * strength[i, j] for i, j in pairs]
        looks = {"colors": _INKS[sign], "linestyles": dash, "linewidths": widths or [0]}
        ax.add_collection(LineCollection(segments, **looks))


def _draw_unit(ax: Axes, weights: NDArray, height: float, units: int, name: str) -> None:
    """Draw a unit's box with the terms of its sum, coloured by sign."""
    half = min((_TOP - _BOTTOM) / units / 2 - _GAP / 2, 0.14)
    background = _TWINS[name.count("′") - 1] if "′" in name else "white"
    _box(ax, _UNIT, (height - half, height + half), color=background, edge=style.INK)
    slot = min(0.16, (_UNIT[1] - _UNIT[0]) / len(weights))
    middles = sum(_UNIT) / 2 + slot * (np.arange(len(weights)) - (len(weights) - 1) / 2)
    for number, (x, weight) in enumerate(zip(middles, weights, strict=True), start=1):
        looks = {"color": _INKS[int(np.sign(weight))], "fontweight": "bold"}
        _write(ax, x, height, _term(weight, number), **looks)
    ax.plot([_UNIT[1], _OUTPUT], [height, height], color=style.QUIET, linewidth=1.2)


def _term(weight: float, number: int) -> str:
    size = abs(weight)
    value = f"{size:.2f}" if 0.1 <= size < 10 else f"{size:.3g}"
    sign = "− " if weight < 0 else "+ " if number > 1 else ""
    return f"{sign}x{subscript(number)}·{value}"


def _box(
    ax: Axes, sides: tuple[float, float], ends: tuple[float, float], *, color: str, edge: str = ""
) -> None:
    looks = {"facecolor": color, "edgecolor": edge or "none", "zorder": 2 if edge else 0.5}
    size = sides[1] - sides[0], ends[1] - ends[0]
    ax.add_patch(Rectangle((sides[0], ends[0]), *size, linewidth=1.2, clip_on=False, **looks))


def _circle(ax: Axes, x: float, y: float, name: str) -> None:
    looks = {"markersize": _CIRCLE, "markerfacecolor": "white", "markeredgewidth": 1.2}
    ax.plot([x], [y], "o", color=style.INK, zorder=3, clip_on=False, **looks)
    _write(ax, x, y, name)


def _write(ax: Axes, x: float, y: float, words: str, **looks: Any) -> None:
    settings = {"ha": "center", "va": "center", "fontsize": 10, "zorder": 4} | looks
    ax.text(x, y, words, **settings)
