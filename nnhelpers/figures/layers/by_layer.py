"""Drawings by layer of many random networks."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers.figures import axes, style
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.figures.lines import Band, Course, Look, draw_bands, percentiles, place_bands, series

_DARK = Look(color=style.INK, marker="s")
_DARK_DOTS = Look(color=style.INK, marker="o")
_BLUE = Look(color=style.SLATE, marker="s")
_BLUE_DOTS = Look(color=style.SLATE, marker="o")
_WEIGHTS = Look(color=style.SERIES_COLORS[3], marker="s", dash="-")
_GRADIENTS = (1e-8, 1e2)
_RINGS = "ring: 10 % off\ndashed: law"
_SIZE, _WIDE = (6.8, 4.0), (7.2, 4.2)

# Takes a result and the number of its first layer; returns what a line shows.
_Shown = Callable[[Any, int], Course]


def _means(name: str) -> _Shown:
    """Show means with their law, and rings where they are off it."""

    def course(result: Any, first: int) -> Course:
        part = getattr(result, name)
        return Course.of_comparison(first + np.arange(len(part.law)), part)

    return course


def _medians(name: str, law: Callable[[Any], NDArray | None] = lambda result: None) -> _Shown:
    """Show medians of an array of shape (draws, layers), and their law if it is known."""

    def course(result: Any, first: int) -> Course:
        values = attrgetter(name)(result)
        return Course.of_networks(first + np.arange(values.shape[1]), values, law=law(result))

    return course


def _over_layers(
    ax: Axes,
    lines: Mapping[str, tuple[Look, _Shown]],
    *,
    limits: tuple[float, float],
    most_layers: int,
    first: int = 1,
    most_markers: int | None = None,
) -> Draw:
    """Return how to draw lines by layer, with at most `most_markers` markers each."""
    axes.decades(ax, which="y", limits=limits, step=2)
    ax.set_xlabel(axes.LAYERS, **axes.AT_LEFT)
    bands = [Band(ax, name, look, limits=limits, law=True) for name, (look, _) in lines.items()]

    def draw(result: Any) -> str:
        axes.layers_axis(ax, last=max(most_layers, result.depth), first=first)
        for band, (_, shown) in zip(bands, lines.values(), strict=True):
            band.draw(shown(result, first), most_markers=most_markers)
        place_bands(bands)
        return result.verdict()

    return draw


@drawing("Variance by layer", size=_WIDE)
def plot_variances(result, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw forward and backward variance by layer: means over networks, and the laws dashed.

    Bands are 10th to 90th percentiles. A ring marks a mean more than 10 % off its law, a grey ring
    one for which that may be chance: within 3 standard errors. Values beyond the axis are written
    with an arrow. The axis has at least `most_layers`, so that a slider over the depth does not
    move it. Shows a ``simulations.LayerVariances``.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_variances(simulations.simulate_variances(spec, circles, draws=2))
    2 layers of relu, glorot_uniform: forward variance 0.374 to 0.229, backward 0.112 to 0.0735;
    clearly over 10 % off the law: 1 forward, 0 back
    """
    lines = {
        "forward: z": (_BLUE_DOTS, _means("pre_activations")),
        "back: error": (_DARK, _means("errors")),
    }
    ax.set_ylabel("variance")
    ax.axhline(1, **axes.GRID_LINE)
    axes.note_below(ax, text=_RINGS)
    return _over_layers(ax, lines, limits=(1e-4, 10), most_layers=most_layers)


