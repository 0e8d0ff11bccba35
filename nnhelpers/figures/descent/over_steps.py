"""The loss along its gradient, covariate shift, and what L2 does to a kernel before batch norm."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnhelpers.figures import style
from nnhelpers.figures.axes import decades
from nnhelpers.figures.declared import Plot, over_epochs
from nnhelpers.figures.lines import Course, Look, kind_look, percentiles


def _over_moments(quantity: str, title: str, y_label: str, limits: tuple[float, float], **level):
    """Make a figure of low, middle and high of each result; beyond the axis lies its edge."""

    def courses(results: Mapping[str, Any]) -> dict[str, Course]:
        shown = {}
        for name, result in results.items():
            low, middle, high = np.clip(percentiles(getattr(result, quantity).T), *limits)
            shown[name] = Course(result.epochs, middle, low, high)
        return shown

    def looks(results: Mapping[str, Any]) -> list[Look]:
        return [kind_look(result.batch_norm) for result in results.values()]

    plot = Plot(title=title, y_label=y_label, x_label="epoch", limits=limits, **level)
    return over_epochs(plot, courses=courses, looks=looks)


@_over_moments(
    "smoothness", "How rough is the loss?", "change of the gradient per distance", (0.01, 1e3)
)
def plot_smoothness(landscapes) -> str:
    """Draw the effective beta-smoothness over training; low is smooth.

    Medians over the networks, bands from the 10th to the 90th percentile.

    Parameters
    ----------
    landscapes : dict of str to nnhelpers.simulations.Landscape

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True}
    >>> steps = {"factors": [1, 4], "learning_rate": 0.1, "smoothness": np.ones((2, 2))}
    >>> one = SimpleNamespace(**moments, **steps, summary=lambda: "smooth")
    >>> plot_smoothness({"batch norm": one})
    batch norm: smooth
    """
    one = next(iter(landscapes.values()))
    steps = f"steps of up to {one.factors[-1]:g} times the rate {one.learning_rate:g}"
    return f"{steps}; median and 10–90 % of {one.smoothness.shape[1]} networks"


@_over_moments(
    "typical_change",
    "Do the layers before disturb a layer?",
    "change of its gradient (share)",
    (1e-3, 10.0),
    level=(1, ""),
)
def plot_covariate_shift(shifts) -> str:
    """Draw how much of a layer's gradient the steps of the layers before it change.

    Each network counts with the median of its layers; bands are 10th to 90th percentiles.

    Parameters
    ----------
    shifts : dict of str to nnhelpers.simulations.CovariateShift

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True, "learning_rate": 0.1}
    >>> changes = {"typical_change": np.ones((2, 2)), "cosine": np.array([0.5])}
    >>> one = SimpleNamespace(**moments, **changes, summary=lambda: "turned by 60°")
    >>> plot_covariate_shift({"batch norm": one})
    batch norm: turned by 60°
    """
    one = next(iter(shifts.values()))
    cosines = ", ".join(f"{name} {np.nanmedian(s.cosine):.2f}" for name, s in shifts.items())
    return f"at a rate of {one.learning_rate:g}; median cosine: {cosines}"


# Cross-entropy of always answering one half.
_CHANCE = float(np.log(2))
_LOSS = {
    "x_label": "step",
    "y_label": "cross-entropy",
    "size": (5.4, 3.8),
    "limits": (0, 1.25 * _CHANCE),
    "decades": 0,
    "level": (_CHANCE, "chance: ln 2"),
}
# Not the color of the dashed lines over them.
_COLORS = (style.QUIET, *style.SERIES_COLORS[1:])
_DASHED = {"color": style.INK, "linestyle": (0, (3, 3)), "linewidth": 1.2, "zorder": 4}


def _looks(result) -> list[Look]:
    """From broad to thin, so that lines which lie on one another show side by side."""
    colors = zip(np.linspace(9, 2, len(result.l2)), itertools.cycle(_COLORS))
    return [Look(color=color, dash="-", width=width, caps="butt") for width, color in colors]


def _courses(result) -> dict[str, Course]:
    """The median networks at each l2, and those with a growing rate, dashed."""
    rows, laws = (np.median(r.loss, axis=1) for r in (result.normalized, result.growing))
    steps = np.arange(rows.shape[1])
    each = zip(result.l2, rows, laws, strict=True)
    return {f"l2 = {l2:g}": Course(steps, row, law=law) for l2, row, law in each}


@over_epochs(
    Plot(title="Loss with batch norm", inside="dashed: growing rate, no L2", **_LOSS),
    courses=_courses,
    looks=_looks,
    show=lambda ax, steps: ax.set_xlim(0, 1.25 * steps[-1]),
    law=_DASHED,
)
def plot_weight_decay(result) -> str:
    """Draw the loss with batch norm for each l2, and dashed with a growing rate in its place.

    Medians over the networks, from the broadest line to the thinnest, so that all are seen.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> circles = datasets.load_circles()
    >>> plot_weight_decay(simulations.simulate_weight_decay(circles, l2=(0, 0.1), steps=2))
    l2 0 to 0.1, loss after 2 steps with batch norm 0.968 to 0.969, without 0.941 to 0.963;
    growing rate = L2 at every step (to 1e-9)
    """
    return result.verdict()


@over_epochs(
    Plot(
        title="Gradient before batch norm",
        x_label="factor a on the weights",
        y_label="gradient at aW / gradient at W",
        size=(5.6, 3.8),
        limits=(1e-3, 1e3),
        decades=2,
        inside="dashed: 1/a",
    ),
    courses=lambda result: {
        "": Course.of_networks(result.factors, result.gradient.T, law=1 / result.factors)
    },
    looks=lambda result: [Look(color=style.SERIES_COLORS[2], marker="o", marker_size=7, shade=0.2)],
    show=lambda ax, a: decades(ax, which="x", limits=(0.8 * a[0], 1.25 * a[-1])),
    law=_DASHED,
)
def plot_scale_invariance(result) -> str:
    """Draw the gradient's length against a factor on the weights, and the law dashed.

    Markers are medians over the layers, the band reaches from the 10th to the 90th percentile.

    Parameters
    ----------
    result : nnhelpers.simulations.ScaleInvariance

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_scale_invariance(simulations.simulate_scale_invariance(draws=2))
    2 layers, weights × 0.01 to 100, epsilon 0: outputs equal, gradient × factor constant (to
    1e-9); gradient at right angles to the weights
    """
    return result.verdict()
