"""Drawings of what batch norm does to the loss, the gradient, L2 and dropout."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, decades, layers_axis, level
from nnhelpers.figures.drawn import redrawing
from nnhelpers.figures.lines import Course, Look, draw_bands, kind_look, percentiles, series


def _over_epochs(
    results: Mapping[str, Any], quantity: str, *, ax: Axes, limits: tuple[float, float]
) -> None:
    """Draw a quantity of each result over its epochs, on logarithmic axes.

    Medians and 10th to 90th percentiles of the networks, cut at the ends of the axis.
    """
    decades(ax, which="y", limits=limits)
    lines = {}
    for name, result in results.items():
        low, middle, high = np.clip(percentiles(getattr(result, quantity).T), *limits)
        lines[name] = kind_look(result.batch_norm), Course(result.epochs, middle, low, high)
    epochs = result.epochs
    ax.set_xscale("symlog", linthresh=1, linscale=0.5)
    ax.set(xlabel="epoch", xlim=(0, epochs[-1] * 1.06))
    ax.set_xticks(epochs, labels=[f"{epoch:,}" for epoch in epochs])
    ax.minorticks_off()
    draw_bands(ax, lines=lines, within=(0, 1))


@redrawing("How rough is the loss?", size=(6.8, 4.0))
def plot_smoothness(landscapes, *, ax: Axes) -> str:
    """Draw the effective beta-smoothness over training; low is smooth.

    Lines are medians over the networks, bands 10th to 90th percentiles. Shows a dict of str to
    ``simulations.Landscape``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True}
    >>> steps = {"factors": [1, 4], "learning_rate": 0.1, "smoothness": np.ones((2, 2))}
    >>> one = SimpleNamespace(**moments, **steps, summary=lambda: "smooth")
    >>> plot_smoothness({"batch norm": one})
    batch norm: smooth
    """
    ax.set_ylabel("change of the gradient per distance")
    _over_epochs(landscapes, "smoothness", ax=ax, limits=(0.01, 1e3))
    one = next(iter(landscapes.values()))
    steps = f"steps of up to {one.factors[-1]:g} times the rate {one.learning_rate:g}"
    return f"{steps}; median and 10–90 % of {one.smoothness.shape[1]} networks"


@redrawing("Do the layers before disturb a layer?", size=(6.8, 4.0))
def plot_covariate_shift(shifts, *, ax: Axes) -> str:
    """Draw the share of a layer's gradient that the steps of the layers before it change.

    Lines are medians over the networks, each with the median of its layers; bands are 10th to 90th
    percentiles. Shows a dict of str to ``simulations.CovariateShift``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True, "learning_rate": 0.1}
    >>> changes = {"typical_change": np.ones((2, 2)), "cosine": np.array([0.5])}
    >>> one = SimpleNamespace(**moments, **changes, summary=lambda: "turned by 60°")
    >>> plot_covariate_shift({"batch norm": one})
    batch norm: turned by 60°
    """
    ax.set_ylabel("change of its gradient (share)")
    level(ax, height=1)
    _over_epochs(shifts, "typical_change", ax=ax, limits=(1e-3, 10.0))
    one = next(iter(shifts.values()))
    cosines = ", ".join(f"{name} {np.nanmedian(s.cosine):.2f}" for name, s in shifts.items())
    return f"at a rate of {one.learning_rate:g}; median cosine: {cosines}"


# Cross-entropy of always answering one half.
_CHANCE = float(np.log(2))
# Without the color of the dashed lines over them.
_COLORS = (style.QUIET, *style.SERIES_COLORS[1:])
_DASHED = {"color": style.INK, "linestyle": (0, (3, 3)), "linewidth": 1.2, "zorder": 4}


def _inside(ax: Axes, words: str) -> None:
    ax.text(0.03, 0.04, words, transform=ax.transAxes, fontsize=9)


@redrawing("Loss with batch norm", size=(5.4, 3.8))
def plot_weight_decay(result, *, ax: Axes) -> str:
    """Draw the loss with batch norm for each l2, and, dashed, with a growing rate instead of L2.

    Lines are medians over the networks, from thick to thin, so that all are visible. Shows a
    ``simulations.WeightDecay``.

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> circles = datasets.load_circles()
    >>> plot_weight_decay(simulations.simulate_weight_decay(circles, l2=(0, 0.1), steps=2))
    l2 0 to 0.1, loss after 2 steps with batch norm 0.968 to 0.969, without 0.941 to 0.963;
    growing rate = L2 at every step (to 1e-9)
    """
    rows, laws = (np.median(r.loss, axis=1) for r in (result.normalized, result.growing))
    steps, widths = np.arange(rows.shape[1]), np.linspace(9, 2, len(rows))
    lines = {}
    for l2, row, law, width, color in zip(result.l2, rows, laws, widths, itertools.cycle(_COLORS)):
        look = Look(color=color, dash="-", width=width, caps="butt")
        lines[f"l2 = {l2:g}"] = look, Course(steps, row, law=law)
    ax.set(xlim=(0, 1.25 * steps[-1]), ylim=(0, 1.25 * _CHANCE))
    ax.set(xlabel="step", ylabel="cross-entropy")
    level(ax, height=_CHANCE, name="chance: ln 2")
    _inside(ax, "dashed: growing rate, no L2")
    draw_bands(ax, lines=lines, law=_DASHED, within=(0, 1))
    return result.verdict()


@redrawing("Gradient before batch norm", size=(5.6, 3.8))
def plot_scale_invariance(result, *, ax: Axes) -> str:
    """Draw the gradient's length against a factor on the weights, and the law dashed.

    Markers are medians over the layers, the band 10th to 90th percentiles. Shows a
    ``simulations.ScaleInvariance``.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_scale_invariance(simulations.simulate_scale_invariance(draws=2))
    2 layers, weights × 0.01 to 100, epsilon 0: outputs equal, gradient × factor constant (to
    1e-9); gradient at right angles to the weights
    """
    factors = result.factors
    decades(ax, which="x", limits=(0.8 * factors[0], 1.25 * factors[-1]))
    decades(ax, which="y", limits=(1e-3, 1e3), step=2)
    ax.set(xlabel="factor a on the weights", ylabel="gradient at aW / gradient at W")
    _inside(ax, "dashed: 1/a")
    look = Look(color=style.SERIES_COLORS[2], marker="o", marker_size=7, shade=0.2)
    course = Course.of_networks(factors, result.gradient.T, law=1 / factors)
    draw_bands(ax, lines={"": (look, course)}, law=_DASHED, within=(0, 1))
    return result.verdict()


_PROMISE = {"color": style.QUIET, "linestyle": (0, (1, 2)), "linewidth": 1.2, "zorder": 0.8}
_SHARES = {"ylim": (0, 1.25), "yticks": np.linspace(0, 1, 6)}


@redrawing("Dropout before batch norm", size=(6.4, 4.0))
def plot_variance_shift(results: Mapping[str, Any], *, ax: Axes) -> str:
    """Draw the ratio of the variance in inference to that in training by the rate of dropout.

    Markers are medians over the units, bands 10th to 90th percentiles; the law is dashed. Shows a
    dict of str to ``simulations.VarianceShift``.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_variance_shift({"mean 0": simulations.simulate_variance_shift(draws=2)})
    mean 0: 50 inputs of mean 0, variance 1: with dropout 0.9 a unit's variance in inference is
    0.10 of that in training, by the law 0.10
    """
    lines = {}
    for i, (name, result) in enumerate(results.items()):
        look = Look(**series(i) | {"dash": "none", "marker_size": 5, "opaque": False})
        lines[name] = look, Course.of_networks(result.rates, result.ratio.T, law=result.law)
    ax.set(xlim=(-0.03, 1.32), ylabel="variance in inference (share)", **_SHARES)
    ax.set_xticks(np.linspace(0, 0.9, 10).round(1))
    ax.set_xlabel("rate of dropout; 1: as in training; dashed: law", **AT_LEFT)
    draw_bands(ax, lines=lines, law=True)
    ax.axhline(1, **_PROMISE)
    name, result = next(iter(results.items()))
    place = int(np.argmin(np.abs(result.rates - 0.5)))
    times = f"{1 / np.median(result.ratio[place]):.1f} times too large"
    return f"{name}, dropout {result.rates[place]:g}: batch norm's variance is {times}"


@redrawing("In inference, after each batch norm", size=(6.4, 4.0))
def plot_layer_shift(result, *, ax: Axes) -> str:
    """Draw, by layer, the standard deviation and the offset of normalized values in inference.

    Batch norm should make them 1 and 0. Markers are medians over the networks, bands 10th to 90th
    percentiles; the law of wide layers is dashed. Shows a ``simulations.LayerShift``.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_layer_shift(simulations.simulate_layer_shift(depth=2, width=10, draws=2))
    dropout 0.5, 2 networks, 10 wide: standard deviation 0.42 in layer 2, promised was 1
    """
    layers, lines = np.arange(1, result.depth + 1), {}
    for name, part, number, marker in (
        ("standard deviation", result.std, 4, "o"),
        ("offset of a unit", result.offset, 1, "s"),
    ):
        look = Look(color=style.SERIES_COLORS[number], marker=marker)
        lines[name] = look, Course.of_networks(layers, part.measured, law=part.law)
    layers_axis(ax, last=result.depth)
    ax.set(xlim=(0.8, 1.45 * result.depth), ylabel="of the normalized values", **_SHARES)
    ax.set_xlabel("layer (dense, ReLU, dropout, batch norm); dashed: law", **AT_LEFT)
    draw_bands(ax, lines=lines, limits=(-0.1, 1.25), law=True)
    ax.plot([0.8, result.depth], [1, 1], **_PROMISE)
    looks = {"va": "bottom", "fontsize": 9, "color": style.QUIET}
    ax.text(0.01, 1.02, "promised", transform=ax.get_yaxis_transform(), **looks)
    return f"dropout {result.rate:g}: {result.verdict()}"
