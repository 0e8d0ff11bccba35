"""What L2 does to a kernel before batch norm, and what the kernel's size does to its gradient."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.axes import decades
from nnhelpers.figures.declared import Plot, over_epochs
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.figures.lines import Band, Course, Look, percentiles

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
_WIDTH, _WIDEST = 2.0, 9.0
# Not the color of the dashed lines over them.
_COLORS = (style.QUIET, *style.SERIES_COLORS[1:])
_GROWING = {"color": style.INK, "linestyle": (0, (3, 3)), "linewidth": 1.2, "zorder": 4}


def _over_steps(
    plot: Plot,
    values: Callable[..., NDArray],
    *,
    growing: Callable[..., NDArray] | None = None,
    widest: float = _WIDTH,
):
    """Make a figure of a line for each l2, and of a dashed one with a growing rate instead."""

    def looks(result) -> list[Look]:
        widths = np.linspace(widest, _WIDTH, len(result.l2))
        return [
            Look(color=_COLORS[i % len(_COLORS)], dash="-", width=width, caps="butt")
            for i, width in enumerate(widths)
        ]

    def courses(result) -> dict[str, Course]:
        rows = values(result)
        laws = [None] * len(rows) if growing is None else growing(result)
        steps = np.arange(rows.shape[1])
        return {
            f"l2 = {l2:g}": Course(steps, row, law=law)
            for l2, row, law in zip(result.l2, rows, laws, strict=True)
        }

    def show(ax: Axes, steps: NDArray) -> None:
        ax.set_xlim(0, 1.25 * steps[-1])

    law = _GROWING if growing else False
    return over_epochs(plot, courses=courses, looks=looks, show=show, law=law)


@_over_steps(
    Plot(title="Loss with batch norm", inside="dashed: growing rate, no L2", **_LOSS),
    lambda result: result.normalized.median_loss,
    growing=lambda result: result.growing.median_loss,
    # Lines that lie on one another show side by side.
    widest=_WIDEST,
)
def plot_weight_decay(result) -> str:
    """Draw the loss with batch norm for each l2, and dashed with a growing rate in its place.

    Medians over the networks. The first l2 has the broadest line, the last the thinnest, so that
    lines which lie on one another are all seen.

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


@_over_steps(
    Plot(title="Loss without batch norm", **_LOSS), lambda result: result.plain.median_loss
)
def plot_plain_weight_decay(result) -> str:
    """Draw the loss without batch norm for each l2: medians over the networks.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> circles = datasets.load_circles()
    >>> plot_plain_weight_decay(simulations.simulate_weight_decay(circles, l2=(0, 0.1), steps=2))
    l2 0 to 0.1, loss after 2 steps with batch norm 0.968 to 0.969, without 0.941 to 0.963;
    growing rate = L2 at every step (to 1e-9)
    """
    first, last = result.plain.median_loss[[0, -1], -1]
    return f"at the end {first:.2f} with l2 {result.l2[0]:g}, {last:.2f} with {result.l2[-1]:g}"


@_over_steps(
    Plot(
        title="Length of the weights",
        x_label="step",
        y_label="|w| of a unit before batch norm",
        size=(5.4, 3.8),
        limits=(0.03, 30.0),
        inside="dashed: by the law, from the growing rate",
    ),
    lambda result: result.normalized.median_length,
    growing=lambda result: np.median(result.rescaled_length, axis=1),
)
def plot_kernel_length(result) -> str:
    """Draw the length of a unit's weights before batch norm for each l2: medians over networks.

    Dashed the length with a growing rate in place of L2, times what L2 alone would leave.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> circles = datasets.load_circles()
    >>> plot_kernel_length(simulations.simulate_weight_decay(circles, l2=(0, 0.1), steps=2))
    l2 0 to 0.1, loss after 2 steps with batch norm 0.968 to 0.969, without 0.941 to 0.963;
    growing rate = L2 at every step (to 1e-9)
    """
    first, last = result.effective_rate[-1, [0, -1]]
    return f"l2 {result.l2[-1]:g}: effective rate from {first:.2g} to {last:.2g}"


@styled
def plot_scale_invariance(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the gradient's length against a factor on the weights, and the law dashed.

    Markers are medians over the layers, the band reaches from the 10th to the 90th percentile.
    What lies beyond the axis is cut off.

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
    ax = new_axes(ax, width=5.6, height=3.8)
    subtitle = style.headline(ax, title="Gradient before batch norm")
    look = Look(color=style.SERIES_COLORS[2], marker="o", marker_size=7, shade=0.2)
    law = {"color": style.INK, "linestyle": (0, (4, 2)), "linewidth": 1.4, "zorder": 3}
    band = Band(ax, "", look, law=law)
    decades(ax, which="x", limits=(0.8e-2, 1.25e2))
    ax.set_xticklabels(["1/100", "1/10", "1", "10", "100"])
    decades(ax, which="y", limits=(1e-3, 1e3), step=2, plain=False)
    ax.set(xlabel="factor a on the weights", ylabel="gradient at aW / gradient at W")
    ax.annotate("dashed: 1/a", (10, 0.1), xytext=(8, 6), textcoords="offset points", fontsize=9)
    looks = {"ha": "right", "va": "top", "fontsize": 9, "color": style.QUIET}
    changed = ax.text(0.98, 0.97, "", transform=ax.transAxes, **looks)

    def draw(result) -> None:
        low, middle, high = percentiles(result.gradient.T)
        band.draw(Course(result.factors, middle, low, high, result.law))
        changed.set_text(f"ε = {result.epsilon:g}\n{result.draws} random layers")
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)