@drawing("Variance after each block", size=_SIZE)
def plot_residual(result, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw the variance after each block, with and without residual connections.

    Shows a ``simulations.ResidualVariances``; the rest is as in `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec = networks.MLPSpec(units=(8, 8), kernel_initializer="he_normal")
    >>> plot_residual(simulations.simulate_residual(datasets.load_circles().X, spec=spec, draws=2))
    2 relu blocks, he_normal, branches × 1: variance × 2.12 per block, correlation with the
    input 0.54; from 1.83 to 8.25, without the connections past the blocks to 2.02
    """
    lines = {
        "x + block": (_DARK_DOTS, _means("residual")),
        "without x +": (_BLUE, _means("plain")),
    }
    ax.set_ylabel("variance")
    axes.note_below(ax, text=_RINGS)
    draw = _over_layers(ax, lines, limits=(1e-4, 1e8), most_layers=most_layers, first=0)
    ax.set_xlabel("block", **axes.AT_LEFT)
    return draw


def _growth_law(result) -> NDArray:
    """Apply the law backwards from the median of the last hidden layer but one."""
    start = np.median(result.normalized.relative[:, -2])
    return start * np.sqrt(result.law) ** np.arange(result.depth - 2, -1, -1)


@drawing("The gradient on its way back", size=_WIDE)
def plot_gradient_growth(result, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw the gradient for the pre-activations by layer, in units of the last layer's.

    Lines are medians, bands 10th to 90th percentiles. The dashed line applies the law of batch norm
    layer by layer, backwards from the last layer but one. Shows a ``simulations.GradientGrowth``;
    `most_layers` is that of `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import networks, simulations
    >>> spec = networks.MLPSpec(units=(8, 8, 8), kernel_initializer="he_normal")
    >>> plot_gradient_growth(simulations.simulate_gradient_growth(spec=spec, draws=2))
    3 relu layers of 8, he_normal, batches of 32, the gradient on its way back: batch norm ×
    1.40 a layer (law 1.23), without × 1.16
    """
    lines = {
        "without": (_BLUE, _medians("plain.relative")),
        "batch norm": (_DARK_DOTS, _medians("normalized.relative", _growth_law)),
    }
    ax.set_ylabel("gradient for z (rms), last layer's = 1")
    ax.axhline(1, **axes.GRID_LINE)
    axes.note_below(ax, text="dashed: law\nbands: 10–90 %")
    # Few enough markers for the law to be visible between them.
    shown = {"most_layers": most_layers, "most_markers": 13}
    return _over_layers(ax, lines, limits=(1e-4, 1e8), **shown)


@drawing("What comes back", size=_SIZE)
def plot_gradient_by_layer(signal, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw what comes back to each hidden layer: the error signal and the weights' gradient.

    Lines are medians, bands 10th to 90th percentiles. The dashed line starts at the last layer's
    dot and multiplies layer by layer by slopes and weights. Shows a ``simulations.DepthSignal``;
    `most_layers` is that of `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_gradient_by_layer(simulations.simulate_depth(spec, circles, draws=2))
    2 relu layers, glorot_uniform, gain 1: the gradient of the first layer's weights is 2 times
    the last's, its error signal as large as the last's
    """
    lines = {
        "∂loss/∂z": (_DARK_DOTS, _medians("delta_rms", lambda it: percentiles(it.law)[1])),
        "∂loss/∂w": (_WEIGHTS, _medians("kernel_gradient_rms")),
    }
    ax.set_ylabel("gradient (root mean square)")
    axes.note_above(ax, text="dashed: slopes × weights; bands: 10–90 %")
    return _over_layers(ax, lines, limits=_GRADIENTS, most_layers=most_layers)


@redrawing("Which layers get a gradient?", size=_WIDE)
def plot_gradients(signals: Mapping[str, Any], *, ax: Axes) -> str:
    """Draw the gradient of the weights by layer, one line per setting.

    Shows a dict of str to ``simulations.DepthSignal``; raises ``ValueError`` unless it has 1 to 6.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_gradients({"relu": simulations.simulate_depth(spec, circles, draws=2)})
    relu: 2 relu layers, glorot_uniform, gain 1: the gradient of the first layer's weights is 2
    times the last's, its error signal as large as the last's
    """
    most = len(style.SERIES_COLORS)
    if not 1 <= len(signals) <= most:
        raise ValueError(f"signals must hold 1 to {most} results, got {len(signals)}")
    lines = {}
    for i, (name, signal) in enumerate(signals.items()):
        gradients, layers = signal.kernel_gradient_rms, np.arange(1, signal.depth + 1)
        lines[name] = Look(**series(i)), Course.of_networks(layers, gradients)
    axes.decades(ax, which="y", limits=_GRADIENTS, step=2)
    axes.layers_axis(ax, last=max(signal.depth for signal in signals.values()))
    ax.set_xlabel(axes.LAYERS, **axes.AT_LEFT)
    ax.set_ylabel("gradient of a weight (root mean square)")
    draw_bands(ax, lines=lines, limits=_GRADIENTS)
    draws = min(signal.draws for signal in signals.values())
    axes.note_above(ax, text=f"bands: 10–90 % of {draws:,} networks")
    least = min(signals, key=lambda name: np.median(signals[name].kernel_ratio))
    return f"{least}: {signals[least].verdict()}"
