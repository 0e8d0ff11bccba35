"""Drawings of dropout before batch norm: what its learned variance is worth in inference."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, layers_axis
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, place_bands, series

_PROMISE = {"color": style.QUIET, "linestyle": (0, (1, 2)), "linewidth": 1.2, "zorder": 0.8}
_SHARES = {"ylim": (0, 1.25), "yticks": np.linspace(0, 1, 6)}


@drawing("Dropout before batch norm", size=(6.4, 4.0))
def plot_variance_shift(results: Mapping[str, object], *, ax: Axes) -> Draw:
    """Draw the variance of inference over that of training by the rate of dropout.

    Markers are medians over the units, bands reach from the 10th to the 90th percentile, the law is
    dashed.

    Parameters
    ----------
    results : dict of str to nnhelpers.simulations.VarianceShift
        Each is drawn under its name.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_variance_shift({"mean 0": simulations.simulate_variance_shift(draws=2)})
    mean 0: 50 inputs of mean 0, variance 1: with dropout 0.9 a unit's variance in inference is
    0.10 of that in training, by the law 0.10
    """
    dots = {"dash": "none", "marker_size": 5, "opaque": False}
    bands = [Band(ax, name, Look(**series(i) | dots), law=True) for i, name in enumerate(results)]
    ax.axhline(1, **_PROMISE)
    ax.set(xlim=(-0.03, 1.32), ylabel="variance in inference (share)", **_SHARES)
    ax.set_xticks(np.linspace(0, 0.9, 10).round(1))
    ax.set_xlabel("rate of dropout; 1: as in training; dashed: law", **AT_LEFT)

    def draw(results) -> str:
        for band, result in zip(bands, results.values(), strict=True):
            band.draw(Course.of_networks(result.rates, result.ratio.T, law=result.law))
        place_bands(bands)
        name, result = next(iter(results.items()))
        place = int(np.argmin(np.abs(result.rates - 0.5)))
        times = f"{1 / np.median(result.ratio[place]):.1f} times too large"
        return f"{name}, dropout {result.rates[place]:g}: batch norm's variance is {times}"

    return draw


@drawing("In inference, after each batch norm", size=(6.4, 4.0))
def plot_layer_shift(result, *, ax: Axes) -> Draw:
    """Draw, by layer, the standard deviation and the offset of normalized values in inference.

    Markers are medians over the networks, bands reach from the 10th to the 90th percentile, the
    law of wide layers is dashed. Batch norm promised a standard deviation of 1 and no offset.

    Parameters
    ----------
    result : nnhelpers.simulations.LayerShift

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_layer_shift(simulations.simulate_layer_shift(depth=2, width=10, draws=2))
    dropout 0.5, 2 networks, 10 wide: standard deviation 0.42 in layer 2, promised was 1
    """
    looks = {
        "standard deviation": Look(color=style.SERIES_COLORS[4], marker="o"),
        "offset of a unit": Look(color=style.SLATE, marker="s"),
    }
    bands = [Band(ax, *each, limits=(-0.1, 1.25), law=True) for each in looks.items()]
    promise = ax.plot([], [], **_PROMISE)[0]
    looks = {"va": "bottom", "fontsize": 9, "color": style.QUIET}
    ax.text(0.01, 1.02, "promised", transform=ax.get_yaxis_transform(), **looks)
    ax.set(ylabel="of the normalized values", **_SHARES)
    ax.set_xlabel("layer (dense, ReLU, dropout, batch norm); dashed: law", **AT_LEFT)

    def draw(result) -> str:
        layers_axis(ax, last=result.depth)
        ax.set_xlim(0.8, 1.45 * result.depth)
        promise.set_data([0.8, result.depth], [1, 1])
        layers = np.arange(1, result.depth + 1)
        for band, part in zip(bands, (result.std, result.offset), strict=True):
            band.draw(Course.of_networks(layers, part.measured, law=part.law))
        place_bands(bands)
        return f"dropout {result.rate:g}: {result.verdict()}"

    return draw
