"""Drawings over the layers of many random networks: a declaration for each."""

from collections.abc import Mapping
from operator import attrgetter

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.axes import layers_axis, note_above
from nnhelpers.figures.declared import Line, Plot, over_layers
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, percentiles, place_bands, series

_DARK = Look(color=style.INK, marker="s")
_DARK_DOTS = Look(color=style.INK, marker="o")
_BLUE = Look(color=style.SLATE, marker="s")
_BLUE_DOTS = Look(color=style.SLATE, marker="o")
_WEIGHTS = Look(color=style.SERIES_COLORS[3], marker="s", dash="-")
_GRADIENTS = (1e-8, 1e2)
_RINGS = "ring: 10 % off\ndashed: law"


@over_layers(
    Plot(
        title="Variance by layer",
        y_label="variance",
        limits=(1e-4, 10),
        size=(7.2, 4.2),
        grid=1,
        below=_RINGS,
        decades=2,
    ),
    lines={
        "forward: z": Line(_BLUE_DOTS, attrgetter("pre_activations"), compared=True),
        "back: error": Line(_DARK, attrgetter("errors"), compared=True),
    },
)
def plot_variances(result) -> str:
    """Draw forward and backward variance by layer: means of the networks, and the laws dashed.

    Bands reach from the 10th to the 90th percentile. A ring marks a mean that is more than 10 % off
    its law, a grey one where that may be chance: within 3 standard errors. What lies beyond the
    axis is written beside an arrow.

    Parameters
    ----------
    result : nnhelpers.simulations.LayerVariances
    most_layers : int
        On the axis, so that a slider over the depth does not move it; never fewer than shown.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_variances(simulations.simulate_variances(spec, circles, draws=2))
    2 layers of relu, glorot_uniform: forward variance 0.374 to 0.229, backward 0.112 to 0.0735;
    clearly over 10 % off the law: 1 forward, 0 back
    """
    return result.verdict()


@over_layers(
    Plot(
        title="Variance after each block",
        y_label="variance",
        limits=(1e-4, 1e8),
        x_label="block",
        below=_RINGS,
        decades=2,
    ),
    lines={
        "x + block": Line(_DARK_DOTS, attrgetter("residual"), compared=True),
        "without x +": Line(_BLUE, attrgetter("plain"), compared=True),
    },
    first=0,
)
def plot_residual(result) -> str:
    """Draw the variance after each block, with residual connections and without.

    Marks are those of `plot_variances`.

    Parameters
    ----------
    result : nnhelpers.simulations.ResidualVariances
    most_layers : int
        As in `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> X = datasets.load_circles().X
    >>> spec = networks.MLPSpec(units=(8, 8), kernel_initializer="he_normal")
    >>> plot_residual(simulations.simulate_residual(X, spec=spec, draws=2))
    2 relu blocks, he_normal, branches × 1: variance × 2.12 per block, correlation with the
    input 0.54; from 1.83 to 8.25, without the connections past the blocks to 2.02
    """
    return result.verdict()


def _growth_law(result) -> np.ndarray:
    """Start from the median of the last layer but one, into which a hidden layer leads."""
    start = np.median(result.normalized.relative[:, -2])
    return start * np.sqrt(result.law) ** np.arange(result.depth - 2, -1, -1)


@over_layers(
    Plot(
        title="The gradient on its way back",
        y_label="gradient for z (rms), last layer's = 1",
        limits=(1e-4, 1e8),
        size=(7.2, 4.2),
        grid=1,
        below="dashed: law\nbands: 10–90 %",
        decades=2,
    ),
    lines={
        "without": Line(_BLUE, attrgetter("plain.relative")),
        "batch norm": Line(_DARK_DOTS, attrgetter("normalized.relative"), law=_growth_law),
    },
    # As many as leave room for the law to be seen between them.
    most_markers=13,
)
def plot_gradient_growth(result) -> str:
    """Draw the gradient for the pre-activations by layer, in units of the last layer's.

    Medians and bands from the 10th to the 90th percentile. The dashed line multiplies by the law
    of batch norm, layer by layer on the way back, from the last layer but one.

    Parameters
    ----------
    result : nnhelpers.simulations.GradientGrowth
    most_layers : int
        As in `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import networks, simulations
    >>> spec = networks.MLPSpec(units=(8, 8, 8), kernel_initializer="he_normal")
    >>> plot_gradient_growth(simulations.simulate_gradient_growth(spec=spec, draws=2))
    3 relu layers of 8, he_normal, batches of 32, the gradient on its way back: batch norm ×
    1.40 a layer (law 1.23), without × 1.16
    """
    return result.verdict()


@over_layers(
    Plot(
        title="What comes back",
        y_label="gradient (root mean square)",
        above="dashed: slopes × weights; bands: 10–90 %",
        limits=_GRADIENTS,
        decades=2,
    ),
    lines={
        "∂loss/∂z": Line(_DARK_DOTS, attrgetter("delta_rms"), lambda it: percentiles(it.law)[1]),
        "∂loss/∂w": Line(_WEIGHTS, attrgetter("kernel_gradient_rms")),
    },
)
def plot_gradient_by_layer(signal) -> str:
    """Draw what comes back to each hidden layer: the error signal, and the gradient of weights.

    Medians and bands from the 10th to the 90th percentile. The dashed line starts from the last
    layer's dot and multiplies, layer by layer, by the slopes and weights on the way.

    Parameters
    ----------
    signal : nnhelpers.simulations.DepthSignal
    most_layers : int
        As in `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_gradient_by_layer(simulations.simulate_depth(spec, circles, draws=2))
    2 relu layers, glorot_uniform, gain 1: the gradient of the first layer's weights is 2 times
    the last's, its error signal as large as the last's
    """
    return signal.verdict()


_GRADIENTS_PLOT = Plot(
    title="Which layers get a gradient?",
    y_label="gradient of a weight (root mean square)",
    size=(7.2, 4.2),
    limits=_GRADIENTS,
    decades=2,
)


@drawing(_GRADIENTS_PLOT.title, size=_GRADIENTS_PLOT.size)
def plot_gradients(signals: Mapping[str, object], *, ax: Axes) -> Draw:
    """Draw the gradient of the weights by layer, one line for each of up to six settings.

    Parameters
    ----------
    signals : dict of str to nnhelpers.simulations.DepthSignal

    Raises
    ------
    ValueError
        If there is no signal, or more than there are colors.

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
    _GRADIENTS_PLOT.surround(ax, at_left=True)
    note = note_above(ax)
    looks = enumerate(signals)
    bands = [Band(ax, name, Look(**series(i)), limits=_GRADIENTS) for i, name in looks]

    def draw(signals) -> str:
        layers_axis(ax, last=max(signal.depth for signal in signals.values()))
        for band, signal in zip(bands, signals.values(), strict=True):
            gradients = signal.kernel_gradient_rms
            band.draw(Course.of_networks(np.arange(1, signal.depth + 1), gradients))
        place_bands(bands)
        draws = min(signal.draws for signal in signals.values())
        note.set_text(f"bands: 10–90 % of {draws:,} networks")
        least = min(signals, key=lambda name: np.median(signals[name].kernel_ratio))
        return f"{least}: {signals[least].verdict()}"

    return draw
